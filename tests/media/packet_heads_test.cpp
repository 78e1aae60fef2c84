#include <random>
#include <vector>

#include <QTest>

#include "core/media/packet_heads.h"

using namespace vitreous;

namespace {

using Packet = std::vector<std::uint8_t>;

/// Writes bits from the highest one on.
class BitWriter {
public:
    BitWriter& put(int value, int count) {
        for (int bit = count - 1; bit >= 0; --bit, ++bits_) {
            if (bits_ % 8 == 0) {
                bytes_.push_back(0);
            }
            bytes_.back() |= static_cast<std::uint8_t>((value >> bit & 1) << (7 - bits_ % 8));
        }
        return *this;
    }
    Packet bytes() const { return bytes_; }

private:
    Packet bytes_;
    int bits_ = 0;
};

constexpr int kSync = 0x498342;

BitWriter begun(int profile) {
    BitWriter bits;
    bits.put(2, 2).put(profile & 1, 1).put(profile >> 1, 1);
    return profile == 3 ? bits.put(0, 1) : bits;
}

Packet keyFrame(int width, int height) {
    return begun(0)
        .put(0, 1)
        .put(0, 1)
        .put(1, 1)
        .put(0, 1)
        .put(kSync, 24)
        .put(2, 3)
        .put(0, 1)
        .put(width - 1, 16)
        .put(height - 1, 16)
        .put(0, 8)
        .bytes();
}

/// Of 4:4:4 pixels.
Packet deepKeyFrame(int profile, int width, int height) {
    BitWriter bits = begun(profile).put(0, 1).put(0, 1).put(1, 1).put(0, 1).put(kSync, 24);
    if (profile >= 2) {
        bits.put(0, 1);
    }
    return bits.put(2, 3).put(0, 1).put(0, 3).put(width - 1, 16).put(height - 1, 16).bytes();
}

/// Into the slots of the mask.
Packet hiddenIntra(int width, int height, int slots) {
    return begun(0)
        .put(0, 1)
        .put(1, 1)
        .put(0, 1)
        .put(0, 1)
        .put(1, 1)
        .put(0, 2)
        .put(kSync, 24)
        .put(slots, 8)
        .put(width - 1, 16)
        .put(height - 1, 16)
        .put(0, 8)
        .bytes();
}

/// Takes the size over from a slot.
Packet predicted(int slot, bool is_shown) {
    return begun(0)
        .put(0, 1)
        .put(1, 1)
        .put(is_shown ? 1 : 0, 1)
        .put(0, 1)
        .put(0, is_shown ? 2 : 3)
        .put(0, 8)
        .put(slot, 3)
        .put(0, 1)
        .put(slot, 3)
        .put(0, 1)
        .put(slot, 3)
        .put(0, 1)
        .put(1, 1)
        .put(0, 16)
        .bytes();
}

/// With a size of its own.
Packet resized(int width, int height) {
    return begun(0)
        .put(0, 1)
        .put(1, 1)
        .put(1, 1)
        .put(0, 1)
        .put(0, 2)
        .put(0, 8)
        .put(0, 12)
        .put(0, 3)
        .put(width - 1, 16)
        .put(height - 1, 16)
        .put(0, 8)
        .bytes();
}

Packet repeated(int slot) {
    return begun(0).put(1, 1).put(slot, 3).bytes();
}

Packet superframe(const std::vector<Packet>& frames) {
    Packet all;
    const auto mark = static_cast<std::uint8_t>(0xc8U | (frames.size() - 1)); // lengths of 2 bytes
    Packet index = {mark};
    for (const Packet& frame : frames) {
        all.insert(all.end(), frame.begin(), frame.end());
        index.push_back(static_cast<std::uint8_t>(frame.size() & 0xffU));
        index.push_back(static_cast<std::uint8_t>(frame.size() >> 8U));
    }
    index.push_back(mark);
    all.insert(all.end(), index.begin(), index.end());
    return all;
}

} // namespace

class PacketHeadsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hiddenFramesOfVp8() {
        QVERIFY(!isHiddenVp8({}));
        QVERIFY(isHiddenVp8(Packet{0x01, 0, 0}));
        QVERIFY(!isHiddenVp8(Packet{0x11, 0, 0}));
        QVERIFY(!isHiddenVp8(Packet{0x10, 0, 0}));
        QVERIFY(!isHiddenVp8(Packet{0, 0, 0})); // damaged
    }

    void vp9FramesOfOneSizeAreTheSame() {
        Vp9Frames frames;
        for (const Packet& packet :
             {keyFrame(640, 480), predicted(3, true), resized(640, 480), repeated(2),
              superframe({hiddenIntra(640, 480, 0x02), predicted(1, true)}), keyFrame(640, 480)}) {
            const Vp9Frames::Packet seen = frames.add(packet);
            QVERIFY(seen.is_understood);
            QVERIFY(seen.shows);
            QVERIFY(seen.is_same);
        }
        const Vp9Frames::Packet hidden = frames.add(predicted(0, false));
        QVERIFY(hidden.is_understood);
        QVERIFY(!hidden.shows);
        QVERIFY(hidden.is_same);
    }

    void vp9FramesOfAnotherSizeAreSeen() {
        const auto change = [](const std::vector<Packet>& packets) {
            Vp9Frames frames;
            frames.add(keyFrame(640, 480));
            for (std::size_t i = 0; i + 1 < packets.size(); ++i) {
                frames.add(packets[i]);
            }
            return !frames.add(packets.back()).is_same;
        };
        QVERIFY(change({keyFrame(320, 240)}));
        QVERIFY(change({keyFrame(640, 481)}));
        QVERIFY(change({predicted(0, true), keyFrame(320, 480)}));
        QVERIFY(change({resized(320, 240)}));
        QVERIFY(change({hiddenIntra(320, 240, 0x10)}));
        QVERIFY(change({hiddenIntra(320, 240, 0x10), predicted(4, true)}));
        QVERIFY(!change({hiddenIntra(320, 240, 0x10), predicted(3, true)}));
        QVERIFY(change({hiddenIntra(320, 240, 0x10), repeated(4)}));
        QVERIFY(change({superframe({keyFrame(640, 480), resized(64, 48)})}));
        // Another pixel format, of the same size.
        QVERIFY(change({deepKeyFrame(1, 640, 480)}));
        QVERIFY(change({deepKeyFrame(3, 640, 480)}));
        Vp9Frames deep;
        QVERIFY(deep.add(deepKeyFrame(3, 640, 480)).is_same);
        QVERIFY(deep.add(deepKeyFrame(3, 640, 480)).is_same);
        QVERIFY(!deep.add(deepKeyFrame(3, 640, 240)).is_same);
    }

    void partsAreCounted() {
        QVERIFY(fillsItsUnits(Packet{0, 0, 0, 2, 9, 9, 0, 0, 0, 1, 9}, 4));
        QVERIFY(!fillsItsUnits(Packet{0, 0, 0, 2, 9, 9, 0, 0, 0, 2, 9}, 4));
        QVERIFY(!fillsItsUnits(Packet{0, 0, 0, 2, 9, 9, 0, 0}, 4));
        QVERIFY(!fillsItsUnits(Packet{0, 0, 0, 0, 0, 0, 0, 0}, 4));
        QVERIFY(!fillsItsUnits(Packet{0xff, 0xff, 0xff, 0xff, 0, 0}, 4));
        QVERIFY(fillsItsUnits(Packet{1, 7, 2, 7, 7}, 1));
        QVERIFY(isBlank(Packet(20, 0)));
        QVERIFY(!isBlank(Packet{0, 0, 0, 0, 0, 0, 1}));
        QVERIFY(!isBlank({}));
    }

    void picturesByThemselvesTellTheirSize() {
        Packet pro_res(40, 0);
        QVERIFY(!proResLayout(pro_res));
        std::copy_n("icpf", 4, pro_res.begin() + 4);
        pro_res[17] = 64;
        pro_res[18] = 1;
        QCOMPARE(proResLayout(pro_res)->width, 64);
        QCOMPARE(proResLayout(pro_res)->height, 256);
        pro_res.resize(20);
        QVERIFY(!proResLayout(pro_res));
        Packet dnx(64, 0);
        dnx[0x18] = 4;
        dnx[0x1b] = 200;
        QCOMPARE(dnxLayout(dnx)->width, 200);
        QCOMPARE(dnxLayout(dnx)->height, 1024);
        dnx.resize(30);
        QVERIFY(!dnxLayout(dnx));
    }

    void cutVp9FramesAreNotUnderstood() {
        for (const Packet& packet : {keyFrame(640, 480), resized(640, 480)}) {
            // Up to the last byte of the size.
            for (std::size_t length = 0; length + 1 < packet.size(); ++length) {
                Vp9Frames frames;
                QVERIFY(!frames.add(PacketBytes(packet).first(length)).is_understood);
            }
        }
    }

    void anyBytesAreTaken() {
        std::mt19937 random(5);
        const std::vector<Packet> whole = {
            keyFrame(640, 480),
            deepKeyFrame(3, 64, 48),
            hiddenIntra(320, 240, 0x10),
            predicted(3, true),
            resized(64, 48),
            repeated(7),
            superframe({hiddenIntra(64, 48, 1), predicted(0, true)})};
        Vp9Frames frames;
        for (const Packet& packet : whole) {
            for (std::size_t length = 0; length < packet.size(); ++length) {
                // On the heap and no longer, for checkers of memory.
                const Packet cut(packet.begin(), packet.begin() + std::ptrdiff_t(length));
                frames.add(cut);
                isHiddenVp8(cut);
                isBlank(cut);
                for (int bytes = 1; bytes <= 4; ++bytes) {
                    fillsItsUnits(cut, bytes);
                }
            }
        }
        for (int round = 0; round < 100'000; ++round) {
            Packet packet = whole[random() % whole.size()];
            packet.resize(packet.size() + random() % 3);
            for (int i = 0; i < 3; ++i) {
                packet[random() % packet.size()] = static_cast<std::uint8_t>(random());
            }
            frames.add(packet);
            proResLayout(packet);
            dnxLayout(packet);
        }
    }
};

QTEST_APPLESS_MAIN(PacketHeadsTest)
#include "packet_heads_test.moc"

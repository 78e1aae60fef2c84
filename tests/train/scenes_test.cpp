// Cluttered scenes and their masks; random numbers, augmentation, the learning rate.

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <QTest>

#include "core/base/error.h"
#include "core/train/augment.h"
#include "core/train/clutter.h"

using namespace vitreous;

namespace {

/// Items of 28 x 28 pixels: a filled square of 14 in the middle, brighter with every item.
class Squares final : public LabelledPictures {
public:
    [[nodiscard]] std::size_t size() const override { return 5; }
    [[nodiscard]] int label(std::size_t index) const override { return int(index); }
    [[nodiscard]] Image picture(std::size_t index) const override {
        Image image{28, 28, std::vector<std::uint8_t>(std::size_t{28} * 28 * 3)};
        for (std::size_t y = 7; y < 21; ++y) {
            std::fill_n(
                image.pixels.begin() + std::ptrdiff_t((y * 28 + 7) * 3), 14 * 3,
                static_cast<std::uint8_t>(150 + 20 * index));
        }
        return image;
    }
    [[nodiscard]] const std::vector<std::string>& classes() const override { return none_; }
    [[nodiscard]] const std::vector<std::string>& skipped() const override { return none_; }

private:
    std::vector<std::string> none_;
};

/// The rectangle that holds all of the mask: left, top, right, bottom, the last two inclusive.
std::array<int, 4> boundsOf(const Scene& scene) {
    std::array<int, 4> bounds = {scene.image.width, scene.image.height, -1, -1};
    for (int y = 0; y < scene.image.height; ++y) {
        for (int x = 0; x < scene.image.width; ++x) {
            if (scene.mask[std::size_t(y) * std::size_t(scene.image.width) + std::size_t(x)] != 0) {
                bounds = {
                    std::min(bounds[0], x), std::min(bounds[1], y), std::max(bounds[2], x),
                    std::max(bounds[3], y)};
            }
        }
    }
    return bounds;
}

Recipe recipeOf(int size) {
    Recipe recipe;
    recipe.size = size;
    return recipe;
}

/// Pixel (x, y) is (x, y, 7).
Image ramp(int width, int height) {
    Image image{width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            image.pixels.insert(
                image.pixels.end(), {std::uint8_t(x), std::uint8_t(y), std::uint8_t(7)});
        }
    }
    return image;
}

} // namespace

class ScenesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMomentMovesTheItemAlone() {
        const Squares squares;
        const SceneKey key{3, 0, 1};
        const Scene start = composeMoment(squares, key, 64, 0.0);
        const Scene half = composeMoment(squares, key, 64, 0.5);
        QCOMPARE(composeMoment(squares, key, 64, 1.0).image, start.image);
        const auto from = boundsOf(start);
        const auto to = boundsOf(half);
        QCOMPARE(to[2] - to[0], from[2] - from[0]);
        QVERIFY(from != to);
        // Around the middle of the room that it has.
        const int left = 64 - 1 - from[2];
        QVERIFY2(std::abs(to[0] - left) <= 1, qPrintable(QString::number(to[0] - left)));
        for (std::size_t i = 0; i < start.mask.size(); ++i) {
            if (start.mask[i] == 0 && half.mask[i] == 0) {
                const auto at = std::ptrdiff_t(i * 3);
                const bool is_edge = !std::equal(
                    start.image.pixels.begin() + at, start.image.pixels.begin() + at + 3,
                    half.image.pixels.begin() + at);
                const int x = int(i % 64);
                const int y = int(i / 64);
                const auto near = [x, y](const std::array<int, 4>& box) {
                    return x >= box[0] - 2 && x <= box[2] + 2 && y >= box[1] - 2 && y <= box[3] + 2;
                };
                QVERIFY(!is_edge || near(from) || near(to));
            }
        }
    }

    void scenesAreDecidedByTheirKey() {
        const Squares squares;
        const Scene scene = composeScene(squares, {1, 2, 3}, 64);
        const Scene again = composeScene(squares, {1, 2, 3}, 64);
        QVERIFY(scene.image == again.image);
        QVERIFY(scene.mask == again.mask);
        for (const SceneKey& other : {SceneKey{2, 2, 3}, SceneKey{1, 3, 3}, SceneKey{1, 2, 4}}) {
            QVERIFY(composeScene(squares, other, 64).image != scene.image);
        }
    }

    void masksAreTheWholeObject() {
        // Half of a square item is its object: 0.9 to 1.8 times 14 pixels, never cut off.
        const Squares squares;
        int smallest = 64;
        int largest = 0;
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            const Scene scene = composeScene(squares, {seed, 0, 1}, 64);
            QCOMPARE(scene.mask.size(), std::size_t{64} * 64);
            const auto [left, top, right, bottom] = boundsOf(scene);
            const int width = right - left + 1;
            QVERIFY(std::abs(width - (bottom - top + 1)) <= 1);
            const auto area = std::count(scene.mask.begin(), scene.mask.end(), 255);
            QVERIFY(std::abs(int(area) - width * (bottom - top + 1)) <= 4);
            smallest = std::min(smallest, width);
            largest = std::max(largest, width);
        }
        QVERIFY2(smallest >= 12 && smallest <= 14, qPrintable(QString::number(smallest)));
        QVERIFY2(largest >= 23 && largest <= 26, qPrintable(QString::number(largest)));
    }

    void objectsShowTheirItem() {
        // Within the mask, away from its edge, there is one colour, but for the noise.
        const Scene scene = composeScene(Squares(), {5, 0, 4}, 64);
        const auto [left, top, right, bottom] = boundsOf(scene);
        const auto at = [&](int x, int y) {
            return int(scene.image.pixels[(std::size_t(y) * 64 + std::size_t(x)) * 3]);
        };
        const int middle = at((left + right) / 2, (top + bottom) / 2);
        double sum = 0.0;
        int count = 0;
        for (int y = top + 3; y <= bottom - 3; ++y) {
            for (int x = left + 3; x <= right - 3; ++x) {
                sum += at(x, y);
                ++count;
            }
        }
        QVERIFY(count > 20);
        QVERIFY2(std::abs(sum / count - middle) < 40.0, "no even colour");
    }

    void backgroundsAreBusy() {
        // Fragments and gradients differ from scene to scene and within one.
        const Scene scene = composeScene(Squares(), {9, 0, 0}, 64);
        std::vector<int> outside;
        for (std::size_t i = 0; i < scene.mask.size(); ++i) {
            if (scene.mask[i] == 0) {
                outside.push_back(scene.image.pixels[i * 3 + 1]);
            }
        }
        const auto [low, high] = std::minmax_element(outside.begin(), outside.end());
        QVERIFY(*high - *low > 60);
    }

    void canvasHasToHoldTheItem() {
        QVERIFY_EXCEPTION_THROWN(composeScene(Squares(), {1, 0, 0}, 20), Error);
        QCOMPARE(composeScene(Squares(), {1, 0, 0}, 28).image.width, 28);
    }

    void randomNumbersAreTheSameEverywhere() {
        Random random{1, 2};
        const std::uint64_t first = random.next();
        QCOMPARE(Random({1, 2}).next(), first);
        QVERIFY(Random({2, 1}).next() != first);
        QVERIFY(Random({1}).next() != first);
        double sum = 0.0;
        double squares = 0.0;
        for (int i = 0; i < 20000; ++i) {
            const double value = random.normal();
            sum += value;
            squares += value * value;
        }
        QVERIFY(std::abs(sum / 20000) < 0.03);
        QVERIFY(std::abs(squares / 20000 - 1.0) < 0.05);
    }

    void augmentationKeepsWhatItIsNotAskedFor() {
        Random random{1};
        QVERIFY(augment(ramp(8, 8), recipeOf(8), random) == ramp(8, 8));
        // A larger picture is cropped at its centre.
        const Image cropped = augment(ramp(12, 8), recipeOf(8), random);
        QCOMPARE(cropped.width, 8);
        QCOMPARE(int(cropped.pixels[0]), 2);
        // A smaller one gets black margins.
        const Image padded = augment(ramp(4, 8), recipeOf(8), random);
        QCOMPARE(int(padded.pixels[1 * 3 + 2]), 0);
        QCOMPARE(int(padded.pixels[2 * 3 + 2]), 7);
    }

    void flipsHalfOfThePictures() {
        Recipe recipe = recipeOf(8);
        recipe.flip = true;
        int flipped = 0;
        for (std::uint64_t i = 0; i < 400; ++i) {
            Random random{i};
            const Image image = augment(ramp(8, 8), recipe, random);
            QVERIFY(image.pixels[0] == 0 || image.pixels[0] == 7);
            flipped += image.pixels[0] == 7 ? 1 : 0;
        }
        QVERIFY(flipped > 150 && flipped < 250);
    }

    void cropsShiftByAnEighth() {
        Recipe recipe = recipeOf(16);
        recipe.crop = true;
        std::set<int> shifts;
        for (std::uint64_t i = 0; i < 300; ++i) {
            Random random{i};
            const Image image = augment(ramp(16, 16), recipe, random);
            // The picture's (8, 8) is somewhere near the middle.
            shifts.insert(int(image.pixels[std::size_t{8 * 16 + 8} * 3]) - 8);
        }
        QCOMPARE(shifts, (std::set<int>{-2, -1, 0, 1, 2}));
    }

    void coloursStayNearTheirOwn() {
        Recipe recipe = recipeOf(8);
        recipe.colour = 0.2;
        const Image gray{8, 8, std::vector<std::uint8_t>(8 * 8 * 3, 100)};
        bool differs = false;
        for (std::uint64_t i = 0; i < 50; ++i) {
            Random random{i};
            const Image image = augment(gray, recipe, random);
            QVERIFY(std::abs(int(image.pixels[0]) - 100) <= 36);
            QVERIFY(image.pixels[0] == image.pixels[1]); // gray has no colour to lose
            differs = differs || image.pixels[0] != 100;
        }
        QVERIFY(differs);
    }

    void mixupFollowsBeta() {
        // Beta(a, a): mean 1/2, variance 1 / (4 (2a + 1)).
        for (const double alpha : {0.2, 0.8, 3.0}) {
            Random random{7};
            double sum = 0.0;
            double squares = 0.0;
            constexpr int count = 20000;
            for (int i = 0; i < count; ++i) {
                const double weight = mixupWeight(alpha, random);
                QVERIFY(weight >= 0.0 && weight <= 1.0);
                sum += weight;
                squares += weight * weight;
            }
            const double mean = sum / count;
            QVERIFY(std::abs(mean - 0.5) < 0.02);
            const double variance = squares / count - mean * mean;
            QVERIFY(std::abs(variance * 4.0 * (2.0 * alpha + 1.0) - 1.0) < 0.06);
        }
    }

    void learningRateWarmsUpAndFalls() {
        QCOMPARE(learningRateAt(1.0, 0, 10, 110), 0.1);
        QCOMPARE(learningRateAt(1.0, 9, 10, 110), 1.0);
        QCOMPARE(learningRateAt(1.0, 10, 10, 110), 1.0);
        QVERIFY(std::abs(learningRateAt(1.0, 60, 10, 110) - 0.505) < 1e-9);
        QVERIFY(std::abs(learningRateAt(1.0, 110, 10, 110) - 0.01) < 1e-9);
        QCOMPARE(learningRateAt(2.0, 0, 0, 10), 2.0);
    }

    void recipesHaveToMakeSense() {
        requireSense(Recipe());
        const auto refused = [](auto change) {
            Recipe recipe;
            change(recipe);
            try {
                requireSense(recipe);
            } catch (const Error& error) {
                return error.code() == ErrorCode::Usage;
            }
            return false;
        };
        QVERIFY(refused([](Recipe& recipe) { recipe.heads = 5; }));
        QVERIFY(refused([](Recipe& recipe) { recipe.patch = 7; }));
        QVERIFY(refused([](Recipe& recipe) { recipe.clutter = 32; }));
        QVERIFY(refused([](Recipe& recipe) { recipe.block = BlockKind::Frozen; }));
        QVERIFY(refused([](Recipe& recipe) { recipe.llm = "llm.pth"; }));
    }
};

QTEST_APPLESS_MAIN(ScenesTest)
#include "scenes_test.moc"

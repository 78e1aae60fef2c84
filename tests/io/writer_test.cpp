// Checkpoints that Vitreous writes: what its own reader, Python and a full disk make of them.

#include <array>
#include <filesystem>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/analysis/model.h"
#include "core/base/array.h"
#include "core/io/checkpoint_writer.h"
#include "tests/io/hand_made.h"
#include "tests/io/support.h"
#include "tests/support/hindrance.h"
#include "tests/support/weights.h"

using namespace vitreous;
using nlohmann::json;
using testing::bytesOf;
using testing::writeBytes;
namespace fs = std::filesystem;

namespace {

using Write = void (*)(const fs::path&, const std::vector<TensorEntry>&, const CheckpointText&);

struct Format {
    const char* file;
    Write write;
};

constexpr std::array<Format, 2> kFormats = {
    {{"model-3.safetensors", &vitreous::writeSafetensors}, {"model-3.pth", &writeTorchZip}}};

std::vector<std::int64_t> rowMajor(const std::vector<std::int64_t>& shape) {
    std::vector<std::int64_t> strides(shape.size());
    std::int64_t step = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        strides[i] = step;
        step *= std::max<std::int64_t>(1, shape[i]);
    }
    return strides;
}

std::size_t sizeOf(const TensorEntry& entry) {
    return std::size_t(elementCount(entry.shape)) * byteSize(entry.dtype);
}

std::string contentOf(const TensorEntry& entry) {
    return {reinterpret_cast<const char*>(entry.bytes.data()), sizeOf(entry)};
}

/// Irregular bytes at an odd address, with more of the storage behind them.
TensorEntry entry(const std::string& name, DType dtype, std::vector<std::int64_t> shape) {
    TensorEntry entry;
    entry.name = name;
    entry.dtype = dtype;
    entry.shape = std::move(shape);
    entry.strides = rowMajor(entry.shape);
    const auto bytes = std::make_shared<std::vector<std::byte>>(1 + sizeOf(entry) + 5);
    std::uint32_t state = 2463534242U + std::uint32_t(sizeOf(entry));
    for (std::byte& byte : *bytes) {
        state = state * 1664525U + 1013904223U;
        byte = std::byte(dtype == DType::Bool ? state >> 31 : state >> 24);
    }
    entry.bytes = std::span<const std::byte>(*bytes).subspan(1);
    entry.owner = bytes;
    return entry;
}

std::vector<TensorEntry> everyKind() {
    return {
        entry("w.float32", DType::Float32, {3, 5}),
        entry("b.float16", DType::Float16, {7}),
        entry("a.bfloat16", DType::BFloat16, {2, 1, 3}),
        entry("steps", DType::Int64, {}),
        entry("nothing", DType::Float32, {0, 4}),
        entry("d", DType::Float64, {2}),
        entry("i", DType::Int32, {2, 2}),
        entry("h", DType::Int16, {3}),
        entry("c", DType::Int8, {3}),
        entry("u", DType::UInt8, {5}),
        entry("mask", DType::Bool, {9})};
}

CheckpointText someText() {
    return {
        .config =
            {{"num_attention_heads", 4},
             {"layer_norm_eps", 1e-6},
             {"whole", 2.0},
             {"label", "na\u00efve \"\n"},
             {"id2label", {{"0", "a"}, {"1", "b"}}},
             {"none", nullptr}},
        .arguments =
            {{"lr", 5e-4},
             {"seed", 1LL << 40},
             {"flip", true},
             {"crop", false},
             {"sizes", {1, -2, 300, 70000}},
             {"nested", {{"list", {json::object(), json::array(), nullptr}}}}},
        .epoch = 300};
}

std::vector<TensorEntry> entriesOf(const testing::Weights& weights) {
    std::vector<TensorEntry> entries;
    for (const auto& [name, array] : weights) {
        entries.push_back(
            {.name = name,
             .shape = array.shape,
             .strides = rowMajor(array.shape),
             .bytes = std::as_bytes(std::span(array.values)),
             .owner = nullptr});
    }
    return entries;
}

/// A .safetensors file of one tensor with that `__metadata__`.
std::string safetensorsWith(const json& metadata) {
    const json header = {
        {"__metadata__", metadata},
        {"w", {{"dtype", "F32"}, {"shape", {1}}, {"data_offsets", {0, 4}}}}};
    const std::string text = header.dump();
    return testing::packed(std::uint64_t(text.size())) + text + std::string(4, '\0');
}

/// What Python makes of a file, as JSON: {"config", "args", "epoch", "tensors": {name: [dtype,
/// shape, bytes as hex]}}. Null where it lacks torch (the script exits with 77).
json readByPython(const char* script, const std::string& path) {
    QProcess python;
    python.start("/usr/bin/python3", {"-c", script, QString::fromStdString(path)});
    if (!python.waitForFinished(120'000)) {
        return python.error() == QProcess::FailedToStart ? json() : json("did not finish");
    }
    if (python.exitCode() == 77) {
        return nullptr;
    }
    const json result = json::parse(
        python.readAllStandardOutput().toStdString(), nullptr, /*allow_exceptions=*/false);
    return python.exitCode() == 0 ? result : json(python.readAllStandardError().toStdString());
}

constexpr const char* kTorchScript = R"(
import json, sys
try:
    import torch
except ImportError:
    sys.exit(77)
checkpoint = torch.load(sys.argv[1], weights_only=True)
assert type(checkpoint) is dict and list(checkpoint) == ['model', 'config', 'args', 'epoch'], list(checkpoint)
assert type(checkpoint['model']) is dict
result = {'config': json.loads(checkpoint['config']), 'args': json.loads(checkpoint['args']), 'epoch': checkpoint['epoch']}
assert type(checkpoint['epoch']) is int
result['tensors'] = {
    name: [str(t.dtype).split('.')[1], list(t.shape), bytes(t.reshape(-1).view(torch.uint8).tolist()).hex()]
    for name, t in checkpoint['model'].items()}
for t in checkpoint['model'].values():
    assert type(t) is torch.Tensor and t.is_contiguous() and not t.requires_grad
    assert t.storage().nbytes() == t.numel() * t.element_size()
print(json.dumps(result))
)";

constexpr const char* kSafetensorsScript = R"(
import json, struct, sys
types = {'F64': ('float64', 8), 'F32': ('float32', 4), 'F16': ('float16', 2), 'BF16': ('bfloat16', 2), 'I64': ('int64', 8),
         'I32': ('int32', 4), 'I16': ('int16', 2), 'I8': ('int8', 1), 'U8': ('uint8', 1), 'BOOL': ('bool', 1)}
file = open(sys.argv[1], 'rb').read()
length = struct.unpack('<Q', file[:8])[0]
assert length % 8 == 0, length
header, data = json.loads(file[8:8 + length]), file[8 + length:]
metadata = header.pop('__metadata__')
assert all(type(value) is str for value in metadata.values()), metadata
assert metadata['format'] == 'pt'
result = {'config': json.loads(metadata['config']), 'args': json.loads(metadata['args']), 'epoch': int(metadata['epoch'])}
result['tensors'], at = {}, 0
for name, facts in header.items():
    begin, end = facts['data_offsets']
    assert begin == at, 'a gap before ' + name
    name_of_type, size = types[facts['dtype']]
    count = 1
    for side in facts['shape']:
        count *= side
    assert end - begin == count * size
    result['tensors'][name] = [name_of_type, facts['shape'], data[begin:end].hex()]
    at = end
assert at == len(data)
print(json.dumps(result))
)";

/// The same of what was to be written.
json expectedOf(const std::vector<TensorEntry>& tensors, const CheckpointText& text) {
    json expected = {
        {"config", text.config},
        {"args", text.arguments},
        {"epoch", text.epoch},
        {"tensors", json::object()}};
    for (const TensorEntry& entry : tensors) {
        const std::string bytes = contentOf(entry);
        const QByteArray hex = QByteArray(bytes.data(), qsizetype(bytes.size())).toHex();
        expected["tensors"][entry.name] = {name(entry.dtype), entry.shape, hex.toStdString()};
    }
    return expected;
}

} // namespace

class WriterTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string path(const std::string& name) {
        return folder_.filePath(QString::fromStdString(name)).toStdString();
    }

    /// Every file, hidden ones too.
    QStringList files() {
        return QDir(folder_.path()).entryList(QDir::Files | QDir::Hidden | QDir::System);
    }

    void refused(const Format& format, const std::string& target) {
        try {
            format.write(target, everyKind(), someText());
            QFAIL("was written");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Resource);
            QVERIFY2(QString(error.what()).endsWith(QString::fromStdString(target)), error.what());
        }
    }

private Q_SLOTS:
    void init() {
        folder_ = QTemporaryDir();
        QVERIFY(folder_.isValid());
    }

    void readersReadWritten() {
        const std::vector<TensorEntry> tensors = everyKind();
        for (const Format& format : kFormats) {
            format.write(path(format.file), tensors, someText());
            const Checkpoint checkpoint = openCheckpoint(path(format.file));
            QCOMPARE(checkpoint.tensors.size(), tensors.size());
            for (std::size_t i = 0; i < tensors.size(); ++i) {
                const TensorEntry& found = checkpoint.tensors[i];
                QCOMPARE(found.name, tensors[i].name);
                QCOMPARE(found.dtype, tensors[i].dtype);
                QCOMPARE(found.shape, tensors[i].shape);
                QCOMPARE(found.strides, tensors[i].strides);
                QVERIFY(found.bytes.size() >= sizeOf(found));
                QVERIFY2(contentOf(found) == contentOf(tensors[i]), found.name.c_str());
            }
            QCOMPARE(checkpoint.config.dump(), someText().config.dump());
            QCOMPARE(checkpoint.arguments.dump(), someText().arguments.dump());
        }
        QCOMPARE(files().size(), 2);
        QCOMPARE(openCheckpoint(path(kFormats[1].file)).state_key, "model");
    }

    void nothingButTensors() {
        for (const Format& format : kFormats) {
            format.write(path(format.file), everyKind(), {});
            const Checkpoint checkpoint = openCheckpoint(path(format.file));
            QCOMPARE(checkpoint.tensors.size(), everyKind().size());
            QVERIFY(checkpoint.config.is_null());
        }
        QCOMPARE(
            openCheckpoint(path(kFormats[0].file)).arguments.dump(),
            R"({"epoch":"0","format":"pt"})");
        QVERIFY(openCheckpoint(path(kFormats[1].file)).arguments.is_null());
    }

    void pythonReadsTorch() {
        writeTorchZip(path("m.pth"), everyKind(), someText());
        const json found = readByPython(kTorchScript, path("m.pth"));
        if (found.is_null()) {
            QSKIP("python3 has no torch");
        }
        QVERIFY2(found.dump() == expectedOf(everyKind(), someText()).dump(), found.dump(2).c_str());
    }

    void pythonReadsSafetensors() {
        vitreous::writeSafetensors(path("m.safetensors"), everyKind(), someText());
        const json found = readByPython(kSafetensorsScript, path("m.safetensors"));
        if (found.is_null()) {
            QSKIP("there is no python3");
        }
        QVERIFY2(found.dump() == expectedOf(everyKind(), someText()).dump(), found.dump(2).c_str());
    }

    void textThatIsNoUtf8() {
        const std::string broken = "a\xff";
        const std::vector<TensorEntry> tensors = {entry(broken, DType::Float32, {1})};
        for (const Format& format : kFormats) {
            format.write(path(format.file), tensors, {.config = {{broken, broken}}});
            const Checkpoint checkpoint = openCheckpoint(path(format.file));
            QCOMPARE(checkpoint.tensors.at(0).name, "a\ufffd");
            QCOMPARE(checkpoint.config.dump(), "{\"a\ufffd\":\"a\ufffd\"}");
        }
    }

    void aFullDiskKeepsWhatWas() {
        const std::vector<TensorEntry> many = {entry("w", DType::Float32, {100, 1000})};
        for (const Format& format : kFormats) {
            const std::string target = path(format.file);
            format.write(target, everyKind(), someText());
            const std::string before = bytesOf(target);
            // Full at the first byte, in the values, and at the end.
            for (const rlim_t bytes : {rlim_t{0}, rlim_t{64 * 1024}, rlim_t{400'001}}) {
                std::string message;
                {
                    const testing::FullDisk full(bytes);
                    try {
                        format.write(target, many, {});
                    } catch (const Error& error) {
                        QCOMPARE(error.code(), ErrorCode::Resource);
                        message = error.what();
                    }
                }
                QVERIFY2(message.starts_with("cannot be written, File too large"), message.c_str());
                QVERIFY2(message.ends_with(": " + target), message.c_str());
                QVERIFY(bytesOf(target) == before);
            }
        }
        QCOMPARE(files().size(), 2);
    }

    void placesThatCannotBeWritten() {
        QVERIFY(QDir(folder_.path()).mkdir("taken"));
        for (const Format& format : kFormats) {
            refused(format, path("absent/" + std::string(format.file)));
            refused(format, path("taken"));
            const testing::Unprivileged reader({folder_.path()});
            refused(format, path(format.file));
        }
        QCOMPARE(files().size(), 0);
    }

    void malformedConfigsAreIgnored() {
        std::string deep;
        for (int i = 0; i < 100'000; ++i) {
            deep += R"({"a":)";
        }
        const std::vector<json> values = {
            "", "num_attention_heads", "{", "[1, 2]", "3", "null", deep, 7, nullptr, json::array()};
        for (const json& value : values) {
            const json metadata = {{"config", value}, {"args", value}, {"format", "pt"}};
            writeBytes(path("m.safetensors"), safetensorsWith(metadata));
            const Checkpoint checkpoint = openCheckpoint(path("m.safetensors"));
            QVERIFY(checkpoint.config.is_null());
            QVERIFY(checkpoint.arguments == metadata);
            if (!value.is_string()) {
                continue;
            }
            using testing::pickled;
            const std::string text = pickled(value.get<std::string>());
            const std::string object =
                "}" + pickled("model") + testing::pickledState({1, 0, {1}, {1}}) + "s" +
                pickled("config") + text + "s" + pickled("args") + text + "s";
            writeBytes(path("m.pth"), testing::legacyFile(object, {1.0f}));
            const Checkpoint torch = openCheckpoint(path("m.pth"));
            QCOMPARE(torch.state_key, "model");
            QVERIFY(torch.config.is_null());
            QVERIFY(torch.arguments.is_null());
        }
    }

    void aConfigBesideReplacesTheOneInside() {
        const std::string file = path("model.safetensors");
        vitreous::writeSafetensors(file, everyKind(), {.config = {{"inside", 1}}});
        QCOMPARE(openCheckpoint(file).config.dump(), R"({"inside":1})");
        writeBytes(path("config.json"), R"({"beside":1})");
        QCOMPARE(openCheckpoint(file).config.dump(), R"({"beside":1})");
        QCOMPARE(openCheckpoint(path(".")).config.dump(), R"({"beside":1})");
    }

    void configReachesTheModel() {
        const testing::Weights weights = testing::smallVit();
        const CheckpointText text{
            .config = {
                {"num_attention_heads", 4},
                {"image_size", 32},
                {"layer_norm_eps", 1e-6},
                {"id2label", {{"0", "a"}, {"1", "b"}, {"2", "c"}, {"3", "d"}, {"4", "e"}}}}};
        for (const Format& format : kFormats) {
            format.write(path(format.file), entriesOf(weights), text);
            const ModelSummary summary = inspectModel(parseModelSpec(path(format.file)));
            QCOMPARE(summary.heads, 4);
            for (const std::string& guess : summary.guessed) {
                QVERIFY2(!guess.starts_with("heads"), guess.c_str());
            }
            QCOMPARE(summary.class_names, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
        }
    }
};

QTEST_APPLESS_MAIN(WriterTest)
#include "writer_test.moc"

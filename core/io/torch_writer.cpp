// The only file that knows LibTorch's pickler and archive writer.

#include <exception>
#include <stdexcept>

#include <ATen/core/ivalue.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/pickler.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/io/bounded_json.h"
#include "core/io/checkpoint_writer.h"
#include "core/io/printable.h"

namespace vitreous {
namespace {

/// LibTorch's archive writer ends the archive in its destructor, where a failed write would end the
/// program: after a failure the rest is dropped, and the failure kept for check().
class Sink {
public:
    explicit Sink(FileAside& file) : file_(file) {}

    std::size_t write(const void* data, std::size_t size) {
        try {
            if (!failure_) {
                file_.write({static_cast<const char*>(data), size});
            }
        } catch (...) {
            failure_ = std::current_exception();
        }
        return size;
    }

    void check() const {
        if (failure_) {
            std::rethrow_exception(failure_);
        }
    }

private:
    FileAside& file_;
    std::exception_ptr failure_;
};

c10::ScalarType scalarType(DType dtype) {
    switch (dtype) {
    case DType::Float64:
        return c10::ScalarType::Double;
    case DType::Float32:
        return c10::ScalarType::Float;
    case DType::Float16:
        return c10::ScalarType::Half;
    case DType::BFloat16:
        return c10::ScalarType::BFloat16;
    case DType::Int64:
        return c10::ScalarType::Long;
    case DType::Int32:
        return c10::ScalarType::Int;
    case DType::Int16:
        return c10::ScalarType::Short;
    case DType::Int8:
        return c10::ScalarType::Char;
    case DType::UInt8:
        return c10::ScalarType::Byte;
    case DType::Bool:
        return c10::ScalarType::Bool;
    }
    return c10::ScalarType::Undefined;
}

/// A tensor over the entry's bytes, which are only read.
at::Tensor tensorOf(const TensorEntry& entry) {
    const at::TensorOptions options = scalarType(entry.dtype);
    if (elementCount(entry.shape) == 0) {
        return at::empty(entry.shape, options);
    }
    if (!isRowMajor(entry)) {
        throw std::logic_error(entry.name + " is not row-major");
    }
    return at::from_blob(const_cast<std::byte*>(entry.bytes.data()), entry.shape, options);
}

/// Python refuses a name that is no UTF-8.
std::string validName(const std::string& name) {
    return nlohmann::json::parse(jsonText(name)).get<std::string>();
}

/// JSON as one text: torch 1.13 refuses a float with weights_only=True.
c10::IValue textOf(const nlohmann::json& json) {
    return json.is_null() ? c10::IValue() : c10::IValue(jsonText(json));
}

c10::impl::GenericDict emptyDictionary() {
    return c10::impl::GenericDict(c10::StringType::get(), c10::AnyType::get());
}

c10::IValue checkpointOf(const std::vector<TensorEntry>& tensors, const CheckpointText& text) {
    c10::impl::GenericDict model = emptyDictionary();
    for (const TensorEntry& entry : tensors) {
        model.insert(validName(entry.name), tensorOf(entry));
    }
    c10::impl::GenericDict checkpoint = emptyDictionary();
    checkpoint.insert("model", model);
    checkpoint.insert("config", textOf(text.config));
    checkpoint.insert("args", textOf(text.arguments));
    checkpoint.insert("epoch", std::int64_t{text.epoch});
    return checkpoint;
}

void writeArchive(Sink& sink, const c10::IValue& value) {
    std::string pickle;
    // torch::pickle_save would mark each list and dictionary with its TorchScript type by a call
    // that weights_only=True refuses.
    torch::jit::Pickler pickler(
        [&pickle](const char* bytes, std::size_t size) { pickle.append(bytes, size); },
        /*tensor_table=*/nullptr, /*type_renamer=*/nullptr, /*memoized_class_types=*/nullptr,
        /*get_tensor_id=*/nullptr, /*tag_aggregates=*/false);
    pickler.protocol();
    pickler.pushIValue(value);
    pickler.stop();
    caffe2::serialize::PyTorchStreamWriter archive(
        [&sink](const void* bytes, std::size_t size) { return sink.write(bytes, size); });
    archive.writeRecord("data.pkl", pickle.data(), pickle.size());
    std::size_t index = 0;
    for (const at::Tensor& tensor : pickler.tensorData()) {
        sink.check();
        const torch::jit::WriteableTensorData data = torch::jit::getWriteableTensorData(tensor);
        archive.writeRecord("data/" + std::to_string(index++), data.data(), data.sizeInBytes());
    }
    archive.writeEndOfFile();
    sink.check();
}

} // namespace

void writeTorchZip(
    const std::filesystem::path& path,
    const std::vector<TensorEntry>& tensors,
    const CheckpointText& text) {
    FileAside file(path);
    Sink sink(file);
    try {
        writeArchive(sink, checkpointOf(tensors, text));
    } catch (const c10::Error& error) {
        throw Error(
            ErrorCode::Resource, "cannot be written, " + printable(error.what_without_backtrace()) +
                                     ": " + path.string());
    }
    file.commit();
}

} // namespace vitreous

// Writes a ViT or ViT-LLaMA checkpoint with random weights (.safetensors, LM4VisualEncoding's
// names): for the benchmark and for tests. The weights mean nothing.

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace {

struct Options {
    std::string output;
    int width = 192;
    int depth = 12;
    int patch = 16;
    int size = 224;
    int classes = 10;
    int llm_layers = 0;
    int llm_width = 512;
    int llm_hidden = 1376;
    std::uint64_t seed = 1;
};

struct Tensor {
    std::string name;
    std::vector<std::int64_t> shape;
    double mean;
    double deviation;
};

/// splitmix64: fast enough for 200 million weights, the same everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    /// Zero mean, unit variance; the sum of four uniform 16-bit numbers.
    float normal() {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        z ^= z >> 31;
        const auto sum = double(z & 0xffff) + double((z >> 16) & 0xffff) +
                         double((z >> 32) & 0xffff) + double(z >> 48);
        return float((sum / 65535.0 - 2.0) * std::sqrt(3.0));
    }

private:
    std::uint64_t state_;
};

class Tensors {
public:
    void linear(const std::string& name, std::int64_t out, std::int64_t in, bool bias) {
        list.push_back({name + ".weight", {out, in}, 0.0, 1.0 / std::sqrt(double(in))});
        if (bias) {
            list.push_back({name + ".bias", {out}, 0.0, 0.02});
        }
    }
    void norm(const std::string& name, std::int64_t width, bool bias) {
        list.push_back({name + ".weight", {width}, 1.0, 0.1});
        if (bias) {
            list.push_back({name + ".bias", {width}, 0.0, 0.02});
        }
    }

    std::vector<Tensor> list;
};

std::vector<Tensor> tensorsOf(const Options& options) {
    Tensors tensors;
    const int side = options.size / options.patch;
    tensors.list.push_back({"cls_token", {1, 1, options.width}, 0.0, 0.5});
    tensors.list.push_back(
        {"pos_embed", {1, 1 + std::int64_t{side} * side, options.width}, 0.0, 0.1});
    tensors.list.push_back(
        {"patch_embed.proj.weight",
         {options.width, 3, options.patch, options.patch},
         0.0,
         1.0 / std::sqrt(3.0 * options.patch * options.patch)});
    tensors.list.push_back({"patch_embed.proj.bias", {options.width}, 0.0, 0.02});
    for (int i = 0; i < options.depth; ++i) {
        const std::string block = "blocks." + std::to_string(i);
        tensors.norm(block + ".norm1", options.width, true);
        tensors.linear(block + ".attn.qkv", 3 * options.width, options.width, true);
        tensors.linear(block + ".attn.proj", options.width, options.width, true);
        tensors.norm(block + ".norm2", options.width, true);
        tensors.linear(block + ".mlp.fc1", 4 * options.width, options.width, true);
        tensors.linear(block + ".mlp.fc2", options.width, 4 * options.width, true);
    }
    if (options.llm_layers > 0) {
        tensors.linear("llama_dim_mapper1", options.llm_width, options.width, false);
        for (int i = 0; i < options.llm_layers; ++i) {
            const std::string layer = "llama.layers." + std::to_string(i);
            tensors.norm(layer + ".attention_norm", options.llm_width, false);
            for (const char* name :
                 {".attention.wq", ".attention.wk", ".attention.wv", ".attention.wo"}) {
                tensors.linear(layer + name, options.llm_width, options.llm_width, false);
            }
            tensors.norm(layer + ".ffn_norm", options.llm_width, false);
            tensors.linear(
                layer + ".feed_forward.w1", options.llm_hidden, options.llm_width, false);
            tensors.linear(
                layer + ".feed_forward.w2", options.llm_width, options.llm_hidden, false);
            tensors.linear(
                layer + ".feed_forward.w3", options.llm_hidden, options.llm_width, false);
        }
        tensors.norm("llama.norm", options.llm_width, false);
        tensors.linear("llama_dim_mapper2", options.width, options.llm_width, false);
    }
    tensors.norm("norm", options.width, true);
    tensors.linear("head", options.classes, options.width, true);
    return tensors.list;
}

std::int64_t countOf(const Tensor& tensor) {
    std::int64_t count = 1;
    for (const std::int64_t n : tensor.shape) {
        count *= n;
    }
    return count;
}

bool write(const Options& options) {
    const std::vector<Tensor> tensors = tensorsOf(options);
    nlohmann::ordered_json header;
    std::int64_t offset = 0;
    for (const Tensor& tensor : tensors) {
        const std::int64_t end = offset + 4 * countOf(tensor);
        header[tensor.name] = {
            {"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::string aside = options.output + ".part";
    std::ofstream file(aside, std::ios::binary);
    std::uint64_t length = text.size();
    file.write(reinterpret_cast<const char*>(&length), sizeof length);
    file.write(text.data(), std::streamsize(text.size()));
    Random random(options.seed);
    for (const Tensor& tensor : tensors) {
        std::vector<float> values(std::size_t(countOf(tensor)));
        for (float& value : values) {
            value = float(tensor.mean + tensor.deviation * random.normal());
        }
        file.write(
            reinterpret_cast<const char*>(values.data()),
            std::streamsize(values.size() * sizeof(float)));
    }
    file.close();
    std::error_code problem;
    if (file) {
        std::filesystem::rename(aside, options.output, problem);
    }
    return file.good() && !problem;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Writes a ViT or ViT-LLaMA checkpoint with random weights.");
    app.option_defaults()->take_last();
    app.add_option("output", options.output, "the .safetensors file to write")->required();
    app.add_option("--width", options.width, "channels of the ViT")->check(CLI::Range(1, 8192));
    app.add_option("--depth", options.depth, "blocks of the ViT")->check(CLI::Range(1, 128));
    app.add_option("--patch", options.patch, "side of a patch in pixels")
        ->check(CLI::Range(1, 256));
    app.add_option("--size", options.size, "side of the input in pixels")
        ->check(CLI::Range(1, 4096));
    app.add_option("--classes", options.classes, "classes of the head")
        ->check(CLI::Range(1, 100000));
    app.add_option("--llm-layers", options.llm_layers, "LLM blocks; 0: a plain ViT")
        ->check(CLI::Range(0, 80));
    app.add_option("--llm-width", options.llm_width, "channels of the LLM")
        ->check(CLI::Range(1, 16384));
    app.add_option("--llm-hidden", options.llm_hidden, "hidden channels of the LLM")
        ->check(CLI::Range(1, 65536));
    app.add_option("--seed", options.seed, "seed of the weights");
    CLI11_PARSE(app, argc, argv);
    if (!write(options)) {
        std::cerr << "make_checkpoint: error: cannot write: " << options.output << '\n';
        return 5;
    }
    return 0;
}

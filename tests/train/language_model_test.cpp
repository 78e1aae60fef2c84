// The language model over bytes: its forward pass beside plain loops.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>
#include <QTest>

#include "core/base/array.h"
#include "core/train/language_model.h"
#include "core/train/random.h"
#include "core/train/text_batch.h"

using namespace vitreous;

namespace {

using Vector = std::vector<double>;
using Rows = std::vector<Vector>; // one a position

constexpr LanguageModelConfig
    tiny{.width = 12, .layers = 2, .heads = 2, .hidden = 10, .context = 7};

/// Values large enough that every part of the model matters.
Parameters tinyParameters() {
    Parameters parameters = initialLanguageModel(tiny, 3, at::kCPU);
    std::uint64_t place = 0;
    for (const Parameter& parameter : parameters.all()) {
        Random random{17, place++};
        at::Tensor value = parameter.value.detach().clone();
        const bool is_norm = value.dim() == 1;
        float* values = value.data_ptr<float>();
        for (std::int64_t i = 0; i < value.numel(); ++i) {
            values[i] = float(is_norm ? random.uniform(0.5, 1.5) : 0.5 * random.normal());
        }
        parameters.set(parameter.name, value);
    }
    return parameters;
}

Vector product(const at::Tensor& matrix, const Vector& x) {
    const auto rows = matrix.accessor<float, 2>();
    Vector y(std::size_t(matrix.size(0)));
    for (std::size_t i = 0; i < y.size(); ++i) {
        for (std::size_t j = 0; j < x.size(); ++j) {
            y[i] += double(rows[std::int64_t(i)][std::int64_t(j)]) * x[j];
        }
    }
    return y;
}

Vector normed(const Vector& x, const at::Tensor& weight) {
    double square = 0.0;
    for (const double value : x) {
        square += value * value;
    }
    const double scale = 1.0 / std::sqrt(square / double(x.size()) + tiny.eps);
    Vector y = x;
    for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] *= scale * double(weight[std::int64_t(i)].item<float>());
    }
    return y;
}

/// Turns channels 2 i and 2 i + 1 of every head by position times base^(-2 i / head size).
void rotate(Vector& x, std::size_t position) {
    const std::size_t head_size = std::size_t(tiny.width / tiny.heads);
    for (std::size_t at = 0; at < x.size(); at += 2) {
        const double exponent = double(at % head_size) / double(head_size);
        const double angle = double(position) * std::pow(tiny.rope_base, -exponent);
        const double real = x[at];
        x[at] = real * std::cos(angle) - x[at + 1] * std::sin(angle);
        x[at + 1] = real * std::sin(angle) + x[at + 1] * std::cos(angle);
    }
}

Rows attended(const Rows& q, const Rows& k, const Rows& v) {
    const std::size_t head_size = std::size_t(tiny.width / tiny.heads);
    Rows out(q.size(), Vector(q[0].size()));
    for (std::size_t head = 0; head < q[0].size(); head += head_size) {
        for (std::size_t i = 0; i < q.size(); ++i) {
            Vector weights;
            double sum = 0.0;
            for (std::size_t j = 0; j <= i; ++j) {
                double score = 0.0;
                for (std::size_t c = head; c < head + head_size; ++c) {
                    score += q[i][c] * k[j][c];
                }
                weights.push_back(std::exp(score / std::sqrt(double(head_size))));
                sum += weights.back();
            }
            for (std::size_t j = 0; j <= i; ++j) {
                for (std::size_t c = head; c < head + head_size; ++c) {
                    out[i][c] += weights[j] / sum * v[j][c];
                }
            }
        }
    }
    return out;
}

void addTo(Vector& x, const Vector& y) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        x[i] += y[i];
    }
}

Rows plainForward(const Parameters& source, const std::vector<std::int64_t>& bytes) {
    Rows x;
    for (const std::int64_t byte : bytes) {
        const at::Tensor row = source.load("tok_embeddings.weight")[byte];
        x.emplace_back(row.data_ptr<float>(), row.data_ptr<float>() + row.numel());
    }
    for (int layer = 0; layer < tiny.layers; ++layer) {
        const auto load = [&](const std::string& name) {
            return source.load("layers." + std::to_string(layer) + "." + name + ".weight");
        };
        Rows q;
        Rows k;
        Rows v;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const Vector y = normed(x[i], load("attention_norm"));
            q.push_back(product(load("attention.wq"), y));
            k.push_back(product(load("attention.wk"), y));
            v.push_back(product(load("attention.wv"), y));
            rotate(q.back(), i);
            rotate(k.back(), i);
        }
        const Rows mixed = attended(q, k, v);
        for (std::size_t i = 0; i < x.size(); ++i) {
            addTo(x[i], product(load("attention.wo"), mixed[i]));
            const Vector y = normed(x[i], load("ffn_norm"));
            Vector gate = product(load("feed_forward.w1"), y);
            const Vector up = product(load("feed_forward.w3"), y);
            for (std::size_t c = 0; c < gate.size(); ++c) {
                gate[c] *= up[c] / (1.0 + std::exp(-gate[c]));
            }
            addTo(x[i], product(load("feed_forward.w2"), gate));
        }
    }
    Rows logits;
    for (const Vector& row : x) {
        logits.push_back(
            product(source.load("output.weight"), normed(row, source.load("norm.weight"))));
    }
    return logits;
}

at::Tensor bytesTensor(const std::vector<std::int64_t>& bytes) {
    return at::tensor(bytes, at::kLong).unsqueeze(0);
}

} // namespace

class LanguageModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesAndShapes() {
        std::int64_t count = 0;
        QStringList names;
        for (const auto& [name, shape] : languageModelTensors({})) {
            names << QString::fromStdString(name);
            count += elementCount(shape);
        }
        QCOMPARE(count, 984000);
        QCOMPARE(names.size(), 3 + 2 * 9);
        for (const char* name :
             {"tok_embeddings.weight", "layers.1.attention.wk.weight",
              "layers.0.feed_forward.w3.weight", "layers.1.ffn_norm.weight", "output.weight"}) {
            QVERIFY2(names.contains(name), name);
        }
    }

    void forwardIsWhatPlainLoopsGive() {
        const Parameters parameters = tinyParameters();
        const std::vector<std::int64_t> bytes = {104, 0, 255, 104, 101, 32, 104};
        const Rows expected = plainForward(parameters, bytes);
        const at::Tensor logits = LanguageModel(tiny, parameters).forward(bytesTensor(bytes));
        QCOMPARE(logits.sizes().vec(), (std::vector<std::int64_t>{1, 7, 256}));
        double largest = 0.0;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            for (std::size_t c = 0; c < 256; ++c) {
                const auto found =
                    double(logits[0][std::int64_t(i)][std::int64_t(c)].item<float>());
                largest = std::max(largest, std::abs(expected[i][c]));
                QVERIFY2(
                    std::abs(found - expected[i][c]) < 2e-5,
                    qPrintable(QString("position %1, byte %2: %3, expected %4")
                                   .arg(i)
                                   .arg(c)
                                   .arg(found)
                                   .arg(expected[i][c])));
            }
        }
        QVERIFY(largest > 1.0); // or the comparison would say nothing
    }

    void aLaterByteChangesNothingBefore() {
        const Parameters parameters = tinyParameters();
        const LanguageModel model(tiny, parameters);
        const at::Tensor one = model.forward(bytesTensor({1, 2, 3, 4, 5, 6, 7}));
        const at::Tensor other = model.forward(bytesTensor({1, 2, 3, 4, 200, 6, 7}));
        QVERIFY(one.narrow(1, 0, 4).equal(other.narrow(1, 0, 4)));
        for (std::int64_t position = 4; position < 7; ++position) {
            QVERIFY(!one.select(1, position).equal(other.select(1, position)));
        }
    }

    void lossIsOfTheNextByte() {
        const Parameters parameters = tinyParameters();
        const std::vector<std::int64_t> bytes = {10, 20, 30, 40};
        const Rows logits = plainForward(parameters, {10, 20, 30});
        double expected = 0.0;
        for (std::size_t i = 0; i < 3; ++i) {
            double sum = 0.0;
            for (const double logit : logits[i]) {
                sum += std::exp(logit);
            }
            expected += std::log(sum) - logits[i][std::size_t(bytes[i + 1])];
        }
        const at::Tensor loss = LanguageModel(tiny, parameters).loss(bytesTensor(bytes));
        QVERIFY(std::abs(loss.item<double>() - expected) < 1e-4);
    }

    void textLossPredictsEveryByteOnce() {
        const Parameters parameters = tinyParameters();
        const std::string text = "In the beginning."; // two windows of 7, then 2 bytes
        const LanguageModel model(tiny, parameters);
        double expected = 0.0;
        for (const auto& [start, length] : {std::pair(0, 8), {7, 8}, {14, 3}}) {
            std::vector<std::int64_t> bytes;
            for (const char c : text.substr(std::size_t(start), std::size_t(length))) {
                bytes.push_back(static_cast<unsigned char>(c));
            }
            expected += model.loss(bytesTensor(bytes)).item<double>();
        }
        const double found = textLoss(tiny, parameters, text, {}, {});
        QVERIFY(std::abs(found - expected / 16.0) < 1e-6);
    }

    void initialisation() {
        const LanguageModelConfig config;
        const Parameters parameters = initialLanguageModel(config, 1, at::kCPU);
        const auto deviation = [&](const std::string& name) {
            return parameters.load(name).detach().pow(2).mean().sqrt().item<double>();
        };
        QVERIFY(std::abs(deviation("layers.0.attention.wq.weight") - 0.02) < 5e-4);
        QVERIFY(std::abs(deviation("layers.1.attention.wo.weight") - 0.01) < 3e-4);
        QVERIFY(std::abs(deviation("layers.1.feed_forward.w2.weight") - 0.01) < 3e-4);
        QCOMPARE(deviation("layers.0.ffn_norm.weight"), 1.0);
        const Parameters same = initialLanguageModel(config, 1, at::kCPU);
        const Parameters other = initialLanguageModel(config, 2, at::kCPU);
        const std::string name = "layers.0.attention.wq.weight";
        QVERIFY(same.load(name).equal(parameters.load(name)));
        QVERIFY(!other.load(name).equal(parameters.load(name)));
        QVERIFY(!parameters.load("layers.0.attention.wk.weight").equal(parameters.load(name)));
    }
};

QTEST_GUILESS_MAIN(LanguageModelTest)
#include "language_model_test.moc"

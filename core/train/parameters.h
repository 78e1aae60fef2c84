#pragma once

#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/nn/tensor_store.h"

namespace vitreous {

/// One tensor of a model in training.
struct Parameter {
    std::string name;
    at::Tensor value; ///< fp32; a leaf that asks for its gradient where trained
    bool trained = true;

    /// A mean or variance of BatchNorm: not trained, but moved along by training.
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] bool changes() const { return trained || isRunning(); }
};

/// True for a running mean or variance of BatchNorm.
bool isRunning(const std::string& name);

/// The tensors of a model in training, in the order they were added. A network built from them is
/// differentiated with respect to those that are trained.
class Parameters final : public TensorSource {
public:
    /// value: taken over, made contiguous fp32. The name must be new.
    void add(std::string name, const at::Tensor& value, bool trained);

    [[nodiscard]] at::Tensor load(const std::string& name) const override;
    [[nodiscard]] at::Tensor loadOptional(const std::string& name) const override;

    [[nodiscard]] const std::vector<Parameter>& all() const { return list_; }
    /// The leaves that are trained, in order.
    [[nodiscard]] std::vector<at::Tensor> trained() const;
    /// Replaces the values of a parameter in place. Shapes have to agree.
    void set(const std::string& name, const at::Tensor& value);
    /// True where every value of every parameter that changes is finite.
    [[nodiscard]] bool areFinite() const;

private:
    std::vector<Parameter> list_;
    std::map<std::string, std::size_t> index_;
};

} // namespace vitreous

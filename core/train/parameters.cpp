#include "core/train/parameters.h"

#include <algorithm>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/isfinite.h>

namespace vitreous {

bool isRunning(const std::string& name) {
    return name.ends_with(".running_mean") || name.ends_with(".running_var");
}

bool Parameter::isRunning() const {
    return vitreous::isRunning(name);
}

void Parameters::add(std::string name, const at::Tensor& value, bool trained) {
    const at::Tensor leaf = value.detach().to(at::kFloat).contiguous();
    leaf.requires_grad_(trained);
    index_.emplace(name, list_.size());
    list_.push_back({std::move(name), leaf, trained});
}

at::Tensor Parameters::load(const std::string& name) const {
    return list_[index_.at(name)].value;
}

at::Tensor Parameters::loadOptional(const std::string& name) const {
    const auto it = index_.find(name);
    return it == index_.end() ? at::Tensor() : list_[it->second].value;
}

std::vector<at::Tensor> Parameters::trained() const {
    std::vector<at::Tensor> leaves;
    for (const Parameter& parameter : list_) {
        if (parameter.trained) {
            leaves.push_back(parameter.value);
        }
    }
    return leaves;
}

void Parameters::set(const std::string& name, const at::Tensor& value) {
    const at::NoGradGuard no_gradient;
    list_[index_.at(name)].value.copy_(value);
}

bool Parameters::areFinite() const {
    const at::NoGradGuard no_gradient;
    return std::all_of(list_.begin(), list_.end(), [](const Parameter& parameter) {
        return !parameter.changes() || at::isfinite(parameter.value).all().item<bool>();
    });
}

} // namespace vitreous

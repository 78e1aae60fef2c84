#include "core/train/adamw.h"

#include <cmath>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros_like.h>
#include <torch/optim/adamw.h>
#include <torch/version.h>

#include "core/base/array.h"
#include "core/base/error.h"

namespace vitreous {
namespace {

/// Tokens and positions have three dimensions and are not decayed, as in timm.
bool isDecayed(const Parameter& parameter) {
    return parameter.value.dim() > 1 && parameter.name != "pos_embed" &&
           parameter.name != "cls_pos" && !parameter.name.ends_with("_token") &&
           !parameter.name.starts_with("tok_embeddings");
}

auto stateKey(const at::Tensor& tensor) {
#if TORCH_VERSION_MAJOR >= 2
    return tensor.unsafeGetTensorImpl();
#else
    return c10::guts::to_string(tensor.unsafeGetTensorImpl());
#endif
}

/// A moment where the parameter is, of its shape. Throws Error{Model}.
at::Tensor
momentOf(const TensorSource& moments, const std::string& kind, const Parameter& parameter) {
    const at::Tensor moment = moments.load(kind + parameter.name);
    if (moment.sizes() != parameter.value.sizes()) {
        throw Error(
            ErrorCode::Model, kind + parameter.name + ": expected " +
                                  shapeText(parameter.value.sizes().vec()) + ", found " +
                                  shapeText(moment.sizes().vec()));
    }
    return moment.to(parameter.value.device(), at::kFloat, /*non_blocking=*/false, /*copy=*/true);
}

} // namespace

class AdamW::Impl {
public:
    Impl(const Parameters& parameters, double weight_decay) {
        std::vector<at::Tensor> decayed;
        std::vector<at::Tensor> others;
        for (const Parameter& parameter : parameters.all()) {
            if (parameter.trained) {
                trained_.push_back(parameter);
                (isDecayed(parameter) ? decayed : others).push_back(parameter.value);
            }
        }
        const auto group = [](const std::vector<at::Tensor>& tensors, double decay) {
            return torch::optim::OptimizerParamGroup(
                tensors, std::make_unique<torch::optim::AdamWOptions>(
                             torch::optim::AdamWOptions().weight_decay(decay)));
        };
        optimizer_ = std::make_unique<torch::optim::AdamW>(
            std::vector{group(decayed, weight_decay), group(others, 0.0)});
    }

    double step(const std::vector<at::Tensor>& gradients, double learning_rate, double clip) {
        const at::NoGradGuard no_gradient;
        double square = 0.0;
        for (const at::Tensor& gradient : gradients) {
            square += gradient.pow(2).sum().item<double>();
        }
        const double norm = std::sqrt(square);
        if (!std::isfinite(norm)) {
            return norm;
        }
        const double scale = clip > 0.0 && norm > clip ? clip / norm : 1.0;
        for (std::size_t i = 0; i < trained_.size(); ++i) {
            trained_[i].value.mutable_grad() = gradients[i] * scale;
        }
        for (torch::optim::OptimizerParamGroup& group : optimizer_->param_groups()) {
            group.options().set_lr(learning_rate);
        }
        optimizer_->step();
        for (Parameter& parameter : trained_) {
            parameter.value.mutable_grad().reset();
        }
        return norm;
    }

    std::vector<std::pair<std::string, at::Tensor>> state() const {
        std::vector<std::pair<std::string, at::Tensor>> list;
        for (const Parameter& parameter : trained_) {
            const auto& states = optimizer_->state();
            const auto it = states.find(stateKey(parameter.value));
            at::Tensor average;
            at::Tensor square;
            if (it != states.end()) {
                const auto& held = static_cast<const torch::optim::AdamWParamState&>(*it->second);
                average = held.exp_avg();
                square = held.exp_avg_sq();
            } else {
                average = at::zeros_like(parameter.value);
                square = average;
            }
            list.emplace_back("exp_avg." + parameter.name, average.detach());
            list.emplace_back("exp_avg_sq." + parameter.name, square.detach());
        }
        return list;
    }

    void restore(const TensorSource& moments, std::int64_t steps) {
        if (steps == 0) {
            return;
        }
        for (const Parameter& parameter : trained_) {
            auto held = std::make_unique<torch::optim::AdamWParamState>();
            held->step(steps);
            held->exp_avg(momentOf(moments, "exp_avg.", parameter));
            held->exp_avg_sq(momentOf(moments, "exp_avg_sq.", parameter));
            optimizer_->state()[stateKey(parameter.value)] = std::move(held);
        }
    }

private:
    std::vector<Parameter> trained_;
    std::unique_ptr<torch::optim::AdamW> optimizer_;
};

AdamW::AdamW(const Parameters& parameters, double weight_decay)
    : impl_(std::make_unique<Impl>(parameters, weight_decay)) {}

AdamW::~AdamW() = default;

double AdamW::step(const std::vector<at::Tensor>& gradients, double learning_rate, double clip) {
    return impl_->step(gradients, learning_rate, clip);
}

std::vector<std::pair<std::string, at::Tensor>> AdamW::state() const {
    return impl_->state();
}

void AdamW::restore(const TensorSource& moments, std::int64_t steps) {
    impl_->restore(moments, steps);
}

} // namespace vitreous

#include "core/train/gradient.h"

#include <algorithm>

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

namespace vitreous {
namespace {

/// bf16 autocast for the calling thread, while it lives.
class Autocast {
public:
    Autocast(bool on, const at::Device& device) : on_(on), cuda_(device.is_cuda()) {
        if (on_) {
            at::autocast::increment_nesting();
            set(true);
        }
    }
    Autocast(const Autocast&) = delete;
    Autocast& operator=(const Autocast&) = delete;
    ~Autocast() {
        if (on_) {
            set(false);
            if (at::autocast::decrement_nesting() == 0) {
                at::autocast::clear_cache();
            }
        }
    }

private:
    void set(bool enabled) const {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
        const at::DeviceType type = cuda_ ? at::kCUDA : at::kCPU;
        at::autocast::set_autocast_dtype(type, at::kBFloat16);
        at::autocast::set_autocast_enabled(type, enabled);
#else
        if (cuda_) {
            at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
            at::autocast::set_enabled(enabled);
        } else {
            at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
            at::autocast::set_cpu_enabled(enabled);
        }
#endif
    }

    bool on_;
    bool cuda_;
};

} // namespace

void forEachShard(const ShardPlan& plan, const std::function<void(std::int64_t)>& work) {
    const auto run = [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t shard = begin; shard < end; ++shard) {
            const Autocast autocast(plan.mixed, plan.device);
            work(shard);
        }
    };
    if (plan.device.is_cpu()) {
        at::parallel_for(0, plan.shards, 1, run);
    } else {
        run(0, plan.shards);
    }
}

std::vector<at::Tensor> shardedGradients(
    const std::vector<at::Tensor>& leaves,
    const ShardPlan& plan,
    const std::function<at::Tensor(std::int64_t)>& loss) {
    std::vector<at::Tensor> sum;
    // As many at once as there are threads, so that no more gradients than that are held.
    const std::int64_t at_once = plan.device.is_cpu() ? std::max(1, at::get_num_threads()) : 1;
    for (std::int64_t first = 0; first < plan.shards; first += at_once) {
        ShardPlan group = plan;
        group.shards = std::min(at_once, plan.shards - first);
        std::vector<std::vector<at::Tensor>> parts(static_cast<std::size_t>(group.shards));
        forEachShard(group, [&](std::int64_t shard) {
            parts[static_cast<std::size_t>(shard)] =
                torch::autograd::grad({loss(first + shard)}, leaves, {}, /*retain_graph=*/false);
        });
        for (std::vector<at::Tensor>& part : parts) {
            if (sum.empty()) {
                sum = std::move(part);
                continue;
            }
            for (std::size_t i = 0; i < sum.size(); ++i) {
                // Not in place: a gradient may be a view of another, as of a broadcast sum.
                sum[i] = sum[i] + part[i];
            }
        }
    }
    return sum;
}

} // namespace vitreous

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "widgets/cloud/cell_colors.h"
#include "widgets/cloud/cloud_renderer.h"
#include "widgets/cloud/cloud_surface.h"
#include "widgets/cloud/seen_points.h"

namespace vitreous {

/// What the cells of a frame that show one cloud at one size have in common. It is kept from frame
/// to frame, and made anew where the frame asks for something else: other values alone do not.
class CloudLayer {
public:
    /// What a cell's colours are painted on.
    struct Ground {
        const CloudSurface* surface = nullptr;
        const SeenWeights* weights = nullptr; ///< null where the cell has none
    };

    [[nodiscard]] bool isOf(const CloudCell& cell) const;
    /// Before the cells of a frame are looked at.
    void begin() { is_used_ = false; }
    [[nodiscard]] bool isUsed() const { return is_used_; }
    /// Projects, lights and gathers what the cell needs and is not there yet. It stays where it is
    /// until the next frame.
    Ground prepare(const CloudCell& cell, const CloudFrame& frame, std::size_t threads);
    /// Forgets what this frame had no use for.
    void end();

private:
    /// What the projection depends on, but for the cloud.
    struct View {
        QSize size;
        CloudCamera camera;
        double disc = 1.0;
        std::size_t step = 1;

        friend bool operator==(const View&, const View&) = default;
    };
    /// What is made once and found again. Outdated, its memory is taken for the next.
    struct Kept {
        bool is_valid = false;
        bool is_used = false; ///< by this frame
    };
    struct Weighted : Kept {
        std::weak_ptr<const GroupWeights> source;
        SeenWeights weights;
    };
    struct Lit : Kept {
        std::weak_ptr<const GroupWeights> centers; ///< whose spheres are shown
        bool has_centers = false;
        CloudShading shading = CloudShading::None;
        QRgb ground = 0;
        CloudSurface surface;
        std::vector<std::unique_ptr<Weighted>> weighted;
    };
    void project(const CloudCell& cell, const CloudFrame& frame, std::size_t threads);
    Lit& light(const CloudCell& cell, const CloudLook& look, std::size_t threads);

    std::weak_ptr<const CloudShape> shape_; ///< a frame owns it, and not what is kept after it
    View view_;
    bool is_used_ = false;
    SeenPoints points_;
    std::vector<std::unique_ptr<Lit>> lit_;
};

} // namespace vitreous

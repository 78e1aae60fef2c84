#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis/model.h"
#include "core/export/point_files.h"
#include "core/media/colormap.h"
#include "core/points/cloud_file.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// Files of a point cloud beside its arrays.
struct PointFileOptions {
    bool csv = false;       ///< a table, a row a group
    bool ply = false;       ///< the whole cloud, coloured
    std::string color_by{}; ///< the map that colours, "magnitude/blocks.11"; empty: the usual one
    GroupValues values = GroupValues::Weighted;
    Colormap colormap = Colormap::Viridis;

    [[nodiscard]] bool any() const { return csv || ply; }
};

/// `analyze`: models times inputs, to files.
struct AnalyzeArguments {
    std::vector<ModelSpec> models;
    std::vector<std::filesystem::path> inputs; ///< files and directories, as given
    std::filesystem::path output;
    DeviceSpec device;
    AnalysisOptions options;
    int threads = 0; ///< 0: one a physical core
    int batch = 1;   ///< inputs to one forward pass
    CloudOptions clouds{};
    PointFileOptions point_files{};
    bool resume = false;
    bool progress = false; ///< also where stderr is no terminal
};

/// The options of `analyze` as they are typed.
class AnalyzeOptions {
public:
    /// Adds the command to the program.
    explicit AnalyzeOptions(CLI::App& app);
    AnalyzeOptions(const AnalyzeOptions&) = delete;
    AnalyzeOptions& operator=(const AnalyzeOptions&) = delete;
    ~AnalyzeOptions();

    /// True once the command line that was parsed has this command.
    [[nodiscard]] bool parsed() const;
    /// What was asked for. Throws Error{Usage}.
    [[nodiscard]] AnalyzeArguments arguments() const;

private:
    struct Typed;
    void addPointOptions();

    std::unique_ptr<Typed> typed_;
    CLI::App* command_;
};

} // namespace vitreous::cli

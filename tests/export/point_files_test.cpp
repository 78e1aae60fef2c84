// Coloured clouds and tables of groups, read back.

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <random>
#include <sstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/export/point_files.h"
#include "core/points/cloud_file.h"
#include "core/points/group_weights.h"
#include "tests/support/failure.h"
#include "tests/support/hindrance.h"

using namespace vitreous;
using namespace vitreous::testing;
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

/// A written `.ply`: its header by lines, and the values of its vertices.
struct Ply {
    Words comments;
    Words names; ///< of the properties, in order
    std::map<std::string, std::string> types;
    std::map<std::string, std::vector<double>> values;
};

Words split(const std::string& text, char at) {
    Words words;
    std::istringstream stream(text);
    for (std::string word; std::getline(stream, word, at);) {
        words.push_back(word);
    }
    return words;
}

template <typename Number>
double take(const char*& bytes) {
    Number value{};
    std::memcpy(&value, bytes, sizeof value);
    bytes += sizeof value;
    return double(value);
}

Ply readBack(const fs::path& path) {
    const std::string bytes = bytesOf(path);
    const std::string end = "\nend_header\n";
    const std::size_t body = bytes.find(end) + end.size();
    Ply ply;
    std::size_t count = 0;
    const Words lines = split(bytes.substr(0, body), '\n');
    for (const std::string& line : lines) {
        const Words words = split(line, ' ');
        if (words[0] == "comment") {
            ply.comments.push_back(line.substr(8));
        } else if (words[0] == "element") {
            count = std::stoul(words[2]);
        } else if (words[0] == "property") {
            ply.names.push_back(words[2]);
            ply.types[words[2]] = words[1];
        }
    }
    const char* at = bytes.data() + body;
    for (std::size_t i = 0; i < count; ++i) {
        for (const std::string& name : ply.names) {
            const std::string& type = ply.types[name];
            ply.values[name].push_back(
                type == "float"    ? take<float>(at)
                : type == "double" ? take<double>(at)
                : type == "int"    ? take<std::int32_t>(at)
                                   : take<std::uint8_t>(at));
        }
    }
    if (at != bytes.data() + bytes.size() || lines[0] != "ply" ||
        lines[1] != "format binary_little_endian 1.0") {
        ply.names.clear();
    }
    return ply;
}

/// A cloud in a ball of that radius about a place.
PointCloud ball(std::size_t points, float radius, float place) {
    PointCloud cloud;
    std::mt19937 random(5);
    std::uniform_real_distribution<float> side(-radius, radius);
    for (std::size_t i = 0; i < 3 * points; ++i) {
        cloud.positions.push_back(place + side(random));
    }
    return cloud;
}

/// Seven groups, three taps, two blocks of two heads.
AnalysisResult sampleResult() {
    AnalysisResult result;
    result.model_label = "points";
    std::mt19937 random(6);
    std::uniform_real_distribution<float> side(-1.0F, 1.0F);
    const auto random_array = [&](std::vector<std::int64_t> shape) {
        Array array{std::move(shape), {}};
        for (std::int64_t i = 0; i < elementCount(array.shape); ++i) {
            array.values.push_back(side(random));
        }
        return array;
    };
    for (const char* tap : {"blocks.0", "llama.layers.0.attention+residual", "norm"}) {
        result.taps.push_back({tap, tap});
        result.magnitude[tap] = random_array({7});
        result.frequency[tap] = random_array({7});
    }
    for (const char* block : {"blocks.0", "llama.layers.0"}) {
        result.blocks.push_back({block, block});
        result.cls_attention[block] = random_array({2, 7});
    }
    result.centers = random_array({7, 3});
    result.groups = random_array({7, 2});
    return result;
}

} // namespace

class PointFilesTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void mapsAreInForwardOrder() {
        const AnalysisResult result = sampleResult();
        const auto namesOf = [](const std::vector<GroupMap>& maps) {
            Words names;
            for (const GroupMap& map : maps) {
                names.push_back(map.name);
            }
            return names;
        };
        const std::string middle = "llama.layers.0.attention+residual";
        const Words plain = {"magnitude/blocks.0",     "magnitude/" + middle,
                             "magnitude/norm",         "frequency/blocks.0",
                             "frequency/" + middle,    "frequency/norm",
                             "cls_attention/blocks.0", "cls_attention/llama.layers.0"};
        const std::vector<GroupMap> maps = groupMaps(result, false);
        QCOMPARE(namesOf(maps), plain);
        const std::vector<float>& rows = result.cls_attention.at("blocks.0").values;
        QVERIFY(std::abs(maps[6].values[3] - (rows[3] + rows[10]) / 2.0F) < 1e-7F);
        const std::vector<GroupMap> heads = groupMaps(result, true);
        QCOMPARE(heads.size(), plain.size() + 4);
        QCOMPARE(heads[8].name, "cls_attention/blocks.0_head1");
        QCOMPARE(heads[8].values, (std::vector<float>(rows.begin() + 7, rows.end())));
    }

    void theLastMagnitudeColours() {
        AnalysisResult result = sampleResult();
        QCOMPARE(defaultColoring(result), "magnitude/norm");
        result.magnitude.clear();
        QCOMPARE(defaultColoring(result), "frequency/norm");
        result.frequency.clear();
        QCOMPARE(defaultColoring(result), "cls_attention/llama.layers.0");
        result.cls_attention.clear();
        QCOMPARE(defaultColoring(result), "");
    }

    void theWholeCloudComesBack() {
        const PointCloud cloud = ball(20000, 3.0F, 10.0F);
        const AnalysisResult result = sampleResult();
        writeColoredCloud(path("a.ply"), cloud, result, {.color_by = "frequency/blocks.0"});
        const PointCloud back = readPointCloud(path("a.ply"));
        QVERIFY(back.positions == cloud.positions);
        QCOMPARE(back.colors.size(), cloud.positions.size());
        const std::vector<float>& map = result.frequency.at("blocks.0").values;
        const auto [low, high] = std::minmax_element(map.begin(), map.end());
        const Ply ply = readBack(path("a.ply"));
        QCOMPARE(ply.values.at("frequency_blocks_0").size(), cloud.size());
        const UnitSphere sphere = unitSphereOf(cloud.positions);
        for (std::size_t i = 0; i < cloud.size(); ++i) {
            const PointShares shares =
                sharesAt(placedIn(sphere, &cloud.positions[3 * i]), result.centers.values);
            QCOMPARE(ply.values.at("group")[i], double(shares.groups[0]));
            const float value = valueAt(shares, map);
            QCOMPARE(float(ply.values.at("frequency_blocks_0")[i]), value);
            const double place = (double(value) - double(*low)) / (double(*high) - double(*low));
            const auto entry = std::size_t(std::lround(place * 255.0));
            const auto& color = colorTable(Colormap::Viridis)[entry];
            QVERIFY(std::memcmp(&back.colors[3 * i], color.data(), 3) == 0);
        }
    }

    void headersAreForEveryReader() {
        AnalysisResult result = sampleResult();
        result.model_label = "p\u00f6int\nend_header";
        writeColoredCloud(path("a.ply"), ball(10, 1.0F, 0.0F), result, {.input_sha256 = "abc"});
        const Ply ply = readBack(path("a.ply"));
        const std::string middle = "llama_layers_0_attention_residual";
        const Words names = {
            "x",
            "y",
            "z",
            "red",
            "green",
            "blue",
            "magnitude_blocks_0",
            "magnitude_" + middle,
            "magnitude_norm",
            "frequency_blocks_0",
            "frequency_" + middle,
            "frequency_norm",
            "cls_attention_blocks_0",
            "cls_attention_llama_layers_0",
            "group"};
        QCOMPARE(ply.names, names);
        QCOMPARE(ply.types.at("x"), "float");
        QCOMPARE(ply.types.at("red"), "uchar");
        QCOMPARE(ply.types.at("group"), "int");
        QVERIFY(ply.comments[0].starts_with("Vitreous 0"));
        QCOMPARE(ply.comments[1], "model: p?int?end_header");
        QCOMPARE(ply.comments[2], "input SHA-256: abc");
        QVERIFY(ply.comments[3].starts_with("colours: magnitude/norm, viridis from -"));
        QCOMPARE(
            ply.comments[4], "values: inverse-distance weights over the 3 nearest group centres");
        QCOMPARE(
            ply.comments[6],
            "magnitude_" + middle + ": magnitude/llama.layers.0.attention+residual");
        QCOMPARE(ply.comments.size(), std::size_t{13});
    }

    void propertiesStayApart() {
        AnalysisResult result;
        result.centers = {{1, 3}, {0, 0, 0}};
        for (const char* tap : {"a.b", "a_b", "a-b"}) {
            result.taps.push_back({tap, tap});
            result.magnitude[tap] = {{1}, {1.0F}};
        }
        writeColoredCloud(path("a.ply"), ball(4, 1.0F, 0.0F), result, {});
        const Words names = readBack(path("a.ply")).names;
        QCOMPARE(
            Words(names.begin() + 6, names.end() - 1),
            (Words{"magnitude_a_b", "magnitude_a_b_2", "magnitude_a_b_3"}));
    }

    void rawValuesAreTheNearestGroups() {
        const AnalysisResult result = sampleResult();
        const PointCloud cloud = ball(500, 1.0F, 0.0F);
        writeColoredCloud(
            path("a.ply"), cloud, result,
            {.color_by = "magnitude/norm",
             .values = GroupValues::Raw,
             .colormap = Colormap::Gray,
             .range = std::pair(-1.0F, 1.0F),
             .sphere = UnitSphere{}});
        const Ply ply = readBack(path("a.ply"));
        QCOMPARE(ply.comments[3], "values: of the nearest group centre");
        QCOMPARE(ply.comments[2], "colours: magnitude/norm, gray from -1 to 1");
        for (std::size_t i = 0; i < cloud.size(); ++i) {
            const auto group = std::size_t(ply.values.at("group")[i]);
            const float value = result.magnitude.at("norm").values[group];
            QCOMPARE(float(ply.values.at("magnitude_norm")[i]), value);
            QCOMPARE(ply.values.at("red")[i], std::round((double(value) + 1.0) / 2.0 * 255.0));
            // The cloud is in the space of the centres already.
            QCOMPARE(
                group, std::size_t(sharesAt(
                                       {cloud.positions[3 * i], cloud.positions[3 * i + 1],
                                        cloud.positions[3 * i + 2]},
                                       result.centers.values)
                                       .groups[0]));
        }
    }

    void farCoordinatesAreDouble() {
        std::ofstream rows(path("far.xyz"));
        rows << "500000.25 5600000.5 100\n500001 5600000.5 101.125\n500000.25 5600002 102\n";
        rows.close();
        const PointCloud cloud = readPointCloud(path("far.xyz"));
        QVERIFY(cloud.origin[0] != 0.0);
        writeColoredCloud(path("a.ply"), cloud, sampleResult(), {});
        const Ply ply = readBack(path("a.ply"));
        QCOMPARE(ply.types.at("x"), "double");
        QCOMPARE(ply.values.at("x"), (std::vector<double>{500000.25, 500001, 500000.25}));
        QCOMPARE(ply.values.at("y")[2], 5600002.0);
        QCOMPARE(ply.values.at("z")[1], 101.125);
        const PointCloud back = readPointCloud(path("a.ply"));
        QVERIFY(back.positions == cloud.positions && back.origin == cloud.origin);
    }

    void groupsWithoutAValueAreGray() {
        AnalysisResult result = sampleResult();
        result.magnitude.at("norm").values = std::vector<float>(7, nan_value);
        result.magnitude.at("blocks.0").values = {2, 2, 2, nan_value, 2, 2, 2};
        const PointCloud cloud = ball(20, 1.0F, 0.0F);
        writeColoredCloud(path("a.ply"), cloud, result, {});
        const Ply none = readBack(path("a.ply"));
        QCOMPARE(none.values.at("green")[3], 128.0);
        QVERIFY(std::isnan(none.values.at("magnitude_norm")[3]));
        // A map without extent has the lowest colour.
        writeColoredCloud(path("a.ply"), cloud, result, {.color_by = "magnitude/blocks.0"});
        const Ply flat = readBack(path("a.ply"));
        QVERIFY(std::abs(flat.values.at("magnitude_blocks_0")[3] - 2.0) < 1e-6);
        QCOMPARE(flat.values.at("red")[3], double(colorTable(Colormap::Viridis)[0][0]));
    }

    void tablesHaveARowAGroup() {
        AnalysisResult result = sampleResult();
        result.frequency.at("norm").values[6] = nan_value;
        writeCloudCsv(path("a.csv"), result);
        const Words lines = split(bytesOf(path("a.csv")), '\n');
        QCOMPARE(lines.size(), std::size_t{8});
        const Words titles = split(lines[0], ',');
        const std::vector<GroupMap> maps = groupMaps(result, true);
        QCOMPARE(
            Words(titles.begin(), titles.begin() + 4),
            (Words{"group", "center_x", "center_y", "center_z"}));
        QCOMPARE(titles.size(), 4 + maps.size());
        QCOMPARE(titles[4], "magnitude/blocks.0");
        QCOMPARE(titles.back(), "cls_attention/llama.layers.0_head1");
        for (std::size_t group = 0; group < 7; ++group) {
            const Words words = split(lines[group + 1], ',');
            QCOMPARE(words.size(), titles.size());
            QCOMPARE(words[0], std::to_string(group));
            QCOMPARE(std::stof(words[2]), result.centers.values[3 * group + 1]);
            for (std::size_t i = 0; i < maps.size(); ++i) {
                const float value = maps[i].values[group];
                QVERIFY(
                    std::isnan(value) ? words[i + 4] == "nan" : std::stof(words[i + 4]) == value);
            }
        }
    }

    void tablesOfManyGroupsAreWhole() {
        AnalysisResult result;
        constexpr std::int64_t groups = 20000;
        result.centers = {{groups, 3}, std::vector<float>(3 * groups, 0.1F)};
        result.taps = {{"norm", "norm"}};
        result.magnitude["norm"] = {{groups}, std::vector<float>(groups, 1.5F)};
        writeCloudCsv(path("a.csv"), result);
        const Words lines = split(bytesOf(path("a.csv")), '\n');
        QCOMPARE(lines.size(), std::size_t{groups + 1});
        QCOMPARE(lines.back(), "19999,0.1,0.1,0.1,1.5");
    }

    void whatCannotBeWrittenIsSaid() {
        const PointCloud cloud = ball(10, 1.0F, 0.0F);
        const Failure unknown = failureOf([&] {
            writeColoredCloud(path("a.ply"), cloud, sampleResult(), {.color_by = "magnitude/x"});
        });
        QCOMPARE(unknown.code, ErrorCode::Usage);
        QVERIFY(unknown.message.find("'magnitude/x'") != std::string::npos);
        AnalysisResult picture = sampleResult();
        picture.centers = {};
        QCOMPARE(
            failureOf([&] { writeColoredCloud(path("a.ply"), cloud, picture, {}); }).code,
            ErrorCode::Input);
        QCOMPARE(failureOf([&] { writeCloudCsv(path("a.csv"), picture); }).code, ErrorCode::Input);
        AnalysisResult empty;
        empty.centers = {{1, 3}, {0, 0, 0}};
        QCOMPARE(
            failureOf([&] { writeColoredCloud(path("a.ply"), cloud, empty, {}); }).code,
            ErrorCode::Usage);
        QVERIFY(fs::is_empty(folder_->path().toStdString()));
    }

    void fullDisksLeaveNothing() {
        const PointCloud cloud = ball(10000, 1.0F, 0.0F);
        {
            const FullDisk full(4096);
            for (const auto& write : std::vector<std::function<void()>>{
                     [&] { writeColoredCloud(path("a.ply"), cloud, sampleResult(), {}); },
                     [&] {
                         AnalysisResult many = sampleResult();
                         many.centers = {{9999, 3}, std::vector<float>(29997)};
                         many.taps = {{"norm", "norm"}};
                         many.blocks = {};
                         many.frequency = {};
                         many.magnitude["norm"] = {{9999}, std::vector<float>(9999)};
                         writeCloudCsv(path("a.csv"), many);
                     }}) {
                const Failure failure = failureOf(write);
                QCOMPARE(failure.code, ErrorCode::Resource);
            }
        }
        QVERIFY(fs::is_empty(folder_->path().toStdString()));
    }

    void stopsWithinTheFile() {
        const PointCloud cloud = ball(100000, 1.0F, 0.0F);
        std::stop_source stop;
        int reports = 0;
        const Task task{.stop = stop.get_token(), .progress = [&](const Progress& progress) {
                            if (++reports == 3) {
                                QVERIFY(progress.fraction > 0.0 && progress.fraction < 0.5);
                                stop.request_stop();
                            }
                        }};
        const Failure failure =
            failureOf([&] { writeColoredCloud(path("a.ply"), cloud, sampleResult(), {}, task); });
        QCOMPARE(failure.code, ErrorCode::Interrupted);
        QCOMPARE(reports, 3);
        QCOMPARE(
            failureOf([&] { writeCloudCsv(path("a.csv"), sampleResult(), task); }).code,
            ErrorCode::Interrupted);
        QVERIFY(fs::is_empty(folder_->path().toStdString()));
    }

private:
    fs::path path(const char* name) { return folder_->filePath(name).toStdString(); }

    std::unique_ptr<QTemporaryDir> folder_;
};

QTEST_APPLESS_MAIN(PointFilesTest)
#include "point_files_test.moc"

#include "app/desktop/options.h"

#include <algorithm>
#include <array>

#include <QCommandLineParser>
#include <QRegularExpression>

#include "core/base/error.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Options)
};

[[noreturn]] void refuse(const QString& option, const QString& expected, const QString& found) {
    throw Error(
        ErrorCode::Usage,
        QStringLiteral("--%1: expected %2, found '%3'").arg(option, expected, found).toStdString());
}

void setUp(QCommandLineParser& parser) {
    parser.setApplicationDescription(
        Text::tr("Shows which tokens the layers of vision transformers care about, models side by "
                 "side."));
    // Qt's own help option brings --help-all, which has nothing more to say here.
    parser.addOptions({
        {{QStringLiteral("h"), QStringLiteral("help")}, Text::tr("Print this help and end.")},
        {{QStringLiteral("v"), QStringLiteral("version")}, Text::tr("Print the version and end.")},
        {QStringLiteral("screenshot"), Text::tr("Write a picture of the window and end."),
         QStringLiteral("OUT.png")},
        {QStringLiteral("export"), Text::tr("Write the comparison as a figure and end."),
         QStringLiteral("OUT.png|OUT.pdf")},
        {QStringLiteral("view"),
         Text::tr("What is shown, words with commas: layers (default), heads, figure3, scrub, "
                  "difference or filmstrip; magnitude (default), frequency, attention or "
                  "token_attention; heat, "
                  "contour or side_by_side; of point clouds raw_groups, centers, front, side, top, "
                  "z_up."),
         QStringLiteral("NAME,...")},
        {QStringLiteral("pin"),
         Text::tr("Pin the token of that row and column; of a point cloud 1,GROUP."),
         QStringLiteral("ROW,COLUMN")},
        {QStringLiteral("frame"), Text::tr("Look at that frame of a video, counted from 1."),
         QStringLiteral("N")},
        {QStringLiteral("size"), Text::tr("Size of the window in pixels, such as 1440x900."),
         QStringLiteral("WxH")},
        {QStringLiteral("theme"), Text::tr("light or dark."), QStringLiteral("NAME")},
        {QStringLiteral("device"), Text::tr("auto (default), cpu, cuda or cuda:N."),
         QStringLiteral("NAME")},
        {QStringLiteral("precision"), Text::tr("fp32 (default), bf16 or fp16."),
         QStringLiteral("NAME")},
        {QStringLiteral("threads"), Text::tr("Threads of inference; 0 (default): one a core."),
         QStringLiteral("N")},
    });
    parser.addPositionalArgument(
        QStringLiteral("FILE"),
        Text::tr(
            "Checkpoints (PATH[,heads=N][,llm_heads=N][,label=TEXT]...), pictures, videos, "
            "point clouds, .npy inputs, folders and .vitreous sessions, in any order. None: the "
            "demo comparison."),
        QStringLiteral("[FILE...]"));
}

/// A word of --view and what it does to the view.
struct ViewWord {
    const char* word;
    void (*apply)(ViewState& view);
};

void turn(ViewState& view, CameraView side) {
    view.cloud.camera = turnedTo(view.cloud.camera, side);
}

constexpr std::array view_words = {
    ViewWord{"layers", [](ViewState& view) { view.kind = GridKind::Layers; }},
    ViewWord{"heads", [](ViewState& view) { view.kind = GridKind::Heads; }},
    ViewWord{"figure3", [](ViewState& view) { view.kind = GridKind::Figure3; }},
    ViewWord{"scrub", [](ViewState& view) { view.kind = GridKind::Scrub; }},
    ViewWord{"difference", [](ViewState& view) { view.kind = GridKind::Difference; }},
    ViewWord{"filmstrip", [](ViewState& view) { view.kind = GridKind::Filmstrip; }},
    ViewWord{"magnitude", [](ViewState& view) { view.map = MapKind::Magnitude; }},
    ViewWord{"frequency", [](ViewState& view) { view.map = MapKind::Frequency; }},
    ViewWord{"attention", [](ViewState& view) { view.map = MapKind::ClsAttention; }},
    ViewWord{"cls_attention", [](ViewState& view) { view.map = MapKind::ClsAttention; }},
    ViewWord{
        "token_attention",
        [](ViewState& view) {
            view.map = MapKind::ClsAttention;
            view.query = AttentionQuery::PinnedToken;
        }},
    ViewWord{"heat", [](ViewState& view) { view.overlay = Overlay::Heat; }},
    ViewWord{"contour", [](ViewState& view) { view.overlay = Overlay::Contour; }},
    ViewWord{"side_by_side", [](ViewState& view) { view.overlay = Overlay::SideBySide; }},
    ViewWord{"raw_groups", [](ViewState& view) { view.cloud.values = GroupValues::Raw; }},
    ViewWord{"centers", [](ViewState& view) { view.cloud.shows_centers = true; }},
    ViewWord{"front", [](ViewState& view) { turn(view, CameraView::Front); }},
    ViewWord{"side", [](ViewState& view) { turn(view, CameraView::Side); }},
    ViewWord{"top", [](ViewState& view) { turn(view, CameraView::Top); }},
    ViewWord{"z_up", [](ViewState& view) { view.cloud.camera.up = UpAxis::Z; }},
};

ViewState viewNamed(const QString& text) {
    ViewState view;
    for (const QString& word : text.split(u',')) {
        const auto* found =
            std::find_if(view_words.begin(), view_words.end(), [&word](const ViewWord& known) {
                return word == QLatin1String(known.word);
            });
        if (found == view_words.end()) {
            QStringList words;
            for (const ViewWord& known : view_words) {
                words << QLatin1String(known.word);
            }
            // Another word for attention, as results call it.
            words.removeAll(QStringLiteral("cls_attention"));
            refuse(QStringLiteral("view"), words.join(QStringLiteral(", ")), word);
        }
        found->apply(view);
    }
    return view;
}

/// "ROW,COLUMN", both counted from 1.
GridSpot spotIn(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^([1-9]\\d{0,3}),([1-9]\\d{0,3})$"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch()) {
        refuse(QStringLiteral("pin"), QStringLiteral("ROW,COLUMN, counted from 1"), text);
    }
    return {match.captured(1).toInt(), match.captured(2).toInt()};
}

int frameIn(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^[1-9]\\d{0,8}$"));
    if (!form.match(text).hasMatch()) {
        refuse(QStringLiteral("frame"), QStringLiteral("a number from 1 on"), text);
    }
    return text.toInt();
}

Precision precisionNamed(const QString& text) {
    for (const Precision precision :
         {Precision::Float32, Precision::BFloat16, Precision::Float16}) {
        const std::string_view known = name(precision);
        if (text == QString::fromUtf8(known.data(), qsizetype(known.size()))) {
            return precision;
        }
    }
    refuse(QStringLiteral("precision"), QStringLiteral("fp32, bf16 or fp16"), text);
}

QSize sizeIn(const QString& text) {
    static const QRegularExpression form(QStringLiteral("^(\\d{3,5})x(\\d{3,5})$"));
    const auto match = form.match(text);
    const QSize size(match.captured(1).toInt(), match.captured(2).toInt());
    if (!match.hasMatch() || size.width() < 640 || size.height() < 400 || size.width() > 8192 ||
        size.height() > 8192) {
        refuse(
            QStringLiteral("size"), QStringLiteral("WIDTHxHEIGHT from 640x400 to 8192x8192"), text);
    }
    return size;
}

void requireEnding(const QString& option, const QString& path, const QStringList& endings) {
    for (const QString& ending : endings) {
        if (path.endsWith(ending, Qt::CaseInsensitive)) {
            return;
        }
    }
    refuse(option, QStringLiteral("a file that ends in ") + endings.join(u" or "), path);
}

void readOutputs(const QCommandLineParser& parser, LaunchOptions& options) {
    if (parser.isSet(QStringLiteral("screenshot"))) {
        options.screenshot = parser.value(QStringLiteral("screenshot"));
        requireEnding(QStringLiteral("screenshot"), options.screenshot, {QStringLiteral(".png")});
    }
    if (parser.isSet(QStringLiteral("export"))) {
        options.export_file = parser.value(QStringLiteral("export"));
        requireEnding(
            QStringLiteral("export"), options.export_file,
            {QStringLiteral(".png"), QStringLiteral(".pdf")});
    }
}

void readDevice(const QCommandLineParser& parser, LaunchOptions& options) {
    if (parser.isSet(QStringLiteral("device"))) {
        const QString device = parser.value(QStringLiteral("device"));
        static const QRegularExpression form(QStringLiteral("^(auto|cpu|cuda(:\\d{1,3})?)$"));
        if (!form.match(device).hasMatch()) {
            refuse(QStringLiteral("device"), QStringLiteral("auto, cpu, cuda or cuda:N"), device);
        }
        options.device.device = device.toStdString();
    }
    if (parser.isSet(QStringLiteral("precision"))) {
        options.device.precision = precisionNamed(parser.value(QStringLiteral("precision")));
    }
    if (parser.isSet(QStringLiteral("threads"))) {
        const QString text = parser.value(QStringLiteral("threads"));
        bool is_number = false;
        options.threads = text.toInt(&is_number);
        if (!is_number || options.threads < 0 || options.threads > 1024) {
            refuse(QStringLiteral("threads"), QStringLiteral("a number from 0 to 1024"), text);
        }
    }
}

} // namespace

LaunchOptions parseOptions(const QStringList& arguments) {
    QCommandLineParser parser;
    setUp(parser);
    LaunchOptions options;
    if (!parser.parse(arguments)) {
        throw Error(ErrorCode::Usage, parser.errorText().toStdString());
    }
    if (parser.isSet(QStringLiteral("help"))) {
        options.text = parser.helpText();
        return options;
    }
    if (parser.isSet(QStringLiteral("version"))) {
        options.text = QStringLiteral("vitreous " VITREOUS_VERSION "\n");
        return options;
    }
    options.files = parser.positionalArguments();
    readOutputs(parser, options);
    readDevice(parser, options);
    if (parser.isSet(QStringLiteral("view"))) {
        options.view = viewNamed(parser.value(QStringLiteral("view")));
    }
    if (parser.isSet(QStringLiteral("frame"))) {
        options.frame = frameIn(parser.value(QStringLiteral("frame")));
    }
    if (parser.isSet(QStringLiteral("pin"))) {
        options.pin = spotIn(parser.value(QStringLiteral("pin")));
    }
    if (parser.isSet(QStringLiteral("size"))) {
        options.size = sizeIn(parser.value(QStringLiteral("size")));
        options.has_size = true;
    }
    if (parser.isSet(QStringLiteral("theme"))) {
        const QString text = parser.value(QStringLiteral("theme"));
        options.theme = themeNamed(text);
        if (!options.theme) {
            refuse(QStringLiteral("theme"), QStringLiteral("light or dark"), text);
        }
    }
    return options;
}

} // namespace vitreous

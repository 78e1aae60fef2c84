#include "widgets/scene/imgui_host.h"

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>
#include <utility>

#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QStyleHints>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "widgets/scene/imgui_colors.h"
#include "widgets/scene/imgui_input.h"

namespace vitreous {
namespace {

/// ImGui measures fonts from ascender to descender; DejaVu Sans has that many ems between them.
constexpr double line_per_em = 1.164;

QString fontFile() {
    for (const char* folder :
         {"/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-fonts",
          "/usr/share/fonts/dejavu", "/usr/share/fonts/TTF"}) {
        QString file = QLatin1String(folder) + QStringLiteral("/DejaVuSans.ttf");
        if (QFileInfo::exists(file)) {
            return file;
        }
    }
    return {};
}

/// Latin, Greek, Cyrillic, punctuation, mathematics.
constexpr std::array<ImWchar, 9> glyph_ranges = {0x0020, 0x024F, 0x0370, 0x052F, 0x2010,
                                                 0x2044, 0x2200, 0x226F, 0};

void setClipboard(void* /*user*/, const char* text) {
    QGuiApplication::clipboard()->setText(QString::fromUtf8(text));
}

const char* clipboard(void* /*user*/) {
    static QByteArray text;
    text = QGuiApplication::clipboard()->text().toUtf8();
    return text.constData();
}

} // namespace

ImGuiHost::ImGuiHost() : context_(ImGui::CreateContext()) {
    makeCurrent();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    // Frames are only made where something happens.
    io.ConfigInputTextCursorBlink = false;
    io.ConfigDragClickToInputText = true;
    io.MouseDoubleClickTime =
        static_cast<float>(QGuiApplication::styleHints()->mouseDoubleClickInterval()) / 1000.0F;
    io.SetClipboardTextFn = setClipboard;
    io.GetClipboardTextFn = clipboard;
    prepareInput();
}

ImGuiHost::~ImGuiHost() {
    ImGui::DestroyContext(context_);
}

void ImGuiHost::makeCurrent() const {
    ImGui::SetCurrentContext(context_);
}

void ImGuiHost::setFont(double pixels) {
    if (pixels == font_pixels_) {
        return;
    }
    makeCurrent();
    font_pixels_ = pixels;
    ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
    fonts.Clear();
    const QByteArray file = fontFile().toLocal8Bit();
    ImFontConfig config;
    config.OversampleH = 2;
    config.OversampleV = 1;
    config.PixelSnapH = true;
    const auto size = static_cast<float>(std::round(pixels * line_per_em));
    if (file.isEmpty() ||
        fonts.AddFontFromFileTTF(file.constData(), size, &config, glyph_ranges.data()) == nullptr) {
        config.SizePixels = size;
        fonts.AddFontDefault(&config);
    }
    fonts.Build();
    is_font_stale_ = true;
}

double ImGuiHost::textWidth(const QString& text) const {
    makeCurrent();
    const ImFont* font = ImGui::GetIO().Fonts->Fonts.front();
    const QByteArray bytes = text.toUtf8();
    return static_cast<double>(
        font->CalcTextSizeA(font->FontSize, FLT_MAX, 0.0F, bytes.constData()).x);
}

double ImGuiHost::lineHeight() const {
    return std::round(font_pixels_ * line_per_em);
}

void ImGuiHost::feed(const QEvent& event, double pixel_ratio) const {
    makeCurrent();
    feedInput(event, pixel_ratio);
}

void ImGuiHost::pointerLeaves() const {
    makeCurrent();
    feedPointer({-FLT_MAX, -FLT_MAX});
}

void ImGuiHost::beginFrame(QSize size) {
    makeCurrent();
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = ImVec2(static_cast<float>(size.width()), static_cast<float>(size.height()));
    // ImGui counts time to tell double clicks.
    const double seconds =
        since_frame_.isValid() ? static_cast<double>(since_frame_.nsecsElapsed()) * 1e-9 : 0.0;
    io.DeltaTime = static_cast<float>(std::max(seconds, 1e-4));
    since_frame_.start();
    ImGui::NewFrame();
}

void ImGuiHost::endFrame() {
    ImGui::Render();
    releaseKeys();
}

void ImGuiHost::dropFocus() const {
    makeCurrent();
    ImGui::SetWindowFocus(nullptr);
}

bool ImGuiHost::wantsMouse() const {
    makeCurrent();
    return ImGui::GetIO().WantCaptureMouse;
}

bool ImGuiHost::wantsText() const {
    makeCurrent();
    return ImGui::GetIO().WantTextInput;
}

Qt::CursorShape ImGuiHost::cursor() const {
    makeCurrent();
    switch (ImGui::GetMouseCursor()) {
    case ImGuiMouseCursor_TextInput:
        return Qt::IBeamCursor;
    case ImGuiMouseCursor_ResizeEW:
        return Qt::SizeHorCursor;
    default:
        return Qt::ArrowCursor;
    }
}

bool ImGuiHost::prepareRenderer() {
    makeCurrent();
    if (!has_renderer_) {
        if (has_failed_ || !ImGui_ImplOpenGL3_Init("#version 330")) {
            has_failed_ = true;
            return false;
        }
        has_renderer_ = true;
    } else if (is_font_stale_) {
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
    }
    is_font_stale_ = false;
    ImGui_ImplOpenGL3_NewFrame();
    return true;
}

void ImGuiHost::render() const {
    makeCurrent();
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void ImGuiHost::render(const QRect& part) const {
    makeCurrent();
    ImDrawData& frame = *ImGui::GetDrawData();
    const ImVec2 place = std::exchange(frame.DisplayPos, imguiPoint(part.topLeft()));
    const ImVec2 size =
        std::exchange(frame.DisplaySize, imguiPoint(QPointF(part.width(), part.height())));
    ImGui_ImplOpenGL3_RenderDrawData(&frame);
    frame.DisplayPos = place;
    frame.DisplaySize = size;
}

void ImGuiHost::releaseRenderer() {
    if (std::exchange(has_renderer_, false)) {
        makeCurrent();
        ImGui_ImplOpenGL3_Shutdown();
    }
}

} // namespace vitreous

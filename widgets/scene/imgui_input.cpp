#include "widgets/scene/imgui_input.h"

#include <array>
#include <utility>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <imgui.h>

namespace vitreous {
namespace {

constexpr float steps_per_notch = 120.0F;

/// The keys that a field takes.
constexpr std::array<std::pair<Qt::Key, ImGuiKey>, 18> keys = {{
    {Qt::Key_Tab, ImGuiKey_Tab},
    {Qt::Key_Left, ImGuiKey_LeftArrow},
    {Qt::Key_Right, ImGuiKey_RightArrow},
    {Qt::Key_Up, ImGuiKey_UpArrow},
    {Qt::Key_Down, ImGuiKey_DownArrow},
    {Qt::Key_Home, ImGuiKey_Home},
    {Qt::Key_End, ImGuiKey_End},
    {Qt::Key_Delete, ImGuiKey_Delete},
    {Qt::Key_Backspace, ImGuiKey_Backspace},
    {Qt::Key_Return, ImGuiKey_Enter},
    {Qt::Key_Enter, ImGuiKey_Enter},
    {Qt::Key_Escape, ImGuiKey_Escape},
    {Qt::Key_A, ImGuiKey_A},
    {Qt::Key_C, ImGuiKey_C},
    {Qt::Key_V, ImGuiKey_V},
    {Qt::Key_X, ImGuiKey_X},
    {Qt::Key_Y, ImGuiKey_Y},
    {Qt::Key_Z, ImGuiKey_Z},
}};

void setKey(ImGuiKey key, bool is_down) {
#if IMGUI_VERSION_NUM >= 18900
    ImGui::GetIO().AddKeyEvent(key, is_down);
#else
    ImGui::GetIO().KeysDown[key] = is_down;
#endif
}

void feedModifiers(Qt::KeyboardModifiers modifiers) {
    ImGuiIO& io = ImGui::GetIO();
    const bool ctrl = modifiers.testFlag(Qt::ControlModifier);
    const bool shift = modifiers.testFlag(Qt::ShiftModifier);
    const bool alt = modifiers.testFlag(Qt::AltModifier);
#if IMGUI_VERSION_NUM >= 18900
    io.AddKeyEvent(ImGuiMod_Ctrl, ctrl);
    io.AddKeyEvent(ImGuiMod_Shift, shift);
    io.AddKeyEvent(ImGuiMod_Alt, alt);
#else
    io.KeyCtrl = ctrl;
    io.KeyShift = shift;
    io.KeyAlt = alt;
#endif
}

void feedButton(bool is_down) {
#if IMGUI_VERSION_NUM >= 18900
    ImGui::GetIO().AddMouseButtonEvent(ImGuiMouseButton_Left, is_down);
#else
    ImGui::GetIO().MouseDown[ImGuiMouseButton_Left] = is_down;
#endif
}

void feedMouse(const QMouseEvent& event, double pixel_ratio) {
    feedModifiers(event.modifiers());
    feedPointer(event.position() * pixel_ratio);
    if (event.type() != QEvent::MouseMove && event.button() == Qt::LeftButton) {
        feedButton(event.type() != QEvent::MouseButtonRelease);
    }
}

void feedWheel(const QWheelEvent& event, double pixel_ratio) {
    feedModifiers(event.modifiers());
    feedPointer(event.position() * pixel_ratio);
    const float notches = static_cast<float>(event.angleDelta().y()) / steps_per_notch;
#if IMGUI_VERSION_NUM >= 18900
    ImGui::GetIO().AddMouseWheelEvent(0.0F, notches);
#else
    ImGui::GetIO().MouseWheel += notches;
#endif
}

void feedKey(const QKeyEvent& event) {
    feedModifiers(event.modifiers());
    for (const auto& [qt_key, key] : keys) {
        if (event.key() == qt_key) {
            setKey(key, true);
        }
    }
    const bool is_command = event.modifiers().testFlag(Qt::ControlModifier);
    const QString text = event.text();
    if (!is_command && !text.isEmpty() && text.front().isPrint()) {
        ImGui::GetIO().AddInputCharactersUTF8(text.toUtf8().constData());
    }
}

} // namespace

void prepareInput() {
    ImGuiIO& io = ImGui::GetIO();
#if IMGUI_VERSION_NUM >= 18900
    // Each event gets a frame of its own.
    io.ConfigInputTrickleEventQueue = false;
#else
    for (const auto& [qt_key, key] : keys) {
        io.KeyMap[key] = key;
    }
#endif
}

void feedInput(const QEvent& event, double pixel_ratio) {
    switch (event.type()) {
    case QEvent::MouseMove:
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:
    case QEvent::MouseButtonRelease:
        feedMouse(static_cast<const QMouseEvent&>(event), pixel_ratio);
        break;
    case QEvent::Wheel:
        feedWheel(static_cast<const QWheelEvent&>(event), pixel_ratio);
        break;
    case QEvent::KeyPress:
        feedKey(static_cast<const QKeyEvent&>(event));
        break;
    default:
        break;
    }
}

void feedPointer(QPointF pixel) {
    const auto x = static_cast<float>(pixel.x());
    const auto y = static_cast<float>(pixel.y());
#if IMGUI_VERSION_NUM >= 18900
    ImGui::GetIO().AddMousePosEvent(x, y);
#else
    ImGui::GetIO().MousePos = ImVec2(x, y);
#endif
}

void releaseKeys() {
    for (const auto& [qt_key, key] : keys) {
        setKey(key, false);
    }
}

} // namespace vitreous

#pragma once

#include <filesystem>
#include <optional>

#include <QWidget>

namespace vitreous {

/// Asks where a file, or a folder that is a model, is now; nothing: the user does not say.
std::optional<std::filesystem::path> askWhereIs(
    const std::filesystem::path& missing,
    QWidget* parent);

} // namespace vitreous

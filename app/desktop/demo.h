#pragma once

#include <optional>

#include <QString>

#include "app/desktop/session.h"

namespace vitreous {

/// The folder of the demo comparison (two small trained models, `scenes/` and what is in them,
/// `labels.csv`): in the sources beside the build, or where an installation has it; nothing where
/// it is missing.
std::optional<QString> demoFolder();

/// Opens the demo. False where it is not there.
bool openDemo(Session& session);

} // namespace vitreous

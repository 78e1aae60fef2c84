#pragma once

#include <optional>
#include <vector>

#include <QString>

#include "app/desktop/session.h"

namespace vitreous {

/// What a demo comparison is of.
enum class DemoKind { Pictures, Points, Videos };

/// The folder of the demo comparisons (two small trained models each, `scenes/`, `shapes/`
/// or `clips/` and what is in them, `labels.csv`): in the sources beside the build, or where an
/// installation has it; nothing where it is missing.
std::optional<QString> demoFolder(DemoKind kind = DemoKind::Pictures);

/// Its models; none where it is missing.
std::vector<ModelSpec> demoModels(DemoKind kind);

/// Opens a demo. False where it is not there.
bool openDemo(Session& session, DemoKind kind = DemoKind::Pictures);

} // namespace vitreous

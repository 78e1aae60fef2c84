#pragma once

#include <optional>

#include <QString>

#include "app/desktop/session.h"

namespace vitreous {

/// The folder of the sample comparison (two small models with random weights and a picture), or
/// nothing where it was not built.
std::optional<QString> sampleFolder();

/// Opens the sample. False where it is not there.
bool openSample(Session& session);

} // namespace vitreous

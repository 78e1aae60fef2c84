#pragma once

#include <nlohmann/json.hpp>

#include "widgets/view_state.h"

namespace vitreous {

/// The view as session files hold it; every field, choices by their names.
nlohmann::json toJson(const ViewState& view);

/// The view of a session file. What is absent keeps its default. Throws Error{Input} that names the
/// key: "view.opacity: expected a number from 0 to 1, found 7".
ViewState viewFromJson(const nlohmann::json& json);

} // namespace vitreous

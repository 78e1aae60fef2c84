#pragma once

namespace vitreous {

/// Lets the calling thread work in what time the others leave, for as long as it lives: what is
/// made ready ahead must not take a core from a forward pass whose other threads would wait for it.
void yieldToInference();

} // namespace vitreous

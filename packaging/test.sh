#!/usr/bin/env bash
# Installs what is missing, builds everything and runs the tests; arguments go to ctest.
set -euo pipefail
# shellcheck source=packaging/build.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/build.sh"

install_packages
build_targets all
exec ctest --test-dir "$build" --output-on-failure -j1 "$@"

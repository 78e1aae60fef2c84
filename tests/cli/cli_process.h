#pragma once

#include <functional>
#include <map>
#include <string>

#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include "core/base/array.h"

namespace vitreous::testing {

/// What a finished vitreous-cli left.
struct CliOutcome {
    int status = -1; ///< exit status; -1 where it crashed or hung
    QString out;
    QString err;

    /// stderr as one line that starts with "vitreous-cli: error: "; empty where it is not exactly
    /// that.
    [[nodiscard]] QString onlyError() const;
};

/// The first SHARED/... file, or an empty text where this checkout has no shared data.
QString sharedFile(const QString& name);

/// Prepares the program without starting it. in_child runs between fork and exec.
void setUp(
    QProcess& process,
    const QStringList& arguments,
    const std::function<void()>& in_child = {});

CliOutcome runCli(const QStringList& arguments, const std::function<void()>& in_child = {});

/// Runs the program and interrupts it (SIGINT) once it has said the marker; what it said on both
/// streams is in err.
CliOutcome interruptCli(const QStringList& arguments, const QByteArray& marker);

/// Every file under the directory, hidden ones too, sorted.
QStringList filesIn(const QString& directory);

/// A small checkpoint with random weights, DIRECTORY/NAME.safetensors: 48 wide, 2 blocks, 32
/// pixels. Returns its path. more: further arguments for make_checkpoint.
QString makeModel(const QString& directory, const QString& name, const QStringList& more = {});

/// A picture of 40 x 36 pixels that depends on the seed. Returns its path.
QString makePicture(const QString& directory, const QString& name, int seed);

/// Writes a float32 `.npy`.
void writeNpy(const QString& path, const Array& array);

/// The arrays of a `.npz` by name.
std::map<std::string, Array> arraysIn(const QString& npz);

} // namespace vitreous::testing

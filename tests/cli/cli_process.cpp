#include "tests/cli/cli_process.h"

#include <algorithm>
#include <csignal>
#include <random>

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "core/export/npz.h"
#include "core/media/image_file.h"

namespace vitreous::testing {

QString CliOutcome::onlyError() const {
    const QString start = QStringLiteral("vitreous-cli: error: ");
    if (!err.startsWith(start) || err.count(u'\n') != 1 || !err.endsWith(u'\n')) {
        return {};
    }
    return err.mid(start.size()).trimmed();
}

QString sharedFile(const QString& name) {
    const QString path = QDir::cleanPath(QStringLiteral(VITREOUS_SHARED "/") + name);
    return QFileInfo::exists(path) ? path : QString();
}

void setUp(QProcess& process, const QStringList& arguments, const std::function<void()>& in_child) {
    process.setProgram(QStringLiteral(VITREOUS_CLI));
    process.setArguments(arguments);
    process.setChildProcessModifier([in_child] {
        // A background job's child would inherit an ignored SIGINT.
        std::signal(SIGINT, SIG_DFL);
        if (in_child) {
            in_child();
        }
    });
}

CliOutcome runCli(const QStringList& arguments, const std::function<void()>& in_child) {
    QProcess process;
    setUp(process, arguments, in_child);
    process.start();
    const bool finished = process.waitForFinished(240'000);
    return {
        .status =
            finished && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
        .out = QString::fromUtf8(process.readAllStandardOutput()),
        .err = QString::fromUtf8(process.readAllStandardError())};
}

CliOutcome interruptCli(const QStringList& arguments, const QByteArray& marker) {
    QProcess process;
    setUp(process, arguments);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start();
    QByteArray said;
    while (!said.contains(marker) && process.waitForReadyRead(120'000)) {
        said += process.readAll();
    }
    ::kill(pid_t(process.processId()), SIGINT);
    const bool finished = process.waitForFinished(60'000);
    said += process.readAll();
    return {
        .status =
            finished && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
        .out = {},
        .err = QString::fromUtf8(said)};
}

QStringList filesIn(const QString& directory) {
    return QDir(directory).entryList(
        QDir::Files | QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

QString makeModel(const QString& directory, const QString& name, const QStringList& more) {
    QString path = directory + "/" + name + ".safetensors";
    const QStringList arguments =
        QStringList{path, "--width", "48", "--depth", "2", "--size", "32", "--classes", "5"} + more;
    if (QProcess::execute(QStringLiteral(VITREOUS_MAKE_CHECKPOINT), arguments) != 0) {
        qFatal("make_checkpoint failed");
    }
    return path;
}

QString makePicture(const QString& directory, const QString& name, int seed) {
    Image image{.width = 40, .height = 36, .pixels = {}};
    std::mt19937 random(static_cast<unsigned>(seed));
    std::generate_n(std::back_inserter(image.pixels), 40 * 36 * 3, [&random] {
        return static_cast<std::uint8_t>(random() >> 24U);
    });
    QString path = directory + "/" + name;
    writePng(path.toStdString(), image);
    return path;
}

void writeNpy(const QString& path, const Array& array) {
    QByteArray shape;
    for (const std::int64_t side : array.shape) {
        shape += QByteArray::number(qlonglong(side)) + ",";
    }
    QByteArray header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
    header += QByteArray((64 - (10 + header.size() + 1) % 64) % 64, ' ') + "\n";
    QByteArray bytes("\x93NUMPY\x01\x00", 8);
    bytes += char(header.size() & 0xff);
    bytes += char(header.size() >> 8);
    bytes += header;
    bytes += QByteArray(
        reinterpret_cast<const char*>(array.values.data()),
        qsizetype(array.values.size() * sizeof(float)));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("cannot write %s", qPrintable(path));
    }
}

std::map<std::string, Array> arraysIn(const QString& npz) {
    std::map<std::string, Array> arrays;
    for (auto& [name, array] : readNpz(npz.toStdString())) {
        arrays.emplace(name, std::move(array));
    }
    return arrays;
}

} // namespace vitreous::testing

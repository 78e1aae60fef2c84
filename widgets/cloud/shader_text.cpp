#include "widgets/cloud/shader_text.h"

#include <QFile>

// Outside the namespace, as Q_INIT_RESOURCE wants it: a static library's resources have to be
// asked for.
static void initPointShaders() {
    Q_INIT_RESOURCE(points);
}

namespace vitreous {

QByteArray shaderText(const char* name) {
    initPointShaders();
    QFile file(QStringLiteral(":/vitreous/shaders/") + QLatin1String(name));
    const bool is_open = file.open(QIODevice::ReadOnly);
    Q_ASSERT(is_open);
    return is_open ? file.readAll() : QByteArray();
}

} // namespace vitreous

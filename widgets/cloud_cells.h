#pragma once

#include <optional>
#include <vector>

#include "widgets/grid_layout.h"

class QPainter;

namespace vitreous {

struct GridDrawing;
struct VisibleMap;

/// The cloud under a cell.
const CloudUnder& cloudOf(const GridScene& scene, const GridCell& cell);

/// True where groups of the one cell are those of the other: their centres are the same.
bool haveSameGroups(const CloudUnder& a, const CloudUnder& b);

/// The group of a cell that lies where a group of another cell does: the one with the nearest
/// centre. Nothing where either has no cloud, or no such group.
std::optional<TokenIndex>
sameGroup(const GridScene& scene, const GridCell& from, TokenIndex group, const GridCell& to);

/// The group at a place of a cell, from its map's upper left corner: that of the frontmost point
/// there.
std::optional<TokenIndex>
groupAt(const GridScene& scene, const GridCell& cell, QSizeF size, QPointF at);

/// How the scene's clouds look. size: of a cell; both it and the point size come out in its unit.
CloudLook lookOfClouds(const GridScene& scene, const GridStyle& style, QSizeF size);

/// What a renderer draws for a cell that is seen at a place. A picture is the cloud in its own
/// colours.
CloudCell cloudCell(const GridScene& scene, const VisibleMap& map);

/// The frame that shows the given clouds on a surface of that size in device pixels.
CloudFrame cloudFrame(
    const GridScene& scene,
    const GridStyle& style,
    const std::vector<VisibleMap>& clouds,
    QSize size);

/// Over the clouds: the axes, and the points and centres of the groups that are pinned or hovered.
void paintCloudMarks(QPainter& painter, const GridDrawing& drawing);

/// "values: inverse-distance weighted over the 3 nearest group centres", ...: how groups reach
/// points; empty without clouds.
QString cloudRule(const GridScene& scene);

} // namespace vitreous

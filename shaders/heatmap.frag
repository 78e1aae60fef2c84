#version 330 core

// A token map coloured over its picture. composeMap in widgets/map_image.cpp does the same arithmetic.
uniform sampler2D values;  // r: raw value, g: 1 where it is finite
uniform sampler2D table;   // 256 colours, low to high
uniform sampler2D picture; // as large as the map on the surface
uniform vec4 rect;         // left, top, width, height in device pixels, y down
uniform vec2 surface;      // width, height in device pixels
uniform ivec2 tile;        // the map's first value in the atlas
uniform ivec2 grid;        // columns, rows
uniform vec2 halves;       // half of the range's low end, half of its span
uniform float opacity;
uniform bool bilinear;
uniform vec3 neutral;

out vec4 fragment;

vec3 colorOf(float value) {
    float t = halves.y > 0.0 ? (value * 0.5 - halves.x) / halves.y : 0.0;
    return texelFetch(table, ivec2(int(clamp(t, 0.0, 1.0) * 255.0 + 0.5), 0), 0).rgb;
}

vec2 weighted(ivec2 token, float weight) {
    vec2 found = texelFetch(values, tile + token, 0).rg;
    return found.g > 0.5 ? vec2(found.r, 1.0) * weight : vec2(0.0);
}

void main() {
    ivec2 size = ivec2(rect.zw);
    ivec2 pixel = ivec2(floor(vec2(gl_FragCoord.x, surface.y - gl_FragCoord.y))) - ivec2(rect.xy);
    // In whole numbers, so that tokens end on the same pixel everywhere.
    ivec2 nearest = (2 * pixel + 1) * grid / (2 * size);
    vec2 found = texelFetch(values, tile + nearest, 0).rg;
    vec3 color = neutral;
    if (found.g > 0.5) {
        if (bilinear) {
            vec2 centre = (vec2(pixel) + 0.5) * vec2(grid) / vec2(size) - 0.5;
            vec2 place = clamp(centre, vec2(0.0), vec2(grid - 1));
            ivec2 first = ivec2(place);
            ivec2 second = min(first + 1, grid - 1);
            vec2 w = place - vec2(first);
            vec2 sum = weighted(first, (1.0 - w.x) * (1.0 - w.y));
            sum += weighted(ivec2(second.x, first.y), w.x * (1.0 - w.y));
            sum += weighted(ivec2(first.x, second.y), (1.0 - w.x) * w.y);
            sum += weighted(second, w.x * w.y);
            color = colorOf(sum.x / sum.y);
        } else {
            color = colorOf(found.r);
        }
    }
    vec3 under = texelFetch(picture, pixel, 0).rgb;
    fragment = vec4(under * (1.0 - opacity) + color * opacity, 1.0);
}

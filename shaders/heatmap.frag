#version 330 core

// A token map coloured over its picture. composeMap in widgets/map_image.cpp does the same arithmetic.
// BILINEAR and CONTOUR are defined as true or false before it is compiled: software rendering runs
// both sides of a condition that it cannot decide then.
uniform sampler2D values;  // r: raw value, g: 1 where it is finite
uniform sampler2D table;   // 256 colours, low to high
uniform sampler2D picture; // as large as the seen part of the map on the surface
uniform vec4 rect;         // the seen part: left, top, width, height in device pixels, y down
uniform ivec2 whole;       // width, height of all of the map in device pixels
uniform ivec2 offset;      // of the seen part in it
uniform vec2 surface;      // width, height in device pixels
uniform ivec2 tile;        // the map's first value in the atlas
uniform ivec2 grid;        // columns, rows
uniform vec2 halves;       // half of the range's low end, half of its span
uniform float opacity;
uniform float threshold;   // 0..1 of the range
uniform float steps;       // contour lines, where there is no threshold
uniform float shade;       // of the picture under contour lines
uniform float light;       // of a colour that has a black outline, at least
uniform int line_width;    // of contour lines, in device pixels
uniform vec3 neutral;

out vec4 fragment;

float inRange(float value) {
    float t = halves.y > 0.0 ? (value * 0.5 - halves.x) / halves.y : 0.0;
    return t > 0.0 ? min(t, 1.0) : 0.0;
}

// Whole-number division of numbers that are not negative; the operator is slow in software.
ivec2 divided(ivec2 number, ivec2 by) {
    ivec2 quotient = ivec2((vec2(number) + 0.5) / vec2(by));
    ivec2 rest = number - quotient * by;
    return quotient + ivec2(greaterThanEqual(rest, by)) - ivec2(lessThan(rest, ivec2(0)));
}

vec2 weighted(ivec2 token, float weight) {
    vec2 found = texelFetch(values, tile + token, 0).rg;
    return found.g > 0.5 ? vec2(found.r, 1.0) * weight : vec2(0.0);
}

// The value's place in the range, below 0 where there is no finite value.
float placeAt(ivec2 pixel) {
    ivec2 place = pixel + offset;
    // In whole numbers, so that tokens end on the same pixel everywhere.
    ivec2 nearest = divided((2 * place + 1) * grid, 2 * whole);
    vec2 found = texelFetch(values, tile + nearest, 0).rg;
    if (found.g <= 0.5) {
        return -1.0;
    }
    if (!BILINEAR) {
        return inRange(found.r);
    }
    vec2 centre = (vec2(place) + 0.5) * vec2(grid) / vec2(whole) - 0.5;
    vec2 clamped = clamp(centre, vec2(0.0), vec2(grid - 1));
    ivec2 first = ivec2(clamped);
    ivec2 second = min(first + 1, grid - 1);
    vec2 w = clamped - vec2(first);
    vec2 sum = weighted(first, (1.0 - w.x) * (1.0 - w.y));
    sum += weighted(ivec2(second.x, first.y), w.x * (1.0 - w.y));
    sum += weighted(ivec2(first.x, second.y), (1.0 - w.x) * w.y);
    sum += weighted(second, w.x * w.y);
    return inRange(sum.x / sum.y);
}

vec3 colorOf(float place) {
    return place < 0.0 ? neutral : texelFetch(table, ivec2(int(place * 255.0 + 0.5), 0), 0).rgb;
}

float bandAt(ivec2 pixel) {
    float place = placeAt(clamp(pixel, ivec2(0), ivec2(rect.zw) - 1));
    if (place < 0.0) {
        return 0.0;
    }
    if (threshold > 0.0) {
        return place >= threshold ? 1.0 : 0.0;
    }
    return min(floor(place * steps), steps - 1.0);
}

vec3 levelColor(float band) {
    return colorOf(threshold > 0.0 ? threshold : band / steps);
}

// What shows beside that colour on any picture.
vec3 outlineOf(vec3 color) {
    return vec3(dot(color, vec3(0.299, 0.587, 0.114)) < light ? 1.0 : 0.0);
}

// A line in the colour of its level on the upper side of it, its outline on the lower side.
vec4 contourAt(ivec2 pixel) {
    float own = bandAt(pixel);
    float left = bandAt(pixel - ivec2(line_width, 0));
    float right = bandAt(pixel + ivec2(line_width, 0));
    float above = bandAt(pixel - ivec2(0, line_width));
    float below = bandAt(pixel + ivec2(0, line_width));
    float most = max(max(left, right), max(above, below));
    if (most > own) {
        return vec4(outlineOf(levelColor(most)), opacity);
    }
    if (min(min(left, right), min(above, below)) < own) {
        return vec4(levelColor(own), opacity);
    }
    return vec4(0.0, 0.0, 0.0, opacity * shade);
}

void main() {
    ivec2 pixel = ivec2(floor(vec2(gl_FragCoord.x, surface.y - gl_FragCoord.y))) - ivec2(rect.xy);
    vec4 over;
    if (CONTOUR) {
        over = contourAt(pixel);
    } else {
        float place = placeAt(pixel);
        bool hidden = place >= 0.0 && place < threshold;
        over = vec4(colorOf(place), hidden ? 0.0 : opacity);
    }
    vec3 under = texelFetch(picture, pixel, 0).rgb;
    fragment = vec4(under * (1.0 - over.a) + over.rgb * over.a, 1.0);
}

//VTK::System::Dec

// One point of a cloud in the colour of its value, which is made here of its groups' values. VTK completes
// the lines that begin with //VTK and sets vertexMC and MCDCMatrix; everything else is ours.
// widgets/cloud/cloud_renderer.h says how a value becomes a colour.
in vec4 vertexMC;
uniform mat4 MCDCMatrix;
uniform vec2 viewport;            // width, height in pixels
uniform float corner;             // 0.5: discs are about the corners between pixels; 0: about pixels

uniform samplerBuffer own_colors; // R, G, B of each point, 0..1
uniform samplerBuffer groups;     // three a point, nearest first, in parts of 65535
uniform samplerBuffer shares;     // the same of their shares
uniform sampler2D values;         // r: place in the cell's range, g: 1 where it is finite; all cells' groups, row by row
uniform sampler2D table;          // 256 colours, low to high
uniform int has_own_colors;
uniform int group_count;      // of the nearest ones that count: 0 where there are no values
uniform int first_value;      // of the cell's first group in `values`
uniform int values_width;
uniform float opacity;        // of the colour map over the point's own colour
uniform float threshold;      // 0..1 of the range
uniform vec3 plain;           // 0..255, as all colours from here on
uniform vec3 no_value;

flat out vec3 color;
flat out float depth; // along the line of sight, in a perspective

vec3 ownColor() {
    if (has_own_colors == 0) {
        return plain;
    }
    int first = 3 * gl_VertexID;
    return 255.0 * vec3(
        texelFetch(own_colors, first).r, texelFetch(own_colors, first + 1).r,
        texelFetch(own_colors, first + 2).r);
}

vec2 valueOf(int group) {
    int place = first_value + group;
    int row = place / values_width;
    return texelFetch(values, ivec2(place - row * values_width, row), 0).rg;
}

// The weighted sum of what is finite, and the weight.
vec2 weighted() {
    vec2 sum = vec2(0.0);
    for (int i = 0; i < group_count; ++i) {
        int at = 3 * gl_VertexID + i;
        vec2 value = valueOf(int(texelFetch(groups, at).r * 65535.0 + 0.5));
        float share = group_count == 1 ? 1.0 : texelFetch(shares, at).r;
        if (value.g > 0.5 && share > 0.0) {
            sum += share * vec2(value.r, 1.0);
        }
    }
    return sum;
}

vec3 colorOf(vec3 own) {
    if (group_count == 0) {
        return own;
    }
    vec2 sum = weighted();
    if (sum.g <= 0.0) {
        return no_value;
    }
    float place = clamp(sum.r / sum.g, 0.0, 1.0);
    if (place < threshold) {
        return own;
    }
    vec3 upper = floor(texelFetch(table, ivec2(int(place * 255.0 + 0.5), 0), 0).rgb * 255.0 + 0.5);
    return floor(own * (1.0 - opacity) + upper * opacity + 0.5);
}

// Discs are set to whole pixels, so that all are alike and the nearest covers the others.
vec4 snapped(vec4 at) {
    if (at.w <= 0.0) {
        return at;
    }
    vec2 pixel = (at.xy / at.w * 0.5 + 0.5) * viewport;
    vec2 middle = floor(pixel + corner) + 0.5 - corner;
    return vec4((middle / viewport * 2.0 - 1.0) * at.w, at.zw);
}

void main() {
    gl_Position = snapped(MCDCMatrix * vertexMC);
    depth = gl_Position.w;
    color = colorOf(ownColor()) / 255.0;
}

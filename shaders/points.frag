//VTK::System::Dec
//VTK::Output::Dec

// The disc of a point. It bulges, as widgets/cloud/disc.h says: a pixel deeper is as much as one to the side.
flat in vec3 color;
flat in float depth;
uniform float square;       // the side of what is drawn for a point, in pixels
uniform float radius;       // of the disc in it
uniform float bulge;        // depth at a pixel from the middle, in pixels
uniform vec2 range;         // depths that are 0 and 1 in the depth buffer
uniform int is_perspective;
uniform float scale;        // pixels that a length of 1 takes at depth 1

// How much more a depth so many pixels deeper is in the depth buffer.
float deeper(float pixels) {
    float span = range.y - range.x;
    if (is_perspective == 0) {
        return pixels / scale / span;
    }
    return range.y / span * (range.x / depth) * (pixels / (scale + pixels));
}

void main() {
    vec2 away = (gl_PointCoord - 0.5) * square;
    float squared = dot(away, away);
    // What rounding may be off by is far less than pixels are from the rim.
    if (squared > radius * radius + 1e-3) {
        discard;
    }
    gl_FragDepth = gl_FragCoord.z + deeper(bulge * squared);
    gl_FragData[0] = vec4(color, 1.0);
}

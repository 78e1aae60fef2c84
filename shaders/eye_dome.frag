//VTK::System::Dec
//VTK::Output::Dec

// A pixel is the darker, the more its neighbours are nearer to the camera. widgets/cloud/eye_dome.h
// says how. VTK completes the lines that begin with //VTK.
in vec2 texCoord;               // of the cell, 0..1
uniform sampler2D colors;
uniform sampler2D depths;       // 0..1, 1 where nothing is seen
uniform ivec2 size;
uniform vec2 range;             // depths that 0 and 1 stand for
uniform int is_perspective;
uniform float scale;            // pixels that a length of 1 takes at depth 1
uniform vec3 neighbours[8];     // x and y in pixels, 1 / distance
uniform float strength;
uniform float steepest;
uniform float outline_darkness; // of the ground beside points
uniform int outline;            // its width in pixels

const float far_away = 1e30;

// A pixel deeper is as much as a pixel to the side.
float depthAt(ivec2 pixel) {
    if (pixel.x < 0 || pixel.y < 0 || pixel.x >= size.x || pixel.y >= size.y) {
        return far_away;
    }
    float depth = texelFetch(depths, pixel, 0).r;
    if (depth >= 1.0) {
        return far_away;
    }
    float span = range.y - range.x;
    return scale * (is_perspective != 0 ? log(range.x * range.y / (range.y - depth * span))
                                        : range.x + depth * span);
}

float shadeOf(ivec2 pixel, float own) {
    float slopes = 0.0;
    for (int i = 0; i < 8; ++i) {
        float slope = (own - depthAt(pixel + ivec2(neighbours[i].xy))) * neighbours[i].z;
        slopes += clamp(slope, 0.0, steepest);
    }
    return exp(-slopes / 8.0 * strength);
}

float groundShade(ivec2 pixel) {
    float across = min(depthAt(pixel - ivec2(outline, 0)), depthAt(pixel + ivec2(outline, 0)));
    float down = min(depthAt(pixel - ivec2(0, outline)), depthAt(pixel + ivec2(0, outline)));
    return min(across, down) < far_away ? 1.0 - outline_darkness : 1.0;
}

void main() {
    ivec2 pixel = ivec2(texCoord * vec2(size));
    float own = depthAt(pixel);
    float shade = own < far_away ? shadeOf(pixel, own) : groundShade(pixel);
    vec3 color = texelFetch(colors, pixel, 0).rgb * 255.0;
    gl_FragData[0] = vec4(floor(color * shade + 0.5) / 255.0, 1.0);
}

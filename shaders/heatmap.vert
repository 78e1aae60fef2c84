#version 330 core

// One map's rectangle as a triangle strip; no vertex buffer.
uniform vec4 rect; // left, top, width, height in device pixels, y down
uniform vec2 surface; // width, height in device pixels

void main() {
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    vec2 place = (rect.xy + corner * rect.zw) / surface;
    gl_Position = vec4(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0, 0.0, 1.0);
}

//VTK::System::Dec
//VTK::Output::Dec

flat in vec3 color;
uniform float square; // the side of what is drawn for a point, in pixels
uniform float radius; // of the disc in it

void main() {
    vec2 away = (gl_PointCoord - 0.5) * square;
    if (dot(away, away) > radius * radius) {
        discard;
    }
    gl_FragData[0] = vec4(color, 1.0);
}

//VTK::System::Dec
//VTK::Output::Dec

flat in vec3 color;
uniform float reach; // the square of the disc's radius, in sides of the point's square

void main() {
    vec2 away = gl_PointCoord - 0.5;
    if (dot(away, away) > reach) {
        discard;
    }
    gl_FragData[0] = vec4(color, 1.0);
}

# vitreous_library(NAME FOLDER_SOURCES...): a static library with alias vitreous::NAME and our warnings as errors.
function(vitreous_library name)
    add_library(vitreous_${name} STATIC ${ARGN})
    add_library(vitreous::${name} ALIAS vitreous_${name})
    vitreous_warnings(vitreous_${name})
    target_include_directories(vitreous_${name} PUBLIC ${CMAKE_SOURCE_DIR})
endfunction()

function(vitreous_warnings target)
    # -Wrestrict: GCC 12 warns of its own operator+(const char*, std::string&&) (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wno-restrict -Werror)
endfunction()

# Headers that most sources of a target read and that take longest. Sources name what they need all the same.
set(VITREOUS_QT_HEADERS <algorithm> <cmath> <filesystem> <functional> <map> <memory> <optional> <string> <vector>
    <QLabel> <QPainter> <QPointer> <QVBoxLayout> <QWidget>)
set(VITREOUS_TORCH_HEADERS <algorithm> <filesystem> <functional> <map> <memory> <optional> <string> <vector>
    <ATen/core/Tensor.h> <ATen/TensorOperators.h>)
function(vitreous_precompile target)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # GCC 12 forgets that the standard library's headers are none of ours, whose warnings there are no errors.
    target_compile_options(${target} PRIVATE -fpch-preprocess -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endfunction()

# What every executable links first: no Qt 5, and OpenBLAS with OpenMP threads.
function(vitreous_link_order target)
    if(TARGET vitreous_no_highgui)
        target_link_libraries(${target} PRIVATE -Wl,--no-as-needed vitreous_no_highgui -Wl,--as-needed)
    endif()
    if(VITREOUS_OPENBLAS)
        get_filename_component(openblas_folder ${VITREOUS_OPENBLAS} DIRECTORY)
        target_link_libraries(${target} PRIVATE -Wl,--no-as-needed ${VITREOUS_OPENBLAS} -Wl,--as-needed)
        set_property(TARGET ${target} APPEND PROPERTY BUILD_RPATH ${openblas_folder})
        set_property(TARGET ${target} APPEND PROPERTY INSTALL_RPATH ${openblas_folder})
    endif()
endfunction()

# vitreous_executable(TARGET SOURCES...)
function(vitreous_executable target)
    add_executable(${target} ${ARGN})
    vitreous_warnings(${target})
    vitreous_link_order(${target})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
endfunction()

# What the programs would set and start again with, each time that a test runs one (numeric_environment.h).
set(VITREOUS_TEST_ENVIRONMENT "GOMP_SPINCOUNT=1000")
if(EXISTS /proc/cpuinfo)
    file(STRINGS /proc/cpuinfo cpu_flags REGEX "^flags.*avx512f.*avx512dq.*avx512bw.*avx512vl" LIMIT_COUNT 1)
    if(cpu_flags)
        list(APPEND VITREOUS_TEST_ENVIRONMENT "OPENBLAS_CORETYPE=SkylakeX")
    endif()
endif()

# vitreous_test(NAME SOURCES file... LIBRARIES target... [GUI]): one Qt Test executable, ctest name NAME.
# GUI: runs under Xvfb with the label `gui`.
function(vitreous_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "GUI" "" "SOURCES;LIBRARIES;LABELS")
    string(REPLACE "-" "_" target test_${name})
    vitreous_executable(${target} ${arg_SOURCES})
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
    # The QTRY_ macros of Qt 6.8 convert their timeout to int.
    target_compile_options(${target} PRIVATE -Wno-conversion)
    target_compile_definitions(${target} PRIVATE QT_NO_KEYWORDS
        VITREOUS_SHARED="${CMAKE_SOURCE_DIR}/../shared" VITREOUS_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
    target_link_libraries(${target} PRIVATE ${arg_LIBRARIES} Qt6::Test)
    if(arg_GUI)
        add_test(NAME ${name} COMMAND xvfb-run -a -s "-screen 0 1600x1000x24" $<TARGET_FILE:${target}>)
        list(APPEND arg_LABELS gui)
    else()
        add_test(NAME ${name} COMMAND ${target})
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT 300 ENVIRONMENT "${VITREOUS_TEST_ENVIRONMENT}")
endfunction()

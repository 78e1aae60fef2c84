# LibTorch: LIBTORCH= or Torch_DIR where given; else, on a machine with an NVIDIA GPU, the CUDA one inside
# an importable Python torch, where it can be linked; else Debian's.
if(NOT Torch_DIR AND DEFINED ENV{Torch_DIR})
    set(Torch_DIR "$ENV{Torch_DIR}" CACHE PATH "")
endif()
if(NOT Torch_DIR AND DEFINED ENV{LIBTORCH})
    set(LIBTORCH "$ENV{LIBTORCH}" CACHE PATH "LibTorch's folder")
endif()
if(NOT Torch_DIR AND LIBTORCH)
    set(Torch_DIR "${LIBTORCH}/share/cmake/Torch" CACHE PATH "")
endif()
if(NOT Torch_DIR AND EXISTS /proc/driver/nvidia/version)
    find_program(VITREOUS_PYTHON NAMES python3)
    if(VITREOUS_PYTHON)
        execute_process(
            COMMAND ${VITREOUS_PYTHON} -c "import torch; print(torch.utils.cmake_prefix_path if torch.version.cuda else '')"
            OUTPUT_VARIABLE python_torch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
        if(python_torch)
            # Its package file stops the whole configuration where the CUDA toolkit is missing, and wheels of the
            # old C++ ABI cannot be linked with Debian's libraries: it is tried on its own first.
            execute_process(
                COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/try_torch -B ${CMAKE_BINARY_DIR}/try_torch
                    -DTorch_DIR=${python_torch}/Torch
                RESULT_VARIABLE python_torch_fails OUTPUT_QUIET ERROR_QUIET)
            if(python_torch_fails)
                message(WARNING "the CUDA torch of ${VITREOUS_PYTHON} cannot be built against "
                    "(is the CUDA toolkit installed?); Debian's LibTorch is taken, on the CPU")
            else()
                set(Torch_DIR "${python_torch}/Torch" CACHE PATH "")
            endif()
        endif()
    endif()
endif()
if(Torch_DIR)
    # TorchConfig looks for its own libraries after the system's: with two LibTorches it would take the wrong one.
    get_filename_component(torch_folder "${Torch_DIR}/../../.." ABSOLUTE)
    list(PREPEND CMAKE_LIBRARY_PATH "${torch_folder}/lib")
endif()
find_package(Torch REQUIRED)

# TORCH_LIBRARIES carries definitions and flags that no other target should see: one interface target, linked PRIVATE.
add_library(vitreous_torch INTERFACE)
target_link_libraries(vitreous_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(vitreous_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
string(REGEX MATCHALL "-D_GLIBCXX_USE_CXX11_ABI=[01]" torch_abi "${TORCH_CXX_FLAGS}")
if(torch_abi)
    # The C++ ABI has to be one for the whole program.
    add_compile_options(${torch_abi})
endif()

# OpenBLAS with OpenMP threads: with the pthread one a ViT-S takes five times as long beside ATen's OpenMP.
find_library(VITREOUS_OPENBLAS NAMES libopenblas.so.0
    PATHS /usr/lib/x86_64-linux-gnu/openblas-openmp /usr/lib/aarch64-linux-gnu/openblas-openmp NO_DEFAULT_PATH)

# Debian 12's libtorch_cpu needs libopencv_highgui, which brings Qt 5, and uses no symbol of it. An empty library of
# the same SONAME, linked first, keeps Qt 5 out of the process.
find_library(TORCH_CPU_FILE torch_cpu HINTS ${TORCH_INSTALL_PREFIX}/lib)
execute_process(COMMAND objdump -p ${TORCH_CPU_FILE} OUTPUT_VARIABLE torch_needs ERROR_QUIET)
string(REGEX MATCH "libopencv_highgui\\.so\\.([0-9]+)" highgui_soname "${torch_needs}")
if(highgui_soname)
    set(highgui_version ${CMAKE_MATCH_1})
    file(WRITE ${CMAKE_BINARY_DIR}/highgui/empty.c "int vitreous_no_highgui = 1;\n")
    add_library(vitreous_no_highgui SHARED ${CMAKE_BINARY_DIR}/highgui/empty.c)
    set_target_properties(vitreous_no_highgui PROPERTIES
        OUTPUT_NAME opencv_highgui SOVERSION ${highgui_version} VERSION ${highgui_version}
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/highgui)
endif()

# glad: the OpenGL 3.3 core loader, generated at build time by Debian's python3-glad (works offline).
find_program(GLAD_COMMAND glad REQUIRED)
set(GLAD_DIR ${CMAKE_BINARY_DIR}/third_party/glad)
add_custom_command(
    OUTPUT ${GLAD_DIR}/src/gl.c ${GLAD_DIR}/include/glad/gl.h
    COMMAND ${GLAD_COMMAND} --quiet --reproducible --api gl:core=3.3 --extensions= --out-path ${GLAD_DIR} c
    COMMENT "Generating the OpenGL loader (glad, gl:core=3.3)" VERBATIM)
add_library(ss_glad STATIC ${GLAD_DIR}/src/gl.c ${GLAD_DIR}/include/glad/gl.h)
target_include_directories(ss_glad SYSTEM PUBLIC ${GLAD_DIR}/include)

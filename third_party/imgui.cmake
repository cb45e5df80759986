# Dear ImGui ≥ 1.86 with the GLFW and OpenGL3 backends and FreeType, as Debian's static libimgui.a holds them.
# imgui.pc names neither GLFW nor FreeType nor dl, and a static library wants them behind itself: hence one target.
pkg_check_modules(imgui REQUIRED IMPORTED_TARGET imgui>=1.86)
find_package(glfw3 3.3 REQUIRED)
find_package(Freetype REQUIRED)
add_library(ss_imgui INTERFACE)
target_link_libraries(ss_imgui INTERFACE PkgConfig::imgui glfw Freetype::Freetype ${CMAKE_DL_LIBS} Threads::Threads)
target_compile_definitions(ss_imgui INTERFACE GLFW_INCLUDE_NONE)

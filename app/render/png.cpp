#include "app/render/png.hpp"

#include <png.h>

#include <csetjmp>
#include <new>
#include <string>

#include "core/model/problem.hpp"
#include "core/trace/atomic_file.hpp"

namespace socketscope::render {
namespace {

// Called by libpng, which is C: no exception may cross it, and no longjmp may leave a catch block.
void append(png_structp png, png_bytep bytes, std::size_t size) {
    bool room = true;
    try {
        static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(bytes), size);
    } catch (const std::bad_alloc&) {
        room = false;
    }
    if (!room) png_error(png, "no memory");
}

// False: libpng refused (its longjmp lands here, where nothing has a destructor).
bool encode(std::string& file, const Picture& picture) {
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    if (png == nullptr) return false;
    png_infop info = png_create_info_struct(png);
    if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_set_write_fn(png, &file, append, nullptr);
    png_set_IHDR(png, info, static_cast<png_uint_32>(picture.width), static_cast<png_uint_32>(picture.height),
                 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    const std::size_t stride = static_cast<std::size_t>(picture.width) * 3;
    for (int y = 0; y < picture.height; ++y)
        png_write_row(png, picture.rgb.data() + static_cast<std::size_t>(y) * stride);
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return true;
}

}  // namespace

void write_png(const Picture& picture, const std::string& path) {
    std::string bytes;
    if (!encode(bytes, picture))
        throw model::Failure({"the picture can't be written", path, "libpng refused it", ""});
    // A device or a pipe is written into, never replaced by a file.
    trace::AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

}  // namespace socketscope::render

#include "app/render/png.hpp"

#include <png.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <unistd.h>

#include "core/model/problem.hpp"

namespace socketscope::render {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& why) {
    throw model::Failure({"the picture can't be written", path, why, "choose another file with -o"});
}

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

// False: libpng could not write (its longjmp lands here, where nothing has a destructor).
bool encode(std::FILE* file, const Picture& picture) {
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    if (png == nullptr) return false;
    png_infop info = png_create_info_struct(png);
    if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_init_io(png, file);
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
    const std::string beside = path + ".part" + std::to_string(::getpid());
    std::unique_ptr<std::FILE, CloseFile> file(std::fopen(beside.c_str(), "wb"));
    if (!file) fail(path, std::strerror(errno));
    errno = 0;
    bool written = encode(file.get(), picture);
    written = std::fflush(file.get()) == 0 && written;
    const int error = errno;
    file.reset();
    if (!written) {
        std::remove(beside.c_str());
        fail(path, error != 0 ? std::strerror(error) : "libpng refused it");
    }
    if (std::rename(beside.c_str(), path.c_str()) != 0) {
        const std::string why = std::strerror(errno);
        std::remove(beside.c_str());
        fail(path, why);
    }
}

}  // namespace socketscope::render

// Append-only storage in chunks that never move: one writer thread, readers up to a published count, no locks.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

namespace socketscope::trace {

// Memory that is written for the first time costs a page fault: a microsecond or two in a virtual machine, once for every
// twenty records. This takes it beforehand.
inline void touch_pages(void* memory, std::size_t size) {
    constexpr std::size_t kPage = 4096;
    for (std::size_t at = 0; at < size; at += kPage) static_cast<volatile char*>(memory)[at] = 0;
}

// Slots of T. Memory is taken chunk by chunk and touched slot by slot, so that the writer never stands still for a
// whole chunk's page faults.
template <class T, std::size_t kPerChunk>
class ChunkedSlots {
    static_assert(std::is_trivially_destructible_v<T>);

public:
    explicit ChunkedSlots(std::size_t bound)
        : bound_(bound), directory_(std::make_unique<std::atomic<T*>[]>(bound / kPerChunk + 1)) {}
    ~ChunkedSlots() { release(bound_ + kPerChunk); }
    ChunkedSlots(const ChunkedSlots&) = delete;
    ChunkedSlots& operator=(const ChunkedSlots&) = delete;

    // Before the writer begins: takes and touches the first chunks.
    void warm_up(std::size_t chunks) {
        for (std::size_t i = 0; i < chunks && i <= bound_ / kPerChunk; ++i)
            if (void* chunk = ::operator new(kPerChunk * sizeof(T), std::nothrow)) {
                touch_pages(chunk, kPerChunk * sizeof(T));
                directory_[i].store(static_cast<T*>(chunk), std::memory_order_relaxed);
            }
    }
    // Writer: a new slot, not yet seen by readers; nullptr if the bound is reached or memory is at its end.
    T* grow() {
        const std::size_t index = count_.load(std::memory_order_relaxed);
        if (index >= bound_) return nullptr;
        auto& place = directory_[index / kPerChunk];
        T* chunk = place.load(std::memory_order_relaxed);
        if (chunk == nullptr) {
            chunk = static_cast<T*>(::operator new(kPerChunk * sizeof(T), std::nothrow));
            if (chunk == nullptr) return nullptr;
            place.store(chunk,
                        std::memory_order_relaxed);  // readers come here only behind the published count
        }
        return new (chunk + index % kPerChunk) T{};
    }
    // Writer: the slot of the last grow() may be read now. Returns its index.
    std::size_t publish() {
        const std::size_t index = count_.load(std::memory_order_relaxed);
        count_.store(index + 1, std::memory_order_release);
        return index;
    }
    std::size_t next() const {
        return count_.load(std::memory_order_relaxed);
    }  // writer: index that publish() will return
    // Any thread: everything below is whole.
    std::size_t size() const { return count_.load(std::memory_order_acquire); }
    T& operator[](std::size_t index) const {
        return directory_[index / kPerChunk].load(std::memory_order_relaxed)[index % kPerChunk];
    }
    // The only reader, when nobody will touch slots below `end` again: frees the chunks that lie wholly below it.
    void release(std::size_t end) {
        for (; (released_ + 1) * kPerChunk <= end && released_ <= bound_ / kPerChunk; ++released_)
            ::operator delete(directory_[released_].exchange(nullptr, std::memory_order_relaxed));
    }

private:
    const std::size_t bound_;
    const std::unique_ptr<std::atomic<T*>[]> directory_;
    std::atomic<std::size_t> count_{0};
    std::size_t released_{0};  // chunks
};

// Bytes: one endless tape. A range may span chunks.
class ChunkedBytes {
public:
    explicit ChunkedBytes(std::size_t bound)
        : bound_(bound), directory_(std::make_unique<std::atomic<char*>[]>(bound / kChunk + 1)) {}
    ~ChunkedBytes() { release(bound_ + kChunk); }
    ChunkedBytes(const ChunkedBytes&) = delete;
    ChunkedBytes& operator=(const ChunkedBytes&) = delete;

    void warm_up(std::size_t chunks) {  // as ChunkedSlots::warm_up
        for (std::size_t i = 0; i < chunks && i <= bound_ / kChunk; ++i)
            if (void* chunk = ::operator new(kChunk, std::nothrow)) {
                touch_pages(chunk, kChunk);
                directory_[i].store(static_cast<char*>(chunk), std::memory_order_relaxed);
            }
    }
    // Writer: appends as much of `bytes` as there is room for and returns how much that was. Readers learn of the range
    // through the record that names it.
    std::size_t append(std::string_view bytes) {
        std::size_t done = 0;
        while (done < bytes.size() && end_ < bound_) {
            char* chunk = writable_chunk();
            if (chunk == nullptr) break;
            const std::size_t at = end_ % kChunk;
            const std::size_t part = std::min({bytes.size() - done, kChunk - at, bound_ - end_});
            std::memcpy(chunk + at, bytes.data() + done, part);
            done += part;
            end_ += part;
        }
        return done;
    }
    std::size_t end() const { return end_; }  // writer
    // Reader: appends a range to `out`.
    void copy(std::size_t offset, std::size_t size, std::string& out) const {
        while (size > 0) {
            const std::size_t part = std::min(size, kChunk - offset % kChunk);
            out.append(directory_[offset / kChunk].load(std::memory_order_relaxed) + offset % kChunk, part);
            offset += part;
            size -= part;
        }
    }
    void release(std::size_t end) {  // as ChunkedSlots::release
        for (; (released_ + 1) * kChunk <= end && released_ <= bound_ / kChunk; ++released_)
            ::operator delete(directory_[released_].exchange(nullptr, std::memory_order_relaxed));
    }

private:
    static constexpr std::size_t kChunk = std::size_t{1} << 18;

    char* writable_chunk() {
        auto& place = directory_[end_ / kChunk];
        char* chunk = place.load(std::memory_order_relaxed);
        if (chunk == nullptr) {
            chunk = static_cast<char*>(::operator new(kChunk, std::nothrow));
            place.store(chunk, std::memory_order_relaxed);
        }
        return chunk;
    }

    const std::size_t bound_;
    const std::unique_ptr<std::atomic<char*>[]> directory_;
    std::size_t end_{0};       // writer
    std::size_t released_{0};  // chunks; reader
};

}  // namespace socketscope::trace

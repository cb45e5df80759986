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
#include <vector>

namespace socketscope::trace {

// Memory that is written for the first time costs a page fault: a microsecond or two in a virtual machine, once for
// every thirty records. This takes it beforehand.
inline void touch_pages(void* memory, std::size_t size) {
    constexpr std::size_t kPage = 4096;
    for (std::size_t at = 0; at < size; at += kPage) static_cast<volatile char*>(memory)[at] = 0;
}

// Chunks for the writer to use next, whose pages are there already: those that the reader has emptied, and new ones
// that it took and touched. One thread gives, one takes; no locks.
class SpareChunks {
public:
    SpareChunks(std::size_t chunk_bytes, std::size_t most) : chunk_bytes_(chunk_bytes), ring_(most) {}
    ~SpareChunks() { trim(); }
    SpareChunks(const SpareChunks&) = delete;
    SpareChunks& operator=(const SpareChunks&) = delete;

    // --- the writer
    void* take() {  // nullptr: there is none
        const std::size_t taken = taken_.load(std::memory_order_relaxed);
        if (taken == given_.load(std::memory_order_acquire)) return nullptr;
        void* chunk = ring_[taken % ring_.size()];
        taken_.store(taken + 1, std::memory_order_release);
        return chunk;
    }
    // --- the reader
    void give(void* chunk) {  // frees it if there are enough
        const std::size_t given = given_.load(std::memory_order_relaxed);
        if (given - taken_.load(std::memory_order_acquire) == ring_.size()) {
            ::operator delete(chunk);
            return;
        }
        ring_[given % ring_.size()] = chunk;
        given_.store(given + 1, std::memory_order_release);
    }
    void provide(std::size_t chunks) {  // so many at least
        while (given_.load(std::memory_order_relaxed) - taken_.load(std::memory_order_relaxed) <
               std::min(chunks, ring_.size())) {
            void* chunk = ::operator new(chunk_bytes_, std::nothrow);
            if (chunk == nullptr) return;
            touch_pages(chunk, chunk_bytes_);
            give(chunk);
        }
    }
    void trim() {  // frees all: when the writer has ended
        while (void* chunk = take()) ::operator delete(chunk);
    }

private:
    const std::size_t chunk_bytes_;
    std::vector<void*> ring_;
    std::atomic<std::size_t> given_{0}, taken_{0};  // of all times; the ring holds what lies between
};

inline constexpr std::size_t kFewSpare = 4;

// Where the chunks of a log lie, by number.
class ChunkDirectory {
public:
    ChunkDirectory(std::size_t chunks, std::size_t chunk_bytes, std::size_t most_spare)
        : spare(chunk_bytes, most_spare),
          chunk_bytes_(chunk_bytes),
          places_(std::make_unique<std::atomic<void*>[]>(chunks)),
          chunks_(chunks) {}
    ~ChunkDirectory() { release(chunks_); }
    ChunkDirectory(const ChunkDirectory&) = delete;
    ChunkDirectory& operator=(const ChunkDirectory&) = delete;

    // Writer: the chunk that it is about to fill; nullptr if memory is at its end.
    void* begin(std::size_t number) {
        void* chunk = spare.take();
        if (chunk == nullptr) chunk = ::operator new(chunk_bytes_, std::nothrow);
        // Relaxed: readers come here only behind the count that was published after it.
        places_[number].store(chunk, std::memory_order_relaxed);
        return chunk;
    }
    void* operator[](std::size_t number) const { return places_[number].load(std::memory_order_relaxed); }
    // The only reader, when nobody will touch the chunks below `end` again: the writer may have their memory.
    void release(std::size_t end) {
        for (; released_ < std::min(end, chunks_); ++released_)
            if (void* chunk = places_[released_].exchange(nullptr, std::memory_order_relaxed))
                spare.give(chunk);
    }

    SpareChunks spare;

private:
    const std::size_t chunk_bytes_;
    const std::unique_ptr<std::atomic<void*>[]> places_;
    const std::size_t chunks_;
    std::size_t released_{0};  // reader
};

// Slots of T. Memory is taken chunk by chunk.
template <class T, std::size_t kPerChunk>
class ChunkedSlots {
    static_assert(std::is_trivially_destructible_v<T>);

public:
    explicit ChunkedSlots(std::size_t bound, std::size_t most_spare = kFewSpare)
        : bound_(bound), directory_(bound / kPerChunk + 1, kPerChunk * sizeof(T), most_spare) {}

    // Writer: a new slot, not yet seen by readers; nullptr if the bound is reached or memory is at its end.
    template <class... Args>
    T* grow(const Args&... args) {
        const std::size_t index = count_.load(std::memory_order_relaxed);
        if (next_ == end_) {
            if (index >= bound_) return nullptr;
            next_ = static_cast<T*>(directory_.begin(index / kPerChunk));
            end_ = next_ == nullptr ? nullptr : next_ + std::min(kPerChunk, bound_ - index);
            if (next_ == nullptr) return nullptr;
        }
        return new (next_) T(args...);
    }
    // Writer: the slot of the last grow() may be read now. Returns its index.
    std::size_t publish() {
        const std::size_t index = count_.load(std::memory_order_relaxed);
        ++next_;
        count_.store(index + 1, std::memory_order_release);
        return index;
    }
    std::size_t next() const {
        return count_.load(std::memory_order_relaxed);
    }  // writer: index that publish() will return
    // Any thread: everything below is whole.
    std::size_t size() const { return count_.load(std::memory_order_acquire); }
    T& operator[](std::size_t index) const {
        return static_cast<T*>(directory_[index / kPerChunk])[index % kPerChunk];
    }
    // --- the only reader
    // Nobody will touch slots below `end` again: the chunks that lie wholly below it may be used anew.
    void release(std::size_t end) { directory_.release(end / kPerChunk); }
    SpareChunks& spare() { return directory_.spare; }

private:
    const std::size_t bound_;
    ChunkDirectory directory_;
    T* next_{nullptr};  // writer: in the chunk that it fills
    T* end_{nullptr};
    std::atomic<std::size_t> count_{0};
};

// Bytes: one endless tape. A range may span chunks.
class ChunkedBytes {
public:
    static constexpr std::size_t kChunk = std::size_t{1} << 18;

    explicit ChunkedBytes(std::size_t bound, std::size_t most_spare = kFewSpare)
        : bound_(bound), directory_(bound / kChunk + 1, kChunk, most_spare) {}

    // Writer: appends as much of `bytes` as there is room for and returns how much that was. Readers learn of the range
    // through the record that names it.
    std::size_t append(std::string_view bytes) {
        if (bytes.empty()) return 0;
        if (bytes.size() > room_) return append_over_chunks(bytes);
        std::memcpy(at_, bytes.data(), bytes.size());
        advance(bytes.size());
        return bytes.size();
    }
    std::size_t end() const { return end_; }  // writer
    // Reader: appends a range to `out`.
    void copy(std::size_t offset, std::size_t size, std::string& out) const {
        while (size > 0) {
            const std::size_t part = std::min(size, kChunk - offset % kChunk);
            out.append(static_cast<const char*>(directory_[offset / kChunk]) + offset % kChunk, part);
            offset += part;
            size -= part;
        }
    }
    // --- the only reader; as in ChunkedSlots
    void release(std::size_t end) { directory_.release(end / kChunk); }
    SpareChunks& spare() { return directory_.spare; }

private:
    void advance(std::size_t size) {
        at_ += size;
        room_ -= size;
        end_ += size;
    }
    // Kept out of append(), which stands between two system calls.
    [[gnu::noinline]] std::size_t append_over_chunks(std::string_view bytes) {
        std::size_t done = 0;
        while (done < bytes.size()) {
            if (room_ == 0) {
                if (end_ >= bound_) break;
                at_ = static_cast<char*>(directory_.begin(end_ / kChunk));
                if (at_ == nullptr) break;
                room_ = std::min(kChunk, bound_ - end_);
            }
            const std::size_t part = std::min(bytes.size() - done, room_);
            std::memcpy(at_, bytes.data() + done, part);
            advance(part);
            done += part;
        }
        return done;
    }

    const std::size_t bound_;
    ChunkDirectory directory_;
    char* at_{nullptr};  // writer: where the next byte goes, and how many fit there
    std::size_t room_{0};
    std::size_t end_{0};
};

}  // namespace socketscope::trace

// Tells ThreadSanitizer that descriptors of equal number in two endpoints are not one: each endpoint has a descriptor
// table of its own (unshare(2) CLONE_FILES), which the sanitizer's model of descriptors does not know. Else: nothing.
#pragma once

#if defined(__SANITIZE_THREAD__)
extern "C" void AnnotateIgnoreReadsBegin(const char* file, int line);
extern "C" void AnnotateIgnoreReadsEnd(const char* file, int line);
extern "C" void AnnotateIgnoreWritesBegin(const char* file, int line);
extern "C" void AnnotateIgnoreWritesEnd(const char* file, int line);
#endif

namespace socketscope::socket {

inline void thread_sanitizer_ignore_begin() {
#if defined(__SANITIZE_THREAD__)
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
#endif
}
inline void thread_sanitizer_ignore_end() {
#if defined(__SANITIZE_THREAD__)
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
#endif
}

// For a scope.
struct OwnDescriptors {
    OwnDescriptors() { thread_sanitizer_ignore_begin(); }
    ~OwnDescriptors() { thread_sanitizer_ignore_end(); }
    OwnDescriptors(const OwnDescriptors&) = delete;
    OwnDescriptors& operator=(const OwnDescriptors&) = delete;
};

}  // namespace socketscope::socket

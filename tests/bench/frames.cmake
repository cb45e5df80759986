if(SOCKETSCOPE_APP)
    ss_bench(bench_frames LIBS ss_render ss_trace ss_lesson ss_test_scene SOURCES frames_bench.cpp)
    target_compile_definitions(bench_frames PRIVATE RECORDING="")
endif()

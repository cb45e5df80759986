ss_bench(bench_record LIBS ss_socket ss_test_scene SOURCES record_bench.cpp)

ss_bench(bench_record LIBS ss_socket SOURCES record_bench.cpp)

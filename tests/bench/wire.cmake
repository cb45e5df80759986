ss_bench(bench_wire LIBS ss_wire SOURCES wire_bench.cpp)

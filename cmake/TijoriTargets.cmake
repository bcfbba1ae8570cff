# What every target of the tree shares, and the three ways to declare one.
include_guard()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(tijori_options INTERFACE)
# No contraction: every rounding in a kernel is the one written (docs/architecture.md, "Batch invariance").
target_compile_options(tijori_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  $<$<BOOL:${TIJORI_WARNINGS_ARE_ERRORS}>:-Werror>
  -ffp-contract=off -fno-omit-frame-pointer -fstack-protector-strong)
target_compile_definitions(tijori_options INTERFACE TIJORI_VERSION="${PROJECT_VERSION}")
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT TIJORI_SANITIZE)
  target_compile_definitions(tijori_options INTERFACE _FORTIFY_SOURCE=2)
  target_link_options(tijori_options INTERFACE -Wl,-z,relro,-z,now)
  # What is built doesn't tell where: two folders give the same packages. ccache may name the sources from the build folder,
  # as ../.. for one. The last of these is tried first.
  file(RELATIVE_PATH upwards ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
  string(REGEX REPLACE "/$" "" upwards "${upwards}")
  target_compile_options(tijori_options INTERFACE -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
    $<$<BOOL:${upwards}>:-ffile-prefix-map=${upwards}=.> -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
endif()
target_include_directories(tijori_options INTERFACE ${CMAKE_SOURCE_DIR})
target_link_libraries(tijori_options INTERFACE Threads::Threads)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 warns falsely inside the standard library's own containers (-O3, sanitizers); clang-tidy and the sanitizers
  # look for what these would find.
  target_compile_options(tijori_options INTERFACE -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds
    -Wno-restrict)
endif()
if(TIJORI_SANITIZE)
  target_compile_options(tijori_options INTERFACE -fsanitize=${TIJORI_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(tijori_options INTERFACE -fsanitize=${TIJORI_SANITIZE})
endif()

if(TIJORI_FUZZ)
  # The libraries too, or the fuzzer would be blind to what it drives.
  target_compile_options(tijori_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# tijori_precompile(TARGET <header> …): where TIJORI_PRECOMPILE is on.
function(tijori_precompile target)
  if(TIJORI_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

# tijori_library(NAME SOURCES a.cpp … LIBS x …): a static library `tijori_NAME`.
function(tijori_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_library(tijori_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(tijori_${name} PUBLIC tijori_options ${ARG_LIBS})
endfunction()

# tijori_host_kernels(a.cu …): sources that a target of this folder compiles for the host executor.
function(tijori_host_kernels)
  set_source_files_properties(${ARGN} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS -xc++)
endfunction()

# tijori_program(NAME SOURCES a.cpp … LIBS x …): an executable called NAME in bin/.
function(tijori_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE tijori_options ${ARG_LIBS})
endfunction()

# tijori_test(NAME SOURCES a.cpp … LIBS x … LABELS unit …): a Qt Test executable, registered with CTest.
# The source holds one QObject class and ends with QTEST_GUILESS_MAIN and its own .moc. TIJORI_SHARED is where the
# golden models lie; a test that needs them skips, saying so, when they are absent.
function(tijori_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;PRECOMPILED" "SOURCES;LIBS;LABELS;ARGS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE tijori_options ${ARG_LIBS} Qt6::Test)
  # Qt's own headers do not bear the stricter warnings when a macro expands in our file.
  target_compile_options(${name} PRIVATE -Wno-conversion -Wno-shadow)
  if(TIJORI_PRECOMPILE AND ARG_PRECOMPILED)
    target_precompile_headers(${name} REUSE_FROM ${ARG_PRECOMPILED})
  endif()
  add_test(NAME ${name} COMMAND ${name} ${ARG_ARGS})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "TIJORI_SOURCE_DIR=${CMAKE_SOURCE_DIR};TIJORI_BIN_DIR=${CMAKE_BINARY_DIR}/bin;UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=suppressions='${CMAKE_SOURCE_DIR}/tests/support/tsan.supp'")
endfunction()

# tijori_fuzzer(NAME SOURCES a.cpp LIBS x …): with TIJORI_FUZZ a libFuzzer program; with TIJORI_TESTS a replay of
# tests/fuzz/corpus/NAME through the same entry point, registered as a test of label `fuzz`.
function(tijori_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  if(TIJORI_FUZZ)
    add_executable(fuzz_${name} ${ARG_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE tijori_options ${ARG_LIBS})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(fuzz_${name}_replay ${ARG_SOURCES} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cpp)
    set_target_properties(fuzz_${name}_replay PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(fuzz_${name}_replay PRIVATE tijori_options ${ARG_LIBS})
    add_test(NAME fuzz_${name}_replay COMMAND fuzz_${name}_replay ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
    set_tests_properties(fuzz_${name}_replay PROPERTIES LABELS fuzz TIMEOUT 120)
  endif()
endfunction()

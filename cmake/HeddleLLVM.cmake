# The LLVM and Clang that Heddle is built on: version 22, as shared libraries, so that linking
# stays quick and the tool small.
set(HEDDLE_LLVM_VERSION 22)
find_package(LLVM REQUIRED CONFIG
             HINTS /usr/lib/llvm-${HEDDLE_LLVM_VERSION}/lib/cmake/llvm)
if(NOT LLVM_VERSION_MAJOR EQUAL HEDDLE_LLVM_VERSION)
  message(FATAL_ERROR "Heddle needs LLVM ${HEDDLE_LLVM_VERSION}, found ${LLVM_PACKAGE_VERSION}.")
endif()
find_package(nlohmann_json 3.11 REQUIRED)

find_library(HEDDLE_CLANG_CPP clang-cpp HINTS ${LLVM_LIBRARY_DIRS} NO_DEFAULT_PATH REQUIRED)
find_program(HEDDLE_LLVM_TBLGEN llvm-tblgen HINTS ${LLVM_TOOLS_BINARY_DIR} NO_DEFAULT_PATH REQUIRED)

# LLVM's own headers are system headers to us: their warnings are not ours to fix.
add_library(heddle_llvm INTERFACE)
target_include_directories(heddle_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
# A module takes LLVM and Clang from the process that loads it.
set(HEDDLE_UNLESS_MODULE $<NOT:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>>)
# A target with the property HEDDLE_LINKS_LLVM_IN takes the static libraries.
set(HEDDLE_STATICALLY $<BOOL:$<TARGET_PROPERTY:HEDDLE_LINKS_LLVM_IN>>)
file(GLOB HEDDLE_ARCHIVES ${LLVM_LIBRARY_DIRS}/libclang*.a ${LLVM_LIBRARY_DIRS}/libLLVM*.a)
target_link_libraries(heddle_llvm INTERFACE
  $<$<AND:${HEDDLE_UNLESS_MODULE},$<NOT:${HEDDLE_STATICALLY}>>:LLVM>
  "$<${HEDDLE_STATICALLY}:-Wl,--start-group;${HEDDLE_ARCHIVES};-Wl,--end-group;-l:libzstd.a;-l:libz.a>")
target_compile_definitions(heddle_llvm INTERFACE
  __STDC_CONSTANT_MACROS __STDC_FORMAT_MACROS __STDC_LIMIT_MACROS _GNU_SOURCE)
if(NOT LLVM_ENABLE_RTTI)
  target_compile_options(heddle_llvm INTERFACE -fno-rtti)
endif()

add_library(heddle_clang INTERFACE)
target_link_libraries(heddle_clang INTERFACE
  $<$<AND:${HEDDLE_UNLESS_MODULE},$<NOT:${HEDDLE_STATICALLY}>>:${HEDDLE_CLANG_CPP}> heddle_llvm)

# heddle_component(NAME [PCH_FROM heddle_clang_pch] SOURCES... DEPENDS targets...)
# One folder, one target. What a component may use is exactly what it lists under DEPENDS; the
# include test (test/layering) holds the #include lines to the same list. Components that use
# Clang's AST share one precompiled header of it.
function(heddle_component NAME)
  cmake_parse_arguments(ARG "" "PCH_FROM" "SOURCES;DEPENDS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SOURCES})
  target_include_directories(${NAME} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${NAME} PUBLIC ${ARG_DEPENDS})
  heddle_compile_options(${NAME})
  if(ARG_PCH_FROM)
    target_precompile_headers(${NAME} REUSE_FROM ${ARG_PCH_FROM})
    # libstdc++ silences its own deprecated calls by pragmas, which a precompiled header forgets.
    target_compile_options(${NAME} PRIVATE -Wno-deprecated-declarations)
  endif()
endfunction()

function(heddle_compile_options NAME)
  target_compile_options(${NAME} PRIVATE
    -Wall -Wextra -Werror -Wthread-safety -Wno-unused-parameter
    "SHELL:-Xclang -fno-pch-timestamp") # which ccache asks for
endfunction()

# Clang's headers, compiled once: they are most of what our files include.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/ClangHeaders.cpp
     CONTENT "// Generated: the source file that a precompiled header has to have.\n")
heddle_component(heddle_clang_pch
  SOURCES ${CMAKE_BINARY_DIR}/generated/ClangHeaders.cpp
  DEPENDS heddle_clang)
target_precompile_headers(heddle_clang_pch PRIVATE
  <clang/AST/ASTConsumer.h>
  <clang/AST/ASTContext.h>
  <clang/AST/DeclCXX.h>
  <clang/AST/DeclTemplate.h>
  <clang/AST/ExprCXX.h>
  <clang/AST/RecursiveASTVisitor.h>
  <clang/AST/StmtCXX.h>
  <clang/Analysis/CFG.h>
  <clang/Basic/SourceManager.h>
  <llvm/ADT/STLExtras.h>
  <llvm/Support/raw_ostream.h>
  <map>
  <string>
  <vector>)

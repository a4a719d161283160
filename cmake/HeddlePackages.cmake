# What `cmake --install` puts where, and the packages that CPack makes of it. Three components: `tool`,
# `tidy` (where there is a HeddleTidy) and `runtime-dev`. scripts/package.sh makes all packages.
include(GNUInstallDirs)
set(HEDDLE_MAINTAINER "Heddle developers <heddle@example.org>" CACHE STRING
    "Name and address in the packages, for whoever publishes them")
set(SHARE ${CMAKE_BINARY_DIR}/share)

# The manual and the completion say what the tool says of itself.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_program(GZIP_PROGRAM gzip REQUIRED)
set(GENERATE_MANUAL ${PROJECT_SOURCE_DIR}/scripts/generate-manual)
set(GENERATE_SBOM ${PROJECT_SOURCE_DIR}/scripts/generate-sbom)
add_custom_command(
  OUTPUT ${SHARE}/heddle.1.gz ${SHARE}/heddle.bash
  COMMAND ${Python3_EXECUTABLE} ${GENERATE_MANUAL} man $<TARGET_FILE:heddle> > ${SHARE}/heddle.1
  COMMAND ${GZIP_PROGRAM} -9nf ${SHARE}/heddle.1
  COMMAND ${Python3_EXECUTABLE} ${GENERATE_MANUAL} bash $<TARGET_FILE:heddle> > ${SHARE}/heddle.bash
  DEPENDS heddle ${GENERATE_MANUAL}
  VERBATIM)
find_package(Boost 1.74 REQUIRED COMPONENTS context)
add_custom_command(
  OUTPUT ${SHARE}/heddle.cdx.json
  COMMAND ${Python3_EXECUTABLE} ${GENERATE_SBOM} debian ${PROJECT_VERSION}
          llvm=${LLVM_PACKAGE_VERSION} nlohmann-json=${nlohmann_json_VERSION}
          boost-context=${Boost_VERSION_STRING} > ${SHARE}/heddle.cdx.json
  DEPENDS ${GENERATE_SBOM}
  VERBATIM)
file(MAKE_DIRECTORY ${SHARE})
add_custom_target(heddle_share ALL
  DEPENDS ${SHARE}/heddle.1.gz ${SHARE}/heddle.bash ${SHARE}/heddle.cdx.json)

install(TARGETS heddle RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
install(FILES ${SHARE}/heddle.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tool)
install(FILES ${SHARE}/heddle.bash RENAME heddle
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tool)
install(FILES docs/guide.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/heddle COMPONENT tool)
install(DIRECTORY docs/rules docs/integrations DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/heddle
  COMPONENT tool FILES_MATCHING PATTERN "*.md")
install(FILES ${SHARE}/heddle.cdx.json DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/heddle COMPONENT tool)
install(FILES docs/runtime.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libheddle-dev
  COMPONENT runtime-dev)
install(DIRECTORY examples/patterns
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libheddle-dev/examples COMPONENT runtime-dev)

# Debian's packages. A package has its papers in a folder of its own name.
set(CPACK_COMPONENTS_ALL tool runtime-dev)
set(DEBIAN_PACKAGES heddle libheddle-dev)
if(TARGET HeddleTidy)
  list(APPEND CPACK_COMPONENTS_ALL tidy)
  list(APPEND DEBIAN_PACKAGES heddle-tidy)
endif()
set(CPACK_DEBIAN_TOOL_PACKAGE_NAME heddle)
set(CPACK_DEBIAN_TIDY_PACKAGE_NAME heddle-tidy)
set(CPACK_DEBIAN_RUNTIME-DEV_PACKAGE_NAME libheddle-dev)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)

add_custom_command(
  OUTPUT ${SHARE}/changelog.gz ${SHARE}/changelog.Debian.gz
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/packaging/debian/write-changelog
          ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE} ${HEDDLE_MAINTAINER} > ${SHARE}/changelog.Debian
  COMMAND ${GZIP_PROGRAM} -9nf ${SHARE}/changelog.Debian
  COMMAND ${CMAKE_COMMAND} -E copy ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${SHARE}/changelog
  COMMAND ${GZIP_PROGRAM} -9nf ${SHARE}/changelog
  DEPENDS ${PROJECT_SOURCE_DIR}/packaging/debian/write-changelog ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  VERBATIM)
add_custom_target(heddle_papers ALL DEPENDS ${SHARE}/changelog.gz ${SHARE}/changelog.Debian.gz)
foreach(PACKAGE COMPONENT IN ZIP_LISTS DEBIAN_PACKAGES CPACK_COMPONENTS_ALL)
  install(FILES packaging/debian/copyright ${SHARE}/changelog.gz ${SHARE}/changelog.Debian.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${PACKAGE} COMPONENT ${COMPONENT})
  if(EXISTS ${PROJECT_SOURCE_DIR}/packaging/debian/${PACKAGE}.lintian-overrides)
    install(FILES packaging/debian/${PACKAGE}.lintian-overrides RENAME ${PACKAGE}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT ${COMPONENT})
  endif()
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT ${HEDDLE_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

# Clang's own headers and the standard library's are read with every unit; no compiler is run.
set(CPACK_DEBIAN_TOOL_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TOOL_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TOOL_PACKAGE_DEPENDS
    "libclang-common-${HEDDLE_LLVM_VERSION}-dev, libstdc++-12-dev | libstdc++-dev")
set(CPACK_DEBIAN_TOOL_PACKAGE_SUGGESTS "heddle-tidy, libheddle-dev, git, bear")
# The first line of a description is its summary.
set(CPACK_COMPONENT_TOOL_DESCRIPTION
"finds concurrency bugs in C++ and C
Heddle reads code as a compiler does and reports data races, deadlocks,
threads that nobody can stop, missed cancellations and misused channels.
It tells each as a story of the threads that take part, and fixes what can
be fixed safely.")

set(CPACK_DEBIAN_TIDY_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_TIDY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_TIDY_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/debian/triggers)
# The module is for the clang-tidy that it was built for: LLVM promises nothing beyond its minor version.
math(EXPR NEXT_MINOR "${LLVM_VERSION_MINOR} + 1")
set(CPACK_DEBIAN_TIDY_PACKAGE_DEPENDS
    "clang-tidy-${HEDDLE_LLVM_VERSION} (>= 1:${LLVM_VERSION_MAJOR}.${LLVM_VERSION_MINOR}), clang-tidy-${HEDDLE_LLVM_VERSION} (<< 1:${LLVM_VERSION_MAJOR}.${NEXT_MINOR}~)")
set(CPACK_COMPONENT_TIDY_DESCRIPTION
"checks of concurrency for clang-tidy
The rules of Heddle, which finds data races, deadlocks and misused channels in
C++ and C, as a module that clang-tidy loads: its option is -load, the name of
the module libHeddleTidy.so, and the checks are called heddle-*.")

set(CPACK_DEBIAN_RUNTIME-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_RUNTIME-DEV_PACKAGE_DEPENDS "libboost-context-dev, libstdc++-12-dev | libstdc++-dev")
set(CPACK_COMPONENT_RUNTIME-DEV_DESCRIPTION
"tasks, channels and contexts for C++20
A small runtime in the manner of Go: tasks on a pool of threads, channels,
select, contexts that cancel, and the locks, groups and timers that go with
them. This package has the headers, the library, which is linked statically,
and what CMake's find_package(heddle) reads.")
include(CPack)

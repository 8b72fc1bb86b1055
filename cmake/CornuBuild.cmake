# How everything is compiled: build type, ccache, lld, warnings, sanitizers, and one room as one object library.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")
# For the sanitizers: lines in reports, and a build that does not take all day.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -gline-tables-only")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O1 -gline-tables-only")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_PCH_EXTSUM=1 CCACHE_IGNOREOPTIONS=-Xclang ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()
find_program(LLD NAMES ld.lld-22 ld.lld)
if(LLD)
  add_link_options(-fuse-ld=${LLD})
endif()

add_compile_options(-Wall -Wextra -Wno-unused-parameter)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-fpch-instantiate-templates>" -Wno-missing-designated-field-initializers)
else()
  add_compile_options(-Wno-missing-field-initializers)
endif()

if(CORNU_SANITIZE)
  # vptr needs typeinfo that MLIR does not export; function reads a signature in front of callees that compiled models do not have.
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize=vptr,function)
  add_link_options(-fsanitize=address,undefined)
endif()

# cornu_room(NAME): the sources of one folder tree as object library cornu_<name>, MLIR headers precompiled once.
function(cornu_room name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
  if(NOT sources)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
  endif()
  add_library(cornu_${name} OBJECT ${sources})
  target_include_directories(cornu_${name} PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  target_link_libraries(cornu_${name} PRIVATE cornu_deps)
endfunction()

# cornu_mlir_room(NAME): a room that includes MLIR.
function(cornu_mlir_room name)
  cornu_room(${name})
  if(name STREQUAL "ir")
    target_precompile_headers(cornu_ir PRIVATE ${CMAKE_SOURCE_DIR}/cmake/mlir_pch.h)
    # A precompiled header holds the paths of its build folder. ccache compares this sum instead, and ignores the options that name the header
    # (-Xclang), so that every checkout shares its results.
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/mlir_pch.h)
    file(SHA256 ${CMAKE_SOURCE_DIR}/cmake/mlir_pch.h sum)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/cornu_ir.dir/cmake_pch.hxx.pch.sum "${sum} ${MLIR_VERSION} ${CMAKE_CXX_COMPILER_VERSION}")
  else()
    target_precompile_headers(cornu_${name} REUSE_FROM cornu_ir)
  endif()
  target_include_directories(cornu_${name} SYSTEM PRIVATE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
  target_compile_definitions(cornu_${name} PRIVATE ${LLVM_DEFINITIONS_LIST})
  add_dependencies(cornu_${name} cornu_tablegen)
endfunction()

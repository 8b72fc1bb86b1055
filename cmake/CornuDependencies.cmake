# The libraries Cornu stands on, all from Debian's packages (tools/install-deps).
find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
separate_arguments(LLVM_DEFINITIONS_LIST NATIVE_COMMAND ${LLVM_DEFINITIONS})

find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(HDF5 REQUIRED COMPONENTS C)
# Debian's libzip-config.cmake demands command-line tools of three more packages, so the library is looked up by hand.
find_path(LIBZIP_INCLUDE_DIR zip.h REQUIRED)
find_library(LIBZIP_LIBRARY zip REQUIRED)
find_package(ZLIB REQUIRED)

add_library(cornu_deps INTERFACE)
target_link_libraries(cornu_deps INTERFACE ${HDF5_C_LIBRARIES} ${LIBZIP_LIBRARY} ZLIB::ZLIB)
target_include_directories(cornu_deps SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS} ${LIBZIP_INCLUDE_DIR} ${EIGEN3_INCLUDE_DIRS})

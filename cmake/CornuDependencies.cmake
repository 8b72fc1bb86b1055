# The libraries Cornu stands on, all from Debian's packages (tools/install-deps).
find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
separate_arguments(LLVM_DEFINITIONS_LIST NATIVE_COMMAND ${LLVM_DEFINITIONS})

find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(libzip REQUIRED)
find_package(ZLIB REQUIRED)

add_library(cornu_deps INTERFACE)
target_link_libraries(cornu_deps INTERFACE ${HDF5_C_LIBRARIES} libzip::zip ZLIB::ZLIB)
target_include_directories(cornu_deps SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS} ${EIGEN3_INCLUDE_DIRS})

#include "runtime/array.h"

#include <gtest/gtest.h>
#include <sstream>

#include "runtime/eigen.h"
#include "test/unit/messages.h"

using namespace cornu;
using cornu::testing::messageOf;

namespace {
TEST(Array, holdsValuesRowMajor) {
  Array a({1.f, 2.f, 3.f, 4.f, 5.f, 6.f}, {2, 3});
  EXPECT_EQ(a.dtype(), DType::Float32);
  EXPECT_EQ(a.size(), 6);
  EXPECT_EQ(a.bytes(), 24u);
  EXPECT_EQ(a.dim(-1), 3);
  EXPECT_EQ(asMatrix<float>(a)(1, 0), 4.f);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(a.raw()) % 64, 0u);
  EXPECT_EQ(toArray(asMatrix<float>(a)), a);
}

TEST(Array, copiesShareAndClonesDoNot) {
  Array a({1, 2, 3}, {3}), b = a, c = a.clone();
  b.data<int32_t>()[0] = 9;
  EXPECT_EQ(a.at(0), 9);
  EXPECT_EQ(c.at(0), 1);
}

TEST(Array, borrowsAndAdoptsWithoutCopy) {
  std::vector<double> values{1, 2, 3, 4};
  Array view = Array::borrow(values.data(), {2, 2});
  values[3] = 7;
  EXPECT_EQ(view.at(3), 7);
  const double *before = values.data();
  Array taken(std::move(values), {4});
  EXPECT_EQ(taken.data<double>(), before);
}

TEST(Array, rowsAndReshapeShareMemory) {
  Array a({0, 1, 2, 3, 4, 5, 6, 7}, {4, 2});
  Array middle = a.rows(1, 3);
  EXPECT_EQ(middle, Array({2, 3, 4, 5}, {2, 2}));
  middle.set(0, 20);
  EXPECT_EQ(a.at(2), 20);
  EXPECT_EQ(a.reshape({2, -1}).shape(), (std::vector<int64_t>{2, 4}));
  EXPECT_EQ(a.rows(4, 4).shape(), (std::vector<int64_t>{0, 2}));
}

TEST(Array, rowsOutliveTheirArray) {
  Array part;
  {
    Array a({1.f, 2.f, 3.f}, {3});
    part = a.rows(1, 3);
  }
  EXPECT_EQ(part, Array({2.f, 3.f}, {2}));
}

TEST(Array, gathersRows) {
  Array a({0, 1, 2, 3, 4, 5}, {3, 2});
  EXPECT_EQ(a.gatherRows(std::vector<int64_t>{2, 0, 2}), Array({4, 5, 0, 1, 4, 5}, {3, 2}));
  Array room = Array::zeros({2, 2}, DType::Int32);
  a.gatherRows(std::vector<int64_t>{1}, room);
  EXPECT_EQ(room, Array({2, 3, 0, 0}, {2, 2}));
}

TEST(Array, takesColumnsAndViews) {
  Array a({0, 1, 2, 3, 4, 5}, {2, 3});
  EXPECT_EQ(a.columns(1, 3), Array({1, 2, 4, 5}, {2, 2}));
  EXPECT_EQ(a.columns(1, 1).shape(), (std::vector<int64_t>{2, 0}));
  EXPECT_EQ(a.view(8, {2, 2}, DType::Int32), Array({2, 3, 4, 5}, {2, 2}));
  EXPECT_THROW(a.view(2, {1}, DType::Int32), UserError);
  EXPECT_THROW(a.view(20, {2}, DType::Int32), UserError);
}

TEST(Array, convertsTypes) {
  Array a({-1.5f, 0.f, 2.9f, 1e20f, std::nanf("")}, {5});
  EXPECT_EQ(a.astype(DType::Int32), Array({-1, 0, 2, INT32_MAX, 0}, {5}));
  EXPECT_EQ(a.rows(0, 3).astype(DType::Bool).astype(DType::Int32), Array({1, 0, 1}, {3}));
  EXPECT_EQ(Array({0.5, 65504.0, -2.0}, {3}).astype(DType::Float16).astype(DType::Float64), Array({0.5, 65504.0, -2.0}, {3}));
  EXPECT_EQ(Array({1.0, -256.0}, {2}).astype(DType::BFloat16).astype(DType::Float64), Array({1.0, -256.0}, {2}));
}

TEST(Array, everyTypeKnowsItsName) {
  for (DType type : {DType::Bool, DType::Int8, DType::UInt8, DType::Int16, DType::Int32, DType::Int64, DType::UInt32, DType::UInt64,
                     DType::Float16, DType::BFloat16, DType::Float32, DType::Float64}) {
    EXPECT_EQ(dtypeFromName(nameOf(type)), type);
    EXPECT_EQ(Array::full({3}, 1, type).at(2), 1);
  }
  EXPECT_EQ(dtypeFromName("float"), std::nullopt);
}

TEST(Array, saysWhichRuleWasBroken) {
  Array a({1.f, 2.f}, {2});
  EXPECT_EQ(messageOf([&] { (void)a.data<int32_t>(); }),
            "Array: elements are read in their own type (astype converts). Received: int32 asked of an array of float32");
  EXPECT_EQ(messageOf([&] { (void)a.reshape({3}); }), "reshape: the number of elements must stay the same. Received: (2,) to (3,)");
  EXPECT_EQ(messageOf([&] { Array({1, 2, 3}, {2, 2}); }),
            "Array: the shape must have as many elements as there are values. Received: shape=(2, 2) for 3 values");
  EXPECT_EQ(messageOf([&] { Array::zeros({int64_t(1) << 40, int64_t(1) << 40}); }),
            "Array: the shape has more elements than memory can hold. Received: shape=(1099511627776, 1099511627776)");
  EXPECT_EQ(messageOf([&] { (void)a.rows(1, 3); }), "rows: the range must lie within the leading axis. Received: [1, 3) of shape (2,)");
}

TEST(Array, printsLikeNumPy) {
  std::ostringstream os;
  os << Array({1.f, 2.5f, -3.f, 4.f}, {2, 2});
  EXPECT_EQ(os.str(), "[[1, 2.5],\n [-3, 4]]  shape=(2, 2) dtype=float32");
  os.str("");
  os << Array::zeros({2000}, DType::UInt8);
  EXPECT_EQ(os.str(), "[0, 0, 0, ..., 0, 0, 0]  shape=(2000,) dtype=uint8");
  os.str("");
  os << Array::scalar(7, DType::Int64);
  EXPECT_EQ(os.str(), "7  shape=() dtype=int64");
}

TEST(Errors, suggestNearNames) {
  std::vector<std::string> known{"categorical_crossentropy", "mean_squared_error", "relu"};
  EXPECT_EQ(closestName("crossentropy", known), "categorical_crossentropy");
  EXPECT_EQ(closestName("rleu", known), "relu");
  EXPECT_EQ(closestName("zzz", known), "");
}
} // namespace

#include "ir/Fold.h"

namespace cornu::ir {
using namespace mlir;

static DenseElementsAttr asSplat(Attribute value) {
  auto elements = dyn_cast_or_null<DenseElementsAttr>(value);
  return elements && elements.isSplat() ? elements : DenseElementsAttr();
}

bool isSplat(Attribute value, int64_t number) {
  DenseElementsAttr splat = asSplat(value);
  if (!splat)
    return false;
  if (isa<FloatType>(splat.getElementType()))
    return splat.getSplatValue<APFloat>().convertToDouble() == static_cast<double>(number);
  return splat.getSplatValue<APInt>().getSExtValue() == number;
}

OpFoldResult foldSplats(Attribute a, Attribute b, RankedTensorType type, FloatFold onFloats, IntFold onInts) {
  DenseElementsAttr x = asSplat(a), y = asSplat(b);
  if (!x || !y || !type.hasStaticShape())
    return {};
  if (isa<FloatType>(type.getElementType()) && onFloats)
    return DenseElementsAttr::get(type, onFloats(x.getSplatValue<APFloat>(), y.getSplatValue<APFloat>()));
  if (isa<IntegerType>(type.getElementType()) && onInts)
    return DenseElementsAttr::get(type, onInts(x.getSplatValue<APInt>(), y.getSplatValue<APInt>()));
  return {};
}

OpFoldResult foldSplat(Attribute x, RankedTensorType type, std::function<APFloat(APFloat)> onFloats, std::function<APInt(APInt)> onInts) {
  return foldSplats(x, x, type, [&](APFloat v, APFloat) { return onFloats(v); }, [&](APInt v, APInt) { return onInts(v); });
}

OpFoldResult foldCast(Attribute value, RankedTensorType type) {
  DenseElementsAttr x = asSplat(value);
  if (!x || !type.hasStaticShape())
    return {};
  Type from = x.getElementType(), to = type.getElementType();
  bool exact;
  if (auto floating = dyn_cast<FloatType>(to)) {
    APFloat result(floating.getFloatSemantics());
    if (isa<FloatType>(from)) {
      result = x.getSplatValue<APFloat>();
      result.convert(floating.getFloatSemantics(), APFloat::rmNearestTiesToEven, &exact);
    } else {
      result.convertFromAPInt(x.getSplatValue<APInt>(), /*IsSigned=*/!from.isInteger(1), APFloat::rmNearestTiesToEven);
    }
    return DenseElementsAttr::get(type, result);
  }
  unsigned width = to.getIntOrFloatBitWidth();
  if (isa<FloatType>(from)) {
    APFloat v = x.getSplatValue<APFloat>();
    if (width == 1)
      return DenseElementsAttr::get(type, APInt(1, !v.isZero()));
    APSInt result(width, /*isUnsigned=*/false);
    if (v.convertToInteger(result, APFloat::rmTowardZero, &exact) == APFloat::opInvalidOp)
      return {}; // out of range: left to the machine
    return DenseElementsAttr::get(type, static_cast<APInt>(result));
  }
  APInt v = x.getSplatValue<APInt>();
  if (width == 1)
    return DenseElementsAttr::get(type, APInt(1, !v.isZero()));
  return DenseElementsAttr::get(type, from.isInteger(1) ? v.zextOrTrunc(width) : v.sextOrTrunc(width));
}

OpFoldResult foldSplatToShape(Attribute x, RankedTensorType type) {
  DenseElementsAttr splat = asSplat(x);
  if (!splat || !type.hasStaticShape())
    return {};
  return splat.resizeSplat(type);
}

} // namespace cornu::ir

// Nodes of layers: what a layer was called on and what came out, with one call and with several.
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include "test/unit/messages.h"

using namespace cornu;
using cornu::testing::messageOf;

namespace {

struct Halves : Layer<Halves> {
  explicit Halves(LayerOptions options = {}) : Layer(std::move(options)) {}
  Tensors call(const Tensor &x) { return {x / 2, x / 2}; }
};

} // namespace

TEST(LayerNodes, OneCall) {
  auto x = Input({5});
  Dense layer(3, {.name = "layer"});
  EXPECT_EQ(messageOf([&] { layer.output(); }), "Dense 'layer': the layer has never been called and thus has no defined output");
  EXPECT_EQ(messageOf([&] { layer.input_shape(); }), "Dense 'layer': the layer has never been called and thus has no defined input shape");
  auto y = layer(x);
  EXPECT_EQ(layer.input().name(), x.name());
  EXPECT_EQ(layer.output().node(), y.node());
  EXPECT_EQ(layer.input_shape(), (Shape{-1, 5}));
  EXPECT_EQ(layer.output_shape(), (Shape{-1, 3}));
  EXPECT_EQ(layer.get_output_at(0).node(), y.node());
  EXPECT_EQ(messageOf([&] { layer.get_output_at(1); }), "Dense 'layer': asked for the output of node 1, but the layer has 1 inbound nodes");
  EXPECT_EQ(messageOf([&] { layer.get_input_shape_at(-2); }), "Dense 'layer': asked for the input of node -2, but the layer has 1 inbound nodes");
  AnyLayer input(x.node()->layer);
  EXPECT_EQ(input.input_shape(), input.output_shape());
}

TEST(LayerNodes, SeveralCalls) {
  auto a = Input({280, 256}), b = Input({280, 256});
  Dense shared(32, {.name = "shared"});
  auto encodedA = shared(a), encodedB = shared(b);
  EXPECT_EQ(messageOf([&] { shared.output(); }), "Dense 'shared': the layer has 2 inbound nodes, hence the notion of 'layer output' is ill-defined. "
                                                 "Use get_output_at(node_index) instead");
  EXPECT_NE(messageOf([&] { shared.input(); }).find("Use get_input_at(node_index) instead"), std::string::npos);
  EXPECT_EQ(shared.get_output_at(0).node(), encodedA.node());
  EXPECT_EQ(shared.get_output_at(1).node(), encodedB.node());
  EXPECT_EQ(shared.get_input_at(-1).name(), b.name());
  EXPECT_EQ(shared.output_shape(), (Shape{-1, 280, 32})) << "the same in all calls";

  auto c = Input({140, 256});
  auto encodedC = shared(c);
  EXPECT_EQ(messageOf([&] { shared.input_shape(); }), "Dense 'shared': the layer has inbound nodes with different input shapes, hence the notion of 'input shape' is "
                                                      "ill-defined. Use get_input_shape_at(node_index) instead");
  EXPECT_EQ(shared.get_input_shape_at(2), (Shape{-1, 140, 256}));
  EXPECT_EQ(shared.get_output_shape_at(2), (Shape{-1, 140, 32}));
  Model(c, AnyLayer(shared).get_output_at(2));
}

TEST(LayerNodes, SeveralTensors) {
  auto x = Input({4}), y = Input({4});
  Add add({.name = "add"});
  auto sum = add({x, y});
  EXPECT_EQ(messageOf([&] { add.input(); }), "Add 'add': the call has 2 inputs. Use get_inputs_at(node_index) instead");
  EXPECT_EQ(add.get_inputs_at(0).size(), 2u);
  Halves halves({.name = "halves"});
  Tensors both = halves(x);
  EXPECT_EQ(messageOf([&] { halves.get_output_shape_at(0); }), "Halves 'halves': the call has 2 outputs. Use get_outputs_at(node_index) instead");
  EXPECT_EQ(halves.get_outputs_at(0)[1].index(), 1);
}

#include "frontend/saving/keras_names.h"

#include <algorithm>
#include <array>

namespace cornu::saving {
namespace {
constexpr auto layers = std::to_array<std::string_view>({
    "Activation", "ActivityRegularization", "Add", "AdditiveAttention", "AlphaDropout", "Attention", "Average", "AveragePooling1D",
    "AveragePooling2D", "AveragePooling3D", "BatchNormalization", "Bidirectional", "CategoryEncoding", "CenterCrop", "Concatenate", "Conv1D",
    "Conv1DTranspose", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Cropping1D",
    "Cropping2D", "Cropping3D", "Dense", "DepthwiseConv1D", "DepthwiseConv2D", "Discretization", "Dot", "Dropout", "ELU", "EinsumDense",
    "Embedding", "Flatten", "GRU", "GRUCell", "GaussianDropout", "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D",
    "GlobalAveragePooling3D", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GroupNormalization", "GroupQueryAttention",
    "Identity", "InputLayer", "LSTM", "LSTMCell", "Lambda", "LayerNormalization", "LeakyReLU", "Masking", "MaxPooling1D", "MaxPooling2D",
    "MaxPooling3D", "Maximum", "Minimum", "MultiHeadAttention", "Multiply", "Normalization", "PReLU", "Permute", "RMSNormalization", "RNN",
    "ReLU", "RepeatVector", "Rescaling", "Reshape", "Resizing", "SeparableConv1D", "SeparableConv2D", "SimpleRNN", "SimpleRNNCell", "Softmax",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "SpectralNormalization", "StackedRNNCells", "Subtract", "TimeDistributed",
    "UnitNormalization", "UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"});
constexpr auto unbuilt = std::to_array<std::string_view>({"Activation", "ActivityRegularization", "AlphaDropout", "Dropout", "ELU", "GaussianDropout",
                                                          "GaussianNoise", "Identity", "InputLayer", "LeakyReLU", "Masking", "ReLU", "Reshape", "Softmax",
                                                          "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "UnitNormalization"});
constexpr auto merging = std::to_array<std::string_view>({"Add", "AdditiveAttention", "Attention", "Average", "Concatenate", "Dot", "Functional", "Maximum",
                                                          "Minimum", "Multiply", "Sequential", "Subtract"});

template <class Names> bool contains(const Names &names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }
} // namespace

bool isKerasLayer(std::string_view className) { return contains(layers, className); }
bool hasBuildConfig(std::string_view className) {
  return !contains(unbuilt, className) && className.find("Pooling") == className.npos;
}
bool takesList(std::string_view className) { return contains(merging, className); }

} // namespace cornu::saving

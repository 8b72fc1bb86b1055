"""The family of images and series: convolutions, pooling and what moves pixels about, among all the other layers."""
from keras import constraints, layers

from catalogue import UNARY, Family
from parts import activation, chance, initializer, layer_options, pick, regularizer

FIRST_SEED = 200000


def channels_of(rng, shape):
    """A layout, the extents of the spatial axes under it, and the channels."""
    if chance(rng, 0.75):
        return "channels_last", shape[:-1], shape[-1]
    return "channels_first", shape[1:], shape[0]


def kernel_options(rng, names):
    """Initializer, regularizer and constraint of kernels of more than two axes."""
    options = {}
    for name in names:
        if chance(rng, 0.2):
            options[f"{name}_initializer"] = initializer(rng, 4)
        if chance(rng, 0.12):
            options[f"{name}_regularizer"] = regularizer(rng)
        if chance(rng, 0.12):
            axes = rng.choice([0, [0, 1], [0, 1, 2]])
            options[f"{name}_constraint"] = pick(rng, lambda: constraints.MaxNorm(1.0, axes), lambda: constraints.UnitNorm(axes), lambda: constraints.NonNeg())
    return options


def windows(rng, extents, paddings=("valid", "same"), equal_strides=False):
    """kernel_size or pool_size, strides, padding, dilation that fit; strides and dilation are not combined. `equal_strides`: the same along each axis."""
    padding = rng.choice(paddings)
    size = [rng.randint(1, min(3, e) if padding == "valid" else 3) for e in extents]
    strides, dilation = [1] * len(size), [1] * len(size)
    if chance(rng, 0.5):
        strides = [rng.randint(1, 3)] * len(size) if equal_strides else [rng.randint(1, 3) for _ in size]
    elif chance(rng, 0.5):
        dilation = [rng.randint(1, 2) if padding != "valid" or (k - 1) * 2 < e else 1 for k, e in zip(size, extents)]
    return tuple(size), tuple(strides), padding, tuple(dilation)


def common(rng, layout):
    return {"data_format": layout, "activation": activation(rng), "use_bias": chance(rng, 0.8)}


def conv(rng, shape):
    layout, extents, channels = channels_of(rng, shape)
    paddings = ("valid", "same", "causal") if len(extents) == 1 and layout == "channels_last" else ("valid", "same")
    size, strides, padding, dilation = windows(rng, extents, paddings)
    groups = rng.choice([g for g in range(1, channels + 1) if channels % g == 0])
    kind = layers.Conv1D if len(extents) == 1 else layers.Conv2D
    return kind(groups * rng.randint(1, 3), size, strides=strides, padding=padding, dilation_rate=dilation, groups=groups, **common(rng, layout),
                **kernel_options(rng, ["kernel"]), **layer_options(rng))


def conv_transpose(rng, shape):
    layout, extents, _ = channels_of(rng, shape)
    size, strides, padding, dilation = windows(rng, extents)
    kind = layers.Conv1DTranspose if len(extents) == 1 else layers.Conv2DTranspose
    return kind(rng.randint(1, 3), size, strides=strides, padding=padding, dilation_rate=dilation, **common(rng, layout), **kernel_options(rng, ["kernel"]), **layer_options(rng))


def depthwise_conv(rng, shape):
    layout, extents, _ = channels_of(rng, shape)
    size, strides, padding, dilation = windows(rng, extents, equal_strides=True)
    kind = layers.DepthwiseConv1D if len(extents) == 1 else layers.DepthwiseConv2D
    return kind(size, strides=strides, padding=padding, dilation_rate=dilation, depth_multiplier=rng.randint(1, 2), **common(rng, layout),
                **kernel_options(rng, ["depthwise"]), **layer_options(rng))


def separable_conv(rng, shape):
    layout, extents, _ = channels_of(rng, shape)
    size, strides, padding, dilation = windows(rng, extents, equal_strides=True)
    kind = layers.SeparableConv1D if len(extents) == 1 else layers.SeparableConv2D
    return kind(rng.randint(1, 3), size, strides=strides, padding=padding, dilation_rate=dilation, depth_multiplier=rng.randint(1, 2), **common(rng, layout),
                **kernel_options(rng, ["depthwise", "pointwise"]), **layer_options(rng))


def pooling(rng, shape):
    layout, extents, _ = channels_of(rng, shape)
    size, strides, padding, _ = windows(rng, extents)
    kinds = [layers.MaxPooling1D, layers.AveragePooling1D] if len(extents) == 1 else [layers.MaxPooling2D, layers.AveragePooling2D]
    return rng.choice(kinds)(size, strides=strides if chance(rng, 0.6) else None, padding=padding, data_format=layout, **layer_options(rng))


def global_pooling(rng, shape):
    layout, extents, _ = channels_of(rng, shape)
    kinds = [layers.GlobalMaxPooling1D, layers.GlobalAveragePooling1D] if len(extents) == 1 else [layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D]
    return rng.choice(kinds)(data_format=layout, keepdims=chance(rng, 0.4), **layer_options(rng))


def edges(rng, shape):
    """Zeros around, or less."""
    if len(shape) == 2:
        before, after = rng.randint(0, 2), rng.randint(0, 2)
        if chance(rng, 0.5):
            return layers.ZeroPadding1D((before, after), **layer_options(rng))
        return layers.Cropping1D((before, after), **layer_options(rng)) if before + after < shape[0] else None
    layout, extents, _ = channels_of(rng, shape)
    amounts = tuple((rng.randint(0, 1), rng.randint(0, 2)) for _ in extents)
    if chance(rng, 0.5):
        return layers.ZeroPadding2D(amounts, data_format=layout, **layer_options(rng))
    return layers.Cropping2D(amounts, data_format=layout, **layer_options(rng)) if all(sum(a) < e for a, e in zip(amounts, extents)) else None


def up_sampling(rng, shape):
    if len(shape) == 2:
        return layers.UpSampling1D(rng.randint(1, 3), **layer_options(rng))
    layout, _, _ = channels_of(rng, shape)
    return layers.UpSampling2D((rng.randint(1, 2), rng.randint(1, 3)), data_format=layout, interpolation=rng.choice(["nearest", "nearest", "bilinear", "bicubic"]),
                               **layer_options(rng))


def of_images(make):
    """`make` for series and images; None for what is neither."""
    return lambda rng, shape: make(rng, shape) if len(shape) in (2, 3) else None


def input_shape(rng):
    channels = rng.randint(1, 4)
    return (rng.randint(4, 10), channels) if chance(rng, 0.3) else (rng.randint(3, 7), rng.randint(3, 7), channels)


SPATIAL = [(10, conv), (5, pooling), (3, conv_transpose), (3, depthwise_conv), (3, separable_conv), (2, global_pooling), (2, edges), (2, up_sampling)]
FAMILY = Family([(3 * weight, of_images(make)) for weight, make in SPATIAL] + UNARY, 200, input_shape)

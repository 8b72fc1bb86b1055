"""Cases of convolution, pooling, and what moves images about."""
import keras
import numpy as np
from keras import constraints, layers, optimizers, regularizers

import cases


def flat(*made):
    """A branch: these layers, then Flatten."""
    def branch(x):
        for layer in made:
            x = layer()(x)
        return x if len(x.shape) == 2 else layers.Flatten()(x)
    return branch


def branches(name, about, shape, made, rate=0.02, rows=12):
    x = cases.noise(31, rows, *shape)
    build = cases.side_by_side([flat(*(layer if isinstance(layer, tuple) else (layer,))) for layer in made], rate, shape)
    return cases.Case(name, about, build, {"x": x}, {"y": cases.one_hot(cases.classes_of(x.reshape(rows, -1), 3), 3)}, 5, 3)


def p5():
    inputs = layers.Input((64, 64, 3), name="image")
    x = layers.Conv2D(16, (5, 5), activation="relu")(inputs)
    x = layers.MaxPooling2D((2, 2))(x)
    x = layers.Conv2D(32, (3, 3), activation="relu")(x)
    x = layers.MaxPooling2D((2, 2))(x)
    x = layers.Conv2D(32, (3, 3), activation="relu")(x)
    x = layers.MaxPooling2D((2, 2))(x)
    x = layers.Dense(512, activation="relu")(layers.Flatten()(x))
    model = keras.Model(inputs, layers.Dense(10, activation="softmax", name="y")(x))
    model.compile(optimizers.SGD(0.002), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def p8():
    inputs = layers.Input((64, 64, 3), name="image")
    a = layers.Flatten()(layers.MaxPooling2D((2, 2))(layers.Conv2D(32, (3, 3), activation="relu")(inputs)))
    b = layers.Flatten()(layers.MaxPooling2D((2, 2))(layers.Conv2D(16, (5, 5), activation="relu")(inputs)))
    model = keras.Model(inputs, layers.Dense(10, activation="softmax", name="y")(layers.Concatenate()([a, b])))
    model.compile(optimizers.SGD(0.001), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def p10():
    def tower(x):
        x = layers.MaxPooling2D((2, 2))(layers.Conv2D(32, (5, 5), activation="relu")(x))
        return layers.Flatten()(layers.MaxPooling2D((2, 2))(layers.Conv2D(16, (3, 3), activation="relu")(x)))
    first, second = layers.Input((64, 64, 1), name="first"), layers.Input((32, 32, 3), name="second")
    x = layers.Dense(20, activation="relu")(layers.Concatenate()([tower(first), tower(second)]))
    model = keras.Model([first, second], layers.Dense(1, activation="sigmoid", name="y")(x))
    model.compile(optimizers.SGD(0.005), "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def p17():
    model = keras.Sequential([layers.Input((100, 100, 3), name="image")])
    for filters in (32, 64):
        model.add(layers.Conv2D(filters, (3, 3), activation="relu"))
        model.add(layers.Conv2D(filters, (3, 3), activation="relu"))
        model.add(layers.MaxPooling2D((2, 2)))
        model.add(layers.Dropout(0.0))
    for layer in (layers.Flatten(), layers.Dense(256, activation="relu"), layers.Dropout(0.0), layers.Dense(10, activation="softmax", name="y")):
        model.add(layer)
    # A tenth of P17's rate: at 0.01 a rounding error in the weights moves the loss of step 10 by 1e-3.
    rate = optimizers.schedules.InverseTimeDecay(0.001, 1, 1e-6)  # what Keras 2 called decay=1e-6
    model.compile(optimizers.SGD(rate, momentum=0.9, nesterov=True), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def p20(data_format):
    """With an eighth of the filters and a smaller image."""
    def build():
        conv = lambda filters, padding: layers.Conv2D(filters, (3, 3), activation="relu", padding=padding, data_format=data_format)
        vision = keras.Sequential([layers.Input((3, 30, 30) if data_format == "channels_first" else (30, 30, 3))], name="vision")
        for filters, paddings in (8, ("same", "valid")), (16, ("same", "valid")), (32, ("same", "valid", "valid")):
            for padding in paddings:
                vision.add(conv(filters, padding))
            vision.add(layers.MaxPooling2D((2, 2), data_format=data_format))
        vision.add(layers.Flatten())
        image, question = layers.Input(vision.input_shape[1:], name="image"), layers.Input((12,), name="question", dtype="int32")
        words = layers.LSTM(24)(layers.Embedding(100, 16)(question))
        answer = layers.Dense(20, activation="softmax", name="answer")(layers.Concatenate()([words, vision(image)]))
        model = keras.Model([image, question], answer)
        model.compile(optimizers.SGD(0.05, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
        return model
    return build


def open_image():
    """Images of any size, through a model that is called like a layer and leaves it open, too."""
    inside = layers.Input((None, None, 3))
    x = layers.BatchNormalization()(layers.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(inside))
    base = keras.Model(inside, layers.SeparableConv2D(5, 3)(layers.ReLU()(x)), name="base")
    image = layers.Input((None, None, 3), name="image")
    y = layers.Dense(3, activation="softmax", name="y")(layers.GlobalAveragePooling2D()(base(image)))
    model = keras.Model(image, y)
    model.compile(optimizers.SGD(0.05), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def all_cases():
    image, steps = (6, 7, 4), (9, 4)
    yield branches("conv1d", "Conv1D: paddings, strides, dilation, groups, layouts, options", steps, [
        lambda: layers.Conv1D(3, 3), lambda: layers.Conv1D(3, 4, strides=2, padding="same", activation="tanh"),
        lambda: layers.Conv1D(2, 3, padding="causal", dilation_rate=2), lambda: layers.Conv1D(2, 3, padding="causal", strides=2),
        lambda: layers.Conv1D(6, 2, groups=2, use_bias=False), lambda: layers.Conv1D(3, 3, padding="same", data_format="channels_first"),
        lambda: layers.Conv1D(3, 3, dilation_rate=3, kernel_regularizer="l2", activity_regularizer=regularizers.L1(0.01))])
    yield branches("conv2d", "Conv2D: paddings, strides, dilation, groups, layouts, options", image, [
        lambda: layers.Conv2D(3, 3), lambda: layers.Conv2D(3, (3, 2), strides=2, padding="same", activation="relu"),
        lambda: layers.Conv2D(2, 3, strides=(2, 1), padding="same", use_bias=False), lambda: layers.Conv2D(2, (2, 3), dilation_rate=(3, 2), padding="same"),
        lambda: layers.Conv2D(4, 2, groups=2, activation="tanh"), lambda: layers.Conv2D(4, 1, groups=4),
        lambda: layers.Conv2D(3, 3, strides=2, data_format="channels_first"), lambda: layers.Conv2D(3, 3, padding="same", data_format="channels_first"),
        lambda: layers.Conv2D(17, 3, kernel_constraint=constraints.MaxNorm(0.2, axis=2), bias_initializer="ones"),
        lambda: layers.Conv2D(2, 7, padding="same", strides=3)])
    yield branches("conv1d_transpose", "Conv1DTranspose: which part of the sum is kept", steps, [
        lambda: layers.Conv1DTranspose(3, 3), lambda: layers.Conv1DTranspose(3, 3, strides=2), lambda: layers.Conv1DTranspose(2, 2, strides=3),
        lambda: layers.Conv1DTranspose(2, 3, strides=2, padding="same"), lambda: layers.Conv1DTranspose(2, 4, strides=3, padding="same"),
        lambda: layers.Conv1DTranspose(2, 1, strides=2, padding="same"), lambda: layers.Conv1DTranspose(2, 3, strides=2, output_padding=1),
        lambda: layers.Conv1DTranspose(2, 3, strides=2, padding="same", output_padding=1), lambda: layers.Conv1DTranspose(2, 3, dilation_rate=2)])
    yield branches("conv2d_transpose", "Conv2DTranspose: which part of the sum is kept, layouts", (3, 4, 4), [
        lambda: layers.Conv2DTranspose(3, 3), lambda: layers.Conv2DTranspose(3, (3, 2), strides=2, padding="same", activation="relu"),
        lambda: layers.Conv2DTranspose(2, 3, strides=(1, 3)), lambda: layers.Conv2DTranspose(2, 3, strides=2, output_padding=(1, 0)),
        lambda: layers.Conv2DTranspose(2, (3, 2), strides=2, padding="same", output_padding=1, use_bias=False),
        lambda: layers.Conv2DTranspose(2, 2, padding="same", data_format="channels_first", strides=2)])
    yield branches("depthwise_and_separable", "convolutions of each channel", image, [
        lambda: layers.DepthwiseConv2D(3), lambda: layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2, activation="tanh"),
        lambda: layers.DepthwiseConv2D((2, 3), dilation_rate=2, padding="same", use_bias=False), lambda: layers.DepthwiseConv2D(2, data_format="channels_first"),
        lambda: layers.SeparableConv2D(3, 3, depth_multiplier=2, activation="relu"), lambda: layers.SeparableConv2D(3, 2, strides=2, padding="same",
                                                                                                                     pointwise_regularizer="l2"),
        (lambda: layers.Reshape((14, 12)), lambda: layers.DepthwiseConv1D(3, strides=2, padding="same")),
        (lambda: layers.Reshape((14, 12)), lambda: layers.SeparableConv1D(2, 3, dilation_rate=2, depth_multiplier=2)),
        (lambda: layers.Reshape((14, 12)), lambda: layers.DepthwiseConv1D(2, depth_multiplier=2, data_format="channels_first"))])
    smooth = lambda: layers.Dense(3, activation="tanh")
    yield branches("pooling", "maxima and means over windows", image, [
        (smooth, lambda: layers.MaxPooling2D()), (smooth, lambda: layers.MaxPooling2D(3, strides=1, padding="same")),
        (smooth, lambda: layers.MaxPooling2D((3, 2), strides=2, padding="same")), (smooth, lambda: layers.MaxPooling2D(2, data_format="channels_first")),
        (smooth, lambda: layers.AveragePooling2D(2)), (smooth, lambda: layers.AveragePooling2D(3, strides=2, padding="same")),
        (smooth, lambda: layers.AveragePooling2D((2, 3), strides=(1, 2), data_format="channels_first")),
        (smooth, lambda: layers.Reshape((14, 9)), lambda: layers.MaxPooling1D(3, strides=2)),
        (smooth, lambda: layers.Reshape((14, 9)), lambda: layers.AveragePooling1D(4, strides=3, padding="same")),
        (smooth, lambda: layers.Reshape((14, 9)), lambda: layers.MaxPooling1D(2, padding="same", data_format="channels_first"))])
    yield branches("global_pooling", "one number a channel", image, [
        (smooth, lambda: layers.GlobalMaxPooling2D()), (smooth, lambda: layers.GlobalAveragePooling2D(keepdims=True)),
        (smooth, lambda: layers.GlobalMaxPooling2D(data_format="channels_first")), (smooth, lambda: layers.GlobalAveragePooling2D(data_format="channels_first")),
        (smooth, lambda: layers.Reshape((14, 9)), lambda: layers.GlobalMaxPooling1D(keepdims=True)),
        (smooth, lambda: layers.Reshape((14, 9)), lambda: layers.GlobalAveragePooling1D())])
    yield branches("images", "padding, cropping, enlarging; whole channels dropped at rate 0", (3, 4, 2), [
        (smooth, lambda: layers.ZeroPadding2D(1)), (smooth, lambda: layers.ZeroPadding2D((0, 2))), (smooth, lambda: layers.ZeroPadding2D(((1, 0), (2, 1)))),
        (smooth, lambda: layers.ZeroPadding2D(1, data_format="channels_first")), (smooth, lambda: layers.Cropping2D(1)), (smooth, lambda: layers.Cropping2D(((1, 0), (0, 2)))),
        (smooth, lambda: layers.UpSampling2D()), (smooth, lambda: layers.UpSampling2D((2, 3), interpolation="bilinear")),
        (smooth, lambda: layers.UpSampling2D(2, interpolation="bicubic")), (smooth, lambda: layers.UpSampling2D(2, interpolation="lanczos3")),
        (smooth, lambda: layers.UpSampling2D((3, 2), interpolation="lanczos5")), (smooth, lambda: layers.UpSampling2D(2, data_format="channels_first")),
        (smooth, lambda: layers.Reshape((6, 6)), lambda: layers.ZeroPadding1D((1, 2)), lambda: layers.SpatialDropout1D(0.0)),
        (smooth, lambda: layers.Reshape((6, 6)), lambda: layers.Cropping1D((1, 2))), (smooth, lambda: layers.Reshape((6, 6)), lambda: layers.UpSampling1D(3)),
        (smooth, lambda: layers.SpatialDropout2D(0.0))])
    x = np.clip(cases.noise(32, 8, 64, 64, 3), -1, 1)
    y = {"y": cases.one_hot(np.arange(8) % 10, 10)}
    yield cases.Case("p5", "three convolutions with pooling, two Dense; 10 steps", p5, {"image": x}, y, 4, 5)
    yield cases.Case("p8", "two branches of one image", p8, {"image": x}, y, 4, 5)
    yield cases.Case("p10", "two images", p10, {"first": x[..., :1], "second": x[:, :32, :32]}, {"y": np.arange(8).reshape(8, 1) % 2.0}, 4, 5)
    large = np.resize(np.clip(cases.noise(34, 4099), -1, 1), (4, 100, 100, 3))
    yield cases.Case("p17", "like VGG; 10 steps", p17, {"image": large}, {"y": y["y"][:4]}, 2, 5)
    for name, height, width in ("open_image", 9, 12), ("open_image_larger", 13, 10):
        yield cases.Case(name, f"an Input of any height and width, here {height}x{width}", open_image, {"image": x[:, :height, :width]}, {"y": cases.one_hot(np.arange(8) % 3, 3)}, 4, 5)
    words = np.random.default_rng(33).integers(1, 100, (8, 12)).astype(np.int32)
    for layout, pixels in ("channels_last", x[:, :30, :30]), ("channels_first", x[:, :30, :30].transpose(0, 3, 1, 2)):
        yield cases.Case(f"p20_{layout}", "an image, seen by a model that is called as a layer, and a question (small); 10 steps", p20(layout),
                         {"image": pixels, "question": words}, {"answer": (np.arange(8) * 3 % 20).reshape(8, 1)}, 4, 5)

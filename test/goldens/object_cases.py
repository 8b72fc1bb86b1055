"""Cases of what a functional config holds beside Keras's layers: operators between layers, and a user's registered functions and classes."""
import keras
import numpy as np
from keras import layers, ops, optimizers

register = keras.saving.register_keras_serializable


def operations():
    """Operators and keras.ops between layers."""
    x = layers.Input((8,), name="x")
    a, b = layers.Dense(6, name="a")(x), layers.Dense(6, name="b")(x)
    y = ops.concatenate([a + b * 2, 3.0 - a, (b - a) / (1.5 + ops.abs(a)), -b, ops.square(b) + a**2 + 2.0**b, 1 / (2 + ops.exp(a))], axis=-1)
    y = ops.where(ops.logical_and(y > 0.1, ops.logical_not(y >= 3)), ops.relu(y) + ops.sigmoid(y), ops.minimum(ops.tanh(y), ops.maximum(y, -1.0)))
    cube = ops.transpose(ops.reshape(y, (-1, 4, 9)), (0, 2, 1))
    parts = [ops.sum(cube, axis=-1), ops.mean(cube, axis=(1, 2), keepdims=False)[:, None], ops.max(cube, axis=1), ops.squeeze(ops.expand_dims(y, 1), 1)[:, 2:-30],
             cube[:, 3], cube[..., 1], ops.einsum("bij,bj->bi", cube, cube[:, 0]), ops.reshape(ops.matmul(cube, ops.transpose(cube, (0, 2, 1))), (-1, 81)),
             ops.softmax(a, axis=-1), ops.one_hot(ops.argmax(b, axis=-1), 6)]
    y = ops.concatenate(parts, axis=-1)
    y = keras.activations.gelu(ops.clip(y, -4, 4)) + ops.leaky_relu(y, negative_slope=0.1) + ops.elu(y) + ops.silu(y) + ops.softplus(y) * ops.log1p(ops.abs(y))
    y = y + ops.cast(ops.not_equal(ops.sign(y), 1), "float32") + ops.stop_gradient(y) + ops.log_softmax(y) * 0.1 + ops.hard_sigmoid(y) + ops.sqrt(ops.abs(y) + 1)
    model = keras.Model(x, layers.Dense(3, activation="softmax", name="y")(ops.tanh(y / 8)))
    model.compile(optimizers.SGD(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def constants():
    """Arrays among the arguments of operators between layers."""
    draw = lambda seed, *shape: np.round(np.random.default_rng(seed).normal(size=shape) * 16).astype(np.float32) / 16
    x = layers.Input((6, 5, 3), name="x")
    y = ops.conv(x, draw(1, 3, 3, 3, 4) / 4, padding="same") + draw(2, 4)
    y = ops.where(ops.greater(y, draw(3, 5, 1)), y * ops.convert_to_tensor(draw(4, 1, 4)), y * np.arange(4))
    y = ops.separable_conv(y, draw(5, 2, 2, 4, 1) / 2, draw(6, 1, 1, 4, 3) / 2, strides=2, padding="same")
    y = ops.concatenate([layers.Flatten()(y), ops.matmul(ops.reshape(x, (-1, 90)), draw(7, 90, 5) / 8)], axis=-1)
    model = keras.Model(x, layers.Dense(3, activation="softmax", name="y")(ops.tanh(y / 4)))
    model.compile(optimizers.SGD(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


@register()
class Gated(layers.Layer):
    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")
        self.gate = self.add_weight(shape=(shape[-1], self.units), name="gate")

    def call(self, x):
        return ops.matmul(x, self.kernel) * ops.sigmoid(ops.matmul(x, self.gate))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@register()
class Halves(keras.initializers.Initializer):
    def __init__(self, value=0.5):
        self.value = value

    def __call__(self, shape, dtype=None):
        return ops.full(shape, self.value, dtype)

    def get_config(self):
        return {"value": self.value}


@register()
class Quartic(keras.regularizers.Regularizer):
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, x):
        return self.factor * ops.sum(ops.square(ops.square(x)))

    def get_config(self):
        return {"factor": self.factor}


@register()
class AtMost(keras.constraints.Constraint):
    def __init__(self, limit):
        self.limit = limit

    def __call__(self, w):
        return ops.minimum(w, self.limit)

    def get_config(self):
        return {"limit": self.limit}


@register()
class Powered(keras.losses.Loss):
    def __init__(self, exponent, name="powered", **options):
        super().__init__(name=name, **options)
        self.exponent = exponent

    def call(self, y_true, y_pred):
        return ops.mean(ops.abs(y_true - y_pred) ** self.exponent, -1)

    def get_config(self):
        return {**super().get_config(), "exponent": self.exponent}


@register(package="mine")
def swish_like(x):
    return x * ops.sigmoid(1.5 * x)


@register()
def ones_like(shape, dtype=None):
    return ops.ones(shape, dtype)


@register()
def penalty(x):
    return 0.01 * ops.sum(ops.abs(x))


@register()
def halved_where_negative(w):
    return ops.where(w < 0, w / 2, w)


@register()
def twice(x):
    return x * 2


@register()
def huberish(y_true, y_pred):
    error = ops.abs(y_true - y_pred)
    return ops.mean(ops.where(error < 1.0, 0.5 * error * error, error - 0.5), -1)


@register(package="mine")
def largest_error(y_true, y_pred):
    return ops.max(ops.abs(y_true - y_pred), -1)


def registered(loss):
    """A user's layer, functions and classes wherever Keras takes one."""
    def build():
        x = layers.Input((8,), name="x")
        y = Gated(5, name="gated")(x)
        y = layers.Dense(4, activation=swish_like, kernel_initializer=Halves(0.25), bias_initializer=ones_like, kernel_regularizer=Quartic(0.01), bias_regularizer=penalty,
                         kernel_constraint=AtMost(0.3), bias_constraint=halved_where_negative, name="dense")(y)
        y = layers.Lambda(twice, output_shape=(4,), name="twice")(y)
        y = layers.Activation(swish_like, name="activation")(y)
        model = keras.Model(x, layers.Dense(2, name="y")(y))
        model.compile(optimizers.SGD(0.01), loss(), metrics=[largest_error, "mae"], jit_compile=False)
        return model
    return build


def object_cases(Case, noise, x8, kinds):
    yield Case("operations", operations.__doc__, operations, {"x": x8}, {"y": kinds.astype("int32")}, 16, 4)
    yield Case("constants", constants.__doc__, constants, {"x": noise(33, 52, 6, 5, 3)}, {"y": kinds.astype("int32")}, 16, 4)
    yield Case("registered_functions", registered.__doc__, registered(lambda: huberish), {"x": x8}, {"y": noise(31, 52, 2)}, 16, 4)
    yield Case("registered_loss_class", "a user's loss with a config", registered(lambda: Powered(1.5)), {"x": x8}, {"y": noise(32, 52, 2)}, 16, 4)

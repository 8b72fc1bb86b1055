"""P5, P17 and P20 for the peers: networks of images, and of images and words.

Each is a list of layers, read by every peer in its own way. P20 has images of 64x64 pixels; a second branch, of words, joins before the last layer.
Images have the channels last, which JAX, Keras and PyTorch's channels_last memory format like best here; ONNX Runtime takes them first.
"""
import io

import engines
import numpy as np

CONV, POOL = "conv", "pool"


def conv(filters, size, padding="valid"):
    return (CONV, filters, size, padding)


class Network:
    def __init__(self, image, layers, dense, dropouts=(), words=None, optimizer="rmsprop"):
        self.image, self.layers, self.dense, self.words, self.optimizer = image, layers, dense, words, optimizer
        self.dropouts = dict(dropouts)  # rate behind the n-th of layers + dense

    @property
    def classes(self):
        return self.dense[-1]

    def data(self, batch):
        random = np.random.default_rng(0)
        inputs = [random.random((batch, *self.image), dtype=np.float32)]
        if self.words:
            inputs.append(random.integers(1, 10000, (batch, 100)).astype(np.int32))
        return inputs, random.integers(0, self.classes, batch).astype(np.int32)


VISION = [conv(64, 3, "same"), conv(64, 3), (POOL,), conv(128, 3, "same"), conv(128, 3), (POOL,), conv(256, 3, "same"), conv(256, 3), conv(256, 3), (POOL,)]
NETWORKS = {
    "p5": Network((64, 64, 3), [conv(16, 5), (POOL,), conv(32, 3), (POOL,), conv(32, 3), (POOL,)], [512, 10]),
    "p17": Network((100, 100, 3), [conv(32, 3), conv(32, 3), (POOL,), conv(64, 3), conv(64, 3), (POOL,)], [256, 10],
                   {2: 0.25, 5: 0.25, 6: 0.5}, optimizer="sgd"),
    "p20": Network((64, 64, 3), VISION, [1000], words=(10000, 256, 256)),
}


def keras_model(program):
    import keras
    from keras import layers
    network = NETWORKS[program]
    keras.utils.set_random_seed(0)
    inputs = [layers.Input(network.image)]
    x, dropouts = inputs[0], network.dropouts
    def drop(n, x):
        return layers.Dropout(dropouts[n])(x) if n in dropouts else x
    for n, (kind, *options) in enumerate(network.layers):
        x = layers.MaxPooling2D(2)(x) if kind == POOL else layers.Conv2D(options[0], options[1], padding=options[2], activation="relu")(x)
        x = drop(n, x)
    x = layers.Flatten()(x)
    if network.words:
        vocabulary, width, units = network.words
        inputs.append(layers.Input((100,), dtype="int32"))
        x = layers.Concatenate()([layers.LSTM(units)(layers.Embedding(vocabulary, width)(inputs[1])), x])
    for n, units in enumerate(network.dense[:-1]):
        x = drop(n + len(network.layers), layers.Dense(units, activation="relu")(x))
    model = keras.Model(inputs if len(inputs) > 1 else inputs[0], layers.Dense(network.classes, activation="softmax")(x))
    optimizer = "rmsprop"
    if network.optimizer == "sgd":
        rate = keras.optimizers.schedules.InverseTimeDecay(0.01, 1, 1e-6)
        optimizer = keras.optimizers.SGD(rate, momentum=0.9, nesterov=True)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def keras_peer(program, task, batch):
    inputs, labels = NETWORKS[program].data(batch)
    return engines.run_keras(lambda: keras_model(program), inputs, [labels], task, steps=5)


def jax_peer(program, task, batch):
    import jax
    import jax.numpy as jnp
    network = NETWORKS[program]
    random = np.random.default_rng(1)
    def glorot(*shape):
        limit = np.sqrt(6 / (np.prod(shape[:-1]) + shape[-1]))
        return jnp.array(random.uniform(-limit, limit, shape).astype(np.float32))
    weights, channels, height = [], network.image[2], network.image[0]
    for kind, *options in network.layers:
        if kind == POOL:
            height //= 2
            continue
        filters, size, padding = options
        weights.append((glorot(size, size, channels, filters), jnp.zeros(filters)))
        channels, height = filters, height if padding == "same" else height - size + 1
    width = height * height * channels
    if network.words:
        vocabulary, embedding, units = network.words
        weights.append((glorot(vocabulary, embedding), glorot(embedding, 4 * units), glorot(units, 4 * units), jnp.zeros(4 * units)))
        width += units
    for units in network.dense:
        weights.append((glorot(width, units), jnp.zeros(units)))
        width = units
    inputs, labels = network.data(batch)
    inputs, labels = list(map(jnp.array, inputs)), jnp.array(labels)

    def lstm(x, kernel, recurrent, bias):
        projected = jnp.swapaxes(x @ kernel + bias, 0, 1)
        def step(state, z):
            h, c = state
            i, f, g, o = jnp.split(z + h @ recurrent, 4, axis=-1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), None
        zero = jnp.zeros((x.shape[0], recurrent.shape[0]))
        return jax.lax.scan(step, (zero, zero), projected)[0][0]

    def forward(weights, inputs, key=None):
        rest = iter(weights)
        x = inputs[0]
        def drop(n, x):
            rate = network.dropouts.get(n)
            if key is None or rate is None:
                return x
            return jnp.where(jax.random.bernoulli(jax.random.fold_in(key, n), 1 - rate, x.shape), x / (1 - rate), 0)
        for n, (kind, *options) in enumerate(network.layers):
            if kind == POOL:
                x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
            else:
                w, b = next(rest)
                x = jax.nn.relu(jax.lax.conv_general_dilated(x, w, (1, 1), options[2].upper(), dimension_numbers=("NHWC", "HWIO", "NHWC")) + b)
            x = drop(n, x)
        x = x.reshape(x.shape[0], -1)
        if network.words:
            table, kernel, recurrent, bias = next(rest)
            x = jnp.concatenate([lstm(table[inputs[1]], kernel, recurrent, bias), x], axis=-1)
        for n, (w, b) in enumerate(rest):
            x = x @ w + b
            if n + 1 < len(network.dense):
                x = drop(n + len(network.layers), jax.nn.relu(x))
        return x

    if task == "predict":
        function = jax.jit(lambda inputs: jax.nn.softmax(forward(weights, inputs)))
        return lambda: function(inputs).block_until_ready()

    def loss(weights, inputs, labels, key):
        logits = forward(weights, inputs, key)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1)), jnp.mean(jnp.argmax(logits, -1) == labels)

    def step(weights, slots, count, key, inputs, labels):
        (value, accuracy), grads = jax.value_and_grad(loss, has_aux=True)(weights, inputs, labels, jax.random.fold_in(key, count))
        if network.optimizer == "rmsprop":
            slots = jax.tree.map(lambda v, g: 0.9 * v + 0.1 * g * g, slots, grads)
            weights = jax.tree.map(lambda w, v, g: w - 0.001 * g / jnp.sqrt(v + 1e-7), weights, slots, grads)
        else:
            rate = 0.01 / (1 + 1e-6 * count)
            slots = jax.tree.map(lambda m, g: 0.9 * m - rate * g, slots, grads)
            weights = jax.tree.map(lambda w, m, g: w + 0.9 * m - rate * g, weights, slots, grads)
        return weights, slots, count + 1, value, accuracy

    jitted = jax.jit(step, donate_argnums=(0, 1))
    state = [weights, jax.tree.map(jnp.zeros_like, weights), jnp.int32(0)]
    key = jax.random.key(0)

    def run():
        state[0], state[1], state[2], value, _ = jitted(*state, key, inputs, labels)
        value.block_until_ready()
    return run


def torch_model(program, torch):
    network, nn = NETWORKS[program], torch.nn

    class Module(nn.Module):
        def __init__(self):
            super().__init__()
            stack, channels, height = [], network.image[2], network.image[0]
            def drop(n):
                return [nn.Dropout(network.dropouts[n])] if n in network.dropouts else []
            for n, (kind, *options) in enumerate(network.layers):
                if kind == POOL:
                    stack.append(nn.MaxPool2d(2))
                    height //= 2
                else:
                    filters, size, padding = options
                    stack += [nn.Conv2d(channels, filters, size, padding=padding), nn.ReLU()]
                    channels, height = filters, height if padding == "same" else height - size + 1
                stack += drop(n)
            self.vision, width = nn.Sequential(*stack, nn.Flatten()), height * height * channels
            if network.words:
                vocabulary, embedding, units = network.words
                self.embedding, self.lstm = nn.Embedding(vocabulary, embedding), nn.LSTM(embedding, units, batch_first=True)
                width += units
            stack = []
            for n, units in enumerate(network.dense):
                stack.append(nn.Linear(width, units))
                if n + 1 < len(network.dense):
                    stack += [nn.ReLU(), *drop(n + len(network.layers))]
                width = units
            self.head = nn.Sequential(*stack)

        def forward(self, image, words=None):
            x = self.vision(image)
            if words is not None:
                x = torch.cat([self.lstm(self.embedding(words))[0][:, -1], x], 1)
            return self.head(x)

    torch.manual_seed(0)
    return Module()


def torch_inputs(network, batch, torch):
    """Channels first by name; in memory last."""
    inputs, labels = network.data(batch)
    image = torch.from_numpy(inputs[0].transpose(0, 3, 1, 2))
    return [image.contiguous(memory_format=torch.channels_last)] + [torch.from_numpy(words) for words in inputs[1:]], torch.from_numpy(labels.astype(np.int64))


def torch_peer(program, task, batch, compiled=False):
    import torch
    torch.set_num_threads(engines.THREADS)
    network, model = NETWORKS[program], torch_model(program, torch).to(memory_format=torch.channels_last)
    inputs, labels = torch_inputs(network, batch, torch)
    wrap = torch.compile if compiled else (lambda f: f)
    if task == "predict":
        model.eval()
        function = wrap(lambda *inputs: torch.softmax(model(*inputs), -1))
        def predict():
            with torch.inference_mode():
                function(*inputs)
        return predict
    rate = 0.001 if network.optimizer == "rmsprop" else 0.01
    rate = torch.tensor(rate) if compiled else rate
    if network.optimizer == "rmsprop":
        optimizer = torch.optim.RMSprop(model.parameters(), lr=rate, alpha=0.9, eps=1e-7, foreach=True)
    else:
        optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9, nesterov=True, fused=not compiled)
    def loss_and_accuracy(labels, *inputs):
        logits = model(*inputs)
        return torch.nn.functional.cross_entropy(logits, labels), (logits.argmax(1) == labels).float().mean()
    forward, update = wrap(loss_and_accuracy), (torch.compile(optimizer.step) if compiled else optimizer.step)
    def train():
        optimizer.zero_grad(set_to_none=True)
        value, _ = forward(labels, *inputs)
        value.backward()
        update()
    return train


def onnx_model(program, batch):
    import torch
    network, model = NETWORKS[program], torch_model(program, torch).eval()
    inputs, _ = torch_inputs(network, batch, torch)
    names = ["image", "words"][:len(inputs)]
    file = io.BytesIO()
    softmax = torch.nn.Softmax(-1)
    class Predict(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model
        def forward(self, *inputs):
            return softmax(self.model(*inputs))
    torch.onnx.export(Predict(), tuple(inputs), file, input_names=names, output_names=["y"], opset_version=17, dynamo=False)
    return file.getvalue(), {name: np.ascontiguousarray(value.numpy()) for name, value in zip(names, inputs)}


PEERS = engines.peers_of(keras_peer, jax_peer, torch_peer, onnx_model)

"""The programs with Embedding and LSTM, for peers.py: P2 (news), P3 (two tweets), P6 (text classifier), P7 (sequence tagger).

Keras and JAX skip masked steps as Cornu does (Embedding(mask_zero) in P6 and P7); PyTorch, ONNX Runtime and OpenVINO, whose LSTMs know no such masks, compute every step, which is less
work. No step of the data is masked, so that all compute the same numbers.
"""
import engines
import numpy as np

LENGTH = {"p2": 100, "p3": 280, "p6": 100, "p7": 100}
# shapes of weights by name; an LSTM's are those of kernel and recurrent kernel
WEIGHTS = {
    "p2": {"embedding": (10000, 512), "lstm": (512, 32), "aux": (32, 1), "dense_0": (37, 64), "dense_1": (64, 64), "dense_2": (64, 64), "main": (64, 1)},
    "p3": {"lstm": (256, 64), "main": (128, 1)},
    "p6": {"embedding": (10000, 128), "lstm": (128, 64), "dense_0": (64, 32), "main": (32, 1)},
    "p7": {"embedding": (10000, 128), "lstm": (128, 64), "back": (128, 64), "main": (128, 10)},
}


def data(program, batch):
    """Inputs and targets, in the order of the model."""
    random = np.random.default_rng(0)
    bits = lambda: random.integers(0, 2, (batch, 1)).astype(np.float32)
    if program == "p3":
        return [random.normal(size=(batch, 280, 256)).astype(np.float32) for _ in range(2)], [bits()]
    ids = random.integers(1, 10000, (batch, LENGTH[program])).astype(np.int32)
    if program == "p2":
        return [ids, random.random((batch, 5), dtype=np.float32)], [bits(), bits()]
    return [ids], [bits() if program == "p6" else random.integers(0, 10, ids.shape).astype(np.int32)]


def weights(program):
    """Random ones: (kernel, bias) of a dense layer, (kernel, recurrent kernel, bias) of an LSTM."""
    random = np.random.default_rng(1)
    draw = lambda *shape: (random.uniform(-1, 1, shape) * np.sqrt(3 / shape[0])).astype(np.float32)
    made = {}
    for name, (rows, columns) in WEIGHTS[program].items():
        if name == "embedding":
            made[name] = draw(rows, columns)
        elif name in ("lstm", "back"):
            made[name] = draw(rows, 4 * columns), draw(columns, 4 * columns), np.zeros(4 * columns, np.float32)
        else:
            made[name] = draw(rows, columns), np.zeros(columns, np.float32)
    return made


def keras_model(program):
    import keras
    from keras import layers
    keras.utils.set_random_seed(0)
    dense = lambda units, activation, x: layers.Dense(units, activation=activation)(x)
    loss, weights = "binary_crossentropy", None
    if program == "p3":
        inputs, encoder = [layers.Input((280, 256)), layers.Input((280, 256))], layers.LSTM(64)
        outputs = dense(1, "sigmoid", layers.Concatenate()([encoder(x) for x in inputs]))
    else:
        x = layers.Input((100,), dtype="int32")
        h, inputs = layers.Embedding(*WEIGHTS[program]["embedding"], mask_zero=program != "p2")(x), x
        if program == "p2":
            extra, h = layers.Input((5,)), layers.LSTM(32)(h)
            side, h, inputs = dense(1, "sigmoid", h), layers.Concatenate()([h, extra]), [x, extra]
            for _ in range(3):
                h = dense(64, "relu", h)
            outputs, loss, weights = [dense(1, "sigmoid", h), side], [loss, loss], [1.0, 0.2]
        elif program == "p6":
            outputs = dense(1, "sigmoid", dense(32, "relu", layers.LSTM(64)(h)))
        else:
            outputs, loss = dense(10, "softmax", layers.Bidirectional(layers.LSTM(64, return_sequences=True))(h)), "sparse_categorical_crossentropy"
    model = keras.Model(inputs, outputs)
    model.compile("rmsprop", loss, loss_weights=weights)
    return model


def keras_peer(program, task, batch):
    return engines.run_keras(lambda: keras_model(program), *data(program, batch), task, steps=10)


def forward(program, w, xs):
    """The logits of every output, in JAX."""
    import jax
    import jax.numpy as jnp

    def lstm(name, x, mask=None, backwards=False, sequence=False):
        kernel, recurrent, bias = w[name]
        units = recurrent.shape[0]
        zero = jnp.zeros((x.shape[0], units))
        def step(state, now):
            h, c = state
            z, keep = now
            i, f, g, o = jnp.split(z + h @ recurrent, 4, -1)
            c_next = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h_next = jax.nn.sigmoid(o) * jnp.tanh(c_next)
            if keep is None:
                return (h_next, c_next), h_next if sequence else None
            out = jnp.where(keep, h_next, 0)
            return (jnp.where(keep, h_next, h), jnp.where(keep, c_next, c)), out if sequence else None
        steps = (jnp.swapaxes(x @ kernel + bias, 0, 1), None if mask is None else jnp.swapaxes(mask, 0, 1)[..., None])
        (h, _), outputs = jax.lax.scan(step, (zero, zero), steps, reverse=backwards)
        return jnp.swapaxes(outputs, 0, 1) if sequence else h

    dense = lambda name, x: x @ w[name][0] + w[name][1]
    if program == "p3":
        return [dense("main", jnp.concatenate([lstm("lstm", x) for x in xs], -1))]
    h, mask = w["embedding"][xs[0]], None if program == "p2" else xs[0] != 0
    if program == "p7":
        return [dense("main", jnp.concatenate([lstm("lstm", h, mask, sequence=True), lstm("back", h, mask, True, True)], -1))]
    h = lstm("lstm", h, mask)
    if program == "p6":
        return [dense("main", jax.nn.relu(dense("dense_0", h)))]
    x = jnp.concatenate([h, xs[1]], -1)
    for i in range(3):
        x = jax.nn.relu(dense(f"dense_{i}", x))
    return [dense("main", x), dense("aux", h)]


def jax_peer(program, task, batch):
    import jax
    import jax.numpy as jnp
    w = jax.tree.map(jnp.array, weights(program))
    xs, ys = ([jnp.array(a) for a in arrays] for arrays in data(program, batch))
    ending = jax.nn.softmax if program == "p7" else jax.nn.sigmoid
    if task == "predict":
        function = jax.jit(lambda xs: [ending(z) for z in forward(program, w, xs)])
        return lambda: jax.block_until_ready(function(xs))

    def loss(w, xs, ys):
        logits = forward(program, w, xs)
        if program == "p7":
            each = -jnp.take_along_axis(jax.nn.log_softmax(logits[0]), ys[0][..., None], -1)[..., 0]
            counts = xs[0] != 0
            return jnp.sum(each * counts) / jnp.sum(counts)
        terms = [jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))) for z, y in zip(logits, ys)]
        return sum(weight * term for weight, term in zip((1.0, 0.2), terms))

    def step(w, slots, xs, ys):
        value, grads = jax.value_and_grad(loss)(w, xs, ys)
        slots = jax.tree.map(lambda v, g: 0.9 * v + 0.1 * g * g, slots, grads)
        return jax.tree.map(lambda w, v, g: w - 0.001 * g / jnp.sqrt(v + 1e-7), w, slots, grads), slots, value

    jitted, state = jax.jit(step, donate_argnums=(0, 1)), [w, jax.tree.map(jnp.zeros_like, w)]
    def run():
        state[0], state[1], value = jitted(*state, xs, ys)
        value.block_until_ready()
    return run


def torch_peer(program, task, batch, compiled=False):
    import torch
    if compiled:
        return None  # it cannot compile an LSTM
    from torch import nn
    torch.set_num_threads(engines.THREADS)
    shapes = WEIGHTS[program]
    parts = nn.ModuleDict({name: nn.Embedding(*shape) if name == "embedding" else
                           nn.LSTM(*shape, batch_first=True, bidirectional=program == "p7") if name == "lstm" else nn.Linear(*shape)
                           for name, shape in shapes.items() if name != "back"})
    xs, ys = ([torch.from_numpy(a) for a in arrays] for arrays in data(program, batch))
    last = lambda x: parts["lstm"](x)[1][0][-1]

    def logits():
        if program == "p3":
            return [parts["main"](torch.cat([last(x) for x in xs], -1))]
        h = parts["embedding"](xs[0])
        if program == "p7":
            return [parts["main"](parts["lstm"](h)[0])]
        h = last(h)
        if program == "p6":
            return [parts["main"](torch.relu(parts["dense_0"](h)))]
        x = torch.cat([h, xs[1]], -1)
        for i in range(3):
            x = torch.relu(parts[f"dense_{i}"](x))
        return [parts["main"](x), parts["aux"](h)]

    if task == "predict":
        parts.eval()
        def predict():
            with torch.inference_mode():
                return [torch.softmax(z, -1) if program == "p7" else torch.sigmoid(z) for z in logits()]
        return predict
    optimizer = torch.optim.RMSprop(parts.parameters(), lr=0.001, alpha=0.9, eps=1e-7, foreach=True)
    def train():
        optimizer.zero_grad(set_to_none=True)
        if program == "p7":
            value = nn.functional.cross_entropy(logits()[0].flatten(0, 1), ys[0].flatten().long())
        else:
            value = sum(w * nn.functional.binary_cross_entropy_with_logits(z, y) for w, z, y in zip((1.0, 0.2), logits(), ys))
        value.backward()
        optimizer.step()
    return train


def onnx_model(program, batch):
    import onnx
    from onnx import helper, numpy_helper
    nodes, initializers = [], []
    def constant(name, array):
        initializers.append(numpy_helper.from_array(array, name))
        return name
    def node(kind, inputs, output, count=1, **attributes):
        names = [output] + [f"{output}_{i}" for i in range(1, count)]
        nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names if count > 1 else output
    w = weights(program)
    def lstm(x, output, names):
        stack = lambda i: np.stack([w[name][i].T for name in names])
        if not any(i.name == "kernel" for i in initializers):
            constant("kernel", stack(0)), constant("recurrent", stack(1)), constant("bias", np.zeros((len(names), 8 * w["lstm"][1].shape[0]), np.float32))
        y = node("LSTM", [node("Transpose", [x], f"{output}_steps", perm=[1, 0, 2]), "kernel", "recurrent", "bias"], output, 2, hidden_size=w["lstm"][1].shape[0],
                 direction="bidirectional" if len(names) > 1 else "forward")
        return y
    dense = lambda x, name: node("Add", [node("MatMul", [x, constant(f"{name}_w", w[name][0])], f"{name}_z"), constant(f"{name}_b", w[name][1])], name)
    state = lambda x, output: node("Squeeze", [lstm(x, output, ["lstm"])[1], "first"], f"{output}_last")
    constant("first", np.array([0]))
    (xs, _), names = data(program, batch), ["x0", "x1"]
    if program == "p3":
        ends = [node("Sigmoid", [dense(node("Concat", [state("x0", "a"), state("x1", "b")], "both", axis=-1), "main")], "y")]
    else:
        h = node("Gather", [constant("table", w["embedding"]), "x0"], "rows")
        if program == "p7":
            y = node("Transpose", [lstm(h, "both", ["lstm", "back"])[0]], "turned", perm=[2, 0, 1, 3])
            ends = [node("Softmax", [dense(node("Reshape", [y, constant("shape", np.array([0, 0, -1]))], "flat"), "main")], "y", axis=-1)]
        else:
            h = state(h, "a")
            if program == "p6":
                ends = [node("Sigmoid", [dense(node("Relu", [dense(h, "dense_0")], "relu"), "main")], "y")]
            else:
                x = node("Concat", [h, "x1"], "both", axis=-1)
                for i in range(3):
                    x = node("Relu", [dense(x, f"dense_{i}")], f"relu_{i}")
                ends = [node("Sigmoid", [dense(x, "main")], "y"), node("Sigmoid", [dense(h, "aux")], "side")]
    info = lambda name, array: helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), ["batch", *array.shape[1:]])
    graph = helper.make_graph(nodes, program, [info(n, x) for n, x in zip(names, xs)],
                              [helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, None) for n in ends], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString(), dict(zip(names, xs))


PEERS = engines.peers_of(keras_peer, jax_peer, torch_peer, onnx_model)

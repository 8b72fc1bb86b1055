"""One peer, one program, one task, in a process of its own: benchmarks/run starts it, pinned to its cores, and asks for samples.

  python peers.py PEER PROGRAM TASK BATCH      PEER keras|jax|torch|torch_compile|onnxruntime|openvino, PROGRAM p1|p15|p2|p3|p5|p6|p7|p17|p20, TASK train|predict
  python peers.py keras PROGRAM save FILE      writes the compiled model, for Cornu

Reads lines `SECONDS` from stdin; answers each with one line of JSON: {"us": [time of every call in that period]}. Says {"ready_s": …, …} first.
Every peer does the same work in a training step: forward (with dropout in P15), loss, backward, optimizer update, accuracy; data lies in
memory in the form the peer likes best. As many threads as the environment's BENCHMARK_THREADS says, or one.
"""
import json
import os
import resource
import sys
import time

BEGIN = time.perf_counter()
import engines  # noqa: E402
import image_peers  # noqa: E402
import numpy as np  # noqa: E402
import sequences  # noqa: E402

# units of the layers, activation of the hidden ones, dropout after each hidden layer
PROGRAMS = {"p1": ([784, 64, 64, 10], "relu", 0.0), "p15": ([784, 500, 500, 10], "tanh", 0.5)}


def data(batch):
    random = np.random.default_rng(0)
    return random.random((batch, 784), dtype=np.float32), np.eye(10, dtype=np.float32)[random.integers(0, 10, batch)]


def glorot(sizes):
    random = np.random.default_rng(1)
    for rows, columns in zip(sizes, sizes[1:]):
        limit = np.sqrt(6 / (rows + columns))
        yield random.uniform(-limit, limit, (rows, columns)).astype(np.float32), np.zeros(columns, np.float32)


def keras_model(program):
    import keras
    from keras import layers
    sizes, activation, dropout = PROGRAMS[program]
    keras.utils.set_random_seed(0)
    if program == "p1":
        inputs = layers.Input((784,))
        x = layers.Dense(64, activation="relu")(inputs)
        x = layers.Dense(64, activation="relu")(x)
        model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
        optimizer = "rmsprop"
    else:
        model = keras.Sequential([layers.Input((784,))])
        for units in sizes[1:-1]:
            model.add(layers.Dense(units))
            model.add(layers.Activation(activation))
            model.add(layers.Dropout(dropout))
        model.add(layers.Dense(10))
        model.add(layers.Activation("softmax"))
        rate = keras.optimizers.schedules.InverseTimeDecay(0.01, 1, 1e-6)
        optimizer = keras.optimizers.SGD(rate, momentum=0.9, nesterov=True)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    return model


def keras_peer(program, task, batch):
    x, y = data(batch)
    return engines.run_keras(lambda: keras_model(program), [x], [y], task, steps=200)


def jax_peer(program, task, batch):
    import jax
    import jax.numpy as jnp
    sizes, activation, dropout = PROGRAMS[program]
    weights = [(jnp.array(w), jnp.array(b)) for w, b in glorot(sizes)]
    act = {"relu": jax.nn.relu, "tanh": jnp.tanh}[activation]
    x, y = map(jnp.array, data(batch))

    def forward(weights, x, key=None):
        for i, (w, b) in enumerate(weights):
            x = x @ w + b
            if i + 1 < len(weights):
                x = act(x)
                if key is not None and dropout:
                    x = jnp.where(jax.random.bernoulli(jax.random.fold_in(key, i), 1 - dropout, x.shape), x / (1 - dropout), 0)
        return x

    if task == "predict":
        function = jax.jit(lambda x: jax.nn.softmax(forward(weights, x)))
        return lambda: function(x).block_until_ready()

    def loss(weights, x, y, key):
        logits = forward(weights, x, key)
        return -jnp.mean(jnp.sum(jax.nn.log_softmax(logits) * y, -1)), jnp.mean(jnp.argmax(logits, -1) == jnp.argmax(y, -1))

    def step(weights, slots, count, key, x, y):
        (value, accuracy), grads = jax.value_and_grad(loss, has_aux=True)(weights, x, y, jax.random.fold_in(key, count))
        if program == "p1":
            slots = jax.tree.map(lambda v, g: 0.9 * v + 0.1 * g * g, slots, grads)
            weights = jax.tree.map(lambda w, v, g: w - 0.001 * g / jnp.sqrt(v + 1e-7), weights, slots, grads)
        else:
            rate = 0.01 / (1 + 1e-6 * count)
            slots = jax.tree.map(lambda m, g: 0.9 * m - rate * g, slots, grads)
            weights = jax.tree.map(lambda w, m, g: w + 0.9 * m - rate * g, weights, slots, grads)
        return weights, slots, count + 1, value, accuracy

    jitted = jax.jit(step, donate_argnums=(0, 1))
    state = [weights, jax.tree.map(jnp.zeros_like, weights), jnp.float32(0).astype(jnp.int32)]
    key = jax.random.key(0)

    def run():
        state[0], state[1], state[2], value, _ = jitted(*state, key, x, y)
        value.block_until_ready()
    return run


def torch_peer(program, task, batch, compiled=False):
    import torch
    torch.set_num_threads(engines.THREADS)
    sizes, activation, dropout = PROGRAMS[program]
    layers = []
    for i, (w, b) in enumerate(glorot(sizes)):
        linear = torch.nn.Linear(*w.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(w.T.copy()))
            linear.bias.copy_(torch.from_numpy(b))
        layers.append(linear)
        if i + 2 < len(sizes):
            layers.append({"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}[activation]())
            if dropout:
                layers.append(torch.nn.Dropout(dropout))
    model = torch.nn.Sequential(*layers)
    x, y = map(torch.from_numpy, data(batch))
    labels = y.argmax(1)
    wrap = (lambda f: torch.compile(f, fullgraph=True)) if compiled else (lambda f: f)
    if task == "predict":
        model.eval()
        function = wrap(lambda x: torch.softmax(model(x), -1))
        def predict():
            with torch.inference_mode():
                function(x)
        return predict

    if program == "p1":
        optimizer = torch.optim.RMSprop(model.parameters(), lr=torch.tensor(0.001) if compiled else 0.001, alpha=0.9, eps=1e-7, foreach=True)
    else:
        optimizer = torch.optim.SGD(model.parameters(), lr=torch.tensor(0.01) if compiled else 0.01, momentum=0.9, nesterov=True, fused=not compiled)
    def loss_and_accuracy(x, labels):
        logits = model(x)
        return torch.nn.functional.cross_entropy(logits, labels), (logits.argmax(1) == labels).float().mean()
    forward, update = wrap(loss_and_accuracy), (torch.compile(optimizer.step) if compiled else optimizer.step)
    def train():
        optimizer.zero_grad(set_to_none=True)
        value, _ = forward(x, labels)
        value.backward()
        update()
    return train


def onnx_model(program, batch):
    from onnx import TensorProto, helper, numpy_helper
    sizes, activation, _ = PROGRAMS[program]
    nodes, initializers, last = [], [], "x"
    for i, (w, b) in enumerate(glorot(sizes)):
        initializers += [numpy_helper.from_array(w, f"w{i}"), numpy_helper.from_array(b, f"b{i}")]
        nodes.append(helper.make_node("Gemm", [last, f"w{i}", f"b{i}"], [f"z{i}"]))
        last = f"a{i}"
        nodes.append(helper.make_node("Softmax" if i + 2 == len(sizes) else activation.capitalize(), [f"z{i}"], [last]))
    tensor = lambda name, size: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size])
    graph = helper.make_graph(nodes, program, [tensor("x", 784)], [tensor(last, 10)], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString(), {"x": data(batch)[0]}


PEERS = engines.peers_of(keras_peer, jax_peer, torch_peer, onnx_model)


def main():
    peer, program, task = sys.argv[1:4]
    room = image_peers if program in image_peers.NETWORKS else sequences if program in sequences.WEIGHTS else sys.modules[__name__]
    if task == "save":
        room.keras_model(program).save(sys.argv[4])
        return
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    call = room.PEERS[peer](program, task, int(sys.argv[4]))
    if call is None:
        print(json.dumps({"none": "has no such program"}), file=answer, flush=True)
        return
    calls = getattr(call, "calls", 1)
    call()
    ready = time.perf_counter() - BEGIN
    call()
    print(json.dumps({"ready_s": ready}), file=answer, flush=True)
    for line in sys.stdin:
        end, times = time.perf_counter_ns() + int(float(line) * 1e9), []
        while not times or time.perf_counter_ns() < end:
            start = time.perf_counter_ns()
            call()
            times.append((time.perf_counter_ns() - start) / 1000 / calls)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"us": times, "peak_bytes": peak}), file=answer, flush=True)


main()

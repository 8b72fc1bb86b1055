"""What the peers' programs share: the number of threads, and how Keras, ONNX Runtime and OpenVINO run a model. Imported before any engine, whose
environment it sets."""
import os
import shutil

THREADS = int(os.environ.get("BENCHMARK_THREADS", "1"))
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"):
    os.environ[name] = str(THREADS)
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if THREADS > 1 else 'false'} intra_op_parallelism_threads={THREADS}"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("CXX", shutil.which("g++") or "clang++-22")  # PyTorch compiles with OpenMP, whose header Debian gives to g++ alone


def run_keras(make, inputs, targets, task, steps):
    """fit as users call it, time per step; prediction as a compiled function, without the overhead of predict(). `make` gives the model: TensorFlow wants
    to hear of threads before."""
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    single = lambda arrays: tf.constant(arrays[0]) if len(arrays) == 1 else tuple(map(tf.constant, arrays))
    model, x, y = make(), single(inputs), single(targets)
    if task == "predict":
        function = tf.function(lambda value: model(list(value) if isinstance(value, tuple) else value, training=False), jit_compile=True)
        return lambda: tf.nest.map_structure(lambda t: t.numpy(), function(x))
    dataset = tf.data.Dataset.from_tensors((x, y)).repeat()
    def fit():
        model.fit(dataset, steps_per_epoch=steps, epochs=1, verbose=0)
    fit.calls = steps
    return fit


def run_onnxruntime(model, feed):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, feed)


def run_openvino(model, feed):
    """With the shapes of `feed`, which it then knows beforehand."""
    import openvino
    core = openvino.Core()
    network = core.read_model(model, b"")
    network.reshape({name: list(array.shape) for name, array in feed.items()})
    compiled = core.compile_model(network, "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": THREADS, "NUM_STREAMS": 1,
                                                   "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    inputs = {name: openvino.Tensor(array, shared_memory=True) for name, array in feed.items()}
    return lambda: request.infer(inputs, share_inputs=True, share_outputs=True)


def peers_of(keras, jax, torch, onnx_model):
    """Of one room's functions of (program, task, batch). `onnx_model` gives (bytes, inputs by name) of (program, batch); both engines that read ONNX predict
    alone: ONNX Runtime's package for training is no longer maintained."""
    reads_onnx = lambda run: lambda program, task, batch: run(*onnx_model(program, batch)) if task == "predict" else None
    return {"keras": keras, "jax": jax, "torch": torch, "torch_compile": lambda program, task, batch: torch(program, task, batch, compiled=True),
            "onnxruntime": reads_onnx(run_onnxruntime), "openvino": reads_onnx(run_openvino)}

"""Cases about sequences: masks, Embedding, recurrent layers, TimeDistributed."""
import keras
import numpy as np
from keras import constraints, layers, optimizers, regularizers


def words(seed, rows, steps, vocabulary, padding="post"):
    """Numbers of words, 0 where a sentence has ended (or has not begun); the first sentence is full, the last empty but for a word."""
    draw = np.random.default_rng(seed)
    ids = draw.integers(1, vocabulary, (rows, steps))
    lengths = draw.integers(1, steps + 1, rows)
    lengths[0], lengths[-1] = steps, 1
    for row, length in zip(ids, lengths):
        row[length:] = 0
        if padding == "pre":
            row[:] = np.roll(row, steps - length)
    return ids.astype(np.int32)


def series(seed, rows, steps, features):
    """Normal numbers on a grid, some steps all zeros, in the middle too."""
    draw = np.random.default_rng(seed)
    x = np.round(draw.normal(size=(rows, steps, features)) * 16) / 16
    x[draw.random((rows, steps)) < 0.3] = 0
    x[0, 0] = 0
    return x.astype(np.float32)


def again(seed, *shape):
    """Normal numbers that repeat after 4099, which compression sees; no extent of what is computed has that period."""
    return np.resize(series(seed, 1, 1, 4099), shape)


def bits(seed, *shape):
    return np.random.default_rng(seed).integers(0, 2, shape).astype(np.float32)


def kinds(seed, count, *shape):
    return np.random.default_rng(seed).integers(0, count, shape).astype(np.float32)


def model_of(inputs, outputs, *compile_arguments, **options):
    model = keras.Model(inputs, outputs)
    model.compile(*compile_arguments, jit_compile=False, **options)
    return model


def embedded():
    x = layers.Input((5,), name="x", dtype="int32")
    h = layers.Embedding(12, 4, embeddings_regularizer=regularizers.L2(0.01), embeddings_constraint=constraints.MaxNorm(0.5), name="emb")(x)
    y = layers.Dense(1, name="y")(layers.Flatten()(h))
    return model_of(x, y, optimizers.SGD(0.1, momentum=0.9), "mse")


def looked_up(optimizer):
    """Rows that are looked up several times in a batch, by two calls: optimizers that square, clip or measure gradients do so row by row."""
    a, b = layers.Input((5,), name="a", dtype="int32"), layers.Input((5,), name="b", dtype="int32")
    table = layers.Embedding(12, 4, name="emb")
    h = layers.Flatten()(layers.Concatenate()([table(a), layers.Dense(3, activation="tanh")(table(b))]))
    return model_of([a, b], layers.Dense(1, name="y")(h), optimizer, "mse")


ROW_BY_ROW = {
    "adam": lambda: optimizers.Adam(0.01), "amsgrad_clipvalue": lambda: optimizers.Adam(0.01, amsgrad=True, clipvalue=0.02), "rmsprop": lambda: optimizers.RMSprop(0.01),
    "rmsprop_centered": lambda: optimizers.RMSprop(0.01, centered=True, momentum=0.5), "adagrad": lambda: optimizers.Adagrad(0.1), "adadelta": lambda: optimizers.Adadelta(1.0),
    "adamax": lambda: optimizers.Adamax(0.01), "nadam": lambda: optimizers.Nadam(0.01), "ftrl": lambda: optimizers.Ftrl(0.1), "lion": lambda: optimizers.Lion(0.01),
    "sgd_clipnorm": lambda: optimizers.SGD(0.1, momentum=0.9, clipnorm=0.1), "adamw_global_clipnorm": lambda: optimizers.AdamW(0.01, global_clipnorm=0.1),
    "adam_accumulation": lambda: optimizers.Adam(0.01, gradient_accumulation_steps=2),
}


def masked_losses():
    """One Embedding for two inputs; masks meet in every merging layer, and end in losses and metrics."""
    a, b = layers.Input((5,), name="a", dtype="int32"), layers.Input((5,), name="b", dtype="int32")
    table = layers.Embedding(12, 4, mask_zero=True)
    u, v = table(a), table(b)
    merged = [layers.Add()([u, v]), layers.Multiply()([u, v]), layers.Maximum()([u, v]), layers.Average()([u, v]), layers.Dense(3)(u)]
    h = layers.Dropout(0.0)(layers.Concatenate()(merged))
    tag = layers.Dense(3, activation="softmax", name="tag")(h)
    size = layers.Dense(1, name="size")(layers.Minimum()([u, v]))
    return model_of([a, b], [tag, size], "adam", {"tag": "sparse_categorical_crossentropy", "size": "mse"},
                    metrics={"tag": ["accuracy"], "size": ["mae", "mse"]})


def masked_normalization():
    x = layers.Input((6, 3), name="x")
    h = layers.Dense(4, activation="tanh")(layers.Masking()(x))
    h = layers.LayerNormalization()(layers.BatchNormalization(momentum=0.9)(h))
    return model_of(x, layers.Dense(2, name="y")(h), optimizers.SGD(0.002), keras.losses.MeanSquaredError(reduction="sum"), metrics=["mae"])


def masks_into_models():
    """Models within a model, called on masked tensors (for which Keras writes a mask, or a list of them, into the file); the mean of what is left."""
    a, b = layers.Input((5,), name="a", dtype="int32"), layers.Input((5,), name="b", dtype="int32")
    table = layers.Embedding(12, 4, mask_zero=True)
    u, v = layers.Input((5, 4)), layers.Input((5, 4))
    two = keras.Model([u, v], layers.LSTM(3, return_sequences=True)(layers.Concatenate()([u, layers.Dense(2)(v)])))
    one = keras.Sequential([layers.Input((5, 3)), layers.Dense(4, activation="tanh"), layers.GlobalAveragePooling1D()])
    return model_of([a, b], layers.Dense(1, name="y")(one(two([table(a), table(b)]))), "adam", "mse")


def masks_joined():
    """What is masked beside what is not, by features and by time: Keras writes how the masks are joined into the file, op by op."""
    a, c = layers.Input((5,), name="a", dtype="int32"), layers.Input((5, 3), name="c")
    u = layers.Embedding(12, 4, mask_zero=True)(a)
    beside = layers.GRU(3)(layers.Concatenate()([c, u]))
    behind = layers.LSTM(3)(layers.Concatenate(axis=1)([u, layers.Dense(4)(c)]))
    return model_of([a, c], layers.Dense(1, name="y")(layers.Concatenate()([beside, behind])), "adam", "mse")


def p2():
    main, extra = layers.Input((100,), name="main_input", dtype="int32"), layers.Input((5,), name="aux_input")
    h = layers.LSTM(32)(layers.Embedding(10000, 512)(main))
    side = layers.Dense(1, activation="sigmoid", name="aux_output")(h)
    h = layers.Concatenate()([h, extra])
    for _ in range(3):
        h = layers.Dense(64, activation="relu")(h)
    out = layers.Dense(1, activation="sigmoid", name="main_output")(h)
    return model_of([main, extra], [out, side], "rmsprop", ["binary_crossentropy", "binary_crossentropy"], loss_weights=[1.0, 0.2])


def p3():
    a, b = layers.Input((280, 256), name="tweet_a"), layers.Input((280, 256), name="tweet_b")
    encoder = layers.LSTM(64)
    y = layers.Dense(1, activation="sigmoid", name="y")(layers.Concatenate(axis=-1)([encoder(a), encoder(b)]))
    return model_of([a, b], y, "rmsprop", "binary_crossentropy", metrics=["accuracy"])


def p6():
    x = layers.Input((100,), name="x", dtype="int32")
    h = layers.Dense(32, activation="relu")(layers.LSTM(64)(layers.Embedding(10000, 128, mask_zero=True)(x)))
    return model_of(x, layers.Dense(1, activation="sigmoid", name="y")(h), "rmsprop", "binary_crossentropy", metrics=["accuracy"])


def p7():
    x = layers.Input((100,), name="x", dtype="int32")
    h = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(layers.Embedding(10000, 128, mask_zero=True)(x))
    return model_of(x, layers.Dense(10, activation="softmax", name="y")(h), "adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


def open_sequence():
    """Sentences of any length, through a model that leaves it open, too."""
    x = layers.Input((None,), name="x", dtype="int32")
    h = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(layers.Embedding(12, 4, mask_zero=True)(x))
    inner = keras.Sequential([layers.Input((None, 8)), layers.Dense(5, activation="tanh"), layers.LayerNormalization()])
    return model_of(x, layers.Dense(3, activation="softmax", name="y")(inner(h)), "adam", "sparse_categorical_crossentropy", metrics=["accuracy"])


def p13():
    content, title = layers.Input((9,), name="content", dtype="int32"), layers.Input((4,), name="title", dtype="int32")
    table = layers.Embedding(30, 8, name="emb")
    h = layers.LSTM(6)(table(content)) + layers.LSTM(6)(table(title))
    outputs = [layers.Dense(1, activation="sigmoid", name="out_content")(h), layers.Dense(3, activation="softmax", name="out_title")(h)]
    return model_of([content, title], outputs, "adam", {"out_content": "binary_crossentropy", "out_title": "categorical_crossentropy"},
                    loss_weights={"out_content": 0.8, "out_title": 0.3}, metrics={"out_content": ["accuracy"], "out_title": ["accuracy"]})


def p11():
    x = layers.Input((100, 1), name="x")
    h = layers.LSTM(10, return_sequences=True)(x)
    one = layers.Dense(1, activation="sigmoid", name="one")(layers.Dense(10, activation="relu")(layers.LSTM(10)(h)))
    tags = layers.TimeDistributed(layers.Dense(1), name="tags")(h)
    return model_of(x, [one, tags], "rmsprop", ["binary_crossentropy", "mse"])


def simple_rnn_options():
    x = layers.Input((6, 3), name="x")
    h = layers.SimpleRNN(4, return_sequences=True, go_backwards=True, kernel_regularizer=regularizers.L2(0.01), activity_regularizer=regularizers.L2(0.01))(x)
    h = layers.SimpleRNN(3, activation="relu", use_bias=False, recurrent_constraint=constraints.UnitNorm())(h)
    return model_of(x, layers.Dense(1, name="y")(h), optimizers.SGD(0.05), "mse")


def gru_options():
    x = layers.Input((6, 3), name="x")
    h = layers.GRU(4, return_sequences=True, reset_after=False, bias_regularizer=regularizers.L1(0.01))(x)
    h = layers.GRU(4, return_sequences=True, unroll=True, recurrent_activation="hard_sigmoid")(h)
    h = layers.GRU(3, use_bias=False, go_backwards=True)(h)
    return model_of(x, layers.Dense(1, name="y")(h), optimizers.Adam(0.02), "mse")


def lstm_options():
    x = layers.Input((6, 3), name="x")
    h = layers.LSTM(4, return_sequences=True, activation="elu", recurrent_activation="hard_sigmoid", unit_forget_bias=False, bias_initializer="ones")(x)
    h = layers.LSTM(3, recurrent_regularizer=regularizers.L2(0.01), kernel_constraint=constraints.MaxNorm(1.0), unroll=True)(h)
    return model_of(x, layers.Dense(1, name="y")(h), optimizers.Adam(0.02), "mse")


def masked_recurrence():
    """Masks with holes, through layers that keep, zero, turn round and end sequences."""
    x = layers.Input((6, 3), name="x")
    m = layers.Masking()(x)
    h = layers.LSTM(4, return_sequences=True)(m)
    h = layers.GRU(4, return_sequences=True, zero_output_for_mask=True)(h)
    back = layers.SimpleRNN(3, go_backwards=True)(h)
    last = layers.LSTM(3, zero_output_for_mask=True)(m)
    both = layers.Bidirectional(layers.GRU(2))(h)
    steps = layers.Dense(2, name="steps")(h)
    y = layers.Dense(1, name="y")(layers.Concatenate()([back, last, both]))
    return model_of(x, [y, steps], optimizers.Adam(0.02), "mse", metrics=[[], ["mae"]])


def handed_states():
    """The states of one layer begin another; Keras then hands over no mask that the input merely carries."""
    a, b = layers.Input((5, 3), name="a"), layers.Input((4, 2), name="b")
    _, h, c = layers.LSTM(4, return_state=True)(layers.Masking()(a))
    y = layers.LSTM(4, return_sequences=True)(layers.Masking()(b), initial_state=[h, c])
    y, state = layers.GRU(3, return_sequences=True, return_state=True)(y)
    y = layers.Bidirectional(layers.SimpleRNN(3))(y, initial_state=[state, state])
    return model_of([a, b], layers.Dense(1, name="y")(y), optimizers.Adam(0.02), "mse")


def both_ways():
    x = layers.Input((5, 3), name="x")
    modes = [layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode=mode)(x) for mode in ("concat", "sum", "mul", "ave")]
    ends = layers.Bidirectional(layers.GRU(2), merge_mode=None)(x)
    other = layers.Bidirectional(layers.GRU(2), backward_layer=layers.SimpleRNN(2, go_backwards=True))(x)
    steps = layers.Bidirectional(layers.SimpleRNN(2, return_sequences=True), merge_mode=None)(layers.Concatenate()(modes))
    h = layers.Concatenate()([layers.Flatten()(layers.Add()(steps)), *ends, other])
    return model_of(x, layers.Dense(1, name="y")(h), optimizers.Adam(0.02), "mse")


def cells():
    x = layers.Input((5, 3), name="x")
    h = layers.RNN([layers.LSTMCell(4), layers.GRUCell(3), layers.SimpleRNNCell(2)], return_sequences=True)(x)
    h = layers.RNN(layers.GRUCell(3, reset_after=False), unroll=True, go_backwards=True, return_sequences=True)(h)
    h = layers.RNN(layers.StackedRNNCells([layers.LSTMCell(2), layers.LSTMCell(3)]))(h)
    return model_of(x, layers.Dense(1, name="y")(h), optimizers.Adam(0.02), "mse")


def time_distributed():
    x = layers.Input((5, 4), name="x")
    inner = keras.Sequential([layers.Input((4,)), layers.Dense(3, activation="tanh"), layers.Dense(4)])
    h = layers.TimeDistributed(layers.Dense(4, activation="relu"))(x)
    h = layers.TimeDistributed(inner)(h)
    h = layers.TimeDistributed(layers.BatchNormalization(momentum=0.9))(h)
    h = layers.TimeDistributed(layers.Flatten())(layers.Reshape((5, 2, 2))(h))
    return model_of(x, layers.LSTM(2, name="y")(h), optimizers.SGD(0.05), "mse")


def sequence_cases(Case):
    ids, others = words(1, 28, 5, 12), words(2, 28, 5, 12, "pre")
    text, before = words(3, 26, 10, 30), words(4, 26, 10, 30, "pre")
    x3 = series(5, 26, 6, 3)
    full = np.where(x3 == 0, np.float32(0.5), x3)
    long, padded = words(7, 7, 100, 10000), words(8, 7, 100, 10000, "pre")
    y = {"y": bits(9, 26, 1)}
    yield Case("embedding", "Embedding with a regularizer and a constraint; momentum moves rows that are not read", embedded, {"x": ids}, {"y": bits(1, 28, 1)}, 8, 3)
    for name, optimizer in ROW_BY_ROW.items():
        yield Case("rows_" + name, "an Embedding called twice under " + name, lambda made=optimizer: looked_up(made()), {"a": ids, "b": others}, {"y": bits(1, 28, 1)}, 8, 2)
    yield Case("masks_losses", "masks from Embedding through merging layers to losses and metrics", masked_losses, {"a": ids, "b": others},
               {"tag": kinds(2, 3, 28, 5), "size": series(3, 28, 5, 1)}, 8, 3)
    yield Case("masks_into_models", "masks into models within a model and out of them, and into a mean over time", masks_into_models, {"a": ids, "b": others},
               {"y": bits(1, 28, 1)}, 8, 3)
    yield Case("masks_joined", "masked and unmasked tensors concatenated", masks_joined, {"a": ids, "c": series(19, 28, 5, 3)}, {"y": bits(1, 28, 1)}, 8, 3)
    yield Case("masks_normalization", "Masking, masked batch statistics, a summed loss", masked_normalization, {"x": x3}, {"y": series(4, 26, 6, 2)}, 8, 3)
    yield Case("p2", "news: Embedding, LSTM, two inputs, two outputs; 10 steps", p2, {"main_input": long, "aux_input": bits(5, 7, 5)},
               {"main_output": bits(6, 7, 1), "aux_output": bits(7, 7, 1)}, 4, 5)
    yield Case("p3", "two tweets, one LSTM called twice; 10 steps", p3, {"tweet_a": again(7, 7, 280, 256), "tweet_b": again(8, 7, 280, 256)}, {"y": bits(9, 7, 1)}, 4, 5)
    yield Case("p6", "text classifier: masked Embedding, LSTM; 10 steps", p6, {"x": padded}, {"y": bits(9, 7, 1)}, 4, 5)
    yield Case("p7", "sequence tagger: masked Embedding, Bidirectional LSTM, tags of steps; 10 steps", p7, {"x": long}, {"y": kinds(8, 10, 7, 100)}, 4, 5)
    yield Case("p11", "classify and tag: two LSTMs, TimeDistributed; 10 steps", p11, {"x": series(6, 7, 100, 1)}, {"one": bits(10, 7, 1), "tags": series(11, 7, 100, 1)}, 4, 5)
    yield Case("p13", "content and title: an Embedding shared by two lengths, two outputs (small)", p13, {"content": text[:, :9], "title": before[:, :4]},
               {"out_content": bits(12, 26, 1), "out_title": np.eye(3, dtype=np.float32)[kinds(13, 3, 26).astype(int)]}, 8, 3)
    for name, steps in ("open_sequence", 5), ("open_sequence_longer", 9):
        yield Case(name, f"an Input of any length, here {steps}", open_sequence, {"x": words(21, 26, steps, 12)}, {"y": kinds(22, 3, 26, steps)}, 8, 3)
    yield Case("rnn_simple", "SimpleRNN: go_backwards, regularizers, constraint, relu", simple_rnn_options, {"x": full}, y, 8, 3)
    yield Case("rnn_gru", "GRU: reset_after both ways, unroll, no bias", gru_options, {"x": full}, y, 8, 3)
    yield Case("rnn_lstm", "LSTM: other activations, no unit_forget_bias, regularizers, unroll", lstm_options, {"x": full}, y, 8, 3)
    yield Case("rnn_masked", "masks with holes through recurrent layers", masked_recurrence, {"x": x3}, {"y": y["y"], "steps": series(12, 26, 6, 2)}, 8, 3)
    yield Case("rnn_states", "return_state and initial_state", handed_states, {"a": series(13, 26, 5, 3), "b": series(14, 26, 4, 2)}, y, 8, 3)
    yield Case("rnn_both_ways", "Bidirectional in every merge_mode, with a backward_layer", both_ways, {"x": series(15, 26, 5, 3)}, y, 8, 3)
    yield Case("rnn_cells", "RNN of cells and of cells on top of each other", cells, {"x": series(16, 26, 5, 3)}, y, 8, 3)
    yield Case("rnn_time_distributed", "TimeDistributed: a layer, a model, batch statistics of each step", time_distributed, {"x": series(17, 26, 5, 4)},
               {"y": series(18, 26, 1, 2)[:, 0]}, 8, 3)

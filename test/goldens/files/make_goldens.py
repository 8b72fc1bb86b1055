"""Writes the files here with the real Keras: venv/bin/python test/goldens/files/make_goldens.py"""
import os
import zipfile
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
keras.utils.set_random_seed(1)

# As small as a file with a trained model, a layer without weights and optimizer state can be.
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="relu"), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse", metrics=["mae"])
model.fit(np.arange(12, dtype="float32").reshape(4, 3) / 12, np.ones((4, 1), "float32"), batch_size=2, epochs=1, shuffle=False, verbose=0)
model.layers[0].set_weights([np.arange(6, dtype="float32").reshape(3, 2), np.array([0.5, -0.5], "float32")])
model.save(os.path.join(here, "sequential.keras"))

# Everything a graph can have: a nested model called twice, a nested Sequential, a shared layer, inputs that Keras reorders, three outputs.
inside = keras.Input((4,), name="inside")
inner = keras.Model(inside, keras.layers.Dense(3, activation="relu", name="in_d")(inside), name="inner")
tail = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Activation("tanh")], name="tail")
a, b = keras.Input((4,), name="a"), keras.Input((2, 2), name="b")
x, z = inner(a), inner(keras.layers.Flatten()(b))
shared = keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.01), kernel_constraint=keras.constraints.MaxNorm(2.0),
                            kernel_initializer="he_normal", name="shared")
joined = keras.layers.Concatenate()([shared(x), shared(z)])
last = tail(keras.layers.Dropout(0.25, seed=3)(keras.layers.Add()([x, z])))
first = keras.layers.Dense(1, activation="sigmoid", name="first")(joined)
whole = keras.Model([a, b], [first, keras.layers.Reshape((1, 2), name="second")(last), last], name="whole")
rate = keras.optimizers.schedules.ExponentialDecay(0.01, 100.0, 0.9)
whole.compile(keras.optimizers.RMSprop(rate, momentum=0.5, centered=True), loss=["binary_crossentropy", keras.losses.MeanSquaredError(), "mse"],
              loss_weights=[1.0, 0.5, 0.25], metrics=[["accuracy"], ["mse"], [keras.metrics.MeanAbsoluteError()]])
rows = np.linspace(0, 1, 32, dtype="float32")
whole.fit([rows.reshape(8, 4), rows.reshape(8, 2, 2)], [np.ones((8, 1)), np.zeros((8, 1, 2)), np.zeros((8, 2))], batch_size=4, epochs=1, verbose=0)
whole.save(os.path.join(here, "nested.keras"))

# Keras stores the members of its archive as they are; deflated they are a tenth.
for name in ("sequential.keras", "nested.keras"):
    path = os.path.join(here, name)
    with zipfile.ZipFile(path) as old:
        members = [(n, old.read(n)) for n in old.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for n, content in members:
            new.writestr(zipfile.ZipInfo(n), content, zipfile.ZIP_DEFLATED, 9)

"""Writes tf_keras.keras with Keras 2 (pip install tensorflow tf-keras): venv/bin/python test/goldens/files/make_tf_keras.py

Prints the losses of two more epochs, which test/unit/files_saving.cpp expects of Cornu.
"""
import os
import zipfile

import numpy as np
import tf_keras as keras

layers = keras.layers
keras.utils.set_random_seed(1)
a, b = keras.Input((4,), name="a"), keras.Input((2, 2), name="b")
inside = keras.Input((4,))
inner = keras.Model(inside, layers.Dense(3, activation="relu")(inside), name="inner")
tail = keras.Sequential([layers.Dense(2, input_shape=(3,)), layers.Activation("tanh")])
x, z = inner(a), inner(layers.Flatten()(b))
shared = layers.Dense(3, kernel_regularizer="l2", name="shared")
first = layers.Dense(1, activation="sigmoid", name="first")(layers.Concatenate()([shared(x), shared(z)]))
model = keras.Model([a, b], [first, layers.Reshape((1, 2), name="second")(tail(layers.Add()([x, z])))])
model.compile(keras.optimizers.RMSprop(0.01, momentum=0.5), ["binary_crossentropy", "mse"], metrics=[["accuracy"], ["mse"]], loss_weights=[1, 0.5])
rows = (np.arange(32) / 32).astype("float32")
fit = lambda: model.fit([rows.reshape(8, 4), rows.reshape(8, 2, 2)], [np.zeros((8, 1), "float32"), np.ones((8, 1, 2), "float32")], batch_size=4,
                        epochs=2, shuffle=False, verbose=0).history
fit()
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tf_keras.keras")
model.save(path)
with zipfile.ZipFile(path) as old:
    members = [(n, old.read(n)) for n in old.namelist()]
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
    for n, content in members:
        new.writestr(zipfile.ZipInfo(n), content, zipfile.ZIP_DEFLATED, 9)
print(fit()["loss"])

"""Writes the files here with the real Keras (pip install keras tensorflow): python3 make_goldens.py"""
import os
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

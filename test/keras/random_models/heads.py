"""Outputs: the layer that ends in one, its loss and metrics, and targets that fit."""
from dataclasses import dataclass

import numpy as np
from keras import layers, losses, metrics

from parts import chance, pick, weight_options


@dataclass
class Head:
    tensor: object   # the model's output
    loss: object
    metrics: list
    targets: object  # (generator, shape with the batch) -> array


def numbers(rng, units, flat):
    reduction = {"reduction": rng.choice(["sum_over_batch_size", "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"])}
    loss = pick(rng, lambda: "mse", lambda: "mean_absolute_error", lambda: losses.MeanSquaredError(**reduction), lambda: losses.Huber(0.7, **reduction), lambda: "huber",
                lambda: losses.LogCosh(**reduction), lambda: losses.CosineSimilarity(**reduction), lambda: losses.MeanAbsoluteError(**reduction), lambda: "log_cosh")
    many = ["mse", "mae", metrics.RootMeanSquaredError(), metrics.LogCoshError(), "cosine_similarity", metrics.MeanSquaredError(name="again")]
    return rng.choice([None, "linear", "tanh", "softsign"]), loss, many, lambda draw, shape: draw.normal(size=shape)


def positives(rng, units, flat):
    loss = pick(rng, lambda: "mape", lambda: "msle", lambda: "poisson", lambda: losses.MeanAbsolutePercentageError(), lambda: losses.MeanSquaredLogarithmicError(),
                lambda: losses.Poisson())
    many = ["mape", "msle", "poisson", metrics.MeanAbsolutePercentageError(), metrics.Poisson(name="again")]
    return rng.choice(["softplus", "sigmoid", "relu", "exponential"]), loss, many, lambda draw, shape: 0.2 + np.abs(draw.normal(size=shape))


def bits(rng, units, flat):
    logits, smoothing = chance(rng, 0.4), rng.choice([0.0, 0.1])
    loss = pick(rng, lambda: losses.BinaryCrossentropy(logits, smoothing), lambda: "binary_crossentropy" if not logits else losses.BinaryCrossentropy(True),
                lambda: losses.BinaryFocalCrossentropy(chance(rng, 0.5), 0.3, rng.choice([1.5, 2.0]), logits, smoothing), lambda: losses.Hinge(),
                lambda: "squared_hinge", *([lambda: losses.Dice(axis=rng.choice([None, -1])), lambda: losses.Tversky(0.3, 0.6, axis=rng.choice([None, -1])), lambda: "dice"] if not logits else []))
    shift = 0.0 if logits else 0.5
    many = ["accuracy", metrics.BinaryAccuracy(threshold=shift), metrics.BinaryCrossentropy(from_logits=logits, label_smoothing=0.1), metrics.Hinge(),
            metrics.SquaredHinge(name="hinge_2")]
    if not logits:
        many += [metrics.Precision(), metrics.Recall(thresholds=0.3), metrics.AUC(num_thresholds=50), metrics.TruePositives(), metrics.FalseNegatives(0.4),
                 metrics.AUC(curve="PR", summation_method=rng.choice(["interpolation", "minoring", "majoring"])), metrics.TrueNegatives(), metrics.FalsePositives(0.45)]
    if flat and not logits:
        many += [metrics.F1Score("micro", threshold=0.5), metrics.AUC(multi_label=units > 1, num_labels=units if units > 1 else None, name="auc_of_labels")]
    activation = None if logits else rng.choice(["sigmoid", "sigmoid", "hard_sigmoid"])
    return activation, loss, many, lambda draw, shape: draw.integers(0, 2, size=shape)


def classes(rng, units, flat):
    logits, smoothing = chance(rng, 0.4), rng.choice([0.0, 0.1])
    loss = pick(rng, lambda: losses.CategoricalCrossentropy(logits, smoothing), lambda: "categorical_crossentropy" if not logits else losses.CategoricalCrossentropy(True),
                lambda: losses.CategoricalFocalCrossentropy(0.4, rng.choice([1.5, 2.0]), logits, smoothing), lambda: "categorical_hinge",
                lambda: losses.CategoricalHinge(), *([] if logits else [lambda: "kl_divergence", lambda: losses.KLDivergence()]))
    many = ["accuracy", "categorical_accuracy", metrics.CategoricalCrossentropy(from_logits=logits, label_smoothing=0.1), metrics.CategoricalHinge(),
            metrics.TopKCategoricalAccuracy(k=2), "acc"]
    if not logits:
        many += [metrics.KLDivergence(), metrics.Precision(class_id=1), metrics.AUC(num_thresholds=30)]
    if flat:
        many += [metrics.F1Score(rng.choice(["micro", "macro", "weighted"])), metrics.FBetaScore("macro", beta=2.0)]
        many += [metrics.Precision(top_k=2, name="precision_at_2"), metrics.Recall(top_k=1, class_id=0, name="recall_at_1")]
    return None if logits else "softmax", loss, many, lambda draw, shape: np.eye(units)[draw.integers(0, units, size=shape[:-1])]


def labels(rng, units, flat):
    logits = chance(rng, 0.4)
    loss = pick(rng, lambda: losses.SparseCategoricalCrossentropy(logits), *([] if logits else [lambda: "sparse_categorical_crossentropy", lambda: losses.CategoricalGeneralizedCrossEntropy(0.6)]))
    many = ["accuracy", metrics.SparseCategoricalAccuracy(), metrics.SparseTopKCategoricalAccuracy(k=2), metrics.SparseCategoricalCrossentropy(from_logits=logits), "acc"]
    last = [1] if chance(rng, 0.3) else []
    if isinstance(loss, losses.CategoricalGeneralizedCrossEntropy):
        last = []  # of labels with an axis of their own Keras compares every row with every other
    return None if logits else "softmax", loss, many, lambda draw, shape: draw.integers(0, units, size=[*shape[:-1], *last]).astype("int32")


def head(rng, x, name):
    """An output made of x, of any of the kinds."""
    if len(x.shape) > 2 and chance(rng, 0.6):
        x = layers.Flatten()(x)
    kind = rng.choice([numbers, numbers, positives, bits, bits, classes, classes, labels])
    units = rng.randint(2, 4) if kind in (classes, labels) else rng.randint(1, 3)
    activation, loss, many, targets = kind(rng, units, flat=len(x.shape) == 2)
    named = {"name": name} if chance(rng, 0.7) else {}
    options = weight_options(rng, ["kernel", "bias"], [2, 1])
    if activation and chance(rng, 0.25):
        x = layers.Dense(units, **options)(x)
        x = (layers.Softmax(**named) if activation == "softmax" and chance(rng, 0.5) else layers.Activation(activation, **named))(x)
    else:
        x = layers.Dense(units, activation=activation, **options, **named)(x)
    return Head(x, loss, rng.sample(many, rng.choice([0, 1, 1, 2, 3])), targets)


def compile_arguments(rng, names, heads, named):
    """loss, loss_weights, metrics and weighted_metrics in any of the spellings that compile takes; by name if outputs are `named`."""
    by_name = lambda values: dict(zip(names, values))
    weighted = [[m for m in h.metrics if chance(rng, 0.08)] for h in heads]
    plain = [[m for m in h.metrics if m not in w] for h, w in zip(heads, weighted)]
    if len(heads) == 1:
        arguments = {"loss": pick(rng, lambda: heads[0].loss, lambda: [heads[0].loss], *([lambda: by_name([heads[0].loss])] if named else [])), "metrics": plain[0], "weighted_metrics": weighted[0]}
        return {k: v for k, v in arguments.items() if v}
    loss = [h.loss for h in heads]
    if chance(rng, 0.1):
        loss[rng.randrange(len(loss))] = None
    arguments = {"loss": loss if chance(rng, 0.5) else by_name(loss)}
    if chance(rng, 0.5):
        weights = [rng.choice([1.0, 0.3, 2.0]) for _ in heads]
        arguments["loss_weights"] = weights if isinstance(arguments["loss"], list) else by_name(weights)
    for key, lists in (("metrics", plain), ("weighted_metrics", weighted)):
        if any(lists):
            arguments[key] = lists if chance(rng, 0.5) else by_name(lists)
    return arguments

"""Draws of what stands inside a layer or a compile call: initialisers, regularisers, constraints, activations, optimizers, schedules."""
from keras import constraints, initializers, optimizers, regularizers

ACTIVATIONS = ["linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "sigmoid", "hard_sigmoid", "log_sigmoid", "sparse_sigmoid", "silu", "swish",
               "hard_silu", "hard_swish", "softplus", "softsign", "softmax", "log_softmax", "sparsemax", "tanh", "hard_tanh", "tanh_shrink", "hard_shrink",
               "soft_shrink", "squareplus", "sparse_plus", "mish", "exponential"]
# glu is not among them: it halves the axis, which the shapes of Keras's layers do not know.


def chance(rng, probability):
    return rng.random() < probability


def pick(rng, *makers):
    """One of several constructors, called; the others are not."""
    return rng.choice(makers)()


def activation(rng):
    """A name, or None."""
    return None if chance(rng, 0.35) else rng.choice(ACTIVATIONS)


def initializer(rng, rank):
    """Of a variable of this rank. Its numbers are drawn by Keras alone; Cornu reads and writes its config."""
    i, seed = initializers, rng.choice([None, 3])
    general = [lambda: "glorot_uniform", lambda: i.RandomNormal(0.1, 0.4, seed=seed), lambda: i.RandomUniform(-0.5, 0.7, seed=seed),
               lambda: i.TruncatedNormal(0.0, 0.5, seed=seed), lambda: i.Constant(0.3), lambda: i.Ones(), lambda: "zeros"]
    if rank < 2:
        return pick(rng, *general)
    scaled = [lambda: i.GlorotUniform(seed), lambda: i.GlorotNormal(seed), lambda: i.HeNormal(seed), lambda: i.HeUniform(seed), lambda: i.LecunNormal(seed),
              lambda: i.LecunUniform(seed), lambda: i.Orthogonal(1.1, seed), lambda: "he_normal",
              lambda: i.VarianceScaling(rng.choice([0.5, 2.0]), rng.choice(["fan_in", "fan_out", "fan_avg"]),
                                        rng.choice(["truncated_normal", "untruncated_normal", "uniform"]), seed)]
    if rank == 2:
        scaled.append(lambda: i.Identity(0.8))
    return pick(rng, *scaled * 2, *general[1:4])  # kernels of constants learn nothing


def regularizer(rng, rank=1):
    r = regularizers
    makers = [lambda: "l1", lambda: "l2", lambda: r.L1(0.003), lambda: r.L2(0.01), lambda: r.L1L2(0.002, 0.01)]
    if rank == 2:
        makers.append(lambda: r.OrthogonalRegularizer(0.02, rng.choice(["rows", "columns"])))
    return pick(rng, *makers)


def constraint(rng, rank):
    c = constraints
    axis = 0 if rank < 2 or chance(rng, 0.6) else rng.choice([1, [0, 1]])
    return pick(rng, lambda: c.MaxNorm(rng.choice([0.5, 1, 2]), axis), lambda: c.NonNeg(), lambda: c.UnitNorm(axis), lambda: c.MinMaxNorm(0.2, 0.9, rng.choice([0.6, 1.0]), axis),
                lambda: "max_norm", lambda: "non_neg")


def weight_options(rng, names, ranks, often=0.15):
    """`kernel_initializer=…, bias_regularizer=…` and so on for weights of these names and ranks, each rarely."""
    options = {}
    for name, rank in zip(names, ranks):
        if chance(rng, 2 * often):
            options[f"{name}_initializer"] = initializer(rng, rank)
        if chance(rng, often):
            options[f"{name}_regularizer"] = regularizer(rng, rank)
        if chance(rng, often):
            options[f"{name}_constraint"] = constraint(rng, rank)
    return options


def layer_options(rng):
    """Keywords of every layer."""
    options = {}
    if chance(rng, 0.06):
        options["trainable"] = False
    if chance(rng, 0.06):
        options["activity_regularizer"] = regularizer(rng)
    return options


def learning_rate(rng, rate):
    """A number, or a schedule whose boundaries lie within the few steps of a test."""
    if chance(rng, 0.6):
        return rate
    s = optimizers.schedules
    stairs = chance(rng, 0.5)
    return pick(
        rng, lambda: s.ExponentialDecay(rate, 4, 0.7, staircase=stairs), lambda: s.InverseTimeDecay(rate, 3, 0.5, staircase=stairs),
        lambda: s.PolynomialDecay(rate, 7, rate / 10, power=rng.choice([1.0, 2.0, 0.5]), cycle=stairs), lambda: s.PiecewiseConstantDecay([3, 8], [rate, rate / 2, rate / 5]),
        lambda: s.CosineDecay(rate, 9, alpha=0.1), lambda: s.CosineDecay(rate / 10, 8, alpha=0.05, warmup_target=rate, warmup_steps=3),
        lambda: s.CosineDecayRestarts(rate, 4, t_mul=rng.choice([1.0, 2.0]), m_mul=0.8, alpha=0.05))


def optimizer(rng):
    """Any rule with any of its options. Steps are small: fifteen of them must not blow rounding up."""
    o = optimizers
    common = {}
    if chance(rng, 0.2):
        common["weight_decay"] = 0.03
    if chance(rng, 0.3):
        common |= rng.choice([{"clipnorm": 0.1}, {"clipvalue": 0.02}, {"global_clipnorm": 0.3}])
    if chance(rng, 0.15):
        common |= {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": rng.choice([None, 1, 4])}
    if chance(rng, 0.15):
        common["gradient_accumulation_steps"] = rng.choice([2, 3])
    # With a small epsilon a gradient that is zero but for rounding still moves a weight by the whole rate.
    epsilon = rng.choice([1e-7, 1e-3, 1e-3])
    flag = chance(rng, 0.5)
    makers = [
        lambda: o.SGD(learning_rate(rng, 0.01), **common), lambda: o.SGD(learning_rate(rng, 0.01), momentum=0.8, nesterov=flag, **common),
        lambda: o.RMSprop(learning_rate(rng, 0.002), rho=0.8, epsilon=epsilon, **common),
        lambda: o.RMSprop(learning_rate(rng, 0.002), momentum=0.5, centered=flag, epsilon=1e-3, **common),
        lambda: o.Adam(learning_rate(rng, 0.003), beta_1=rng.choice([0.9, 0.7]), amsgrad=flag, epsilon=epsilon, **common),
        lambda: o.AdamW(learning_rate(rng, 0.003), beta_2=rng.choice([0.999, 0.9]), amsgrad=flag, epsilon=epsilon, **{"weight_decay": 0.01} | common),
        lambda: o.Adagrad(learning_rate(rng, 0.02), initial_accumulator_value=0.2, **common), lambda: o.Adadelta(learning_rate(rng, 0.5), epsilon=1e-3, **common),
        lambda: o.Adamax(learning_rate(rng, 0.003), epsilon=epsilon, **common), lambda: o.Nadam(learning_rate(rng, 0.003), epsilon=epsilon, **common),
        lambda: o.Ftrl(learning_rate(rng, 0.02), initial_accumulator_value=0.3, l1_regularization_strength=rng.choice([0.0, 0.005]),
                       l2_regularization_strength=0.01, l2_shrinkage_regularization_strength=rng.choice([0.0, 0.02]), beta=rng.choice([0.0, 0.1]), **common),
        lambda: o.Lion(learning_rate(rng, 0.001), beta_1=0.8, **common),
    ]
    return pick(rng, *makers)

"""The step in TensorFlow: the whole step is one `tf.function`, with TensorFlow's own fused Adam kernel."""

import os

from problem import (
    ADAM_EPSILON, BETA1, BETA2, HEADS, HEAD_WIDTH, LAYERS, LEARNING_RATE, NORM_EPSILON, PATCHES, SERIES, WIDTH,
    arguments, batch, first_weights, measure,
)

options = arguments(["graph"])
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tensorflow as tf  # noqa: E402

tf.config.threading.set_intra_op_parallelism_threads(options.threads)
tf.config.threading.set_inter_op_parallelism_threads(options.threads)

weights = {name: tf.Variable(array) for name, array in first_weights().items()}
mean = {name: tf.Variable(tf.zeros_like(variable)) for name, variable in weights.items()}
square = {name: tf.Variable(tf.zeros_like(variable)) for name, variable in weights.items()}
powers = (tf.Variable(BETA1), tf.Variable(BETA2))


def linear(name, x):
    weight = weights[f"{name}.weight"]
    flat = tf.matmul(tf.reshape(x, [-1, x.shape[-1]]), weight, transpose_b=True)
    return tf.reshape(tf.nn.bias_add(flat, weights[f"{name}.bias"]), [SERIES, PATCHES, weight.shape[0]])


def norm(name, x):
    mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
    return tf.nn.batch_normalization(
        x, mean, variance, weights[f"{name}.bias"], weights[f"{name}.weight"], NORM_EPSILON
    )


def attention(layer, x):
    query, key, value = (
        tf.transpose(tf.reshape(linear(f"{layer}.{name}", x), [SERIES, PATCHES, HEADS, HEAD_WIDTH]), [0, 2, 1, 3])
        for name in ("query", "key", "value")
    )
    scores = tf.matmul(query, key, transpose_b=True) * HEAD_WIDTH**-0.5
    attended = tf.matmul(tf.nn.softmax(scores), value)
    return linear(f"{layer}.output", tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [SERIES, PATCHES, WIDTH]))


def model(patches):
    x = linear("embedding", patches) + weights["position"]
    for index in range(LAYERS):
        layer = f"layers.{index}"
        x = x + attention(layer, norm(f"{layer}.attention_norm", x))
        hidden = linear(f"{layer}.expand", norm(f"{layer}.feed_forward_norm", x))
        x = x + linear(f"{layer}.contract", tf.nn.gelu(hidden, approximate=False))
    return linear("head", norm("norm", x))


@tf.function
def train(patches, target, weight):
    with tf.GradientTape() as tape:
        error = tf.reduce_sum(weight * (model(patches) - target) ** 2)
        loss = error / tf.maximum(tf.reduce_sum(weight), 1)
    gradients = tape.gradient(loss, list(weights.values()))
    beta1_power, beta2_power = (power.read_value() for power in powers)
    for name, gradient in zip(weights, gradients):
        tf.raw_ops.ResourceApplyAdam(
            var=weights[name].handle, m=mean[name].handle, v=square[name].handle, beta1_power=beta1_power,
            beta2_power=beta2_power, lr=LEARNING_RATE, beta1=BETA1, beta2=BETA2, epsilon=ADAM_EPSILON, grad=gradient,
        )
    powers[0].assign(beta1_power * BETA1)
    powers[1].assign(beta2_power * BETA2)
    return loss


inputs = tuple(tf.constant(array) for array in batch())


def step():
    return float(train(*inputs))


measure(
    step, options.steps, engine="tensorflow", mode=options.mode, threads=options.threads, version=tf.__version__
)

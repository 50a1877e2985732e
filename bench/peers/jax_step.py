"""The step in JAX: the whole step is one `jax.jit`. Fewer threads than cores are had by staying on that many cores."""

import os

from problem import (
    ADAM_EPSILON, BETA1, BETA2, HEADS, HEAD_WIDTH, LAYERS, LEARNING_RATE, NORM_EPSILON, PATCHES, SERIES, WIDTH,
    arguments, batch, first_weights, measure,
)

options = arguments(["jit"])
os.environ["JAX_PLATFORMS"] = "cpu"
cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count()))
if options.threads < len(cores):
    if not hasattr(os, "sched_setaffinity"):
        raise SystemExit("jax_step: this system cannot pin a process, so --threads must be the number of cores")
    os.sched_setaffinity(0, cores[: options.threads])

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402


def linear(weights, name, x):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def norm(weights, name, x):
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    return centred * jax.lax.rsqrt(variance + NORM_EPSILON) * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def attention(weights, layer, x):
    query, key, value = (
        linear(weights, f"{layer}.{name}", x).reshape(SERIES, PATCHES, HEADS, HEAD_WIDTH).transpose(0, 2, 1, 3)
        for name in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 1, 3, 2) * HEAD_WIDTH**-0.5
    attended = jax.nn.softmax(scores, axis=-1) @ value
    return linear(weights, f"{layer}.output", attended.transpose(0, 2, 1, 3).reshape(SERIES, PATCHES, WIDTH))


def model(weights, patches):
    x = linear(weights, "embedding", patches) + weights["position"]
    for index in range(LAYERS):
        layer = f"layers.{index}"
        x = x + attention(weights, layer, norm(weights, f"{layer}.attention_norm", x))
        hidden = linear(weights, f"{layer}.expand", norm(weights, f"{layer}.feed_forward_norm", x))
        x = x + linear(weights, f"{layer}.contract", jax.nn.gelu(hidden, approximate=False))
    return linear(weights, "head", norm(weights, "norm", x))


def masked_error(weights, patches, target, weight):
    return (weight * (model(weights, patches) - target) ** 2).sum() / jnp.maximum(weight.sum(), 1)


def train(state, patches, target, weight):
    weights, mean, square, count = state
    loss, gradients = jax.value_and_grad(masked_error)(weights, patches, target, weight)
    count = count + 1
    mean = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, gradients)
    square = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, gradients)
    first, second = 1 - BETA1**count, 1 - BETA2**count
    weights = jax.tree.map(
        lambda w, m, v: w - LEARNING_RATE * (m / first) / (jnp.sqrt(v / second) + ADAM_EPSILON), weights, mean, square
    )
    return (weights, mean, square, count), loss


compiled = jax.jit(train, donate_argnums=0)
weights = {name: jnp.asarray(array) for name, array in first_weights().items()}
state = (weights, jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights), jnp.float32(0))
inputs = tuple(jnp.asarray(array) for array in batch())


def step():
    global state
    state, loss = jax.block_until_ready(compiled(state, *inputs))
    return float(loss)


measure(step, options.steps, engine="jax", mode=options.mode, threads=options.threads, version=jax.__version__)

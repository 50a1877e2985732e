"""The training step that every engine runs: its sizes, first weights, batch, clock and the line of JSON it prints.

64 series of 42 patches of 12 points go through a linear embedding with learned positions, three pre-norm transformer
blocks (width 128, 16 heads, exact GELU, feed-forward 512), a final norm and a linear head. The loss is the mean squared
error over hidden points; one step is forward, backward and Adam, all in float32.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time

import numpy

SERIES, PATCHES, PATCH_LENGTH = 64, 42, 12
WIDTH, HEADS, FEED_FORWARD, LAYERS = 128, 16, 512, 3
HEAD_WIDTH = WIDTH // HEADS
NORM_EPSILON = 1e-5
LEARNING_RATE, BETA1, BETA2, ADAM_EPSILON = 1e-3, 0.9, 0.999, 1e-8
MASK_RATIO = 0.4
WARM_UP_STEPS = 5


def arguments(modes):
    """`--mode`, `--threads`, `--steps`; the first mode is the default."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=modes, default=modes[0])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--steps", type=int, default=50, help="timed steps, after 5 to warm up")
    return parser.parse_args()


def first_weights():
    """Name -> array; matrices are [out, in]. Drawn once here, so that every engine starts from the same bits."""
    random = numpy.random.default_rng(0)
    weights = {}

    def linear(name, outputs, inputs):
        bound = (6 / (inputs + outputs)) ** 0.5
        weights[f"{name}.weight"] = random.uniform(-bound, bound, (outputs, inputs)).astype(numpy.float32)
        weights[f"{name}.bias"] = numpy.zeros(outputs, numpy.float32)

    def norm(name):
        weights[f"{name}.weight"] = numpy.ones(WIDTH, numpy.float32)
        weights[f"{name}.bias"] = numpy.zeros(WIDTH, numpy.float32)

    linear("embedding", WIDTH, PATCH_LENGTH)
    weights["position"] = random.normal(0, 0.02, (PATCHES, WIDTH)).astype(numpy.float32)
    for layer in range(LAYERS):
        norm(f"layers.{layer}.attention_norm")
        for projection in ("query", "key", "value", "output"):
            linear(f"layers.{layer}.{projection}", WIDTH, WIDTH)
        norm(f"layers.{layer}.feed_forward_norm")
        linear(f"layers.{layer}.expand", FEED_FORWARD, WIDTH)
        linear(f"layers.{layer}.contract", WIDTH, FEED_FORWARD)
    norm("norm")
    linear("head", PATCH_LENGTH, WIDTH)
    return weights


def batch():
    """Patches with the hidden ones zeroed, the whole patches, and 1 where a point is hidden; all [64, 42, 12]."""
    random = numpy.random.default_rng(1)
    target = random.standard_normal((SERIES, PATCHES, PATCH_LENGTH)).astype(numpy.float32)
    hidden = random.random((SERIES, PATCHES)).argsort(axis=1) < round(PATCHES * MASK_RATIO)
    weight = numpy.broadcast_to(hidden[:, :, None], target.shape).astype(numpy.float32)
    return target * (1 - weight), target, weight


def measure(step, steps, **facts):
    """Times `step() -> loss as a float` and prints the one line of JSON; milliseconds and mebibytes."""
    first_loss = step()
    for _ in range(WARM_UP_STEPS - 1):
        step()
    milliseconds = []
    loss = first_loss
    for _ in range(steps):
        start = time.perf_counter()
        loss = step()
        milliseconds.append((time.perf_counter() - start) * 1000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = {
        **facts,
        "median_ms": round(statistics.median(milliseconds), 3),
        "minimum_ms": round(min(milliseconds), 3),
        "memory_mb": round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1),
        "steps": steps,
        "first_loss": first_loss,
        "last_loss": loss,
    }
    print(json.dumps(line), flush=True)

"""Reads the encoder of a pretraining run with safetensors and NumPy, and embeds patches of a series with it.

    pip install safetensors numpy
    python read_checkpoint.py runs/load-20260302-140501/checkpoints/step-00005000
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

folder = Path(sys.argv[1])
state = json.loads((folder / "state.json").read_text())
for name, expected in state["sha256"].items():
    if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
        raise SystemExit(f"{name} is not the file that was saved.")

tensors = load_file(folder / "model.safetensors")
with safe_open(folder / "model.safetensors", framework="numpy") as file:
    config = json.loads(file.metadata()["model"])["encoder"]
for name, tensor in tensors.items():
    print(f"{name:60} {tensor.dtype} {list(tensor.shape)}")
print(f"step {state['step']}, {sum(t.size for t in tensors.values()):,} parameters, {len(tensors)} tensors")

# The first thing the encoder does with a normalised series: patches to vectors.
length, count = config["patchLength"], config["patchCount"]
series = np.sin(np.arange(length * count, dtype=np.float32) / 7)
patches = (series - series.mean()).reshape(count, length) / series.std()
vectors = patches @ tensors["encoder.embedding.weight"].T + tensors["encoder.embedding.bias"]
print(f"{count} patches of {length} points became vectors {list(vectors.shape)}, mean {vectors.mean():.5f}")

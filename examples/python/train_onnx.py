"""Trains on with the step that `patchbert-finetune export --what training-step` wrote: ten times the same batch,
at a rate of 1e-3, as the schedule of a finished run ends at 0. Corrections of Adam for its first steps stay those of one step.

    pip install onnxruntime safetensors numpy
    python train_onnx.py step.onnx step.safetensors
"""

import sys

import numpy as np
import onnxruntime
from safetensors.numpy import load_file

model, inputs = sys.argv[1:]
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
feeds = load_file(inputs)  # "state:<name>" and "batch:<name>"
if any("accumulation" in name for name in feeds):
    raise SystemExit("This run gathers the gradients of several batches: each step wants scalars of its own.")
feeds["batch:optimiser.learningRate"] = np.array(1e-3, np.float32)
names = [output.name for output in session.get_outputs()]
print(session.get_modelmeta().custom_metadata_map["patchbert.kind"], f"{len(feeds)} inputs, {len(names)} outputs")

for step in range(10):
    outputs = dict(zip(names, session.run(names, feeds)))
    print(f"step {step + 1}: loss {outputs['output:loss']:.5f}, gradient norm {outputs['output:gradientNorm']:.3f}")
    # What a step returns as next is the state of the one after it.
    feeds |= {name.replace("next:", "state:"): value for name, value in outputs.items() if name.startswith("next:")}

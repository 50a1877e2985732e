"""Runs every exported model on the inputs beside it and asks whether the outputs are those of PatchBERT.

    pip install onnxruntime onnx safetensors numpy
    python check_onnx.py <folder>

The folder is what `node examples/onnx/main.mjs <folder>` wrote; see docs/interoperability.md.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

LIMIT = 1e-5


def check(path: Path) -> float:
    name, batch = path.stem.rsplit("-", 1)
    model = path.parent / f"{name}.onnx"
    onnx.checker.check_model(str(model), full_check=True)
    tensors = load_file(path)
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    wanted = [key for key in tensors if key.startswith("out.")]
    inputs = {key[3:]: value for key, value in tensors.items() if key.startswith("in.")}
    found = session.run([key[4:] for key in wanted], inputs)
    pairs = [(value, tensors[key]) for key, value in zip(wanted, found)]
    worst = max(float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b)))) for a, b in pairs)
    print(f"{name}, batch {batch}: {', '.join(key[4:] for key in wanted)}, largest difference {worst:.1e}")
    return worst


print(f"onnxruntime {onnxruntime.__version__}, onnx {onnx.__version__}, numpy {np.__version__}")
worst = max(check(path) for path in sorted(Path(sys.argv[1]).glob("*-*.safetensors")))
print(f"largest difference {worst:.1e} of the value, limit {LIMIT:.0e}")
if not worst <= LIMIT:
    raise SystemExit("ONNX Runtime says something else.")

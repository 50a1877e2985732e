"""Writes a safetensors file with every type, and checks that a file of ours says the same to Python's library.

    python check_safetensors.py write > packages/safetensors/test/python-file.base64
    python check_safetensors.py check <file>

The file to check is what `node packages/safetensors/scripts/rewrite-python-file.mjs <file>` wrote; see docs/interoperability.md.
"""

import base64
import sys
from pathlib import Path

import ml_dtypes
import numpy
import safetensors
from safetensors.numpy import save

METADATA = {"format": "np", "note": "größe 日本\n"}
HALF = [0x0001, 0x03FF, 0x0400, 0x3C00, 0x7BFF, 0x7C00, 0xFC00, 0x7E01, 0x8000]
BRAIN = [0x0001, 0x3F80, 0xC0A0, 0x7F80, 0xFF80, 0x7FC1, 0x8000]


def tensors() -> dict[str, numpy.ndarray]:
    return {
        "float64": numpy.array([0.1, -0.0, numpy.inf, numpy.nan, 5e-324]),
        "float32": numpy.array([[1.5, -2.0], [3e38, 1e-45]], numpy.float32),
        "float16": numpy.array(HALF, numpy.uint16).view(numpy.float16),
        "bfloat16": numpy.array(BRAIN, numpy.uint16).view(ml_dtypes.bfloat16),
        "int64": numpy.array([-(2**63), -1, 2**63 - 1], numpy.int64),
        "int32": numpy.array([-(2**31), -1, 2**31 - 1], numpy.int32),
        "int16": numpy.array([-(2**15), 2**15 - 1], numpy.int16),
        "int8": numpy.array([-128, 127], numpy.int8),
        "uint64": numpy.array([2**64 - 1], numpy.uint64),
        "uint32": numpy.array([2**32 - 1], numpy.uint32),
        "uint16": numpy.array([2**16 - 1], numpy.uint16),
        "uint8": numpy.array([0, 255], numpy.uint8),
        "bool": numpy.array([[True, False, True]]),
        "scalar": numpy.array(7.5, numpy.float32),
        "none": numpy.zeros((3, 0, 2), numpy.float32),
        "__proto__": numpy.array([1, 2], numpy.int8),
        "größe/日本\n": numpy.array([3], numpy.int8),
    }


def serialized() -> bytes:
    return save(tensors(), METADATA)


def check(path: Path) -> None:
    ours = dict(safetensors.deserialize(path.read_bytes()))
    theirs = dict(safetensors.deserialize(serialized()))
    if ours.keys() != theirs.keys():
        raise SystemExit(f"other names: {sorted(ours.keys() ^ theirs.keys())}")
    for name, tensor in theirs.items():
        if ours[name] != tensor:
            raise SystemExit(f"{name!r} differs: {ours[name]}, expected {tensor}")
    with safetensors.safe_open(path, "numpy") as opened:
        if opened.metadata() != METADATA:
            raise SystemExit(f"other metadata: {opened.metadata()}")
        for name, array in tensors().items():
            if opened.get_tensor(name).tobytes() != array.tobytes():
                raise SystemExit(f"{name!r} has other values")
    print(f"safetensors {safetensors.__version__}, numpy {numpy.__version__}: {len(ours)} tensors and metadata are the same")


def main() -> None:
    if sys.argv[1:2] == ["write"]:
        print(base64.encodebytes(serialized()).decode(), end="")
    else:
        check(Path(sys.argv[2]))


if __name__ == "__main__":
    main()

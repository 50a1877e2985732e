"""Loads every model that was exported and asks whether Hugging Face says the same of the same series.

    python check_patchtst.py <folder>

The folder is what `node packages/patchtst/scripts/export-examples.mjs <folder>` wrote; see docs/interoperability.md.
"""

import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file

LIMIT = 1e-5
OUTPUTS = {
    "PatchTSTForPretraining": "prediction_output",
    "PatchTSTForPrediction": "prediction_outputs",
    "PatchTSTForClassification": "prediction_logits",
    "PatchTSTForRegression": "regression_outputs",
    "PatchTSTModel": "last_hidden_state",
}


def check(folder: Path, expected: Path) -> float:
    architecture = json.loads((folder / "config.json").read_text())["architectures"][0]
    model, report = getattr(transformers, architecture).from_pretrained(folder, output_loading_info=True)
    wrong = {kind: names for kind, names in report.items() if names}
    if wrong:
        raise SystemExit(f"{folder}: not every tensor was loaded as it is: {wrong}")
    if architecture == "PatchTSTForPretraining":
        model.model.masking.random_mask_ratio = 0.0  # every patch visible
    tensors = load_file(expected)
    with torch.no_grad():
        output = getattr(model.eval()(past_values=tensors["past_values"]), OUTPUTS[architecture])
    difference = (output - tensors["output"]).abs().max().item()
    print(f"{folder.name}: {architecture}, {list(output.shape)}, largest difference {difference:.1e}")
    return difference


def main() -> None:
    root = Path(sys.argv[1])
    print(f"torch {torch.__version__}, transformers {transformers.__version__}")
    outputs = sorted((root / "outputs").glob("*.safetensors"))
    worst = max(check(root / path.stem, path) for path in outputs)
    print(f"{len(outputs)} models, largest difference {worst:.1e}, limit {LIMIT:.0e}")
    if not worst <= LIMIT:
        raise SystemExit("Hugging Face says something else.")


if __name__ == "__main__":
    main()

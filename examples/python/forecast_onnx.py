"""Forecasts with a model that `patchbert-finetune export` wrote: the rows after the end of a CSV file, as CSV.

The file holds one recording at equal steps of time; a model with a calendar or covariates wants more inputs than this.

    pip install onnxruntime numpy
    python forecast_onnx.py load.onnx load.csv > next.csv
"""

import csv
import json
import sys

import numpy as np
import onnxruntime

model, data = sys.argv[1:]
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
facts = session.get_modelmeta().custom_metadata_map
more = [one.name for one in session.get_inputs() if one.name != "values"]
if more:
    raise SystemExit(f"{model} also reads {', '.join(more)}: see docs/interoperability.md.")
channels = json.loads(facts["patchbert.channels"])
levels = json.loads(facts["patchbert.quantileLevels"])
context_length = int(facts["patchbert.contextLength"])

with open(data, newline="") as file:
    rows = list(csv.DictReader(file))[-context_length:]
if len(rows) < context_length:
    raise SystemExit(f"{data} has {len(rows)} rows, and the model looks back on {context_length}.")
MISSING = {"", "na", "n/a", "nan", "null", "none", "?"}
values = [[float("nan" if row[name].strip().lower() in MISSING else row[name]) for name in channels] for row in rows]
inputs = {"values": np.array([values], np.float32)}
forecast, *bands = session.run(["forecast"] + (["quantiles"] if levels else []), inputs)
quantiles = bands[0] if levels else np.zeros((*forecast.shape, 0))

write = csv.writer(sys.stdout).writerow
write(["step", "channel", "mean", *(f"q{level:g}" for level in levels)])
for step, (means, bands) in enumerate(zip(forecast[0], quantiles[0]), 1):
    for name, mean, band in zip(channels, means, bands):
        write([step, name, f"{mean:.6g}", *(f"{value:.6g}" for value in band)])

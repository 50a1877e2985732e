"""The step in PyTorch: `--mode eager` or `--mode compiled` (torch.compile, which needs a C++ compiler)."""

import os

from problem import (
    ADAM_EPSILON, BETA1, BETA2, FEED_FORWARD, HEADS, HEAD_WIDTH, LAYERS, LEARNING_RATE, NORM_EPSILON, PATCHES,
    PATCH_LENGTH, WIDTH, arguments, batch, first_weights, measure,
)

options = arguments(["eager", "compiled"])
os.environ["OMP_NUM_THREADS"] = str(options.threads)
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import nn  # noqa: E402

torch.set_num_threads(options.threads)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention_norm = nn.LayerNorm(WIDTH, eps=NORM_EPSILON)
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)
        self.feed_forward_norm = nn.LayerNorm(WIDTH, eps=NORM_EPSILON)
        self.expand = nn.Linear(WIDTH, FEED_FORWARD)
        self.contract = nn.Linear(FEED_FORWARD, WIDTH)

    def forward(self, x):
        y = self.attention_norm(x)
        attended = F.scaled_dot_product_attention(
            self.heads(self.query(y)), self.heads(self.key(y)), self.heads(self.value(y))
        )
        x = x + self.output(attended.transpose(1, 2).reshape(x.shape))
        return x + self.contract(F.gelu(self.expand(self.feed_forward_norm(x))))

    @staticmethod
    def heads(x):
        return x.view(x.shape[0], PATCHES, HEADS, HEAD_WIDTH).transpose(1, 2)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Linear(PATCH_LENGTH, WIDTH)
        self.position = nn.Parameter(torch.zeros(PATCHES, WIDTH))
        self.layers = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH, eps=NORM_EPSILON)
        self.head = nn.Linear(WIDTH, PATCH_LENGTH)

    def forward(self, patches):
        x = self.embedding(patches) + self.position
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


model = Model()
model.load_state_dict({name: torch.from_numpy(array) for name, array in first_weights().items()})
optimiser = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, betas=(BETA1, BETA2), eps=ADAM_EPSILON)
patches, target, weight = (torch.from_numpy(array) for array in batch())


def masked_error(patches, target, weight):
    return (weight * (model(patches) - target) ** 2).sum() / weight.sum().clamp(min=1)


loss_of = torch.compile(masked_error) if options.mode == "compiled" else masked_error


def step():
    optimiser.zero_grad(set_to_none=True)
    loss = loss_of(patches, target, weight)
    loss.backward()
    optimiser.step()
    return loss.item()


measure(
    step, options.steps, engine="torch", mode=options.mode, threads=options.threads, version=torch.__version__
)

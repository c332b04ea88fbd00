"""The few pieces that every network here shares: norm, rotary positions, attention, gated MLP.

Shape legend: B batch, N tokens, D width, H heads, K width of one head.
"""

from __future__ import annotations

from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Below this many tokens a CPU computes attention faster as two plain matrix products than
# through its fused kernel, whose backward pass is slow (measured; docs/training.md).
PLAIN_ATTENTION_TOKENS = 720


def rms_norm(x: Tensor) -> Tensor:
    return F.rms_norm(x, (x.shape[-1],))


Layer = TypeVar("Layer", nn.Linear, nn.Conv2d)


def zero_init(layer: Layer) -> Layer:
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


def rotary_angles(positions_BNA: Tensor, frequencies: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    """Cosine and sine of rotary angles, (B, N, 1, K/2) each (RoFormer, arXiv 2104.09864).

    `positions_BNA` holds one coordinate per axis A; `frequencies[a]` the angular frequencies
    that axis a turns. The head width K is twice the number of frequencies in all.
    """
    angles = torch.cat(
        [positions_BNA[..., axis, None] * freq for axis, freq in enumerate(frequencies)], -1
    )
    return angles.cos().unsqueeze(2), angles.sin().unsqueeze(2)


def rotate(x_BNHK: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = x_BNHK.float().chunk(2, -1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1).type_as(x_BNHK)


def attention(q_BHNK: Tensor, k_BHNK: Tensor, v_BHNK: Tensor, mask: Tensor | None) -> Tensor:
    """Softmax attention. `mask` is additive, broadcastable to (B, H, N, N), or None.

    One function for all: short sequences on a CPU take the plain form, the rest the fused one.
    """
    if q_BHNK.device.type == "cpu" and k_BHNK.shape[2] <= PLAIN_ATTENTION_TOKENS:
        scores = (q_BHNK * q_BHNK.shape[-1] ** -0.5) @ k_BHNK.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask.to(scores.dtype)
        return scores.softmax(-1) @ v_BHNK
    mask = None if mask is None else mask.to(q_BHNK.dtype)
    return F.scaled_dot_product_attention(q_BHNK, k_BHNK, v_BHNK, attn_mask=mask)


class Attention(nn.Module):
    """Multi-head self-attention with normalised queries and keys (QK-norm) and rotary positions."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        # One learned temperature per head replaces the usual gains of the two norms.
        self.temperature = nn.Parameter(torch.full((heads, 1), 1.0))

    def forward(self, x_BND: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None) -> Tensor:
        batch, tokens, width = x_BND.shape
        q, k, v = self.qkv(x_BND).view(batch, tokens, 3, self.heads, -1).unbind(2)
        # rms_norm gives unit entries, so q.k / sqrt(K) starts at the scale sqrt(K) * cosine.
        q = rotate(rms_norm(q) * self.temperature.to(q.dtype), cos, sin)
        k = rotate(rms_norm(k), cos, sin)
        y = attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), mask)
        return self.out(y.transpose(1, 2).reshape(batch, tokens, width))


class GatedMLP(nn.Module):
    """SwiGLU (arXiv 2002.05202), hidden width 8/3 of the input, rounded up to 64."""

    def __init__(self, width: int) -> None:
        super().__init__()
        hidden = -(-width * 8 // 3 // 64) * 64
        self.up = nn.Linear(width, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x_BND: Tensor) -> Tensor:
        gate, value = self.up(x_BND).chunk(2, -1)
        return self.down(F.silu(gate) * value)

"""The few pieces that every network here shares: norm, rotary positions, attention, gated MLP.

Shape legend: B batch, N tokens, D width, H heads, K width of one head.
"""

from __future__ import annotations

from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# On a CPU attention runs over blocks of queries whose scores stay in the cache: 1.4 times as fast
# as torch's fused kernel at 2,014 tokens, and its backward pass is not slow (docs/benchmarks.md).
SCORES_PER_BLOCK = 1_500_000


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
    """Softmax attention. `mask` is additive over keys, broadcastable to (B, H, 1, N), or None.

    The one place where attention is computed: fused on a GPU, in blocks of queries on a CPU.
    """
    if mask is not None:
        mask = mask.to(q_BHNK.dtype)
    if q_BHNK.device.type != "cpu":
        return F.scaled_dot_product_attention(q_BHNK, k_BHNK, v_BHNK, attn_mask=mask)
    batch, heads, tokens, width = q_BHNK.shape
    block = max(64, SCORES_PER_BLOCK // (batch * heads * tokens))
    keys_BHKN, v_BHNK = k_BHNK.contiguous().transpose(-1, -2), v_BHNK.contiguous()
    out = []
    for queries in (q_BHNK * width**-0.5).split(block, 2):
        scores = queries @ keys_BHKN
        if mask is not None:
            scores = scores + mask
        out.append(scores.softmax(-1) @ v_BHNK)
    return torch.cat(out, 2)


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

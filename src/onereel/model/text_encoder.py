"""A small bidirectional text encoder, trained with the film transformer.

Shape legend: B batch, S text tokens, D width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from onereel.model.layers import Attention, GatedMLP, rms_norm, rotary_angles


class TextBlock(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = Attention(width, heads)
        self.mlp = GatedMLP(width)

    def forward(self, x_BSD: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        x_BSD = x_BSD + self.attention(rms_norm(x_BSD), cos, sin, mask)
        return x_BSD + self.mlp(rms_norm(x_BSD))


class TextEncoder(nn.Module):
    """Token ids (B, S) to text tokens (B, S, D); padding (id 0) is never attended to."""

    def __init__(self, vocabulary: int, width: int, heads: int, depth: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.embedding.weight, std=0.5)
        self.blocks = nn.ModuleList(TextBlock(width, heads) for _ in range(depth))
        self.rotary_pairs = width // heads // 2  # rotary frequencies, made in float32 when needed

    def forward(self, ids_BS: Tensor, mask: Tensor) -> Tensor:
        """`mask` is additive over keys, (B, 1, 1, S)."""
        positions = torch.arange(ids_BS.shape[1], device=ids_BS.device, dtype=torch.float32)
        frequencies = torch.exp2(-torch.linspace(0, 10, self.rotary_pairs, device=ids_BS.device))
        cos, sin = rotary_angles(positions[None, :, None], (frequencies,))
        x = self.embedding(ids_BS)
        for block in self.blocks:
            x = block(x, cos, sin, mask)
        return rms_norm(x)

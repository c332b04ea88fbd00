"""The joint film transformer: one packed sequence [text | references | video | audio].

- full self-attention over everything; blocks are shared, while input, output and modulation
  belong to each kind of token (text, still, video, audio)
- time on the rotary axis is in seconds for picture and sound alike, so a footfall and its
  sound stand at the same place by construction
- every token has its own noise level: known frames, references and text stand at 0, so first
  frames, extension and inpainting need no branch
- predicts the clean latents (arXiv 2511.13720 argues why: tokens are as wide as the model);
  the sampler and the loss turn that into velocity

Shape legend: B batch, N tokens, D width, C numbers in a token, S text tokens, R modulation rank.
Called by the sampler (denoising) and by training.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onereel.model.layers import (
    Attention,
    GatedMLP,
    rms_norm,
    rotary_angles,
    zero_init,
)
from onereel.model.text_encoder import TextEncoder

KINDS = ("still", "video", "audio")  # of latent tokens; text is the fourth kind
TARGET, REFERENCE = 0, 1  # roles
PLACE_WAVES = 6
TEXT_SECONDS = -1.0  # where text stands on the time axis


@dataclass(frozen=True)
class TransformerConfig:
    width: int = 256
    depth: int = 8
    heads: int = 4
    text_depth: int = 2
    text_tokens: int = 128  # longest prompt, in tokens
    vocabulary: int = 8192
    video_token: int = 256  # 2x2 latents of 64
    audio_token: int = 64
    modulation_rank: int = 64


@dataclass(frozen=True)
class Tokens:
    """A run of latent tokens of one kind.

    values (B, N, C); sigma (B, N) noise level 0..1; positions (N, 3) seconds, down, across.
    """

    kind: str
    values: Tensor
    sigma: Tensor
    positions: Tensor
    role: int = TARGET


class Block(nn.Module):
    """Attention and gated MLP, each scaled on the way in and gated on the way out (AdaLN-zero)."""

    def __init__(self, cfg: TransformerConfig) -> None:
        super().__init__()
        self.attention = Attention(cfg.width, cfg.heads)
        self.mlp = GatedMLP(cfg.width)
        self.modulation = zero_init(nn.Linear(cfg.modulation_rank, 4 * cfg.width))
        with torch.no_grad():  # start with every block open a little, as a plain residual net
            self.modulation.bias.view(4, -1)[1::2] = 0.2

    def forward(
        self, x_BND: Tensor, code_BNR: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None
    ) -> Tensor:
        scale_a, gate_a, scale_m, gate_m = self.modulation(code_BNR).chunk(4, -1)
        attended = self.attention(torch.addcmul(y := rms_norm(x_BND), y, scale_a), cos, sin, mask)
        x_BND = torch.addcmul(x_BND, gate_a, attended)
        return torch.addcmul(
            x_BND, gate_m, self.mlp(torch.addcmul(y := rms_norm(x_BND), y, scale_m))
        )


class FilmTransformer(nn.Module):
    def __init__(self, cfg: TransformerConfig) -> None:
        super().__init__()
        self.cfg = cfg
        d = cfg.width
        numbers = {"still": cfg.video_token, "video": cfg.video_token, "audio": cfg.audio_token}
        self.text = TextEncoder(cfg.vocabulary, d, cfg.heads, cfg.text_depth)
        self.enter = nn.ModuleDict({kind: nn.Linear(numbers[kind], d) for kind in KINDS})
        self.leave = nn.ModuleDict({kind: zero_init(nn.Linear(d, numbers[kind])) for kind in KINDS})
        # Rotary positions are relative; where a token stands in the picture (sky is above, ground
        # below) it is told here.
        self.place = nn.Linear(3 * 2 * PLACE_WAVES, d, bias=False)
        self.role = nn.Embedding(2, d)
        nn.init.zeros_(self.role.weight)
        self.noise_code = nn.Linear(64, cfg.modulation_rank)
        self.kind_code = nn.Embedding(len(KINDS) + 1, cfg.modulation_rank)
        self.blocks = nn.ModuleList(Block(cfg) for _ in range(cfg.depth))

    def forward(self, text_ids_BS: Tensor, runs: tuple[Tokens, ...]) -> tuple[Tensor, ...]:
        """Clean latents (B, N, C) of every target run, in the order given."""
        batch, device = text_ids_BS.shape[0], text_ids_BS.device
        pad = torch.zeros(text_ids_BS.shape, device=device).masked_fill(text_ids_BS == 0, -1e4)
        words = self.text(text_ids_BS, pad[:, None, None])

        parts, codes = [words], [self._code(torch.zeros_like(pad), len(KINDS))]
        places = [words.new_tensor([TEXT_SECONDS, 0, 0]).float().expand(words.shape[1], 3)]
        for run in runs:
            values = self.enter[run.kind](run.values.to(words.dtype))
            place = self.place(place_features(run.positions).to(words.dtype))
            parts.append(values + place + self.role.weight[run.role])
            codes.append(self._code(run.sigma, KINDS.index(run.kind)))
            places.append(run.positions)
        x, code = torch.cat(parts, 1), torch.cat(codes, 1)
        cos, sin = rotary_angles(torch.cat(places)[None].float(), self._frequencies(device))
        mask = F.pad(pad, (0, x.shape[1] - pad.shape[1]))[:, None, None]
        for block in self.blocks:
            x = block(x, code, cos, sin, mask)
        x = rms_norm(x)

        out, start = [], words.shape[1]
        for run in runs:
            end = start + run.values.shape[1]
            if run.role == TARGET:
                out.append(self.leave[run.kind](x[:, start:end]).float())
            start = end
        assert start == x.shape[1] and x.shape[0] == batch
        return tuple(out)

    def _frequencies(self, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
        """Rotary frequencies of time, down and across; in float32 whatever the weights are in."""
        half = self.cfg.width // self.cfg.heads // 2
        time, space = half - 2 * (half // 4), half // 4
        # Periods: 1/12 s to 40 s in time, 2 to 80 tokens in space.
        across = _turns(1 / 2, 1 / 80, space, device)
        return _turns(12, 1 / 40, time, device), across, across

    def _code(self, sigma_BN: Tensor, kind: int) -> Tensor:
        """What a token's noise level and kind tell the modulation, (B, N, R)."""
        freq = torch.exp2(torch.arange(32, device=sigma_BN.device) * (8 / 31)) * torch.pi / 2
        angle = sigma_BN.float()[..., None] * freq
        features = torch.cat([angle.cos(), angle.sin()], -1).to(self.noise_code.weight.dtype)
        return F.silu(self.noise_code(features) + self.kind_code.weight[kind])


def place_features(positions_NA: Tensor) -> Tensor:
    """Sines and cosines of (seconds, down, across), periods 1 to 32: (N, 3 * 2 * PLACE_WAVES)."""
    waves = torch.exp2(-torch.arange(PLACE_WAVES, device=positions_NA.device)) * 2 * torch.pi
    angles = positions_NA.float()[..., None] * waves
    return torch.cat([angles.sin(), angles.cos()], -1).flatten(-2)


def _turns(first: float, last: float, count: int, device: torch.device) -> Tensor:
    """Angular frequencies from `first` to `last` turns a unit, evenly spaced in their logarithm."""
    share = torch.arange(count, device=device) / max(count - 1, 1)
    return 2 * torch.pi * first * (last / first) ** share


def forward_flops(cfg: TransformerConfig, text: int, latents: int) -> float:
    """Floating-point operations of one pass over one film (multiply and add counted as two).

    Per token: qkv + out 4 D^2, gated MLP 3 D * 8D/3, modulation 4 R D; attention 2 N^2 D a block
    for scores and as much for values. The text encoder sees text tokens alone.
    """
    d, tokens = cfg.width, text + latents
    hidden = -(-d * 8 // 3 // 64) * 64
    block = 4 * d * d + 3 * d * hidden + 4 * cfg.modulation_rank * d
    film = cfg.depth * (2 * block * tokens + 4 * tokens * tokens * d)
    words = cfg.text_depth * (2 * (4 * d * d + 3 * d * hidden) * text + 4 * text * text * d)
    return film + words + 4 * d * cfg.video_token * latents

"""Pictures to latents and back: 64 numbers for every 16x16 pixels x 8 frames, causal in time.

- a linear patch basis (principal components of space-time patches) is the skip connection:
  it is fitted in seconds and gives usable latents before any training
- convolutional residuals on both sides start from exactly zero
- the first frame is a group of its own with its own basis, so a still is a one-frame film
- everything is causal per 8-frame group: streamed encode and decode equal the whole, and the
  encoder sees one group at a time
- norms act on channels alone, so no tile, chunk or batch changes another

Shape legend: B batch, C colour 3, T frames, G groups of 8 frames (latent frames), H W pixels,
h w cells of 16 pixels, Z latent channels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from onereel.model.layers import rms_norm, zero_init
from onereel.model.shapes import FRAMES_PER_LATENT as GROUP
from onereel.model.shapes import LATENT_PIXELS as CELL

CUBE = 3 * GROUP * CELL * CELL  # numbers in one space-time patch
SQUARE = 3 * CELL * CELL  # numbers in one patch of the first frame


@dataclass(frozen=True)
class VideoAutoencoderConfig:
    channels: int = 64
    coarse_width: int = 192  # at 16-pixel cells, one step per group
    fine_width: int = 64  # at 8-pixel cells, two steps per group
    coarse_depth: int = 3
    fine_depth: int = 2
    fine_reach: int = 3  # 8-pixel cells across that one's pixels are made from, 1 or 3
    finest_width: int = 0  # at 4-pixel cells, in the decoder only; 0: there are none
    finest_depth: int = 2
    encoder_residual: bool = True  # False: the encoder is the linear basis alone


# ---------------------------------------------------------------- patches


def cubes_from_frames(frames_BCTHW: Tensor) -> tuple[Tensor, Tensor]:
    """Split into the first frame's squares (B, 1, h, w, SQUARE) and cubes (B, G-1, h, w, CUBE)."""
    still = rearrange(
        frames_BCTHW[:, :, :1], "b c g (h i) (w j) -> b g h w (c i j)", i=CELL, j=CELL
    )
    cubes = rearrange(
        frames_BCTHW[:, :, 1:],
        "b c (g t) (h i) (w j) -> b g h w (c t i j)",
        t=GROUP, i=CELL, j=CELL,
    )  # fmt: skip
    return still, cubes


def frames_from_squares(squares: Tensor) -> Tensor:
    return rearrange(squares, "b g h w (c i j) -> b c g (h i) (w j)", c=3, i=CELL, j=CELL)


def frames_from_cubes(cubes: Tensor) -> Tensor:
    return rearrange(
        cubes, "b g h w (c t i j) -> b c (g t) (h i) (w j)", c=3, t=GROUP, i=CELL, j=CELL
    )


class LinearBasis(nn.Module):
    """Orthonormal patch basis: `project` to coefficients, `expand` back (PCA)."""

    def __init__(self, numbers: int, channels: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(numbers))
        self.register_buffer("components", torch.eye(channels, numbers))
        self.mean: Tensor
        self.components: Tensor

    def project(self, patches: Tensor) -> Tensor:
        return (patches - self.mean) @ self.components.T

    def expand(self, coefficients: Tensor) -> Tensor:
        return coefficients @ self.components + self.mean


def fit_basis(patches_NP: Tensor, channels: int) -> tuple[Tensor, Tensor, Tensor]:
    """Mean (P), components (channels, P) and coefficient deviations (channels) of patches.

    Randomised subspace iteration (Halko et al., arXiv 0909.4061): seconds where a full
    decomposition of 6,144 x 6,144 covariances takes minutes.
    """
    mean = patches_NP.mean(0)
    centred = patches_NP - mean
    generator = torch.Generator(patches_NP.device).manual_seed(0)
    wanted = min(channels + 16, min(centred.shape))
    sketch = torch.randn(centred.shape[1], wanted, generator=generator, device=patches_NP.device)
    for _ in range(6):
        sketch = torch.linalg.qr(centred.T @ (centred @ sketch)).Q
    _, values, rows = torch.linalg.svd(centred @ sketch, full_matrices=False)
    components = (rows @ sketch.T)[:channels]
    return mean, components, values[:channels] / len(centred) ** 0.5


# ---------------------------------------------------------------- convolutional residuals


class Block(nn.Module):
    """Norm, 3x3 convolution in space plus a look at the step before, SiLU, 3x3 convolution."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.here = nn.Conv2d(width, width, 3, padding=1)
        self.before = nn.Conv2d(width, width, 1, bias=False)
        self.out = zero_init(nn.Conv2d(width, width, 3, padding=1))

    def forward(self, x_BGDhw: Tensor, past: Tensor | None) -> tuple[Tensor, Tensor]:
        """`past` is the normed last step of the chunk before, (B, 1, D, h, w), or None."""
        batch = x_BGDhw.shape[0]
        normed = rms_norm(x_BGDhw.movedim(2, -1)).movedim(-1, 2)
        if past is None:
            past = torch.zeros_like(normed[:, :1])
        before = torch.cat([past, normed[:, :-1]], 1)
        flat, flat_before = normed.flatten(0, 1), before.flatten(0, 1)
        y = self.out(F.silu(self.here(flat) + self.before(flat_before)))
        return x_BGDhw + y.unflatten(0, (batch, -1)), normed[:, -1:]


def per_step(layer: nn.Module, x_BGDhw: Tensor) -> Tensor:
    return layer(x_BGDhw.flatten(0, 1)).unflatten(0, (x_BGDhw.shape[0], -1))


# What a causal stack must remember between chunks: one tensor per block.
Memory = list[Tensor | None]


def run_blocks(blocks: nn.ModuleList, x: Tensor, memory: Memory | None, out: Memory) -> Tensor:
    """Run `blocks`, reading what each remembered from `memory` and adding its news to `out`."""
    for block in blocks:
        x, last = block(x, memory[len(out)] if memory else None)
        out.append(last)
    return x


class ResidualEncoder(nn.Module):
    """8-frame groups of pixels to a correction of the linear latents. Zero at the start.

    Each group is encoded by itself, so latents don't depend on where a clip was cut.
    """

    def __init__(self, cfg: VideoAutoencoderConfig) -> None:
        super().__init__()
        fine, coarse = cfg.fine_width, cfg.coarse_width
        self.enter = nn.Conv2d(3 * GROUP // 2 * 64, fine, 1)
        self.fine = nn.ModuleList(Block(fine) for _ in range(cfg.fine_depth))
        self.merge = nn.Conv2d(2 * fine * 4, coarse, 1)
        self.coarse = nn.ModuleList(Block(coarse) for _ in range(cfg.coarse_depth))
        self.leave = zero_init(nn.Conv2d(coarse, cfg.channels, 1))

    def forward(self, groups_BCTHW: Tensor) -> Tensor:
        """(B, 3, 8G, H, W) to (B, G, Z, h, w)."""
        batch = groups_BCTHW.shape[0]
        x = rearrange(
            groups_BCTHW,
            "b c (g s t) (h i) (w j) -> (b g) s (c t i j) h w",
            s=2, t=GROUP // 2, i=8, j=8,
        )  # fmt: skip
        x = run_blocks(self.fine, per_step(self.enter, x), None, [])
        x = rearrange(x, "n s d (h i) (w j) -> n 1 (s d i j) h w", s=2, i=2, j=2)
        x = run_blocks(self.coarse, per_step(self.merge, x), None, [])
        return per_step(self.leave, x)[:, 0].unflatten(0, (batch, -1))


class ResidualDecoder(nn.Module):
    """Latents to a correction of the linear picture. Zero at the start."""

    def __init__(self, cfg: VideoAutoencoderConfig) -> None:
        super().__init__()
        fine, coarse = cfg.fine_width, cfg.coarse_width
        self.enter = nn.Conv2d(cfg.channels, coarse, 3, padding=1)
        self.enter_still = nn.Conv2d(cfg.channels, coarse, 3, padding=1)
        self.coarse = nn.ModuleList(Block(coarse) for _ in range(cfg.coarse_depth))
        self.split = nn.Conv2d(coarse, 2 * fine * 4, 1)
        self.fine = nn.ModuleList(Block(fine) for _ in range(cfg.fine_depth))
        reach = cfg.fine_reach
        self.leave = zero_init(nn.Conv2d(fine, 3 * GROUP // 2 * 64, reach, padding=reach // 2))
        self.finest_width = finest = cfg.finest_width
        if finest:
            self.split_fine = nn.Conv2d(fine, 4 * finest, 1)
            self.finest = nn.ModuleList(Block(finest) for _ in range(cfg.finest_depth))
            self.leave_finest = zero_init(nn.Conv2d(finest, 3 * GROUP // 2 * 16, 1))

    def forward(self, latents_BGZhw: Tensor, memory: Memory | None) -> tuple[Tensor, Memory]:
        """(B, G, Z, h, w) to (B, 3, 8G, H, W); without `memory` group 0 is the still."""
        new: Memory = []
        if memory is None:
            still = per_step(self.enter_still, latents_BGZhw[:, :1])
            rest = latents_BGZhw[:, 1:]
            x = torch.cat([still, per_step(self.enter, rest)], 1) if rest.shape[1] else still
        else:
            x = per_step(self.enter, latents_BGZhw)
        x = run_blocks(self.coarse, x, memory, new)
        x = rearrange(
            per_step(self.split, x), "b g (s d i j) h w -> b (g s) d (h i) (w j)", s=2, i=2, j=2
        )
        x = run_blocks(self.fine, x, memory, new)
        frames = frames_from_halves(per_step(self.leave, x), 8)
        if self.finest_width:
            x = rearrange(
                per_step(self.split_fine, x), "b s (d i j) h w -> b s d (h i) (w j)", i=2, j=2
            )
            x = run_blocks(self.finest, x, memory, new)
            frames = frames + frames_from_halves(per_step(self.leave_finest, x), 4)
        return frames, new


def frames_from_halves(x_BSPhw: Tensor, side: int) -> Tensor:
    """Numbers of half groups in cells of `side` pixels to frames (B, 3, 4S, H, W)."""
    return rearrange(
        x_BSPhw, "b s (c t i j) h w -> b c (s t) (h i) (w j)",
        c=3, t=GROUP // 2, i=side, j=side,
    )  # fmt: skip


# ---------------------------------------------------------------- the autoencoder


class VideoAutoencoder(nn.Module):
    """Frames in [-1, 1] to unit-scale latents and back."""

    def __init__(self, cfg: VideoAutoencoderConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.still_basis = LinearBasis(SQUARE, cfg.channels)
        self.basis = LinearBasis(CUBE, cfg.channels)
        # Latents are divided by these: one divisor per channel, for first frames and the rest.
        self.register_buffer("still_scale", torch.ones(cfg.channels))
        self.register_buffer("scale", torch.ones(cfg.channels))
        self.still_scale: Tensor
        self.scale: Tensor
        self.encoder = ResidualEncoder(cfg) if cfg.encoder_residual else None
        self.decoder = ResidualDecoder(cfg)

    def encode(self, frames_BCTHW: Tensor) -> Tensor:
        """(B, 3, 8k+1, H, W) in [-1, 1] to latents (B, 1+k, Z, H/16, W/16)."""
        return next(self.encode_stream(iter([frames_BCTHW])))

    def encode_stream(self, chunks: Iterator[Tensor]) -> Iterator[Tensor]:
        """Encode chunk by chunk: the first (B, 3, 8k+1, H, W), the others (B, 3, 8k, H, W)."""
        for index, frames in enumerate(chunks):
            first = index == 0
            if (frames.shape[2] - first) % GROUP or frames.shape[3] % 32 or frames.shape[4] % 32:
                raise ValueError(
                    f"a {'first' if first else 'later'} chunk needs 8k{'+1' * first} frames and "
                    f"sides that are multiples of 32, got {tuple(frames.shape)}"
                )
            latents = self._linear_encode(frames.float(), first)
            if self.encoder is not None:
                # The still stands for eight equal frames in the residual's eyes.
                still = frames[:, :, :1].expand(-1, -1, GROUP, -1, -1)
                groups = torch.cat([still, frames[:, :, 1:]], 2) if first else frames
                latents = latents + self.encoder(groups.to(self.dtype)).float()
            yield self._divide(latents, first)

    @property
    def dtype(self) -> torch.dtype:
        """What the residuals compute in. The bases stay in float32: skies would band."""
        return self.decoder.split.weight.dtype

    def _linear_encode(self, frames: Tensor, first: bool) -> Tensor:
        parts = []
        if first:
            still, cubes = cubes_from_frames(frames)
            parts.append(self.still_basis.project(still))
        else:
            # A later chunk has no still: lend it one and drop it.
            _, cubes = cubes_from_frames(torch.cat([frames[:, :, :1], frames], 2))
        if cubes.shape[1]:
            parts.append(self.basis.project(cubes))
        return rearrange(torch.cat(parts, 1), "b g h w z -> b g z h w")

    def _scales(self, groups: int, first: bool) -> Tensor:
        rest = self.scale.expand(groups - first, -1)
        both = torch.cat([self.still_scale[None], rest]) if first else rest
        return both[None, :, :, None, None]

    def _divide(self, latents: Tensor, first: bool) -> Tensor:
        return latents / self._scales(latents.shape[1], first)

    def decode(self, latents_BGZhw: Tensor) -> Tensor:
        """Latents (B, G, Z, h, w) to frames (B, 3, 8(G-1)+1, 16h, 16w), about [-1, 1]."""
        return torch.cat(list(self.decode_stream(latents_BGZhw, latents_BGZhw.shape[1])), 2)

    def decode_stream(self, latents_BGZhw: Tensor, groups: int = 2) -> Iterator[Tensor]:
        """Decode `groups` latent frames at a time: bounded memory, equal to the whole."""
        starts = range(0, latents_BGZhw.shape[1], groups)
        return self.decode_chunks(latents_BGZhw[:, start : start + groups] for start in starts)

    def decode_chunks(self, chunks: Iterable[Tensor]) -> Iterator[Tensor]:
        """Frames of each chunk (B, G, Z, h, w) of one film's latents, as they come."""
        memory: Memory | None = None
        for index, latents in enumerate(chunks):
            first = index == 0
            chunk = latents.float()
            # The residual sees unit-scale latents: undivided, three channels drown the rest.
            residual, memory = self.decoder(chunk.to(self.dtype), memory)
            if first:  # of the still's eight residual frames the last is the still
                residual = residual[:, :, GROUP - 1 :]
            linear = self._linear_decode(chunk * self._scales(chunk.shape[1], first), first)
            yield linear + residual.float()

    def _linear_decode(self, latents: Tensor, first: bool) -> Tensor:
        coefficients = rearrange(latents, "b g z h w -> b g h w z")
        parts = []
        if first:
            parts.append(frames_from_squares(self.still_basis.expand(coefficients[:, :1])))
            coefficients = coefficients[:, 1:]
        if coefficients.shape[1]:
            parts.append(frames_from_cubes(self.basis.expand(coefficients)))
        return torch.cat(parts, 2)

    @torch.no_grad()
    def fit_linear(self, patches_still: Tensor, patches: Tensor, flatten: float = 0.6) -> None:
        """Fit both bases to patches (N, SQUARE) and (N, CUBE) and set the latent scales.

        Channels are divided by deviation ** `flatten`, then by one common number so that the
        mean square is 1: full whitening would make noise-like fine detail as loud as layout.
        """
        for basis, scale, sample in (
            (self.still_basis, self.still_scale, patches_still),
            (self.basis, self.scale, patches),
        ):
            mean, components, deviation = fit_basis(sample, self.cfg.channels)
            basis.mean.copy_(mean)
            basis.components.copy_(components)
            divisor = deviation.clamp_min(1e-4) ** flatten
            divisor *= ((deviation / divisor) ** 2).mean().sqrt()
            scale.copy_(divisor)


def decode_flops(cfg: VideoAutoencoderConfig, groups: int, height: int, width: int) -> float:
    """Multiply-adds times two of one decode, convolutions and bases."""
    coarse_cells, fine_cells = height * width / 256 * groups, height * width / 64 * groups * 2
    c, f = cfg.coarse_width, cfg.fine_width
    per_coarse = 9 * cfg.channels * c + cfg.coarse_depth * 19 * c * c + 8 * c * f
    per_fine = cfg.fine_depth * 19 * f * f + cfg.fine_reach**2 * f * 768
    e = cfg.finest_width
    per_fine += 4 * f * e + 4 * e * (cfg.finest_depth * 19 * e + 192)
    return 2 * (coarse_cells * (per_coarse + cfg.channels * CUBE) + fine_cells * per_fine)

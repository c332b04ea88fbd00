"""A start for the residual decoder in seconds: least squares from neighbouring latents.

A linear basis rebuilds each patch from its own latent. What it misses is partly written in the
latents around: this solves for the best linear guess from the 3x3 neighbourhood (with the ridge
that noise on latents amounts to) and writes it, at the ranks that the widths allow, into the
layers of `ResidualDecoder` that lead straight through: enter, split, leave. The blocks in between
start from doing nothing. What they had learned before is lost.

Called from the video stage where its recipe says `fit_decoder`.

Shape legend: N cells of 16 pixels, F numbers of a neighbourhood and a constant one, P the eight
parts of a cell (two halves in time, two by two in space), Q numbers of such a part, C coarse
width, D fine width.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

from onereel.model.video_autoencoder import GROUP, VideoAutoencoder

PARTS = 8
NUMBERS = 3 * GROUP // 2 * 64  # of one part
PIECE = 3 * GROUP + 1  # frames


@torch.no_grad()
def fit_decoder(model: VideoAutoencoder, pool: Sequence[Tensor], noise: float) -> None:
    """Fit to clips (T, H, W, 3) uint8; `noise` is the deviation of noise on latents."""
    device = model.scale.device
    size = 9 * model.cfg.channels + 1
    squares, misses = _Sums(size, PARTS * NUMBERS, device), _Sums(size, 4 * NUMBERS, device)
    for clip in pool:
        for start in range(0, len(clip) - PIECE + 1, 2 * PIECE):
            frames = clip[start : start + PIECE].permute(3, 0, 1, 2)[None].float() / 127.5 - 1
            z = model.encode(frames)
            linear = model._linear_decode(z * model._scales(z.shape[1], True), True)
            missed = frames - linear
            features = _neighbourhoods(z)
            squares.add(features[1:].flatten(0, 1), _parts(missed[:, :, 1:]))
            held = missed[:, :, :1].expand(-1, -1, GROUP, -1, -1)
            misses.add(features[0], _parts(held)[:, 4 * NUMBERS :])
    wanted_FPQ = squares.solve(noise).unflatten(1, (PARTS, NUMBERS))
    still_FPQ = misses.solve(noise).unflatten(1, (4, NUMBERS))[..., _last_frame()]
    power_FF = squares.xx / squares.count

    # leave: the directions in which the guesses of all parts vary most
    spread = torch.einsum("apk,ab,bpl->kl", wanted_FPQ, power_FF, wanted_FPQ)
    leave_DQ = torch.linalg.eigh(spread).eigenvectors[:, -model.cfg.fine_width :].T
    # enter and split: the best guess of that at the coarse width, in the metric of the latents
    target = torch.einsum("apk,dk->apd", wanted_FPQ, leave_DQ).flatten(1)
    root = torch.linalg.cholesky(power_FF + 1e-6 * torch.eye(size, device=device)).T
    left, values, right = torch.linalg.svd(root @ target, full_matrices=False)
    # (never more directions than there are numbers to guess)
    rank = min(model.cfg.coarse_width, len(values))
    enter_FC = torch.linalg.solve_triangular(root, left[:, :rank], upper=True)
    split_CPD = (values[:rank, None] * right[:rank]).unflatten(1, (PARTS, -1))
    # Fine features at unit power, too: the blocks norm what they read.
    scale_D = split_CPD.square().sum((0, 1)).div(PARTS).sqrt().clamp_min(1e-6)
    split_CPD, leave_DQ = split_CPD / scale_D, leave_DQ * scale_D[:, None]
    shown = torch.einsum("cpd,dq->cpq", split_CPD[:, 4:], leave_DQ[:, _last_frame()]).flatten(1)
    still_FC = still_FPQ.flatten(1) @ torch.linalg.pinv(shown, rtol=1e-3)
    _write(model, enter_FC, still_FC, split_CPD, leave_DQ)


class _Sums:
    """Normal equations, piece by piece."""

    def __init__(self, features: int, targets: int, device: torch.device) -> None:
        self.xx = torch.zeros(features, features, device=device)
        self.xy = torch.zeros(features, targets, device=device)
        self.count = 0

    def add(self, x_NF: Tensor, y_NT: Tensor) -> None:
        self.xx += x_NF.T @ x_NF
        self.xy += x_NF.T @ y_NT
        self.count += len(x_NF)

    def solve(self, noise: float) -> Tensor:
        ridge = torch.full((len(self.xx),), noise**2 * self.count, device=self.xx.device)
        ridge[-1] = 0  # noise does not touch the constant
        return torch.linalg.solve(self.xx + torch.diag(ridge), self.xy)


def _neighbourhoods(z_1GZhw: Tensor) -> Tensor:
    """(G, h w, F): the 3x3 latents around each, and a one."""
    around = F.unfold(z_1GZhw[0].float(), 3, padding=1).transpose(1, 2)
    return torch.cat([around, torch.ones_like(around[..., :1])], -1)


def _parts(frames_1CTHW: Tensor) -> Tensor:
    """Groups of eight frames as (N, P Q), each part's numbers in the order of `leave`."""
    return rearrange(
        frames_1CTHW,
        "1 c (g s t) (h i y) (w j x) -> (g h w) (s i j c t y x)",
        s=2, t=GROUP // 2, i=2, y=8, j=2, x=8,
    )  # fmt: skip


def _last_frame() -> Tensor:
    """Which of a part's numbers belong to its last frame, which is all a still shows."""
    return torch.arange(NUMBERS).view(3, GROUP // 2, 64)[:, -1].flatten()


def _write(
    model: VideoAutoencoder, enter_FC: Tensor, still_FC: Tensor, split_CPD: Tensor, leave_DQ: Tensor
) -> None:
    decoder = model.decoder
    silent = [block.out for block in (*decoder.coarse, *decoder.fine)]
    if decoder.finest_width:
        silent.append(decoder.leave_finest)
    for layer in silent:
        assert layer.bias is not None
        layer.weight.zero_()
        layer.bias.zero_()
    rank = enter_FC.shape[1]
    for layer, solved in ((decoder.enter, enter_FC), (decoder.enter_still, still_FC)):
        assert layer.bias is not None
        kernel = solved[:-1].view(model.cfg.channels, 3, 3, rank).permute(3, 0, 1, 2)
        layer.weight[:rank] = kernel
        layer.bias[:rank] = solved[-1]
        layer.weight[rank:] = 0
        layer.bias[rank:] = 0
    split = rearrange(split_CPD, "c (s i j) d -> (s d i j) c 1 1", s=2, i=2, j=2)
    assert decoder.split.bias is not None and decoder.leave.bias is not None
    decoder.split.weight.zero_()
    decoder.split.bias.zero_()
    decoder.split.weight[:, :rank] = split
    decoder.leave.weight.zero_()
    decoder.leave.bias.zero_()
    middle = model.cfg.fine_reach // 2
    decoder.leave.weight[:, :, middle, middle] = leave_DQ.T

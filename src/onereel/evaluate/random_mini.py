"""The mini model with random weights, as a folder: it costs what a trained one costs.

Its films are drifting coloured blocks, not black, since an encoder is through with black at once.
Called by `benchmark`.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from onereel.model import mini
from onereel.model.audio_autoencoder import AudioAutoencoder
from onereel.model.shapes import FRAMES_PER_LATENT, LATENT_PIXELS
from onereel.model.tokenizer import Tokenizer
from onereel.model.transformer import FilmTransformer
from onereel.model.video_autoencoder import VideoAutoencoder
from onereel.model.weights import PACKAGED, save_module, seal

STEPS, GUIDANCE = 4, 1.0  # of a distilled model: each step is one pass
CONTRAST = 0.3  # deviation of a pixel from grey, of 1
FINE_GRAIN = 0.002  # of weights that training starts from zero


def write_random_mini(folder: Path) -> Path:
    """Write the model into `folder`, which must exist; the same weights each time."""
    torch.manual_seed(0)
    shutil.copy(PACKAGED / "nano" / "tokenizer.json", folder / "tokenizer.json")
    vocabulary = Tokenizer.load(folder / "tokenizer.json").vocabulary
    video, audio = VideoAutoencoder(mini.VIDEO), AudioAutoencoder(mini.AUDIO)
    film = FilmTransformer(replace(mini.TRANSFORMER, vocabulary=vocabulary))
    for module in (video, audio, film):
        _shake(module)
    for basis, frames in ((video.still_basis, 1), (video.basis, FRAMES_PER_LATENT)):
        basis.components.copy_(waves(frames, mini.VIDEO.channels))
    for scale, basis in ((video.still_scale, video.still_basis), (video.scale, video.basis)):
        scale.fill_(CONTRAST * (basis.components.shape[1] / mini.VIDEO.channels) ** 0.5)
    for leave in film.leave.values():
        nn.init.normal_(leave.weight, std=mini.TRANSFORMER.width**-0.5)  # type: ignore[arg-type]
    save_module(folder, "video_autoencoder", video, video.cfg, "int8")
    save_module(folder, "audio_autoencoder", audio, audio.cfg, "int8")
    save_module(folder, "transformer", film, film.cfg, "int8")
    sampling = replace(mini.SAMPLING, name="random mini", steps=STEPS, guidance=GUIDANCE)
    seal(folder, sampling)
    return folder


@torch.no_grad()
def _shake(module: nn.Module) -> None:
    for parameter in module.parameters():
        if not parameter.any():
            parameter.normal_(std=FINE_GRAIN)


def waves(frames: int, count: int) -> Tensor:
    """The `count` slowest cosine waves over colour, time, down and across, orthonormal rows
    (count, 3 * frames * 16 * 16)."""
    sides = (3, frames, LATENT_PIXELS, LATENT_PIXELS)
    tables = [_cosines(side) for side in sides]
    index = torch.cartesian_prod(*(torch.arange(side) for side in sides))
    slow = index[index.sum(1).argsort(stable=True)[:count]]
    c, t, i, j = (table[slow[:, axis]] for axis, table in enumerate(tables))
    return torch.einsum("nc,nt,ni,nj->nctij", c, t, i, j).flatten(1)


def _cosines(side: int) -> Tensor:
    """Orthonormal cosine basis (DCT-II), one wave a row."""
    turn = torch.arange(side)[:, None] * (torch.arange(side)[None] + 0.5) * torch.pi / side
    table = turn.cos()
    return table / table.norm(dim=1, keepdim=True)

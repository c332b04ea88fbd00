"""A small patch discriminator that joins a reconstruction loss late in a run.

- it looks at patches of 38 pixels, so it judges texture and edges and never what is shown
- hinge loss (Lim and Ye, arXiv 1705.02894), its own AdamW
- its weight follows the gradients, as in VQGAN (Esser et al., CVPR 2021, equation 7): a fixed
  share of what the reconstruction asks for, whatever the scales are. Weighed at the copy, not at
  the decoder's last layer, which spares two passes through the decoder
- it learns alone for a while before its judgement counts, and is saved beside the autoencoder, so
  a resumed run goes on with it

Called from the stages of both autoencoders, which make `views` (N, C, H, W) of what they compare:
frames with the step from the frame before, or compressed complex spectra.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onereel.model.layers import rms_norm
from onereel.model.weights import load_tensors, save_module

WINDOW = 512  # samples of the spectra that a sound is judged by
COMPRESSION = 0.3  # power that magnitudes are raised to, so that quiet parts count


@dataclass(frozen=True)
class AdversaryConfig:
    weight: float = 0.0  # of its gradient against the reconstruction's; 0: there is none
    start: float = 0.6  # share of the run after which it learns
    alone_steps: int = 100  # that it learns before it counts
    rate: float = 2e-4
    width: int = 48
    depth: int = 3  # halvings of the picture


class PatchDiscriminator(nn.Module):
    """(N, C, H, W) to a verdict per patch (N, 1, H / 2^depth, W / 2^depth), high for real."""

    def __init__(self, channels: int, width: int, depth: int) -> None:
        super().__init__()
        widths = [channels, *(width * 2**index for index in range(depth))]
        self.layers = nn.ModuleList(
            nn.Conv2d(before, after, 4, stride=2, padding=1) for before, after in pairwise(widths)
        )
        self.leave = nn.Conv2d(widths[-1], 1, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if index:
                x = rms_norm(x.movedim(1, -1)).movedim(-1, 1)
            x = F.leaky_relu(x, 0.2)
        return self.leave(x)


class Adversary:
    """The discriminator of one run, its optimiser, and when it counts."""

    def __init__(
        self, cfg: AdversaryConfig, name: str, channels: int, start: Path, device: torch.device
    ) -> None:
        """`name` of its files; it goes on from those in `start`, if there are any."""
        self.cfg, self.name = cfg, name
        self.net = PatchDiscriminator(channels, cfg.width, cfg.depth).to(device)
        self.resumed = cfg.weight > 0 and (start / f"{name}.json").is_file()
        if self.resumed:
            self.net.load_state_dict(load_tensors(start, name))
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(), lr=cfg.rate, betas=(0.5, 0.9), weight_decay=0.0
        )
        self.steps = 0

    def learns(self, progress: float) -> bool:
        return self.cfg.weight > 0 and (self.resumed or progress >= self.cfg.start)

    def learn(self, real: Tensor, copy: Tensor) -> Tensor:
        """One step on views of originals and copies; returns its hinge loss, 1 for a coin."""
        self.net.requires_grad_(True)
        both = self.net(torch.cat([real.detach(), copy.detach()])).float()
        for_real, for_copy = both.chunk(2)
        loss = 0.5 * (F.relu(1 - for_real).mean() + F.relu(1 + for_copy).mean())
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.net.requires_grad_(False)
        self.steps += 1
        return loss.detach()

    def term(self, views: Tensor, copy: Tensor, reconstruction: Tensor) -> Tensor:
        """What to add to the `reconstruction` loss of `copy` so that its views pass for real."""
        fooled = -self.net(views).float().mean()
        if self.steps <= self.cfg.alone_steps:
            return 0.0 * fooled
        (ours,) = torch.autograd.grad(reconstruction, copy, retain_graph=True)
        (theirs,) = torch.autograd.grad(fooled, copy, retain_graph=True)
        share = (ours.norm() / theirs.norm().clamp_min(1e-12)).clamp(max=1e4)
        return self.cfg.weight * share * fooled

    def save(self, folder: Path, storage: str) -> None:
        if self.cfg.weight > 0 and (self.steps or self.resumed):
            save_module(folder, self.name, self.net, self.cfg, storage)


def picture_views(frames_BCTHW: Tensor) -> Tensor:
    """Each frame with the step from the one before: (B (T - 1), 6, H, W). What flickers shows."""
    now, before = frames_BCTHW[:, :, 1:], frames_BCTHW[:, :, :-1]
    return torch.cat([now, now - before], 1).transpose(1, 2).flatten(0, 1)


def sound_views(sound_BES: Tensor) -> Tensor:
    """Compressed complex spectra of both ears: (B, 4, 256, N)."""
    hann = torch.hann_window(WINDOW, device=sound_BES.device)
    found = torch.stft(
        sound_BES.flatten(0, 1).float(), WINDOW, WINDOW // 4, window=hann, return_complex=True
    )[:, : WINDOW // 2]
    small = found * found.abs().clamp_min(1e-4).pow(COMPRESSION - 1)
    parts = torch.view_as_real(small).movedim(-1, 1)
    return parts.unflatten(0, (sound_BES.shape[0], -1)).flatten(1, 2)

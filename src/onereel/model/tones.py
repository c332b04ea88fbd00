"""Steady tones in a spectrum: one partial in every mel band, at a frequency that the network tells.

Bins are 25 Hz apart and a tone seldom lies on one. So a partial has a frequency in fractions of a
bin; its phase is the sum of what went before (as in sinusoidal models, McAulay and Quatieri 1986),
and its main lobe under the Hann window is added to the bins around it. A tone that glides out of
its band is taken up by the next one, phase and all.

- `turns_of` and `sounded` make a spectrum of partials; called by the audio autoencoder
- `heard_tones` finds a sound's own; called in training and by evaluate.copies

Shape legend: B batch, E ears 2, S samples, M partials (one a mel band), N 10 ms steps, K bins.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.model.spectra import BINS, HOP, WINDOW, spectrum

LOBE = 2  # bins on either side: beyond them a Hann window leaves less than 3 % of a tone's peak
GOLDEN = 0.6180339887  # turns between the phases of neighbours at the beginning
TAKEN_UP = 1.0  # bins; how far away a partial is taken up in the next step
SHIFT = 6  # samples by which a sound is moved to see phases advance
NEAR = 0.75  # of the distance between bands; where a band's tone is looked for


def spacing_of(centres_M: Tensor) -> Tensor:
    """How far bands are apart, bins: (M,)."""
    return centres_M.diff(prepend=centres_M[:1] - 1)


def hann_lobe(distance: Tensor) -> Tensor:
    """What a Hann window leaves of a tone `distance` bins away, 1 at 0, 0 at 2."""
    near = torch.sinc(distance - 1) + torch.sinc(distance + 1)
    return torch.sinc(distance) + 0.5 * near


def turns_of(frequency_BMN: Tensor, height_BMN: Tensor, before_BM: Tensor | None = None) -> Tensor:
    """Phases (B, M, N) in turns, 0 to 1: each step goes on from the step before, in its own band or
    in a neighbour's, wherever most was sounding at about this frequency.

    frequency: bins.  before: the phases of the first step; GOLDEN apart if there are none.
    """
    batch, bands, steps = frequency_BMN.shape
    index = torch.arange(bands, device=frequency_BMN.device)
    if before_BM is None:
        before_BM = (GOLDEN * index % 1).to(frequency_BMN).expand(batch, bands)
    if steps == 1:
        return before_BM[..., None]
    neighbours = (index[:, None] + torch.tensor([0, -1, 1], device=index.device)).clamp(
        0, bands - 1
    )
    was, now = frequency_BMN[..., :-1], frequency_BMN[..., 1:]
    apart = was[:, neighbours] - now[:, :, None]  # (B, M, 3, N - 1)
    nearest = height_BMN[:, neighbours, :-1] * torch.exp(-((apart / TAKEN_UP) ** 2))
    chosen = nearest.argmax(2, keepdim=True)
    source = neighbours[None, :, :, None].expand_as(apart).gather(2, chosen)[:, :, 0]
    advance = 0.5 * HOP / WINDOW * (was.gather(1, source) + now) % 1
    # A prefix sum by doubling (Hillis and Steele 1986): each step knows who it came from and how
    # far the phase went since, over 1, 2, 4 ... steps.
    reach = 1
    while reach < steps - 1:
        came_from = source[..., reach:]
        advance = torch.cat(
            [
                advance[..., :reach],
                (advance[..., reach:] + advance[..., :-reach].gather(1, came_from)) % 1,
            ],
            -1,
        )
        source = torch.cat([source[..., :reach], source[..., :-reach].gather(1, came_from)], -1)
        reach *= 2
    begun = before_BM[..., None].expand_as(advance).gather(1, source)
    return torch.cat([before_BM[..., None], (begun + advance) % 1], -1)


def sounded(height_BEMN: Tensor, frequency_BMN: Tensor, turns_BMN: Tensor) -> Tensor:
    """Spectrum (B, E, K, N) of partials whose lobes are `height` tall, in frames whose middle the
    phases are of."""
    nearest = frequency_BMN.detach().round()
    angle = 2 * torch.pi * turns_BMN[:, None]
    wave = torch.stack([angle.cos(), angle.sin()])  # (2, B, 1, M, N)
    batch, ears, _, steps = height_BEMN.shape
    # Two bins more at the top and at the bottom, for what falls outside.
    spectrum = wave.new_zeros(2, batch, ears, BINS + 2 * LOBE, steps)
    for offset in range(-LOBE, LOBE + 1):
        at = nearest + offset
        # The frame begins half a window before its middle: every other bin is half a turn away.
        tall = height_BEMN * ((1 - 2 * (at % 2)) * hann_lobe(frequency_BMN - at))[:, None]
        row = (at + LOBE).clamp(0, BINS + 2 * LOBE - 1).long()[:, None]
        spectrum = spectrum.scatter_add(3, row.expand(2, *tall.shape), tall * wave)
    return torch.complex(*spectrum[:, :, :, LOBE:-LOBE])


# ---------------------------------------------------------------- hearing


@dataclass(frozen=True, eq=False)
class Tones:
    """The tone in every band: frequency in bins, power in units of `spectrum`, and from 0 to 1
    how certain it is that there is one."""

    frequency_BMN: Tensor
    power_BMN: Tensor
    certainty_BMN: Tensor


def heard_tones(sound_BES: Tensor, centres_M: Tensor) -> Tones:
    """A band's tone is the tallest bin near it. What a bin holds advances within SHIFT samples by
    its frequency (reassignment: Auger and Flandrin 1995). It is certain as far as the lobe has all
    the power there, and as both bins beside it tell of the same frequency."""
    window = torch.hann_window(WINDOW, device=sound_BES.device)
    now = spectrum(sound_BES, window)
    later = spectrum(F.pad(sound_BES, (0, SHIFT))[..., SHIFT:], window)
    product = (later * now.conj()).sum(1)
    bins = torch.arange(BINS, device=product.device)[:, None]
    expected = -2 * torch.pi * SHIFT / WINDOW * bins
    turned = product * torch.polar(torch.ones_like(expected), expected)
    frequency = bins + turned.angle() * (WINDOW / (2 * torch.pi * SHIFT))
    power = product.abs()

    # The bins near a band, as many for all: narrow bands have some twice.
    reach = (NEAR * spacing_of(centres_M)).clamp_min(1)[:, None]
    across = torch.linspace(-1, 1, int(2 * reach.max()) + 2, device=reach.device)
    near = (centres_M[:, None] + reach * across).round().long().clamp(1, BINS - 2)
    best = power[:, near].argmax(2, keepdim=True)
    at = near[None, :, :, None].expand(*best.shape[:2], near.shape[1], best.shape[3])
    at = at.gather(2, best)[:, :, 0]
    apart = frequency.gather(1, at + 1) - frequency.gather(1, at - 1)
    below = F.pad(power.cumsum(1), (0, 0, 1, 0))

    def within(low: Tensor, high: Tensor) -> Tensor:
        return below.gather(1, high.clamp(max=BINS - 1) + 1) - below.gather(1, low.clamp(min=0))

    low, high = (near[:, end, None].expand_as(at) for end in (0, -1))
    around = within(torch.minimum(low, at - LOBE), torch.maximum(high, at + LOBE))
    share = within(at - LOBE, at + LOBE) / around.clamp_min(1e-9)
    found = frequency.gather(1, at)
    # A bin on the slope of a tone elsewhere tells of that one.
    there = (found - at).abs() < 1
    return Tones(found, power.gather(1, at), share * torch.exp(-(apart**2)) * there)

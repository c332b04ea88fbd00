"""Can one still tell what is said? A small reader of the Backlot's own phonemes.

- log-mel of both ears together, four convolutions, one guess every 10 ms out of the commonest
  phones of English and Mandarin as the Backlot's voices speak them
- it has heard those voices only: of real speech it says nothing
- intelligibility of a copy is the share of speaking frames read right, against that of originals

Trained by train/phonemes.py, called from there and from benchmarks/autoencoders.py.

Shape legend: B batch, M mel bands, N steps of 10 ms, P phones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onereel.backlot.lines import draw_line
from onereel.backlot.voice import Phone, Utterance, say, voice_of
from onereel.evaluate.copies import BANDS, log_mel
from onereel.model.weights import load_config, load_tensors

NAME = "phonemes"
SILENCE, OTHER = 0, 1
STEP = 0.01  # seconds
SPEAKERS = (
    ("adult", "f"), ("adult", "m"), ("child", "f"), ("child", "m"), ("elder", "f"), ("elder", "m"),
)  # fmt: skip


@dataclass(frozen=True)
class PhonemeConfig:
    phones: tuple[str, ...]  # "" is silence, "?" all that are rarer than the others
    width: int = 96
    dilations: tuple[int, ...] = (1, 2, 4)


class PhonemeReader(nn.Module):
    """Log-mel (B, M, N) to scores (B, P, N)."""

    def __init__(self, cfg: PhonemeConfig) -> None:
        super().__init__()
        self.cfg = cfg
        widths = [BANDS, *(cfg.width for _ in cfg.dilations)]
        self.layers = nn.ModuleList(
            nn.Conv1d(before, after, 5, padding=2 * dilation, dilation=dilation)
            for before, after, dilation in zip(widths, widths[1:], cfg.dilations, strict=False)
        )
        self.leave = nn.Conv1d(cfg.width, len(cfg.phones), 1)

    def forward(self, mel_BMN: Tensor) -> Tensor:
        # Loudness is no phoneme: the loudest band of the piece is 0.
        x = (mel_BMN - mel_BMN.amax((1, 2), keepdim=True)) / 4 + 1
        for layer in self.layers:
            x = F.gelu(layer(x))
        return self.leave(x)


def load_reader(folder: Path) -> PhonemeReader:
    reader = PhonemeReader(load_config(folder, NAME, PhonemeConfig))
    reader.load_state_dict(load_tensors(folder, NAME))
    return reader.eval()


def draw_utterance(seed: int) -> Utterance:
    """A line in a voice, English and Mandarin by turns; who and what follow from the seed."""
    rng = np.random.default_rng([7, seed])
    age, sex = SPEAKERS[rng.integers(len(SPEAKERS))]
    language = ("en", "zh")[seed % 2]
    return say(draw_line(rng, language), language, voice_of(age, sex, seed))


def plain(ipa: str) -> str:
    """A phone without its length."""
    return ipa.replace("ː", "")


def commonest(utterances: Sequence[Utterance], most: int = 48) -> tuple[str, ...]:
    """Silence, the rest, and the phones that are heard longest."""
    seconds: dict[str, float] = {}
    for one in utterances:
        for phone in one.phones:
            name = plain(phone.ipa)
            seconds[name] = seconds.get(name, 0.0) + phone.seconds
    seconds.pop("", None)
    return ("", "?", *sorted(seconds, key=lambda name: -seconds[name])[: most - 2])


def truth(phones: Sequence[Phone], steps: int, names: tuple[str, ...]) -> Tensor:
    """(N,) int64: which of `names` is spoken at the middle of each step."""
    number = {name: index for index, name in enumerate(names)}
    found = torch.zeros(steps, dtype=torch.int64)
    for phone in phones:
        first, last = (
            round(seconds / STEP) for seconds in (phone.start, phone.start + phone.seconds)
        )
        found[max(0, first) : last] = number.get(plain(phone.ipa), OTHER)
    return found


def both_ears(sound: np.ndarray) -> np.ndarray:
    """A mono voice in the middle: (samples, 2)."""
    return np.repeat(sound[:, None], 2, axis=1)


def mel_of(sound: np.ndarray) -> Tensor:
    """(1, M, N) of stereo sound (samples, 2), both ears together."""
    return log_mel(both_ears(sound.mean(1)))[:, 0]


@torch.no_grad()
def accuracy(
    reader: PhonemeReader,
    utterances: Sequence[Utterance],
    passed: Callable[[np.ndarray], np.ndarray] = lambda sound: sound,
) -> float:
    """Share of the frames in which somebody speaks whose phone is read right, after the sound
    (samples, 2) was `passed` through something."""
    right = spoken = 0
    for one in utterances:
        mel = mel_of(passed(both_ears(one.sound)))
        wanted = truth(one.phones, mel.shape[-1], reader.cfg.phones)
        speaks = wanted != SILENCE
        right += int((reader(mel)[0].argmax(0) == wanted)[speaks].sum())
        spoken += int(speaks.sum())
    return right / max(1, spoken)

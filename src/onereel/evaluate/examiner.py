"""The examiner: reads a film from its frames and sound alone.

- `read_film` slides over the picture in windows of a second and a third and puts them together
- attributes of the film are the mean over windows; of what may be several (acts, people) a window
  that shows it for sure is enough
- weights and vocabulary lie in the package, under 10 MB; the vocabulary is stored beside them, so
  reading needs no Backlot

Trained by train/examiner.py.

Shape legend: as in networks.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from torch import Tensor

from onereel.errors import WrongUse, shown
from onereel.evaluate.networks import (
    MOTION_SCALE,
    SEEN_ONE_OF,
    ExaminerConfig,
    ExaminerNetworks,
    Seen,
)
from onereel.evaluate.reading import PERSON, SHOWN, Reading
from onereel.evaluate.senses import heard, small_frames
from onereel.model.weights import PACKAGED, load_config, load_tensors, save_module

WINDOW, STRIDE = 32, 16  # frames


@dataclass(frozen=True)
class Examiner:
    cfg: ExaminerConfig
    networks: ExaminerNetworks
    # Of held-out renders: attribute -> share read right, as the recipe's last check found it.
    accuracy: dict[str, float]


def save_examiner(
    folder: Path, networks: ExaminerNetworks, cfg: ExaminerConfig, storage: str
) -> None:
    save_module(folder, "examiner", networks, cfg, storage)


def load_examiner(folder: Path = PACKAGED / "examiner") -> Examiner:
    """The packaged examiner, or another. Raises WrongUse if its files are missing or damaged."""
    try:
        cfg = load_config(folder, "examiner", ExaminerConfig)
        networks = ExaminerNetworks(cfg)
        networks.load_state_dict(load_tensors(folder, "examiner"))
        path = folder / "accuracy.json"
        accuracy = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, TypeError, RuntimeError, SafetensorError) as error:
        raise WrongUse(
            f"The examiner in {shown(folder)} can't be read ({shown(error)}): reinstall onereel."
        ) from error
    return Examiner(cfg, networks.eval(), accuracy)


@torch.inference_mode()
def read_film(examiner: Examiner, frames: np.ndarray, sound: np.ndarray | None) -> Reading:
    """frames (T, H, W, 3) uint8 at 24 fps; sound (samples, 2) float32 at 24 kHz, or None."""
    reading = see(examiner, frames)
    if sound is None or not len(sound):
        return reading
    rows = torch.from_numpy(heard(sound))[None]
    found = examiner.networks.hear(rows)
    words = examiner.cfg.vocabulary
    film = {
        **reading.film,
        "mood": numbers(found.mood[0].softmax(-1)),
        "sound": numbers(found.sounds[0].sigmoid()),
    }
    assert len(film["sound"]) == len(words["sound"])
    return replace(
        reading,
        film=film,
        onset=numbers(found.onset[0].sigmoid()),
        voice=numbers(found.voice[0].clamp(0, 1)),
        beat=numbers(found.beat[0].sigmoid()),
        features=np.concatenate([reading.features, numbers(found.description[0])]),
    )


def see(examiner: Examiner, frames: np.ndarray) -> Reading:
    """What the picture alone shows."""
    cfg, count = examiner.cfg, len(frames)
    small = torch.from_numpy(small_frames(frames)).permute(0, 3, 1, 2)
    windows = [(start, examine(examiner, small, start)) for start in window_starts(count)]
    joined = Joined(count, windows)
    words = {name: tuple(names) for name, names in cfg.vocabulary.items()}
    film: dict[str, Tensor] = {}
    for index, name in enumerate(SEEN_ONE_OF):
        rows = [w.film.split(cfg.classes(SEEN_ONE_OF), -1)[index].softmax(-1) for _, w in windows]
        film[name] = torch.cat(rows).mean(0)
    for index, name in enumerate(SHOWN):
        rows = [w.shown.split(cfg.classes(SHOWN), -1)[index].sigmoid() for _, w in windows]
        film[name] = torch.cat(rows).amax(0)
    heat = joined.frames("heat")
    places, peaks = peak_places(heat)
    seen = joined.frames("seen").sigmoid()
    cut = joined.frames("cut").sigmoid()
    cut[0] = 0
    motion = joined.frames("motion") / MOTION_SCALE
    motion[0] = 0
    return Reading(
        vocabulary=words,
        film={name: numbers(row) for name, row in film.items()},
        frame={
            "size": numbers(joined.steps("size").softmax(-1)),
            "camera": numbers(joined.steps("move").softmax(-1)),
        },
        cut=numbers(cut),
        contact=numbers(joined.frames("contact").sigmoid()),
        mouth=numbers(joined.frames("mouth").clamp(0, 1)),
        joints=numbers(places),
        seen=numbers(seen * peaks.clamp_max(0.25) * 4),
        camera_motion=numbers(motion),
        person=describe_person(joined.steps("person"), cut, cfg),
        features=numbers(torch.cat([w.description for _, w in windows]).mean(0)),
    )


def window_starts(count: int) -> list[int]:
    """First frames of windows that cover `count` frames, the last one flush with the end."""
    if count <= WINDOW:
        return [0]
    return [*range(0, count - WINDOW, STRIDE), count - WINDOW]


def examine(examiner: Examiner, small_THWC: Tensor, start: int) -> Seen:
    part = small_THWC[start : start + WINDOW]
    short = -len(part) % 2 if len(part) > 1 else 1
    if short:  # steps are pairs of frames: the last one stands twice
        part = torch.cat([part, part[-1:]])
    return examiner.networks.see(part[None].float() / 127.5 - 1)


class Joined:
    """Puts windows together: every frame is taken from the window in whose middle it lies most."""

    def __init__(self, count: int, windows: list[tuple[int, Seen]]) -> None:
        self.windows = [seen for _, seen in windows]
        middles = np.array([start + WINDOW / 2 for start, _ in windows])
        self.best = [int(np.abs(middles - t).argmin()) for t in range(count)]
        self.starts = [start for start, _ in windows]

    def frames(self, name: str) -> Tensor:
        """(T, ...) of a field that has a row for every frame."""
        rows = [
            getattr(self.windows[w], name)[0, t - self.starts[w]] for t, w in enumerate(self.best)
        ]
        return torch.stack(rows)

    def steps(self, name: str) -> Tensor:
        """(T, ...) of a field that has a row for every two frames."""
        rows = [
            getattr(self.windows[w], name)[0, (t - self.starts[w]) // 2]
            for t, w in enumerate(self.best)
        ]
        return torch.stack(rows)


def peak_places(heat_TJhw: Tensor) -> tuple[Tensor, Tensor]:
    """Where each map points: x and y in 0..1, (T, J, 2), and the share of the map there (T, J).

    The mean over the strongest cell and those around it, so places fall between cells.
    """
    high, wide = heat_TJhw.shape[-2:]
    share = heat_TJhw.flatten(2).softmax(-1)
    best = share.argmax(-1)
    rows, columns = torch.arange(high), torch.arange(wide)
    near_row = ((best // wide)[..., None] - rows).abs() <= 1
    near_column = ((best % wide)[..., None] - columns).abs() <= 1
    local = share.view_as(heat_TJhw) * near_row[..., :, None] * near_column[..., None, :]
    total = local.sum((-2, -1))
    x = (local.sum(-2) * (columns + 0.5)).sum(-1) / total / wide
    y = (local.sum(-1) * (rows + 0.5)).sum(-1) / total / high
    return torch.stack([x, y], -1), total


def describe_person(logits_TC: Tensor, cut_T: Tensor, cfg: ExaminerConfig) -> np.ndarray:
    """(T, E) unit vectors, one for each shot: see truth.person_vector for what they are."""
    shots = (cut_T >= 0.5).cumsum(0)
    rows = torch.empty_like(logits_TC)
    for shot in shots.unique():
        rows[shots == shot] = logits_TC[shots == shot].mean(0)
    parts = rows.split([1 + count for count in cfg.classes(PERSON)], -1)
    shares = torch.cat([part.softmax(-1) for part in parts], -1)
    return numbers(shares.sqrt() / len(PERSON) ** 0.5)


def numbers(tensor: Tensor) -> np.ndarray[Any, Any]:
    return tensor.float().cpu().numpy()

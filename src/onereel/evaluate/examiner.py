"""The examiner: reads a film from its frames and sound alone.

- `read_film` slides over the picture in windows of a second and a third and puts them together;
  where the first pass found somebody, a second one looks closely
- the camera's motion is measured (camera.py), all else is learned
- attributes of the film are the mean over windows; of what may be several (acts, people) a window
  that shows it for sure is enough
- weights and vocabulary lie in the package, under 10 MB; the vocabulary is stored beside them, so
  reading needs no Backlot

Trained by train/examiner.py.

Shape legend: as in networks.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from torch import Tensor

from onereel.errors import WrongUse, shown
from onereel.evaluate.camera import camera_steps
from onereel.evaluate.closeups import (
    BODY_PIXELS,
    FACE_PIXELS,
    MOUTH_PIXELS,
    close_boxes,
    close_up,
    out_of_boxes,
)
from onereel.evaluate.networks import (
    LOOKED_ANY_OF,
    SEEN_ONE_OF,
    ExaminerConfig,
    ExaminerNetworks,
    Looked,
    Seen,
    probability,
)
from onereel.evaluate.pose import Moved, pose_features
from onereel.evaluate.reading import JOINTS, PERSON, Reading, shot_ranges
from onereel.evaluate.senses import heard, small_frames
from onereel.model.weights import PACKAGED, load_config, load_tensors, save_module

WINDOW, STRIDE = 32, 16  # frames
Answer = TypeVar("Answer", Seen, Looked, Moved)


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
        onset=numbers(probability(found.onset[0], "onset")),
        voice=numbers(found.voice[0].clamp(0, 1)),
        beat=numbers(probability(found.beat[0], "beat")),
        features=np.concatenate([reading.features, numbers(found.description[0])]),
    )


def see(examiner: Examiner, frames: np.ndarray) -> Reading:
    """What the picture alone shows."""
    cfg, networks, count = examiner.cfg, examiner.networks, len(frames)
    ratio = frames.shape[2] / frames.shape[1]
    small = small_frames(frames)
    camera = camera_steps(small)
    seen = Joined(
        count, lambda rows: networks.see(pixels(small[rows]), torch.from_numpy(camera[rows])[None])
    )
    cut = numbers(probability(seen.frames("cut"), "cut"))
    cut[0] = 0
    camera[cut >= 0.5] = 0
    sure = numbers(seen.frames("seen").sigmoid())
    coarse = numbers(peak_places(seen.frames("heat"))[0])

    # The first look's places are rough; those that the second one finds say where to look again.
    _, rough, _ = look_closely(networks, frames, coarse, sure, cut)
    looked, places, peaks = look_closely(networks, frames, rough, sure, cut)
    lips = close_up(frames, close_boxes(places, sure, cut, ratio)[2], MOUTH_PIXELS)
    mouth = numbers(networks.mouth(pixels(lips))[0].sigmoid())
    tracks = [torch.from_numpy(one)[None] for one in (places, sure, camera)]

    def read_pose(rows: np.ndarray) -> Moved:
        joints, joints_seen, camera_rows = (one[:, rows] for one in tracks)
        return networks.pose(pose_features(joints, joints_seen, camera_rows, ratio))

    moved = Joined(count, read_pose)
    film = {
        **by_name([w.film for w in seen.windows], SEEN_ONE_OF, cfg),
        **by_name([w.shown for w in looked.windows], LOOKED_ANY_OF, cfg),
        **by_name([w.act for w in moved.windows], ("act",), cfg),
    }
    described = (seen.windows, looked.windows)
    return Reading(
        vocabulary={name: tuple(names) for name, names in cfg.vocabulary.items()},
        film=film,
        frame={
            "size": numbers(seen.steps("size").softmax(-1)),
            "camera": numbers(seen.steps("move").softmax(-1)),
        },
        cut=cut,
        contact=numbers(probability(moved.frames("contact"), "contact")),
        mouth=np.where(sure[:, JOINTS.index("head")] > 0.3, mouth, 0).astype(np.float32),
        joints=places,
        seen=sure * peaks,
        camera_motion=camera,
        person=describe_person(looked.steps("person"), cut, cfg),
        features=np.concatenate(
            [numbers(torch.cat([w.description for w in part]).mean(0)) for part in described]
        ),
    )


def by_name(
    windows: list[Tensor], names: tuple[str, ...], cfg: ExaminerConfig
) -> dict[str, np.ndarray]:
    """Logits of windows, (1, all classes) each, as the film's probabilities for each name: of what
    there is one of, the windows' mean; of what may be several, the surest window."""
    found = {}
    for name, logits in zip(names, torch.cat(windows).split(cfg.classes(names), -1), strict=True):
        one = name in SEEN_ONE_OF
        found[name] = numbers(logits.softmax(-1).mean(0) if one else logits.sigmoid().amax(0))
    return found


def look_closely(
    networks: ExaminerNetworks,
    frames: np.ndarray,
    joints: np.ndarray,
    seen: np.ndarray,
    cut: np.ndarray,
) -> tuple[Joined[Looked], np.ndarray, np.ndarray]:
    """What close-ups around these joints show; where the joints then are (T, J, 2), and how sharply
    each is found (T, J)."""
    ratio = frames.shape[2] / frames.shape[1]
    body, face, _ = close_boxes(joints, seen, cut, ratio)
    bodies, faces = close_up(frames, body, BODY_PIXELS), close_up(frames, face, FACE_PIXELS)
    looked = Joined(
        len(frames), lambda rows: networks.look(pixels(bodies[rows]), pixels(faces[rows]))
    )
    places, peaks = peak_places(looked.frames("heat"))
    return looked, out_of_boxes(numbers(places), body, ratio), numbers(peaks.clamp_max(0.25) * 4)


def pixels(frames: np.ndarray) -> Tensor:
    """(T, H, W, 3) uint8 to (1, T, 3, H, W) in [-1, 1]."""
    return torch.from_numpy(frames).permute(0, 3, 1, 2)[None].float() / 127.5 - 1


def window_starts(count: int) -> list[int]:
    """First frames of windows that cover `count` frames, the last one flush with the end."""
    if count <= WINDOW:
        return [0]
    return [*range(0, count - WINDOW, STRIDE), count - WINDOW]


class Joined(Generic[Answer]):
    """Reads window after window and puts them together: every frame is taken from the window in
    whose middle it lies most."""

    def __init__(self, count: int, read: Callable[[np.ndarray], Answer]) -> None:
        self.starts = window_starts(count)
        self.windows: list[Answer] = []
        for start in self.starts:
            rows = np.arange(start, min(start + WINDOW, count))
            # Steps are pairs of frames: an odd last one stands twice.
            self.windows.append(read(np.append(rows, rows[-1:]) if len(rows) % 2 else rows))
        middles = np.array([start + WINDOW / 2 for start in self.starts])
        self.best = [int(np.abs(middles - t).argmin()) for t in range(count)]

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


def describe_person(logits_TC: Tensor, cut_T: np.ndarray, cfg: ExaminerConfig) -> np.ndarray:
    """(T, E) unit vectors, one for each shot: see truth.person_vector for what they are."""
    rows = torch.empty_like(logits_TC)
    for shot in shot_ranges(cut_T):
        rows[shot.start : shot.stop] = logits_TC[shot.start : shot.stop].mean(0)
    parts = rows.split([1 + count for count in cfg.classes(PERSON)], -1)
    shares = torch.cat([part.softmax(-1) for part in parts], -1)
    return numbers(shares.sqrt() / len(PERSON) ** 0.5)


def numbers(tensor: Tensor) -> np.ndarray[Any, Any]:
    return tensor.float().cpu().numpy()

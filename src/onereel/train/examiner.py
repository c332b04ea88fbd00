"""Stage: the examiner. Learns to read a film's frames and sound from the Backlot's own truth.

- a batch is windows of a second of picture, and whole clips of sound
- windows are mirrored, dimmed, blurred and made noisy at random, since films that it will examine
  are not as clean as renders; close-ups are shaken, since they will be cut out where the first look
  found somebody, and not where somebody is
- times (contacts, cuts, onsets) are learned as small bumps around the exact row

Shape legend: as in evaluate/networks.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onereel.backlot.script import HELD_OUT
from onereel.evaluate.closeups import (
    BODY_PIXELS,
    FACE_PIXELS,
    MOUTH_PIXELS,
    close_up,
    inside_boxes,
)
from onereel.evaluate.examiner import ExaminerConfig, pixels, save_examiner
from onereel.evaluate.networks import (
    LOOKED_ANY_OF,
    RARE,
    SEEN_ONE_OF,
    ExaminerNetworks,
    Heard,
    Looked,
    Seen,
    hear_flops,
    look_flops,
    probability,
    see_flops,
)
from onereel.evaluate.pose import Moved, pose_features
from onereel.evaluate.reading import JOINTS, PERSON, SHOWN
from onereel.evaluate.truth import vocabulary
from onereel.model.weights import load_tensors
from onereel.train.lessons import (
    MARGIN,
    SIZES,
    LessonConfig,
    lesson_seeds,
    load_lesson,
    prepare_lessons,
    size_of,
)
from onereel.train.loop import LoopConfig, StepResult, autocast, console, pick_device, run

Arrays = dict[str, np.ndarray]
CLOSE_UPS = {"body": BODY_PIXELS, "face": FACE_PIXELS, "lips": MOUTH_PIXELS}


@dataclass(frozen=True)
class ExaminerRecipe:
    loop: LoopConfig
    lessons: LessonConfig
    model: ExaminerConfig = field(default_factory=ExaminerConfig)
    frames: int = 24  # of a window
    batch: int = 6  # windows that are looked at closely
    whole: int = 2  # of the batch, how many are also seen whole
    sounds: int = 2  # and how many are also heard
    # Films are first seen small, which is twice as fast, then at their examined size.
    scale: float = 1.0
    held_out: int = 48  # clips that are only looked at


def train(recipe: ExaminerRecipe) -> None:
    cfg = recipe.loop
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    device = pick_device(cfg.device)
    folder = Path(cfg.folder)
    words = {name: list(names) for name, names in vocabulary().items()}
    model_cfg = replace(recipe.model, vocabulary=words)
    model = ExaminerNetworks(model_cfg).to(device)
    if (folder / "examiner.json").is_file():
        model.load_state_dict(load_tensors(folder, "examiner"))
        console.print(f"resumed from {folder}")
    held_out = replace(recipe.lessons, first_seed=HELD_OUT.start, clips=recipe.held_out)
    for name, part in (("held-out", held_out), ("lessons", recipe.lessons)):
        for done, of in prepare_lessons(part):
            if done % 100 == 0 or done == of:
                console.print(f"{name}: {done} of {of} clips rendered")
    # One batch has one picture size.
    by_size = {
        size: [s for s in lesson_seeds(recipe.lessons) if size_of(s) == size]
        for size in dict.fromkeys(SIZES)
    }
    cast = autocast(device)
    high, wide = 96 * recipe.scale, 160 * recipe.scale
    flops = 3 * recipe.whole * see_flops(model_cfg, recipe.frames, high, wide)
    flops += 3 * recipe.batch * look_flops(model_cfg, recipe.frames)
    flops += 3 * recipe.sounds * hear_flops(model_cfg, 255)

    def draw_batch() -> dict[str, Tensor]:
        seeds = rng.choice(by_size[SIZES[rng.integers(len(SIZES))]], recipe.batch)
        lessons = [load_lesson(recipe.lessons, int(seed)) for seed in seeds]
        return stack([draw_window(one, recipe.frames, rng) for one in lessons], device)

    # The next batch is drawn while this one is learned from.
    drawing = ThreadPoolExecutor(1)
    ahead = [drawing.submit(draw_batch)]

    def step(number: int, progress: float) -> StepResult:
        batch = ahead.pop().result()
        ahead.append(drawing.submit(draw_batch))
        whole = {name: tensor[: recipe.whole] for name, tensor in batch.items()}
        listened = {name: tensor[: recipe.sounds] for name, tensor in batch.items()}
        with cast:
            seen = model.see(resized(whole["frames"], recipe.scale), whole["camera"])
            looked = model.look(batch["body"], batch["face"])
            mouth = model.mouth(batch["lips"])
            moved = model.pose(posture(batch, rng))
            heard = model.hear(listened["heard"])
        parts = {
            **picture_losses(seen, whole, model_cfg),
            **close_losses(looked, batch, model_cfg),
            "mouth": mouth_loss(mouth, batch),
            **pose_losses(moved, batch, model_cfg),
            **sound_losses(heard, listened),
        }
        told = {name: value.detach() for name, value in parts.items()}
        return StepResult(torch.stack(list(parts.values())).sum(), told, recipe.batch, flops)

    def save(folder: Path, storage: str) -> None:
        save_examiner(folder, model, model_cfg, storage)

    def check(folder: Path, number: int) -> dict[str, float]:
        return check_lessons(model, held_out, recipe.frames, device)

    try:
        run(cfg, recipe, model, step, save, check)
    finally:
        drawing.shutdown(cancel_futures=True)


# ---------------------------------------------------------------- batches


def draw_window(lesson: Arrays, frames: int, rng: np.random.Generator) -> Arrays:
    """A random window of the picture and the whole sound, changed at random."""
    start = int(rng.integers(len(lesson["frames"]) - frames + 1))
    window = cut_window(lesson, start, frames)
    if rng.random() < 0.5:
        window["frames"] = window["frames"][:, :, ::-1]
        window["joints"] = window["joints"] * [-1, 1] + [1, 0]
        window["camera"] = window["camera"] * [-1, 1, 1]
        for name in CLOSE_UPS:
            window[name] = window[name][:, :, ::-1]
        window["close_joints"] = window["close_joints"] * [-1, 1] + [1, 0]
    if rng.random() < 0.5:  # ears change places
        half = window["heard"].shape[1] // 2
        window["heard"] = np.concatenate(
            [window["heard"][:, :half], -window["heard"][:, half:]], axis=1
        )
    window["heard"] = window["heard"] + rng.uniform(-1.5, 1.0)
    window = shake(window, {name: shaken_boxes(frames, rng) for name in CLOSE_UPS})
    for name in ("frames", *CLOSE_UPS):
        window[name] = spoil(window[name], rng)
    return window


STILL = np.array([0.5, 0.5, 1 / MARGIN])  # the box of an unshaken close-up in what is kept of it


def shaken_boxes(frames: int, rng: np.random.Generator) -> np.ndarray:
    """(T, 3) boxes in a kept close-up: off its middle, too near or too far, drifting."""
    ends = STILL + rng.uniform(-1, 1, (2, 3)) * (0.02, 0.02, 0.02)
    ends[:, :2] += rng.uniform(-0.08, 0.08, 2)
    ends[:, 2] *= rng.uniform(0.8, 1.25)
    return np.linspace(ends[0], ends[1], frames) + rng.normal(0, 0.004, (frames, 3))


def shake(window: Arrays, boxes: Arrays) -> Arrays:
    """Close-ups as these boxes cut them out of what is kept of them, joints with them."""
    close = {
        name: close_up(np.ascontiguousarray(window[name]), boxes[name], pixels)
        for name, pixels in CLOSE_UPS.items()
    }
    return {
        **window,
        **close,
        "close_joints": inside_boxes(window["close_joints"], boxes["body"], 1.0),
    }


def posture(batch: dict[str, Tensor], rng: np.random.Generator) -> Tensor:
    """`pose_features` of true joints, made as wrong as those are that the examiner will find: each
    a little off for the whole window and shaking, some far off for a while, some missed."""
    joints, seen = batch["joints"].clone(), batch["seen"].clone()
    size = (*joints.shape[:1], 1, *joints.shape[2:])
    high, wide = batch["frames"].shape[-2:]
    ratio = wide / high
    trunk = 0.15  # of a picture's height: what joints are off by goes with the size of the body

    def off(shape: Sequence[int], by: float) -> Tensor:
        noise = rng.standard_normal(shape, dtype=np.float32) * (by * trunk)
        return torch.from_numpy(noise).to(joints) / torch.tensor([ratio, 1.0]).to(joints)

    joints += off(size, 0.06) + off(joints.shape, 0.03)
    first = rng.integers(0, joints.shape[1])
    lost = torch.from_numpy(rng.random(seen[:, 0].shape) < 0.08).to(joints.device)
    joints[:, first : first + 8] += lost[:, None, :, None] * off(size, 0.8)
    seen = seen * torch.from_numpy(rng.random(seen.shape) > 0.02).to(seen)
    return pose_features(joints, seen, measured_camera(batch), ratio)


def measured_camera(batch: dict[str, Tensor]) -> Tensor:
    """(B, T, 3) as in `Reading.camera_motion`: 0 over cuts, where nothing can be measured."""
    return batch["camera"] * (1 - batch["cut"])[..., None]


def spoil(frames: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(T, H, W, 3) uint8 to float32 in [-1, 1], at random dimmer, blurred, noisy."""
    x = torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 127.5 - 1
    if rng.random() < 0.5:
        x = x * float(rng.uniform(0.8, 1.15)) + float(rng.uniform(-0.15, 0.15))
    if rng.random() < 0.3:
        sides = x.shape[2:]
        scale = float(rng.uniform(0.35, 0.9))
        small = F.interpolate(x, scale_factor=scale, mode="bilinear", antialias=True)
        x = F.interpolate(small, sides, mode="bilinear")
    if rng.random() < 0.3:
        noise = rng.standard_normal(x.shape, dtype=np.float32)
        x = x + float(rng.uniform(0, 0.12)) * torch.from_numpy(noise)
    return x.numpy()


def resized(frames_BTCHW: Tensor, scale: float) -> Tensor:
    if scale == 1:
        return frames_BTCHW
    flat = F.interpolate(
        frames_BTCHW.flatten(0, 1), scale_factor=scale, mode="bilinear", antialias=True
    )
    return flat.unflatten(0, frames_BTCHW.shape[:2])


def cut_window(lesson: Arrays, start: int, frames: int) -> Arrays:
    """Picture rows start..start + frames of a lesson; its sound stays whole."""
    rows = slice(start, start + frames)
    per_frame = ("frames", "camera", "body", "face", "lips", "close_joints", "shown", "size",
                 "move", "person", "cut", "contact", "mouth", "joints", "seen")  # fmt: skip
    window = {**lesson, **{name: lesson[name][rows] for name in per_frame}}
    # What a window shows is what it shows for a sixth of its time, at least.
    window["shown"] = (window["shown"].mean(axis=0) >= 1 / 6).astype(np.float32)
    # The first frame of a window has no frame before it.
    window["cut"] = window["cut"] * (np.arange(frames) > 0)
    window["camera"] = window["camera"] * (np.arange(frames) > 0)[:, None]
    return window


def stack(windows: list[Arrays], device: torch.device) -> dict[str, Tensor]:
    """Tensors (B, ...); frames (B, T, 3, H, W), class numbers as int64, the rest float32."""
    found = {}
    for name in windows[0]:
        array = np.stack([one[name] for one in windows])
        tensor = torch.from_numpy(np.ascontiguousarray(array))
        whole = name in ("film", "size", "move", "person")
        found[name] = (tensor.long() if whole else tensor.float()).to(device)
    return found


# ---------------------------------------------------------------- losses


def bumps(marks_BT: Tensor, shape: tuple[float, ...]) -> Tensor:
    """Marks of 0 and 1 widened by `shape`, odd and 1 in the middle; at most 1."""
    kernel = torch.tensor(shape, device=marks_BT.device)[None, None]
    wide = F.conv1d(marks_BT[:, None], kernel, padding=len(shape) // 2)
    return wide[:, 0].clamp_max(1)


def rare(logits: Tensor, targets: Tensor, name: str) -> Tensor:
    """Binary cross-entropy with what is there weighted up, as it is rare."""
    up = torch.tensor(RARE[name], device=logits.device)
    return F.binary_cross_entropy_with_logits(logits, targets, pos_weight=up)


def picture_losses(seen: Seen, batch: dict[str, Tensor], cfg: ExaminerConfig) -> dict[str, Tensor]:
    parts = {}
    for index, (name, logits) in enumerate(
        zip(SEEN_ONE_OF, seen.film.split(cfg.classes(SEEN_ONE_OF), -1), strict=True)
    ):
        parts[name] = 0.5 * F.cross_entropy(logits, batch["film"][:, index])
    parts["size"] = 0.3 * F.cross_entropy(seen.size.flatten(0, 1), batch["size"][:, ::2].flatten())
    parts["move"] = 0.4 * F.cross_entropy(seen.move.flatten(0, 1), batch["move"][:, ::2].flatten())
    parts["cut"] = 2 * rare(seen.cut, batch["cut"], "cut")
    parts["seen"] = 0.3 * F.binary_cross_entropy_with_logits(seen.seen, batch["seen"])
    parts["joints"] = 2 * places_loss(seen.heat, batch["joints"], batch["seen"])
    return parts


def close_losses(
    looked: Looked, batch: dict[str, Tensor], cfg: ExaminerConfig
) -> dict[str, Tensor]:
    parts = {}
    shown = batch["shown"][:, cfg.classes(("act",))[0] :]  # acts come first, and are the pose's
    parts_of = (x.split(cfg.classes(LOOKED_ANY_OF), -1) for x in (looked.shown, shown))
    for name, logits, there in zip(LOOKED_ANY_OF, *parts_of, strict=True):
        parts[name] = 0.4 * any_of_loss(logits, there)
    joints = batch["close_joints"]
    there = batch["seen"] * ((joints > 0) & (joints < 1)).all(-1)
    parts["close joints"] = 2.4 * places_loss(looked.heat, joints, there)
    people = batch["person"][:, ::2].flatten(0, 1)
    for index, (name, logits) in enumerate(
        zip(
            PERSON,
            looked.person.flatten(0, 1).split([1 + n for n in cfg.classes(PERSON)], -1),
            strict=True,
        )
    ):
        target = people[:, index]
        target = torch.where(target < 0, logits.shape[-1] - 1, target)
        parts[f"their {name}"] = 0.2 * F.cross_entropy(logits, target)
    return parts


def any_of_loss(logits_BC: Tensor, there_BC: Tensor) -> Tensor:
    """Which of them, and beside that how surely each: the second alone is slow to learn, as nearly
    all classes are nearly always absent."""
    share = there_BC / there_BC.sum(-1, keepdim=True).clamp_min(1)
    which = -(share * logits_BC.log_softmax(-1)).sum(-1).mean()
    each = F.binary_cross_entropy_with_logits(logits_BC, there_BC, reduction="none")
    return which + each.sum(-1).mean()


def pose_losses(moved: Moved, batch: dict[str, Tensor], cfg: ExaminerConfig) -> dict[str, Tensor]:
    acts = batch["shown"][:, : cfg.classes(("act",))[0]]
    contact = bumps(batch["contact"], (0.4, 1.0, 0.4))
    return {
        "act": any_of_loss(moved.act, acts),
        "contact": 2 * rare(moved.contact, contact, "contact"),
    }


def mouth_loss(mouth_BT: Tensor, batch: dict[str, Tensor]) -> Tensor:
    """Of mouths whose head is in the picture."""
    there = batch["seen"][..., JOINTS.index("head")]
    each = F.binary_cross_entropy_with_logits(mouth_BT, batch["mouth"], reduction="none")
    return (each * there).sum() / there.sum().clamp_min(1)


def places_loss(heat_BTJhw: Tensor, joints_BTJ2: Tensor, there_BTJ: Tensor) -> Tensor:
    """Cross-entropy of the maps of those joints that are there."""
    where = heat_targets(joints_BTJ2, heat_BTJhw.shape[-2:])
    wrong = -(where * heat_BTJhw.flatten(3).log_softmax(-1)).sum(-1)
    return (wrong * there_BTJ).sum() / there_BTJ.sum().clamp_min(1)


def heat_targets(joints_BTJ2: Tensor, cells: Sequence[int]) -> Tensor:
    """(B, T, J, h w): a joint's place shared between the four cells around it."""
    high, wide = int(cells[0]), int(cells[1])
    x = (joints_BTJ2[..., 0] * wide - 0.5).clamp(0, wide - 1)
    y = (joints_BTJ2[..., 1] * high - 0.5).clamp(0, high - 1)
    columns = torch.arange(wide, device=x.device)
    rows = torch.arange(high, device=x.device)
    across = (1 - (x[..., None] - columns).abs()).clamp_min(0)
    down = (1 - (y[..., None] - rows).abs()).clamp_min(0)
    return (down[..., :, None] * across[..., None, :]).flatten(-2)


def sound_losses(heard: Heard, batch: dict[str, Tensor]) -> dict[str, Tensor]:
    rows = slice(heard.onset.shape[1])
    onset = bumps(batch["onset"], (0.2, 0.6, 1.0, 0.6, 0.2))[:, rows]
    beat = bumps(batch["beat"], (0.2, 0.6, 1.0, 0.6, 0.2))[:, rows]
    sounds = F.binary_cross_entropy_with_logits(heard.sounds, batch["sounds"], reduction="none")
    return {
        "onset": 2 * rare(heard.onset, onset, "onset"),
        "beat": 1 * rare(heard.beat, beat, "beat"),
        "voice": 3 * F.smooth_l1_loss(heard.voice, batch["voice"][:, rows], beta=0.2),
        "mood": 0.5 * F.cross_entropy(heard.mood, batch["film"][:, -1]),
        "sounds": 0.3 * sounds.sum(-1).mean(),
    }


# ---------------------------------------------------------------- checking


@torch.no_grad()
def check_lessons(
    model: ExaminerNetworks, cfg: LessonConfig, frames: int, device: torch.device
) -> dict[str, float]:
    """Shares of the held-out lessons' middle windows that are read right."""
    right: dict[str, list[float]] = {}

    def note(name: str, values: Tensor) -> None:
        right.setdefault(name, []).append(float(values.float().mean()))

    for seed in lesson_seeds(cfg):
        lesson = load_lesson(cfg, seed)
        window = cut_window(lesson, (len(lesson["frames"]) - frames) // 2, frames)
        window = shake(window, dict.fromkeys(CLOSE_UPS, np.tile(STILL, (frames, 1))))
        for name in ("frames", *CLOSE_UPS):
            window[name] = pixels(window[name])[0].numpy()
        batch = stack([window], device)
        seen, heard = model.see(batch["frames"], batch["camera"]), model.hear(batch["heard"])
        looked = model.look(batch["body"], batch["face"])
        classes = model.see.cfg.classes
        for index, (name, logits) in enumerate(
            zip(SEEN_ONE_OF, seen.film.split(classes(SEEN_ONE_OF), -1), strict=True)
        ):
            note(name, logits.argmax(-1) == batch["film"][:, index])
        ratio = batch["frames"].shape[-1] / batch["frames"].shape[-2]
        places = pose_features(batch["joints"], batch["seen"], measured_camera(batch), ratio)
        moved = model.pose(places)
        shown = zip(
            SHOWN,
            [moved.act, *looked.shown.split(classes(LOOKED_ANY_OF), -1)],
            batch["shown"].split(classes(SHOWN), -1),
            strict=True,
        )
        for name, logits, wanted in shown:
            if wanted.sum():
                # Of as many classes as there are, how many are right.
                best = logits.topk(int(wanted.sum())).indices
                note(name, wanted.gather(1, best))
        note("size", seen.size.argmax(-1) == batch["size"][:, ::2])
        note("move", seen.move.argmax(-1) == batch["move"][:, ::2])
        # Within 0.06 of a picture, and of a close-up, which is smaller.
        for name, heat, places in (
            ("joints", seen.heat, batch["joints"]),
            ("close joints", looked.heat, batch["close_joints"]),
        ):
            high, wide = heat.shape[3:]
            best = heat.flatten(3).argmax(-1)
            found = torch.stack([(best % wide + 0.5) / wide, (best // wide + 0.5) / high], -1)
            if batch["seen"].any():
                note(name, ((found - places).norm(dim=-1) < 0.06)[batch["seen"] > 0])
        if float(batch["mouth"].std()) > 0.1:
            both = torch.cat([model.mouth(batch["lips"]).sigmoid(), batch["mouth"]])
            note("mouth, correlation", torch.corrcoef(both)[0, 1])
        for name, logits in (("contact", moved.contact), ("onset", heard.onset)):
            sure = probability(logits, name) > 0.3
            marks = batch[name][:, : sure.shape[1]]
            near = F.max_pool1d(marks[:, None], 5, 1, 2)[:, 0] > 0
            reached = F.max_pool1d(sure[:, None].float(), 5, 1, 2)[:, 0] > 0
            if marks.any():
                note(f"{name} found", reached[marks > 0])
            if sure.any():
                note(f"{name} true", near[sure])
        note("mood", heard.mood.argmax(-1) == batch["film"][:, -1])
        wanted = batch["sounds"]
        note("sounds", wanted.gather(1, heard.sounds.topk(int(wanted.sum())).indices))
    return {f"held-out {name}": float(np.mean(values)) for name, values in right.items()}

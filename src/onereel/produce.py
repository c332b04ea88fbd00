"""The main path: request -> plan -> encode -> denoise -> decode -> Clip. Read it top to bottom.

Latents are saved before decoding where a path is given, and `decode` finishes such a film after
a crash. `onereel.generate` and `onereel.decode` are these functions; the command line and later
the service call `make_film`. (The file is not generate.py: a module of that name would take the
place of the public function.)
"""

from __future__ import annotations

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from onereel.clip import Clip, Ingredient, Record, new_id
from onereel.errors import OnereelError, WrongUse, shown
from onereel.marks.fit import fitting_id
from onereel.marks.incoming import read_incoming
from onereel.media.read import fit_picture
from onereel.model.conditions import LatentState, ReferenceLatents, mix
from onereel.model.device import Placement, choose_placement
from onereel.model.sampler import denoise, noise_like
from onereel.model.shapes import FPS, FRAMES_PER_LATENT, SAMPLE_RATE, FilmShape
from onereel.model.weights import PACKAGED, FilmModel, open_model
from onereel.plan import Plan, make_plan
from onereel.request import Request, parse_request

if TYPE_CHECKING:
    from os import PathLike

# Called as progress(stage, done, of) with stages load, encode, denoise, decode. To cancel, raise.
Progress = Callable[[str, int, int], None]
# Called as preview(done, of, still) after each denoising step; still() decodes one frame from the
# middle of the film as it stands, under the film's own record, and costs nothing unless called.
Preview = Callable[[int, int, Callable[[], Clip]], None]
DEFAULT_MODEL = PACKAGED / "nano"


def generate(
    prompt: str,
    *,
    images: tuple[str | PathLike[str], ...] = (),
    videos: tuple[str | PathLike[str], ...] = (),
    audios: tuple[str | PathLike[str], ...] = (),
    first_frame: str | PathLike[str] | None = None,
    last_frame: str | PathLike[str] | None = None,
    ratio: str = "adaptive",
    seconds: int = 5,
    seed: int | None = None,
    steps: int | None = None,
    sound: bool = True,
    progress: Progress | None = None,
) -> Clip:
    """Make a film of 4-15 s from a prompt; `.save("film.mp4")` writes it.

    ratio: 21:9, 16:9, 4:3, 1:1, 3:4, 9:16 or adaptive (the first frame's, else 16:9).
    seconds: 4-15, or -1 for the default. The same seed gives the same film on the same machine.
    Raises WrongUse for bad input; whatever `progress` raises cancels within one step.
    """
    references = [
        *({"kind": "picture", "path": path} for path in images),
        *({"kind": "clip", "path": path} for path in videos),
        *({"kind": "recording", "path": path} for path in audios),
        *(
            {"kind": "picture", "role": role, "path": path}
            for role, path in (("first_frame", first_frame), ("last_frame", last_frame))
            if path is not None
        ),
    ]
    request = parse_request(
        prompt=prompt, references=references, ratio=ratio, seconds=seconds, seed=seed,
        steps=steps, sound=sound,
    )  # fmt: skip
    return make_film(request, progress=progress)


@torch.inference_mode()
def make_film(
    request: Request,
    *,
    model_folder: Path = DEFAULT_MODEL,
    save_latents: Path | None = None,
    progress: Progress | None = None,
    preview: Preview | None = None,
) -> Clip:
    """A film from a request. `save_latents` names a file that `decode` can finish from."""
    tell = progress or (lambda stage, done, of: None)
    clock = Clock()
    with clock("load"):
        tell("load", 0, 1)
        model, place = ready_model(model_folder)
        plan = make_plan(request, model)
        tell("load", 1, 1)
    with clock("encode"):
        tell("encode", 0, 1)
        state = encode_frames(model, plan, place)
        references = encode_references(model, plan, place)
        ingredients = read_ingredients(request)
        text, blank = encode_text(model, plan, place)
        tell("encode", 1, 1)
    record = Record(
        id=new_id(), prompt=plan.prompt, seed=plan.seed, seconds=plan.seconds,
        width=plan.shape.width, height=plan.shape.height, frames=plan.shape.frames,
        steps=plan.steps, model=model.sampling.name, weights_hash=model.weights_hash,
        computed=f"{place.device.type} {place.dtype}".replace("torch.", ""),
        references=tuple(one.sha256 for one in ingredients),
        warnings=plan.warnings,
    )  # fmt: skip
    with clock("denoise"):
        tell("denoise", 0, plan.steps)
        sampling = model.sampling
        noise = noise_like(state, torch.Generator().manual_seed(plan.seed), sampling.temperature)

        def on_step(done: int, of: int, clean: LatentState) -> None:
            tell("denoise", done, of)
            if preview is not None:
                preview(done, of, lambda: preview_still(model, plan.shape, clean, record))

        state = denoise(
            model.transformer,
            mix(state, noise, torch.ones(1), torch.ones(1)).to(place.device),
            text,
            blank,
            references,
            steps=plan.steps,
            guidance=sampling.guidance,
            shift_video=sampling.shift_video,
            shift_audio=sampling.shift_audio,
            on_step=on_step,
        )
    record = replace(record, timings=dict(clock.seconds))
    if save_latents is not None:
        write_latents(save_latents, state, record, ingredients)
    return develop(model, place, state, record, ingredients, clock, tell)


@torch.inference_mode()
def decode(
    latents: str | PathLike[str],
    *,
    model_folder: Path = DEFAULT_MODEL,
    progress: Progress | None = None,
) -> Clip:
    """Finish a film from the latents that a generation saved. WrongUse if they can't be used."""
    tell = progress or (lambda stage, done, of: None)
    clock = Clock()
    state, record, ingredients = read_latents(Path(latents))
    with clock("load"):
        tell("load", 0, 1)
        model, place = ready_model(model_folder)
        if record.weights_hash != model.weights_hash:
            raise WrongUse(
                f"{shown(latents)} was made by other weights than those installed; "
                "make the film again."
            )
        tell("load", 1, 1)
    return develop(model, place, state.to(place.device), record, ingredients, clock, tell)


# ---------------------------------------------------------------- the steps


@dataclass
class Clock:
    """Seconds per stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[stage] = round(time.perf_counter() - started, 3)


@lru_cache(maxsize=1)
def ready_model(folder: Path) -> tuple[FilmModel, Placement]:
    """The model, checked, on the device and in the precision that this machine computes best."""
    place = choose_placement()
    return placed(open_model(folder), place), place


def placed(model: FilmModel, place: Placement) -> FilmModel:
    """The same model, its networks moved to the device and into the precision they compute in."""
    model.transformer.to(device=place.device, dtype=place.dtype)
    model.video.to(place.device)
    for residual in (model.video.encoder, model.video.decoder):
        if residual is not None:
            residual.to(place.dtype).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    model.audio.to(place.device)
    return model


def encode_text(model: FilmModel, plan: Plan, place: Placement) -> tuple[Tensor, Tensor]:
    """Token ids (1, S) of the prompt and of saying nothing, padded alike."""
    length = max(8, -(-len(plan.text_ids) // 8) * 8)
    text = torch.zeros(1, length, dtype=torch.long, device=place.device)
    blank = torch.zeros_like(text)
    text[0, : len(plan.text_ids)] = torch.tensor(plan.text_ids)
    blank[0, 0] = model.tokenizer.none_id
    return text, blank


def encode_frames(model: FilmModel, plan: Plan, place: Placement) -> LatentState:
    """The empty film with its given frames in place, as known clean latents, on the CPU."""
    state = LatentState.empty(
        plan.shape, model.video.cfg.channels, model.audio.cfg.channels, sound=plan.sound
    )

    def latents_of(picture: np.ndarray, frames: int) -> Tensor:
        pixels = to_pixels(picture, plan.shape).to(place.device)
        return model.video.encode(pixels.expand(-1, -1, frames, -1, -1)).cpu()

    if plan.first_frame is not None:
        state = state.with_known_frame(0, latents_of(plan.first_frame, 1)[:, 0])
    if plan.last_frame is not None:
        # The last latent frame stands for eight frames: the film comes to rest on the picture.
        state = state.with_known_frame(-1, latents_of(plan.last_frame, 1 + FRAMES_PER_LATENT)[:, 1])
    return state


def encode_references(
    model: FilmModel, plan: Plan, place: Placement
) -> tuple[ReferenceLatents, ...]:
    """Every reference through the autoencoder of its kind, in the order they were given."""
    encoded = []
    for reference in plan.references:
        if reference.kind == "audio":
            sound = torch.from_numpy(reference.data).T[None].to(place.device)
            latents = model.audio.encode(sound)
        else:
            frames = torch.cat([to_pixels(one, plan.shape) for one in reference.data], 2)
            latents = model.video.encode(frames.to(place.device))
        encoded.append(ReferenceLatents(reference.kind, latents))
    return tuple(encoded)


def read_ingredients(request: Request) -> tuple[Ingredient, ...]:
    """The marks that each reference brings along, in request order."""
    counts: dict[str, int] = {}
    ingredients = []
    for reference in request.references:
        counts[reference.kind] = counts.get(reference.kind, 0) + 1
        title = f"{reference.kind.capitalize()} {counts[reference.kind]}"
        ingredients.append(read_incoming(reference, title))
    return tuple(ingredients)


def to_pixels(picture: np.ndarray, shape: FilmShape) -> Tensor:
    """A picture cropped to the film and mirrored out to the token grid: (1, 3, 1, H, W)."""
    fitted = fit_picture(picture, shape.width, shape.height)
    rows, columns = shape.crop
    high, wide = shape.padded_size
    edges = ((rows.start, high - rows.stop), (columns.start, wide - columns.stop), (0, 0))
    padded = np.pad(fitted, edges, mode="symmetric")
    return torch.from_numpy(padded).permute(2, 0, 1)[None, :, None].float() / 127.5 - 1


def develop(
    model: FilmModel,
    place: Placement,
    state: LatentState,
    record: Record,
    ingredients: tuple[Ingredient, ...],
    clock: Clock,
    tell: Progress,
) -> Clip:
    """Latents to frames and sound, a few latent frames at a time."""
    shape = FilmShape(record.frames, record.height, record.width)
    rows, columns = shape.crop
    if not (state.video.isfinite().all() and state.audio.isfinite().all()):
        raise OnereelError("The model's numbers overflowed; make the film again with another seed.")
    frames = np.empty((shape.frames, shape.height, shape.width, 3), np.uint8)
    with clock("decode"):
        tell("decode", 0, shape.frames)
        done = 0
        for chunk in model.video.decode_stream(state.video):
            pixels = ((chunk[0, :, :, rows, columns].float() + 1) * 127.5).round().clamp(0, 255)
            here = pixels.byte().permute(1, 2, 3, 0).cpu().numpy()
            frames[done : done + len(here)] = here
            done += len(here)
            tell("decode", done, shape.frames)
        sound = None
        if state.audio.shape[1]:
            wave = model.audio.decode(state.audio)[0, :, : shape.samples]
            sound = np.ascontiguousarray(wave.clamp(-1, 1).T.cpu().numpy())
        fitting = fitting_id(frames, record.id)
    timings = {**record.timings, **clock.seconds}
    record = replace(record, id=fitting, draft=record.id, timings=timings)
    return Clip(frames, sound, FPS, SAMPLE_RATE, record, ingredients)


def preview_still(model: FilmModel, shape: FilmShape, clean: LatentState, record: Record) -> Clip:
    """One silent frame from the middle of the film, from an estimate of its latents."""
    rows, columns = shape.crop
    # The first latent frame leads in, since the decoder looks one latent frame back.
    middle = clean.video[:, [0, max(1, clean.video.shape[1] // 2)]]
    *_, chunk = model.video.decode_stream(middle)
    pixels = ((chunk[0, :, -1:, rows, columns].float() + 1) * 127.5).round().clamp(0, 255)
    frame = pixels.byte().permute(1, 2, 3, 0).cpu().numpy()
    return Clip(frame, None, FPS, SAMPLE_RATE, record)


# ---------------------------------------------------------------- latents on disk


def write_latents(
    path: Path, state: LatentState, record: Record, ingredients: tuple[Ingredient, ...] = ()
) -> None:
    part = path.with_name(path.name + ".part")
    tensors = {"video": state.video.cpu().contiguous(), "audio": state.audio.cpu().contiguous()}
    try:
        told = {
            "record": record.to_json(),
            "ingredients": json.dumps([_ingredient_to_json(one) for one in ingredients]),
        }
        save_file(tensors, part, metadata=told)
        part.replace(path)
    except (OSError, SafetensorError) as error:
        raise OnereelError(f"Could not save latents as {shown(path)}: {shown(error)}.") from error
    finally:
        part.unlink(missing_ok=True)


def read_latents(path: Path) -> tuple[LatentState, Record, tuple[Ingredient, ...]]:
    if not path.is_file():
        raise WrongUse(f"There is no file {shown(path)}; name the latents that a film left behind.")
    try:
        with safe_open(path, "pt") as file:
            fields: dict[str, Any] = json.loads(file.metadata()["record"])
            listed = json.loads(file.metadata().get("ingredients", "[]"))
            video, audio = file.get_tensor("video"), file.get_tensor("audio")
        for name in ("references", "warnings"):
            fields[name] = tuple(fields[name])
        record = Record(**fields)
        ingredients = tuple(_ingredient_from_json(one) for one in listed)
        shape = FilmShape(record.frames, record.height, record.width)
        wanted = LatentState.empty(shape, video.shape[2], audio.shape[2], sound=audio.shape[1] > 0)
        if video.shape != wanted.video.shape or audio.shape != wanted.audio.shape:
            raise ValueError("its tensors do not fit its record")
        state = replace(wanted, video=video.float(), audio=audio.float())
    except (SafetensorError, KeyError, TypeError, ValueError, IndexError, OSError) as error:
        raise WrongUse(
            f"{shown(path)} does not hold a film's latents ({shown(error)}); make the film again."
        ) from error
    return state, record, ingredients


def _ingredient_to_json(ingredient: Ingredient) -> dict[str, Any]:
    return asdict(ingredient) | {"archive": b64encode(ingredient.archive).decode()}


def _ingredient_from_json(told: dict[str, Any]) -> Ingredient:
    return Ingredient(**(told | {"archive": b64decode(told["archive"])}))

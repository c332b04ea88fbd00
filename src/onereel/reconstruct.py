"""Any clip, picture or recording through the autoencoders and back, beside its original.

What comes out is what every film of these weights looks and sounds like at best: nothing is
denoised here. Frames and sound pass in pieces, so memory doesn't grow with the length but for the
film itself. The copy is the model's output, so it leaves through `marks.film` like any other.

Called from the command line, benchmarks and docs/pictures.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from onereel.clip import Clip, Record, new_id, sound_length
from onereel.errors import WrongUse, shown
from onereel.evaluate.copies import log_mel_distance, spectral_convergence, ssim
from onereel.evaluate.pixels import psnr
from onereel.marks.incoming import read_incoming
from onereel.media.read import PICTURE_FORMATS, fit_picture, read_picture
from onereel.media.sandbox import read_clip, read_recording
from onereel.model.audio_autoencoder import AudioAutoencoder
from onereel.model.shapes import FPS, FRAMES_PER_LATENT, SAMPLE_RATE, TOKEN_PIXELS
from onereel.model.video_autoencoder import VideoAutoencoder
from onereel.produce import DEFAULT_MODEL, Progress, ready_model
from onereel.request import Kind, Reference

GROUPS = 4  # latent frames that pass through at a time
PAUSE = 0.5  # seconds between a recording and its copy
MOST_LINES = 480  # unless asked otherwise: beside its original a copy is twice as wide
SUFFIXES: dict[Kind, str] = {"clip": ".mp4", "recording": ".wav", "picture": ".png"}


@dataclass(frozen=True)
class Reconstruction:
    """Original and copy in one film: pictures side by side, the original left, with the copy's
    sound; a recording is heard first as it was, then, after a pause, as its copy.

    Figures of the copy against the original, nan where there is nothing to compare: psnr in dB,
    ssim, log_mel in dB, convergence (see evaluate.copies).
    """

    clip: Clip
    kind: Kind
    psnr: float = math.nan
    ssim: float = math.nan
    log_mel: float = math.nan
    convergence: float = math.nan


def kind_of_file(path: Path) -> Kind:
    """By its name. Raises WrongUse for a name that says nothing."""
    suffix = path.suffix.lower().lstrip(".")
    if {"jpg": "jpeg", "tif": "tiff"}.get(suffix, suffix).upper() in PICTURE_FORMATS:
        return "picture"
    if suffix in ("mp4", "mov"):
        return "clip"
    if suffix in ("wav", "mp3", "m4a"):
        return "recording"
    raise WrongUse(
        f"{shown(path)} is not a picture, mp4, mov, wav, mp3 or m4a by its name; convert it to one."
    )


@torch.inference_mode()
def reconstruct(
    path: Path,
    *,
    model_folder: Path = DEFAULT_MODEL,
    lines: int | None = None,
    progress: Progress | None = None,
) -> Reconstruction:
    """The file and its copy, side by side.

    lines: height in pixels to scale pictures to, or None for the file's own, at most 480.
    Raises WrongUse, one sentence, when the file cannot be read.
    """
    tell = progress or (lambda stage, done, of: None)
    kind = kind_of_file(path)
    tell("read", 0, 1)
    frames, sound = read_original(path, kind, lines)
    ingredient = read_incoming(Reference(kind=kind, path=path), kind.capitalize() + " 1")
    tell("read", 1, 1)
    model, place = ready_model(model_folder)
    both, found = None, {}
    if frames is not None:
        copy = np.empty_like(frames)
        done = 0
        for piece in copy_frames(model.video, frames, place.device):
            copy[done : done + len(piece)] = piece
            done += len(piece)
            tell("copy", done, len(frames))
        found = {"psnr": psnr(frames, copy), "ssim": ssim(frames, copy)}
        both = np.concatenate([frames, copy], axis=2)
    if sound is not None:
        heard = copy_sound(model.audio, sound, place.device)
        found["log_mel"] = log_mel_distance(sound, heard)
        found["convergence"] = spectral_convergence(sound, heard)
        if both is None:
            both, sound = black_film(
                np.concatenate(
                    [sound, np.zeros((round(PAUSE * SAMPLE_RATE), 2), np.float32), heard]
                )
            )
        else:
            sound = heard
    assert both is not None
    record = Record(
        id=new_id(), prompt=f"a {kind} passed through the autoencoders, original and copy",
        seed=0, seconds=math.ceil(len(both) / FPS), width=both.shape[2], height=both.shape[1],
        frames=len(both), steps=0, model=model.sampling.name, weights_hash=model.weights_hash,
        computed=f"{place.device.type} {place.dtype}".replace("torch.", ""),
        references=(ingredient.sha256,),
    )  # fmt: skip
    clip = Clip(both, sound, FPS, SAMPLE_RATE, record, (ingredient,))
    return Reconstruction(clip, kind, **found)


def read_original(
    path: Path, kind: Kind, lines: int | None
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Frames (T, H, W, 3) uint8 with even sides, or None; sound (samples, 2) float32 or None."""
    if kind == "recording":
        return None, read_recording(path)
    if kind == "picture":
        return even_sides(read_picture(path)[None], lines), None
    read = read_clip(path)
    return even_sides(read.frames, lines), read.sound


def even_sides(frames: np.ndarray, lines: int | None) -> np.ndarray:
    """Scaled to `lines`, the other side to match; both even, as films need them."""
    height, width = frames.shape[1:3]
    wanted = min(height, MOST_LINES) if lines is None else lines
    new_height = max(2, wanted // 2 * 2)
    new_width = max(2, round(width * new_height / height / 2) * 2)
    if (new_height, new_width) == (height, width):
        return frames
    return np.stack([fit_picture(frame, new_width, new_height) for frame in frames])


def black_film(sound: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A recording as a film has it: black frames, as few pixels as a film may have, and the sound
    filled up with silence to their length."""
    frames = math.ceil(len(sound) * FPS / SAMPLE_RATE)
    short = sound_length(frames, FPS, SAMPLE_RATE) - len(sound)
    return np.zeros((frames, 64, 64, 3), np.uint8), np.pad(sound, ((0, short), (0, 0)))


# ---------------------------------------------------------------- through the autoencoders


def copy_frames(
    video: VideoAutoencoder, frames: np.ndarray, device: torch.device, groups: int = GROUPS
) -> Iterator[np.ndarray]:
    """(T, H, W, 3) uint8 through latents and back, in pieces of up to 8 `groups` frames.

    Any length and size: the last frame is held until its latent frame is full, edges are mirrored
    out to whole tokens, and what was added is cut off again.
    """
    count, height, width = frames.shape[:3]
    left = count
    for chunk in video.decode_chunks(video.encode_stream(pixel_chunks(frames, device, groups))):
        pixels = ((chunk[0].float() + 1) * 127.5).round().clamp(0, 255).byte()
        top, side = _margins(height)[0], _margins(width)[0]
        piece = pixels[:, :left, top : top + height, side : side + width]
        left -= piece.shape[1]
        yield piece.permute(1, 2, 3, 0).cpu().numpy()


def pixel_chunks(frames: np.ndarray, device: torch.device, groups: int) -> Iterator[Tensor]:
    """Chunks as `VideoAutoencoder.encode_stream` takes them, in [-1, 1]."""
    edges = ((0, 0), _margins(frames.shape[1]), _margins(frames.shape[2]), (0, 0))
    start, stop = 0, 1 + groups * FRAMES_PER_LATENT
    while start < len(frames):
        piece = frames[start:stop]
        short = -(len(piece) - (start == 0)) % FRAMES_PER_LATENT
        piece = np.pad(piece, ((0, short), (0, 0), (0, 0), (0, 0)), mode="edge")
        piece = np.pad(piece, edges, mode="symmetric")
        start, stop = stop, stop + groups * FRAMES_PER_LATENT
        yield torch.from_numpy(piece).to(device).permute(3, 0, 1, 2)[None].float() / 127.5 - 1


def _margins(side: int) -> tuple[int, int]:
    """Pixels to add before and after, as `FilmShape.crop` takes them off."""
    extra = -side % TOKEN_PIXELS
    return extra // 2, extra - extra // 2


def copy_sound(audio: AudioAutoencoder, sound: np.ndarray, device: torch.device) -> np.ndarray:
    """(samples, 2) float32 through latents and back, as long as it was."""
    ears = torch.from_numpy(sound).T[None].to(device)
    latents = torch.cat(list(audio.encode_stream(ears)), 1)
    pieces = [piece[0].T.cpu().numpy() for piece in audio.decode_stream(latents)]
    return np.ascontiguousarray(np.concatenate(pieces)[: len(sound)].clip(-1, 1))

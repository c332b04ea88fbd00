"""How faithful the autoencoders are, how fast, and how fit their latents are for a transformer.

    .venv/bin/python benchmarks/autoencoders.py [--model DIR] [--size 512x288] [--clips 6] [--json]
                                                [--sheets DIR] [--phonemes runs/phonemes]

Held-out Backlot clips of 4 s pass through both autoencoders of DIR (the shipped weights, or a
training run's folder). --sheets also writes full-size pages, original left and copy right, of
faces, hands, fast motion, rain, cuts and fine patterns, and spectrograms and wavs of three sounds;
which clips these are is decided by their scripts alone. Intelligibility needs the reader of
recipes/phonemes.py.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from onereel.backlot.script import HELD_OUT, Script, write_script
from onereel.evaluate.copies import (
    chunk_seams,
    hum,
    latent_figures,
    liveliness,
    log_mel_distance,
    spectral_convergence,
    ssim,
    tile_seams,
    tones_kept,
)
from onereel.evaluate.phonemes import accuracy, draw_utterance, load_reader
from onereel.evaluate.pixels import flicker, psnr
from onereel.media.sheet import spectrogram
from onereel.media.write import encode_wav
from onereel.model.audio_autoencoder import AudioAutoencoder
from onereel.model.device import choose_placement, matmul_rate
from onereel.model.shapes import FRAMES_PER_LATENT, LATENT_PIXELS, SAMPLE_RATE, TOKEN_PIXELS
from onereel.model.video_autoencoder import VideoAutoencoder, decode_flops
from onereel.model.weights import load_audio_autoencoder, load_video_autoencoder
from onereel.produce import DEFAULT_MODEL
from onereel.reconstruct import copy_frames, copy_sound
from onereel.train.data import DataConfig, Rendered, render_clip, to_unit

NOISES = (0.05, 0.1, 0.2)
UTTERANCES = 40
FAST = ("spin kicks", "back flips", "cartwheels", "runs")
HANDS = ("waves", "claps", "points", "drums")
PATTERNED = ("bamboo", "market", "palace", "forest")
Test = Callable[[Script], bool]
THEMES: dict[str, Test] = {
    "faces": lambda s: (
        s.shots[0].size == "close" and s.shots[0].performers[0].act in ("talks", "sings")
    ),
    "hands": lambda s: s.shots[0].size == "medium" and s.shots[0].performers[0].act in HANDS,
    "fast": lambda s: s.shots[0].performers[0].act in FAST,
    "rain": lambda s: s.weather == "rain",
    "cuts": lambda s: len(s.shots) == 3,
    "patterns": lambda s: s.set in PATTERNED and s.shots[0].size == "wide",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--size", default="512x288", help="WIDTHxHEIGHT, multiples of 2")
    parser.add_argument("--clips", type=int, default=6)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--phonemes", type=Path, default=Path("runs/phonemes"))
    parser.add_argument("--sheets", type=Path, help="folder for pages and wavs")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    width, height = (int(side) for side in options.size.split("x"))
    place = choose_placement()
    video, audio = load_video_autoencoder(options.model), load_audio_autoencoder(options.model)
    video.to(place.device)
    audio.to(place.device)
    for residual in (video.encoder, video.decoder):
        if residual is not None:
            residual.to(place.dtype).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    data = DataConfig(width, height, captions=1)
    with torch.inference_mode():
        clips = [render_clip(seed, data) for seed in HELD_OUT[: options.clips]]
        found = {
            "picture": picture_figures(video, clips, place.device),
            "sound": sound_figures(audio, clips, place.device, options.phonemes),
            "speed": speed(video, audio, place.device, place.dtype),
        }
        if options.sheets:
            write_sheets(options.sheets, video, audio, data, place.device)
    print(json.dumps(found) if options.json else table(found))


def picture_figures(
    video: VideoAutoencoder, clips: list[Rendered], device: torch.device
) -> dict[str, Any]:
    rows, latents = [], []
    for clip in clips:
        copy = np.concatenate(list(copy_frames(video, clip.frames, device)))
        rows.append(
            {
                "PSNR, dB": psnr(clip.frames, copy),
                "SSIM": ssim(clip.frames[::4], copy[::4]),
                "flicker of the original, grey levels": flicker(clip.frames),
                "flicker of the copy": flicker(copy),
                "seams of 16-pixel cells (1: none)": tile_seams(clip.frames, copy, LATENT_PIXELS),
                "seams of 32-pixel tokens": tile_seams(clip.frames, copy, TOKEN_PIXELS),
                "seams of 8-frame groups": chunk_seams(clip.frames, copy, FRAMES_PER_LATENT),
            }
        )
        high, wide = (side // TOKEN_PIXELS * TOKEN_PIXELS for side in clip.frames.shape[1:3])
        pixels = to_unit(torch.from_numpy(clip.frames[:, :high, :wide])).to(device)
        z = video.encode(pixels)
        latents.append(z.cpu())
        exact = video.decode(z)
        for noise in NOISES:
            # Measured against the copy of exact latents: what the noise alone does.
            generator = torch.Generator().manual_seed(0)
            shaken = z + noise * torch.randn(z.shape, generator=generator).to(device)
            error = (video.decode(shaken) - exact).square().mean()
            rows[-1][f"PSNR of a copy with latent noise {noise}, to the copy"] = float(
                10 * torch.log10(4 / error)
            )
    means = {name: float(np.nanmean([row[name] for row in rows])) for name in rows[0]}
    stills, rest = torch.cat(latents)[:, :1], torch.cat(latents)[:, 1:]
    return {
        "clips": len(clips),
        **means,
        "latents": {
            "first frames": asdict(latent_figures(stills)),
            "the rest": asdict(latent_figures(rest)),
        },
    }


def sound_figures(
    audio: AudioAutoencoder, clips: list[Rendered], device: torch.device, phonemes: Path
) -> dict[str, Any]:
    pairs = [(clip.sound, copy_sound(audio, clip.sound, device)) for clip in clips]
    found: dict[str, Any] = {
        "log-mel distance, dB": float(np.mean([log_mel_distance(*pair) for pair in pairs])),
        "spectral convergence": float(np.nanmean([spectral_convergence(*pair) for pair in pairs])),
    }
    found["liveliness (1: as the original)"] = float(np.nanmean([liveliness(*p) for p in pairs]))
    found["tones kept"] = float(np.nanmean([tones_kept(*pair) for pair in pairs]))
    for name, index in (("originals", 0), ("copies", 1)):
        found[f"hum of {name}"] = float(np.nanmean([hum(pair[index]) for pair in pairs]))
    latents = torch.cat([encoded(audio, clip.sound, device) for clip in clips])
    found["latents' power"] = float(latents.square().mean())
    found["latents' correlation with the next"] = float(
        (latents[:, 1:] * latents[:, :-1]).mean() / latents.square().mean()
    )
    if (phonemes / "phonemes.json").is_file():
        reader = load_reader(phonemes)
        spoken = [draw_utterance(seed) for seed in HELD_OUT[:UTTERANCES]]
        found["phonemes read right in originals"] = accuracy(reader, spoken)
        found["phonemes read right in copies"] = accuracy(
            reader, spoken, lambda sound: copy_sound(audio, sound, device)
        )
    return found


def encoded(audio: AudioAutoencoder, sound: np.ndarray, device: torch.device) -> torch.Tensor:
    return audio.encode(torch.from_numpy(sound).T[None].to(device)).cpu()


def speed(
    video: VideoAutoencoder, audio: AudioAutoencoder, device: torch.device, dtype: torch.dtype
) -> dict[str, Any]:
    """Decoding of 4 s at 512x288 and of its sound, of random latents."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    z = torch.randn(1, 13, video.cfg.channels, 18, 32, device=device)
    heard = torch.randn(1, 102, audio.cfg.channels, device=device)

    def picture() -> None:
        for _ in video.decode_stream(z):
            pass

    wall, used = best_seconds(picture, device)
    sound_wall, sound_used = best_seconds(lambda: audio.decode(heard), device)
    rate = decode_flops(video.cfg, 13, 288, 512) / wall
    peak = max(matmul_rate(one, device, 1024) for one in (torch.float32, dtype))
    return {
        "computed": f"{device.type} {dtype}, {torch.get_num_threads()} threads",
        "decode of 4 s at 512x288, s": wall,
        "processor time of it, s": used,
        "GFLOP": decode_flops(video.cfg, 13, 288, 512) / 1e9,
        "GFLOP/s": rate / 1e9,
        "share of the measured matrix peak": rate / peak,
        "decode of its sound, s": sound_wall,
        "processor time of that, s": sound_used,
        "peak memory before and after decoding, MiB": [
            round(before), round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        ],
    }  # fmt: skip


def best_seconds(work: Callable[[], Any], device: torch.device) -> tuple[float, float]:
    """Best of four, by the wall's clock and by the processor's."""
    wall, used = [], []
    for _ in range(4):
        started, spent = time.perf_counter(), time.process_time()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        wall.append(time.perf_counter() - started)
        used.append(time.process_time() - spent)
    return min(wall), min(used)


# ---------------------------------------------------------------- pages to look at


def write_sheets(
    folder: Path,
    video: VideoAutoencoder,
    audio: AudioAutoencoder,
    data: DataConfig,
    device: torch.device,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    bars = []
    for number, (theme, fits) in enumerate(THEMES.items()):
        seed = first_seed(fits, data)
        if seed is None:
            print(f"no held-out clip shows {theme}", file=sys.stderr)
            continue
        clip = render_clip(seed, data)
        copy = np.concatenate(list(copy_frames(video, clip.frames, device)))
        picked = np.linspace(8, len(copy) - 9, 3).astype(int)
        page = [np.concatenate([clip.frames[i], copy[i]], 1) for i in picked]
        Image.fromarray(np.concatenate(page)).save(folder / f"{theme}.png")
        print(f"{theme}: seed {seed}, {psnr(clip.frames, copy):.1f} dB", file=sys.stderr)
        if number < 3:
            heard = copy_sound(audio, clip.sound, device)
            for name, sound in (("original", clip.sound), ("copy", heard)):
                encode_wav(folder / f"{theme}-{name}.wav", sound, SAMPLE_RATE)
                bars += [spectrogram(sound, SAMPLE_RATE, 1200, 160), np.full((6, 1200, 3), 15)]
    if bars:
        Image.fromarray(np.concatenate(bars).astype(np.uint8)).save(folder / "sound.png")


def first_seed(fits: Test, data: DataConfig, most: int = 3000) -> int | None:
    for seed in HELD_OUT[:most]:
        if fits(write_script(seed, data.seconds, data.width, data.height)):
            return seed
    return None


def table(found: dict[str, Any], indent: str = "") -> str:
    lines = []
    for name, value in found.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}", table(value, indent + "  ")]
        else:
            shown = f"{value:.4g}" if isinstance(value, float) else str(value)
            lines.append(f"{indent}{name:<{60 - len(indent)}} {shown}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

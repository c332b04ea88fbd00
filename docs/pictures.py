"""Makes the pictures of the README and of docs/ with the shipped weights.

    .venv/bin/python docs/pictures.py

Prompts and seeds are fixed and none is picked over another: what stands here is what comes out.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image

import onereel
from onereel.backlot.script import HELD_OUT, write_script
from onereel.backlot.shoot import shoot
from onereel.evaluate.pixels import psnr
from onereel.media.sheet import contact_sheet, film_strip, side_by_side, spectrogram
from onereel.model.shapes import SAMPLE_RATE
from onereel.produce import DEFAULT_MODEL, ready_model
from onereel.train.video_autoencoder import decode_clip

IMAGES = Path(__file__).parent / "images"
PROMPTS = (
    "A girl in a red dress dances on a snowy mountain.",
    "A boy in a yellow t-shirt runs on the beach at dusk.",
    "A robot waves in a bamboo grove.",
    "A woman in a green jacket walks through a meadow in daylight.",
)


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    films()
    copies()


def films() -> None:
    strips = []
    for seed, prompt in enumerate(PROMPTS):
        film = onereel.generate(prompt, seconds=4, seed=seed)
        strips.append(film_strip(film.frames, 6))
        if seed == 0:
            sheet = contact_sheet(film.frames, film.sound, SAMPLE_RATE, rows=2, title=prompt)
            sheet.save(IMAGES / "film-0.jpg", quality=90)
        print(prompt, film.record.timings)
    stack(strips[:2]).save(IMAGES / "strip.jpg", quality=90)


def copies() -> None:
    model, place = ready_model(DEFAULT_MODEL)
    takes = [shoot(write_script(seed, 4, 256, 160)) for seed in HELD_OUT[:6]]
    with torch.inference_mode():
        copies = [decode_clip(model.video, take.frames, place.device) for take in takes]
        scores = [psnr(a.frames, b) for a, b in zip(takes, copies, strict=True)]
        print("held-out PSNR, dB:", [round(score, 1) for score in scores])
        pairs = [side_by_side(takes[i].frames, copies[i]) for i in (0, 3)]
        stack(pairs).save(IMAGES / "reconstruction.jpg", quality=90)
        sounds = []
        for take in takes[:3]:
            wave = torch.from_numpy(take.sound).T[None].to(place.device)
            copy = model.audio.decode(model.audio.encode(wave))[0, :, : len(take.sound)]
            for sound in (take.sound, copy.T.cpu().numpy()):
                sounds.append(spectrogram(sound, SAMPLE_RATE, 1200, 150))
                sounds.append(np.full((6, 1200, 3), 15, np.uint8))
    Image.fromarray(np.concatenate(sounds)).save(IMAGES / "sound.jpg", quality=90)


def stack(pictures: list[Image.Image]) -> Image.Image:
    """One above the other."""
    page = Image.new("RGB", (pictures[0].width, sum(picture.height for picture in pictures)))
    top = 0
    for picture in pictures:
        page.paste(picture, (0, top))
        top += picture.height
    return page


if __name__ == "__main__":
    main()

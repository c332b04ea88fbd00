"""The visible label: "AI-GENERATED" or "AI生成", on a plate of its own.

- every glyph is at least 5 % of the picture's short side high (GB 45438-2025, section 5.4),
  measured on the glyphs as drawn, which is why English stands in capitals: a lower-case letter
  that high would make the label a third larger
- white on a dark, translucent plate with a thin light rim: legible on white, black and noise
- for the first seconds, the whole film, or wandering from corner to corner, where a crop that
  removes it once misses it the next time; stills carry it as the first frame does
- "none" is a user's right under SB 942 and article 9 of the Labelling Measures; it is put on
  record, and changes nothing about what machines read

Called from `film`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from onereel.errors import WrongUse, shown

Where = Literal["opening", "whole", "moving", "none"]
Language = Literal["en", "zh"]
TEXTS: dict[Language, str] = {"en": "AI-GENERATED", "zh": "AI生成"}

FONT = Path(__file__).parent / "font" / "NotoSansCJKsc-Bold-label.otf"
GLYPH_SHARE = 0.05  # of the short side, the least height of a glyph
HOLD_SECONDS, FADE_SECONDS = 2.5, 0.4  # the rule asks for 2 s
CORNER_SECONDS = 3.0
CORNERS = ("bottom right", "top left", "bottom left", "top right")
PLATE_OPACITY, RIM_OPACITY = 0.62, 0.28
FINE = 4  # drawn this much larger, then averaged down


@dataclass(frozen=True)
class Label:
    """Where the label stands, and in which language. Raises WrongUse for anything else."""

    where: Where = "opening"
    language: Language = "en"

    def __post_init__(self) -> None:
        for value, allowed in ((self.where, get_args(Where)), (self.language, get_args(Language))):
            if value not in allowed:
                raise WrongUse(
                    f"The label cannot be {shown(value)}; choose one of {', '.join(allowed)}."
                )


def draw_label(frames: np.ndarray, fps: float, label: Label) -> None:
    """Draw the label into `frames`, (T, H, W, 3) uint8, in place; a still is T = 1."""
    if label.where == "none":
        return
    height, width = frames.shape[1:3]
    plate_ = plate(min(height, width), label.language)
    for index, frame in enumerate(frames):
        seconds = index / fps
        if label.where == "opening" and seconds >= HOLD_SECONDS + FADE_SECONDS:
            return
        fading = label.where == "opening" and seconds > HOLD_SECONDS
        strength = 1 - (seconds - HOLD_SECONDS) / FADE_SECONDS if fading else 1.0
        turn = int(seconds / CORNER_SECONDS) if label.where == "moving" else 0
        _blend(frame, plate_, CORNERS[turn % len(CORNERS)], strength)


@lru_cache(maxsize=16)
def plate(short_side: int, language: Language) -> np.ndarray:
    """The label for a picture whose short side has so many pixels: (h, w, 2) float32 in 0..1.

    Channel 0 is how much of the picture is covered, channel 1 the grey value put in its place.
    """
    text = TEXTS[language]
    font = _font(short_side, text)
    size = font.size
    tracking = 0.05 * size if language == "en" else 0.02 * size
    advances = [font.getlength(glyph) + tracking for glyph in text]
    boxes = [font.getbbox(glyph, anchor="ls") for glyph in text]
    top, bottom = (round(f(box[i] for box in boxes)) for f, i in ((min, 1), (max, 3)))
    inside = round(sum(advances) - tracking)
    pad_x, pad_y = _whole(0.55 * size), _whole(0.40 * size)
    wide = _whole(inside + 2 * pad_x)
    high = _whole(bottom - top + 2 * pad_y)

    def rounded(inset: int) -> np.ndarray:
        mask = Image.new("L", (wide, high))
        box = (inset, inset, wide - 1 - inset, high - 1 - inset)
        ImageDraw.Draw(mask).rounded_rectangle(box, radius=0.34 * high - inset, fill=255)
        return _averaged(mask)

    letters = Image.new("L", (wide, high))
    pen = ImageDraw.Draw(letters)
    # The baseline on a whole pixel of the result, so that capitals end in a crisp edge.
    x, baseline = float((wide - inside) // 2), _whole(pad_y - top)
    for glyph, advance in zip(text, advances, strict=True):
        pen.text((x, baseline), glyph, fill=255, font=font, anchor="ls")
        x += advance
    shape, ink = rounded(0), _averaged(letters)
    rim = np.clip(shape - rounded(max(FINE, round(0.05 * size))), 0, 1) * RIM_OPACITY
    white = np.maximum(ink, rim)
    cover = white + (1 - white) * PLATE_OPACITY * shape
    grey = 255 * white / np.maximum(cover, 1e-6)
    return np.stack([cover, grey], axis=-1).astype(np.float32)


def _font(short_side: int, text: str) -> ImageFont.FreeTypeFont:
    """The smallest size at which each glyph of `text`, but the hyphen, is high enough."""
    needed = FINE * int(np.ceil(GLYPH_SHARE * short_side)) + 1
    font = ImageFont.truetype(FONT, needed)
    while min(box[3] - box[1] for box in map(font.getbbox, text.replace("-", ""))) < needed:
        font = font.font_variant(size=font.size + 1)
    return font


def _whole(length: float) -> int:
    """Rounded up to whole pixels of the result."""
    return int(np.ceil(length / FINE)) * FINE


def _averaged(mask: Image.Image) -> np.ndarray:
    return np.asarray(mask.reduce(FINE), dtype=np.float32) / 255


def _blend(frame: np.ndarray, plate_: np.ndarray, corner: str, strength: float) -> None:
    height, width = frame.shape[:2]
    high, wide = plate_.shape[:2]
    edge = round(0.04 * min(height, width))
    y = edge if corner.startswith("top") else max(0, height - edge - high)
    x = edge if corner.endswith("left") else max(0, width - edge - wide)
    under = frame[y : y + high, x : x + wide]
    shown_ = plate_[: under.shape[0], : under.shape[1]]
    cover = shown_[..., :1] * strength
    under[:] = np.rint(under * (1 - cover) + shown_[..., 1:] * cover).astype(np.uint8)

"""The three visual styles, and the grade that lies over every picture.

- `shaded`: soft light as painted; the set a little out of focus behind near shots.
- `paper`: cut paper: flat steps of tone, fibres, a shadow under every sheet, a white rim.
- `ink`: ink and thin colour on rice paper: edges gather pigment, distance dissolves.
- Plates are styled once a shot (`finish_of`), performers on every frame (`style_cel`), both with
  the same functions, so that set and cast belong together.
- `make_grade` is one premultiplied picture a clip: vignette, tint of the hour, light from the sun's
  side. It lies over everything and costs one blit.

Called from shoot.py.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import skia
from PIL import Image, ImageChops, ImageFilter

from onereel.backlot.brush import channels, fill, mix, radial
from onereel.backlot.light import Light
from onereel.backlot.plates import Finish, Frame, brighten, noise_at, surface_of
from onereel.backlot.scenery import Layer

PAPER = np.array((212, 232, 243), np.float32)  # BGR of rice paper
INK = np.array((38, 27, 24), np.float32)
# How far out of focus the farthest layer is, in picture heights.
FOCUS = {"wide": 0.0008, "full": 0.002, "medium": 0.006, "close": 0.011}


def focus_of(style: str, size: str) -> float:
    return FOCUS[size] * {"shaded": 1.0, "paper": 0.0, "ink": 0.5}[style]


def finish_of(style: str, light: Light, height: int) -> Finish | None:
    """What is done to each static layer of a picture `height` pixels high."""
    if style == "shaded":
        return None

    def paper(pixels: Frame, layer: Layer, scale: float, left: float, top: float) -> None:
        if layer.glows:
            return
        merge(pixels, max(0.6, 0.0035 * height))
        steps(pixels, 9, True)
        grain = noise_at(pixels.shape[:2], scale * 0.2, left * 5, top * 5)
        brighten(pixels, (128.5 + 4.5 * grain).astype(np.uint16))
        lay_shadow_under(pixels, max(1, round(0.011 * height)), 0.5, light.side)

    def ink(pixels: Frame, layer: Layer, scale: float, left: float, top: float) -> None:
        if layer.glows:
            return
        grain = noise_at(pixels.shape[:2], scale * 0.45, left * 2.2, top * 2.2)
        wash(pixels, 0.58, max(1.0, 0.012 * height), 0.42 * max(0.0, 1.0 - layer.depth), grain)

    return paper if style == "paper" else ink


def style_cel(pixels: Frame, style: str, light: Light, height: int) -> tuple[Frame, int]:
    """The performer's pixels in the style of the set, and by how many pixels they grew on each
    side. Colours outside the original pixels do not depend on the colours inside."""
    if style == "paper":
        rim = max(1, round(0.007 * height))
        far = max(1, round(0.016 * height))
        grown = np.zeros((pixels.shape[0] + 2 * far, pixels.shape[1] + 2 * far, 4), np.uint8)
        inner = grown[far:-far, far:-far]
        steps(pixels, 9, False)
        alpha = np.zeros(grown.shape[:2], np.uint8)
        alpha[far:-far, far:-far] = pixels[..., 3]
        wide = np.asarray(Image.fromarray(alpha).filter(ImageFilter.BoxBlur(rim)), np.uint16)
        edge = np.minimum(255, wide * 3)
        white = np.array([*channels(light.lit(0xFBF7EE))[::-1], 255], np.uint16)
        grown[:] = edge[..., None] * white // 255
        room = 255 - pixels[..., 3:].astype(np.uint16)
        inner[:] = np.minimum(255, pixels + inner * room // 255)
        lay_shadow_under(grown, max(1, far - rim - 1), 0.5, light.side)
        return grown, far
    return pixels, 0


def merge(pixels: Frame, radius: float) -> None:
    """Melts small detail into larger shapes."""
    picture = Image.frombuffer("RGBX", pixels.shape[1::-1], pixels, "raw", "RGBX", 0, 1)
    pixels[..., :3] = np.minimum(
        np.asarray(picture.filter(ImageFilter.GaussianBlur(radius)))[..., :3], pixels[..., 3:]
    )


def steps(pixels: Frame, count: int, soft: bool) -> None:
    """Brightness in `count` steps, hue and saturation kept."""
    top = np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])
    gains = step_gains(count)
    if soft:  # by alpha too, so that a soft edge keeps the step of its sheet
        brighten(pixels, gains[pixels[..., 3], top])
    else:
        brighten(pixels, np.take(gains[255], top))


@lru_cache(maxsize=2)
def step_gains(count: int) -> np.ndarray:
    """(256, 256) uint16 gains, 128 being one, by alpha and premultiplied value."""
    alpha, top = np.mgrid[0:256, 0:256] / 255
    value = np.minimum(1.0, top / np.maximum(alpha, 1 / 255))
    place = value**0.8 * count
    # Between two steps a short slope: a hard one would be jagged, and show every grain.
    slope = np.clip((place % 1.0 - 0.7) / 0.3, 0.0, 1.0)
    level = (np.floor(place) + slope * slope * (3 - 2 * slope) + 0.4) / count
    gain = 128 * level**1.25 / np.maximum(value, 1 / 255)
    return gain.astype(np.uint16)


def lay_shadow_under(pixels: Frame, distance: int, strength: float, side: int) -> None:
    """The shadow of a sheet's edge on what lies beneath it."""
    alpha = pixels[..., 3]
    if alpha.min() == 255 or alpha.max() == 0:
        return
    soft = Image.fromarray(alpha).filter(ImageFilter.BoxBlur(distance * 0.7))
    half = max(1, distance // 2)
    moved = np.asarray(ImageChops.offset(soft, -side * half, half)).copy()
    moved[:half] = 0  # what came round the edge
    if side > 0:
        moved[:, -half:] = 0
    else:
        moved[:, :half] = 0
    room = 255 - alpha.astype(np.uint16)
    shade = (moved * strength).astype(np.uint16) * room // 255
    pixels[..., 3] = np.minimum(255, alpha + shade)


def wash(
    pixels: Frame, colour: float, radius: float, fade: float, grain: np.ndarray | None
) -> None:
    """Ink on paper: `colour` of the chroma stays, edges darken, distance fades to paper."""
    alpha = pixels[..., 3:].astype(np.float32)
    cover = alpha / 255
    flat = pixels[..., :3].astype(np.float32)
    light = flat @ np.array((0.114, 0.587, 0.299), np.float32)
    plain = Image.fromarray(light.astype(np.uint8))
    around = np.asarray(plain.filter(ImageFilter.GaussianBlur(radius)), np.float32)
    tone = light + np.clip(light - around, -46, 12) * 1.1
    amount = np.clip(tone / np.maximum(alpha[..., 0], 1.0), 0.0, 1.0)
    # A wash leaves much of the paper bare: lights go to paper, darks stay.
    amount = np.clip(1.14 * amount**0.82 - 0.03, 0.0, 1.0)
    if grain is not None:
        amount = np.clip(amount + 0.07 * grain * (1.15 - amount), 0.0, 1.0)
    chroma = (flat - light[..., None]) * colour
    made = (INK + (PAPER - INK) * amount[..., None]) * cover + chroma
    made += (PAPER * cover - made) * fade
    np.clip(made, 0, alpha, out=pixels[..., :3], casting="unsafe")


def moving_paint(style: str) -> Any:
    """What performers and moving parts of a set are drawn through, to keep to its style: for ink
    the wash as a matrix, without the edges that only `wash` can find."""
    if style != "ink":
        return None
    blue, green, red = (float(value) for value in PAPER - INK)
    rows: list[list[float]] = []
    for share, dark in ((red, INK[2]), (green, INK[1]), (blue, INK[0])):
        channel = len(rows)
        row = [0.299 * share / 255, 0.587 * share / 255, 0.114 * share / 255, 0.0, dark / 255]
        kept = (-0.299 * 0.6, -0.587 * 0.6, -0.114 * 0.6)
        row = [value + (kept[place] if place < 3 else 0.0) for place, value in enumerate(row)]
        row[channel] += 0.6
        rows.append(row)
    matrix = [value for row in rows for value in row] + [0.0, 0.0, 0.0, 1.0, 0.0]
    return skia.Paint(ColorFilter=skia.ColorFilters.Matrix(matrix))


@lru_cache(maxsize=4)
def make_grade(style: str, light: Light, size: tuple[int, int]) -> Frame:
    """All shots of a clip share it: read it only."""
    width, height = size
    pixels = np.zeros((height, width, 4), np.uint8)
    surface = surface_of(pixels)
    canvas: Any = surface.getCanvas()
    if style == "shaded":
        canvas.drawPaint(fill(light.direct, 0.035))
    canvas.save()
    canvas.translate(width / 2, height / 2)
    canvas.scale(width / 2, height / 2)
    edge, amount = mix(0x140A28, light.sky_top, 0.12), 0.27
    if style == "ink":
        edge, amount = 0xF3E8D4, 0.9
    elif style == "paper":
        edge, amount = 0x2A1A30, 0.14
    stops = ((0.0, edge, 0.0), (0.58, edge, 0.0), (0.8, edge, amount * 0.28), (1.0, edge, amount))
    canvas.drawPaint(radial((0.0, 0.0), 1.5, *stops))
    canvas.restore()
    surface.flushAndSubmit()
    if style == "shaded":
        add_flare(pixels, light)
    pixels.flags.writeable = False
    return pixels


def add_flare(pixels: Frame, light: Light) -> None:
    """Light that the lens scatters from the sun's corner: added, so it covers nothing."""
    height, width = pixels.shape[:2]
    x = (0.5 + 0.42 * light.sun_place[0]) * width
    y = max(-0.1, light.sun_place[1] - 0.2) * height
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    distance = np.hypot(columns - x, rows - y) / max(width, height)
    strength = {"dawn": 0.15, "day": 0.09, "dusk": 0.18, "night": 0.05}[light.time]
    strength *= 1.0 - 0.8 * light.softness
    glow = np.clip(1.0 - distance / 0.75, 0.0, 1.0) ** 2.2 * strength
    colour = np.array(channels(light.direct)[::-1], np.float32)
    added = pixels[..., :3] + glow[..., None] * colour
    np.minimum(added, 255, out=pixels[..., :3], casting="unsafe")

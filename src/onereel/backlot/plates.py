"""Painting the set: static layers once per shot, moved for each frame; moving parts live.

- Pixels are BGRA, skia's native order: its fast blitters know no other, and a sub-pixel blit of
  512x288 takes 0.45 ms instead of 5.
- A `Plate` is as large as the camera will need it; skia cuts each frame's view out of it.
- What a plate never needs again per frame is done once: texture, focus blur, style.
- Neighbouring plates that never move are merged, so a static camera pays for one copy.

Called from shoot.py.
"""

from collections.abc import Callable
from functools import lru_cache
from math import ceil, floor
from typing import Any

import numpy as np
import skia
from PIL import Image, ImageFilter

from onereel.backlot.camera import View, layer_view
from onereel.backlot.scenery import Area, Layer

Frame = np.ndarray  # (H, W, 4) uint8, premultiplied BGRA
TILE = 1024  # pixels of a noise tile
TILE_UNITS = 5.0  # of the world that it covers

LINEAR = skia.SamplingOptions(skia.FilterMode.kLinear)


def surface_of(target: Frame) -> Any:
    """Paints straight into the array. Keep the surface: its canvas dies with it."""
    height, width = target.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType)
    return skia.Surface.MakeRasterDirect(info, target)


def image_of(pixels: Frame, opaque: bool = False) -> Any:
    """Shares the memory of `pixels`, which must outlive every drawing of it."""
    alpha = skia.kOpaque_AlphaType if opaque else skia.kPremul_AlphaType
    return skia.Image.fromarray(pixels, skia.kBGRA_8888_ColorType, alpha, copy=False)


def enter_world(canvas: Any, view: View, size: tuple[int, int]) -> None:
    width, height = size
    scale = view.zoom * height
    canvas.translate(width / 2, height / 2)
    canvas.scale(scale, scale)
    canvas.translate(-view.x, -view.y)


def area_of(view: View, size: tuple[int, int]) -> Area:
    half_y = 0.5 / view.zoom
    half_x = half_y * size[0] / size[1]
    return Area(view.x - half_x, view.x + half_x, view.y - half_y, view.y + half_y)


@lru_cache(maxsize=4)
def noise_tile(coarsest: int = 8, finest: int = 256) -> np.ndarray:
    """(TILE, TILE) float32 that wraps around, mean 0, about -1..1: octaves of smooth noise."""
    rng = np.random.Generator(np.random.PCG64(7))
    total = np.zeros((TILE, TILE), np.float32)
    cells, weight = coarsest, 1.0
    while cells <= finest:
        coarse = rng.standard_normal((cells, cells)).astype(np.float32)
        place = np.arange(TILE) * (cells / TILE)
        index, part = place.astype(int), (place % 1.0).astype(np.float32)
        part = part * part * (3 - 2 * part)
        rows = coarse[index % cells] * (1 - part)[:, None]
        rows += coarse[(index + 1) % cells] * part[:, None]
        total += weight * (
            rows[:, index % cells] * (1 - part) + rows[:, (index + 1) % cells] * part
        )
        cells, weight = cells * 2, weight * 0.62
    return total / (2.2 * total.std())


def noise_at(
    shape: tuple[int, int], scale: float, left: float, top: float, stretch: float = 1.0
) -> np.ndarray:
    """(rows, columns) of the noise where a plate lies; `stretch` draws it out sideways."""
    tile = noise_tile()
    per_unit = TILE / TILE_UNITS
    # The tile's finest waves are four pixels long: its nearest pixel is near enough.
    rows = ((top + np.arange(shape[0]) / scale) * per_unit * stretch**0.5).astype(int) % TILE
    columns = ((left + np.arange(shape[1]) / scale) * per_unit / stretch**0.5).astype(int) % TILE
    return tile[rows][:, columns]


def add_texture(
    pixels: Frame, scale: float, left: float, top: float, strength: float, stretch: float
) -> None:
    """Uneven paint: flat fills are what gives cheap pictures away."""
    noise = noise_at(pixels.shape[:2], scale, left, top, stretch)
    brighten(pixels, (128.5 + 128 * strength * noise).astype(np.uint16))


def brighten(pixels: Frame, gain: np.ndarray) -> None:
    """Multiplies the colours by `gain` (H, W) uint16, 128 being one and 256 the most: products
    stay within 16 bits. Never beyond the alpha."""
    gain = np.minimum(gain, 256)
    for channel in range(3):  # four times as fast as all at once
        colour = pixels[..., channel] * gain
        colour >>= 7
        np.minimum(colour, pixels[..., 3], out=pixels[..., channel], casting="unsafe")


def blur(pixels: Frame, radius: float) -> None:
    picture = Image.frombuffer("RGBX", pixels.shape[1::-1], pixels, "raw", "RGBX", 0, 1)
    # RGBX: the colours are premultiplied already, Pillow must not do it again. A small blur is
    # three weights: a box of the same variance, at a third of the price.
    if radius < 0.8:
        soft = picture.filter(ImageFilter.BoxBlur(radius**2 / (2 - 2 * radius**2)))
    else:
        soft = picture.filter(ImageFilter.GaussianBlur(radius))
    pixels[:] = np.asarray(soft)


Finish = Callable[[Frame, Layer, float, float, float], None]


class Plate:
    """A static layer painted once, as large as the camera will need it."""

    def __init__(
        self,
        layer: Layer,
        views: list[View],
        times: list[float],
        size: tuple[int, int],
        focus: float,
        finish: Finish | None,
    ):
        """`focus` is the radius in picture heights by which the farthest layer is out of focus."""
        self.layer, self.size = layer, size
        self.views = [
            View(seen.x - layer.drift * time, seen.y, seen.zoom)
            for seen, time in zip((layer_view(v, layer.depth) for v in views), times, strict=True)
        ]
        self.still = len(set(self.views)) == 1
        zoom = max(view.zoom for view in self.views)
        areas = [area_of(view, size) for view in self.views]
        self.scale = zoom * size[1]
        self.left = min(area.left for area in areas)
        self.top = min(area.top for area in areas)
        right, bottom = max(a.right for a in areas), max(a.bottom for a in areas)
        # Two pixels more on each side for the interpolation. Whole pixels from the world's origin,
        # so that a longer clip (a larger plate) begins with exactly the same pictures.
        margin = 0 if self.still else 2
        if not self.still:
            self.left = floor(self.left * self.scale - margin) / self.scale
            self.top = floor(self.top * self.scale - margin) / self.scale
        columns = ceil((right - self.left) * self.scale - 1e-6) + margin
        rows = ceil((bottom - self.top) * self.scale - 1e-6) + margin
        self.pixels = np.zeros((rows, columns, 4), np.uint8)
        surface = surface_of(self.pixels)
        canvas = surface.getCanvas()
        canvas.scale(self.scale, self.scale)
        canvas.translate(-self.left, -self.top)
        assert layer.paint is not None
        layer.paint(canvas, Area(self.left, right, self.top, bottom))
        surface.flushAndSubmit()
        whole = columns
        away = max(0.0, 1.0 - layer.depth) if not layer.front else 0.35
        radius = focus * size[1] * away
        self.column, self.row = self.crop(
            2 + ceil(3 * radius) + (0 if finish is None else ceil(0.03 * size[1]))
        )
        self.left += self.column / self.scale
        self.top += self.row / self.scale
        if layer.texture > 0:
            add_texture(self.pixels, self.scale, self.left, self.top, layer.texture, layer.stretch)
        if radius > 0.4:
            blur(self.pixels, radius)
        if finish is not None:
            finish(self.pixels, layer, self.scale, self.left, self.top)
        if layer.glows:
            self.pixels[..., 3] = 0  # premultiplied light: added, covers nothing
        if self.still:
            kept = self.pixels[: size[1] - self.row, : size[0] - self.column]
            self.pixels = np.ascontiguousarray(kept)
        self.ready(self.pixels.shape[1] == whole or self.still)

    def ready(self, wide: bool) -> None:
        """`wide`: whether the columns reach over the whole picture."""
        alpha = self.pixels[..., 3]
        self.opaque = bool(alpha.min() == 255)
        self.image = image_of(self.pixels, self.opaque)
        # From `floor` down nothing behind this plate can be seen.
        gaps = np.flatnonzero((alpha != 255).any(axis=1))
        first = int(gaps[-1]) + 1 if len(gaps) else 0
        reaches = wide and alpha.shape[1] >= self.size[0] and first < len(alpha)
        self.floor = first if reaches else None

    def hides_from(self, index: int) -> int:
        """The row of the picture from which this plate covers all behind it."""
        if self.floor is None:
            return self.size[1]
        if self.still:
            reach = self.row + len(self.pixels) == self.size[1]
            return self.row + self.floor if reach else self.size[1]
        view = self.views[index]
        y = (self.top + self.floor / self.scale - view.y) * view.zoom + 0.5
        return ceil(y * self.size[1]) + 2  # past the interpolation

    def crop(self, margin: int) -> tuple[int, int]:
        """Keeps what is painted: most layers are a strip of the picture. Returns its corner."""
        painted = self.pixels.view(np.uint32)[..., 0] != 0
        rows = np.flatnonzero(painted.any(axis=1))
        if not len(rows):
            self.pixels = np.zeros((1, 1, 4), np.uint8)
            return 0, 0
        columns = np.flatnonzero(painted[rows[0] : rows[-1] + 1].any(axis=0))
        row, column = max(0, int(rows[0]) - margin), max(0, int(columns[0]) - margin)
        kept = self.pixels[row : rows[-1] + 1 + margin, column : columns[-1] + 1 + margin]
        self.pixels = np.ascontiguousarray(kept)
        return column, row

    def merge(self, other: "Plate") -> None:
        """Lays another plate that never moves over this one."""
        whole = np.zeros((self.size[1], self.size[0], 4), np.uint8)
        surface = surface_of(whole)
        for plate in (self, other):
            plate.draw(surface.getCanvas(), whole, 0, self.size[1])
        surface.flushAndSubmit()
        self.pixels, self.column, self.row = whole, 0, 0
        self.ready(True)

    def draw(self, canvas: Any, target: Frame, index: int, floor: int) -> None:
        """`floor` is the row of the picture from which it is hidden."""
        if self.still:
            if self.opaque and self.pixels.shape == target.shape:
                target[:floor] = self.pixels[:floor]
            else:
                canvas.drawImage(self.image, self.column, self.row)
            return
        canvas.save()
        if floor < self.size[1]:
            canvas.clipRect(skia.Rect.MakeWH(self.size[0], floor))
        enter_world(canvas, self.views[index], self.size)
        canvas.translate(self.left, self.top)
        canvas.scale(1 / self.scale, 1 / self.scale)
        canvas.drawImage(self.image, 0, 0, LINEAR)
        canvas.restore()


def prepare_set(
    layers: tuple[Layer, ...],
    views: list[View],
    times: list[float],
    size: tuple[int, int],
    focus: float = 0.0,
    finish: Finish | None = None,
) -> list[Plate | Layer]:
    """Plates and moving parts in order; neighbouring plates that never move become one."""
    parts: list[Plate | Layer] = []
    for layer in layers:
        if layer.paint is not None:
            plate = Plate(layer, views, times, size, focus, finish)
            before = parts[-1] if parts else None
            if plate.still and isinstance(before, Plate) and before.still:
                before.merge(plate)
            else:
                parts.append(plate)
        if layer.moving is not None:
            parts.append(layer)
    return parts


def draw_set(
    canvas: Any,
    target: Frame,
    parts: list[Plate | Layer],
    view: View,
    index: int,
    time: float,
    through: Any = None,
) -> None:
    """`through` is a paint that the moving parts are drawn through."""
    size = (target.shape[1], target.shape[0])
    floors, floor = [], size[1]
    for part in reversed(parts):  # what comes after hides the lower part of what is behind
        floors.append(floor)
        if isinstance(part, Plate):
            floor = max(0, min(floor, part.hides_from(index)))
    for part, floor in zip(parts, reversed(floors), strict=True):
        if isinstance(part, Plate):
            part.draw(canvas, target, index, floor)
        elif part.moving is not None:
            seen = layer_view(view, part.depth)
            if through is None:
                canvas.save()
            else:
                canvas.saveLayer(None, through)
            enter_world(canvas, seen, size)
            part.moving(canvas, area_of(seen, size), time)
            canvas.restore()

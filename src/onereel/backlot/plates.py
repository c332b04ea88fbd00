"""Painting the set: static layers once per shot, moved for each frame; moving parts live.

- A `Plate` is as large as the camera will need it; Pillow cuts each frame's view out of it at
  sub-pixel precision: 1.8 ms at 512x288, where a skia blit takes 9. (OpenCV takes 0.3, but its
  61 MB would not fit beside us on a training machine that everything must be carried to.)
- Neighbouring plates that never move are merged, so a static camera pays for one copy.

Called from shoot.py.
"""

from math import ceil, floor
from typing import Any

import numpy as np
import skia
from PIL import Image

from onereel.backlot.brush import radial
from onereel.backlot.camera import View, layer_view
from onereel.backlot.scenery import Area, Layer

Frame = np.ndarray  # (H, W, 4) uint8, premultiplied RGBA


def surface_of(target: Frame) -> Any:
    """Paints straight into the array. Keep the surface: its canvas dies with it."""
    height, width = target.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    return skia.Surface.MakeRasterDirect(info, target)


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


class Plate:
    """A static layer painted once, as large as the camera will need it."""

    def __init__(self, layer: Layer, views: list[View], times: list[float], size: tuple[int, int]):
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
        # One pixel more on each side for the interpolation. Whole pixels from the world's origin,
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
        self.opaque = bool(self.pixels[..., 3].min() == 255)
        # RGBX: the colours are premultiplied already, Pillow must not do it again.
        self.image = Image.frombuffer("RGBX", (columns, rows), self.pixels, "raw", "RGBX", 0, 1)

    def seen(self, index: int) -> Frame:
        if self.still:
            return self.pixels[: self.size[1], : self.size[0]]
        view, (width, height) = self.views[index], self.size
        zoom = view.zoom * height
        ratio = zoom / self.scale
        left = (view.x - self.left) * self.scale - width / 2 / ratio
        top = (view.y - self.top) * self.scale - height / 2 / ratio
        box = (left, top, left + width / ratio, top + height / ratio)
        return np.asarray(self.image.resize((width, height), Image.Resampling.BILINEAR, box=box))


def lay_over(canvas: Any, target: Frame, pixels: Frame, opaque: bool) -> None:
    if opaque:
        target[:] = pixels
        return
    pixels = np.ascontiguousarray(pixels)
    image = skia.Image.fromarray(
        pixels, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType, copy=False
    )
    canvas.drawImage(image, 0, 0)


def prepare_set(
    layers: tuple[Layer, ...], views: list[View], times: list[float], size: tuple[int, int]
) -> list[tuple[Plate | None, Layer]]:
    """Plates and moving parts in order; neighbouring plates that never move become one."""
    parts: list[tuple[Plate | None, Layer]] = []
    for layer in layers:
        if layer.paint is not None:
            plate = Plate(layer, views, times, size)
            before = parts[-1][0] if parts else None
            if plate.still and before is not None and before.still and parts[-1][1].moving is None:
                merged = np.ascontiguousarray(before.seen(0))
                surface = surface_of(merged)
                lay_over(surface.getCanvas(), merged, plate.seen(0), plate.opaque)
                before.pixels = merged
            else:
                parts.append((plate, Layer(layer.depth)))
        if layer.moving is not None:
            parts.append((None, layer))
    return parts


def draw_set(
    canvas: Any,
    target: Frame,
    parts: list[tuple[Plate | None, Layer]],
    view: View,
    index: int,
    time: float,
) -> None:
    size = (target.shape[1], target.shape[0])
    for plate, layer in parts:
        if plate is not None:
            lay_over(canvas, target, plate.seen(index), plate.opaque)
        if layer.moving is not None:
            seen = layer_view(view, layer.depth)
            canvas.save()
            enter_world(canvas, seen, size)
            layer.moving(canvas, area_of(seen, size), time)
            canvas.restore()


def make_vignette(size: tuple[int, int]) -> Frame:
    pixels = np.zeros((size[1], size[0], 4), np.uint8)
    surface = surface_of(pixels)
    canvas = surface.getCanvas()
    canvas.translate(size[0] / 2, size[1] / 2)
    canvas.scale(size[0] / 2, size[1] / 2)
    stops = ((0.0, 0x140A28, 0.0), (0.6, 0x140A28, 0.0), (1.0, 0x140A28, 0.26))
    canvas.drawPaint(radial((0.0, 0.0), 1.5, *stops))
    return pixels

"""Shadows of the performers on the ground, from their own pixels.

- The silhouette is laid down on the ground, away from the sun: it moves as the body moves, and
  leaves the feet when the body is in the air.
- Under each foot a dark spot where it touches.
- Both are soft because they are drawn small and blown up.

Called from shoot.py.
"""

from typing import Any

import numpy as np
import skia
from PIL import Image, ImageFilter

from onereel.backlot.brush import radial
from onereel.backlot.light import Light
from onereel.backlot.plates import LINEAR, Frame, image_of

STEP = 4  # pixels of the picture per pixel of the shadow
SQUASH, SHEAR = 0.2, 0.34
TONE = (0x2C, 0x0C, 0x14)  # BGR


def cast_shadow(
    canvas: Any, pixels: Frame, left: float, top: float, ground: float, light: Light
) -> None:
    """`ground` is the row of the picture that the performers stand on."""
    alpha = pixels[::STEP, ::STEP, 3]
    if ground < top or min(alpha.shape) < 2:
        return
    rows, columns = alpha.shape
    border = 2
    wide = np.zeros((rows + 2 * border, columns + 2 * border), np.uint8)
    wide[border:-border, border:-border] = alpha
    # A small blur, so that edges melt.
    wide = np.asarray(Image.fromarray(wide).filter(ImageFilter.BoxBlur(1)), np.uint16)
    strength = light.shadow * (1.0 - 0.45 * light.softness) * 1.25
    shade = (wide * strength).astype(np.uint16)
    small = np.empty((*shade.shape, 4), np.uint8)
    for channel, value in enumerate(TONE):
        small[..., channel] = shade * value // 255
    small[..., 3] = shade
    # (x, y) of the silhouette falls to (x - side * shear * h, ground + squash * h), h above ground.
    canvas.save()
    side = light.side
    origin = top - border * STEP
    height = ground - origin
    matrix = skia.Matrix.MakeAll(
        STEP, side * SHEAR * STEP, left - border * STEP - side * SHEAR * height,
        0.0, -SQUASH * STEP, ground + SQUASH * height,
        0.0, 0.0, 1.0,
    )  # fmt: skip
    canvas.concat(matrix)
    canvas.drawImage(image_of(small), 0, 0, LINEAR)
    canvas.restore()


def foot_shadows(canvas: Any, feet: np.ndarray, scale: float, ground: float, light: Light) -> None:
    """`feet` (N, 2) in pixels, `scale` pixels per world unit."""
    dark = min(0.8, light.shadow * 2.0)
    stops = ((0.0, 0x140C2C, dark), (0.5, 0x140C2C, dark * 0.6), (1.0, 0x140C2C, 0.0))
    paint = radial((0.0, 0.0), 1.0, *stops)
    for x, y in feet:
        air = max(0.0, (ground - y) / scale - 0.05)
        if air > 0.5:
            continue
        size = 0.105 * (1.0 - 1.2 * air)
        canvas.save()
        canvas.translate(float(x), ground)
        canvas.scale(max(0.02, size) * scale, max(0.006, 0.26 * size) * scale)
        canvas.drawCircle(0, 0, 1, paint)
        canvas.restore()

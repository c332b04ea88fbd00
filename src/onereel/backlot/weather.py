"""Rain and snow, in two depths, as pure functions of time.

- Particles wrap around the picture, so any clip length works; behind and before the performers.

Called from shoot.py.
"""

from math import sin
from typing import Any

import skia

from onereel.backlot.brush import chance, mix, stroke
from onereel.backlot.light import Light


def draw_weather(
    canvas: Any,
    weather: str,
    seed: int,
    light: Light,
    time: float,
    size: tuple[int, int],
    front: bool,
) -> None:
    """In pixels of the picture. `front` particles are larger, faster and fewer."""
    if weather not in ("rain", "snow"):
        return
    width, height = size
    salt = 2 if front else 1
    near = 1.0 if front else 0.62
    aspect = width / height
    pale = mix(0xFFFFFF, light.haze, 0.1 if front else 0.3)
    count = round((34 if front else 44) * max(aspect, 0.6))
    builder = skia.PathBuilder()
    points = []
    for index in range(count):
        u, v = chance(seed, salt, index, 0), chance(seed, salt, index, 1)
        if weather == "rain":
            fall = (v + time * (1.9 + 0.3 * u) * near) % 1.2 - 0.15
            x = (u * (aspect + 0.3) - 0.2 * fall) * height
            long = 0.075 * near
            builder.moveTo(x, fall * height)
            builder.lineTo(x - 0.2 * long * height, (fall + long) * height)
        else:
            fall = (v + time * (0.17 + 0.09 * u) * near) % 1.1 - 0.05
            drift = 0.03 * sin(1.3 * time + 40 * u) + 0.03 * time * near
            x = (u * (aspect + 0.2) + drift) % (aspect + 0.2) - 0.1
            points.append(skia.Point(x * height, fall * height))
    if weather == "rain":
        paint = stroke(pale, max(0.8, 0.0075 * near * height), 0.5 if front else 0.33)
        canvas.drawPath(builder.detach(), paint)
    else:
        paint = stroke(pale, 0.026 * near * height, 0.92 if front else 0.7)
        canvas.drawPoints(skia.Canvas.PointMode.kPoints_PointMode, points, paint)

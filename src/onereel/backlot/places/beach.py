"""A beach: palms, surf that comes and goes, islands on the horizon.

Called from sets.py.
"""

from math import cos, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, linear, polygon, scatter, stroke
from onereel.backlot.plants import near_grass
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    blades,
    box,
    dots,
    down,
    fade,
    ground,
    leaves,
    oval,
    patches,
    rock,
    shadow_under,
    soft,
)
from onereel.backlot.sky import sky_layers


def beach(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    horizon = -0.52

    def sea(canvas: Any, area: Area) -> None:
        stops = (
            (0.0, light.shade(0x9BDCEB, 0.55), 1.0),
            (0.12, light.shade(0x3FB2D8, 0.2), 1.0),
            (0.5, light.shade(0x1F8FC4), 1.0),
            (1.0, light.shade(0x35BFC6), 1.0),
        )
        canvas.drawRect(
            box(area.left, horizon, area.right, 2.0), linear((0.0, horizon), (0.0, -0.02), *stops)
        )
        oval(
            canvas,
            (area.left + area.right) / 2,
            horizon,
            area.right - area.left,
            0.01,
            soft(light.haze, 0.012, 0.7),
        )
        # The sun's road on the water.
        sun = area.right * light.sun_place[0] * 0.8
        if light.softness < 0.35:
            for x, a, b, c in scatter(stage.seed, 18, sun - 0.3, sun + 0.3, 0.012):
                y = horizon + 0.02 + 0.4 * a * a
                wide = (0.01 + 0.03 * b) * (0.4 + a)
                near = sun + (x - sun) * (0.25 + a)
                oval(canvas, near, y, wide, 0.0035 + 0.003 * a, fill(light.direct, 0.3 + 0.5 * c))
        for tone, salt in ((light.dark(0x2A8FBE), 16), (light.lit(0x7FD8E4), 17)):
            for x, a, b, _c in scatter(stage.seed, salt, area.left, area.right, 0.05):
                y = horizon + 0.015 + 0.42 * a**1.6
                oval(
                    canvas, x, y, (0.03 + 0.1 * a) * (0.5 + b), 0.002 + 0.005 * a, fill(tone, 0.35)
                )

    def islands(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 15, area.left - 1, area.right + 1, 2.3):
            wide, tall = 0.35 + 0.3 * a, 0.1 + 0.1 * b
            outline = blob(
                (
                    (x - wide, horizon + 0.03),
                    (x - wide * 0.5, horizon - tall * (0.5 + 0.3 * c)),
                    (x, horizon - tall),
                    (x + wide * 0.55, horizon - tall * 0.55),
                    (x + wide, horizon + 0.03),
                ),
                tension=0.7,
            )
            canvas.save()
            canvas.clipRect(box(area.left, -5.0, area.right, horizon + 0.004))
            canvas.drawPath(
                outline,
                down(
                    horizon - tall,
                    horizon,
                    light.lit(0x4F8F86, 0.4, 0.3),
                    light.shade(0x5C9AA4, 0.66),
                ),
            )
            canvas.restore()

    def swell(canvas: Any, area: Area, time: float) -> None:
        foam = light.lit(0xFFFFFF, 0.1)
        for row in range(5):
            near = row / 4
            y, step = horizon + 0.04 + 0.3 * near**1.3, 0.3 + 0.34 * near
            y += 0.008 * sin(1.3 * time + row)
            shift = (0.04 + 0.07 * near) * time * (1 if row % 2 else -1)
            builder = skia.PathBuilder()
            for x, a, b, _c in scatter(
                stage.seed, 20 + row, area.left - shift, area.right - shift, step
            ):
                wide = step * (0.18 + 0.2 * a) * (0.75 + 0.25 * sin(1.9 * time + 9 * b))
                lift = 0.006 + 0.012 * near
                builder.moveTo(x + shift - wide, y)
                builder.quadTo(x + shift, y - lift, x + shift + wide, y)
                builder.quadTo(x + shift, y - lift * 0.2, x + shift - wide, y)
            canvas.drawPath(builder.detach(), fill(foam, 0.5))

    def surf(canvas: Any, area: Area, time: float) -> None:
        reach = -0.17 + 0.03 * sin(2 * pi * time / 3.2)
        edge = [(area.left - 0.2, -0.42)]
        steps = int((area.right - area.left) / 0.16) + 3
        for index in range(steps):
            x = area.left - 0.2 + 0.16 * index
            edge.append(
                (x, reach + 0.014 * sin(3.1 * x + 0.8 * time) + 0.008 * sin(7.3 * x - time))
            )
        edge.append((edge[-1][0], -0.42))
        water, line = blob(edge, tension=0.5), blob(edge[1:-1], closed=False)
        shallow = light.shade(0x7FD6D2)
        stops = ((0.0, shallow, 0.0), (0.55, shallow, 0.75), (1.0, light.lit(0xC9F2E8), 0.8))
        canvas.drawPath(line, stroke(light.dark(0xB98F5F), 0.075, 0.3))  # wet sand
        canvas.drawPath(water, linear((0.0, -0.4), (0.0, -0.16), *stops))
        canvas.drawPath(line, stroke(light.lit(0xFFFFFF), 0.024, 0.95))
        canvas.save()
        canvas.translate(0.05, -0.035)
        canvas.drawPath(line, stroke(light.lit(0xFFFFFF), 0.01, 0.5))
        canvas.translate(0.07, -0.035)
        canvas.drawPath(line, stroke(light.lit(0xFFFFFF), 0.007, 0.35))
        canvas.restore()

    def sand(canvas: Any, area: Area) -> None:
        wet = light.dark(0xC29B6A, 0.0, 0.5)
        fade(canvas, area, -0.24, -0.02, wet, 0.75, 0.0)
        patches(
            canvas,
            stage,
            27,
            area,
            -0.05,
            0.45,
            0.14,
            (light.dark(0xE2BF85, 0.0, 0.45), light.lit(0xFFEFC6)),
            0.4,
            0.5,
        )
        grains = [
            (x, 0.0 + 0.45 * a)
            for x, a, _b, _c in scatter(stage.seed, 29, area.left, area.right, 0.016)
        ]
        dots(canvas, grains, 0.005, light.dark(0xC9A26C), 0.5)
        for x, a, b, c in scatter(stage.seed, 28, area.left, area.right, 0.42):
            y = -0.02 + 0.34 * a
            if c > 0.72:
                shadow_under(canvas, light, x, y + 0.012, 0.035, 0.01)
                canvas.drawPath(
                    shell(x, y, 0.024),
                    down(y - 0.02, y + 0.02, light.lit(0xFFD9C8), light.dark(0xE79A86)),
                )
            elif c > 0.5:
                rock(canvas, stage, int(1e4 * b), x, y, 0.025 + 0.02 * b, 0x9A8C86)

    def palms(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 30, area.left - 1.5, area.right + 1.5, 2.9):
            if c > 0.3:
                palm(canvas, stage, int(1e4 * b), x, -0.07 + 0.03 * a, 1.25 + 0.35 * a, 0.0)

    return (
        *sky_layers(stage, horizon=horizon),
        Layer(0.08, islands),
        Layer(0.15, sea, moving=swell, texture=0.05, stretch=12.0),
        *ground(stage, 0xE6C68C, 0xF1D7A0, top=-0.3, near_detail=sand, edge=0.06)[1:],
        Layer(1.0, moving=surf),
        Layer(1.0, palms),
        near_grass(stage, 0x9CA65A, level=0.32),
    )


def shell(x: float, y: float, size: float) -> Any:
    return polygon(
        (
            (x - size, y - size * 0.3),
            (x - size * 0.5, y - size),
            (x + size * 0.5, y - size),
            (x + size, y - size * 0.3),
            (x, y + size * 0.6),
        )
    )


def palm(
    canvas: Any, stage: Stage, salt: int, x: float, base: float, tall: float, haze: float
) -> None:
    light = stage.light
    lean = 0.34 * tall * (chance(stage.seed, salt) - 0.3)
    shadow_under(canvas, light, x, base, 0.22, 0.03)
    top = (x + lean, base - tall)
    trunk = blob(
        (
            (x - 0.085, base + 0.01),
            (x - 0.045, base - 0.1),
            (x + 0.25 * lean - 0.026, base - 0.5 * tall),
            (top[0] - 0.016, top[1]),
            (top[0] + 0.016, top[1]),
            (x + 0.25 * lean + 0.028, base - 0.5 * tall),
            (x + 0.05, base - 0.1),
            (x + 0.09, base + 0.01),
        ),
        tension=0.55,
    )
    bark = 0x8A6547
    canvas.drawPath(
        trunk,
        across(
            x - 0.04 + lean * 0.4,
            x + 0.05 + lean * 0.4,
            light.dark(bark, haze),
            light.lit(bark, haze),
        ),
    )
    for ring in range(9):
        part = ring / 9
        cx = x + lean * (0.5 * part + 0.5 * part * part)
        y = base - tall * part
        canvas.drawLine(
            cx - 0.028, y, cx + 0.028, y - 0.008, stroke(light.dark(bark, haze), 0.008, 0.7)
        )
    # It stands in a drift of sand, with grass about its foot.
    sand = light.lit(0xEBCD94, haze, 0.35)
    oval(canvas, x, base + 0.03, 0.17, 0.028, soft(sand, 0.008))
    near = Area(x - 0.03, x + 0.03, 0.0, 0.0)
    tones = (light.dark(0x6F8F4A, haze, 0.6), light.shade(0x8FA45A, haze))
    blades(canvas, stage.seed, salt + 7, near, base + 0.005, base + 0.03, 0.07, 0.09, tones)
    for layer, colour in (
        (0, light.dark(0x3F8F4C, haze)),
        (1, light.shade(0x56A84E, haze)),
        (2, light.lit(0x86C656, haze)),
    ):
        builder = skia.PathBuilder()
        for frond in range(7):
            angle = pi * (1.06 + 0.98 * (frond + 0.3 * layer) / 7) + 0.1 * chance(
                stage.seed, salt, frond, layer
            )
            droop = 0.22 + 0.16 * abs(frond - 3) / 3
            for leaf in range(9):
                along = (leaf + 1) / 10

                px = top[0] + 0.52 * along * cos(angle) * (1 - 0.08 * layer)
                py = top[1] + 0.46 * along * sin(angle) + droop * along * along
                size = 0.17 * (1 - 0.55 * along)
                leaves(builder, px, py, size, 0.03, angle * 0.35 + (1.9 if cos(angle) < 0 else 0.9))
        canvas.drawPath(builder.detach(), fill(colour))

"""The bridge of a spaceship: stars and a planet behind wide windows.

Called from sets.py.
"""

from math import cos, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.indoors import (
    stage_dry,
)
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    dots,
    down,
    ground,
    houses,
    oval,
    skia_focal,
    soft,
)


def spaceship(stage: Stage) -> tuple[Layer, ...]:
    """The bridge of a ship: stars and a planet behind wide windows, consoles, a lit floor."""
    hull, trim = 0x8E9AB8, (0x4FD8FF, 0xFFB04F, 0x8AFF9A)[stage.seed % 3]
    planet = (0xD98A5A, 0x5A9AD9, 0x8A6AC9, 0x6AB58A)[stage.seed // 3 % 4]
    # No hour in space: the hour is how the ship is lit.
    bright = {"day": 1.0, "dawn": 0.85, "dusk": 0.66, "night": 0.46}[stage.light.time]

    def tone(colour: int, amount: float = 0.0) -> int:
        lit = mix(colour, 0xFFFFFF, amount) if amount > 0 else mix(colour, 0x080C20, -amount)
        return mix(0x0A1028, lit, bright)

    def space(canvas: Any, area: Area) -> None:
        canvas.drawPaint(down(-1.8, 0.0, 0x050618, 0x0C1034, 0x1E1648))
        for x, a, b, c in scatter(stage.seed, 421, area.left, area.right, 0.6):
            canvas.save()
            canvas.translate(x, -1.3 + 1.0 * a)
            canvas.rotate(-20)
            canvas.scale(0.5 + 0.4 * b, 0.2)
            glow(canvas, 0, 0, 1.0, (0x6A3FA8, 0x2F5FA8, 0xA83F7A)[int(2.99 * c)], 0.3)
            canvas.restore()
        for size, alpha, salt, step in ((0.004, 0.6, 422, 0.02), (0.008, 0.95, 423, 0.09)):
            dots(
                canvas,
                [
                    (x, -1.7 + 1.7 * a)
                    for x, a, _b, _c in scatter(stage.seed, salt, area.left, area.right, step)
                ],
                size,
                0xFFFFFF,
                alpha,
            )
        x, y, size = 0.42, -0.86, 0.42
        glow(canvas, x, y, size * 1.5, mix(planet, 0xFFFFFF, 0.4), 0.4)
        canvas.save()
        canvas.translate(x, y)
        canvas.scale(size, size)
        canvas.drawCircle(
            0,
            0,
            1,
            skia_focal(
                -0.45,
                -0.4,
                (0.0, mix(planet, 0xFFFFFF, 0.5), 1.0),
                (0.5, planet, 1.0),
                (1.0, mix(planet, 0x080620, 0.85), 1.0),
            ),
        )
        canvas.save()
        canvas.clipPath(
            blob([(cos(pi * i / 8), sin(pi * i / 8)) for i in range(16)], tension=1.0),
            doAntiAlias=True,
        )
        for band in range(9):
            level = -0.9 + 0.2 * band + 0.06 * chance(stage.seed, 424, band)
            path = blob(
                (
                    (-1.2, level),
                    (-0.4, level + 0.08),
                    (0.3, level - 0.03),
                    (1.2, level + 0.06),
                    (1.2, level + 0.12),
                    (0.2, level + 0.06),
                    (-1.2, level + 0.08),
                )
            )
            canvas.drawPath(path, fill(mix(planet, 0xFFFFFF if band % 2 else 0x301020, 0.5), 0.22))
        canvas.restore()
        canvas.rotate(-18)
        canvas.drawOval(box(-1.7, -0.16, 1.7, 0.16), stroke(mix(planet, 0xFFF0D0, 0.6), 0.05, 0.55))
        canvas.restore()

    def drifting(canvas: Any, area: Area, time: float) -> None:
        points = []
        for index in range(20):
            u, v = chance(stage.seed, 425, index), chance(stage.seed, 426, index)
            points.append(
                (
                    area.left + (area.right - area.left) * ((u - 0.012 * (0.4 + v) * time) % 1.0),
                    -1.5 + 1.3 * v,
                )
            )
        dots(canvas, points, 0.009, 0xDCE8FF, 0.9)

    def bridge(canvas: Any, area: Area) -> None:
        """The wall, with the windows cut out."""
        openings = skia.PathBuilder()
        for number in houses(area, 1.5):
            x = number * 1.5
            openings.moveTo(x - 0.62, -1.36)
            for px, py in ((0.62, -1.36), (0.68, -0.6), (0.58, -0.5), (-0.58, -0.5), (-0.68, -0.6)):
                openings.lineTo(x + px, py)
            openings.close()
        holes = openings.detach()
        canvas.save()
        canvas.clipPath(holes, skia.ClipOp.kDifference, True)
        canvas.drawRect(
            box(area.left, -4.0, area.right, 0.4),
            down(
                -1.9, -0.1, tone(hull, -0.5), tone(hull, 0.1), tone(hull, -0.1), tone(hull, -0.45)
            ),
        )
        seams = skia.PathBuilder()
        for number in houses(area, 0.5):
            seams.moveTo(number * 0.5, -4.0)
            seams.lineTo(number * 0.5, 0.0)
        for y in (-2.2, -1.8, -1.48, -0.38):
            seams.moveTo(area.left, y)
            seams.lineTo(area.right, y)
        path = seams.detach()
        canvas.drawPath(path, stroke(tone(hull, -0.6), 0.012))
        canvas.save()
        canvas.translate(0.008, 0.008)
        canvas.drawPath(path, stroke(tone(hull, 0.4), 0.004, 0.6))
        canvas.restore()
        canvas.restore()
        canvas.drawPath(holes, stroke(tone(hull, -0.7), 0.07))
        canvas.drawPath(holes, stroke(tone(hull, 0.35), 0.03))
        canvas.drawPath(holes, stroke(trim, 0.01, 0.9))
        for number in houses(area, 1.5):
            x = number * 1.5
            canvas.drawPath(
                polygon(((x - 0.5, -1.36), (x - 0.2, -1.36), (x - 0.45, -0.5), (x - 0.6, -0.5))),
                fill(0xBFE0FF, 0.07),
            )
            px = x + 0.75
            canvas.drawRect(
                box(px - 0.08, -4.0, px + 0.08, -0.16),
                across(px - 0.08, px + 0.08, tone(hull, -0.55), tone(hull, 0.35), tone(hull, -0.4)),
            )
            for y in (-1.42, -1.1, -0.78):
                canvas.drawRoundRect(
                    box(px - 0.022, y, px + 0.022, y + 0.2),
                    0.02,
                    0.02,
                    fill(mix(trim, 0xFFFFFF, 0.5)),
                )
                glow(canvas, px, y + 0.1, 0.2, trim, 0.5)
            canvas.drawRoundRect(
                box(x - 0.34, -1.66, x + 0.34, -1.61), 0.02, 0.02, fill(mix(0xEAF4FF, trim, 0.15))
            )
            glow(canvas, x, -1.62, 0.7, 0xCFE6FF, 0.4 * bright + 0.1)

    def consoles(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.5):
            console(canvas, number * 1.5, number)
        canvas.drawRect(
            box(area.left, -0.18, area.right, -0.04),
            linear((0, -0.18), (0, -0.04), (0.0, 0x04061A, 0.6), (1.0, 0x04061A, 0.0)),
        )

    def console(canvas: Any, x: float, number: int) -> None:
        canvas.drawPath(
            polygon(((x - 0.54, -0.13), (x - 0.48, -0.36), (x + 0.48, -0.36), (x + 0.54, -0.13))),
            down(-0.36, -0.13, tone(hull, 0.05), tone(hull, -0.55)),
        )
        canvas.drawPath(
            polygon(((x - 0.56, -0.36), (x - 0.5, -0.47), (x + 0.5, -0.47), (x + 0.56, -0.36))),
            down(-0.47, -0.36, tone(hull, 0.3), tone(hull, -0.25)),
        )
        canvas.drawLine(x - 0.56, -0.355, x + 0.56, -0.355, stroke(trim, 0.012))
        for part in range(3):
            a = x - 0.44 + 0.31 * part
            screen = polygon(
                ((a, -0.385), (a + 0.025, -0.455), (a + 0.235, -0.455), (a + 0.25, -0.385))
            )
            glowing = (trim, 0x8A9AFF, 0xFF8AB0)[int(2.99 * chance(stage.seed, 427, number, part))]
            canvas.drawPath(screen, fill(mix(0x081030, glowing, 0.35)))
            for line in range(4):
                y, u = -0.445 + 0.016 * line, chance(stage.seed, 428, number, part, line)
                canvas.drawLine(
                    a + 0.03, y, a + 0.05 + 0.15 * u, y, stroke(mix(glowing, 0xFFFFFF, 0.4), 0.006)
                )
            glow(canvas, a + 0.12, -0.42, 0.2, glowing, 0.3)
        for part in range(12):
            tint = (0xFF6A5A, 0xFFD24F, 0x6AFF9A, 0x6AC8FF)[
                int(3.99 * chance(stage.seed, 429, number, part))
            ]
            canvas.drawCircle(x - 0.4 + 0.073 * part, -0.31, 0.011, fill(tint))
            canvas.drawRoundRect(
                box(x - 0.42 + 0.073 * part, -0.27, x - 0.38 + 0.073 * part, -0.2),
                0.006,
                0.006,
                fill(tone(hull, -0.35)),
            )

    def blinking(canvas: Any, area: Area, time: float) -> None:
        for number in houses(area, 1.5):
            x = number * 1.5
            for part in range(4):
                if (time * 1.6 + chance(stage.seed, 430, number, part)) % 1.0 < 0.5:
                    canvas.save()
                    canvas.translate(x - 0.4 + 0.22 * part, -0.31)
                    glow(canvas, 0, 0, 0.045, (0xFF6A5A, 0xFFD24F, 0x6AFF9A, 0x6AC8FF)[part], 0.9)
                    canvas.restore()

    def deck(canvas: Any, area: Area) -> None:
        steel = 0x7F8AA6
        canvas.drawRect(
            box(area.left, -0.2, area.right, 3.0),
            down(-0.2, 0.6, tone(steel, -0.3), tone(steel, 0.12), tone(steel, -0.45)),
        )
        y, tall, row = -0.18, 0.04, 0
        while y < 0.75:
            spread, lower = 1.0 + (y + 0.2) * 1.3, 1.0 + (y + tall + 0.2) * 1.3
            for number in houses(area, 0.5):
                a, b = number * 0.56, (number + 1) * 0.56
                shade = tone(steel, 0.16 * chance(stage.seed, 431, row, number) - 0.05)
                shape = polygon(
                    (
                        (a * spread + 0.006, y),
                        (b * spread - 0.006, y),
                        (b * lower - 0.006, y + tall - 0.005),
                        (a * lower + 0.006, y + tall - 0.005),
                    )
                )
                canvas.drawPath(shape, down(y, y + tall, mix(shade, 0xFFFFFF, 0.1), shade))
            y, tall, row = y + tall, tall * 1.42, row + 1
        for number in houses(area, 1.5):  # the windows' reflection and a light strip
            oval(
                canvas, number * 1.5, -0.02, 0.5, 0.05, soft(mix(planet, 0xBFD8FF, 0.6), 0.04, 0.22)
            )
        for side in (-1, 1):
            canvas.drawPath(
                polygon(
                    (
                        (side * 0.75, -0.19),
                        (side * 0.77, -0.19),
                        (side * 1.6, 0.75),
                        (side * 1.55, 0.75),
                    )
                ),
                fill(mix(trim, 0xFFFFFF, 0.4), 0.9),
            )
            canvas.drawPath(
                polygon(
                    (
                        (side * 0.72, -0.19),
                        (side * 0.8, -0.19),
                        (side * 1.75, 0.75),
                        (side * 1.4, 0.75),
                    )
                ),
                soft(trim, 0.03, 0.4),
            )

    return (
        Layer(0.0, space),
        Layer(0.02, moving=drifting),
        Layer(0.72, bridge, texture=0.03),
        ground(stage_dry(stage), hull, hull, top=-0.24, near_detail=deck, edge=0.03, grain=0.03)[1],
        Layer(0.9, consoles, moving=blinking),
    )

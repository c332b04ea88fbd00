"""The courtyard of an imperial palace: halls with swept roofs, columns, a carpet.

Called from sets.py.
"""

from math import sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, linear, mix, polygon, scatter, stroke
from onereel.backlot.plants import tree
from onereel.backlot.props import lantern
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    down,
    fade,
    ground,
    houses,
    oval,
    patches,
    ridge,
    shadow_under,
    skia_focal,
)
from onereel.backlot.sky import sky_layers

VERMILION, GOLD, JADE, ROOF = 0xB3372B, 0xE0AE48, 0x2F7F78, 0xD9962F


def palace(stage: Stage) -> tuple[Layer, ...]:
    """A courtyard before halls with swept roofs; red columns stand near the performers."""
    light = stage.light

    def swept_roof(
        canvas: Any, x: float, eave: float, half: float, tall: float, haze: float
    ) -> None:
        lift = tall * 0.42
        outline = blob(
            (
                (x - half, eave - lift),
                (x - half * 0.8, eave - tall * 0.08),
                (x - half * 0.55, eave - tall * 0.5),
                (x - half * 0.46, eave - tall),
                (x + half * 0.46, eave - tall),
                (x + half * 0.55, eave - tall * 0.5),
                (x + half * 0.8, eave - tall * 0.08),
                (x + half, eave - lift),
                (x + half * 0.82, eave + tall * 0.1),
                (x, eave + tall * 0.16),
                (x - half * 0.82, eave + tall * 0.1),
            ),
            tension=0.42,
        )
        canvas.drawPath(
            outline,
            down(
                eave - tall,
                eave + tall * 0.16,
                light.lit(ROOF, haze, 0.5),
                light.shade(ROOF, haze),
                light.dark(ROOF, haze),
            ),
        )
        canvas.save()
        canvas.clipPath(outline, doAntiAlias=True)
        count = 34
        for part in range(count + 1):
            along = part / count * 2 - 1
            top, low = (
                (x + along * half * 0.48, eave - tall),
                (x + along * half * 1.04, eave + tall * 0.2),
            )
            line = blob((top, (x + along * half * 0.62, eave - tall * 0.4), low), closed=False)
            canvas.drawPath(line, stroke(light.dark(ROOF, haze), half * 0.013, 0.75))
            canvas.save()
            canvas.translate(half * 0.011 * light.side, 0)
            canvas.drawPath(line, stroke(light.lit(ROOF, haze, 0.7), half * 0.008, 0.6))
            canvas.restore()
        canvas.restore()
        ridge_line = stroke(light.shade(0x8A5A22, haze), tall * 0.1)
        canvas.drawLine(x - half * 0.46, eave - tall, x + half * 0.46, eave - tall, ridge_line)
        canvas.drawLine(
            x - half * 0.46,
            eave - tall * 1.02,
            x + half * 0.46,
            eave - tall * 1.02,
            stroke(light.lit(GOLD, haze), tall * 0.04),
        )
        for side in (-1, 1):
            tip = (x + side * half * 0.46, eave - tall)
            canvas.drawPath(
                blob(
                    (
                        tip,
                        (tip[0] + side * half * 0.05, tip[1] - tall * 0.2),
                        (tip[0] - side * half * 0.03, tip[1] - tall * 0.24),
                    ),
                    closed=False,
                ),
                stroke(light.lit(GOLD, haze), tall * 0.07),
            )
            edge = blob(
                (
                    (x, eave + tall * 0.16),
                    (x + side * half * 0.82, eave + tall * 0.1),
                    (x + side * half, eave - lift),
                ),
                closed=False,
                tension=0.42,
            )
            canvas.drawPath(edge, stroke(light.dark(0x7A4A20, haze), tall * 0.09))
            canvas.drawPath(edge, stroke(light.lit(GOLD, haze), tall * 0.03))

    def hall(
        canvas: Any, x: float, foot: float, half: float, tall: float, haze: float, floors: int
    ) -> None:
        terrace = 0xE6E0D6
        for step in range(3):
            y, reach = foot - 0.035 * step, half * (1.3 - 0.06 * step)
            canvas.drawRect(
                box(x - reach, y - 0.035, x + reach, y + 0.005),
                down(y - 0.035, y, light.lit(terrace, haze), light.dark(terrace, haze, 0.6)),
            )
        base = foot - 0.1
        for floor in range(floors):
            wide = half * (1.0 - 0.2 * floor)
            top = base - tall
            canvas.drawRect(
                box(x - wide, top, x + wide, base),
                down(top, base, light.dark(VERMILION, haze, 0.8), light.shade(VERMILION, haze)),
            )
            bays = 7
            for bay in range(bays):
                a, b = x - wide + 2 * wide * bay / bays, x - wide + 2 * wide * (bay + 1) / bays
                inner = 0xFFC76A if light.lamps else light.dark(0x6A2A22, haze, 0.5)
                canvas.drawRect(
                    box(a + wide * 0.035, top + tall * 0.28, b - wide * 0.035, base - tall * 0.06),
                    fill(inner),
                )
                lattice = skia.PathBuilder()
                for line in range(5):
                    lx = a + (b - a) * (line + 0.5) / 5
                    lattice.moveTo(lx, top + tall * 0.28)
                    lattice.lineTo(lx, base - tall * 0.06)
                for line in range(4):
                    ly = top + tall * (0.28 + 0.66 * (line + 0.5) / 4)
                    lattice.moveTo(a + wide * 0.035, ly)
                    lattice.lineTo(b - wide * 0.035, ly)
                canvas.drawPath(lattice.detach(), stroke(light.shade(0x8A2F25, haze), wide * 0.009))
            for bay in range(bays + 1):
                px = x - wide + 2 * wide * bay / bays
                canvas.drawRect(
                    box(px - wide * 0.022, top, px + wide * 0.022, base),
                    across(
                        px - wide * 0.022,
                        px + wide * 0.022,
                        light.dark(VERMILION, haze),
                        light.lit(VERMILION, haze),
                        light.dark(VERMILION, haze),
                    ),
                )
            band = top + tall * 0.05
            canvas.drawRect(
                box(x - wide * 1.03, band, x + wide * 1.03, band + tall * 0.2),
                down(band, band + tall * 0.2, light.shade(JADE, haze), light.dark(0x2A5A86, haze)),
            )
            for part in range(26):
                px = x - wide + 2 * wide * (part + 0.5) / 26
                canvas.drawCircle(px, band + tall * 0.1, wide * 0.014, fill(light.lit(GOLD, haze)))
            canvas.drawRect(
                box(x - wide * 1.1, top - tall * 0.05, x + wide * 1.1, top + tall * 0.14),
                linear(
                    (0, top - tall * 0.05),
                    (0, top + tall * 0.2),
                    (0.0, 0x140C2C, 0.6),
                    (1.0, 0x140C2C, 0.0),
                ),
            )
            swept_roof(canvas, x, top, wide * 1.42, tall * 0.62, haze)
            base = top - tall * 0.52
            tall *= 0.72

    def far_halls(canvas: Any, area: Area) -> None:
        for number in houses(area, 1.9):
            hall(canvas, (number + 0.5) * 1.9, -0.27, 0.36, 0.22, 0.42, 2)
        fade(canvas, area, -0.7, -0.2, light.haze, 0.0, 0.45)

    def great_hall(canvas: Any, area: Area) -> None:
        for number in houses(area, 4.2):
            x = number * 4.2
            hall(canvas, x, -0.22, 0.86, 0.34, 0.12, 2)
            for side in (-1, 1):
                gallery(canvas, x + side * 1.1, x + side * 3.1)
        fade(canvas, area, -0.4, -0.16, light.haze, 0.0, 0.25)

    def gallery(canvas: Any, first: float, second: float) -> None:
        left, right = min(first, second), max(first, second)
        canvas.drawRect(
            box(left, -0.5, right, -0.22),
            down(-0.5, -0.22, light.dark(VERMILION, 0.2), light.shade(VERMILION, 0.2)),
        )
        for part in range(13):
            px = left + (right - left) * part / 12
            canvas.drawRect(
                box(px - 0.014, -0.5, px + 0.014, -0.22),
                across(
                    px - 0.014, px + 0.014, light.dark(VERMILION, 0.12), light.lit(VERMILION, 0.12)
                ),
            )
        canvas.drawRect(box(left, -0.52, right, -0.47), fill(light.shade(JADE, 0.15)))
        canvas.drawPath(
            polygon(
                (
                    (left - 0.06, -0.5),
                    (left + 0.06, -0.64),
                    (right - 0.06, -0.64),
                    (right + 0.06, -0.5),
                )
            ),
            down(-0.64, -0.5, light.lit(ROOF, 0.15), light.dark(ROOF, 0.15)),
        )
        canvas.drawRect(box(left, -0.24, right, -0.2), fill(light.lit(0xE6E0D6, 0.12)))

    def balustrade(canvas: Any, area: Area) -> None:
        marble = 0xEDE8E0
        for number in houses(area, 0.42):
            if number % 9 in (0, 1, 2):
                continue
            x = number * 0.42
            canvas.drawRect(
                box(x, -0.33, x + 0.42, -0.29),
                down(-0.33, -0.29, light.lit(marble, 0.06, 0.5), light.dark(marble, 0.06, 0.4)),
            )
            canvas.drawRect(
                box(x, -0.27, x + 0.42, -0.17),
                down(-0.27, -0.17, light.shade(marble, 0.06), light.dark(marble, 0.06, 0.5)),
            )
            oval(canvas, x + 0.23, -0.22, 0.09, 0.028, stroke(light.dark(marble, 0.06, 0.6), 0.008))
            canvas.drawRect(
                box(x - 0.03, -0.36, x + 0.03, -0.15),
                across(
                    x - 0.03,
                    x + 0.03,
                    light.dark(marble, 0.0, 0.5),
                    light.lit(marble),
                    light.dark(marble, 0.0, 0.3),
                ),
            )
            canvas.save()
            canvas.translate(x, -0.385)
            canvas.scale(0.034, 0.036)
            canvas.drawCircle(
                0,
                0,
                1,
                skia_focal(
                    0.3 * light.side,
                    -0.4,
                    (0.0, light.lit(marble), 1.0),
                    (1.0, light.dark(marble, 0.0, 0.7), 1.0),
                ),
            )
            canvas.restore()

    def courtyard(canvas: Any, area: Area) -> None:
        pale, dark = light.lit(0xD3CCC2, 0.0, 0.2), light.dark(0xB5ADA8, 0.0, 0.5)
        y, tall, row = -0.19, 0.028, 0
        while y < 0.75:
            spread, lower = 1.0 + (y + 0.2) * 1.3, 1.0 + (y + tall + 0.2) * 1.3
            for number in houses(area, 0.34):
                a, b = number * 0.38 + 0.004 / spread, (number + 1) * 0.38 - 0.004 / spread
                tone = pale if chance(stage.seed, 401, row, number) < 0.5 else dark
                shape = polygon(
                    (
                        (a * spread, y),
                        (b * spread, y),
                        (b * lower, y + tall - 0.003),
                        (a * lower, y + tall - 0.003),
                    )
                )
                canvas.drawPath(shape, fill(tone, 0.3 + 0.4 * chance(stage.seed, 402, row, number)))
            y, tall, row = y + tall, tall * 1.3, row + 1
        # A carpet leads to the hall.
        carpet = polygon(((-0.36, -0.2), (0.36, -0.2), (1.0, 0.75), (-1.0, 0.75)))
        canvas.drawPath(
            carpet, down(-0.2, 0.6, light.lit(0xB52F38, 0.0, 0.15), light.shade(0xA82833))
        )
        for inset in (0.06, 0.1):
            edge = polygon(
                (
                    (-0.36 + inset * 0.6, -0.2),
                    (0.36 - inset * 0.6, -0.2),
                    (1.0 - inset * 1.6, 0.75),
                    (-1.0 + inset * 1.6, 0.75),
                )
            )
            canvas.drawPath(edge, stroke(light.shade(GOLD), 0.011))
        patches(
            canvas,
            stage,
            403,
            area,
            -0.15,
            0.45,
            0.3,
            (light.dark(0x8A8288, 0.0, 0.6), light.lit(0xE6DED4)),
            0.36,
            0.25,
        )

    def near_columns(canvas: Any, area: Area) -> None:
        for number in houses(area, 2.1):
            x = (number + 0.5) * 2.1
            shadow_under(canvas, light, x, -0.1, 0.26, 0.035)
            canvas.drawRect(
                box(x - 0.11, -3.4, x + 0.11, -0.16),
                across(
                    x - 0.11,
                    x + 0.11,
                    light.dark(VERMILION),
                    light.shade(VERMILION),
                    light.lit(0xD0503E, 0.0, 0.5),
                    light.dark(VERMILION, 0.0, 0.7),
                ),
            )
            for level in (-1.28, -0.34):
                canvas.drawRect(
                    box(x - 0.115, level, x + 0.115, level + 0.05),
                    across(
                        x - 0.115,
                        x + 0.115,
                        light.dark(GOLD),
                        light.lit(GOLD, 0.0, 0.6),
                        light.dark(GOLD),
                    ),
                )
            dragon = blob(
                [(x + 0.05 * sin(1.9 * i), -1.2 + 0.085 * i) for i in range(10)], closed=False
            )
            canvas.drawPath(dragon, stroke(light.dark(GOLD, 0.0, 0.6), 0.028))
            canvas.drawPath(dragon, stroke(light.lit(GOLD), 0.014))
            stone = 0xD9D2C6
            canvas.drawRect(
                box(x - 0.15, -0.17, x + 0.15, -0.1),
                down(-0.17, -0.1, light.lit(stone), light.dark(stone, 0.0, 0.6)),
            )
            oval(canvas, x, -0.175, 0.14, 0.02, fill(light.lit(stone, 0.0, 0.5)))
        for number in houses(area, 2.1):
            x = (number + 0.5) * 2.1
            canvas.drawRect(
                box(x, -1.62, x + 2.1, -1.38),
                down(-1.62, -1.38, light.shade(JADE), light.dark(0x24507A)),
            )
            for part in range(9):
                px = x + 2.1 * (part + 0.5) / 9
                oval(canvas, px, -1.5, 0.08, 0.05, fill(light.shade(0x2A5A9A)))
                oval(canvas, px, -1.5, 0.08, 0.05, stroke(light.lit(GOLD), 0.012))
                canvas.drawCircle(px, -1.5, 0.018, fill(light.lit(0xD9503F)))
            canvas.drawRect(box(x, -1.39, x + 2.1, -1.36), fill(light.lit(GOLD, 0.0, 0.3)))
            canvas.drawRect(
                box(x, -3.4, x + 2.1, -1.62),
                down(-2.2, -1.62, light.dark(0x5A2A26), light.dark(0x7A3A2E)),
            )
            for along in (0.22, 0.78):
                lantern(canvas, stage, x + 2.1 * along, -1.36, 0.085)

    trees = (Layer(0.7, lambda canvas, area: plant(canvas, area, stage)),)
    return (
        *sky_layers(stage),
        ridge(stage, 400, 0.08, -0.3, 0.4, 1.2, 0x7F9FB8, 0.62),
        Layer(0.24, far_halls),
        Layer(0.5, great_hall, texture=0.04),
        *trees,
        ground(stage, 0xCBC4BA, 0xC4BCB2, top=-0.24, edge=0.08)[0],
        Layer(0.9, balustrade),
        ground(stage, 0xCBC4BA, 0xC4BCB2, top=-0.24, near_detail=courtyard, edge=0.06)[1],
        Layer(0.98, near_columns, texture=0.03),
    )


def plant(canvas: Any, area: Area, stage: Stage) -> None:
    """Plum trees in the courtyard."""
    for x, a, b, c in scatter(stage.seed, 405, area.left - 0.6, area.right + 0.6, 1.6):
        if abs(x) > 0.5 and c > 0.35:
            tree(
                canvas,
                stage,
                int(1e4 * a),
                x,
                -0.2,
                0.55 + 0.2 * b,
                mix(0xE88AA8, 0x6FA04A, 0.0 if b > 0.5 else 0.9),
                0.14,
            )

"""A street of shops under houses.

Called from sets.py.
"""

from typing import Any

import skia

from onereel.backlot.brush import chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.plants import bush, pot
from onereel.backlot.props import CLOTHS, WALLS, bench, bricks, crate, lamp_post, window
from onereel.backlot.scenery import (
    Area,
    Layer,
    Stage,
    across,
    box,
    dots,
    down,
    fade,
    ground,
    houses,
    oval,
    patches,
    shadow_under,
    soft,
    towers,
)
from onereel.backlot.sky import sky_layers

HOUSE = 1.25


def street(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def shops(canvas: Any, area: Area) -> None:
        for number in houses(area, HOUSE):
            shop(canvas, (number + 0.5) * HOUSE, number)
        fade(canvas, area, -0.5, -0.1, light.haze, 0.0, 0.12)

    def shop(canvas: Any, x: float, number: int) -> None:
        def draw(salt: int) -> float:
            return chance(stage.seed, 12, number, salt)

        half, top, haze = HOUSE / 2, -1.5 - 0.35 * draw(0), 0.08
        wall = WALLS[int(draw(1) * 5.99)]
        left, right = x - half, x + half
        if draw(2) < 0.5:
            bricks(
                canvas,
                stage,
                number + 900,
                left,
                right,
                top,
                -0.1,
                0.1,
                0.044,
                mix(wall, 0xA85A44, 0.45),
                haze,
            )
        else:
            canvas.drawRect(
                box(left, top, right, 0.5),
                down(
                    top,
                    0.0,
                    light.lit(wall, haze, 0.25),
                    light.shade(wall, haze),
                    light.dark(wall, haze, 0.5),
                ),
            )
            for part in range(9):
                u, v = draw(20 + part), draw(40 + part)
                oval(
                    canvas,
                    left + HOUSE * u,
                    top + 0.8 * v,
                    0.12,
                    0.03,
                    soft(light.dark(wall, haze, 0.5), 0.03, 0.25),
                )
        # Upstairs: windows with shutters or a balcony, cornices, a drain pipe.
        for row, y in enumerate((-0.98, -1.42)):
            if y - 0.05 < top:
                continue
            for side in (-0.34, 0.0, 0.34):
                on = draw(60 + row * 3 + int(side * 9)) < 0.65
                window(canvas, stage, x + side, y, 0.17, 0.26, 0xF2E6D2, haze, on)
                if draw(3) < 0.5:
                    shutter = light.shade((0x3F6F78, 0x8A4A3A, 0x4F7A55)[int(draw(4) * 2.99)], haze)
                    for hinge in (-1, 1):
                        sx = x + side + hinge * 0.125
                        canvas.drawRect(
                            box(sx - 0.035, y - 0.01, sx + 0.035, y + 0.27), fill(shutter)
                        )
                        for slat in range(6):
                            canvas.drawLine(
                                sx - 0.028,
                                y + 0.02 + slat * 0.043,
                                sx + 0.028,
                                y + 0.02 + slat * 0.043,
                                stroke(mix(shutter, 0x101020, 0.3), 0.006),
                            )
                elif draw(70 + row + int(side * 9)) < 0.5:
                    canvas.drawRect(
                        box(x + side - 0.11, y + 0.24, x + side + 0.11, y + 0.3),
                        fill(light.dark(0x8A5A44, haze)),
                    )
                    points = [
                        (x + side - 0.1 + 0.02 * i, y + 0.235 - 0.012 * (i % 3)) for i in range(11)
                    ]
                    dots(canvas, points, 0.035, light.shade(0x4E9A50, haze))
                    dots(
                        canvas,
                        points[::3],
                        0.024,
                        light.lit((0xFF7A8A, 0xFFD84F, 0xFFFFFF)[int(draw(5) * 2.99)], haze),
                    )
        for level, tall in ((top, 0.05), (-1.08, 0.022), (-0.66, 0.03)):
            canvas.drawRect(
                box(left - 0.01, level - tall, right + 0.01, level),
                fill(light.lit(mix(wall, 0xFFFFFF, 0.35), haze, 0.3)),
            )
            canvas.drawRect(
                box(left, level, right, level + 0.025), fill(light.dark(wall, haze), 0.6)
            )
        canvas.drawLine(
            left + 0.02, top, left + 0.02, -0.12, stroke(light.dark(0x5A6270, haze), 0.022)
        )
        # The shop: a window full of goods, a door, a sign, an awning that throws its shadow.
        frame = light.shade((0x5A3A34, 0x2F4A4F, 0x3E3A55)[int(draw(6) * 2.99)], haze)
        canvas.drawRect(box(left + 0.06, -0.62, right - 0.06, -0.1), fill(frame))
        glass = (
            down(-0.6, -0.16, 0xFFF0C4, 0xFFC970)
            if light.lamps
            else linear(
                (left, -0.6),
                (right, -0.15),
                (0.0, light.lit(0xBFE0EA, haze), 1.0),
                (0.5, light.shade(0x5F8FA8, haze), 1.0),
                (1.0, light.dark(0x3F5A70, haze), 1.0),
            )
        )
        canvas.drawRect(box(left + 0.1, -0.58, x + 0.18, -0.2), glass)
        for part in range(7):
            u, v = draw(80 + part), draw(90 + part)
            gx, tall = left + 0.15 + 0.085 * part, 0.05 + 0.11 * u
            tone = mix(
                (0xC9503F, 0xE0B040, 0x4F86A8, 0x6FA060, 0xE8DCC8)[int(v * 4.99)],
                0xFFC970 if light.lamps else light.haze,
                0.25,
            )
            if draw(7) < 0.5:
                canvas.drawRect(
                    box(gx - 0.026, -0.2 - tall, gx + 0.026, -0.2), fill(light.shade(tone))
                )
            else:
                canvas.drawCircle(gx, -0.24, 0.035, fill(light.shade(tone)))
                canvas.drawCircle(
                    gx, -0.21 - tall, 0.026, fill(light.shade(mix(tone, 0xFFFFFF, 0.3)))
                )
        canvas.drawLine(left + 0.12, -0.3, x + 0.1, -0.56, stroke(0xFFFFFF, 0.03, 0.14))
        canvas.drawLine(left + 0.3, -0.24, x + 0.17, -0.5, stroke(0xFFFFFF, 0.014, 0.14))
        door = light.shade((0x7A3F34, 0x2F6A66, 0x44527A)[int(draw(8) * 2.99)], haze)
        canvas.drawRect(
            box(x + 0.26, -0.57, x + 0.48, -0.1), down(-0.57, -0.1, door, mix(door, 0x100818, 0.35))
        )
        canvas.drawRect(box(x + 0.3, -0.52, x + 0.44, -0.33), glass)
        canvas.drawCircle(x + 0.285, -0.28, 0.011, fill(light.lit(0xE8C060)))
        canvas.drawRect(box(x + 0.23, -0.11, x + 0.51, -0.085), fill(light.lit(0xB0A8A0, haze)))
        cloth, white = CLOTHS[int(draw(9) * 4.99)], 0xFFF2DE
        canvas.drawRect(
            box(left + 0.08, -0.52, right - 0.08, -0.44),
            linear((0, -0.52), (0, -0.42), (0.0, 0x140C2C, 0.45), (1.0, 0x140C2C, 0.0)),
        )
        stripes = 10
        for part in range(stripes):
            a, b = (
                left + 0.06 + (HOUSE - 0.12) * part / stripes,
                left + 0.06 + (HOUSE - 0.12) * (part + 1) / stripes,
            )
            ax, bx = x + (a - x) * 1.08, x + (b - x) * 1.08
            tone = cloth if part % 2 == 0 else white
            strip = polygon(((a, -0.68), (b, -0.68), (bx, -0.53), (ax, -0.53)))
            canvas.drawPath(
                strip, down(-0.68, -0.53, light.lit(tone, haze, 0.3), light.shade(tone, haze))
            )
            canvas.drawOval(box(ax, -0.555, bx, -0.5), fill(light.dark(tone, haze, 0.4)))
        if light.lamps:
            glow(canvas, x - 0.1, -0.36, 0.62, 0xFFC46A, 0.3)
        if draw(10) < 0.6:
            sign = light.shade(0x3A3346, haze)
            canvas.drawLine(right - 0.1, -0.82, right + 0.1, -0.82, stroke(sign, 0.014))
            canvas.drawCircle(right + 0.04, -0.73, 0.075, fill(sign))
            canvas.drawCircle(right + 0.04, -0.73, 0.062, fill(light.lit(cloth, haze, 0.2)))
            canvas.drawCircle(right + 0.04, -0.73, 0.03, fill(light.lit(white, haze)))

    def pavement(canvas: Any, area: Area) -> None:
        light_tone, dark_tone = light.lit(0xC4BCB8, 0.0, 0.2), light.dark(0xA9A0A6, 0.0, 0.6)
        for row, (top, bottom) in enumerate(((-0.16, -0.09), (-0.09, 0.0), (0.0, 0.115))):
            step = 0.26 + 0.1 * row
            for number in houses(area, step):
                x, shift = number * step, 0.5 * step * (row % 2)
                lean = 0.06
                tone = (light_tone, dark_tone)[int(chance(stage.seed, 13, row, number) * 1.99)]
                slab = polygon(
                    (
                        (x + shift + 0.006, bottom - 0.004),
                        (x + shift + step - 0.006, bottom - 0.004),
                        (x + shift + step - 0.006 + lean * 0, top + 0.004),
                        (x + shift + 0.006, top + 0.004),
                    )
                )
                canvas.drawPath(slab, fill(tone, 0.25 + 0.35 * chance(stage.seed, 14, row, number)))
        canvas.drawRect(
            box(area.left, 0.115, area.right, 0.15),
            down(0.115, 0.15, light.lit(0xD8D0C8), light.shade(0xA8A0A4)),
        )
        canvas.drawRect(
            box(area.left, 0.15, area.right, 0.19),
            down(0.15, 0.19, light.dark(0x6A6474), light.dark(0x4A4658)),
        )
        canvas.drawRect(
            box(area.left, 0.19, area.right, 3.0),
            down(0.19, 0.7, light.shade(0x555868), light.dark(0x444858)),
        )
        patches(
            canvas,
            stage,
            19,
            area,
            0.2,
            0.6,
            0.4,
            (light.dark(0x444858), light.lit(0x6A6E80, 0.0, 0.2)),
            0.5,
            0.4,
        )
        for number in houses(area, 1.3):
            canvas.drawPath(
                polygon(
                    (
                        (number * 1.3, 0.47),
                        (number * 1.3 + 0.6, 0.47),
                        (number * 1.3 + 0.58, 0.5),
                        (number * 1.3 - 0.03, 0.5),
                    )
                ),
                fill(light.shade(0xE8E0D0), 0.75),
            )
        patches(
            canvas, stage, 24, area, -0.14, 0.1, 0.3, (light.dark(0x8A8290, 0.0, 0.6),), 0.22, 0.4
        )
        cracks = skia.PathBuilder()
        for x, a, b, c in scatter(stage.seed, 25, area.left, area.right, 0.55):
            y = -0.14 + 0.22 * a
            cracks.moveTo(x, y)
            cracks.lineTo(x + 0.05 * (b - 0.2), y + 0.012)
            cracks.lineTo(x + 0.09 * c, y + 0.02 + 0.01 * b)
        canvas.drawPath(cracks.detach(), stroke(light.dark(0x7A7280), 0.005, 0.6))

    def furniture(canvas: Any, area: Area) -> None:
        shade = linear((0, -0.2), (0, -0.08), (0.0, 0x140C2C, 0.4), (1.0, 0x140C2C, 0.0))
        canvas.drawRect(box(area.left, -0.2, area.right, -0.06), shade)
        for number in houses(area, 1.15):
            x, kind = (number + 0.3) * 1.15, chance(stage.seed, 17, number)
            if kind < 0.24:
                pot(canvas, stage, x, -0.1, 0.26)
            elif kind < 0.4:
                bench(canvas, stage, x, -0.08)
            elif kind < 0.5:
                hydrant(canvas, x, -0.08)
            elif kind < 0.62:
                crate(canvas, stage, x, -0.09, 0.16)
                crate(canvas, stage, x + 0.13, -0.08, 0.12, 0xC08A50)
            elif kind < 0.8:
                bush(canvas, stage, number + 77, x, -0.1, 0.13, 0x4E8F4C, 0.02, 0xFF8FA0)
        for number in houses(area, 2.3):
            lamp_post(canvas, stage, (number + 0.8) * 2.3, -0.1, 1.16)

    def hydrant(canvas: Any, x: float, base: float) -> None:
        shadow_under(canvas, light, x, base, 0.08, 0.018)
        red = 0xC9402F
        tones = (light.dark(red), light.shade(red), light.lit(red))
        for half, top, bottom in (
            (0.05, 0.03, 0.0),
            (0.036, 0.17, 0.02),
            (0.048, 0.15, 0.125),
            (0.026, 0.2, 0.16),
        ):
            canvas.drawRect(
                box(x - half, base - top, x + half, base - bottom),
                across(x - half, x + half, *tones[:: light.side]),
            )
        canvas.drawCircle(x, base - 0.1, 0.024, fill(tones[2]))

    return (
        *sky_layers(stage),
        towers(stage, 10, 0.12, 0.36, 1.0, 1.75, 0x7F8DB0, 0.55, 0.7),
        towers(stage, 11, 0.28, 0.5, 0.9, 1.45, 0x8D86A0, 0.34, 0.85),
        Layer(0.78, shops, texture=0.07),
        ground(stage, 0xB9B2B4, 0xB3ABAC, top=-0.2, near_detail=pavement, edge=0.06)[1],
        Layer(1.0, furniture),
    )

"""Sets in nature: meadow, beach, bamboo grove, snow mountain.

- One function per set; it returns the layers from far to near.
- Units are adult heights, y down, the performers' ground at 0.

Called from sets.py (the table).
"""

from math import pi, sin
from typing import Any

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.scenery import Area, Layer, Stage, box, ground, ridge, sky_layers


def meadow(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def trees(canvas: Any, area: Area) -> None:
        for x, a, b, _c in scatter(stage.seed, 5, area.left - 0.3, area.right + 0.3, 1.15):
            size, base = 0.16 + 0.07 * a, -0.2 - 0.04 * b
            canvas.drawRect(
                box(x - 0.022, base - 0.3, x + 0.022, base + 0.1), fill(light.shade(0x6E4A35, 0.25))
            )
            leaf, lit = light.shade(0x3E9A55, 0.22), light.shade(0x78C465, 0.22)
            stops = ((0.0, lit, 1.0), (1.0, leaf, 1.0))
            paint = linear((x + size * 0.5, base - 0.6), (x - size * 0.4, base - 0.2), *stops)
            for dx, dy, part in ((-0.55, 0.0, 0.7), (0.55, -0.02, 0.72), (0.0, -0.45, 0.95)):
                canvas.drawCircle(x + dx * size, base - 0.33 + dy * size, size * part, paint)

    def grass(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 6, area.left, area.right, 0.21):
            y = -0.12 + 0.36 * a * a
            blade = light.shade(mix(0x4FA845, 0x9BD65B, b))
            for lean in (-0.022, 0.0, 0.022):
                canvas.drawLine(x, y, x + lean, y - 0.035 - 0.015 * b, stroke(blade, 0.011))
            if c > 0.72:
                petal = (0xFFFFFF, 0xFFD84F, 0xFF8FB4)[int(b * 2.99)]
                canvas.drawCircle(x + 0.05, y - 0.03, 0.017, fill(light.shade(petal)))

    return (
        *sky_layers(stage),
        ridge(stage, 3, 0.12, -0.34, 0.36, 0.8, 0x6FA3C9, 0.5),
        ridge(stage, 4, 0.28, -0.2, 0.26, 1.0, 0x5BAF6B, 0.35),
        Layer(0.5, trees),
        ridge(stage, 8, 0.55, -0.06, 0.2, 1.5, 0x63B757, 0.15),
        ground(stage, 0x86CE62, 0x4FA04A, detail=grass),
    )


def beach(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def sea(canvas: Any, area: Area) -> None:
        stops = (
            (0.0, light.shade(0x5CC3DE, 0.45), 1.0),
            (0.35, light.shade(0x2FA0CC, 0.08), 1.0),
            (1.0, light.shade(0x35B6C9), 1.0),
        )
        canvas.drawRect(
            box(area.left, -0.52, area.right, 2.0), linear((0.0, -0.52), (0.0, -0.05), *stops)
        )

    def swell(canvas: Any, area: Area, time: float) -> None:
        foam = light.shade(0xFFFFFF, 0.1)
        for row in range(6):
            near = row / 5
            y, step = -0.49 + 0.33 * near**1.3, 0.26 + 0.3 * near
            y += 0.008 * sin(1.3 * time + row)
            shift = (0.05 + 0.08 * near) * time * (1 if row % 2 else -1)
            for x, a, b, _c in scatter(
                stage.seed, 20 + row, area.left - shift, area.right - shift, step
            ):
                wide = step * (0.2 + 0.2 * a) * (0.75 + 0.25 * sin(1.9 * time + 9 * b))
                canvas.drawLine(
                    x + shift - wide,
                    y,
                    x + shift + wide,
                    y,
                    stroke(foam, 0.006 + 0.008 * near, 0.5),
                )

    def surf(canvas: Any, area: Area, time: float) -> None:
        reach = -0.15 + 0.035 * sin(2 * pi * time / 3.2)
        edge = [(area.left - 0.2, -0.4)]
        steps = int((area.right - area.left) / 0.2) + 3
        for index in range(steps):
            x = area.left - 0.2 + 0.2 * index
            edge.append((x, reach + 0.012 * sin(3.1 * x + 0.8 * time) + 0.008 * sin(7.3 * x)))
        edge.append((edge[-1][0], -0.4))
        water = blob(edge, tension=0.5)
        line = blob(edge[1:-1], closed=False)
        canvas.drawPath(line, stroke(light.shade(0xB98F5F), 0.09, 0.4))  # wet sand
        shallow = light.shade(0x55C6CF)
        stops = ((0.0, shallow, 0.0), (0.6, shallow, 0.9), (1.0, shallow, 1.0))
        canvas.drawPath(water, linear((0.0, -0.38), (0.0, -0.18), *stops))
        canvas.drawPath(line, stroke(light.shade(0xFFFFFF), 0.03))

    def sand(canvas: Any, area: Area) -> None:
        for x, a, b, _c in scatter(stage.seed, 28, area.left, area.right, 0.33):
            y = -0.06 + 0.27 * a
            canvas.drawOval(box(x - 0.06, y, x + 0.06, y + 0.014), fill(light.shade(0xD9B377), 0.7))
            if b > 0.8:
                canvas.drawCircle(x, y, 0.018, fill(light.shade(0xFF9E8A)))

    return (
        *sky_layers(stage),
        Layer(0.15, sea, moving=swell),
        ground(stage, 0xEBCB90, 0xF3DCA6, top=-0.17, detail=sand),
        Layer(1.0, moving=surf),
    )


def bamboo(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def mist(canvas: Any, area: Area) -> None:
        stops = (
            (0.0, light.shade(0xCDE8B4, 0.3), 1.0),
            (0.6, light.shade(0xE9F6D0, 0.45), 1.0),
            (1.0, light.shade(0xA9D38C, 0.3), 1.0),
        )
        canvas.drawPaint(linear((0.0, -1.25), (0.0, 0.0), *stops))
        glow(canvas, 0.35, -0.85, 0.95, light.sun, 0.5 if light.time != "night" else 0.25)

    def grove(salt: int, depth: float, step: float, wide: float, haze: float) -> Layer:
        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - 0.2, area.right + 0.2, step):
                stem = light.shade(mix(0x4E9B47, 0x86BE4C, a), haze)
                dark, lit = mix(stem, 0x16352B, 0.35 * (1 - haze)), mix(stem, 0xF4FFC0, 0.35)
                half, lean = wide * (0.4 + 0.25 * b), 0.1 * (c - 0.5)
                canvas.save()
                canvas.skew(lean, 0)
                stops = ((0.0, dark, 1.0), (0.6, stem, 1.0), (1.0, lit, 1.0))
                canvas.drawRect(
                    box(x - half, -3, x + half, 0.3),
                    linear((x - half, 0.0), (x + half, 0.0), *stops),
                )
                joint = -3.0 + 0.3 * b
                while joint < 0.0:
                    canvas.drawLine(x - half, joint, x + half, joint, stroke(dark, 0.016))
                    joint += 0.3
                canvas.restore()
                if c > 0.35:
                    y = -1.1 + 0.5 * a
                    for part in range(4):
                        tilt = (part - 1.5) * 0.5
                        leaf = blob(
                            (
                                (x, y),
                                (x + 0.09, y + 0.02 + 0.06 * tilt),
                                (x + 0.2, y + 0.1 + 0.1 * tilt),
                                (x + 0.08, y + 0.06 + 0.06 * tilt),
                            )
                        )
                        canvas.drawPath(leaf, fill(mix(stem, 0xD8F08A, 0.2 * part)))

        return Layer(depth, paint)

    def litter(canvas: Any, area: Area) -> None:
        for x, a, b, _c in scatter(stage.seed, 36, area.left, area.right, 0.2):
            y = -0.1 + 0.34 * a
            canvas.drawOval(
                box(x - 0.04, y, x + 0.04, y + 0.017),
                fill(light.shade(mix(0xC9B45A, 0x7FA048, b)), 0.9),
            )

    def falling(canvas: Any, area: Area, time: float) -> None:
        for index in range(7):
            u, v = chance(stage.seed, 37, index), chance(stage.seed, 38, index)
            fall = (v + 0.13 * time) % 1.0
            x = area.left + (area.right - area.left) * u + 0.1 * sin(2.0 * time + 6 * v)
            canvas.save()
            canvas.translate(x, area.top + (area.bottom - area.top) * fall)
            canvas.rotate(50 * sin(1.7 * time + 9 * u))
            canvas.drawOval(box(-0.045, -0.013, 0.045, 0.013), fill(light.shade(0xB9D25A)))
            canvas.restore()

    return (
        Layer(0.0, mist),
        grove(33, 0.2, 0.17, 0.07, 0.6),
        grove(34, 0.45, 0.34, 0.1, 0.34),
        grove(35, 0.8, 0.85, 0.13, 0.06),
        ground(stage, 0xB5BF73, 0x8B9A55, detail=litter),
        Layer(0.9, moving=falling, front=True),
    )


def snow_mountain(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def peaks(canvas: Any, area: Area) -> None:
        for x, a, b, _c in scatter(stage.seed, 51, area.left - 0.8, area.right + 0.8, 0.62):
            top, half = -0.72 - 0.34 * a, 0.52 + 0.15 * b
            rock, shade = light.shade(0x7C93BF, 0.32), light.shade(0x5C74A8, 0.32)
            canvas.drawPath(polygon(((x - half, 0.1), (x, top), (x + half, 0.1))), fill(rock))
            canvas.drawPath(
                polygon(((x - half, 0.1), (x, top), (x - half * 0.15, 0.1))), fill(shade)
            )
            cut = 0.3 * (0.1 - top)
            snow = (
                (x, top), (x + half * 0.34, top + cut * 1.12), (x + half * 0.12, top + cut * 0.85),
                (x - half * 0.02, top + cut * 1.2), (x - half * 0.16, top + cut * 0.8),
                (x - half * 0.33, top + cut * 1.1),
            )  # fmt: skip
            canvas.drawPath(polygon(snow), fill(light.shade(0xFFFFFF, 0.08)))

    def pines(canvas: Any, area: Area) -> None:
        for x, a, b, _c in scatter(stage.seed, 52, area.left - 0.3, area.right + 0.3, 0.52):
            size, base = 0.5 + 0.2 * a, -0.14 - 0.04 * b
            green, white = light.shade(0x2F6E63, 0.22), light.shade(0xF4FAFF, 0.08)
            for tier in range(3):
                y, half = base - size * (0.28 * tier), size * (0.27 - 0.06 * tier)
                top = y - size * 0.42
                canvas.drawPath(polygon(((x - half, y), (x, top), (x + half, y))), fill(green))
                canvas.drawPath(
                    polygon(
                        (
                            (x, top),
                            (x + half * 0.55, y - size * 0.18),
                            (x + half * 0.1, y - size * 0.23),
                            (x - half * 0.45, y - size * 0.19),
                        )
                    ),
                    fill(white),
                )

    def drifts(canvas: Any, area: Area) -> None:
        for x, a, b, _c in scatter(stage.seed, 53, area.left - 0.4, area.right + 0.4, 0.6):
            y = -0.08 + 0.3 * a
            canvas.drawOval(
                box(x - 0.25, y, x + 0.25, y + 0.035), fill(light.shade(0xC3D6EF), 0.6 + 0.2 * b)
            )

    return (
        *sky_layers(stage),
        Layer(0.12, peaks),
        ridge(stage, 54, 0.3, -0.16, 0.2, 1.1, 0xDDE9F8, 0.25),
        Layer(0.5, pines),
        ground(stage, 0xE6F0FB, 0xF8FCFF, detail=drifts),
    )

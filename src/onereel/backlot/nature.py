"""Sets in nature: meadow, beach, bamboo grove, snow mountain, forest, desert.

- One function per set; it returns the layers from far to near.
- Units are adult heights, y down, the performers' ground at 0.

Called from sets.py (the table).
"""

from math import cos, pi, sin
from typing import Any

import skia

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.props import (
    bush,
    foliage,
    near_branches,
    near_grass,
    pine,
    sun_shafts,
    tree,
)
from onereel.backlot.scenery import (
    FAR_GROUND,
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
    ridge,
    rock,
    shadow_under,
    sky_layers,
    soft,
)


def meadow(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    flowers = ((0xFFFFFF, 0xFFD84F), (0xFFD84F, 0xF2A93B), (0xFF8FB4, 0xFFE27A), (0xA78BFA, 0xFFE27A))

    def trees(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 5, area.left - 0.8, area.right + 0.8, 1.5):
            if c < 0.25:
                continue
            colour = mix(0x4E9E4B, 0x8DB84A, b)
            tree(canvas, stage, int(1e4 * a), x, -0.2 - 0.03 * b, 0.68 + 0.4 * a, colour, 0.2)

    def far_field(canvas: Any, area: Area) -> None:
        patches(canvas, stage, 61, area, -0.28, -0.02, 0.16,
                (light.lit(0xA7D86A, 0.15), light.shade(0x5DA84E, 0.1)), 0.5, 0.5)  # fmt: skip
        for x, a, b, c in scatter(stage.seed, 62, area.left - 0.4, area.right + 0.4, 0.7):
            if c > 0.5:
                bush(canvas, stage, int(1e4 * a), x, -0.2 + 0.06 * b, 0.1 + 0.05 * a, 0x4C9450, 0.14)

    def grass(canvas: Any, area: Area) -> None:
        patches(canvas, stage, 63, area, -0.16, 0.4, 0.12,
                (light.lit(0x9AD65E), light.dark(0x4B9A45, 0.0, 0.6), light.shade(0x74BE52)), 0.34, 0.55)  # fmt: skip
        tones = (light.dark(0x4FA845, 0.0, 0.6), light.shade(0x5DB24C), light.shade(0x86CB57),
                 light.lit(0xA6DC62))  # fmt: skip
        blades(canvas, stage.seed, 6, area, -0.18, 0.5, 0.011, 0.055, tones)
        for number, (petal, heart) in enumerate(flowers):
            rings, hearts = [], []
            for x, a, b, c in scatter(stage.seed, 64 + number, area.left, area.right, 0.34):
                if c < 0.35:
                    continue
                y = -0.16 + 0.6 * a * a
                size = 0.006 + 0.008 * a
                canvas.drawLine(x, y, x + 0.006, y + 0.03, stroke(light.dark(0x4B9A45), 0.005))
                rings += [(x + size * dx, y + size * 0.6 * dy) for dx, dy in
                          ((1, 0), (-1, 0), (0.3, 1), (-0.3, -1), (0.6, -0.8), (-0.6, 0.8))]  # fmt: skip
                hearts.append((x, y))
            dots(canvas, rings, 0.015, light.lit(petal, 0.0, 0.2))
            dots(canvas, hearts, 0.012, light.shade(heart))

    return (
        *sky_layers(stage),
        ridge(stage, 3, 0.1, -0.3, 0.42, 0.9, 0x6E9CC4, 0.55),
        ridge(stage, 4, 0.22, -0.27, 0.3, 1.1, 0x55A277, 0.4, trees=0.035),
        ridge(stage, 8, 0.4, -0.24, 0.2, 1.5, 0x6BB85A, 0.24, trees=0.05),
        Layer(0.6, trees),
        *ground(stage, 0x93D163, 0x5CAF4C, far_detail=far_field, near_detail=grass),
        near_grass(stage, 0x5CAF4C),
    )


def beach(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    horizon = -0.52

    def sea(canvas: Any, area: Area) -> None:
        stops = ((0.0, light.shade(0x9BDCEB, 0.55), 1.0), (0.12, light.shade(0x3FB2D8, 0.2), 1.0),
                 (0.5, light.shade(0x1F8FC4), 1.0), (1.0, light.shade(0x35BFC6), 1.0))  # fmt: skip
        canvas.drawRect(box(area.left, horizon, area.right, 2.0),
                        linear((0.0, horizon), (0.0, -0.02), *stops))  # fmt: skip
        oval(canvas, (area.left + area.right) / 2, horizon, area.right - area.left, 0.01,
             soft(light.haze, 0.012, 0.7))  # fmt: skip
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
                oval(canvas, x, y, (0.03 + 0.1 * a) * (0.5 + b), 0.002 + 0.005 * a, fill(tone, 0.35))

    def islands(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 15, area.left - 1, area.right + 1, 2.3):
            wide, tall = 0.35 + 0.3 * a, 0.1 + 0.1 * b
            outline = blob(((x - wide, horizon + 0.03), (x - wide * 0.5, horizon - tall * (0.5 + 0.3 * c)),
                            (x, horizon - tall), (x + wide * 0.55, horizon - tall * 0.55),
                            (x + wide, horizon + 0.03)), tension=0.7)  # fmt: skip
            canvas.save()
            canvas.clipRect(box(area.left, -5.0, area.right, horizon + 0.004))
            canvas.drawPath(outline, down(horizon - tall, horizon, light.lit(0x4F8F86, 0.4, 0.3),
                                          light.shade(0x5C9AA4, 0.66)))  # fmt: skip
            canvas.restore()

    def swell(canvas: Any, area: Area, time: float) -> None:
        foam = light.lit(0xFFFFFF, 0.1)
        for row in range(5):
            near = row / 4
            y, step = horizon + 0.04 + 0.3 * near**1.3, 0.3 + 0.34 * near
            y += 0.008 * sin(1.3 * time + row)
            shift = (0.04 + 0.07 * near) * time * (1 if row % 2 else -1)
            builder = skia.PathBuilder()
            for x, a, b, _c in scatter(stage.seed, 20 + row, area.left - shift, area.right - shift, step):
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
            edge.append((x, reach + 0.014 * sin(3.1 * x + 0.8 * time) + 0.008 * sin(7.3 * x - time)))
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
        patches(canvas, stage, 27, area, -0.05, 0.45, 0.14,
                (light.dark(0xE2BF85, 0.0, 0.45), light.lit(0xFFEFC6)), 0.4, 0.5)  # fmt: skip
        grains = [(x, 0.0 + 0.45 * a) for x, a, _b, _c in scatter(stage.seed, 29, area.left, area.right, 0.016)]
        dots(canvas, grains, 0.005, light.dark(0xC9A26C), 0.5)
        for x, a, b, c in scatter(stage.seed, 28, area.left, area.right, 0.42):
            y = -0.02 + 0.34 * a
            if c > 0.72:
                shadow_under(canvas, light, x, y + 0.012, 0.035, 0.01)
                canvas.drawPath(shell(x, y, 0.024), down(y - 0.02, y + 0.02, light.lit(0xFFD9C8), light.dark(0xE79A86)))
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
    return polygon(((x - size, y - size * 0.3), (x - size * 0.5, y - size), (x + size * 0.5, y - size),
                    (x + size, y - size * 0.3), (x, y + size * 0.6)))  # fmt: skip


def palm(canvas: Any, stage: Stage, salt: int, x: float, base: float, tall: float, haze: float) -> None:
    light = stage.light
    lean = 0.34 * tall * (chance(stage.seed, salt) - 0.3)
    shadow_under(canvas, light, x, base, 0.22, 0.03)
    top = (x + lean, base - tall)
    trunk = blob(((x - 0.04, base), (x + 0.25 * lean - 0.026, base - 0.5 * tall), (top[0] - 0.016, top[1]),
                  (top[0] + 0.016, top[1]), (x + 0.25 * lean + 0.028, base - 0.5 * tall), (x + 0.045, base)),
                 tension=0.55)  # fmt: skip
    bark = 0x8A6547
    canvas.drawPath(trunk, across(x - 0.04 + lean * 0.4, x + 0.05 + lean * 0.4, light.dark(bark, haze),
                                  light.lit(bark, haze)))  # fmt: skip
    for ring in range(9):
        part = ring / 9
        cx = x + lean * (0.5 * part + 0.5 * part * part)
        y = base - tall * part
        canvas.drawLine(cx - 0.028, y, cx + 0.028, y - 0.008, stroke(light.dark(bark, haze), 0.008, 0.7))
    for layer, colour in ((0, light.dark(0x3F8F4C, haze)), (1, light.shade(0x56A84E, haze)),
                          (2, light.lit(0x86C656, haze))):  # fmt: skip
        builder = skia.PathBuilder()
        for frond in range(7):
            angle = pi * (1.06 + 0.98 * (frond + 0.3 * layer) / 7) + 0.1 * chance(stage.seed, salt, frond, layer)
            droop = 0.22 + 0.16 * abs(frond - 3) / 3
            for leaf in range(9):
                along = (leaf + 1) / 10


                px = top[0] + 0.52 * along * cos(angle) * (1 - 0.08 * layer)
                py = top[1] + 0.46 * along * sin(angle) + droop * along * along
                size = 0.17 * (1 - 0.55 * along)
                leaves(builder, px, py, size, 0.016, angle * 0.35 + (1.9 if cos(angle) < 0 else 0.9))
        canvas.drawPath(builder.detach(), fill(colour))


def bamboo(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    night = light.time == "night"

    def mist(canvas: Any, area: Area) -> None:
        canvas.drawPaint(down(-1.6, -0.05, light.shade(0x7FB873, 0.1), light.shade(0xC9E8A8, 0.3),
                              light.shade(0xF0F9D2, 0.35), light.shade(0xA8CF8C, 0.25)))  # fmt: skip
        glow(canvas, 0.3 * light.side, -0.95, 1.25, light.sun, 0.62 if not night else 0.3)

    def grove(salt: int, depth: float, step: float, wide: float, haze: float, skip: float) -> Layer:
        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - 0.4, area.right + 0.4, step):
                if b < skip:
                    continue
                stem = mix(0x4B8F45, 0x8DB64C, a)
                tones = (light.dark(stem, haze), light.shade(stem, haze), light.lit(stem, haze, 0.6),
                         light.shade(stem, haze))  # fmt: skip
                half, lean = wide * (0.32 + 0.22 * b), 0.09 * (c - 0.5)
                shadow_under(canvas, light, x, -0.13, half * 3.2, 0.025)
                canvas.save()
                canvas.translate(x, -0.12)
                canvas.skew(lean, 0)
                canvas.drawRect(box(-half, -3.2, half, 0.0), across(
                    -half, half, *(tones if light.side > 0 else tones[::-1])))  # fmt: skip
                joint, gap = -0.2 * b - 0.06, 0.24 + 0.1 * a
                while joint > -3.0:
                    canvas.drawRect(box(-half * 1.14, joint - 0.012, half * 1.14, joint + 0.006),
                                    across(-half, half, tones[0], tones[2]))  # fmt: skip
                    canvas.drawLine(-half, joint + 0.012, half, joint + 0.012, stroke(tones[0], 0.01, 0.7))
                    joint -= gap
                canvas.restore()
                for level in range(5):
                    y = -0.75 - 0.32 * level + 0.25 * chance(stage.seed, salt, int(1e5 * a), level)
                    way = 1 if chance(stage.seed, salt, int(1e5 * a), level, 1) > 0.5 else -1
                    if chance(stage.seed, salt, int(1e5 * a), level, 2) > 0.35:
                        sprig(canvas, x - lean * (y + 0.12) * -1 - 2 * lean * (y + 0.12), y, way, wide, haze,
                              salt * 100 + level + int(1e4 * b))  # fmt: skip

        return Layer(depth, paint, texture=0.03)

    def sprig(canvas: Any, x: float, y: float, way: int, wide: float, haze: float, salt: int) -> None:
        stem = light.dark(0x5E9A45, haze)
        canvas.drawLine(x, y, x + way * wide * 2.4, y - wide * 0.9, stroke(stem, wide * 0.09))
        for tone in (light.dark(0x4F9640, haze), light.shade(0x77B548, haze), light.lit(0xAED860, haze)):
            builder = skia.PathBuilder()
            for part in range(6):
                u, v = chance(stage.seed, salt, part), chance(stage.seed, salt, part, tone)
                leaves(builder, x + way * wide * (0.8 + 2.0 * u), y - wide * (0.3 + 0.8 * u - 0.3 * v),
                       wide * (1.5 + 0.8 * v), wide * 0.2, (0.5 + 0.9 * v) if way > 0 else pi - 0.5 - 0.9 * v)  # fmt: skip
            canvas.drawPath(builder.detach(), fill(tone))

    def far_floor(canvas: Any, area: Area) -> None:
        patches(canvas, stage, 31, area, -0.26, 0.0, 0.14, (light.lit(0xD8DE90, 0.2), light.dark(0x7E9450, 0.1)), 0.5, 0.5)
        for x, a, b, _c in scatter(stage.seed, 32, area.left, area.right, 0.3):
            bush(canvas, stage, int(1e4 * a), x, -0.2 + 0.03 * b, 0.06 + 0.05 * a, 0x6FA548, 0.2)

    def litter(canvas: Any, area: Area) -> None:
        patches(canvas, stage, 38, area, -0.15, 0.45, 0.12,
                (light.lit(0xD9DB86), light.dark(0x7C8A4C, 0.0, 0.7), light.dark(0x8E7B4C, 0.0, 0.5)), 0.34, 0.5)  # fmt: skip
        tones = (light.dark(0x6E8A42), light.shade(0x8FAE4E), light.lit(0xB4CC62))
        blades(canvas, stage.seed, 39, area, -0.18, 0.5, 0.05, 0.05, tones)
        for tone, salt in ((light.dark(0x9A8446), 36), (light.shade(0xC9B45A), 40), (light.lit(0xDDCB7A), 41)):
            builder = skia.PathBuilder()
            for x, a, b, c in scatter(stage.seed, salt, area.left, area.right, 0.07):
                leaves(builder, x, -0.16 + 0.6 * a * a, 0.03 + 0.03 * a, 0.006, 0.5 * (b - 0.5) + (pi if c > 0.5 else 0))
            canvas.drawPath(builder.detach(), fill(tone, 0.95))
        for x, a, b, c in scatter(stage.seed, 43, area.left, area.right, 1.3):
            rock(canvas, stage, int(1e4 * a), x, -0.12 + 0.06 * b, 0.06 + 0.05 * c, 0x8A9088)

    def falling(canvas: Any, area: Area, time: float) -> None:
        builder = skia.PathBuilder()
        for index in range(9):
            u, v = chance(stage.seed, 37, index), chance(stage.seed, 38, index)
            fall = (v + 0.1 * time) % 1.0
            x = area.left + (area.right - area.left) * u + 0.1 * sin(2.0 * time + 6 * v)
            leaves(builder, x, area.top + (area.bottom - area.top) * fall, 0.07, 0.014,
                   0.9 * sin(1.7 * time + 9 * u))  # fmt: skip
        canvas.drawPath(builder.detach(), fill(light.lit(0xB9D25A)))

    return (
        Layer(0.0, mist),
        grove(33, 0.2, 0.13, 0.05, 0.66, 0.0),
        grove(34, 0.42, 0.27, 0.075, 0.4, 0.1),
        sun_shafts(stage, 0.3),
        *ground(stage, 0xC4C97C, 0x98A85A, near_detail=litter, far_detail=far_floor)[:1],
        grove(35, 0.82, 0.75, 0.115, 0.06, 0.2),
        *ground(stage, 0xC4C97C, 0x98A85A, near_detail=litter)[1:],
        Layer(0.9, moving=falling, front=True),
        near_branches(stage, 0x5C9A45),
        near_grass(stage, 0x6E9A48),
    )


def snow_mountain(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def peaks(salt: int, depth: float, level: float, tall: float, step: float, haze: float) -> Layer:
        rock_tone, snow_tone = 0x6F80AA, 0xF7FBFF

        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - step, area.right + step, step):
                top, half = level - tall * (0.6 + 0.4 * a), step * (0.75 + 0.25 * b)
                peak(canvas, x, top, half, level + 0.25, salt * 1000 + int(1e3 * c))

        def peak(canvas: Any, x: float, top: float, half: float, foot: float, salt: int) -> None:
            left, right, ridge_line = [(x, top)], [(x, top)], [(x, top)]
            for part in range(1, 8):
                along = part / 7
                y = top + (foot - top) * along
                for side, line in ((-1, left), (1, right)):
                    line.append((x + side * half * along * (0.86 + 0.28 * chance(stage.seed, salt, part, side)),
                                 y - (foot - top) * 0.05 * chance(stage.seed, salt, part, side, 2)))  # fmt: skip
                ridge_line.append((x + half * 0.3 * (chance(stage.seed, salt, part, 3) - 0.5) * along ** 0.5 * 2, y))
            light_side, dark_side = (right, left) if light.side > 0 else (left, right)
            canvas.drawPath(polygon([*light_side, *ridge_line[::-1]]), down(
                top, foot, light.lit(snow_tone, haze * 0.7, 0.35), light.lit(0xD9E4F6, haze), light.shade(rock_tone, min(1.0, haze + 0.2))))
            canvas.drawPath(polygon([*dark_side, *ridge_line[::-1]]), down(
                top, foot, light.dark(0xDCE6FA, haze * 0.8, 0.8), light.dark(0xB9C9E8, haze), light.shade(rock_tone, min(1.0, haze + 0.3))))  # fmt: skip
            for part in range(26):  # rock showing through, in falling strokes
                u, v = chance(stage.seed, salt, part, 5), chance(stage.seed, salt, part, 6)
                along = 0.16 + 0.8 * u
                y = top + (foot - top) * along
                px = x + half * along * (2 * v - 1) * 0.86
                long = (foot - top) * (0.05 + 0.07 * chance(stage.seed, salt, part, 7))
                lean = 0.5 if px > x else -0.5
                builder = skia.PathBuilder()
                builder.moveTo(px, y)
                builder.lineTo(px + lean * long + 0.012, y + long)
                builder.lineTo(px + lean * long * 0.5 - 0.02, y + long * 0.75)
                builder.close()
                lit = (px > x) == (light.side > 0)
                tone = light.shade(rock_tone, haze) if lit else light.dark(rock_tone, haze, 0.8)
                canvas.drawPath(builder.detach(), fill(tone, 0.8))

        def hazy(canvas: Any, area: Area) -> None:
            paint(canvas, area)
            fade(canvas, area, level - 0.25, level + 0.3, light.haze, 0.0, 0.75)

        return Layer(depth, hazy, texture=0.03)

    def pines(salt: int, depth: float, base: float, tall: float, step: float, haze: float) -> Layer:
        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - 0.4, area.right + 0.4, step):
                if c > 0.18:
                    pine(canvas, stage, int(1e4 * a) + salt, x, base - 0.05 * b, tall * (0.65 + 0.5 * a), haze, 0.9)

        return Layer(depth, paint)

    def drifts(canvas: Any, area: Area) -> None:
        blue, white = light.dark(0xD3E2F8, 0.0, 0.5), light.lit(0xFFFFFF, 0.0, 0.2)
        patches(canvas, stage, 53, area, -0.18, 0.45, 0.12, (blue, white, blue), 0.5, 0.6)
        glints = [(x, -0.1 + 0.5 * a * a) for x, a, _b, _c in scatter(stage.seed, 56, area.left, area.right, 0.04)]
        dots(canvas, glints, 0.005, 0xFFFFFF, 0.8 if light.softness < 0.5 else 0.3)
        for x, a, b, c in scatter(stage.seed, 57, area.left, area.right, 1.1):
            if c > 0.45:
                y, half = -0.12 + 0.05 * b, 0.07 + 0.06 * a
                rock(canvas, stage, int(1e4 * a), x, y, half, 0x8A93AC)
                oval(canvas, x, y - half * 0.58, half * 0.72, half * 0.22, fill(light.lit(0xFFFFFF, 0.0, 0.25)))

    def far_snow(canvas: Any, area: Area) -> None:
        patches(canvas, stage, 58, area, -0.28, 0.0, 0.2, (light.dark(0xCBDCF4, 0.1, 0.5), light.lit(0xFFFFFF, 0.1)), 0.6, 0.6)

    return (
        *sky_layers(stage),
        peaks(51, 0.08, -0.3, 0.95, 0.62, 0.42),
        peaks(55, 0.16, -0.25, 0.6, 0.5, 0.25),
        pines(59, 0.36, -0.2, 0.3, 0.14, 0.36),
        ridge(stage, 54, 0.42, -0.16, 0.14, 1.1, 0xE4EEFB, 0.14),
        pines(52, 0.6, -0.16, 0.75, 0.55, 0.16),
        *ground(stage, 0xE9F1FC, 0xF2F7FF, near_detail=drifts, far_detail=far_snow, grain=0.04),
    )


def forest(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    night = light.time == "night"

    def depths(canvas: Any, area: Area) -> None:
        canvas.drawPaint(down(-1.8, -0.1, light.shade(0x2F6B4C, 0.05), light.shade(0x6FA868, 0.22),
                              light.shade(0xD6E8A0, 0.3), light.shade(0x8DB46A, 0.25)))  # fmt: skip
        glow(canvas, 0.35 * light.side, -0.8, 1.3, light.sun, 0.6 if not night else 0.28)

    def trunks(salt: int, depth: float, step: float, wide: float, haze: float, base: float) -> Layer:
        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, c in scatter(stage.seed, salt, area.left - 0.6, area.right + 0.6, step):
                if c < 0.15:
                    continue
                half = wide * (0.4 + 0.35 * a)
                bark = mix(0x5C4434, 0x7A6448, b)
                shadow_under(canvas, light, x, base, half * 3.4, 0.035)
                outline = blob(((x - half * 2.3, base + 0.015), (x - half * 1.05, base - 0.16), (x - half * 0.85, base - 1.2),
                                (x - half * 0.8, base - 3.2), (x + half * 0.8, base - 3.2), (x + half * 0.85, base - 1.2),
                                (x + half * 1.1, base - 0.16), (x + half * 2.5, base + 0.015)), tension=0.35)  # fmt: skip
                tones = (light.dark(bark, haze), light.dark(bark, haze, 0.5), light.lit(bark, haze, 0.5))
                canvas.drawPath(outline, across(x - half, x + half, *(tones if light.side > 0 else tones[::-1])))
                for part in range(14):
                    u, v = chance(stage.seed, salt, int(1e4 * a), part), chance(stage.seed, salt, int(1e4 * b), part)
                    px, y = x + half * (1.5 * u - 0.75), base - 0.1 - 1.7 * v
                    canvas.drawLine(px, y, px + 0.01 * (u - 0.5), y - 0.12, stroke(tones[0], half * 0.09, 0.6))
                if stage.weather != "snow":
                    moss = light.shade(0x6E9A45, haze)
                    oval(canvas, x - light.side * half * 0.6, base - 0.12, half * 0.5, 0.12, soft(moss, half * 0.2, 0.55))

        return Layer(depth, paint, texture=0.06)

    def canopy(salt: int, depth: float, level: float, size: float, haze: float) -> Layer:
        colour = 0x3F8748
        if stage.weather == "petals":
            colour = 0xE79AB8

        def paint(canvas: Any, area: Area) -> None:
            for x, a, b, _c in scatter(stage.seed, salt, area.left - size, area.right + size, size * 0.85):
                foliage(canvas, stage, salt * 7 + int(1e4 * a), x, level - 0.24 * b, size * (0.75 + 0.3 * a), size * 0.5,
                        mix(colour, 0x9DB84A, 0.4 * b if colour == 0x3F8748 else 0.0), haze)  # fmt: skip

        return Layer(depth, paint)

    def far_floor(canvas: Any, area: Area) -> None:
        patches(canvas, stage, 131, area, -0.26, 0.0, 0.14, (light.lit(0xBCCB70, 0.15), light.dark(0x5A7A42, 0.1)), 0.5, 0.5)
        for x, a, b, _c in scatter(stage.seed, 132, area.left - 0.3, area.right + 0.3, 0.28):
            bush(canvas, stage, int(1e4 * a), x, -0.2 + 0.04 * b, 0.1 + 0.12 * a, mix(0x3F7F48, 0x7FA048, b), 0.16)

    def floor(canvas: Any, area: Area) -> None:
        patches(canvas, stage, 133, area, -0.15, 0.45, 0.12,
                (light.lit(0xA89A5A), light.dark(0x4C5A34, 0.0, 0.7), light.shade(0x6F8744)), 0.36, 0.55)  # fmt: skip
        for x, a, b, c in scatter(stage.seed, 134, area.left - 0.3, area.right + 0.3, 1.2):
            if c > 0.55:
                rock(canvas, stage, int(1e4 * a), x, -0.13 + 0.05 * b, 0.07 + 0.06 * a, 0x7C8478)
            elif c > 0.25:
                mushroom(canvas, x, -0.1 + 0.3 * b * b, 0.045)
                mushroom(canvas, x + 0.05, -0.085 + 0.3 * b * b, 0.03)
        for tone, salt in ((light.dark(0x7A5A34), 136), (light.shade(0xB0763C), 137), (light.lit(0xC99A4A), 138)):
            builder = skia.PathBuilder()
            for x, a, b, _c in scatter(stage.seed, salt, area.left, area.right, 0.08):
                leaves(builder, x, -0.15 + 0.6 * a * a, 0.022 + 0.02 * a, 0.01, 6.0 * b)
            canvas.drawPath(builder.detach(), fill(tone, 0.95))
        tones = (light.dark(0x4E7A3A), light.shade(0x6E9C44), light.lit(0x9DC258))
        blades(canvas, stage.seed, 135, area, -0.18, 0.5, 0.05, 0.06, tones)

    def mushroom(canvas: Any, x: float, y: float, size: float) -> None:
        shadow_under(canvas, light, x, y, size, size * 0.25)
        canvas.drawRect(box(x - size * 0.16, y - size * 0.8, x + size * 0.16, y), fill(light.shade(0xF2E6D0)))
        cap = blob(((x - size * 0.7, y - size * 0.62), (x, y - size * 1.35), (x + size * 0.7, y - size * 0.62)), tension=0.9)
        canvas.drawPath(cap, down(y - size * 1.3, y - size * 0.5, light.lit(0xE4553E), light.dark(0xB5382E)))
        dots(canvas, ((x - size * 0.25, y - size * 0.8), (x + size * 0.2, y - size * 0.95)), size * 0.2, light.shade(0xFFF4E4))

    def fireflies(canvas: Any, area: Area, time: float) -> None:
        warm = light.lamps
        for index in range(12):
            u, v = chance(stage.seed, 140, index), chance(stage.seed, 141, index)
            x = area.left + (area.right - area.left) * u + 0.08 * sin(0.7 * time + 20 * v)
            y = -0.15 - 0.8 * v + 0.05 * sin(1.1 * time + 30 * u)
            pulse = 0.35 + 0.35 * sin(2.0 * time + 40 * u)
            canvas.save()
            canvas.translate(x, y)
            glow(canvas, 0, 0, 0.045 if warm else 0.022, 0xFFF2A0 if warm else 0xFFFBE0, round(pulse, 1))
            canvas.restore()

    return (
        Layer(0.0, depths),
        trunks(121, 0.18, 0.2, 0.055, 0.62, -0.22),
        canopy(122, 0.25, -1.0, 0.3, 0.5),
        trunks(123, 0.4, 0.42, 0.085, 0.36, -0.2),
        sun_shafts(stage, 0.34),
        ground(stage, 0xA4B866, 0x74804A, far_detail=far_floor)[0],
        canopy(126, 0.45, -1.14, 0.34, 0.3),
        canopy(124, 0.7, -1.36, 0.42, 0.12),
        trunks(125, 0.84, 1.25, 0.14, 0.06, -0.15),
        ground(stage, 0xA4B866, 0x74804A, near_detail=floor)[1],
        Layer(0.95, moving=fireflies),
        near_branches(stage, 0x3F7F48),
        near_grass(stage, 0x4F7A40),
    )


def desert(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def mesas(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 151, area.left - 1, area.right + 1, 1.15):
            if c < 0.25:
                continue
            wide, tall, foot = 0.26 + 0.22 * a, 0.3 + 0.4 * b, -0.27
            outline = [(x - wide * 1.5, foot + 0.1)]
            for side in (-1, 1):
                steps = ((1.18, 0.3), (0.95, 0.42), (0.9, 0.8), (0.78, 0.84), (0.72, 1.0))
                for reach, rise in steps if side < 0 else steps[::-1]:
                    outline.append((x + side * wide * reach, foot - tall * rise))
            outline.append((x + wide * 1.5, foot + 0.1))
            red = 0xC76B45
            canvas.drawPath(polygon(outline), down(foot - tall, foot + 0.05, light.lit(red, 0.28, 0.3),
                                                   light.shade(red, 0.3), light.shade(red, 0.62)))  # fmt: skip
            canvas.save()
            canvas.clipPath(polygon(outline), doAntiAlias=True)
            for level in range(6):
                y = foot - tall * (0.18 + 0.14 * level)
                canvas.drawRect(box(x - 2 * wide, y, x + 2 * wide, y + tall * 0.035),
                                fill(light.dark(0xA8502F, 0.3), 0.4))  # fmt: skip
            shade = x - light.side * wide * 0.55
            canvas.drawRect(box(min(shade, x - light.side * 2 * wide), foot - tall, max(shade, x - light.side * 2 * wide), foot + 0.2),
                            fill(light.dark(0x9A4A3C, 0.32), 0.5))  # fmt: skip
            canvas.restore()
        fade(canvas, area, -0.45, -0.2, light.haze, 0.0, 0.5)

    def cacti(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 155, area.left - 1, area.right + 1, 1.5):
            if c > 0.35:
                cactus(canvas, x, -0.2 + 0.03 * b, 0.42 + 0.3 * a, 0.12)
            else:
                rock(canvas, stage, int(1e4 * a), x, -0.18, 0.1 + 0.08 * b, 0xB0694A, 0.1)

    def cactus(canvas: Any, x: float, base: float, tall: float, haze: float) -> None:
        shadow_under(canvas, light, x, base, tall * 0.36, tall * 0.05)
        green = 0x5B8F5A
        wide = tall * 0.17
        for tone, shift, size in ((light.dark(green, haze), 0.0, 1.0), (light.shade(green, haze), 0.16, 0.7),
                                  (light.lit(green, haze), 0.3, 0.22)):  # fmt: skip
            dx, paint = shift * wide * light.side, stroke(tone, wide * size)
            canvas.drawLine(x + dx, base - wide * 0.3, x + dx, base - tall, paint)
            thin = stroke(tone, wide * size * 0.72)
            for side, low, high in ((-1, 0.42, 0.72), (1, 0.3, 0.86)):
                elbow = x + side * tall * 0.24
                canvas.drawLine(x + dx, base - tall * low, elbow + dx, base - tall * low, thin)
                canvas.drawLine(elbow + dx, base - tall * low, elbow + dx, base - tall * high, thin)
        spines = [(x + wide * (u - 0.5) * 0.7, base - tall * (0.1 + 0.12 * i)) for i in range(8) for u in (0.1, 0.9)]
        dots(canvas, spines, 0.006, light.lit(0xF4ECC0, haze))

    def ripples(canvas: Any, area: Area) -> None:
        patches(canvas, stage, 156, area, -0.16, 0.45, 0.14,
                (light.lit(0xFFE0A6), light.dark(0xCE9256, 0.0, 0.5)), 0.45, 0.5)  # fmt: skip
        for x, a, b, _c in scatter(stage.seed, 157, area.left - 0.3, area.right + 0.3, 0.035):
            y = -0.15 + 0.6 * a * a
            long = 0.05 + 0.09 * a
            line = blob(((x - long, y), (x, y - 0.006 - 0.008 * b), (x + long, y + 0.002)), closed=False)
            canvas.drawPath(line, stroke(light.dark(0xD89E62, 0.0, 0.6), 0.004 + 0.005 * a, 0.3))
        for x, a, b, c in scatter(stage.seed, 158, area.left, area.right, 0.8):
            if c > 0.4:
                rock(canvas, stage, int(1e4 * a), x, -0.1 + 0.4 * b * b, 0.03 + 0.03 * a, 0xB57A55)
        blades(canvas, stage.seed, 159, area, -0.16, 0.45, 0.5, 0.07, (light.dark(0xA08A4A), light.shade(0xC2A85A)))

    def dust(canvas: Any, area: Area, time: float) -> None:
        if stage.weather not in ("wind", "clear"):
            return
        for index in range(5):
            u = chance(stage.seed, 160, index)
            x = area.left - 0.8 + (area.right - area.left + 1.6) * ((u + 0.05 * time) % 1.0)
            canvas.save()
            canvas.translate(x, -0.05 + 0.1 * chance(stage.seed, 161, index))
            canvas.scale(1.0, 0.13)
            glow(canvas, 0, 0, 0.7, light.lit(0xF0CE96, 0.2), 0.2)
            canvas.restore()

    return (
        *sky_layers(stage, clouds=stage.weather != "clear" or light.time != "day"),
        Layer(0.09, mesas, texture=0.06),
        ridge(stage, 152, 0.25, -0.22, 0.22, 1.3, 0xE2A868, 0.34),
        ridge(stage, 153, 0.5, -0.17, 0.15, 1.8, 0xE8B06A, 0.14),
        Layer(0.75, cacti),
        *ground(stage, 0xEDBE7C, 0xE9B672, near_detail=ripples),
        Layer(0.95, moving=dust),
    )

"""Sets in town: street, rooftop, room.

- One function per set; it returns the layers from far to near.
- Lamps, windows and string lights go on at dusk.

Called from sets.py (the table).
"""

from math import floor
from typing import Any

from onereel.backlot.brush import blob, fill, glow, linear, mix, polygon, scatter, stroke
from onereel.backlot.scenery import Area, Layer, Stage, box, ground, sky_layers, towers


def street(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def shops(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 12, area.left - 1, area.right + 1, 1.12):
            x = (floor(x / 1.12) + 0.5) * 1.12  # house by house, wall to wall
            wall = light.shade((0xD98E73, 0xE0B27A, 0x8FB0B8, 0xB795B5)[int(a * 3.99)], 0.12)
            top = -0.95 - 0.2 * b
            canvas.drawRect(
                box(x - 0.56, top, x + 0.56, 1.0),
                linear((0, top), (0, 0), (0.0, wall, 1.0), (1.0, mix(wall, 0x2B2140, 0.3), 1.0)),
            )
            canvas.drawRect(
                box(x - 0.57, top, x + 0.57, top + 0.04), fill(mix(wall, 0xFFFFFF, 0.25))
            )
            glass = 0xFFDE94 if light.lamps else light.shade(0xBFE6F2)
            for side in (-0.36, 0.08):
                canvas.drawRect(box(x + side, -0.86, x + side + 0.26, -0.64), fill(glass, 0.9))
            canvas.drawRect(box(x - 0.46, -0.46, x + 0.2, -0.12), fill(glass))
            canvas.drawRect(box(x + 0.28, -0.46, x + 0.46, -0.1), fill(mix(wall, 0x3A2438, 0.6)))
            cloth = light.shade((0xE2504A, 0x3F8FCF, 0x3FA66B)[int(c * 2.99)])
            canvas.drawPath(
                polygon(((x - 0.5, -0.58), (x + 0.5, -0.58), (x + 0.56, -0.45), (x - 0.56, -0.45))),
                fill(cloth),
            )
            for part in range(5):
                left = x - 0.45 + part * 0.2
                canvas.drawRect(
                    box(left, -0.58, left + 0.1, -0.45), fill(light.shade(0xFFF4E4), 0.85)
                )

    def pavement(canvas: Any, area: Area) -> None:
        canvas.drawRect(box(area.left, 0.1, area.right, 3), fill(light.shade(0x4A4C5C)))
        canvas.drawRect(box(area.left, 0.085, area.right, 0.115), fill(light.shade(0xE5DFD6)))
        for x, _a, _b, _c in scatter(stage.seed, 13, area.left, area.right, 0.5):
            canvas.drawLine(x, -0.16, x + 0.05, 0.085, stroke(light.shade(0x9A93A0), 0.009))
        for x, _a, _b, _c in scatter(stage.seed, 14, area.left - 1, area.right + 1, 2.3):
            canvas.drawLine(x, -0.13, x, -1.28, stroke(light.shade(0x33384A), 0.034))
            canvas.drawLine(x, -1.28, x + 0.13, -1.3, stroke(light.shade(0x33384A), 0.03))
            canvas.drawOval(
                box(x + 0.08, -1.31, x + 0.2, -1.24),
                fill(0xFFE9A8 if light.lamps else light.shade(0xEFEFEF)),
            )
            if light.lamps:
                glow(canvas, x + 0.14, -1.26, 0.6, 0xFFD27A, 0.6)
                canvas.drawOval(box(x - 0.5, -0.12, x + 0.75, 0.1), fill(0xFFD27A, 0.13))

    return (
        *sky_layers(stage),
        towers(stage, 10, 0.15, 0.36, 0.75, 1.2, 0x7F8DB0, 0.5, 0.8),
        Layer(0.7, shops),
        ground(stage, 0xB9B2B4, 0xA79FA6, detail=pavement),
    )


def rooftop(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light

    def parapet(canvas: Any, area: Area) -> None:
        brick, cap = light.shade(0xB9705A, 0.05), light.shade(0xD9C9B8)
        canvas.drawRect(
            box(area.left, -0.4, area.right, -0.1),
            linear((0, -0.4), (0, -0.1), (0.0, brick, 1.0), (1.0, mix(brick, 0x2B2140, 0.35), 1.0)),
        )
        for row in range(3):
            for x, a, _b, _c in scatter(stage.seed, 42 + row, area.left, area.right, 0.34):
                y = -0.33 + 0.075 * row
                canvas.drawRect(
                    box(x, y, x + 0.12, y + 0.045), fill(mix(brick, 0xFFB58A, 0.3 * a), 0.8)
                )
        canvas.drawRect(box(area.left, -0.44, area.right, -0.38), fill(cap))
        for x, _a, _b, _c in scatter(stage.seed, 46, area.left - 1, area.right + 1, 2.4):
            canvas.drawRect(box(x - 0.2, -0.36, x + 0.2, -0.08), fill(light.shade(0x8C97A6)))
            canvas.drawRect(box(x - 0.22, -0.39, x + 0.22, -0.34), fill(light.shade(0xA9B4C2)))
            canvas.drawCircle(x, -0.21, 0.09, fill(light.shade(0x4B5566)))
            canvas.drawCircle(x, -0.21, 0.03, fill(light.shade(0x8C97A6)))

    def lights(canvas: Any, area: Area) -> None:
        for x, _a, _b, _c in scatter(stage.seed, 48, area.left - 2, area.right + 2, 2.0):
            points = []
            for step in range(11):
                along = step / 10
                points.append((x + 2.3 * along, -1.22 + 0.5 * along * (1 - along)))
            canvas.drawPath(blob(points, closed=False), stroke(light.shade(0x3A3348), 0.012))
            for px, py in points[1:-1]:
                if light.lamps:
                    glow(canvas, px, py + 0.03, 0.13, 0xFFC45E, 0.7)
                canvas.drawCircle(
                    px, py + 0.03, 0.024, fill(0xFFE9A8 if light.lamps else light.shade(0xF6E3B0))
                )

    def roof(canvas: Any, area: Area) -> None:
        slabs(canvas, area)
        parapet(canvas, area)
        lights(canvas, area)

    def slabs(canvas: Any, area: Area) -> None:
        line = stroke(light.shade(0x8B8590), 0.008)
        for y in (-0.03, 0.09, 0.25):
            canvas.drawLine(area.left, y, area.right, y, line)
        for x, _a, _b, _c in scatter(stage.seed, 49, area.left, area.right, 0.6):
            canvas.drawLine(x, -0.1, x + 0.06, 0.3, line)

    return (
        *sky_layers(stage),
        towers(stage, 40, 0.12, 0.3, 0.5, 1.0, 0x8794BE, 0.55, 0.0),
        towers(stage, 41, 0.25, 0.52, 0.35, 0.78, 0x6E78A6, 0.3, 0.9),
        ground(stage, 0xAFA7AC, 0xC2B8B6, top=-0.12, detail=roof),
    )


def room(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    lamp = light.lamps
    warm = (lambda colour: mix(light.shade(colour), colour, 0.55)) if lamp else light.shade
    wall = warm((0xF1D9B5, 0xBFD8D2, 0xE3C3C6, 0xC8CFE8)[stage.seed % 4])

    def back(canvas: Any, area: Area) -> None:
        canvas.drawPaint(
            linear((0, -1.4), (0, -0.1), (0.0, mix(wall, 0x3B2A50, 0.22), 1.0), (1.0, wall, 1.0))
        )
        canvas.drawRect(box(area.left, -0.2, area.right, 1), fill(warm(0xFBF3E4)))
        for x, a, _b, _c in scatter(stage.seed, 61, area.left - 2, area.right + 2, 2.2):
            sky = linear(
                (0, -1.15), (0, -0.45), (0.0, light.sky_top, 1.0), (1.0, light.sky_low, 1.0)
            )
            x = floor(x / 2.2) * 2.2 + 1.5
            canvas.drawRect(box(x - 0.36, -1.2, x + 0.36, -0.42), fill(warm(0xFFF9EC)))
            canvas.drawRect(box(x - 0.31, -1.15, x + 0.31, -0.47), sky)
            canvas.drawLine(x, -1.15, x, -0.47, stroke(warm(0xFFF9EC), 0.03))
            canvas.drawLine(x - 0.31, -0.81, x + 0.31, -0.81, stroke(warm(0xFFF9EC), 0.03))
            cloth = warm((0xD9655F, 0x4E86B8, 0x5B9E76)[int(a * 2.99)])
            for side in (-1, 1):
                canvas.drawPath(
                    blob(
                        (
                            (x + side * 0.5, -1.25),
                            (x + side * 0.25, -1.25),
                            (x + side * 0.33, -0.8),
                            (x + side * 0.42, -0.36),
                            (x + side * 0.5, -0.36),
                        ),
                        tension=0.3,
                    ),
                    fill(cloth),
                )
            canvas.drawLine(x - 0.56, -1.25, x + 0.56, -1.25, stroke(warm(0x8A5A3C), 0.03))
            left = x + 1.05
            canvas.drawRect(box(left, -0.95, left + 0.5, -0.12), fill(warm(0x9A633F)))
            for shelf in range(3):
                y = -0.9 + 0.27 * shelf
                canvas.drawRect(box(left + 0.04, y, left + 0.46, y + 0.22), fill(warm(0x6B422C)))
                for book in range(4):
                    shade = (0xD8574E, 0x3F7FBF, 0xE8B74A, 0x5BA36B)[(book + shelf) % 4]
                    canvas.drawRect(
                        box(
                            left + 0.06 + 0.09 * book, y + 0.05, left + 0.13 + 0.09 * book, y + 0.22
                        ),
                        fill(warm(shade)),
                    )
        if lamp:
            glow(canvas, 0.0, -1.25, 1.5, 0xFFCE7A, 0.45)

    def boards(canvas: Any, area: Area) -> None:
        for y in (-0.03, 0.08, 0.22):
            canvas.drawLine(area.left, y, area.right, y, stroke(warm(0x9A6642), 0.01))
        canvas.drawOval(box(-1.15, -0.09, 1.15, 0.17), fill(warm(0x7D5BA6), 0.85))
        canvas.drawOval(box(-1.02, -0.075, 1.02, 0.15), fill(warm(0xA98AC9), 0.8))

    return (Layer(0.85, back), ground(stage, 0xC08A5C, 0xD39F6B, top=-0.13, detail=boards))

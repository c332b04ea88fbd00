"""What the sets under a roof share: walls, windows on the hour, floor boards, lamps.

Called from the sets in places/.
"""

from typing import Any

from onereel.backlot.brush import blob, chance, fill, glow, linear, mix, polygon, stroke
from onereel.backlot.light import lighting
from onereel.backlot.scenery import Area, Layer, Stage, across, box, dots, down, houses, oval, soft


def wall_paint(
    canvas: Any, stage: Stage, area: Area, wall: int, skirting: int, level: float
) -> None:
    """A wall with light falling from above, a skirting board and the corner's shadow."""
    light = stage.light
    canvas.drawRect(box(area.left, level - 0.02, area.right, 4.0), fill(light.dark(skirting)))
    canvas.drawRect(
        box(area.left, -4.0, area.right, level),
        down(
            -1.9,
            level,
            light.dark(wall, 0.0, 0.45),
            light.lit(wall, 0.0, 0.2),
            light.shade(wall),
            light.dark(wall, 0.0, 0.25),
        ),
    )
    canvas.drawRect(
        box(area.left, level - 0.1, area.right, level + 0.01),
        down(level - 0.1, level, light.lit(skirting), light.dark(skirting, 0.0, 0.4)),
    )
    canvas.drawLine(
        area.left, level - 0.1, area.right, level - 0.1, stroke(light.dark(skirting), 0.006, 0.6)
    )


def room_window(
    canvas: Any, stage: Stage, x: float, top: float, wide: float, tall: float, frame: int
) -> None:
    """From inside: sky of the hour, hills, and the light that comes in around it."""
    outside = lighting(stage.light.time, stage.weather)
    half = wide / 2
    glow(
        canvas,
        x,
        top + tall / 2,
        wide * 1.6,
        outside.sky_low,
        0.35 if stage.light.time != "night" else 0.12,
    )
    canvas.drawRect(
        box(x - half - 0.05, top - 0.05, x + half + 0.05, top + tall + 0.05),
        fill(stage.light.lit(frame)),
    )
    canvas.save()
    canvas.clipRect(box(x - half, top, x + half, top + tall))
    canvas.drawPaint(down(top, top + tall, outside.sky_top, outside.sky_middle, outside.sky_low))
    if stage.light.time == "night":
        dots(
            canvas,
            [
                (
                    x - half + wide * chance(stage.seed, 301, i, int(9 * x)),
                    top + tall * 0.6 * chance(stage.seed, 302, i),
                )
                for i in range(14)
            ],
            0.009,
            0xFFFFFF,
            0.8,
        )
    glow(canvas, x + half * 0.4, top + tall * 0.3, 0.3, outside.sun, 0.5)
    for depth, haze in ((0.0, 0.5), (0.08, 0.25)):
        hill = blob(
            (
                (x - half - 0.1, top + tall * 0.72 + depth),
                (x - half * 0.3, top + tall * 0.6 + depth),
                (x + half * 0.4, top + tall * 0.72 + depth),
                (x + half + 0.1, top + tall * 0.58 + depth),
                (x + half + 0.1, top + tall + 0.1),
                (x - half - 0.1, top + tall + 0.1),
            ),
            tension=0.6,
        )
        canvas.drawPath(hill, fill(outside.shade(0x6FAF6A, haze)))
    if stage.weather in ("rain", "snow"):
        for i in range(24):
            px, py = (
                x - half + wide * chance(stage.seed, 303, i),
                top + tall * chance(stage.seed, 304, i),
            )
            if stage.weather == "rain":
                canvas.drawLine(px, py, px - 0.012, py + 0.06, stroke(0xFFFFFF, 0.005, 0.5))
            else:
                canvas.drawCircle(px, py, 0.009, fill(0xFFFFFF, 0.9))
    canvas.drawPath(
        polygon(
            (
                (x - half, top + tall),
                (x - half * 0.2, top),
                (x + half * 0.2, top),
                (x - half * 0.5, top + tall),
            )
        ),
        fill(0xFFFFFF, 0.1),
    )
    canvas.restore()
    bar = stroke(stage.light.lit(frame), 0.028)
    canvas.drawLine(x, top, x, top + tall, bar)
    canvas.drawLine(x - half, top + tall * 0.48, x + half, top + tall * 0.48, bar)
    canvas.drawRect(
        box(x - half - 0.09, top + tall + 0.04, x + half + 0.09, top + tall + 0.085),
        down(
            top + tall + 0.04,
            top + tall + 0.085,
            stage.light.lit(frame, 0.0, 0.6),
            stage.light.dark(frame, 0.0, 0.4),
        ),
    )
    canvas.drawRect(
        box(x - half - 0.06, top + tall + 0.085, x + half + 0.06, top + tall + 0.13),
        linear(
            (0, top + tall + 0.085),
            (0, top + tall + 0.13),
            (0.0, 0x201028, 0.28),
            (1.0, 0x201028, 0.0),
        ),
    )


def boards(canvas: Any, stage: Stage, area: Area, wood: int, salt: int) -> None:
    """Floor boards in perspective, each of its own tone."""
    light = stage.light
    y, tall, row = -0.2, 0.022, 0
    while y < 0.7:
        step = 0.55 + 2.2 * tall
        for number in houses(area, step):
            x = number * step + 0.41 * row
            tone = mix(
                wood,
                (0x8A5A3A, 0xD9A46C, 0xB07A4C)[int(2.99 * chance(stage.seed, salt, row, number))],
                0.35,
            )
            canvas.drawRect(
                box(x + 0.003, y, x + step - 0.003, y + tall - 0.003),
                down(y, y + tall, light.lit(tone, 0.0, 0.24), light.shade(tone)),
            )
        y, tall, row = y + tall, tall * 1.22, row + 1


def falling_light(stage: Stage, spots: float, wide: float) -> Layer:
    """The window's bright shape on the floor."""
    light = stage.light

    def paint(canvas: Any, area: Area) -> None:
        if light.time == "night":
            return
        outside = lighting(light.time, stage.weather)
        for number in houses(area, spots):
            x = (number + 0.5) * spots - 0.3 * light.side
            shape = polygon(
                (
                    (x - wide / 2, -0.14),
                    (x + wide / 2, -0.14),
                    (x + wide * 0.6 - 0.3 * light.side, 0.24),
                    (x - wide * 0.7 - 0.3 * light.side, 0.24),
                )
            )
            canvas.drawPath(shape, soft(outside.direct, 0.03, 0.2 * (1 - 0.7 * outside.softness)))

    return Layer(1.0, paint, glows=True)


def ceiling_lamp(canvas: Any, stage: Stage, x: float, y: float, colour: int) -> None:
    light = stage.light
    canvas.drawLine(x, -4.0, x, y - 0.1, stroke(light.dark(0x4A4048), 0.012))
    if light.lamps:
        glow(canvas, x, y, 1.5, 0xFFD084, 0.42)
        glow(canvas, x, y + 0.02, 0.3, 0xFFF0C8, 0.8)
    shade = polygon(
        ((x - 0.17, y + 0.03), (x - 0.07, y - 0.11), (x + 0.07, y - 0.11), (x + 0.17, y + 0.03))
    )
    canvas.drawPath(
        shade,
        across(
            x - 0.17, x + 0.17, light.dark(colour), light.lit(colour), light.dark(colour, 0.0, 0.6)
        ),
    )
    oval(canvas, x, y + 0.03, 0.17, 0.022, fill(0xFFF3CC if light.lamps else light.dark(colour)))


def stage_dry(stage: Stage) -> Stage:
    """Inside, nothing lies on the floor that falls outside."""
    return Stage(stage.seed, stage.light, "clear")

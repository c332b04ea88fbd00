"""A meadow with flowers before hills.

Called from sets.py.
"""

from typing import Any

from onereel.backlot.brush import mix, scatter, stroke
from onereel.backlot.plants import bush, near_grass, tree
from onereel.backlot.scenery import Area, Layer, Stage, blades, dots, ground, patches, ridge
from onereel.backlot.sky import sky_layers


def meadow(stage: Stage) -> tuple[Layer, ...]:
    light = stage.light
    flowers = (
        (0xFFFFFF, 0xFFD84F),
        (0xFFD84F, 0xF2A93B),
        (0xFF8FB4, 0xFFE27A),
        (0xA78BFA, 0xFFE27A),
    )

    def trees(canvas: Any, area: Area) -> None:
        for x, a, b, c in scatter(stage.seed, 5, area.left - 0.8, area.right + 0.8, 1.5):
            if c < 0.25:
                continue
            colour = mix(0x4E9E4B, 0x8DB84A, b)
            tree(canvas, stage, int(1e4 * a), x, -0.2 - 0.03 * b, 0.68 + 0.4 * a, colour, 0.2)

    def far_field(canvas: Any, area: Area) -> None:
        patches(
            canvas,
            stage,
            61,
            area,
            -0.28,
            -0.02,
            0.16,
            (light.lit(0xA7D86A, 0.15), light.shade(0x5DA84E, 0.1)),
            0.5,
            0.5,
        )
        for x, a, b, c in scatter(stage.seed, 62, area.left - 0.4, area.right + 0.4, 0.7):
            if c > 0.5:
                bush(
                    canvas, stage, int(1e4 * a), x, -0.2 + 0.06 * b, 0.1 + 0.05 * a, 0x4C9450, 0.14
                )

    def grass(canvas: Any, area: Area) -> None:
        patches(
            canvas,
            stage,
            63,
            area,
            -0.16,
            0.4,
            0.12,
            (light.lit(0x9AD65E), light.dark(0x4B9A45, 0.0, 0.6), light.shade(0x74BE52)),
            0.34,
            0.55,
        )
        tones = (
            light.dark(0x4FA845, 0.0, 0.6),
            light.shade(0x5DB24C),
            light.shade(0x86CB57),
            light.lit(0xA6DC62),
        )
        blades(canvas, stage.seed, 6, area, -0.18, 0.5, 0.011, 0.055, tones)
        for number, (petal, heart) in enumerate(flowers):
            rings, hearts = [], []
            for x, a, _b, c in scatter(stage.seed, 64 + number, area.left, area.right, 0.34):
                if c < 0.35:
                    continue
                y = -0.16 + 0.6 * a * a
                size = 0.006 + 0.008 * a
                canvas.drawLine(x, y, x + 0.006, y + 0.03, stroke(light.dark(0x4B9A45), 0.005))
                rings += [
                    (x + size * dx, y + size * 0.6 * dy)
                    for dx, dy in ((1, 0), (-1, 0), (0.3, 1), (-0.3, -1), (0.6, -0.8), (-0.6, 0.8))
                ]
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

"""The trunk as seen: where patches of cloth lie on it.

Patches are given in (longitude, height): longitude 0 is the breastbone, height 0 the hips and 1 the
neck; they turn with the body. Called from figures.py, drapes.py, cloth.py and outfits.py.
"""

from dataclasses import dataclass
from math import pi

import numpy as np

from onereel.backlot.shapes import Array, rounded


@dataclass(frozen=True)
class Torso:
    """The trunk of one performer as seen: where patches of cloth lie on it. World units."""

    pelvis: Array  # (T, 2)
    waist: Array
    neck: Array
    across_low: Array  # (T, 2) unit vectors to the right of the trunk
    across_high: Array
    turn_low: Array  # (T,)
    turn_high: Array
    widths: tuple  # half widths at LEVELS
    depths: tuple
    size: float

    def at(self, lon: float, height: float, stand_off: float = 1.0) -> tuple[Array, Array]:
        """(T, 2) on the surface and how far it looks towards us (T,)."""
        if height < 0.42:
            spine = self.pelvis + (self.waist - self.pelvis) * (height / 0.42)
        else:
            spine = self.waist + (self.neck - self.waist) * ((height - 0.42) / 0.58)
        share = min(1.0, max(0.0, height))
        turn = self.turn_low + (self.turn_high - self.turn_low) * share
        across = self.across_low + (self.across_high - self.across_low) * share
        wide = np.interp(height, LEVELS, self.widths) * self.size * stand_off
        deep = np.interp(height, LEVELS, self.depths) * self.size * stand_off
        x = wide * np.sin(lon) * np.cos(turn) + deep * np.cos(lon) * np.sin(turn)
        z = -wide * np.sin(lon) * np.sin(turn) + deep * np.cos(lon) * np.cos(turn)
        limit = np.sqrt((wide * np.cos(turn)) ** 2 + (deep * np.sin(turn)) ** 2)
        x = np.where(z < 0, np.copysign(limit, x), x)
        return spine + across * x[:, None], z / max(wide, 1e-6)

    def patch(self, *corners: tuple[float, float], smooth: bool = False) -> Array:
        points = np.stack([self.at(lon, height)[0] for lon, height in corners], axis=1)
        return rounded(points, 3) if smooth else points

    def faces(self, lon: float, height: float) -> Array:
        return self.at(lon, height)[1] > 0.0

    def ring(self, low: float, high: float, bulge: float = 0.012, stand_off: float = 1.02) -> Array:
        """A belt right round."""
        lons = np.linspace(-pi / 2, pi / 2, 5)
        turn = self.turn_low
        edge = []
        for height in (low, high):
            left, right = self.extent(height, stand_off)
            line = [left + (right - left) * f for f in np.linspace(0, 1, 5)]
            sag = bulge * self.size * np.array([0, 0.75, 1, 0.75, 0])
            line = [p + np.array([0, s]) for p, s in zip(line, sag, strict=True)]
            edge.append(line if height == low else line[::-1])
        assert len(lons) == 5 and len(turn)
        return np.stack([*edge[0], *edge[1]], axis=1)

    def extent(self, height: float, stand_off: float = 1.0) -> tuple[Array, Array]:
        """Left and right edge at a height."""
        if height < 0.42:
            spine = self.pelvis + (self.waist - self.pelvis) * (height / 0.42)
        else:
            spine = self.waist + (self.neck - self.waist) * ((height - 0.42) / 0.58)
        share = min(1.0, max(0.0, height))
        turn = self.turn_low + (self.turn_high - self.turn_low) * share
        across = self.across_low + (self.across_high - self.across_low) * share
        wide = np.interp(height, LEVELS, self.widths) * self.size * stand_off
        deep = np.interp(height, LEVELS, self.depths) * self.size * stand_off
        limit = np.sqrt((wide * np.cos(turn)) ** 2 + (deep * np.sin(turn)) ** 2)
        return spine - across * limit[:, None], spine + across * limit[:, None]

    def shape(self) -> Array:
        """The outline of the trunk, from the hips to the collar."""
        lefts, rights = zip(*(self.extent(h) for h in LEVELS), strict=True)
        bottom = self.at(0.0, -0.2)[0] * 0.0 + self.pelvis + (self.pelvis - self.waist) * 0.42
        points = [*lefts, *rights[::-1], bottom]
        return rounded(np.stack(points, axis=1), 4, tension=0.5)


LEVELS = (-0.14, 0.06, 0.44, 0.76, 0.92, 1.0)

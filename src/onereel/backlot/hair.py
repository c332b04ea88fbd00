"""Hair: locks on a turning head, and strands that follow through.

- Places on the head are (longitude, latitude) in radians: 0, 0 is between the eyes, longitude
  grows to the right of a face that looks at us, pi/2 latitude is the crown.
- A style is one entry in `HAIR`: a cap, a fringe of locks, balls (buns, curls), hanging strands.
- Strands hang in the picture, chase the head through springs and lie behind or before the body.

Called from face.py and cast.py.
"""

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from onereel.backlot.brush import fill, ink, mix
from onereel.backlot.look import Look
from onereel.backlot.shapes import (
    Array,
    Border,
    Op,
    filled,
    filled_together,
    follow,
    rounded,
    tube,
    unit2,
)

Lock = tuple[float, float, float, float, float]  # root lon, lat, tip lon, lat, half width


@dataclass(frozen=True)
class Strand:
    lon: float
    lat: float
    length: float  # in head half-heights
    width: float
    shape: str = "tail"  # tail, lock, braid
    away: float = 0.35  # how far it stands off the head before it falls


@dataclass(frozen=True)
class Style:
    cap: str = "full"  # full, close, sides, none
    grow: float = 1.0
    line: float = 0.0  # hairline lower (+) or higher (-)
    fringe: tuple[Lock, ...] = ()
    spikes: tuple[Lock, ...] = ()  # locks whose tips stand off the head
    balls: tuple[tuple[float, float, float, float], ...] = ()  # lon, lat, distance, radius
    strands: tuple[Strand, ...] = ()
    tie: bool = False  # a coloured ribbon at the roots of strands and balls


def fan(
    count: int, spread: float, root: float, tip: float, width: float, lean: float = 0.0
) -> tuple:
    """A fringe of `count` locks over the forehead."""
    locks = []
    for index in range(count):
        place = -spread + 2 * spread * index / (count - 1)
        low = tip + 0.1 * (place / spread) ** 2 * -1.0
        locks.append((place * 0.85, root, place + lean, low, width))
    return tuple(locks)


def crown(count: int, lift: float) -> tuple:
    """Spikes over the whole crown, seen from any side."""
    locks = []
    for ring, (lat, number) in enumerate(((0.55, count), (0.95, count - 2), (1.3, 4))):
        for index in range(number):
            lon = 2 * pi * (index + 0.5 * ring) / number
            locks.append((lon, lat - 0.12, lon + 0.1, lat + lift, 0.34))
    return tuple(locks)


def curls(radius: float, distance: float, low: float = -0.35) -> tuple:
    places = []
    for lat, number in ((low, 7), (0.2, 9), (0.65, 8), (1.05, 5), (1.5, 1)):
        for index in range(number):
            lon = 2 * pi * (index + 0.4 * number) / number
            lon = (lon + pi) % (2 * pi) - pi
            if lat < 0.5 and abs(lon) < (1.35 if lat < 0 else 0.95):
                continue
            places.append((lon, lat, distance, radius))
    return tuple(places)


BACK = tuple(
    Strand(lon, lat, length, 0.3, "lock", 0.06)
    for lon, lat, length in (
        (2.0, 0.0, 1.75),
        (2.55, 0.1, 2.0),
        (pi, 0.1, 2.1),
        (-2.55, 0.1, 2.0),
        (-2.0, 0.0, 1.75),
    )
)
FRAME = (Strand(1.25, 0.15, 1.0, 0.16, "lock", 0.04), Strand(-1.25, 0.15, 1.0, 0.16, "lock", 0.04))
SHORT_BACK = tuple(
    Strand(lon, 0.1, 1.12, 0.36, "lock", 0.1) for lon in (1.75, 2.4, pi, -2.4, -1.75)
)

HAIR: dict[str, Style] = {
    "short": Style(
        fringe=(
            (0.55, 0.75, 0.75, 0.28, 0.22),
            (0.25, 0.82, 0.4, 0.34, 0.25),
            (-0.1, 0.84, 0.02, 0.38, 0.25),
            (-0.45, 0.8, -0.4, 0.36, 0.24),
            (-0.75, 0.7, -0.78, 0.24, 0.2),
        ),
    ),
    "spiky": Style(
        fringe=fan(6, 0.8, 0.8, 0.3, 0.24),
        spikes=crown(8, 0.2),
    ),
    "bowl": Style(
        grow=1.03,
        line=0.1,
        fringe=fan(9, 1.1, 0.6, 0.22, 0.26),
    ),
    "curly": Style(
        cap="close",
        balls=curls(0.33, 0.94),
    ),
    "afro": Style(
        cap="close",
        balls=curls(0.5, 1.08),
    ),
    "swept": Style(
        grow=1.02,
        line=-0.12,
        fringe=((0.6, 0.62, 0.95, 0.42, 0.2), (-0.6, 0.62, -0.95, 0.42, 0.2)),
        spikes=(
            (0.3, 0.72, 0.1, 1.3, 0.3),
            (-0.2, 0.7, -0.3, 1.25, 0.32),
            (0.0, 0.75, 0.0, 1.35, 0.3),
            (-0.55, 0.65, -0.8, 1.1, 0.28),
        ),
    ),
    "buzz": Style(cap="close"),
    "topknot": Style(
        grow=0.99,
        line=-0.06,
        balls=((pi, 1.35, 1.12, 0.3),),
        tie=True,
        fringe=((1.2, 0.2, 1.25, -0.35, 0.1), (-1.2, 0.2, -1.25, -0.35, 0.1)),
    ),
    "long": Style(
        grow=1.02,
        fringe=(
            (0.35, 0.85, 0.98, 0.12, 0.26),
            (0.12, 0.88, 0.66, 0.3, 0.24),
            (-0.1, 0.88, -0.7, 0.28, 0.26),
            (-0.35, 0.85, -1.0, 0.1, 0.26),
        ),
        strands=(*BACK, *FRAME),
    ),
    "wavy": Style(
        grow=1.05,
        fringe=(
            (0.5, 0.82, 1.05, 0.05, 0.3),
            (0.2, 0.9, 0.5, 0.36, 0.26),
            (-0.5, 0.8, -1.05, 0.0, 0.28),
            (-0.1, 0.9, -0.55, 0.3, 0.28),
        ),
        strands=tuple(
            Strand(s.lon, s.lat, s.length * 0.8, 0.38, "wave", 0.2) for s in (*BACK, *FRAME)
        ),
    ),
    "bob": Style(
        grow=1.03,
        line=0.06,
        fringe=fan(7, 0.95, 0.7, 0.24, 0.26),
        strands=(
            *SHORT_BACK,
            Strand(1.35, 0.2, 1.0, 0.24, "lock", 0.05),
            Strand(-1.35, 0.2, 1.0, 0.24, "lock", 0.05),
        ),
    ),
    "ponytail": Style(
        fringe=fan(6, 0.85, 0.76, 0.3, 0.24),
        strands=(Strand(pi, 0.62, 1.9, 0.3, "tail", 0.55),),
        tie=True,
    ),
    "pigtails": Style(
        fringe=fan(7, 0.9, 0.74, 0.28, 0.24),
        strands=(
            Strand(1.85, 0.5, 1.35, 0.24, "tail", 0.5),
            Strand(-1.85, 0.5, 1.35, 0.24, "tail", 0.5),
        ),
        tie=True,
    ),
    "braids": Style(
        fringe=fan(6, 0.85, 0.78, 0.32, 0.24),
        strands=(
            Strand(1.7, -0.25, 1.5, 0.2, "braid", 0.2),
            Strand(-1.7, -0.25, 1.5, 0.2, "braid", 0.2),
        ),
        tie=True,
    ),
    "braid": Style(
        fringe=(
            (0.35, 0.85, 0.98, 0.16, 0.24),
            (-0.1, 0.88, -0.7, 0.3, 0.26),
            (-0.35, 0.85, -1.0, 0.14, 0.24),
        ),
        strands=(Strand(pi, 0.0, 2.3, 0.24, "braid", 0.2),),
        tie=True,
    ),
    "bun": Style(
        line=-0.04,
        fringe=(
            (0.35, 0.85, 0.98, 0.2, 0.24),
            (-0.3, 0.86, -0.95, 0.2, 0.26),
            (1.2, 0.2, 1.25, -0.3, 0.08),
            (-1.2, 0.2, -1.25, -0.3, 0.08),
        ),
        balls=((pi, 1.0, 1.16, 0.42),),
        tie=True,
    ),
    "buns": Style(
        fringe=fan(7, 0.9, 0.74, 0.28, 0.24),
        balls=((1.75, 0.9, 1.12, 0.38), (-1.75, 0.9, 1.12, 0.38)),
        tie=True,
    ),
    "bald": Style(cap="sides"),
    "none": Style(cap="none"),
}

# Outlines of the cap: nine points over the head, seven back along the hairline, seen from the
# front, from the side of a head that looks right, and from behind.
_OVER = [
    (-0.97, 0.2),
    (-1.03, -0.3),
    (-0.88, -0.78),
    (-0.47, -1.1),
    (0.0, -1.17),
    (0.47, -1.1),
    (0.88, -0.78),
    (1.03, -0.3),
    (0.97, 0.2),
]
CAPS = {
    "full": (
        [
            *_OVER,
            (0.87, 0.0),
            (0.8, -0.3),
            (0.44, -0.46),
            (0.0, -0.5),
            (-0.44, -0.46),
            (-0.8, -0.3),
            (-0.87, 0.0),
        ],
        [
            (-0.6, 0.56),
            (-1.0, 0.12),
            (-1.06, -0.42),
            (-0.68, -1.02),
            (-0.05, -1.18),
            (0.48, -1.1),
            (0.84, -0.8),
            (0.95, -0.52),
            (0.86, -0.4),
            (0.6, -0.38),
            (0.34, -0.26),
            (0.24, 0.12),
            (0.04, 0.2),
            (-0.12, 0.04),
            (-0.3, 0.34),
            (-0.42, 0.6),
        ],
        [
            *_OVER,
            (0.9, 0.42),
            (0.7, 0.66),
            (0.38, 0.8),
            (0.0, 0.84),
            (-0.38, 0.8),
            (-0.7, 0.66),
            (-0.9, 0.42),
        ],
    ),
    "sides": (
        [
            (-0.94, 0.3),
            (-1.06, 0.1),
            (-1.0, -0.3),
            (-0.93, -0.42),
            (-0.92, -0.44),
            (-0.92, -0.44),
            (-0.92, -0.42),
            (-0.9, -0.38),
            (-0.88, -0.2),
            (-0.87, -0.1),
            (-0.86, 0.0),
            (-0.86, 0.02),
            (-0.86, 0.05),
            (-0.87, 0.1),
            (-0.88, 0.2),
            (-0.9, 0.3),
        ],
        [
            (-0.6, 0.56),
            (-1.0, 0.12),
            (-1.06, -0.3),
            (-0.9, -0.5),
            (-0.6, -0.5),
            (-0.3, -0.42),
            (-0.05, -0.4),
            (0.1, -0.32),
            (0.16, -0.16),
            (0.16, 0.0),
            (0.1, 0.14),
            (0.0, 0.14),
            (-0.08, 0.04),
            (-0.2, 0.1),
            (-0.3, 0.34),
            (-0.42, 0.6),
        ],
        [
            (-0.9, 0.3),
            (-1.03, 0.0),
            (-0.98, -0.36),
            (-0.6, -0.5),
            (0.0, -0.52),
            (0.6, -0.5),
            (0.98, -0.36),
            (1.03, 0.0),
            (0.9, 0.3),
            (0.85, 0.42),
            (0.7, 0.6),
            (0.38, 0.74),
            (0.0, 0.78),
            (-0.38, 0.74),
            (-0.7, 0.6),
            (-0.85, 0.42),
        ],
    ),
}


def between_views(front: list, side: list, back: list, look_x: Array, look_z: Array) -> Array:
    """Control points (T, N, 2) of a head that turns; `look_x`, `look_z` say where it looks."""
    angle = np.arctan2(np.abs(look_x), look_z) / (pi / 2)  # 0 front, 1 side, 2 back
    to_side = np.clip(angle, 0, 1)[:, None, None]
    to_back = np.clip(angle - 1, 0, 1)[:, None, None]
    flip = np.where(look_x < 0, -1.0, 1.0)
    mirrored = [mirror(points) for points in (front, side, back)]
    shapes = [np.array(points) for points in (front, side, back)]
    right = shapes[0] + (shapes[1] - shapes[0]) * to_side
    right = right + (shapes[2] - right) * to_back
    shapes = [np.array(points) for points in mirrored]
    left = shapes[0] + (shapes[1] - shapes[0]) * to_side
    left = left + (shapes[2] - left) * to_back
    return np.where(flip[:, None, None] > 0, right, left)


def mirror(points: list) -> list:
    """Seen in a mirror, in the same order of places: only the sides swap."""
    count = (len(points) + 2) // 2 if len(points) % 2 == 0 and len(points) == 16 else None
    flipped = [(-x, y) for x, y in points]
    if count is None:
        return flipped
    return [*reversed(flipped[:9]), *reversed(flipped[9:])]


def make_cap(style: Style, look_x: Array, look_z: Array) -> Array | None:
    if style.cap == "none":
        return None
    front, side, back = CAPS["sides" if style.cap == "sides" else "full"]
    points = between_views(front, side, back, look_x, look_z)
    if style.cap == "close":
        points = points * np.array([0.955, 0.93]) + np.array([0.0, -0.02])
    elif style.cap == "full":
        points = points * style.grow
        points[:, 10:15, 1] += style.line
    return rounded(points, 4, tension=0.5)


def sphere(axes: tuple[Array, Array, Array], lon: float, lat: float, radius: float = 1.0) -> Array:
    """(T, 3) on the head: right, down, towards us. `axes`: ahead, right and up, (T, 3) each."""
    ahead, right, up = axes
    return radius * (ahead * (cos(lat) * cos(lon)) + right * (cos(lat) * sin(lon)) + up * sin(lat))


def make_locks(
    locks: tuple[Lock, ...], axes: tuple, tip_radius: float, colour: int, line: float, look: Look
) -> list[Op]:
    """Leaves of hair; those on the far side of the head are not drawn."""
    inked, shown, painted = [], [], []
    fringe = tip_radius < 1.2
    for index, (lon, lat, tip_lon, tip_lat, width) in enumerate(locks):
        left, right = (sphere(axes, lon + d, lat, 1.05) for d in (-width, width))
        low_left = sphere(axes, (lon + tip_lon) / 2 - width * 0.9, (lat + tip_lat) / 2, 1.07)
        low_right = sphere(axes, (lon + tip_lon) / 2 + width * 0.9, (lat + tip_lat) / 2, 1.07)
        tip = sphere(axes, tip_lon, tip_lat, tip_radius)
        points = np.stack([left, low_left, tip, low_right, right], axis=1)
        seen = points[:, :, 2].mean(axis=1) > (0.02 if fringe else -0.45)
        shape = rounded(points[..., :2], 3, tension=0.42)
        shade = colour if index % 2 else look.lit(colour, 0.25)
        # No line at the root: a lock grows out of the hair, it does not lie on it like a band.
        rooted = points[..., :2].copy()
        if fringe:
            rooted[:, 0] = rooted[:, 4] = 0.5 * (rooted[:, 1] + rooted[:, 3])
        inked.append(rounded(rooted, 3, tension=0.42))
        shown.append(seen)
        painted.append(filled(shape, fill(shade), seen))
    if not inked:
        return []
    border = Border(ink(colour), round(2 * line, 4))
    return [filled_together(inked, border, shown), *painted]


def make_strands(
    style: Style, head: Array, axes: tuple, size: float, look: Look, line: float, tie: int
) -> tuple[list[Op], Array]:
    """Ops in world units for all hanging hair, and whether it lies behind the head (T,)."""
    if not style.strands:
        return [], np.zeros(len(head), bool)
    count = 6
    steps = np.linspace(0.0, 1.0, count)
    rests, radii = [], []
    for one in style.strands:
        root = sphere(axes, one.lon, one.lat, 0.97)
        outward = root[:, :2].copy()
        outward[:, 1] *= 0.3
        start = head + root[:, :2] * size
        fall = one.length * size
        drop = steps[None, :, None] ** 1.15 * np.array([0.0, fall])
        away = (1 - (1 - steps) ** 2.2)[None, :, None] * outward[:, None] * one.away * size
        rest = start[:, None] + drop + away
        if one.shape == "wave":
            wave = np.sin(steps * 7.0 + one.lon * 2) * 0.11 * size * steps
            rest[..., 0] += wave
        rests.append(rest)
        w = one.width * size
        if one.shape == "tail":
            radii.append(w * np.array([0.45, 0.85, 1.0, 0.95, 0.7, 0.12]))
        elif one.shape == "braid":
            radii.append(w * np.array([0.8, 1.0, 0.95, 0.9, 0.75, 0.45]))
        else:
            radii.append(w * np.array([0.9, 1.0, 1.0, 0.95, 0.75, 0.2]))
    flowing = hang(np.stack(rests, axis=1))
    inked, painted, extra = [], [], []
    base = mix(look.hair, look.dark(look.hair), 0.35)
    for index, one in enumerate(style.strands):
        line_points = rounded(flowing[:, index], 3, closed=False)
        radius = np.interp(np.linspace(0, 1, line_points.shape[1]), steps, radii[index])
        inked.append(tube(line_points, radius, line))
        colour = base if one.shape == "lock" or one.shape == "wave" else look.hair
        painted.append(filled(tube(line_points, radius), fill(colour)))
        shine = line_points[:, 2:9] + np.array([0.22 * one.width * size * look.lamp[0], 0.0])
        painted.append(
            filled(tube(shine, radius[2:9] * 0.22), fill(look.lit(look.hair, 0.8), 0.55))
        )
        if one.shape == "braid":
            bars = []
            for at in range(3, line_points.shape[1] - 2, 2):
                across = line_points[:, at : at + 2]
                normal = np.stack(
                    [-(across[:, 1] - across[:, 0])[:, 1], (across[:, 1] - across[:, 0])[:, 0]],
                    axis=-1,
                )
                normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
                bar = np.stack(
                    [
                        line_points[:, at] - normal * radius[at],
                        line_points[:, at + 1] + normal * radius[at],
                    ],
                    axis=1,
                )
                bars.append(tube(bar, (line * 0.55, line * 0.55)))
            painted.append(filled_together(bars, fill(ink(look.hair))))
        if style.tie:
            knot = line_points[:, 0:2] if one.shape == "tail" else line_points[:, -4:-2]
            wide = (one.width * 0.55) * size
            extra.append(filled(tube(knot, (wide, wide), line), fill(ink(tie))))
            extra.append(filled(tube(knot, (wide, wide)), fill(tie)))
    behind = axes[0][:, 2] > -0.15
    return [filled_together(inked, fill(ink(look.hair))), *painted, *extra], behind


def hang(rest: Array) -> Array:
    """Springs for (T, strands, N, 2) at once."""
    _, strands, count, _ = rest.shape
    frequency = np.broadcast_to(np.linspace(8.0, 2.1, count)[None, :, None], (strands, count, 2))
    moved = follow(rest, frequency, 0.28)
    moved[:, :, 0] = rest[:, :, 0]
    for link in range(1, count):
        arm = moved[:, :, link] - moved[:, :, link - 1]
        length = np.linalg.norm(rest[:, :, link] - rest[:, :, link - 1], axis=-1, keepdims=True)
        moved[:, :, link] = moved[:, :, link - 1] + unit2(arm) * length
    return moved

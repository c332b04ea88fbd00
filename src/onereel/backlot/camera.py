"""The camera: where it looks at each frame, and how layers of different depth see it.

- World units are adult heights; y is down, 0 is the ground, the picture is 1 / zoom high.
- `camera_path` is a pure function of the shot and of where those it films are.
- `layer_view` gives parallax: depth 0 never moves, depth 1 moves with the performers. A dolly
  (push, pull, crane) changes near things more than far ones; a zoom lens changes all alike.
- Narrow pictures are framed from further away, so that the cast fits.

Called from shoot.py.
"""

from dataclasses import dataclass
from math import sin

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.brush import chance
from onereel.backlot.people import KINDS
from onereel.backlot.script import FPS, Shot

REFERENCE_ZOOM, REFERENCE_Y = 0.7, -0.5


@dataclass(frozen=True)
class View:
    x: float
    y: float
    zoom: float  # picture heights per world unit
    lens: float = 1.0  # the part of zoom that is the lens, not the camera's place


def layer_view(view: View, depth: float) -> View:
    distance = view.zoom / view.lens / REFERENCE_ZOOM
    return View(
        view.x * depth,
        REFERENCE_Y + (view.y - REFERENCE_Y) * depth,
        REFERENCE_ZOOM * distance**depth * view.lens,
        view.lens,
    )


def framing(shot: Shot, aspect: float) -> tuple[float, float]:
    """Height of the camera's centre and zoom of the shot's size, for those in focus."""
    shown = shot.performers if shot.focus < 0 else (shot.performers[shot.focus],)
    tall = max(one.character.scale for one in shown)
    people = sum(not KINDS[one.character.kind].animal for one in shown)
    several = len(shown) > 1
    if people == 0:
        tall *= 1.15
    if shot.size == "close":
        zoom, middle = 1.5 / tall, -0.79 * tall
        zoom *= min(1.0, aspect / (1.4 if several else 0.72))
    elif shot.size == "medium":
        zoom, middle = 1.15 / tall, -0.68 * tall
        zoom *= min(1.0, aspect / (1.45 if several else 0.8))
    else:
        reach = max(1.0, *(ACTS[one.act].reach for one in shown))
        zoom = 0.72 / (tall * max(1.0, reach - 0.1))
        zoom *= min(1.0, aspect / (0.65 * len(shown) + 0.15))
        if shot.size == "wide":
            zoom *= 0.66
        middle = -0.37 / zoom
    return middle, zoom


def ease(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return value * value * (3.0 - 2.0 * value)


def way_of(seed: int, number: int) -> int:
    """Which way a pan, tilt, zoom, crane or whip goes in a clip's shot of this number: 1 or -1."""
    return 1 if chance(seed, 32, number) < 0.5 else -1


def camera_path(shot: Shot, seed: int, aspect: float, lead: np.ndarray, number: int) -> list[View]:
    """One view a frame. `lead` (T,) is x of those in focus; `number` counts the clip's shots."""
    middle, zoom = framing(shot, aspect)
    half = 0.5 * aspect / zoom
    face = -0.8 * shot.performers[max(0, shot.focus)].character.scale
    ahead = 0.0
    if KINDS[shot.performers[max(0, shot.focus)].character.kind].animal:
        face = middle
        # The face of one that stands on four legs is not over its middle.
        ahead = 0.3 * shot.performers[0].facing * shot.performers[0].character.scale
    direction = shot.performers[0].facing
    sign = way_of(seed, number)
    sway = 6.28 * chance(seed, 31, number)
    seconds = max(1.5, len(lead) / FPS)
    start = float(lead[0]) if shot.focus >= 0 else 0.0
    views = []
    centre, carried = start, 0.0
    for index, subject in enumerate(float(value) for value in lead):
        time = index / FPS
        amount = ease(time / (seconds - 0.2))
        x, y, scale, lens = centre, middle, zoom, 1.0
        if shot.camera == "follow":
            x = subject + direction * 0.12 * half
        elif shot.camera == "pan":
            x += sign * half * 0.7 * (amount - 0.5)
        elif shot.camera == "tilt":
            y += (0.42 if sign > 0 else -0.45) * (1.0 - ease(1.25 * time / seconds)) / zoom
        elif shot.camera in ("push-in", "pull-out"):
            near = amount if shot.camera == "push-in" else 1.0 - amount
            scale = zoom * (1.0 + 0.42 * near)
            x += ahead * near
            y += (face - middle) * 0.45 * near
        elif shot.camera == "zoom":
            near = ease((time - 0.25 * seconds) / 0.8)
            lens = 1.0 + 0.55 * (near if sign > 0 else 1.0 - near)
            y += (face - middle) * 0.5 * (lens - 1.0) / 0.55
            x += ahead * (lens - 1.0) / 0.55
        elif shot.camera == "handheld":
            x += 0.022 / zoom * (sin(1.7 * time + sway) + 0.5 * sin(3.1 * time + 2 * sway))
            y += 0.016 / zoom * (sin(2.3 * time + 1.3 * sway) + 0.4 * sin(4.1 * time))
        elif shot.camera == "crane":
            up = 1.0 - amount if sign > 0 else amount
            y -= 0.31 * up / zoom  # feet stay in the picture
            scale = zoom * (1.0 - 0.3 * up)
        elif shot.camera == "whip":
            gone = ease((time - 0.3) / 0.42)
            x -= sign * 3.2 * half * (1.0 - gone)
        if shot.camera not in ("follow", "whip"):
            # Whoever walks towards the edge of the picture takes the camera along, softly.
            margin = 0.62 * half * zoom / (scale * lens)
            carried = keep_in_sight(x + carried, subject, margin) - x
            x += carried
        views.append(View(x, y, scale * lens, lens))
    return views


def keep_in_sight(x: float, subject: float, margin: float) -> float:
    """Moves x so that the subject stays within the margin; the start of the move is soft."""
    away = subject - x
    side = 1.0 if away > 0 else -1.0
    ahead = abs(away) - margin
    soft = 0.15 * margin
    if ahead <= -soft:
        return x
    # Quadratic blend around the margin: the camera starts to move without a jerk.
    push = ahead if ahead >= soft else (ahead + soft) ** 2 / (4 * soft)
    return x + side * push

"""The camera: where it looks at each frame, and how layers of different depth see it.

- World units are adult heights; y is down, 0 is the ground, the picture is 1 / zoom high.
- `camera_path` is a pure function of the script and of where the lead performer is.
- `layer_view` gives parallax: depth 0 never moves, depth 1 moves with the performers.
- Narrow pictures are framed from further away, so that the cast fits.

Called from shoot.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import sin

from onereel.backlot.brush import chance
from onereel.backlot.script import Script

REFERENCE_ZOOM, REFERENCE_Y = 0.7, -0.5


@dataclass(frozen=True)
class View:
    x: float
    y: float
    zoom: float  # picture heights per world unit


def layer_view(view: View, depth: float) -> View:
    return View(
        view.x * depth,
        REFERENCE_Y + (view.y - REFERENCE_Y) * depth,
        REFERENCE_ZOOM * (view.zoom / REFERENCE_ZOOM) ** depth,
    )


def framing(script: Script) -> tuple[float, float]:
    """Height of the camera's centre and zoom of the shot size, for the tallest performer."""
    tall = max(one.character.scale for one in script.performers)
    aspect = script.width / script.height
    if script.shot_size == "close":
        zoom, middle = 1.5 / tall, -0.79 * tall
        zoom *= min(1.0, aspect / 0.72)
    elif script.shot_size == "medium":
        zoom, middle = 1.2 / tall, -0.68 * tall
        zoom *= min(1.0, aspect / (1.35 if len(script.performers) > 1 else 0.8))
    else:
        zoom = 0.72 / tall * min(1.0, aspect / (1.1 if len(script.performers) > 1 else 0.8))
        if any(one.act == "jumps" for one in script.performers):
            zoom *= 0.88  # room to leave the ground
        middle = -0.38 / zoom
    return middle, zoom


def camera_path(script: Script, lead_x: Callable[[float], float]) -> Callable[[float], View]:
    middle, zoom = framing(script)
    half_width = 0.5 * script.width / script.height / zoom
    face = -0.8 * script.performers[0].character.scale
    direction = script.performers[0].facing
    sway = 6.28 * chance(script.seed, 31)

    def view(time: float) -> View:
        x, y, scale = 0.0, middle, zoom
        if script.camera == "follow":
            x = lead_x(time) + direction * 0.12 * half_width
        elif script.camera == "pan":
            x = direction * half_width * 0.5 * (ease(time / 4.0) - 0.5)
        elif script.camera == "push-in":
            amount = ease(time / 4.2)
            scale = zoom * (1.0 + 0.34 * amount)
            y = middle + (face - middle) * 0.45 * amount
        elif script.camera == "pull-out":
            amount = 1.0 - ease(time / 4.2)
            scale = zoom * (1.0 + 0.34 * amount)
            y = middle + (face - middle) * 0.45 * amount
        elif script.camera == "handheld":
            x = 0.022 / zoom * (sin(1.7 * time + sway) + 0.5 * sin(3.1 * time + 2 * sway))
            y = middle + 0.016 / zoom * (sin(2.3 * time + 1.3 * sway) + 0.4 * sin(4.1 * time))
        if script.camera != "follow":
            # Whoever walks towards the edge of the picture takes the camera along.
            x = keep_in_sight(x, lead_x(time), 0.66 * half_width, direction)
        return View(x, y, scale)

    return view


def ease(value: float) -> float:
    value = min(1.0, max(0.0, value))
    return value * value * (3.0 - 2.0 * value)


def keep_in_sight(x: float, lead: float, margin: float, direction: int) -> float:
    ahead = (lead - x) * direction - margin
    soft = 0.15 * margin
    if ahead <= -soft:
        return x
    # Quadratic blend around the margin: the camera starts to move without a jerk.
    push = ahead if ahead >= soft else (ahead + soft) ** 2 / (4 * soft)
    return x + direction * push

"""Casting: who performs, and what, drawn by lot.

Called from script.py.
"""

import numpy as np

from onereel.backlot.acts import ACTS
from onereel.backlot.motion import Act
from onereel.backlot.people import (
    ANIMALS,
    KINDS,
    PEOPLE,
    Character,
    Performer,
    draw_character,
    pick,
)

SOLO = tuple(act.name for act in ACTS.values() if not act.two and not act.kinds)
TWO = tuple(act.name for act in ACTS.values() if act.two)


def draw_performers(rng: np.random.Generator) -> tuple[Performer, ...]:
    """One or two people, an animal, or a person with an animal; every draw takes the same number
    of numbers from `rng` whatever is chosen."""
    first, second = draw_character(rng), draw_character(rng)
    animal = draw_character(rng, ANIMALS)
    acts = [pick(rng, SOLO), pick(rng, SOLO)]
    act_for_two = pick(rng, TWO)
    fit = [name for name, act in ACTS.items() if animal.kind in act.kinds]
    animal_act = fit[int(rng.integers(1 << 20)) % len(fit)]
    direction = 1 if rng.random() < 0.5 else -1
    tempo = float(rng.uniform(0.92, 1.08))
    phases = [float(v) for v in rng.random(3)]
    spot = float(rng.uniform(-0.12, 0.12))
    choice, alike = rng.random(), rng.random() < 0.35
    different = first.kind != second.kind or first.outfit_colour != second.outfit_colour
    if choice < 0.22 and different:
        return tuple(
            perform(who, act_for_two, phases[0], 0.0, direction if role == 0 else -direction,
                    tempo, role)
            for role, who in enumerate((first, second))
        )  # fmt: skip
    if choice < 0.36 and different:
        if alike or ACTS[acts[0]].stride or ACTS[acts[1]].stride:
            acts[1] = acts[0]
        moving = ACTS[acts[0]].stride > 0
        facings = (direction, direction) if moving else (1, -1)
        return tuple(
            perform(who, act, phase, side * 0.4, facing, tempo)
            for who, act, phase, side, facing in zip(
                (first, second), acts, phases, (-1, 1), facings, strict=False
            )
        )
    if choice < 0.47:
        start = -0.1 * direction if ACTS[animal_act].stride else spot
        return (perform(animal, animal_act, phases[2], start, direction, tempo),)
    if choice < 0.56:
        gaits = [name for name in fit if ACTS[name].stride > 0 and name != "flies"]
        still = [name for name in fit if ACTS[name].stride == 0]
        if ACTS[acts[0]].stride > 0:
            # A dog keeps up with its master: both cover the same ground.
            name = gaits[0] if gaits else still[0]
            pace = ACTS[acts[0]].stride * first.scale / ACTS[acts[0]].period
            own = ACTS[name].stride * animal.scale / ACTS[name].period
            follower = perform(
                animal, name, phases[2], -0.42 * direction, direction, tempo * pace / own
            )
            return (perform(first, acts[0], phases[0], 0.2 * direction, direction, tempo), follower)
        beside = perform(animal, still[0], phases[2], 0.45 * direction, -direction, tempo)
        return (perform(first, acts[0], phases[0], -0.3 * direction, direction, tempo), beside)
    act = ACTS[acts[0]]
    start = -0.1 * direction if act.stride else spot
    return (perform(first, act.name, phases[0], start, direction, tempo),)


def perform(
    who: Character, act: str, phase: float, start: float, facing: int, tempo: float, role: int = 0
) -> Performer:
    phase = phase if ACTS[act].any_phase else 0.0
    return Performer(who, act, start, facing, tempo, phase, role)


def acts_of(kind: str) -> tuple[Act, ...]:
    """What somebody of this kind can do alone."""
    if KINDS[kind].animal:
        return tuple(act for act in ACTS.values() if kind in act.kinds)
    assert kind in PEOPLE
    return tuple(ACTS[name] for name in SOLO)

"""Guidance and step distillation of nano to 6 steps, on CPU."""

from dataclasses import replace

import nano_film
from nano import FILM

from onereel.train.distill import DistillRecipe
from onereel.train.film import Bucket, Phase


def recipe() -> DistillRecipe:
    film = nano_film.recipe()
    return DistillRecipe(
        film=replace(
            film,
            loop=replace(film.loop, folder="runs/nano-distilled", minutes=20, rate=2e-4),
            phases=(Phase(0.0, (Bucket(25, 8, 0.4), Bucket(97, 3, 0.6))),),
        ),
        teacher=FILM,
        student_steps=6,
    )

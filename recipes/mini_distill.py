"""Guidance and step distillation of mini to 4 steps. One GPU, 8 minutes a slice."""

from dataclasses import replace

import mini_film
from mini import FILM

from onereel.train.distill import DistillRecipe
from onereel.train.film import Bucket, Phase


def recipe() -> DistillRecipe:
    film = mini_film.recipe()
    return DistillRecipe(
        film=replace(
            film,
            loop=replace(film.loop, folder="runs/mini-distilled", rate=2e-4, compile=False),
            phases=(Phase(0.0, (Bucket(25, 24, 0.4), Bucket(97, 8, 0.6))),),
        ),
        teacher=FILM,
    )

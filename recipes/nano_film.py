"""The joint transformer at nano size, on CPU: stills first, then one second, then whole films."""

from dataclasses import replace

from nano import BASE, DATA, FILM, SAMPLING, TRANSFORMER

from onereel.train.data import other_ratios
from onereel.train.film import Bucket, FilmRecipe, Phase
from onereel.train.loop import LoopConfig


def recipe() -> FilmRecipe:
    return FilmRecipe(
        loop=LoopConfig(folder=FILM, minutes=50, rate=1.2e-3, warmup_steps=200, ema=0.998),
        data=replace(DATA, others=other_ratios(SAMPLING.sizes)),
        sampling=SAMPLING,
        phases=(
            Phase(0.0, (Bucket(1, 24),)),
            Phase(0.12, (Bucket(1, 24, 0.35), Bucket(25, 8, 0.65))),
            Phase(0.5, (Bucket(25, 8, 0.35), Bucket(97, 3, 0.65))),
        ),
        autoencoders=BASE,
        model=TRANSFORMER,
    )

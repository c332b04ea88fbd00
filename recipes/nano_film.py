"""The joint transformer at nano size, on CPU: stills first, then one second, then whole films."""

from nano import BASE, DATA, FILM, SAMPLING, TRANSFORMER

from onereel.train.film import Bucket, FilmRecipe, Phase
from onereel.train.loop import LoopConfig


def recipe() -> FilmRecipe:
    return FilmRecipe(
        loop=LoopConfig(folder=FILM, minutes=75, rate=1.2e-3, warmup_steps=200, ema=0.998),
        data=DATA,
        sampling=SAMPLING,
        phases=(
            Phase(0.0, (Bucket(1, 48),)),
            Phase(0.15, (Bucket(1, 48, 0.4), Bucket(25, 16, 0.6))),
            Phase(0.55, (Bucket(25, 16, 0.4), Bucket(97, 5, 0.6))),
        ),
        autoencoders=BASE,
        model=TRANSFORMER,
    )

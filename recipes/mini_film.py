"""The joint transformer at mini: one slice of 7 GPU minutes; run it again to go on.

New seeds each slice: pass data.first_seed=20000, 40000, ... Every core renders while the GPU
trains, so early batches re-use the first clips more often.
"""

from dataclasses import replace

from mini import BASE, DATA, FILM, SAMPLING, TRANSFORMER

from onereel.train.data import other_ratios
from onereel.train.film import Bucket, FilmRecipe, Phase
from onereel.train.loop import LoopConfig


def recipe() -> FilmRecipe:
    return FilmRecipe(
        loop=LoopConfig(
            folder=FILM, minutes=7, rate=8e-4, warmup_steps=200, decay_share=0.25, ema=0.999,
            save_minutes=3, sheet_minutes=20, log_seconds=15, compile=True,
        ),
        data=replace(DATA, others=other_ratios(SAMPLING.sizes)),
        sampling=SAMPLING,
        phases=(
            Phase(0.0, (Bucket(1, 64, 0.4), Bucket(25, 24, 0.6))),
            Phase(0.4, (Bucket(1, 64, 0.15), Bucket(25, 24, 0.35), Bucket(97, 8, 0.5))),
        ),
        autoencoders=BASE,
        model=TRANSFORMER,
        first_clips=150,
        picture_reference=0.1,
    )  # fmt: skip

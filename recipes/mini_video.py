"""Video autoencoder at mini: linear fit, then both residuals. One GPU, 8 minutes a slice.

The last slice adds the discriminator: adversary.weight=0.1 adversary.start=0 loop.rate=2e-4.
"""

from dataclasses import replace

from mini import BASE, DATA, VIDEO

from onereel.train.loop import LoopConfig
from onereel.train.video_autoencoder import VideoAutoencoderRecipe


def recipe() -> VideoAutoencoderRecipe:
    return VideoAutoencoderRecipe(
        loop=LoopConfig(
            folder=BASE, minutes=7, rate=8e-4, decay_share=0.35, ema=0.999,
            save_minutes=3, sheet_minutes=20, log_seconds=15, compile=True,
        ),
        data=replace(DATA, clips=500),
        model=VIDEO,
        fit_clips=120,
        crop=160,
        frames=25,
        batch=16,
        edge_scales=3,
    )  # fmt: skip

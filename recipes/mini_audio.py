"""Audio autoencoder at mini. One GPU, 4 minutes.

A second run adds the discriminator: adversary.weight=0.1 adversary.start=0 loop.rate=2e-4.
"""

from dataclasses import replace

from mini import AUDIO, BASE, DATA

from onereel.train.audio_autoencoder import AudioAutoencoderRecipe
from onereel.train.loop import LoopConfig


def recipe() -> AudioAutoencoderRecipe:
    return AudioAutoencoderRecipe(
        loop=LoopConfig(
            folder=BASE, minutes=4, rate=5e-4, decay_share=0.35, ema=0.999,
            save_minutes=2, sheet_minutes=20, log_seconds=15,
        ),
        data=replace(DATA, clips=4000),
        model=AUDIO,
        crop_latents=50,
        batch=32,
        windows=(128, 256, 512, 1024, 2048),
    )  # fmt: skip

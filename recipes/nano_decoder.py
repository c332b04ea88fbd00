"""nano's picture decoder anew, on the latents that are shipped: encoder, bases and scales stay.

The film transformer works on these latents, so only what comes after them may learn. 55
minutes of one core, after the clips are rendered.
"""

from dataclasses import replace

import nano_video

from onereel.train.loop import LoopConfig
from onereel.train.video_autoencoder import VideoAutoencoderRecipe


def recipe() -> VideoAutoencoderRecipe:
    whole = nano_video.recipe()
    return replace(
        whole,
        loop=LoopConfig(
            folder="runs/nano-decoder",
            minutes=55,
            rate=5e-4,
            decay_share=0.9,
            sheet_minutes=10,
            compile=True,
        ),
        data=replace(whole.data, clips=240),
        # Films are decoded at this size, too.
        also=(replace(whole.data, width=512, height=288, first_seed=1000, clips=60),),
        start="src/onereel/weights/nano",
        new_decoder=True,
        fit_decoder=True,
        freeze_encoder=True,
        fit_clips=40,
        crop=160,
        batch=1,
        latent_noise=0.1,
    )

"""Video autoencoder: linear bases in seconds, then the decoder's residual. About 30 CPU minutes.

The encoder stays linear, so its latents are final from the first minute and the film
transformer can train on them while the decoder is still learning.
"""

from dataclasses import replace

from nano import BASE, DATA, VIDEO

from onereel.train.loop import LoopConfig
from onereel.train.video_autoencoder import VideoAutoencoderRecipe


def recipe() -> VideoAutoencoderRecipe:
    return VideoAutoencoderRecipe(
        loop=LoopConfig(folder=BASE, minutes=30, rate=1e-3, decay_share=0.4, sheet_minutes=10),
        data=replace(DATA, clips=160, cache=""),
        model=VIDEO,
    )

"""Audio autoencoder: linear basis in seconds, then the decoder and its head. 50 minutes of a core.

The encoder stays linear, for the reason given in nano_video.
"""

from dataclasses import replace

from nano import AUDIO, BASE, DATA

from onereel.train.audio_autoencoder import AudioAutoencoderRecipe
from onereel.train.loop import LoopConfig


def recipe() -> AudioAutoencoderRecipe:
    return AudioAutoencoderRecipe(
        loop=LoopConfig(folder=BASE, minutes=50, rate=8e-4, decay_share=0.5, sheet_minutes=10),
        data=replace(DATA, clips=1000),
        model=AUDIO,
        batch=6,
        freeze_encoder=True,
    )

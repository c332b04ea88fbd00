"""Audio autoencoder: linear basis in seconds, then the decoder and its head. About 20 CPU minutes.

The encoder stays linear, for the reason given in nano_video.
"""

from dataclasses import replace

from nano import AUDIO, BASE, DATA

from onereel.train.audio_autoencoder import AudioAutoencoderRecipe
from onereel.train.loop import LoopConfig


def recipe() -> AudioAutoencoderRecipe:
    return AudioAutoencoderRecipe(
        loop=LoopConfig(folder=BASE, minutes=20, rate=5e-4, decay_share=0.4, sheet_minutes=10),
        data=replace(DATA, clips=400, cache=""),
        model=AUDIO,
        freeze_encoder=True,
    )

"""The reader of phonemes behind the intelligibility figure of benchmarks/autoencoders.py."""

from onereel.train.loop import LoopConfig
from onereel.train.phonemes import PhonemeRecipe


def recipe() -> PhonemeRecipe:
    return PhonemeRecipe(
        LoopConfig(folder="runs/phonemes", minutes=3, rate=3e-3, decay_share=0.5, ema=0.99)
    )

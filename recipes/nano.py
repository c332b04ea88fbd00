"""The nano model, whole: sizes, data and sampling that its recipes share. CPU-sized."""

from onereel.model.audio_autoencoder import AudioAutoencoderConfig
from onereel.model.shapes import NANO_SIZES
from onereel.model.transformer import TransformerConfig
from onereel.model.video_autoencoder import VideoAutoencoderConfig
from onereel.model.weights import SamplingConfig
from onereel.train.data import DataConfig

BASE = "runs/nano"  # autoencoders and tokenizer
FILM = "runs/nano-film"

DATA = DataConfig(width=256, height=160, seconds=4, clips=1521, cache="runs/nano-latents")
VIDEO = VideoAutoencoderConfig(encoder_residual=False, fine_reach=1, finest_width=32)
AUDIO = AudioAutoencoderConfig()
TRANSFORMER = TransformerConfig()
SAMPLING = SamplingConfig(
    name="nano",
    sizes=NANO_SIZES,
    # The shipped transformer saw 16:9 alone. Name them all once one is packaged that saw them all.
    learned_ratios=("16:9",),
    steps=24,
    guidance=5.0,
    shift_video=2.0,
    shift_audio=1.0,
    temperature=0.87,
)

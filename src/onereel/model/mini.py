"""The sizes of the mini model, 512x288 and about 29 M parameters: its recipes train it, and the
benchmark times it with random weights.
"""

from __future__ import annotations

from onereel.model.audio_autoencoder import AudioAutoencoderConfig
from onereel.model.shapes import MINI_SIZES
from onereel.model.transformer import TransformerConfig
from onereel.model.video_autoencoder import VideoAutoencoderConfig
from onereel.model.weights import SamplingConfig

# 96 numbers for a 16x16x8 patch: a linear basis alone gains 0.85 dB over 64 and costs no token
# (docs/autoencoders.md). A token is then as wide as the transformer.
VIDEO = VideoAutoencoderConfig(channels=96, coarse_width=256, fine_width=96)
AUDIO = AudioAutoencoderConfig(width=256, encoder_depth=3, decoder_depth=6)
TRANSFORMER = TransformerConfig(
    width=384, depth=12, heads=6, text_depth=2, video_token=4 * VIDEO.channels
)
SAMPLING = SamplingConfig(
    name="mini",
    sizes=MINI_SIZES,
    learned_ratios=tuple(MINI_SIZES),
    steps=24,
    guidance=3.0,
    shift_video=3.0,
    shift_audio=1.0,
    learned_references=("picture",),
)

"""The model's parts at toy size with random weights."""

import torch

from onereel.model.audio_autoencoder import AudioAutoencoder, AudioAutoencoderConfig
from onereel.model.transformer import FilmTransformer, TransformerConfig
from onereel.model.video_autoencoder import VideoAutoencoder, VideoAutoencoderConfig
from onereel.model.weights import SamplingConfig

TOY_SAMPLING = SamplingConfig(
    name="toy",
    sizes={
        "21:9": (96, 40), "16:9": (64, 36), "4:3": (64, 48),
        "1:1": (64, 64), "3:4": (48, 64), "9:16": (36, 64),
    },
    steps=2,
    guidance=2.0,
    shift_video=2.0,
    shift_audio=1.0,
    learned_references=("picture", "clip", "recording"),
)  # fmt: skip


def shake(module: torch.nn.Module, scale: float = 0.05) -> torch.nn.Module:
    """Give every parameter random values, so that nothing hides behind a zero start."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * scale)
    return module


def toy_video() -> VideoAutoencoder:
    cfg = VideoAutoencoderConfig(
        channels=8, coarse_width=16, fine_width=8, coarse_depth=1, fine_depth=1,
        fine_reach=1, finest_width=4, finest_depth=1,
    )  # fmt: skip
    return shake(VideoAutoencoder(cfg)).eval()  # type: ignore[return-value]


def toy_audio() -> AudioAutoencoder:
    cfg = AudioAutoencoderConfig(
        channels=8, mel_bands=16, width=16, encoder_depth=1, decoder_depth=1
    )
    return shake(AudioAutoencoder(cfg)).eval()  # type: ignore[return-value]


def toy_transformer(vocabulary: int = 300) -> FilmTransformer:
    cfg = TransformerConfig(
        width=32, depth=2, heads=2, text_depth=1, text_tokens=24, vocabulary=vocabulary,
        video_token=32, audio_token=8, modulation_rank=16,
    )  # fmt: skip
    return shake(FilmTransformer(cfg), 0.2).eval()  # type: ignore[return-value]

"""The solved start of the decoder: what neighbours know is told, at once."""

import numpy as np
import pytest
import torch

from onereel.model.video_autoencoder import VideoAutoencoder, VideoAutoencoderConfig
from onereel.train.decoder_start import fit_decoder
from onereel.train.video_autoencoder import sample_patches, to_unit


def waves(seed: int, frames: int = 25, size: int = 64) -> torch.Tensor:
    """A drifting pattern that is smooth across the borders of patches: (T, H, W, 3) uint8."""
    t, y, x = torch.meshgrid(*(torch.arange(n) for n in (frames, size, size)), indexing="ij")
    generator = torch.Generator().manual_seed(seed)
    a, b, c, d = torch.rand(4, generator=generator).tolist()
    grey = 128 + 100 * torch.sin(0.3 * a * x + 0.2 * b * y + 0.3 * c * t + 6 * d)
    return grey[..., None].expand(-1, -1, -1, 3).to(torch.uint8).contiguous()


@pytest.mark.parametrize(("reach", "finest"), [(3, 0), (1, 4)])
def test_it_beats_the_linear_basis_on_unseen_clips_films_and_stills(reach: int, finest: int):
    torch.manual_seed(0)
    shape = VideoAutoencoderConfig(6, 32, 16, 1, 1, reach, finest, encoder_residual=False)
    model = VideoAutoencoder(shape)
    pool = [waves(seed) for seed in range(60)]
    model.fit_linear(*sample_patches(pool, np.random.default_rng(0), 8))
    frames = torch.cat([to_unit(waves(seed)) for seed in range(100, 110)])

    def errors() -> tuple[float, float]:
        with torch.no_grad():
            missed = (model.decode(model.encode(frames)) - frames).square()
        return float(missed[:, :, :1].mean()), float(missed[:, :, 1:].mean())

    still, rest = errors()
    fit_decoder(model, pool, 0.05)
    better_still, better_rest = errors()
    assert better_rest < 0.8 * rest
    assert better_still < 0.8 * still

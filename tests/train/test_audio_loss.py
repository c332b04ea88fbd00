"""What the loss of the audio stage thinks of noise, of buzz and of tones."""

import torch

from onereel.model.audio_autoencoder import AudioAutoencoder, AudioAutoencoderConfig
from onereel.model.shapes import SAMPLE_RATE
from onereel.train.audio_autoencoder import energy_distance, mistuning

WINDOWS = (256, 512)


def noise(seed: int) -> torch.Tensor:
    return 0.1 * torch.randn(1, 2, 12_000, generator=torch.Generator().manual_seed(seed))


def test_other_noise_is_nearer_to_noise_than_a_steady_buzz():
    pulses = torch.zeros(1, 2, 12_000)
    pulses[..., ::64] = 1
    buzz = pulses * noise(0).norm() / pulses.norm()
    alive = energy_distance(noise(1), noise(2), noise(3), WINDOWS)
    assert alive < energy_distance(buzz, buzz, noise(3), WINDOWS)


def test_louder_noise_cannot_pay_for_a_missed_tone():
    time = torch.arange(12_000) / 24_000
    tone = torch.sin(2 * torch.pi * 440 * time).expand(1, 2, -1)

    def cost(louder: float) -> float:
        """Of copies that lack the tone and have noise `louder` than the original's."""
        copies = (louder * noise(1), louder * noise(2))
        return float(energy_distance(*copies, tone + noise(3), WINDOWS))

    assert cost(1.0) < cost(1.5)
    assert cost(2.0) - cost(1.0) > 0.18  # 0.167 if the convergence pushed copies apart


def test_a_band_is_drawn_to_its_tone():
    model = AudioAutoencoder(AudioAutoencoderConfig())
    times = torch.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    tone = 0.1 * torch.sin(2 * torch.pi * 437.3 * times).expand(1, 2, -1)
    band = int((model.centres - 437.3 / 25).abs().argmin())
    told = model.centres[None, :, None].repeat(1, 1, 50).requires_grad_()
    mistuning(model, told, tone).backward()
    assert told.grad is not None
    pull = -told.grad[0, band, 10:40].sum()
    assert torch.sign(pull) == torch.sign(437.3 / 25 - model.centres[band])

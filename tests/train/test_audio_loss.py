"""What the loss of the audio stage thinks of noise, of buzz and of tones."""

import torch

from onereel.train.audio_autoencoder import energy_distance

WINDOWS = (256, 512)


def noise(seed: int) -> torch.Tensor:
    return 0.1 * torch.randn(1, 2, 12_000, generator=torch.Generator().manual_seed(seed))


def test_other_noise_is_nearer_to_noise_than_a_steady_buzz():
    pulses = torch.zeros(1, 2, 12_000)
    pulses[..., ::64] = 1
    buzz = pulses * noise(0).norm() / pulses.norm()
    alive = energy_distance(noise(1), noise(2), noise(3), WINDOWS)
    assert alive < energy_distance(buzz, buzz, noise(3), WINDOWS)


def test_without_the_loud_push_noise_cannot_pay_for_a_missed_tone():
    time = torch.arange(12_000) / 24_000
    tone = torch.sin(2 * torch.pi * 440 * time).expand(1, 2, -1)

    def cost(louder: float, loud_push: float) -> float:
        """Of copies that lack the tone and have noise `louder` than the original's."""
        copies = (louder * noise(1), louder * noise(2))
        return float(energy_distance(*copies, tone + noise(3), WINDOWS, loud_push))

    assert cost(2.0, 1.0) - cost(1.0, 1.0) < cost(2.0, 0.0) - cost(1.0, 0.0)

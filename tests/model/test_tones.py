import math

import torch
from torch import Tensor

from onereel.model.audio_autoencoder import AudioAutoencoder, AudioAutoencoderConfig, Told
from onereel.model.shapes import SAMPLE_RATE
from onereel.model.spectra import BINS, HOP, WINDOW, band_centres, mel_bank
from onereel.model.tones import hann_lobe, heard_tones, turns_of

STEPS = 100
BIN = SAMPLE_RATE / WINDOW  # Hz


def sung(hertz: Tensor) -> Tensor:
    """A tone of these frequencies (N,), told by whatever band is nearest: (S,)."""
    model = AudioAutoencoder(AudioAutoencoderConfig())
    bins = hertz / BIN
    frequency = model.centres[:, None].repeat(1, len(bins))
    height = torch.zeros_like(frequency)
    nearest, steps = (frequency - bins).abs().argmin(0), torch.arange(len(bins))
    frequency[nearest, steps], height[nearest, steps] = bins, WINDOW / 4  # of a sine of 1
    told = Told(torch.zeros(1, 2, BINS, len(bins)), height.expand(1, 2, -1, -1), frequency[None])
    return model.sounds(told, model.turns(told))[0][0, 0]


def swing(sound: Tensor, hertz: Tensor) -> Tensor:
    """Complex height of the tone of these frequencies, every 10 ms, its own turning taken out."""
    every = torch.nn.functional.interpolate(hertz[None, None], scale_factor=HOP, mode="linear")
    angle = 2 * math.pi * (every[0, 0].double() / SAMPLE_RATE).cumsum(0)
    turned = sound * torch.exp(-1j * angle)
    return 2 * turned.reshape(-1, HOP).unfold(0, 8, 1).mean((1, 2))[4:-4]


def test_a_tone_between_bins_is_steady_and_in_tune():
    hertz = torch.full((STEPS,), 437.3)
    heard = swing(sung(hertz), hertz)
    torch.testing.assert_close(heard.abs(), torch.ones_like(heard.abs()), atol=0.01, rtol=0)
    assert float((heard[1:] / heard[:-1]).angle().abs().max()) < 0.002


def test_a_tone_that_glides_through_bands_never_jumps():
    hertz = torch.linspace(300, 700, STEPS)
    heard = swing(sung(hertz), hertz)
    assert float(heard.abs().min()) > 0.95
    assert float((heard[1:] / heard[:-1]).angle().abs().max()) < 0.1


def test_phases_are_what_going_step_by_step_gives():
    random = torch.Generator().manual_seed(0)
    frequency = torch.arange(5.0)[:, None] + torch.randn(2, 5, 23, generator=random)
    height = torch.rand(2, 5, 23, generator=random)
    found = turns_of(frequency, height)
    assert found.min() >= 0
    assert found.max() < 1
    for film in range(2):
        phase = found[film, :, 0]
        for step in range(1, 23):
            was, now = frequency[film, :, step - 1], frequency[film, :, step]
            after = []
            for band in range(5):
                beside = [b for b in (band, band - 1, band + 1) if 0 <= b < 5]
                loud = [
                    float(height[film, b, step - 1] * torch.exp(-((was[b] - now[band]) ** 2)))
                    for b in beside
                ]
                source = beside[loud.index(max(loud))]
                after.append(phase[source] + 0.125 * (was[source] + now[band]))
            phase = torch.stack(after) % 1
            apart = (phase - found[film, :, step] + 0.5) % 1 - 0.5
            assert float(apart.abs().max()) < 1e-4


def test_a_lobe_is_what_the_window_leaves():
    times, distance = torch.arange(WINDOW), torch.tensor([0.0, 0.3, 1.0, 1.6, 2.0])
    window = torch.hann_window(WINDOW)
    turn = 2 * math.pi * distance[:, None] * (times - WINDOW / 2) / WINDOW
    seen = (window * turn.cos()).sum(1) / window.sum()
    torch.testing.assert_close(hann_lobe(distance), seen, atol=1e-4, rtol=0)


def test_tones_are_found_where_they_are_and_noise_is_none():
    random = torch.Generator().manual_seed(0)
    centres = band_centres(mel_bank(64))
    times = torch.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    noise = 0.1 * torch.randn(1, 2, len(times), generator=random)
    sides = torch.tensor([1.0, -0.5])[None, :, None]
    heard = heard_tones(
        0.1 * torch.sin(2 * math.pi * 437.3 * times) * sides + 0.01 * noise, centres
    )
    band = int((centres - 437.3 / BIN).abs().argmin())
    inside = slice(5, -5)
    assert float((BIN * heard.frequency_BMN[0, band, inside] - 437.3).abs().max()) < 2
    assert float(heard.certainty_BMN[0, band, inside].min()) > 0.95
    assert float(heard.power_BMN[0, band, inside].min()) > 100
    assert float(heard_tones(noise, centres).certainty_BMN.mean()) < 0.2

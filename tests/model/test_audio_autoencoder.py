import math

import torch

from onereel.model.audio_autoencoder import STEPS, AudioAutoencoder, AudioAutoencoderConfig
from onereel.model.spectra import BINS
from onereel.model.video_autoencoder import LinearBasis
from toys import toy_audio


def test_25_latents_a_second_and_960_samples_each():
    model = toy_audio()
    with torch.no_grad():
        latents = model.encode(torch.randn(1, 2, 97_000) * 0.1)
        assert latents.shape == (1, 102, 8)
        assert model.decode(latents).shape == (1, 2, 102 * 960)


def full_basis_model() -> AudioAutoencoder:
    """A basis that keeps everything, residuals at zero: the pure noise vocoder."""
    model = AudioAutoencoder(AudioAutoencoderConfig(channels=2 * 64 * STEPS))
    model.basis = LinearBasis(2 * 64 * STEPS, 2 * 64 * STEPS)
    return model


def test_untrained_head_keeps_loudness_and_sides():
    model = full_basis_model()
    sound = torch.randn(1, 2, 24_000) * torch.tensor([0.2, 0.05])[None, :, None]
    with torch.no_grad():
        copy = model.decode(model.encode(sound))[..., :24_000]
    for ear, level in ((0, 0.2), (1, 0.05)):
        assert abs(20 * math.log10(float(copy[0, ear].std()) / level)) < 1.5


def test_untrained_head_puts_a_knock_where_it_was():
    model = full_basis_model()
    sound = torch.zeros(1, 2, 24_000)
    sound[..., 12_000:12_120] = torch.randn(1, 2, 120)
    with torch.no_grad():
        copy = model.decode(model.encode(sound))[0, 0, :24_000]
    middle = (copy.square() * torch.arange(24_000)).sum() / copy.square().sum()
    assert abs(float(middle) - 12_060) < 240


def test_decoding_is_deterministic():
    model = toy_audio()
    latents = torch.randn(1, 10, 8)
    with torch.no_grad():
        assert torch.equal(model.decode(latents), model.decode(latents))


def test_streamed_encode_and_decode_equal_the_whole():
    model = toy_audio()
    model.head.bias.data[2 * BINS : -16] = -1  # loud tones, whose phases must go on
    sound = torch.randn(1, 2, 31_111) * 0.1
    with torch.no_grad():
        whole = model.encode(sound)
        pieces = torch.cat(list(model.encode_stream(sound, 7)), 1)
        torch.testing.assert_close(pieces, whole, atol=1e-4, rtol=1e-4)
        heard = torch.cat(list(model.decode_stream(whole, 7)), -1)
        torch.testing.assert_close(heard, model.decode(whole), atol=1e-4, rtol=1e-3)

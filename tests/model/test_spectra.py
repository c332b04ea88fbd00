import torch

from onereel.model.spectra import BINS, HOP, WINDOW, mel_bank, spectrum, waveform


def test_spectrum_and_back_is_exact():
    sound = torch.randn(1, 2, 24 * HOP)
    window = torch.hann_window(WINDOW)
    torch.testing.assert_close(waveform(spectrum(sound, window), window), sound, atol=1e-4, rtol=0)


def test_every_mel_band_averages_some_bins():
    bank = mel_bank(64)
    assert bank.shape == (64, BINS)
    torch.testing.assert_close(bank.sum(1), torch.ones(64))

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from onereel.model.video_autoencoder import (
    CUBE,
    SQUARE,
    VideoAutoencoder,
    VideoAutoencoderConfig,
    decode_flops,
    fit_basis,
)
from toys import toy_video


def test_streamed_encode_and_decode_equal_the_whole():
    model = toy_video()
    frames = torch.rand(1, 3, 33, 32, 64) * 2 - 1
    with torch.no_grad():
        whole = model.encode(frames)
        chunks = [frames[:, :, :9], frames[:, :, 9:17], frames[:, :, 17:]]
        streamed = torch.cat(list(model.encode_stream(iter(chunks))), 1)
        picture = model.decode(whole)
        pieces = torch.cat(list(model.decode_stream(whole, 1)), 2)
    assert whole.shape == (1, 5, 8, 2, 4)
    assert picture.shape == frames.shape
    torch.testing.assert_close(streamed, whole, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(pieces, picture, atol=1e-5, rtol=1e-4)


def test_causal_later_frames_do_not_change_earlier_latents():
    model = toy_video()
    frames = torch.rand(1, 3, 25, 32, 32) * 2 - 1
    other = frames.clone()
    other[:, :, 17:] = 0
    with torch.no_grad():
        a, b = model.encode(frames), model.encode(other)
    torch.testing.assert_close(a[:, :3], b[:, :3])
    assert not torch.allclose(a[:, 3], b[:, 3])


@pytest.mark.parametrize("finest", [0, 4])
def test_before_training_it_is_exactly_its_linear_basis(finest: int):
    torch.manual_seed(0)
    model = VideoAutoencoder(
        VideoAutoencoderConfig(channels=16, coarse_width=8, fine_width=8, finest_width=finest)
    )
    frames = torch.rand(1, 3, 9, 32, 32) * 2 - 1
    with torch.no_grad():
        model.fit_linear(torch.randn(64, SQUARE), torch.randn(64, CUBE))
        latents = model.encode(frames)
        linear = model._divide(model._linear_encode(frames, True), True)
        copy = model.decode(latents)
    torch.testing.assert_close(latents, linear)
    # Decoding projects onto the basis: coding the copy again changes nothing.
    torch.testing.assert_close(model.encode(copy), latents, atol=1e-4, rtol=1e-4)


def test_fit_basis_finds_the_subspace_that_data_lives_in():
    generator = torch.Generator().manual_seed(1)
    directions = torch.linalg.qr(torch.randn(50, 4, generator=generator)).Q.T
    weights = torch.randn(400, 4, generator=generator) * torch.tensor([4.0, 3.0, 2.0, 1.0])
    mean, components, deviation = fit_basis(weights @ directions + 7, 4)
    torch.testing.assert_close(components @ components.T, torch.eye(4), atol=1e-4, rtol=0)
    kept = (components @ directions.T).square().sum()
    assert kept > 3.99
    assert deviation.tolist() == sorted(deviation.tolist(), reverse=True)
    assert (mean - 7).abs().max() < 1


def test_latents_have_unit_mean_square_after_fitting():
    model = VideoAutoencoder(VideoAutoencoderConfig(channels=16, coarse_width=8, fine_width=8))
    cubes = torch.randn(200, 20) @ torch.randn(20, CUBE)
    stills = torch.randn(200, 20) @ torch.randn(20, SQUARE)
    model.fit_linear(stills, cubes)
    scaled = model.basis.project(cubes) / model.scale
    assert abs(float(scaled.square().mean()) - 1) < 0.1


@pytest.mark.parametrize(("reach", "finest"), [(3, 0), (1, 4)])
def test_flops_count_every_product_of_a_decode(reach: int, finest: int):
    cfg = VideoAutoencoderConfig(16, 8, 8, 1, 1, reach, finest, 1, encoder_residual=False)
    model = VideoAutoencoder(cfg)
    latents = torch.randn(1, 3, 16, 2, 4)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.decode(latents)
    # The still's basis is smaller than that of a group; the figure counts it as one.
    extra = 2 * 8 * 16 * (CUBE - SQUARE)
    assert counter.get_total_flops() + extra == decode_flops(cfg, 3, 32, 64)

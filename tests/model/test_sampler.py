import pytest
import torch

from onereel.model.conditions import LatentState, mix
from onereel.model.sampler import denoise, noise_like, schedule, toward
from onereel.model.shapes import FilmShape
from toys import toy_transformer

SHAPE = FilmShape(17, 64, 64)
TEXT = torch.tensor([[5, 6, 7]])
BLANK = torch.tensor([[1, 0, 0]])


def start(first: torch.Tensor | None = None) -> LatentState:
    state = LatentState.empty(SHAPE, 8, 8)
    if first is not None:
        state = state.with_known_frame(0, first)
    noise = noise_like(state, torch.Generator().manual_seed(0))
    return mix(state, noise, torch.ones(1), torch.ones(1))


def sample(model, state, steps=3, on_step=None, guidance=2.0):
    with torch.no_grad():
        return denoise(
            model, state, TEXT, BLANK, steps=steps, guidance=guidance,
            shift_video=2.0, shift_audio=1.0, on_step=on_step,
        )  # fmt: skip


def test_temperature_scales_the_picture_s_noise_alone():
    state = LatentState.empty(SHAPE, 8, 8)
    one, cool = (
        noise_like(state, torch.Generator().manual_seed(3), temperature)
        for temperature in (1.0, 0.8)
    )
    torch.testing.assert_close(cool.video, 0.8 * one.video)
    assert torch.equal(cool.audio, one.audio)


def test_schedule_runs_from_noise_to_clean():
    levels = schedule(4, 2.0)
    assert levels[0] == 1 and levels[-1] == 0
    assert (levels.diff() < 0).all()
    assert levels[2] == pytest.approx(2 / 3)


def test_one_step_to_zero_is_the_estimate():
    x, clean = torch.randn(3), torch.randn(3)
    assert torch.equal(toward(x, clean, 0.7, 0.0), clean)
    # Moving from x along the true path keeps x = (1 - s) x0 + s noise.
    noise = torch.randn(3)
    at = 0.4 * clean + 0.6 * noise
    torch.testing.assert_close(toward(at, clean, 0.6, 0.3), 0.7 * clean + 0.3 * noise)


def test_exact_model_is_recovered_whatever_the_steps():
    truth = noise_like(LatentState.empty(SHAPE, 8, 8), torch.Generator().manual_seed(9))

    class Oracle(torch.nn.Module):
        def forward(self, text, runs):
            from onereel.model.conditions import pack

            goal = pack(truth, torch.ones(1), torch.ones(1))
            return tuple(run.values.expand(len(text), -1, -1) for run in goal)

    for steps in (1, 5):
        out = sample(Oracle(), start(), steps)
        torch.testing.assert_close(out.video, truth.video, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(out.audio, truth.audio, atol=1e-5, rtol=1e-4)


def test_known_frames_come_back_bit_for_bit():
    first = torch.randn(1, 8, 4, 4)
    out = sample(toy_transformer(), start(first))
    assert torch.equal(out.video[:, 0], first)


def test_same_seed_same_film_and_progress_counts_up():
    model, seen = toy_transformer(), []
    a = sample(model, start(), on_step=lambda done, of, clean: seen.append((done, of)))
    b = sample(model, start())
    assert torch.equal(a.video, b.video) and torch.equal(a.audio, b.audio)
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_cancel_stops_at_the_step_it_was_asked():
    calls = []

    def cancel(done, of, clean):
        calls.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample(toy_transformer(), start(), steps=50, on_step=cancel)
    assert calls == [1]


def test_draw_order_is_video_then_audio():
    state = LatentState.empty(SHAPE, 8, 8)
    noise = noise_like(state, torch.Generator().manual_seed(4))
    generator = torch.Generator().manual_seed(4)
    assert torch.equal(noise.video, torch.randn(state.video.shape, generator=generator))
    assert torch.equal(noise.audio, torch.randn(state.audio.shape, generator=generator))


def test_guidance_of_one_needs_no_second_pass():
    model = toy_transformer()
    batches = []
    model.register_forward_pre_hook(lambda module, args: batches.append(len(args[0])))
    sample(model, start(), steps=1, guidance=1.0)
    sample(model, start(), steps=1, guidance=3.0)
    assert batches == [1, 2]

import pytest
import torch

from onereel.model.conditions import (
    LatentState,
    ReferenceLatents,
    audio_positions,
    pack,
    tokens_from_video,
    unpack,
    video_from_tokens,
    video_positions,
)
from onereel.model.sampler import noise_like
from onereel.model.shapes import FilmShape
from onereel.model.transformer import REFERENCE, forward_flops
from toys import toy_transformer

SHAPE = FilmShape(25, 64, 96)
CPU = torch.device("cpu")


def toy_state(sound: bool = True, seed: int = 0) -> LatentState:
    state = LatentState.empty(SHAPE, 8, 8, sound=sound)
    return noise_like(state, torch.Generator().manual_seed(seed))


def predict(model, state, text, references=(), sigma=0.5):
    level = torch.full((1,), sigma)
    with torch.no_grad():
        return model(text, pack(state, level, level, references))


def test_packing_and_back_is_lossless():
    state = toy_state()
    tokens = tokens_from_video(state.video)
    assert tokens.shape == (1, SHAPE.video_tokens, 32)
    assert torch.equal(video_from_tokens(tokens, 2, 3), state.video)
    runs = pack(state, torch.ones(1), torch.ones(1))
    assert [run.kind for run in runs] == ["still", "video", "audio"]
    back = unpack(state, runs, tuple(run.values for run in runs))
    assert torch.equal(back.video, state.video)
    assert torch.equal(back.audio, state.audio)


def test_picture_and_sound_share_one_clock():
    video, audio = video_positions(4, 1, 1, device=CPU), audio_positions(27, device=CPU)
    assert video[0, 0] == 0
    # Group 3 is frames 17..24: its middle is 20.5 / 24 s, in the sound latent of that moment.
    assert abs(float(video[3, 0]) - 20.5 / 24) < 1e-6
    nearest = (audio[:, 0] - video[3, 0]).abs().argmin()
    assert nearest == int(20.5 / 24 * 25)


@pytest.mark.parametrize(("down", "across"), [(5, 8), (4, 9), (8, 5), (6, 6)])
def test_every_grid_stands_on_the_same_half_tokens(down, across):
    places = video_positions(1, down, across, device=CPU)
    assert (places[:, 1] % 1 == 0).all() and (places[:, 2] % 1 == 0.5).all()
    assert (places[:, 1:].mean(0).abs() <= 0.5).all()
    assert len(places.unique(dim=0)) == down * across


def test_padding_the_prompt_changes_nothing():
    model, state = toy_transformer(), toy_state()
    short = torch.tensor([[5, 6, 7]])
    long = torch.tensor([[5, 6, 7, 0, 0, 0, 0, 0]])
    for a, b in zip(predict(model, state, short), predict(model, state, long), strict=True):
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-4)


def test_words_and_their_order_matter():
    model, state = toy_transformer(), toy_state()
    a = predict(model, state, torch.tensor([[5, 6, 7]]))[0]
    b = predict(model, state, torch.tensor([[7, 6, 5]]))[0]
    assert not torch.allclose(a, b, atol=1e-5)


def test_sound_hears_the_picture_and_picture_the_sound():
    model, text = toy_transformer(), torch.tensor([[5, 6]])
    state, other = toy_state(seed=0), toy_state(seed=1)
    mixed = LatentState(other.video, state.video_known, state.audio, state.audio_known)
    assert not torch.allclose(
        predict(model, state, text)[2], predict(model, mixed, text)[2], atol=1e-5
    )
    mixed = LatentState(state.video, state.video_known, other.audio, state.audio_known)
    assert not torch.allclose(
        predict(model, state, text)[0], predict(model, mixed, text)[0], atol=1e-5
    )


def test_silent_films_have_no_audio_run():
    out = predict(toy_transformer(), toy_state(sound=False), torch.tensor([[5]]))
    assert len(out) == 2


def test_references_are_extra_tokens_each_at_its_own_time():
    model, state, text = toy_transformer(), toy_state(), torch.tensor([[5, 6]])
    picture = ReferenceLatents("still", torch.randn(1, 1, 8, 4, 4))
    clip = ReferenceLatents("video", torch.randn(1, 3, 8, 4, 4))
    recording = ReferenceLatents("audio", torch.randn(1, 20, 8))
    runs = pack(state, torch.ones(1), torch.ones(1), (picture, clip, recording))
    assert [run.kind for run in runs[:4]] == ["still", "still", "video", "audio"]
    assert all(run.role == REFERENCE and not run.sigma.any() for run in runs[:4])
    spans = [
        (float(run.positions[:, 0].min()), float(run.positions[:, 0].max())) for run in runs[:4]
    ]
    assert spans[0][1] < -1 and spans[1][1] < spans[0][0] and spans[3][1] < spans[2][0]
    told = predict(model, state, text, (picture, clip, recording))
    alone = predict(model, state, text)
    assert [x.shape for x in told] == [x.shape for x in alone]
    assert not torch.allclose(told[0], alone[0], atol=1e-5)


def test_a_batch_gives_what_each_film_gives_alone():
    model = toy_transformer()
    states = [toy_state(seed=seed) for seed in (0, 1)]
    text = torch.tensor([[5, 6, 7, 0], [8, 9, 0, 0]])
    level = torch.tensor([0.3, 0.8])
    both = LatentState(
        *(torch.cat([getattr(s, n) for s in states]) for n in LatentState.__dataclass_fields__)
    )
    with torch.no_grad():
        together = model(text, pack(both, level, level))
    for row, state in enumerate(states):
        with torch.no_grad():
            level_row = level[row : row + 1]
            alone = model(text[row : row + 1], pack(state, level_row, level_row))
        for a, b in zip(together, alone, strict=True):
            torch.testing.assert_close(a[row : row + 1], b, atol=1e-5, rtol=1e-4)


def test_flops_match_what_torch_counts():
    from torch.utils.flop_counter import FlopCounterMode

    model, state = toy_transformer(), toy_state()
    text = torch.full((1, 8), 5)
    with FlopCounterMode(display=False) as counter:
        predict(model, state, text)
    latents = SHAPE.video_tokens + SHAPE.audio_latents
    assert forward_flops(model.cfg, 8, latents) / counter.get_total_flops() > 0.9
    assert forward_flops(model.cfg, 8, latents) / counter.get_total_flops() < 1.1

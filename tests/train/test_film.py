"""Flow-matching steps on made-up latents: no rendering, seconds."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from onereel.model.conditions import LatentState, mix
from onereel.model.sampler import noise_like, toward
from onereel.model.shapes import NANO_SIZES
from onereel.train.data import (
    Batch,
    Clip,
    DataConfig,
    LatentStore,
    draw_batch,
    encoded_clips,
    other_ratios,
    size_of,
)
from onereel.train.distill import whence
from onereel.train.film import Bucket, FilmRecipe, Phase, draw_bucket, film_step, with_known_parts
from onereel.train.loop import LoopConfig
from toys import TOY_SAMPLING, toy_transformer

RECIPE = FilmRecipe(
    loop=LoopConfig("", 1),
    data=DataConfig(),
    sampling=TOY_SAMPLING,
    phases=(Phase(0.0, (Bucket(1, 4),)), Phase(0.5, (Bucket(1, 4), Bucket(25, 2, 9.0)))),
    autoencoders="",
)
CAST = torch.autocast("cpu", torch.bfloat16, enabled=False)


def made_up_store(clips: int = 6, seconds: int = 2, wide: int = 4) -> LatentStore:
    store = LatentStore()
    generator = torch.Generator().manual_seed(0)
    for number in range(clips):
        groups = 1 + 3 * seconds
        store.add(
            Clip(
                torch.randn(groups, 8, 4, wide, generator=generator).half(),
                torch.randn(groups - 1, 8, 4, wide, generator=generator).half(),
                torch.randn(groups, 8, 4, wide, generator=generator).half(),
                torch.arange(25 * seconds + 2).half()[:, None].expand(-1, 8) + 100 * number,
                torch.tensor([[2 + number, 3, 0, 0, 0, 0, 0, 0, 0, 0]], dtype=torch.int16),
            )
        )
    return store


def test_a_batch_is_of_one_size_and_every_size_has_its_turn():
    store, rng = made_up_store(), np.random.default_rng(0)
    for clip in made_up_store(2, wide=6).clips:
        store.add(clip)
    wide = [draw_batch(store, 25, 3, rng).video.shape[-1] for _ in range(60)]
    assert set(wide) == {4, 6} and wide.count(4) > wide.count(6)
    cfg = DataConfig(256, 160, others=((160, 256), (192, 192)))
    padded = [size_of(seed, DataConfig(others=other_ratios(NANO_SIZES))) for seed in range(10)]
    assert padded.count((256, 160)) == 5 and set(padded[1::2]) == {
        (288, 128), (224, 160), (192, 192), (160, 224), (160, 256)
    }  # fmt: skip
    assert [size_of(seed, cfg) for seed in range(4)] == [
        (256, 160), (160, 256), (192, 192), (256, 160)
    ]  # fmt: skip


def test_windows_start_on_whole_seconds_and_sound_stays_in_step():
    store, rng = made_up_store(), np.random.default_rng(0)
    seen = set()
    for _ in range(40):
        batch = draw_batch(store, 25, 1, rng)
        assert batch.video.shape == (1, 4, 8, 4, 4)
        assert batch.audio.shape == (1, 27, 8)
        number, start = divmod(int(batch.audio[0, 0, 0]), 100)
        clip, group = store.clips[number], start // 25 * 3
        assert start % 25 == 0
        assert torch.equal(batch.video[0, 0], clip.stills[group].float())
        assert torch.equal(batch.video[0, 1:], clip.video[group : group + 3].float())
        assert torch.equal(batch.last_hold[0], clip.holds[group + 3].float())
        assert int(batch.text[0, 0]) == 2 + number
        seen.add(start)
    assert seen == {0, 25}


def test_a_picture_reference_is_another_moment_of_the_same_clip_and_is_named():
    store, rng = made_up_store(), np.random.default_rng(0)
    batch = draw_batch(store, 25, 4, rng, picture_token=9)
    (reference,) = batch.references
    assert reference.kind == "still"
    assert batch.text[:, 0].eq(9).all()
    for row in range(4):
        stills = store.clips[int(batch.audio[row, 0, 0]) // 100].stills.float()
        assert any(torch.equal(reference.latents[row, 0], still) for still in stills)
    model = toy_transformer()
    result = film_step(RECIPE, model, batch, 1, rng, torch.Generator(), CAST, model.cfg)
    assert set(result.parts) == {"loss", "still", "video", "audio"}


def test_phases_follow_the_clock():
    rng = np.random.default_rng(0)
    early = {draw_bucket(RECIPE.phases, 0.1, rng).frames for _ in range(30)}
    late = [draw_bucket(RECIPE.phases, 0.9, rng).frames for _ in range(100)]
    assert early == {1}
    assert late.count(25) > 75


def test_each_kind_of_known_part_comes_up_as_often_as_asked():
    batch = Batch(
        torch.zeros(2000, 4, 1, 2, 2), torch.ones(2000, 1, 2, 2), torch.zeros(2000, 27, 1),
        torch.ones(2000, 8, dtype=torch.long),
    )  # fmt: skip
    state = with_known_parts(RECIPE, batch, np.random.default_rng(0))
    first, last = state.video_known[:, 0, 0, 0], state.video_known[:, -1, 0, 0]
    both, sound = (first & last).float().mean(), state.audio_known.any(1).float().mean()
    assert abs(float(both) - RECIPE.both_frames) < 0.015
    assert abs(float(last.float().mean()) - RECIPE.last_frame - RECIPE.both_frames) < 0.02
    # An earlier part knows its sound too, unless it is the opening frame alone.
    assert 0.5 * RECIPE.earlier_part < float(sound) < RECIPE.earlier_part
    # A known last frame is the held picture, not the moving group that was there.
    assert torch.equal(state.video[last][:, -1], torch.ones(int(last.sum()), 1, 2, 2))


def test_mixing_leaves_known_parts_clean():
    state = LatentState(
        torch.randn(1, 2, 8, 4, 4), torch.tensor([[[[True] * 2] * 2, [[False] * 2] * 2]]),
        torch.randn(1, 9, 8), torch.zeros(1, 9, dtype=torch.bool),
    )  # fmt: skip
    noise = noise_like(state, torch.Generator().manual_seed(0))
    half = torch.full((1,), 0.5)
    mixed = mix(state, noise, half, half)
    assert torch.equal(mixed.video[:, 0], state.video[:, 0])
    torch.testing.assert_close(mixed.video[:, 1], (state.video[:, 1] + noise.video[:, 1]) / 2)


@pytest.mark.parametrize("frames", [1, 25])
def test_twenty_steps_lower_the_loss(frames):
    torch.manual_seed(0)
    model, store, rng = toy_transformer().train(), made_up_store(2), np.random.default_rng(0)
    recipe = replace(RECIPE, drop_text=0.0)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(20):
        batch = draw_batch(store, frames, 4, rng)
        generator = torch.Generator().manual_seed(1)
        result = film_step(recipe, model, batch, 1, rng, generator, CAST, model.cfg)
        result.loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(result.parts["still"]))
    assert np.mean(losses[-5:]) < 0.97 * np.mean(losses[:5])


def test_dropping_the_text_reads_as_saying_nothing():
    model, rng = toy_transformer(), np.random.default_rng(0)
    batch = draw_batch(made_up_store(), 1, 4, rng)
    seen = []
    model.register_forward_pre_hook(lambda module, args: seen.append(args[0]))
    recipe = replace(RECIPE, drop_text=1.0)
    film_step(recipe, model, batch, 1, rng, torch.Generator(), CAST, model.cfg)
    assert seen[0][:, 0].eq(1).all()
    assert seen[0][:, 1:].eq(0).all()


def test_distillation_target_inverts_the_sampler_s_step():
    x, clean = torch.randn(5), torch.randn(5)
    arrived = toward(x, clean, 0.8, 0.3)
    torch.testing.assert_close(whence(x, arrived, 0.8, 0.3), clean)


def test_training_never_draws_held_out_seeds():
    from onereel.backlot.script import HELD_OUT

    cfg = DataConfig(first_seed=HELD_OUT.start - 3, clips=10)
    with pytest.raises(ValueError, match="held-out"):
        next(encoded_clips(cfg, None, None, None, 8, torch.device("cpu")))

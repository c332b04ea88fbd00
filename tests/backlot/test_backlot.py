"""The Backlot: determinism, timing, planted feet, masks, held-out seeds and captions."""

import dataclasses
import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest

from onereel.backlot.acts import ACTS
from onereel.backlot.captions import caption, captions
from onereel.backlot.motion import JOINTS
from onereel.backlot.people import KINDS
from onereel.backlot.script import (
    FPS,
    HELD_OUT,
    SAMPLE_RATE,
    Script,
    is_held_out,
    script_from_dict,
    write_script,
)
from onereel.backlot.sets import SETS
from onereel.backlot.shoot import find_contacts, shoot
from onereel.backlot.sound import effects

FINGERPRINT = """
import hashlib
from onereel.backlot.script import write_script
from onereel.backlot.shoot import shoot
take = shoot(write_script({seed}, 0.5), masks=True)
digest = hashlib.sha256()
for part in (take.frames, take.sound, take.truth.joints, take.truth.layers):
    digest.update(part.tobytes())
digest.update(repr(take.script).encode())
print(digest.hexdigest())
"""


def acting(act: str, seconds: float = 2.0, **changes: object) -> Script:
    """One performer of the given act under a static camera, in clear weather and silence."""
    seed = next(
        seed
        for seed in range(5000)
        if write_script(seed).performers[0].act == act and len(write_script(seed).performers) == 1
    )
    script = write_script(seed, seconds)
    plain = {"camera": "static", "shot_size": "full", "music": None, "weather": "clear"}
    return dataclasses.replace(script, **{**plain, **changes})


@pytest.mark.parametrize("seed", [3, 11])
def test_same_seed_gives_equal_bytes_in_another_process(seed: int) -> None:
    code = FINGERPRINT.format(seed=seed)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    take = shoot(write_script(seed, 0.5), masks=True)
    digest = hashlib.sha256()
    for part in (take.frames, take.sound, take.truth.joints, take.truth.layers):
        digest.update(part.tobytes())
    digest.update(repr(take.script).encode())
    assert digest.hexdigest() == run.stdout.strip()
    assert not np.array_equal(take.frames, shoot(write_script(seed + 1, 0.5)).frames)


def test_size_and_length_never_change_who_where_and_what() -> None:
    for seed in range(40):
        short = write_script(seed)
        other = write_script(seed, 9.0, 512, 288)
        assert dataclasses.replace(other, seconds=4.0, width=256, height=144) == short
    # A longer clip begins with the same pictures.
    script = write_script(4, 0.5)
    longer = dataclasses.replace(script, seconds=1.0, camera="static")
    shorter = dataclasses.replace(script, camera="static")
    first, second = shoot(shorter).frames, shoot(longer).frames
    difference = np.abs(first.astype(int) - second[: len(first)])
    # Larger plates are rounded and dithered differently; the picture may not differ otherwise.
    assert difference.max() <= 16
    assert difference.mean() < 0.05


@pytest.mark.parametrize("size", [(256, 144), (144, 256), (192, 192), (512, 288)])
@pytest.mark.parametrize("seconds", [0.5, 1.37])
def test_frames_and_sound_have_the_exact_length(size: tuple[int, int], seconds: float) -> None:
    take = shoot(write_script(21, seconds, *size))
    count = round(24 * seconds) + 1
    assert take.frames.shape == (count, size[1], size[0], 3)
    assert take.frames.dtype == np.uint8
    assert take.sound.shape == (count * SAMPLE_RATE // FPS, 2)
    assert take.sound.dtype == np.float32
    assert take.truth.joints.shape == (count, len(take.script.performers), len(JOINTS), 2)
    assert take.truth.layers is None


@pytest.mark.parametrize("act", ["walks", "runs", "jumps", "claps", "punches", "kicks", "dances"])
def test_contacts_are_heard_within_a_frame(act: str) -> None:
    script = acting(act)
    contacts = find_contacts(script)
    assert contacts
    samples = (round(FPS * script.seconds) + 1) * SAMPLE_RATE // FPS
    for contact in contacts:
        # Alone, so that the tail of the contact before does not hide the onset.
        loud = np.abs(effects(script, (contact,), samples)).max(axis=1)
        heard = np.flatnonzero(loud > 0.2 * loud.max())
        if contact.seconds * SAMPLE_RATE > samples - 500:
            continue
        assert abs(heard[0] / SAMPLE_RATE - contact.seconds) < 1 / FPS
        assert 0.0 <= contact.x <= 1.0


@pytest.mark.parametrize("act", ["walks", "runs"])
def test_a_step_sounds_when_the_foot_reaches_the_ground(act: str) -> None:
    script = acting(act, music=None)
    take = shoot(script, with_sound=False)
    for contact in take.truth.contacts:
        frame = int(contact.seconds * FPS)
        if frame < 2 or frame + 2 >= len(take.frames):
            continue
        feet = take.truth.joints[:, 0, [JOINTS.index("near_foot"), JOINTS.index("far_foot")], 1]
        ground = feet.max()
        landed = feet[frame + 1] > ground - 1.0 / script.height
        flying = feet[frame - 1] < ground - 0.5 / script.height
        assert (landed & flying).any(), (contact.seconds, feet[frame - 2 : frame + 3])


@pytest.mark.parametrize("act", ["walks", "runs", "stands", "waves", "bows", "punches"])
def test_planted_feet_stay_put(act: str) -> None:
    script = acting(act, 1.5)
    performer = dataclasses.replace(script.performers[0], start_x=-0.6, facing=1)
    script = dataclasses.replace(script, performers=(performer,))
    truth = shoot(script, with_sound=False).truth
    centre, zoom = truth.camera[:, 0], truth.camera[:, 2]
    planted = 0
    for name in ("near_foot", "far_foot"):
        place = truth.joints[:, 0, JOINTS.index(name)]
        # Back to the world, then to pixels, so a camera that starts to move does not matter.
        x = (place[:, 0] - 0.5) * script.width + centre * zoom * script.height
        down = place[:, 1] > place[:, 1].max() - 0.2 / script.height
        for frame in range(1, len(x)):
            if down[frame] and down[frame - 1]:
                planted += 1
                assert abs(x[frame] - x[frame - 1]) < 0.34
        runs_of = np.split(np.arange(len(x)), np.flatnonzero(np.diff(down.astype(int))) + 1)
        for run in runs_of:
            if down[run[0]]:
                assert np.ptp(x[run]) < 1.0
    assert planted > 5


def test_walkers_advance() -> None:
    script = acting("walks", 2.0, camera="follow")
    truth = shoot(script, with_sound=False).truth
    travelled = abs(float(truth.camera[-1, 0] - truth.camera[0, 0]))
    stride = ACTS["walks"].stride * script.performers[0].character.scale
    cycles = 2.0 * script.performers[0].tempo / ACTS["walks"].period
    assert travelled == pytest.approx(stride * cycles, rel=1e-3)


def test_masks_agree_with_performers() -> None:
    seeds = [seed for seed in range(400) if len(write_script(seed).performers) == 2][:3]
    for seed in seeds:
        script = dataclasses.replace(write_script(seed, 0.3), shot_size="full", camera="static")
        take = shoot(script, masks=True, with_sound=False)
        layers = take.truth.layers
        assert layers is not None
        assert layers.shape == take.frames.shape[:3]
        assert set(np.unique(layers)) == {0, 1, 2}
        for index in range(2):
            owned = layers[0] == index + 1
            assert 0.015 < owned.mean() < 0.35
            column, row = take.truth.joints[0, index, JOINTS.index("neck")]
            x, y = int(column * script.width), int(row * script.height)
            assert owned[y - 3 : y + 4, x - 3 : x + 4].any()


def test_performers_are_large_in_the_picture() -> None:
    for act in ("stands", "walks", "waves"):
        take = shoot(acting(act, 0.3), masks=True, with_sound=False)
        assert take.truth.layers is not None
        rows = np.flatnonzero((take.truth.layers[0] == 1).any(axis=1))
        assert 0.55 < (rows[-1] - rows[0]) / take.script.height < 0.86


def test_mouth_moves_with_the_voice() -> None:
    script = acting("talks", 3.0)
    take = shoot(script)
    mouth = take.truth.mouth[:, 0]
    assert mouth.max() > 0.4
    assert mouth.min() == 0.0
    still = dataclasses.replace(script.performers[0], act="stands", phase=0.0)
    silent = shoot(dataclasses.replace(script, performers=(still,)))
    assert silent.truth.mouth.max() < 0.1


@pytest.mark.parametrize("seed", range(6))
def test_loudness(seed: int) -> None:
    sound = shoot(write_script(seed, 2.0)).sound
    assert np.abs(sound).max() < 0.95
    assert -23.0 < 20 * np.log10(np.sqrt(np.mean(sound**2))) < -18.0


def test_held_out_seeds() -> None:
    assert is_held_out(HELD_OUT.start)
    assert is_held_out(1_000_999_999)
    assert not is_held_out(1_001_000_000)
    assert not is_held_out(999_999_999)


def test_scripts_survive_json() -> None:
    for seed in range(20):
        script = write_script(seed)
        assert script_from_dict(json.loads(json.dumps(dataclasses.asdict(script)))) == script


def test_captions_name_act_and_set_in_both_languages() -> None:
    for seed in range(150):
        script = write_script(seed)
        texts = captions(script)
        assert set(texts) == {"en", "zh"}
        place = SETS[script.set]
        for language, four in texts.items():
            assert len(four) == 4
            assert all(four)
            assert len(four[0]) < len(four[1]) < len(four[2]) < len(four[3])
            for performer in script.performers:
                act, kind = ACTS[performer.act], KINDS[performer.character.kind]
                verbs = (*act.en, *act.en_ing) if language == "en" else act.zh
                kinds = kind.en if language == "en" else kind.zh
                for text in four:
                    assert any(verb in text for verb in verbs), text
                    assert any(one.lower() in text.lower() for one in kinds), text
            where = place.en[0] if language == "en" else place.zh[0]
            for text in four[1:]:
                assert where.lower() in text.lower(), text
            assert "Shot 1:" in four[3]


def test_captions_are_paraphrased() -> None:
    script = write_script(5)
    drawn = {caption(script, np.random.default_rng(index)) for index in range(200)}
    assert len(drawn) > 120
    again = caption(script, np.random.default_rng(7))
    assert again == caption(script, np.random.default_rng(7))

"""The picture world: every set in every light, styles, cameras, cuts, masks, held-out draws."""

import hashlib
import subprocess
import sys
import tarfile
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from onereel.backlot.brush import chance, chances
from onereel.backlot.camera import View, camera_path, framing, layer_view
from onereel.backlot.export import write_tar
from onereel.backlot.light import COVER, TIMES, lighting
from onereel.backlot.people import KINDS, OUTFIT_COLOURS
from onereel.backlot.plates import draw_set, prepare_set, surface_of
from onereel.backlot.scenery import Stage
from onereel.backlot.script import (
    CAMERAS,
    HELD_OUT,
    HELD_OUT_COMBINATIONS,
    SIZES,
    STYLES,
    Script,
    change_cast,
    combinations,
    frame_count,
    held_out_combinations,
    is_held_out,
    shot_frames,
    write_script,
)
from onereel.backlot.sets import SETS
from onereel.backlot.shoot import SetUp, block, shoot, shoot_frames

RATIOS = ((252, 108), (256, 144), (192, 144), (144, 144), (108, 144), (81, 144))


def plain(script: Script, **changes: object) -> Script:
    """One shot of the script, silent, with the given fields of script or shot."""
    shot = replace(script.shots[0], start=0.0, focus=-1)
    names = {"camera", "size", "performers"}
    shot = replace(shot, **{key: value for key, value in changes.items() if key in names})
    rest = {key: value for key, value in changes.items() if key not in names}
    return replace(script, **{"shots": (shot,), "lines": (), "music": None, **rest})


def is_animal(seed: int) -> bool:
    return KINDS[write_script(seed).performers[0].character.kind].animal


def digest_of(seed: int) -> str:
    take = shoot(replace(write_script(seed, 0.3), lines=()), masks=True, with_sound=False)
    found = hashlib.sha256(repr(take.script).encode())
    for part in (take.frames, take.truth.joints, take.truth.camera, take.truth.layers):
        assert part is not None
        found.update(part.tobytes())
    return found.hexdigest()


def test_same_seed_gives_equal_bytes_in_another_process() -> None:
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r});"
    code += "from test_world import digest_of; print(digest_of(3), digest_of(5))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == [digest_of(3), digest_of(5)]
    assert digest_of(3) != digest_of(4)


def test_there_is_as_much_to_see_as_promised() -> None:
    assert len(SETS) >= 14
    assert set(COVER) == {"clear", "rain", "snow", "fog", "wind", "petals"}
    assert len(TIMES) == 4
    assert len(CAMERAS) == 10
    assert len(STYLES) == 3
    scripts = [write_script(seed) for seed in range(1500)]
    assert {one.set for one in scripts} == set(SETS)
    assert {one.weather for one in scripts} == set(COVER)
    assert {one.style for one in scripts} == set(STYLES)
    assert {shot.camera for one in scripts for shot in one.shots} == set(CAMERAS)
    assert {shot.size for one in scripts for shot in one.shots} == set(SIZES)
    assert {len(one.shots) for one in scripts} == {1, 2, 3}


@pytest.mark.parametrize("name", list(SETS))
def test_every_set_fills_the_picture_in_every_light(name: str) -> None:
    size, seen = (128, 72), []
    view = View(0.7, -0.6, 0.55)
    for time in TIMES:
        stage = Stage(5, lighting(time, "clear"), "clear")
        target = np.zeros((size[1], size[0], 4), np.uint8)
        surface = surface_of(target)
        parts = prepare_set(SETS[name].layers(stage), [view], [0.0], size)
        draw_set(surface.getCanvas(), target, parts, view, 0, 0.5)
        surface.flushAndSubmit()
        assert target[..., 3].min() == 255, "a hole in the set"
        # Not flat: neighbouring rows and columns differ in most of the picture.
        assert target[..., :3].reshape(-1, 3).std(axis=0).mean() > 8
        seen.append(target)
    if set(SETS[name].times) > {"dawn"}:
        for first, second in pairwise(seen):
            assert np.abs(first.astype(int) - second).mean() > 2


@pytest.mark.parametrize("size", RATIOS)
def test_no_camera_shows_an_edge_or_pops(size: tuple[int, int]) -> None:
    base = write_script(6, 1.0, *size)
    # All moves where the picture is widest and narrowest, the farthest ones in between.
    extreme = size in (RATIOS[0], RATIOS[-1])
    for camera in CAMERAS if extreme else ("pan", "tilt", "crane", "whip"):
        script = plain(base, camera=camera, size="full", set="meadow", style="shaded")
        (shot,) = block(script)
        scene = SetUp(script, shot)
        pictures = []
        for index in range(0, len(shot.frames), 3):
            pictures.append(scene.draw(index, False).picture.astype(int))
            assert scene.target[..., 3].min() == 255, (camera, index)
        views = np.array([(one.x, one.y, one.zoom) for one in shot.views])
        jerk = np.abs(np.diff(views, 2, axis=0)).max()
        assert jerk < (0.4 if camera == "whip" else 0.05), camera
        assert pictures[0].shape == (size[1], size[0], 3)


def test_many_chances_are_those_of_one_by_one() -> None:
    for keys in ((5, 71, 2), (-3, 1 << 40)):
        alone = [chance(*keys, index, 1) for index in range(20)]
        assert np.array_equal(chances(keys, 20, 1), alone)


def test_parallax_and_lens() -> None:
    near, far = View(1.0, -0.5, 1.4), View(0.0, -0.5, 0.7)
    assert layer_view(near, 0.0).x == 0.0
    assert layer_view(near, 0.0).zoom == pytest.approx(0.7)
    assert layer_view(near, 1.0) == replace(near)
    zoomed = View(0.0, -0.5, 1.4, lens=2.0)  # a lens enlarges what is far as well
    assert layer_view(zoomed, 0.1).zoom == pytest.approx(2 * layer_view(far, 0.1).zoom)


def test_camera_moves_are_what_they_are_called() -> None:
    script = write_script(6, 3.0)
    lead = np.zeros(73)

    def path(camera: str) -> np.ndarray:
        shot = replace(script.shots[0], camera=camera, size="full", focus=-1)
        views = camera_path(shot, 1, 16 / 9, lead, 0)
        return np.array([(one.x, one.y, one.zoom, one.lens) for one in views])

    middle, zoom = framing(replace(script.shots[0], size="full"), 16 / 9)
    assert np.ptp(path("static"), axis=0).max() == 0
    assert np.ptp(path("pan")[:, 0]) > 0.2 / zoom
    assert np.ptp(path("tilt")[:, 1]) > 0.3 / zoom
    assert path("push-in")[-1, 2] > 1.3 * path("push-in")[0, 2]
    assert path("pull-out")[-1, 2] < path("pull-out")[0, 2] / 1.3
    assert np.ptp(path("zoom")[:, 3]) > 0.4
    assert np.ptp(path("crane")[:, 1]) > 0.3 / zoom
    assert 0 < np.ptp(path("handheld")[:, 0]) < 0.1 / zoom
    assert abs(path("whip")[0, 0]) > 1.0 and abs(path("whip")[-1, 0]) < 1e-6
    assert middle < 0


def test_cuts_fall_on_the_stated_frames() -> None:
    seeds = [seed for seed in range(400) if len(write_script(seed).shots) == 3][:2]
    for seed in seeds:
        script = replace(write_script(seed, 2.0), lines=(), weather="clear", style="shaded")
        take = shoot(script, with_sound=False)
        cuts = [part.start for part in shot_frames(script)][1:]
        assert list(np.flatnonzero(np.diff(take.truth.shots)) + 1) == cuts
        assert len(take.frames) == frame_count(script) == len(take.truth.camera)
        steps = np.abs(np.diff(take.truth.camera[:, 2]))
        for cut in cuts:
            changed = np.abs(take.frames[cut].astype(int) - take.frames[cut - 1]).mean()
            assert changed > 4 and steps[cut - 1] > 0.01, (seed, cut)


@pytest.mark.parametrize("style", STYLES)
def test_masks_agree_with_frames(style: str) -> None:
    """Another colour of clothes changes pixels inside the performer's mask, and no others."""
    people = (seed for seed in range(600) if not is_animal(seed))
    for seed in islice(people, 3):
        script = plain(
            write_script(seed, 0.1, 256, 144), camera="static", size="full", style=style,
            weather="clear",
        )  # fmt: skip
        who = script.performers[0].character
        other = next(one for one in OUTFIT_COLOURS if one != who.outfit_colour)
        changed = change_cast(script, 0, replace(who, outfit_colour=other, second_colour=other))
        first = next(iter(shoot_frames(script, masks=True)))
        second = next(iter(shoot_frames(changed, masks=True)))
        assert first.owners is not None
        different = np.abs(first.picture.astype(int) - second.picture).max(axis=2) > 3
        mine = first.owners == 1
        around = mine.copy()  # the soft edge: less than half covered
        for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)):
            around |= np.roll(mine, (dy, dx), (0, 1))
        assert different.any()
        assert not (different & ~around).any(), seed
        assert (different & mine).sum() > 0.1 * mine.sum()


def test_held_out_draws_never_appear_in_training() -> None:
    for seed in range(400):
        assert held_out_combinations(write_script(seed)) == ()
    unheard = [held_out_combinations(write_script(seed)) for seed in HELD_OUT_COMBINATIONS[:60]]
    assert all(unheard)
    assert len({one for found in unheard for one in found}) > 20
    assert all(is_held_out(seed) for seed in (HELD_OUT[0], HELD_OUT[-1], HELD_OUT_COMBINATIONS[0]))
    assert not is_held_out(HELD_OUT_COMBINATIONS.stop)
    assert not is_held_out(HELD_OUT[0] - 1)
    script = write_script(1)
    assert any(name.startswith("set x act: ") for name in combinations(script))


def test_who_and_where_do_not_depend_on_size_and_length() -> None:
    for seed in range(30):
        short, other = write_script(seed), write_script(seed, 9.0, 512, 288)
        assert other.shots == short.shots
        assert (other.set, other.style, other.music) == (short.set, short.style, short.music)


def test_a_tar_holds_everything(tmp_path: Path) -> None:
    path = tmp_path / "clips.tar"
    told: list[int] = []
    assert write_tar(path, [5], 0.3, (64, 64), masks=True, workers=1, tell=told.append) == 1
    with tarfile.open(path) as tar:
        names = sorted(tar.getnames())
        assert names == [f"0000000005.{end}" for end in ("json", "mp4", "truth.npz", "wav")]
        member = tar.extractfile("0000000005.truth.npz")
        assert member is not None
        truth = np.load(member)
        assert truth["masks"].shape == (8, 64, 64)
    assert told == [1]
    assert list(tmp_path.iterdir()) == [path]

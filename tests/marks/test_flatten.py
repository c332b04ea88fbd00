"""What the watermark's detector leaves of a picture: edges of all planes go, a mark stays."""

import numpy as np
import torch

from onereel.marks.flatten import SHOTS, box, first_frames, flatten, unexplained

RNG = np.random.default_rng(5)


def blotchy(rows: int, columns: int) -> np.ndarray:
    """Large patches of random colours, (rows, columns, 3) uint8."""
    patches = RNG.integers(40, 215, (rows // 24 + 1, columns // 24 + 1, 3))
    return np.kron(patches, np.ones((24, 24, 1)))[:rows, :columns].astype(np.uint8)


def test_every_shot_begins_with_a_first_frame() -> None:
    shots = [blotchy(96, 160) for _ in range(3)]
    film = np.stack([shots[0]] * 7 + [shots[1]] * 5 + [shots[2]] * 9)
    assert first_frames(film).tolist() == [0, 7, 12]


def test_a_still_is_its_own_first_frame() -> None:
    assert first_frames(blotchy(96, 160)[None]).tolist() == [0]


def test_slow_change_is_no_cut() -> None:
    brighter = np.stack([np.full((96, 160, 3), 40 + 6 * t, np.uint8) for t in range(30)])
    assert first_frames(brighter).tolist() == [0]


def test_of_a_flickering_film_only_so_many_frames_count() -> None:
    # Half the steps change nothing, so the median change is small.
    film = np.stack([blotchy(96, 160) for _ in range(40)]).repeat(3, 0)
    found = first_frames(film)
    assert len(found) == SHOTS and (np.diff(found) > 0).all()


def test_edges_that_all_planes_share_go_and_a_pattern_of_one_plane_stays() -> None:
    shape = torch.from_numpy(blotchy(96, 160)[None, None, :, :, 0].astype(np.float32))
    y, cr = shape, 0.3 * shape
    pattern = 2 * torch.sin(torch.arange(160.0) / 2).expand(1, 1, 96, 160)
    cb = 0.5 * shape
    without = unexplained(torch.cat([y, cb, cr], 1))[:, 1:]
    assert without.std() < 0.2 * (cb - box(cb, 9)).std()
    left = unexplained(torch.cat([y, cb + pattern, cr], 1))[:, 1:] - without
    agreement = float((left * pattern).sum() / (left.norm() * pattern.norm()))
    assert agreement > 0.8


def test_first_frames_are_kept_apart() -> None:
    film = np.stack([blotchy(96, 160)] * 6 + [blotchy(96, 160)] * 6)
    flat = flatten(film, 24)
    assert flat is not None
    single = [flatten(film[at : at + 1], 24) for at in (0, 6)]
    fresh = sum(one.fresh for one in single if one is not None)
    assert torch.allclose(flat.fresh, torch.as_tensor(fresh), atol=1e-4)
    assert flat.parts.shape[0] == 1

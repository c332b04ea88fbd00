"""What is told from joints: features that know a body's size and the camera, and the network."""

import torch

from onereel.evaluate.pose import FEATURES, PoseNetwork, pose_features
from onereel.evaluate.reading import JOINTS

COUNT = 2 * len(JOINTS)
STANDING = torch.tensor([(0.5, 0.25), (0.5, 0.34), (0.5, 0.5), (0.47, 0.5), (0.53, 0.5),
                         (0.49, 0.65), (0.51, 0.65), (0.49, 0.8), (0.51, 0.8)])  # fmt: skip


def features(joints: torch.Tensor, camera: torch.Tensor | None = None, ratio: float = 1.0):
    frames = joints.shape[1]
    camera = torch.zeros(1, frames, 3) if camera is None else camera
    return pose_features(joints, torch.ones(joints.shape[:3]), camera, ratio)


def waving(frames: int = 12) -> torch.Tensor:
    joints = STANDING.repeat(1, frames, 1, 1)
    joints[:, :, JOINTS.index("near_hand"), 1] -= 0.02 * torch.arange(frames) % 0.1
    return joints


def test_near_or_far_a_body_does_the_same():
    joints = waving()
    small = (joints - 0.5) / 2 + 0.5
    assert features(joints).shape == (1, 12, FEATURES)
    assert torch.allclose(features(joints), features(small), atol=1e-4)


def test_a_wide_picture_changes_nothing():
    joints = waving()
    wide = joints.clone()
    wide[..., 0] = (joints[..., 0] - 0.5) / 2 + 0.5
    assert torch.allclose(features(joints), features(wide, ratio=2.0), atol=1e-4)


def test_who_stands_still_under_a_moving_camera_stands_still_in_the_world():
    frames = 8
    camera = torch.tensor([0.02, -0.01, 0.015]).repeat(1, frames, 1)
    camera[:, 0] = 0
    joints = [STANDING]
    for _ in range(frames - 1):
        joints.append((joints[-1] - 0.5) * (1 + 0.015) + 0.5 - torch.tensor([0.02, -0.01]))
    seen_so = features(torch.stack(joints)[None], camera)
    assert seen_so[..., :COUNT].abs().max() < 0.1
    still = features(torch.stack(joints)[None])
    assert still[..., :COUNT].abs().max() > 0.3


def test_a_foot_that_moves_is_told_from_one_that_stands():
    joints = STANDING.repeat(1, 6, 1, 1)
    foot = JOINTS.index("near_foot")
    joints[:, :, foot, 0] += 0.02 * torch.arange(6)
    in_world = features(joints)[..., :COUNT].unflatten(-1, (-1, 2))
    assert in_world[:, 1:, foot, 0].min() > 0.2
    assert in_world[:, 1:, JOINTS.index("far_foot")].abs().max() < 1e-4


def test_the_network_answers_for_the_film_and_every_frame():
    torch.manual_seed(0)
    net = PoseNetwork(8, acts=5)
    told = net(features(waving(13)))
    assert told.act.shape == (1, 5) and told.contact.shape == (1, 13)

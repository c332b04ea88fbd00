"""The discriminator: it learns to tell, it pulls copies towards originals, and it resumes."""

from pathlib import Path

import torch

from onereel.train.adversary import Adversary, AdversaryConfig, picture_views, sound_views

CFG = AdversaryConfig(weight=0.5, start=0.5, alone_steps=3, rate=3e-3, width=8, depth=2)


def toy(folder: Path, cfg: AdversaryConfig = CFG) -> Adversary:
    torch.manual_seed(0)
    return Adversary(cfg, "toy_discriminator", 6, folder, torch.device("cpu"))


def stripes(count: int = 4) -> torch.Tensor:
    frames = torch.zeros(count, 3, 2, 16, 16)
    frames[..., ::2] = 1
    return frames


def test_it_learns_to_tell_stripes_from_their_blur(tmp_path):
    adversary, real = toy(tmp_path), stripes()
    blurred = torch.full_like(real, 0.5)
    views = picture_views(real), picture_views(blurred)
    first = float(adversary.learn(*views))
    for _ in range(40):
        last = float(adversary.learn(*views))
    assert first > 0.8
    assert last < 0.3


def test_its_term_asks_for_the_given_share_and_only_after_it_learned_alone(tmp_path):
    adversary, real = toy(tmp_path), stripes()
    copy = torch.full_like(real, 0.5).requires_grad_()
    for step in range(5):
        loss = (copy - real).abs().mean()
        adversary.learn(picture_views(real), picture_views(copy))
        term = adversary.term(picture_views(copy), copy, loss)
        (pull,) = torch.autograd.grad(term, copy, retain_graph=True)
        (ours,) = torch.autograd.grad(loss, copy)
        if step < CFG.alone_steps:
            assert not pull.any()
        else:
            torch.testing.assert_close(pull.norm(), CFG.weight * ours.norm())


def test_it_waits_for_its_share_of_the_run_unless_it_has_learned_before(tmp_path):
    fresh = toy(tmp_path)
    assert not fresh.learns(0.4)
    assert fresh.learns(0.6)
    fresh.learn(picture_views(stripes()), picture_views(stripes()))
    fresh.save(tmp_path, "float32")
    again = toy(tmp_path)
    assert again.learns(0.0)
    x = torch.randn(1, 6, 16, 16)
    with torch.no_grad():
        assert torch.equal(again.net(x), fresh.net(x))
    off = toy(tmp_path, AdversaryConfig())
    assert not off.learns(1.0)


def test_views_show_what_flickers_and_both_ears():
    frames = torch.zeros(1, 3, 3, 8, 8)
    frames[:, :, 1] = 1
    views = picture_views(frames)
    assert views.shape == (2, 6, 8, 8)
    assert views[0, 3:].eq(1).all() and views[1, 3:].eq(-1).all()
    spectra = sound_views(torch.randn(2, 2, 4800))
    assert spectra.shape[:3] == (2, 4, 256)
    assert spectra.isfinite().all()

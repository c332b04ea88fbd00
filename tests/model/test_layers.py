import torch
import torch.nn.functional as F

from onereel.model import layers
from onereel.model.layers import attention, rotary_angles, rotate


def test_attention_in_blocks_equals_the_fused_kernel(monkeypatch):
    q, k, v = (torch.randn(2, 3, 150, 16) for _ in range(3))
    mask = torch.where(torch.rand(2, 1, 1, 150) < 0.2, -1e4, 0.0)
    wanted = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    for scores in (1, 100_000, 10**9):
        monkeypatch.setattr(layers, "SCORES_PER_BLOCK", scores)
        torch.testing.assert_close(attention(q, k, v, mask), wanted, atol=1e-5, rtol=1e-4)


def test_rotation_depends_on_distance_alone():
    frequencies = (torch.tensor([1.0, 0.3]), torch.tensor([0.7, 0.1]))
    q, k = torch.randn(1, 1, 1, 8), torch.randn(1, 1, 1, 8)

    def score(a, b):
        qa = rotate(q, *rotary_angles(torch.tensor([[a]]), frequencies))
        kb = rotate(k, *rotary_angles(torch.tensor([[b]]), frequencies))
        return (qa * kb).sum()

    near = score([1.0, 2.0], [0.5, 4.0])
    torch.testing.assert_close(score([11.0, -3.0], [10.5, -1.0]), near, atol=1e-5, rtol=1e-4)
    assert not torch.isclose(score([1.0, 2.0], [0.5, 5.0]), near, atol=1e-4)

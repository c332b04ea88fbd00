import torch

from onereel.model import device


def test_a_slow_precision_is_known_after_a_small_product(monkeypatch):
    asked = []

    def slow_bfloat16(dtype, place, size, repeats):
        asked.append((dtype, size))
        return 1e9 if dtype == torch.bfloat16 else 5e10

    monkeypatch.setattr(device, "_best_rate", slow_bfloat16)
    device.matmul_rate.cache_clear()
    device.choose_placement.cache_clear()
    try:
        place = device.choose_placement()
    finally:
        device.matmul_rate.cache_clear()
        device.choose_placement.cache_clear()
    if torch.cuda.is_available():
        return
    assert place.dtype == torch.float32
    assert "1 GFLOP/s in bfloat16, 50 in float32" in place.reason
    assert (torch.bfloat16, 768) not in asked
    assert (torch.float32, 768) in asked

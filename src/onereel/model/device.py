"""Which device and precision to compute with here, and why."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

import torch


@dataclass(frozen=True)
class Placement:
    device: torch.device
    dtype: torch.dtype
    reason: str


@cache
def matmul_rate(dtype: torch.dtype, device: torch.device, size: int = 768) -> float:
    """Floating-point operations a second of one square product, best of five.

    A quarter of the size is tried first: a CPU that emulates bfloat16 is known by that alone, and
    would take seconds for the whole (measured on AVX2: 1 GFLOP/s against 88).
    """
    rate = _best_rate(dtype, device, size // 4, 2)
    if 2 * size**3 / rate > 0.15:
        return rate
    return _best_rate(dtype, device, size, 5)


def _best_rate(dtype: torch.dtype, device: torch.device, size: int, repeats: int) -> float:
    a = torch.randn(size, size, device=device).to(dtype)
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        a @ a
        if device.type == "cuda":
            torch.cuda.synchronize()
        best = min(best, time.perf_counter() - started)
    return 2 * size**3 / best


@cache
def choose_placement() -> Placement:
    """A GPU in bfloat16 if there is one; else the CPU in whichever precision multiplies faster.

    Without AMX or AVX512-BF16 a CPU emulates bfloat16, up to ten times slower than float32
    (measured), so the choice is timed, not looked up.
    """
    if torch.cuda.is_available():
        return Placement(
            torch.device("cuda"), torch.bfloat16, f"GPU {torch.cuda.get_device_name()}"
        )
    cpu = torch.device("cpu")
    wide, narrow = matmul_rate(torch.float32, cpu), matmul_rate(torch.bfloat16, cpu)
    told = (
        f"a timed product gave {narrow / 1e9:.0f} GFLOP/s in bfloat16, {wide / 1e9:.0f} in float32"
    )
    if narrow > 1.2 * wide:
        return Placement(cpu, torch.bfloat16, f"no GPU; {told}")
    return Placement(cpu, torch.float32, f"no GPU; {told}")

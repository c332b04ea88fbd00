"""The one training loop: a time budget, AdamW, EMA, progress, logs, checkpoints.

A slice is a number of minutes, not of steps: warm-up, plateau and decay follow the clock, so the
same recipe fits a GPU lease of eight minutes and a night on two cores. A run resumes from its
(EMA) weights alone; the optimiser warms up again. Called by every stage.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from torch import Tensor, nn

from onereel.model.device import matmul_rate

console = Console(stderr=True)


@dataclass(frozen=True)
class LoopConfig:
    """Shared by every stage. `folder` holds all that the run writes."""

    folder: str
    minutes: float
    processor_time: bool = False  # minutes of the processor, not of the wall: to compare on a CPU
    rate: float = 1e-3  # peak learning rate
    warmup_steps: int = 50
    decay_share: float = 0.3  # last part of the budget over which the rate falls to a twentieth
    weight_decay: float = 0.01
    beta2: float = 0.98
    clip: float = 1.0
    ema: float = 0.998
    seed: int = 0
    log_seconds: float = 10
    save_minutes: float = 5
    sheet_minutes: float = 15
    device: str = "auto"  # auto, cpu, cuda
    compile: bool = False
    export: str = ""  # folder that gets a flat copy of what must be carried home at the end


@dataclass(frozen=True)
class StepResult:
    """What one call of a stage's step reports: losses to back-propagate and to print."""

    loss: Tensor
    parts: dict[str, Tensor]  # detached; turned into numbers only when they are logged
    samples: int
    flops: float  # forward and backward


def pick_device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def autocast(device: torch.device) -> torch.autocast:
    """bfloat16 for matrix products; a CPU that only emulates it stays in float32."""
    enabled = device.type == "cuda" or (
        matmul_rate(torch.bfloat16, device) > 1.2 * matmul_rate(torch.float32, device)
    )
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled)


def rate_at(progress: float, step: int, cfg: LoopConfig) -> float:
    """Learning rate: linear warm-up by steps, plateau, linear decay by the clock."""
    warm = min(1.0, (step + 1) / cfg.warmup_steps)
    late = max(0.0, progress - (1 - cfg.decay_share)) / cfg.decay_share
    return cfg.rate * warm * (1 - 0.95 * min(1.0, late))


class Average:
    """Exponential moving average of a module's parameters; young averages forget faster."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.shadow = [p.detach().clone() for p in module.parameters() if p.requires_grad]

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        now = [p for p in module.parameters() if p.requires_grad]
        torch._foreach_lerp_(self.shadow, [p.detach() for p in now], 1 - decay)

    @contextlib.contextmanager
    def applied(self, module: nn.Module) -> Iterator[None]:
        """Inside, the module holds the averaged weights and is in eval mode."""
        now = [p for p in module.parameters() if p.requires_grad]
        kept = [p.detach().clone() for p in now]
        with torch.no_grad():
            for parameter, averaged in zip(now, self.shadow, strict=True):
                parameter.copy_(averaged)
        module.eval()
        try:
            yield
        finally:
            with torch.no_grad():
                for parameter, value in zip(now, kept, strict=True):
                    parameter.copy_(value)
            module.train()


def run(
    cfg: LoopConfig,
    recipe: Any,
    module: nn.Module,
    step: Callable[[int, float], StepResult],
    save: Callable[[Path, str], None],
    check: Callable[[Path, int], dict[str, float]] | None = None,
) -> None:
    """Train `module` for `cfg.minutes`.

    step(number, progress) computes one batch's losses; save(folder, storage) writes the module as
    it stands; check(folder, number) writes sheets and returns figures to log. The last two are
    called with the averaged weights in place. Ctrl-C or SIGTERM ends the run early and saves.
    """
    folder = Path(cfg.folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=2, default=str))
    log = Log(folder)
    device = next(module.parameters()).device
    peak = matmul_rate(torch.bfloat16, device, 4096 if device.type == "cuda" else 1024)
    peak = max(peak, matmul_rate(torch.float32, device, 1024))
    parameters = [p for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": cfg.weight_decay},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=cfg.rate, betas=(0.9, cfg.beta2), fused=True)
    average = Average(module, cfg.ema)
    count = sum(p.numel() for p in parameters)
    console.print(
        f"[bold]{folder.name}[/]: {count / 1e6:.2f} M parameters, {cfg.minutes:g} min on {device}, "
        f"measured matrix peak {peak / 1e9:,.0f} GFLOP/s"
    )
    stop = _stop_on_signal()
    clock = time.process_time if cfg.processor_time else time.monotonic
    module.train()
    started = logged = saved = checked = clock()
    window = Window()
    number, samples, flops = 0, 0, 0.0
    while not stop.asked and (elapsed := clock() - started) < cfg.minutes * 60:
        progress = elapsed / (cfg.minutes * 60)
        for group in optimiser.param_groups:
            group["lr"] = rate_at(progress, number, cfg)
        result = step(number, progress)
        result.loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, cfg.clip)
        if torch.isfinite(norm):
            optimiser.step()
            average.update(module)
        optimiser.zero_grad(set_to_none=True)
        number, samples, flops = number + 1, samples + result.samples, flops + result.flops
        window.add(result, norm.detach())

        now = clock()
        if now - logged >= cfg.log_seconds:
            figures = window.figures(now - logged, peak)
            left = cfg.minutes * 60 - (now - started)
            log.write(number, samples, now - started, figures)
            text = "  ".join(f"{key} {value:.4g}" for key, value in figures.items())
            console.print(f"step {number}  {text}  {left / 60:.1f} min left", highlight=False)
            window, logged = Window(), now
        if check is not None and now - checked >= cfg.sheet_minutes * 60:
            with average.applied(module):
                log.write(number, samples, now - started, check(folder, number))
            checked = clock()
        if now - saved >= cfg.save_minutes * 60:
            with average.applied(module):
                keep(folder, cfg, save)
            saved = clock()
    with average.applied(module):
        keep(folder, cfg, save)
        figures = check(folder, number) if check is not None else {}
    log.write(number, samples, clock() - started, figures)
    log.close()
    stop.restore()
    told = "  ".join(f"{key} {value:.4g}" for key, value in figures.items())
    console.print(
        f"done: {number} steps, {samples} samples, {flops:.3g} FLOP, weights in {folder}  {told}"
    )


def keep(folder: Path, cfg: LoopConfig, save: Callable[[Path, str], None]) -> None:
    """Save; and where asked, put a small flat copy (int8 weights, log, a sheet) to carry home."""
    save(folder, "bfloat16")
    if not cfg.export:
        return
    target = Path(cfg.export)
    save(target, "int8")
    for name in ("tokenizer.json", "log.jsonl", "sheet-0.png", "sheet-first.png"):
        if (folder / name).is_file():
            shutil.copy(folder / name, target / name)


class Window:
    """Running means between two log lines."""

    def __init__(self) -> None:
        self.sums: dict[str, Tensor] = {}
        self.steps, self.samples, self.flops = 0, 0, 0.0

    def add(self, result: StepResult, norm: Tensor) -> None:
        for key, value in {**result.parts, "norm": norm}.items():
            self.sums[key] = self.sums[key] + value if key in self.sums else value
        self.steps += 1
        self.samples += result.samples
        self.flops += result.flops

    def figures(self, seconds: float, peak: float) -> dict[str, float]:
        means = {key: float(value) / self.steps for key, value in self.sums.items()}
        return {
            **means,
            "samples/s": self.samples / seconds,
            "GFLOP/s": self.flops / seconds / 1e9,
            "MFU": self.flops / seconds / peak,
        }


class Log:
    """JSON lines beside the weights, and TensorBoard where it is installed."""

    def __init__(self, folder: Path) -> None:
        self.file = (folder / "log.jsonl").open("a", encoding="utf-8")
        try:
            from torch.utils.tensorboard import SummaryWriter

            self.board: Any = SummaryWriter(str(folder / "tensorboard"))
        except ImportError:
            self.board = None

    def write(self, step: int, samples: int, seconds: float, figures: dict[str, float]) -> None:
        line = {"step": step, "samples": samples, "seconds": round(seconds, 1), **figures}
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        if self.board is not None:
            for key, value in figures.items():
                self.board.add_scalar(key, value, samples)

    def close(self) -> None:
        self.file.close()
        if self.board is not None:
            self.board.close()


class _stop_on_signal:
    """Turns the first Ctrl-C or SIGTERM into a wish to stop after this step."""

    def __init__(self) -> None:
        self.asked = False
        self.before = {}
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(ValueError):  # not in the main thread: no signals to us
                self.before[number] = signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def restore(self) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

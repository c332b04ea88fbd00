"""How long a film takes here, from the command to the signed file, and which stage takes it.

- two models: `mini` at 512x288 with random weights, four steps without guidance (what a distilled
  model runs), and the shipped one as it is used
- each on one core, on two, on all there are, and on the GPU if there is one; every run is a
  process of its own (`benchmark_child`), held to its cores
- cold: the first film of a fresh process, imports and loading included (files may lie in the
  system's cache). warm: the best of the next films. The keys that films are signed with are made
  beforehand; records go into a folder that is thrown away

Called by the command line and by benchmarks/peers.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from onereel.errors import OnereelError, WrongUse, shown
from onereel.evaluate.benchmark_child import Task

SHAPES = ("mini", "shipped")
STAGES = {
    "start": "Python and imports",
    "load": "loading the model",
    "encode": "reading the prompt",
    "denoise": "denoising",
    "decode": "decoding picture and sound",
    "mark": "watermarks and label",
    "write": "encoding and muxing",
    "sign": "signing and recording",
    "all": "the whole film",
}
# Called as progress(stage, done, of).
Progress = Callable[[str, int, int], None]


def benchmark(
    shapes: tuple[str, ...] = SHAPES,
    threads: tuple[int, ...] = (),
    *,
    cold: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """{"machine", "import_seconds", "runs": {shape: [fields of `Measured`, ...]}}.

    threads: cores to run on, one run for each (1, 2 and all unless given).  cold: only the first
    film of each process.  WrongUse for cores that are not there, OnereelError when a run fails.
    """
    tell = progress or (lambda stage, done, of: None)
    cores = usable_cores()
    threads = threads or tuple(sorted({1, min(2, cores), cores}))
    for count in threads:
        if not 1 <= count <= cores:
            raise WrongUse(f"There are {cores} cores here; ask for 1 to {cores} threads.")
    for shape in shapes:
        if shape not in SHAPES:
            raise WrongUse(f"There is no shape {shown(shape)}; choose all, {' or '.join(SHAPES)}.")
    gpu = has_gpu()
    with tempfile.TemporaryDirectory(prefix="onereel-benchmark-") as folder:
        told: dict[str, Any] = {
            "machine": machine(),
            "import_seconds": import_seconds(),
            "runs": {},
        }
        home = make_keys(Path(folder) / "home")
        for shape in shapes:
            model = model_folder(shape, Path(folder))
            tasks = [Task(str(model), str(home), count, cold, gpu=False) for count in threads]
            if gpu:
                tasks.append(Task(str(model), str(home), max(threads), cold, gpu=True))
            told["runs"][shape] = [run(task, name_of(shape, task), tell) for task in tasks]
    return told


def name_of(shape: str, task: Task) -> str:
    where = "GPU" if task.gpu else f"{task.threads} thread{'s' * (task.threads > 1)}"
    return f"{shape}, {where}"


def run(task: Task, name: str, tell: Progress) -> dict[str, Any]:
    """Fields of `Measured`, with the seconds until a fresh process was ready and until its film
    lay there."""
    tell(name, 0, 1)
    command = [sys.executable, "-m", "onereel.evaluate.benchmark_child", json.dumps(asdict(task))]
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as child,
    ):
        assert child.stdout is not None
        at: dict[str, float] = {}
        done, result = 0, None
        for line in child.stdout:
            event = json.loads(line)
            at.setdefault(event["event"], time.perf_counter() - started)
            if event["event"] == "done":
                result = event
            elif event["of"]:
                done += 1
                tell(name, done, event["of"])
        if child.wait() or result is None:
            errors.seek(0)
            said = errors.read().strip().splitlines() or ["it said nothing"]
            raise OnereelError(f"The benchmark of {name} failed: {said[-1]}.")
    tell(name, 1, 1)
    del result["event"]
    result["cold"] |= {"start": at["ready"], "all": at["written"]}
    return result


def model_folder(shape: str, scratch: Path) -> Path:
    if shape == "shipped":
        from onereel.produce import DEFAULT_MODEL

        return DEFAULT_MODEL
    from onereel.evaluate.random_mini import write_random_mini

    folder = scratch / "mini"
    folder.mkdir()
    return write_random_mini(folder)


def make_keys(folder: Path) -> Path:
    """A home whose keys exist, as they do from anyone's second film on."""
    from onereel.marks.keys import load_signer
    from onereel.records.home import Home
    from onereel.records.keys import load_signing_key

    home = Home(folder)
    load_signing_key(home)
    load_signer(home)
    return folder


def usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


def machine() -> dict[str, Any]:
    """Processor, cores, how busy they are with other work, and torch's version."""
    import torch

    names = []
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else "unknown",
        "cores": usable_cores(),
        "load": round(os.getloadavg()[0], 2),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "torch": torch.__version__,
    }


def import_seconds() -> float:
    """`import onereel`: best of three fresh interpreters, less what an empty one takes."""

    def best(code: str) -> float:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times.append(time.perf_counter() - started)
        return min(times)

    return round(best("import onereel, onereel.cli") - best("pass"), 3)


# ---------------------------------------------------------------- showing


def show(told: dict[str, Any]) -> str:
    """The result as a page of text."""
    here = told["machine"]
    lines = [
        f"{here['processor']}, {here['cores']} cores, load {here['load']:.1f} before the start, "
        f"{'GPU ' + here['gpu'] if here['gpu'] else 'no GPU'}, torch {here['torch']}",
        f"import onereel: {told['import_seconds']:.2f} s",
    ]
    for shape, runs in told["runs"].items():
        lines += ["", *_shape_lines(shape, runs)]
    return "\n".join(lines)


def _shape_lines(shape: str, runs: list[dict[str, Any]]) -> list[str]:
    first = runs[0]
    weights = "random weights" if shape == "mini" else "the weights as shipped"
    lines = [
        f"{shape}: {first['film']}; {first['parameters'] / 1e6:.1f} M parameters, {weights}, "
        f"{first['tokens']} tokens",
        _line("", [[_device(one), ""] for one in runs]),
        _line("seconds", [["cold", "warm"]] * len(runs)),
    ]
    for stage, name in STAGES.items():
        cells = [[_seconds(one["cold"].get(stage)), _seconds(one["warm"].get(stage))]
                 for one in runs]  # fmt: skip
        lines.append(_line(name, cells))
    spent = [[_seconds(one["processor"].get(how)) for how in ("cold", "warm")] for one in runs]
    lines.append(_line("processor seconds of it", spent))
    for part in first["parts"]:
        lines.append(_line(f"  {part}", [["", _seconds(one["parts"].get(part))] for one in runs]))
    lines.append(_line("peak MiB", [[f"{max(one['peak_mib'].values()):.0f}", ""] for one in runs]))
    lines.append(
        _line("matrix peak, GFLOP/s", [[f"{one['matrix_gflops']:.0f}", ""] for one in runs])
    )
    for name in first["shares"]:
        shares = [["", f"{one['shares'][name]:.0%}"] for one in runs]
        lines.append(_line(f"  {STAGES.get(name, name)}: share of it", shares))
    return lines


def _device(one: dict[str, Any]) -> str:
    where = "GPU" if one["device"] == "cuda" else f"{one['threads']} thread"
    return f"{where}{'s' * (where[0] not in '1G')}, {one['precision']}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _line(name: str, cells: list[list[str]]) -> str:
    """One row: two columns a run, or one cell over both where the second is empty."""
    told = "".join(
        f"{a:>20}" if not b and len(a) > 8 else f"{a:>10}{b:>10}" for a, b in cells
    )  # fmt: skip
    return f"{name:36}{told}".rstrip()

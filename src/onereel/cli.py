"""The command line. Each command is a thin edge: parse, call, show progress, tell the outcome.

Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused by a gate, 130 cancelled. With --json one
object goes to standard output and nothing else; progress and messages go to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onereel import __version__, cli_evaluate, cli_keys, cli_records, cli_service
from onereel.errors import Cancelled, OnereelError, WrongUse

if TYPE_CHECKING:
    from onereel.clip import Clip
    from onereel.marks.label import Label

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
backlot = typer.Typer(help="The film set that training data comes from.", no_args_is_help=True)
app.add_typer(backlot, name="backlot")
app.add_typer(cli_records.audit, name="audit")
app.add_typer(cli_records.records, name="records")
cli_service.add_commands(app)
cli_evaluate.add_commands(app)
app.add_typer(cli_keys.keys, name="keys")

Out = Annotated[Path, typer.Option("-o", "--output", help="Where to write the film (.mp4).")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Model = Annotated[
    Path | None, typer.Option("--model", help="Folder of weights (default: the packaged ones).")
]
Where = Annotated[
    str,
    typer.Option(
        "--label",
        help="The visible label: opening, whole or moving; none is put on record. "
        "Watermarks, metadata and credentials are in every film.",
    ),
]
Language = Annotated[str, typer.Option("--label-language", help="en or zh.")]


def main() -> None:
    """Entry point: every expected failure is one sentence and an exit code."""
    try:
        app()
    except OnereelError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


@app.callback(invoke_without_command=True)
def start(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Words and pictures in, a short film with its own sound out."""
    if version:
        print(f"onereel {__version__}")
        raise typer.Exit


@app.command()
def generate(
    prompt: Annotated[str, typer.Argument(help="What happens in the film, English or Chinese.")],
    image: Annotated[
        list[Path] | None, typer.Option(help="Picture to refer to as @Image1, @Image2, ...")
    ] = None,
    video: Annotated[
        list[Path] | None, typer.Option(help="Clip to refer to as @Video1 ...")
    ] = None,
    audio: Annotated[
        list[Path] | None, typer.Option(help="Recording to refer to as @Audio1 ...")
    ] = None,
    first_frame: Annotated[Path | None, typer.Option(help="Picture the film starts from.")] = None,
    last_frame: Annotated[
        Path | None, typer.Option(help="Picture the film comes to rest on.")
    ] = None,
    ratio: Annotated[
        str, typer.Option(help="21:9, 16:9, 4:3, 1:1, 3:4, 9:16 or adaptive.")
    ] = "adaptive",
    seconds: Annotated[int, typer.Option(help="4 to 15, or -1 to let onereel choose.")] = 5,
    seed: Annotated[
        int | None, typer.Option(help="Same seed, same film. Random if left out.")
    ] = None,
    steps: Annotated[int | None, typer.Option(help="Denoising steps, 1 to 100.")] = None,
    no_sound: Annotated[bool, typer.Option("--no-sound", help="Make a silent film.")] = False,
    label: Where = "opening",
    label_language: Language = "en",
    output: Out = Path("film.mp4"),
    as_json: Json = False,
    model: Model = None,
) -> None:
    """Make a film of 4 to 15 seconds, with its own sound, from a prompt."""
    from onereel.media.write import check_writable
    from onereel.request import parse_request

    shown_label = read_label(label, label_language)
    references = [
        {"kind": kind, "role": role, "path": path}
        for kind, role, paths in (
            ("picture", "reference", image or []),
            ("clip", "reference", video or []),
            ("recording", "reference", audio or []),
            ("picture", "first_frame", [first_frame] if first_frame else []),
            ("picture", "last_frame", [last_frame] if last_frame else []),
        )
        for path in paths
    ]
    request = parse_request(
        prompt=prompt, references=references, ratio=ratio, seconds=seconds, seed=seed,
        steps=steps, sound=not no_sound,
    )  # fmt: skip
    check_writable(output)
    latents = output.with_suffix(".latents.safetensors")
    before = changed_at(latents)  # an older crash may have left some: they are not ours to judge
    try:
        with progress_bars(quiet=as_json) as tell:
            from onereel.produce import DEFAULT_MODEL, make_film  # seconds: it loads torch

            clip = make_film(
                request, model_folder=model or DEFAULT_MODEL, save_latents=latents, progress=tell
            )
            save(clip, output, shown_label, tell)
    except Cancelled:  # whoever made it stop wants nothing of it
        if changed_at(latents) != before:
            latents.unlink()
        raise
    except Exception:
        if changed_at(latents) != before:
            print(f"Finish the film with: onereel decode {latents}", file=sys.stderr)
        raise
    latents.unlink()
    report(clip, output, as_json)


@app.command()
def decode(
    latents: Annotated[Path, typer.Argument(help="The .latents.safetensors that a film left.")],
    label: Where = "opening",
    label_language: Language = "en",
    output: Out = Path("film.mp4"),
    as_json: Json = False,
    model: Model = None,
) -> None:
    """Finish a film whose making was interrupted after denoising."""
    from onereel.media.write import check_writable

    shown_label = read_label(label, label_language)
    check_writable(output)
    with progress_bars(quiet=as_json) as tell:
        from onereel.produce import DEFAULT_MODEL
        from onereel.produce import decode as finish

        clip = finish(latents, model_folder=model or DEFAULT_MODEL, progress=tell)
        save(clip, output, shown_label, tell)
    report(clip, output, as_json)


@app.command()
def reconstruct(
    file: Annotated[Path, typer.Argument(help="A picture, mp4, mov, wav, mp3 or m4a.")],
    height: Annotated[
        int | None, typer.Option(help="Lines to scale pictures to (default: own, at most 480).")
    ] = None,
    label: Where = "opening",
    label_language: Language = "en",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write (.mp4, .png or .wav).")
    ] = None,
    as_json: Json = False,
    model: Model = None,
) -> None:
    """Pass a file through the autoencoders: original and copy side by side, and how alike."""
    from onereel.media.write import check_writable
    from onereel.reconstruct import SUFFIXES, kind_of_file
    from onereel.reconstruct import reconstruct as pass_through

    shown_label = read_label(label, label_language)
    if height is not None and not 64 <= height <= 2160:
        raise WrongUse(f"The height is {height}; choose 64 to 2160 lines.")
    suffix = SUFFIXES[kind_of_file(file)]
    path = check_writable(output or Path(f"{file.stem}-copy{suffix}"), (suffix,))
    with progress_bars(quiet=as_json) as tell:
        from onereel.produce import DEFAULT_MODEL

        found = pass_through(file, model_folder=model or DEFAULT_MODEL, lines=height, progress=tell)
        save(found.clip, path, shown_label, tell)
    figures = {
        name: round(value, 4)
        for name, value in (
            ("psnr", found.psnr), ("ssim", found.ssim), ("log_mel", found.log_mel),
            ("convergence", found.convergence),
        )
        if value == value
    }  # fmt: skip
    if as_json:
        print(json.dumps({"path": str(path), "record": found.clip.record.id, **figures}))
    else:
        units = {
            "psnr": "PSNR {:.2f} dB", "ssim": "SSIM {:.4f}",
            "log_mel": "log-mel distance {:.2f} dB",
            "convergence": "spectral convergence {:.3f}",
        }  # fmt: skip
        told = ", ".join(units[name].format(value) for name, value in figures.items())
        print(f"{path}: {told}")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="An mp4, mov, wav, png or jpg of anyone's.")],
    as_json: Json = False,
) -> None:
    """Tell whether onereel made a file, by its credentials, metadata and watermarks."""
    from onereel.marks.show import show
    from onereel.marks.verify import verify as examine_file

    found = examine_file(file)
    if as_json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        show(found)


@app.command()
def doctor(as_json: Json = False, model: Model = None) -> None:
    """Tell what is installed, how this machine will compute, and how long a film will take."""
    from onereel.doctor import examine, show

    findings = examine(model)
    print(json.dumps(findings, indent=2) if as_json else show(findings))


@app.command()
def benchmark(
    shape: Annotated[
        str, typer.Option(help="mini (512x288, random weights), shipped or all.")
    ] = "all",
    threads: Annotated[
        int | None, typer.Option(help="Cores to run on (default: one run on 1, 2 and all).")
    ] = None,
    cold: Annotated[
        bool, typer.Option("--cold", help="Only the first film of each fresh process.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Time a film from the command to the signed file, stage by stage, cold and warm."""
    from onereel.evaluate.benchmark import SHAPES, show
    from onereel.evaluate.benchmark import benchmark as measure

    with progress_bars(quiet=as_json) as tell:
        told = measure(
            SHAPES if shape == "all" else (shape,),
            () if threads is None else (threads,),
            cold=cold,
            progress=tell,
        )
    print(json.dumps(told) if as_json else show(told))


@app.command()
def train(
    recipe: Annotated[Path, typer.Argument(help="A Python file with recipe(), see recipes/.")],
    overrides: Annotated[
        list[str] | None, typer.Argument(help="Fields to change: loop.minutes=8 data.clips=500")
    ] = None,
) -> None:
    """Run one training recipe. It resumes from the weights in its folder, if there are any."""
    try:
        from onereel.train.recipe import run_recipe

        run_recipe(recipe, tuple(overrides or ()))
    except ModuleNotFoundError as error:
        raise WrongUse(needs_extra(error, "train")) from error


@backlot.command()
def shoot(
    seed: Annotated[int, typer.Argument(help="The clip's seed: it decides everything.")] = 0,
    count: Annotated[int, typer.Option(help="How many clips, of consecutive seeds.")] = 1,
    seconds: Annotated[int, typer.Option(help="Length of each.")] = 4,
    size: Annotated[str, typer.Option(help="WIDTHxHEIGHT in pixels, even.")] = "512x288",
    folder: Annotated[Path, typer.Option("-o", "--output", help="Folder for the films.")] = Path(
        "films/backlot"
    ),
    tar: Annotated[
        Path | None, typer.Option(help="Write a webdataset tar to this path instead of films.")
    ] = None,
    masks: Annotated[bool, typer.Option(help="In a tar: also who owns each pixel.")] = False,
    workers: Annotated[int, typer.Option(help="For a tar: processes, 0 for one per core.")] = 0,
) -> None:
    """Render clips of the training set: films with their captions, or a tar with all truth."""
    from onereel.media.write import encode_mp4

    try:
        from onereel.backlot.captions import captions
        from onereel.backlot.script import FPS, SAMPLE_RATE, write_script
        from onereel.backlot.shoot import shoot as roll
    except ModuleNotFoundError as error:
        raise WrongUse(needs_extra(error, "backlot")) from error
    try:
        width, height = (int(side) for side in size.split("x"))
    except ValueError:
        raise WrongUse(f"The size {size!r} is not WIDTHxHEIGHT, such as 512x288.") from None
    if not 1 <= seconds <= 60 or min(width, height) < 64 or width % 2 or height % 2 or count < 1:
        raise WrongUse(
            "Ask for 1 to 60 seconds, even sides of 64 pixels or more, one clip or more."
        )
    if tar is not None:
        from onereel.backlot.export import write_tar

        tar.parent.mkdir(parents=True, exist_ok=True)
        with progress_bars() as tell:
            tell("shoot", 0, count)
            seeds = range(seed, seed + count)
            write_tar(
                tar, seeds, seconds, (width, height), masks, workers,
                lambda done: tell("shoot", done, count),
            )  # fmt: skip
        print(f"{count} clips in {tar}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with progress_bars() as tell:
        for done in range(count):
            tell("shoot", done, count)
            script = write_script(seed + done, seconds, width, height)
            take = roll(script)
            path = folder / f"{seed + done:06d}.mp4"
            encode_mp4(path, take.frames, take.sound, FPS, SAMPLE_RATE)
            texts = captions(script)
            path.with_suffix(".json").write_text(
                json.dumps({"captions": texts, "script": asdict(script)}, ensure_ascii=False),
                encoding="utf-8",
            )
        tell("shoot", count, count)
    print(f"{count} clips in {folder}")


# ---------------------------------------------------------------- showing


Tell = Callable[[str, int, int], None]


@contextmanager
def progress_bars(quiet: bool = False) -> Iterator[Tell]:
    """One bar per stage on standard error, each with its own time. Ctrl-C becomes Cancelled."""
    try:
        with _bars(quiet) as tell:
            yield tell
    except KeyboardInterrupt:
        raise Cancelled("Cancelled; nothing was written.") from None


@contextmanager
def _bars(quiet: bool) -> Iterator[Tell]:
    if quiet:
        yield lambda stage, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    bars = Progress(
        TextColumn("{task.description:>8}"), BarColumn(40), MofNCompleteColumn(),
        TimeElapsedColumn(), console=console,
    )  # fmt: skip
    tasks: dict[str, Any] = {}

    def tell(stage: str, done: int, of: int) -> None:
        if stage not in tasks:
            tasks[stage] = bars.add_task(stage, total=of)
        bars.update(tasks[stage], completed=done, total=of)

    with bars:
        yield tell


def changed_at(path: Path) -> int | None:
    return path.stat().st_mtime_ns if path.exists() else None


def read_label(where: str, language: str) -> Label:
    from onereel.marks.label import Label

    return Label(where, language)  # type: ignore[arg-type]


def save(clip: Clip, path: Path, label: Label, tell: Tell) -> None:
    """By the name's ending: a film, a still of its first frame, or its sound alone."""
    from onereel.marks.film import write_film, write_sound, write_still
    from onereel.records.home import Home

    home = Home.default()
    if path.suffix.lower() == ".wav":
        write_sound(path, clip, home=home)
    elif path.suffix.lower() == ".mp4":
        write_film(path, clip, home=home, label=label, progress=tell)
    else:
        write_still(path, clip, 0, home=home, label=label)


def report(clip: Clip, path: Path, as_json: bool) -> None:
    record = clip.record
    if not as_json:
        for warning in record.warnings:
            print(f"note: {warning}", file=sys.stderr)
        total = sum(record.timings.values())
        print(
            f"{path}: {record.seconds} s, {record.width}x{record.height}, seed {record.seed}, "
            f"made in {total:.1f} s"
        )
        return
    told = asdict(record)
    fields = ("seed", "seconds", "width", "height", "frames", "timings", "warnings")
    print(
        json.dumps(
            {"path": str(path), "record": record.id, **{name: told[name] for name in fields}},
            ensure_ascii=False,
        )
    )


def needs_extra(error: ModuleNotFoundError, extra: str) -> str:
    return f"{error.name} is not installed; run: pip install 'onereel[{extra}]'."

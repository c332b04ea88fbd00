"""What is handed back: the film in memory, and the record of how it was made.

- `Clip` is frames, sound, their rates and the `Record`; it checks its shapes when built
- `Clip.save` writes the mp4 through `marks.film`, which marks every film
- `Record` is plain data: everything needed to make the same film again, as one JSON object

Called from `onereel.generate`, which returns a Clip; read by records, media and the service.
"""

import dataclasses
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from onereel.errors import OnereelError, shown

FPS = 24
SAMPLE_RATE = 24_000
_HEX_48_BIT = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Record:
    """How a film was made: the request as resolved, the model, and what happened on the way.

    id: 48 bits as 12 hex digits (see `new_id`).  seconds: as asked.  width, height: pixels.
    computed: device and precision, which decide the film beside seed and weights.
    references: sha256 of each file, in request order.  timings: stage -> seconds.
    created: ISO 8601 in UTC (see `utc_now`).  draft: the id that previews and latents left under,
    before the film was there and drew its own (see marks.fit).
    """

    id: str
    prompt: str
    seed: int
    seconds: int
    width: int
    height: int
    frames: int
    steps: int
    model: str
    weights_hash: str
    computed: str = ""
    references: tuple[str, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    created: str = field(default_factory=lambda: utc_now())
    draft: str = ""

    def __post_init__(self) -> None:
        # The watermark payload is exactly these 48 bits, so a longer id could not be found again.
        if not _HEX_48_BIT.fullmatch(self.id):
            raise OnereelError(f"record id must be 12 lower-case hex digits, not {shown(self.id)}")

    def to_json(self) -> str:
        """The record as one line of JSON, fields in the order declared here."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)


@dataclass(frozen=True)
class Ingredient:
    """A reference as the film's credentials name it, read when it was handed in.

    title: "Image 1" and the like; its own name is private.  sha256: of the file.
    marks: what it said of itself, by name (`AIGC`, `picture watermark`, `sound watermark`).
    archive: a C2PA ingredient archive that holds its own credentials; empty where the format has
    none.
    """

    title: str
    sha256: str
    marks: dict[str, str] = field(default_factory=dict)
    archive: bytes = b""


# eq=False: comparing arrays element by element is never what `clip == other` means.
@dataclass(frozen=True, eq=False)
class Clip:
    """A finished film.

    frames: (T, H, W, 3) uint8.  sound: (samples, 2) float32 in -1..1, exactly as long as the
    picture (`sound_length`), or None.  fps: frames a second.  sample_rate: Hz.
    ingredients: the references it was made from, for its credentials.
    Raises OnereelError, with the shape in the message, when the arrays do not fit.
    """

    frames: np.ndarray
    sound: np.ndarray | None
    fps: int
    sample_rate: int
    record: Record
    ingredients: tuple[Ingredient, ...] = ()

    def __post_init__(self) -> None:
        check_frames(self.frames)
        if self.sound is not None:
            check_sound(self.sound)
            expected = sound_length(len(self.frames), self.fps, self.sample_rate)
            if len(self.sound) != expected:
                raise OnereelError(
                    f"sound has {len(self.sound)} samples, but {len(self.frames)} frames at "
                    f"{self.fps} fps and {self.sample_rate} Hz need exactly {expected}"
                )

    def save(self, path: str | Path, label: str = "opening", language: str = "en") -> Path:
        """Write the film as an mp4 at `path`, marked, signed and recorded; returns the path.

        label: the visible one: opening, whole, moving or none.  language: en or zh.
        See `marks.film.write_film`, which says what is raised.
        """
        # Imported here, not above: marks stand above clip, and bring in the codec library.
        from onereel.marks.film import write_film
        from onereel.marks.label import Label
        from onereel.records.home import Home

        return write_film(path, self, home=Home.default(), label=Label(label, language))  # type: ignore[arg-type]


def check_frames(frames: np.ndarray) -> None:
    """Raise OnereelError unless frames is (T, H, W, 3) uint8 with at least one frame."""
    if frames.ndim != 4 or frames.shape[-1] != 3 or 0 in frames.shape:
        raise OnereelError(f"frames must have shape (T, H, W, 3), not {frames.shape}")
    if frames.dtype != np.uint8:
        raise OnereelError(f"frames of shape {frames.shape} must be uint8, not {frames.dtype}")


def check_sound(sound: np.ndarray) -> None:
    """Raise OnereelError unless sound is (samples, 2) float32."""
    if sound.ndim != 2 or sound.shape[1] != 2:
        raise OnereelError(f"sound must have shape (samples, 2), not {sound.shape}")
    if sound.dtype != np.float32:
        raise OnereelError(f"sound of shape {sound.shape} must be float32, not {sound.dtype}")


def sound_length(frames: int, fps: int, sample_rate: int) -> int:
    """Samples that last exactly as long as `frames` pictures."""
    return round(frames * sample_rate / fps)


def new_id() -> str:
    """A fresh record id: 48 random bits as 12 hex digits."""
    return secrets.token_hex(6)


def utc_now() -> str:
    """Now, in UTC, to the second: 2031-05-07T09:30:00+00:00."""
    return datetime.now(UTC).isoformat(timespec="seconds")

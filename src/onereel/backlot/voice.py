"""Spoken lines: text and a voice in, sound and phoneme times out.

- espeak-ng speaks in a helper process (voice_child.py); this process never loads it
- one helper per process, started when first needed, started again if it dies, lines cached
- `Voice` is who speaks: pitch, pace, size of the throat, timbre; `voice_of` draws one from a seed
- the same line in the same voice is the same samples in every process

Called from speech.py and pairs.py.
"""

import atexit
import json
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import resample_poly

from onereel.backlot.synth import SAMPLE_RATE, Signal, band, noise_for
from onereel.errors import OnereelError

CHILD = Path(__file__).with_name("voice_child.py")
LANGUAGES = {"en": "en-us", "zh": "cmn"}
ESPEAK_RATE = 22050
NEED = "Speech needs espeak-ng: install onereel[backlot]."


@dataclass(frozen=True)
class Voice:
    """Who speaks. `throat` is the source rate, in kHz, that the helper's sound is taken to have:
    22 leaves formants as they are, 26 raises them by 18 % (a child), 21 lowers them by 5 %."""

    variant: str  # espeak-ng's voice variant: m1..m8, f1..f5
    pitch: int  # 0..99
    lilt: int  # 0..99, how much the pitch moves
    pace: int  # words a minute
    throat: int = 22
    robot: bool = False


@dataclass(frozen=True)
class Phone:
    start: float  # seconds
    seconds: float
    ipa: str  # "" is a pause


@dataclass(frozen=True, eq=False)
class Utterance:
    sound: Signal  # (samples,) float32 at 24 kHz, read-only
    phones: tuple[Phone, ...]

    @property
    def seconds(self) -> float:
        return len(self.sound) / SAMPLE_RATE


def voice_of(age: str, sex: str, seed: int) -> Voice:
    """A voice for a child, adult or elder; sex "f", "m" or "" (a robot). Same seed, same voice."""
    rng = noise_for(seed, 401)
    if sex == "":
        return Voice(f"m{rng.integers(1, 8)}", int(rng.integers(35, 75)), 4, 150, 22, True)
    if age == "child":
        variant, throat = ("f2", "f3", "f5", "f4")[rng.integers(4)], int(rng.integers(24, 27))
        pitch = int(rng.integers(48, 62) if sex == "m" else rng.integers(60, 80))
        return Voice(variant, pitch, int(rng.integers(45, 75)), int(rng.integers(150, 172)), throat)
    if sex == "f":
        variant, throat = f"f{rng.integers(1, 6)}", int(rng.integers(22, 24))
        pitch = int(rng.integers(42, 66))
    else:
        variant, throat = f"m{rng.integers(1, 9)}", int(rng.integers(21, 24))
        pitch = int(rng.integers(34, 58))
    if age == "elder":
        lilt, pace = int(rng.integers(30, 50)), int(rng.integers(122, 140))
        return Voice(variant, pitch - 10, lilt, pace, throat)
    return Voice(variant, pitch, int(rng.integers(38, 70)), int(rng.integers(146, 176)), throat)


class Helper:
    """The helper process and the pipe to it. Restarted once per line if it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, task: dict[str, Any]) -> tuple[list[tuple[int, str]], Signal]:
        """Phones as (milliseconds, IPA) and int16 samples at 22,050 Hz.

        Raises OnereelError if the helper dies twice over one line or refuses it.
        """
        with self._lock:
            for _ in range(2):
                reply = self._ask_once(task)
                if reply is not None:
                    return reply
        raise OnereelError(f"The speech helper stopped while saying {task['text']!r}. {NEED}")

    def _ask_once(self, task: dict[str, Any]) -> tuple[list[tuple[int, str]], Signal] | None:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(task).encode() + b"\n")
            process.stdin.flush()
            head = process.stdout.readline()
            if not head.endswith(b"\n"):
                self.close()
                return None
            reply = json.loads(head)
            if "error" in reply:
                raise OnereelError(
                    f"The speech helper cannot say {task['text']!r}: {reply['error']}."
                )
            data = process.stdout.read(reply["bytes"])
        except (BrokenPipeError, ConnectionResetError):
            self.close()
            return None
        if len(data) != reply["bytes"]:
            self.close()
            return None
        phones = [(int(time), str(ipa)) for time, ipa in reply["phones"]]
        return phones, np.frombuffer(data[44:], "<i2")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None


helper = Helper()
atexit.register(helper.close)


@lru_cache(maxsize=128)
def say(text: str, language: str, voice: Voice) -> Utterance:
    """The line as spoken, trimmed of the silence around it. Raises OnereelError."""
    scale = 1000 * voice.throat / ESPEAK_RATE
    phones, wave = helper.ask(
        {
            "text": text,
            "voice": f"{LANGUAGES[language]}+{voice.variant}",
            # espeak-ng's Mandarin is slower and lower than its English for the same settings.
            "rate": round(voice.pace / scale * (1.2 if language == "zh" else 1.0)),
            "pitch": min(99, voice.pitch + (12 if language == "zh" else 0)),
            "range": voice.lilt,
        }
    )
    sound = resample_poly(wave.astype(np.float32) / 32768, 24, voice.throat).astype(np.float32)
    ends = [*(time for time, _ in phones[1:]), round(1000 * len(wave) / ESPEAK_RATE)]
    timed = [
        Phone(start / 1000 / scale, max(0, end - start) / 1000 / scale, plain_ipa(ipa))
        for (start, ipa), end in zip(phones, ends, strict=True)
    ]
    return finish(sound, [one for one in timed if one.seconds > 0], voice)


def finish(sound: Signal, phones: list[Phone], voice: Voice) -> Utterance:
    """Trims silence, levels to -20 dBFS while speaking, and gives robots their metal."""
    loud = np.flatnonzero(np.abs(sound) > 0.01 * (np.abs(sound).max() + 1e-9))
    if len(loud) == 0:
        return Utterance(np.zeros(1, np.float32), ())
    first, last = max(0, loud[0] - 120), min(len(sound), loud[-1] + 480)
    offset = first / SAMPLE_RATE
    sound = np.array(sound[first:last])
    if voice.robot:
        time = np.arange(len(sound)) / SAMPLE_RATE
        sound = 0.6 * sound + 0.4 * sound * np.sin(2 * np.pi * 70 * time).astype(np.float32)
        comb = np.zeros_like(sound)
        comb[144:] = sound[:-144]  # 6 ms: a tin body
        sound = sound + 0.5 * comb
    sound = band(sound, 70, 10500, 1)
    active = np.abs(sound) > 0.05 * np.abs(sound).max()
    sound *= 0.1 / float(np.sqrt(np.mean(sound[active] ** 2)))
    sound[:72] *= np.linspace(0, 1, 72)
    sound[-240:] *= np.linspace(1, 0, len(sound[-240:]))
    sound = sound.astype(np.float32)
    sound.flags.writeable = False
    moved = [replace(one, start=one.start - offset) for one in phones]
    kept = tuple(one for one in moved if -0.02 < one.start < len(sound) / SAMPLE_RATE)
    return Utterance(sound, kept)


def plain_ipa(ipa: str) -> str:
    """Without stress marks and espeak-ng's own signs."""
    return "".join(one for one in ipa if one not in "ˈˌ.-ː<>012345w̩" or one == "w")

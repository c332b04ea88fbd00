"""The sound watermark: what it survives, what can be heard of it, how fast it is, and how often it
is found where it is not.

    .venv/bin/python benchmarks/marks_sound.py [--clips 60] [--trials 10000] [--sheet out.png]

Clips of 4 s: one in five made by the shipped model in four steps, the others the Backlot's from
seeds that training never draws; kept in runs/marks_sound. Every attack starts from the file as a
film is delivered, AAC at 160 kbit/s. The 10,000 trials take a free core about a quarter of an hour.
--sheet draws spectrograms: before, after, what was added.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import math
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import av
import numpy as np
import torch

from onereel.marks import sound as marks

RATE = 24_000
CACHE = Path(__file__).parent.parent / "runs" / "marks_sound"
SUBJECTS = ("a girl in red", "a robot", "an old man", "a fox", "two people", "a woman")
ACTIONS = ("dances", "walks", "runs", "talks", "claps", "jumps")
PLACES = ("on the beach at dusk", "in the snow", "in a city at night", "in the rain", "in a room")
Heard = tuple[np.ndarray, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--trials", type=int, default=10_000, help="keys x clips, unmarked")
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    clips = gather(options.clips)
    marked = [marks.mark_sound(clip, RATE, record_of(i)) for i, clip in enumerate(clips)]
    made = sum(is_generated(i) for i in range(len(clips)))
    print(f"{len(clips)} clips of 4 s, {made} of them made by the model\n")
    print_quality(clips, marked)
    print_recovery(clips, marked)
    print_speed()
    if options.trials:
        print_false_alarms(clips, options.trials)
    if options.sheet:
        draw_sheet(clips, marked, options.sheet)


# ---------------------------------------------------------------- clips


def record_of(index: int) -> str:
    return hashlib.sha256(f"record {index}".encode()).hexdigest()[:12]


def is_generated(index: int) -> bool:
    return index % 5 == 4


def gather(count: int) -> list[np.ndarray]:
    return [cached(i, generate_sound if is_generated(i) else record_backlot) for i in range(count)]


def cached(index: int, make: Callable[[int], np.ndarray]) -> np.ndarray:
    path = CACHE / f"{make.__name__}-{index}.npy"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, make(index))
    return np.load(path)


def record_backlot(index: int, seconds: float = 4.0) -> np.ndarray:
    from onereel.backlot.script import HELD_OUT, frame_count, write_script
    from onereel.backlot.shoot import block, find_contacts, places_of
    from onereel.backlot.sound import record

    script = write_script(HELD_OUT[5000 + index], seconds)
    shots, samples = block(script), frame_count(script) * RATE // 24
    return record(script, find_contacts(script, shots), places_of(script, shots), samples)


def generate_sound(index: int) -> np.ndarray:
    import onereel

    i = index // 5
    words = (SUBJECTS[i % 6], ACTIONS[(i + i // 6) % 6], PLACES[i % 5])
    sound = onereel.generate(" ".join(words), seconds=4, seed=index, steps=4).sound
    assert sound is not None
    return sound


# ---------------------------------------------------------------- attacks


def through_codec(sound: np.ndarray, rate: int, codec: str, bit_rate: int) -> np.ndarray:
    """Encoded, decoded and with the encoder's delay left in: (samples, channels) float32."""
    file = io.BytesIO()
    container = {"aac": "adts", "libmp3lame": "mp3", "libopus": "ogg"}[codec]
    layout = "mono" if sound.shape[1] == 1 else "stereo"
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate)
        stream.bit_rate = bit_rate
        stream.layout = layout
        size = {"aac": 1024, "libmp3lame": 576 if rate <= 24_000 else 1152, "libopus": 960}[codec]
        resampler = av.AudioResampler(stream.format, layout, rate, frame_size=size)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound.T, np.float32), format="fltp", layout=layout
        )
        frame.sample_rate, frame.pts = rate, 0
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as back:
        to_float = av.AudioResampler("fltp", layout, rate)
        frames = [piece for frame in back.decode(audio=0) for piece in to_float.resample(frame)]
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1).T


def aac(sound: np.ndarray, rate: int = RATE, bit_rate: int = 64_000) -> Heard:
    return through_codec(sound, rate, "aac", bit_rate), rate


def mp3(sound: np.ndarray, rate: int = RATE, bit_rate: int = 64_000) -> Heard:
    return through_codec(sound, rate, "libmp3lame", bit_rate), rate


def stretched(sound: np.ndarray, length: float) -> np.ndarray:
    """`length` times as many samples, band-limited: a resampling, or a change of speed."""
    source = 2 ** math.ceil(math.log2(len(sound)))
    size = 2 * round(source * length / 2)
    spectrum = np.fft.rfft(sound, source, axis=0)
    wanted = np.zeros((size // 2 + 1, sound.shape[1]), complex)
    keep = min(len(wanted), len(spectrum))
    wanted[:keep] = spectrum[:keep]
    out = np.fft.irfft(wanted, size, axis=0)[: round(len(sound) * length)] * (size / source)
    return out.astype(np.float32)


def at_rate(sound: np.ndarray, rate: int) -> np.ndarray:
    return stretched(sound, rate / RATE)


def at_speed(sound: np.ndarray, speed: float) -> np.ndarray:
    return stretched(sound, 1 / speed)


def pitch_kept(sound: np.ndarray, tempo: float) -> np.ndarray:
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="fltp", layout="stereo")
    graph.link_nodes(source, graph.add("atempo", str(tempo)), graph.add("abuffersink")).configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T), "fltp", "stereo")
    frame.sample_rate, frame.pts = RATE, 0
    graph.push(frame)
    graph.push(None)
    pieces = []
    while True:
        try:
            pieces.append(graph.pull().to_ndarray())
        except (av.error.EOFError, av.error.BlockingIOError):
            return np.concatenate(pieces, axis=1).T


def low_passed(sound: np.ndarray, highest: float) -> np.ndarray:
    spectrum = np.fft.rfft(sound, axis=0)
    spectrum[round(highest * len(sound) / RATE) :] = 0
    return np.fft.irfft(spectrum, len(sound), axis=0).astype(np.float32)


def noisy(sound: np.ndarray, below_dB: float) -> np.ndarray:
    noise = np.random.default_rng(0).standard_normal(sound.shape)
    level = np.sqrt((sound**2).mean()) * 10 ** (-below_dB / 20)
    return (sound + level * noise).astype(np.float32)


def cut(sound: np.ndarray, first: float, last: float | None = None) -> np.ndarray:
    return sound[round(first * RATE) : None if last is None else round(last * RATE)]


PROMISED: dict[str, Callable[[np.ndarray], Heard]] = {
    "as delivered (AAC 160k)": lambda x: (x, RATE),
    "AAC 64k": aac,
    "MP3 64k": mp3,
    "resampled 22.05k + AAC 64k": lambda x: aac(at_rate(x, 22_050), 22_050),
    "resampled 16k + MP3 64k": lambda x: mp3(at_rate(x, 16_000), 16_000),
    "resampled 44.1k + AAC 64k": lambda x: aac(at_rate(x, 44_100), 44_100),
    "resampled 48k + MP3 64k": lambda x: mp3(at_rate(x, 48_000), 48_000),
    "first 0.74 s cut + AAC 64k": lambda x: aac(cut(x, 0.737)),
    "mono + AAC 64k": lambda x: aac(x.mean(1, keepdims=True)),
    "-12 dB + AAC 64k": lambda x: aac(0.25 * x),
    "speed 0.95 + AAC 64k": lambda x: aac(at_speed(x, 0.95)),
    "speed 0.9713 + MP3 64k": lambda x: mp3(at_speed(x, 0.9713)),
    "speed 1.0307 + AAC 64k": lambda x: aac(at_speed(x, 1.0307)),
    "speed 1.05 + AAC 64k": lambda x: aac(at_speed(x, 1.05)),
}
BEYOND: dict[str, Callable[[np.ndarray], Heard]] = {
    "1.3 s cut, speed 1.02, AAC 64k": lambda x: aac(at_speed(cut(x, 1.3), 1.02)),
    "middle 2 s + AAC 64k": lambda x: aac(cut(x, 1.0, 3.0)),
    "AAC 32k": lambda x: aac(x, bit_rate=32_000),
    "MP3 32k": lambda x: mp3(x, bit_rate=32_000),
    "Opus 32k at 48k": lambda x: (
        through_codec(at_rate(x, 48_000), 48_000, "libopus", 32_000),
        48_000,
    ),
    "low-pass 3 kHz + AAC 64k": lambda x: aac(low_passed(x, 3000)),
    "white noise 20 dB down + AAC 64k": lambda x: aac(noisy(x, 20)),
    "tempo 1.03, pitch kept": lambda x: (pitch_kept(x, 1.03), RATE),
}


def print_recovery(clips: list[np.ndarray], marked: list[np.ndarray]) -> None:
    delivered = [aac(sound, bit_rate=160_000)[0] for sound in marked]
    print(f"{'attack':34} read    wrong  present  worst score  mean score  detection")
    for title, attacks in (("promised", PROMISED), ("beyond the promise", BEYOND)):
        print(f"-- {title}")
        for name, attack in attacks.items():
            rows, seconds = [], 0.0
            for index, sound in enumerate(delivered):
                heard, rate = attack(sound)
                begun = time.perf_counter()
                found = marks.find_sound_mark(heard, rate)
                seconds += time.perf_counter() - begun
                rows.append((found.record == record_of(index), found))
            read = np.mean([right for right, _ in rows])
            wrong = sum(found.state == "read" and not right for right, found in rows)
            present = sum(found.state == "present" for _, found in rows)
            scores = [found.score for _, found in rows]
            print(
                f"{name:34} {read:6.1%} {wrong:5d} {present:8d} {min(scores):12.1f} "
                f"{np.mean(scores):11.1f} {1000 * seconds / len(rows):7.0f} ms",
                flush=True,
            )
    states = [marks.find_sound_mark(clip, RATE).state for clip in clips]
    print(f"unmarked: {', '.join(f'{one} {states.count(one)}' for one in sorted(set(states)))}\n")


# ---------------------------------------------------------------- what can be heard


def print_quality(clips: list[np.ndarray], marked: list[np.ndarray]) -> None:
    rows: dict[str, list[tuple[float, float, float, float]]] = {}
    signal_to_mark = []
    for clip, sound in zip(clips, marked, strict=True):
        signal_to_mark.append(10 * np.log10((clip**2).sum() / ((sound - clip) ** 2).sum()))
        for name, bit_rate in (("mark", 0), ("AAC 160k alone", 160_000), ("AAC 64k alone", 64_000)):
            # The encoder's first 1024 samples are its delay.
            other = aac(clip, bit_rate=bit_rate)[0][1024:][: len(clip)] if bit_rate else sound
            rows.setdefault(name, []).append(noise_to_mask(clip[: len(other)], other, RATE))
    db = np.array(signal_to_mark)
    print(f"sound to mark: mean {db.mean():.1f} dB, least {db.min():.1f}, most {db.max():.1f}")
    print("noise to mask, dB (0: just audible): mean / worst quarter Bark / 99th percentile of")
    print("cells / frames with any cell over 1.5 dB; the worst clip in brackets")
    for name, values in rows.items():
        mean, worst = np.mean(values, 0), np.max(values, 0)
        print(
            f"  {name:16} {mean[0]:6.1f} ({worst[0]:.1f}) {mean[1]:6.1f} ({worst[1]:.1f}) "
            f"{mean[2]:6.1f} ({worst[2]:.1f})  {mean[3]:.1%} ({worst[3]:.1%})"
        )
    print()


def noise_to_mask(
    clean: np.ndarray, other: np.ndarray, rate: int
) -> tuple[float, float, float, float]:
    """Mean, worst band and 99th percentile in dB; share of frames with any cell over 1.5 dB.

    After ITU-R BS.1387 (PEAQ, basic version), and apart from the marker's own model: quarter-Bark
    bands, ear weighting, spreading of 27 dB a Bark downwards and 13 upwards, inner noise, decay
    after sounds; the threshold is 3 dB under the excitation, above 12 Bark a quarter dB a Bark.
    """
    size = 2 ** round(math.log2(rate * 0.0427))
    window = np.hanning(size)
    frequency = np.maximum(np.arange(size // 2 + 1) * rate / size, 20) / 1000
    outer = -2.184 * frequency**-0.8 + 6.5 * np.exp(-0.6 * (frequency - 3.3) ** 2)
    ear = 10 ** ((outer - 0.001 * frequency**3.6) / 10)
    bark = 13 * np.arctan(0.76 * frequency) + 3.5 * np.arctan((frequency / 7.5) ** 2)
    numbers, band = np.unique((bark / 0.25).astype(int), return_inverse=True)
    sums = np.eye(len(numbers))[band]
    centres = (numbers + 0.5) * 0.25
    step = centres[None] - centres[:, None]
    spread = 10 ** (np.where(step < 0, 27 * step, -13 * step) / 10)
    spread /= spread.sum(1, keepdims=True)
    offset = 10 ** (-np.where(centres <= 12, 3, 0.25 * centres) / 10)
    # A sine at full scale is played at 92 dB.
    inner = 10 ** ((1.456 * np.interp(centres, bark, frequency) ** -0.8 - 92) / 10) / 2

    def excitation(signal: np.ndarray) -> np.ndarray:
        frames = np.lib.stride_tricks.sliding_window_view(signal, size)[:: size // 2]
        power = np.abs(np.fft.rfft(frames * window)) ** 2 * (2 / (0.375 * size**2))
        return (power * ear) @ sums

    cells = []
    for one, two in zip(clean.T, other.T, strict=True):
        masker = (excitation(one) + inner) @ spread
        for i in range(1, len(masker)):
            masker[i] = np.maximum(masker[i], masker[i - 1] * math.exp(-size / 2 / rate / 0.015))
        cells.append(excitation(two - one) / (masker * offset))
    ratio = np.concatenate(cells) + 1e-12
    decibels = 10 * np.log10([ratio.mean(), ratio.mean(0).max(), np.quantile(ratio, 0.99)])
    return (*map(float, decibels), float((ratio.max(1) > 10**0.15).mean()))


def draw_sheet(clips: list[np.ndarray], marked: list[np.ndarray], path: Path) -> None:
    """Rows: clips. Columns: before, after, what was added; 0 to 12 kHz, 0 to -100 dB."""
    from PIL import Image

    def picture(sound: np.ndarray) -> np.ndarray:
        frames = np.lib.stride_tricks.sliding_window_view(sound.mean(1), 512)[::160]
        power = np.abs(np.fft.rfft(frames * np.hanning(512)) / 128) ** 2
        grey = 255 + 2.55 * 10 * np.log10(power.T[::-1] + 1e-12)
        return np.pad(np.clip(grey, 0, 255).astype(np.uint8), 4, constant_values=255)

    rows = [
        np.hstack([picture(clip), picture(sound), picture(sound - clip)])
        for clip, sound in zip(clips[:8], marked[:8], strict=True)
    ]
    Image.fromarray(np.vstack(rows)).save(path)
    print(f"wrote {path}")


# ---------------------------------------------------------------- speed and false alarms


def print_speed() -> None:
    print("length   marking, stereo 24 kHz   finding, marked   finding, unmarked   (best of 5)")
    for seconds in (5, 15):
        clip = record_backlot(0, seconds)
        sound = marks.mark_sound(clip, RATE, record_of(0))
        times = [
            best_time(lambda sound=clip: marks.mark_sound(sound, RATE, record_of(0))),
            best_time(lambda sound=sound: marks.find_sound_mark(sound, RATE)),
            best_time(lambda sound=clip: marks.find_sound_mark(sound, RATE)),
        ]
        print(f"{seconds:4d} s   {times[0]:16.0f} ms {times[1]:20.0f} ms {times[2]:16.0f} ms")
    print()


def best_time(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return 1000 * min(times)


def quicker_fft(table: np.ndarray, axis: int) -> np.ndarray:
    """The same transform, five times as fast; but the detector should not have to load torch."""
    return torch.fft.fft(torch.from_numpy(table), dim=axis).numpy()


def print_false_alarms(clips: list[np.ndarray], trials: int) -> None:
    """Unmarked clips against fresh keys: the whole search, its best alignment, and its reading.

    What the detector hears does not depend on the key, so it is made once for each clip.
    """
    keys = -(-trials // len(clips))
    begun = time.perf_counter()
    found = []
    for number, clip in enumerate(clips):
        heard = marks._listen(marks._resample(clip.mean(1), RATE))
        names = [f"false alarm {number} {trial}".encode() for trial in range(keys)]
        with patch.object(np.fft, "fft", quicker_fft):
            found += [marks._find(heard, name, windows=1) for name in names]
    scores = np.array([one.score for one in found])
    states = [one.state for one in found]
    counts, edges = np.histogram(scores, np.arange(0.0, 20.0, 0.25))
    least = min((one.false_alarm for one in found), default=1.0)
    print(f"false alarms: {len(found)} trials of a fresh key on an unmarked clip, whole search")
    print(f"  states: {', '.join(f'{one} {states.count(one)}' for one in sorted(set(states)))}")
    print(f"  least bound reached: {least:.1e}; a mark is told from {marks.FALSE_ALARMS:.0e}")
    print(f"  pilots' z: mean {scores.mean():.2f}, most {scores.max():.2f}; told from about 8.9")
    for count, edge in zip(counts, edges, strict=False):
        if count:
            print(f"    {edge:5.2f} {count:6d} {'#' * math.ceil(50 * count / counts.max())}")
    print(f"  {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()

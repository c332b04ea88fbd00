"""Sound of a clip, synthesised with numpy and scipy: stereo, 24 kHz, in step with the picture.

- `record` mixes contacts, voices, ambience and music; contacts start on their exact sample.
- Footsteps depend on the surface; claps, landings and hits have their own sound.
- Voices are vowel formants on the same syllables that move the mouth.
- Stems (`effects`, `voices`, `ambience`) are functions of their own, so tests can hear them alone.

Called from shoot.py. Music is composed in music.py.
"""

import numpy as np
from scipy.signal import butter, sosfilt

from onereel.backlot.motion import Syllable, syllables
from onereel.backlot.music import compose
from onereel.backlot.people import KINDS
from onereel.backlot.script import SAMPLE_RATE, Script
from onereel.backlot.sets import SETS

TARGET_RMS, PEAK = 0.1, 0.93  # -20 dBFS
Signal = np.ndarray


def noise_for(*keys: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(list(keys)))


def band(signal: Signal, low: float, high: float, order: int = 2) -> Signal:
    top = min(high, SAMPLE_RATE * 0.49)
    if low <= 0:
        sos = butter(order, top, "low", fs=SAMPLE_RATE, output="sos")
    else:
        sos = butter(order, (low, top), "band", fs=SAMPLE_RATE, output="sos")
    return np.asarray(sosfilt(sos, signal, axis=0))


def times_of(seconds: float) -> Signal:
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def fade(seconds: float, decay: float, attack: float = 0.001) -> Signal:
    time = times_of(seconds)
    return np.minimum(1.0, (time + 1e-4) / attack) * np.exp(-time / decay)


def thud(seconds: float, start: float, end: float, decay: float) -> Signal:
    """A falling low tone: the weight behind a step or a landing."""
    time = times_of(seconds)
    pitch = end + (start - end) * np.exp(-time / (decay * 0.5))
    return np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE) * fade(seconds, decay)


def step_sound(surface: str, rng: np.random.Generator) -> Signal:
    seconds = 0.22
    hiss = rng.standard_normal(round(seconds * SAMPLE_RATE))
    weight = thud(seconds, 150 * rng.uniform(0.9, 1.1), 60, 0.03)
    if surface == "grass":
        return band(hiss, 900, 5200) * fade(seconds, 0.045, 0.003) * 0.5 + 0.5 * weight
    if surface == "sand":
        return band(hiss, 500, 3600) * fade(seconds, 0.065, 0.006) * 0.65 + 0.35 * weight
    if surface == "snow":
        crunch = hiss * (rng.random(len(hiss)) < 0.16) * 2.2
        return band(crunch, 1200, 7500) * fade(seconds, 0.07, 0.004) + 0.3 * weight
    if surface == "wood":
        knock = thud(seconds, 330, 190, 0.035) + 0.5 * thud(seconds, 620, 560, 0.015)
        return knock * 0.8 + band(hiss, 1500, 6000) * fade(seconds, 0.008) * 0.4
    click = band(hiss, 1800, 9000) * fade(seconds, 0.012) * 0.9
    return click + 0.55 * weight + 0.25 * thud(seconds, 900, 700, 0.01)


def contact_sound(kind: str, surface: str, rng: np.random.Generator) -> Signal:
    if kind == "step":
        return step_sound(surface, rng)
    if kind == "land":
        low = thud(0.3, 120, 45, 0.07) * 1.3
        low[: round(0.22 * SAMPLE_RATE)] += step_sound(surface, rng) * 0.9
        return low
    hiss = rng.standard_normal(round(0.2 * SAMPLE_RATE))
    if kind == "clap":
        centre = rng.uniform(1050, 1300)
        return band(hiss, centre * 0.6, centre * 2.6) * fade(0.2, 0.018) * 1.6
    # A struck pad: sharp slap and a body.
    slap = band(hiss, 700, 4200) * fade(0.2, 0.02) * 1.1
    return slap + thud(0.2, 210, 70, 0.045) * 1.1


def whoosh(rng: np.random.Generator) -> Signal:
    seconds = 0.2
    time = times_of(seconds)
    hiss = band(rng.standard_normal(len(time)), 500, 3000)
    return hiss * np.sin(np.pi * np.minimum(1.0, time / seconds)) ** 2 * (time / seconds) * 0.7


def place_in(mix: Signal, sound: Signal, start: int, x: float, gain: float) -> None:
    """Adds a mono sound with equal-power panning; what lies outside the clip is cut."""
    angle = (0.15 + 0.7 * min(1.0, max(0.0, x))) * np.pi / 2
    first, last = max(start, 0), min(start + len(sound), len(mix))
    if last <= first:
        return
    piece = sound[first - start : last - start] * gain
    mix[first:last, 0] += piece * np.cos(angle)
    mix[first:last, 1] += piece * np.sin(angle)


def effects(script: Script, contacts: tuple, samples: int) -> Signal:
    """Sounds of the contacts only, (samples, 2)."""
    mix = np.zeros((samples, 2))
    for number, contact in enumerate(contacts):
        rng = noise_for(script.seed, 101, number)
        start = round(contact.seconds * SAMPLE_RATE)
        sound = contact_sound(contact.kind, contact.surface, rng)
        place_in(mix, sound, start, contact.x, 0.42 * contact.force)
    return mix


def swings(script: Script, contacts: tuple, samples: int) -> Signal:
    """The air moved by a punch or kick, leading into its hit."""
    mix = np.zeros((samples, 2))
    for number, contact in enumerate(contacts):
        if contact.kind == "hit":
            sound = whoosh(noise_for(script.seed, 102, number))
            start = round(contact.seconds * SAMPLE_RATE) - len(sound)
            place_in(mix, sound, start, contact.x, 0.3)
    return mix


FORMANTS = (
    (730.0, 1190.0, 2500.0),
    (530.0, 1840.0, 2480.0),
    (300.0, 2280.0, 3000.0),
    (560.0, 860.0, 2400.0),
    (330.0, 850.0, 2250.0),
)


def say(syllable: Syllable, voice: float, robot: bool, rng: np.random.Generator) -> Signal:
    time = times_of(syllable.seconds)
    inside = time / syllable.seconds
    pitch = voice * syllable.pitch * (1.0 if robot else 1.04 - 0.1 * inside)
    if not robot:
        pitch = pitch * (1 + 0.012 * np.sin(2 * np.pi * 5.5 * time))
    pitch = pitch * np.ones_like(time)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    scale = 1.0 + 0.2 * (voice > 180) + 0.12 * (voice > 235)
    sound = np.zeros_like(time)
    middle = float(pitch.mean())
    for harmonic in range(1, int(min(5200, SAMPLE_RATE * 0.45) / middle)):
        frequency = harmonic * middle
        gain = 0.0
        for formant, width, level in zip(
            FORMANTS[syllable.vowel], (90, 120, 180), (1.0, 0.55, 0.25), strict=True
        ):
            gain += level / (1 + ((frequency - formant * scale) / width) ** 2)
        sound += (gain + 0.012) / harmonic**0.35 * np.sin(harmonic * phase)
    if robot:
        sound *= 0.75 + 0.25 * np.sign(np.sin(2 * np.pi * 55 * time))
    sound *= np.sin(np.pi * inside) ** 0.6
    if syllable.consonant:
        long = 0.05 if syllable.consonant == 1 else 0.018
        hiss = rng.standard_normal(round(long * SAMPLE_RATE))
        shape = np.sin(np.pi * np.linspace(0, 1, len(hiss)))
        low = 3200 if syllable.consonant == 1 else 1500
        sound[: len(hiss)] += band(hiss, low, 8500) * shape * 0.35
    return sound


def voices(script: Script, head_x: np.ndarray, samples: int) -> Signal:
    mix = np.zeros((samples, 2))
    for index, performer in enumerate(script.performers):
        if performer.act != "talks":
            continue
        kind = KINDS[performer.character.kind]
        rng = noise_for(script.seed, 103, index)
        tuned = kind.voice * (0.94 + 0.12 * ((performer.character.seed % 97) / 97))
        for syllable in syllables(performer.character.seed, script.seconds):
            start = round(syllable.start * SAMPLE_RATE)
            frame = min(round(syllable.start * 24), len(head_x) - 1)
            x = float(head_x[frame, index])
            place_in(mix, say(syllable, tuned, kind.name == "robot", rng), start, x, 0.22)
    return mix


def wandering(rng: np.random.Generator, time: Signal, speed: float) -> Signal:
    """A slow curve around 0.5..1 that loudness can follow."""
    a, b = rng.uniform(0, 2 * np.pi, 2)
    return (
        0.75 + 0.16 * np.sin(2 * np.pi * speed * time + a) + 0.09 * np.sin(5.1 * speed * time + b)
    )


def ambience(script: Script, samples: int) -> Signal:
    """Room tone of the set, time and weather, (samples, 2)."""
    rng = noise_for(script.seed, 104)
    time = np.arange(samples) / SAMPLE_RATE
    mix = np.zeros((samples, 2))
    place = SETS[script.set]
    wide = rng.standard_normal((samples, 2))
    for name in place.ambience:
        if name == "wind":
            level = wandering(rng, time, 0.21)[:, None] ** 2
            mix += (
                band(wide, 180, 750, 1) * level * (0.06 if script.set == "snow mountain" else 0.03)
            )
        elif name == "waves":
            swell = 0.25 + 0.75 * (0.5 + 0.5 * np.sin(2 * np.pi * time / 3.2 - 1.0)) ** 2
            mix += band(wide, 250, 2600, 1) * swell[:, None] * 0.085
        elif name == "city":
            mix += band(wide, 0, 260) * 0.11 + band(wide, 300, 900, 1) * 0.008
        elif name == "leaves":
            mix += band(wide, 2200, 6500) * wandering(rng, time, 0.4)[:, None] * 0.018
        elif name == "room":
            mix += band(wide, 0, 320) * 0.03
        elif name == "birds" and script.time_of_day != "night" and script.weather == "clear":
            chirps(mix, rng)
    if script.time_of_day == "night" and place.surface == "grass" and script.weather == "clear":
        pulse = (np.sin(2 * np.pi * 16 * time) > 0) * (np.sin(2 * np.pi * 1.9 * time) > -0.2)
        cricket = np.sin(2 * np.pi * 4300 * time) * band(pulse.astype(float), 0, 90) * 0.03
        mix += cricket[:, None] * np.array([1.0, 0.7])
    if script.weather == "rain" and not place.indoors:
        mix += band(wide, 1200, 9000, 1) * 0.075
        drops = (rng.random((samples, 2)) < 0.0011) * rng.uniform(0.3, 1.0, (samples, 2))
        mix += band(drops, 1500, 6500) * 1.6
    return mix


def chirps(mix: Signal, rng: np.random.Generator) -> None:
    """Small bird calls; the row is drawn for a minute so that length does not change it."""
    start = rng.uniform(0.2, 0.8)
    while start < 60.0 and start * SAMPLE_RATE < len(mix):
        base, x = rng.uniform(2600, 4200), rng.uniform(0, 1)
        for part in range(int(rng.integers(2, 5))):
            time = times_of(0.09)
            sweep = base * (1 + 0.22 * np.sin(np.pi * time / 0.09) * (1 if part % 2 else -1))
            call = np.sin(2 * np.pi * np.cumsum(sweep) / SAMPLE_RATE) * np.sin(np.pi * time / 0.09)
            place_in(mix, call, round((start + 0.13 * part) * SAMPLE_RATE), x, 0.05)
        start += rng.uniform(0.9, 2.0)


def level_out(mix: Signal) -> Signal:
    """To -20 dBFS overall, with the loudest moments rounded off below the peak."""
    for _ in range(3):
        loudness = float(np.sqrt(np.mean(mix**2)))
        mix = mix * (TARGET_RMS / max(loudness, 1e-6))
        knee = 0.6
        size = np.abs(mix)
        bent = knee + (PEAK - knee) * np.tanh((size - knee) / (PEAK - knee))
        mix = np.where(size > knee, np.sign(mix) * bent, mix)
    return mix


def record(script: Script, contacts: tuple, head_x: np.ndarray, samples: int) -> Signal:
    """The whole mix, (samples, 2) float32. `head_x` (T, P) in 0..1 pans the voices."""
    mix = ambience(script, samples)
    mix += effects(script, contacts, samples)
    mix += swings(script, contacts, samples)
    mix += voices(script, head_x, samples)
    if script.music is not None:
        beat = None
        for performer in script.performers:
            if performer.act == "dances":
                # Four steps to a cycle: the music keeps the dancer's time.
                beat = 0.5 / performer.tempo
                break
        mix += compose(script.music, script.seed, samples, beat)
    return level_out(mix).astype(np.float32)

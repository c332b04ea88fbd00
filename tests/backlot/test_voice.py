"""Voices: phonemes in time, mouths that follow, songs on pitch, a helper that may die."""

import dataclasses
import hashlib
import itertools
import subprocess
import sys

import numpy as np
import pytest

from onereel.backlot import voice as voices
from onereel.backlot.lines import SLOTS, count_lines, draw_line
from onereel.backlot.script import FPS, SAMPLE_RATE, Line, write_script
from onereel.backlot.singing import Note, _overlap_add, sing, syllables_of
from onereel.backlot.speech import speak
from onereel.backlot.visemes import (
    SHAPES,
    VISEMES,
    F,
    M,
    loudness_track,
    viseme_of,
    viseme_track,
)
from onereel.backlot.voice import Helper, Phone, Voice, say, voice_of
from onereel.errors import OnereelError

ADULT = Voice("f2", 50, 50, 160)
TELL = """
import hashlib
from onereel.backlot.voice import Voice, say
one = Voice("f2", 50, 50, 160)
say("Something else first.", "en", one)
print(hashlib.sha256(say("你好，我们去海边吧。", "zh", one).sound.tobytes()).hexdigest())
"""


def pitch_of(sound: np.ndarray) -> float:
    """Median fundamental of the voiced parts, Hz, by autocorrelation."""
    found = []
    for start in range(0, len(sound) - 1200, 600):
        piece = sound[start : start + 1200] * np.hanning(1200)
        likeness = np.correlate(piece, piece, "full")[1199:]
        lag = 50 + int(np.argmax(likeness[50:400]))
        if likeness[lag] > 0.5 * likeness[0] > 0.01:
            found.append(SAMPLE_RATE / lag)
    return float(np.median(found))


def test_english_and_mandarin_are_read_as_such() -> None:
    hello = say("Hello, my friend.", "en", ADULT)
    assert "".join(one.ipa for one in hello.phones).startswith("həloʊ")
    nihao = say("你好。", "zh", ADULT)
    # Debian's espeak-ng 1.51 would read "Chinese letter" here.
    assert "".join(one.ipa for one in nihao.phones).startswith("ni")
    assert len(nihao.phones) < 9
    for one in (hello, nihao):
        assert one.sound.dtype == np.float32
        starts = [phone.start for phone in one.phones]
        assert starts == sorted(starts)
        assert one.phones[-1].start <= one.seconds


def test_a_line_is_the_same_in_every_process() -> None:
    run = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True)
    here = say("你好，我们去海边吧。", "zh", ADULT).sound
    assert hashlib.sha256(here.tobytes()).hexdigest() == run.stdout.strip()


def test_the_library_is_never_loaded_here() -> None:
    code = (
        "import sys, onereel.backlot.sound, onereel.backlot.voice as v;"
        "v.say('Yes.', 'en', v.Voice('m3', 40, 40, 150));"
        "print('espeakng_loader' in sys.modules, 'libespeak' in open('/proc/self/maps').read())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]


def test_a_killed_helper_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    helper = Helper()
    task = {"text": "One two.", "voice": "en-us+m3", "rate": 150, "pitch": 40, "range": 40}
    first = helper.ask(task)[1]
    assert helper._process is not None
    helper._process.kill()
    helper._process.wait()
    assert np.array_equal(first, helper.ask(task)[1])
    helper.close()
    with pytest.raises(OnereelError, match="no voice"):
        helper.ask({**task, "voice": "xx-nowhere"})
    helper.close()
    monkeypatch.setattr(voices, "CHILD", voices.CHILD.with_name("absent.py"))
    with pytest.raises(OnereelError, match=r"stopped.*install"):
        helper.ask(task)


def test_voices_differ_by_age_and_sex() -> None:
    line = "We are going to the river in the morning."

    def typical(age: str, sex: str) -> float:
        return float(
            np.median([pitch_of(say(line, "en", voice_of(age, sex, s)).sound) for s in range(4)])
        )

    man, woman, child = typical("adult", "m"), typical("adult", "f"), typical("child", "f")
    assert man < 150 < woman < child
    assert (
        say(line, "en", voice_of("elder", "m", 1)).seconds
        > say(line, "en", voice_of("adult", "m", 1)).seconds
    )
    assert len({voice_of("adult", "f", seed) for seed in range(30)}) > 20
    assert voice_of("adult", "f", 3) == voice_of("adult", "f", 3)


def test_visemes_of_known_words() -> None:
    phones = tuple(
        Phone(0.1 * i, 0.1, ipa) for i, ipa in enumerate(("m", "ɑ", "f", "uː", "l", "iː", "", "oʊ"))
    )
    track = viseme_track(phones, 0.0, 20)
    names = [VISEMES[index] for index in track]
    assert [name for i, name in enumerate(names[:19]) if i == 0 or names[i - 1] != name] == [
        "M",
        "A",
        "F",
        "U",
        "L",
        "I",
        "rest",
        "O",
    ]
    assert viseme_of("") == 0
    assert viseme_of("tʃ") == VISEMES.index("U")
    assert max(SHAPES.values()) < len(VISEMES)


def test_every_phone_of_our_lines_has_a_viseme() -> None:
    rng = np.random.default_rng(5)
    unknown = set()
    for language in SLOTS:
        for _ in range(25):
            for phone in say(draw_line(rng, language), language, ADULT).phones:
                if phone.ipa and viseme_of(phone.ipa) == 0:
                    unknown.add(phone.ipa)
    assert not unknown


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mouths_agree_with_the_voice(language: str) -> None:
    rng = np.random.default_rng(2)
    script = write_script(1, 4.0)
    line = Line(0, 0.4, draw_line(rng, language), language)
    speech = speak(dataclasses.replace(script, lines=(line,)))
    (one,) = speech.spoken
    loud = loudness_track(one.utterance.sound, one.start, len(speech.visemes))
    moving = speech.visemes[:, 0] > 0
    assert loud[moving].mean() > 10 * (loud[~moving].mean() + 1e-3)
    closed = np.isin(speech.visemes[:, 0], (0, M, F))
    assert speech.open[closed, 0].max() < 0.3
    assert speech.open[~closed, 0].mean() > 0.3
    if loud.max() > 0:
        assert np.corrcoef(speech.open[:, 0], loud)[0, 1] > 0.5
    assert not speech.visemes[: int(0.3 * FPS)].any()
    assert not speech.visemes[:, 1:].any()


def test_turns_do_not_overlap() -> None:
    script = dataclasses.replace(
        write_script(3, 9.0),
        lines=tuple(
            Line(0, 0.5 + 0.2 * i, "Please wait for me at the river.", "en") for i in range(3)
        ),
    )
    spoken = speak(script).spoken
    assert len(spoken) == 3
    for one, other in itertools.pairwise(spoken):
        assert one.start + one.utterance.seconds < other.start


@pytest.mark.parametrize(
    ("text", "language"), [("Dance with me under the moon", "en"), ("红灯笼高高挂在天上", "zh")]
)
def test_songs_hit_their_notes(text: str, language: str) -> None:
    pitches = [220.0, 247.0, 277.2, 330.0, 277.2, 247.0, 220.0, 220.0, 220.0]
    count = len(syllables_of(say(text, language, ADULT).phones))
    notes = tuple(Note(0.5 * i, 0.5, pitches[i % 9]) for i in range(count))
    song = sing(text, language, ADULT, notes)
    lead = next(one.start for one in song.phones if one.ipa and one.ipa[0] in "aeiouæɑɔəɛɪʊʌɐyɚ")
    hits = 0
    for note in notes:
        middle = round((lead + note.start + 0.5 * note.seconds - 0.06) * SAMPLE_RATE)
        sung = pitch_of(song.sound[middle - 1500 : middle + 2400])
        hits += any(abs(np.log2(sung / (note.pitch * octave))) < 0.05 for octave in (0.5, 1, 2))
    assert hits >= count - 2
    assert song.seconds > 0.5 * count


def test_there_are_thousands_of_lines() -> None:
    for language in ("en", "zh"):
        assert count_lines(language) > 3500
        rng = np.random.default_rng(3)
        assert len({draw_line(rng, language) for _ in range(300)}) > 200
        for _ in range(100):
            assert "{" not in draw_line(rng, language, "sing")


def test_what_would_be_sung_before_the_start_is_left_out() -> None:
    spoken = np.ones(4800, np.float32)
    marks, voiced = np.arange(0, 4800, 120), np.ones(40, bool)
    sound = np.zeros(2400, np.float32)
    pitch = np.full(200, 200.0)
    _overlap_add(sound, spoken, (marks, voiced), ([0.0, 0.2], [-0.1, 0.05]), pitch)
    assert sound[:1200].any() and not sound[1400:].any()

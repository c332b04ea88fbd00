"""The reader of phonemes: its labels, its data, and that it can learn at all."""

from pathlib import Path

from onereel.backlot.voice import Phone
from onereel.evaluate.phonemes import accuracy, commonest, draw_utterance, load_reader, truth
from onereel.train.loop import LoopConfig
from onereel.train.phonemes import PhonemeRecipe, train


def test_labels_are_what_is_spoken_at_each_step():
    phones = (Phone(0.0, 0.02, "a"), Phone(0.02, 0.01, ""), Phone(0.03, 0.02, "ɜː"))
    found = truth(phones, 6, ("", "?", "a", "ɜ"))
    assert found.tolist() == [2, 2, 0, 3, 3, 0]
    assert truth(phones, 2, ("", "?")).tolist() == [1, 1]


def test_same_seed_same_utterance_and_both_languages():
    spoken = [draw_utterance(seed) for seed in (4, 5)]
    again = draw_utterance(4)
    assert (spoken[0].sound == again.sound).all()
    names = commonest(spoken, most=12)
    assert names[:2] == ("", "?") and len(names) == 12


def test_a_moment_of_training_beats_silence_and_is_read_back(tmp_path: Path):
    folder = tmp_path / "reader"
    train(
        PhonemeRecipe(
            LoopConfig(str(folder), minutes=0.05, rate=5e-3, warmup_steps=2, ema=0.5),
            utterances=6, held_out=2, width=32, steps=60, batch=8,
        )
    )  # fmt: skip
    heard = [draw_utterance(seed) for seed in range(6)]
    reader = load_reader(folder)
    assert accuracy(reader, heard) > 0.1
    assert accuracy(reader, heard, lambda sound: 0 * sound) < 0.1

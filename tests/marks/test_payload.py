import hashlib
import math

import numpy as np
import pytest

from onereel.marks.payload import (
    CODED_BITS,
    crc24,
    decode_id,
    encode_id,
    false_alarm,
    keyed_bits,
    log_moments,
)

ID = "0123456789ab"


def noisy(energy: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return encode_id(ID) * math.sqrt(energy / CODED_BITS) + rng.standard_normal(CODED_BITS)


def test_crc24_as_openpgp_computes_it():
    # Bit by bit from the definition: initial value 0xB704CE, generator 0x1864CFB.
    crc = 0xB704CE
    for byte in bytes.fromhex(ID):
        for place in range(7, -1, -1):
            top = crc >> 23 & 1 ^ byte >> place & 1
            crc = (crc << 1 & 0xFFFFFF) ^ (0x864CFB if top else 0)
    assert crc24(int(ID, 16)) == crc


@pytest.mark.parametrize("record", [ID, "000000000000", "ffffffffffff"])
def test_reads_what_was_written(record):
    decoded = decode_id(encode_id(record))
    assert decoded is not None
    assert decoded.record == record
    assert decoded.score == pytest.approx(math.sqrt(CODED_BITS))
    assert decoded.false_alarm < 1e-60


def test_reads_at_a_quarter_of_the_bits_wrong():
    read = [decode_id(noisy(180, seed)) for seed in range(20)]
    wrong = [np.mean(np.sign(noisy(180, seed)) != encode_id(ID)) for seed in range(20)]
    assert np.mean(wrong) > 0.2
    assert sum(d is not None and d.record == ID for d in read) >= 19


def test_noise_is_not_read_as_a_record():
    rng = np.random.default_rng(1)
    for _ in range(5):
        decoded = decode_id(rng.standard_normal(CODED_BITS))
        assert decoded is None or decoded.false_alarm > 1e-3
    assert decode_id(np.zeros(CODED_BITS)) is None
    assert decode_id(np.full(CODED_BITS, np.nan)) is None


def test_false_alarm_bounds_what_chance_does():
    rng = np.random.default_rng(2)
    soft = np.abs(rng.standard_normal(CODED_BITS))
    sums = (rng.choice([-1.0, 1.0], (20000, CODED_BITS)) * soft).sum(1)
    total = 3 * math.sqrt((soft**2).sum())
    one_word = false_alarm(log_moments(soft), total, tries=2.0**-48)
    assert np.mean(sums >= total) <= one_word < 0.02


def test_no_word_is_told_that_the_caller_has_no_use_for():
    soft = 0.7 * encode_id(ID) + np.random.default_rng(4).normal(size=CODED_BITS)
    chance = decode_id(soft).false_alarm
    assert 1e-30 < chance < 1e-6
    assert decode_id(soft, at_most=1.01 * chance).record == ID
    assert decode_id(soft, at_most=0.99 * chance) is None


def test_more_tries_mean_more_false_alarms():
    soft = noisy(300, 0)
    few, many = decode_id(soft, tries=1), decode_id(soft, tries=1000)
    assert few is not None and many is not None
    assert many.false_alarm == pytest.approx(1000 * few.false_alarm)


def test_keyed_bits_never_change():
    assert (
        keyed_bits(b"onereel", 16).tolist()
        == np.unpackbits(np.frombuffer(hashlib.shake_256(b"onereel").digest(2), np.uint8)).tolist()
    )
    assert abs(keyed_bits(b"a", 4096).mean() - 0.5) < 0.05
    assert (keyed_bits(b"a", 4096) != keyed_bits(b"b", 4096)).mean() > 0.4


def test_wrong_length_is_told():
    with pytest.raises(ValueError, match="soft must have shape"):
        decode_id(np.zeros(3))

"""What the sound of a 4-s Backlot clip costs, per part, and how widely captions are worded.

.venv/bin/python benchmarks/backlot_sound.py [clips]
"""

import json
import sys
import time

import numpy as np

from onereel.backlot.captions import caption
from onereel.backlot.lines import count_lines, draw_line
from onereel.backlot.pair_words import CHINESE, ENGLISH
from onereel.backlot.script import FPS, SAMPLE_RATE, frame_count, write_script
from onereel.backlot.shoot import block, find_contacts, places_of
from onereel.backlot.sound import record
from onereel.backlot.speech import speak
from onereel.backlot.voice import say, voice_of


def main() -> None:
    clips = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    say("Warm up.", "en", voice_of("adult", "f", 1))
    spoken, mixed, spoke = [], [], 0
    for seed in range(clips):
        script = write_script(seed)
        start = time.process_time()
        spoke += bool(speak(script).spoken)
        spoken.append(time.process_time() - start)
        shots = block(script)
        contacts, places = find_contacts(script, shots), places_of(script, shots)
        start = time.process_time()
        record(script, contacts, places, frame_count(script) * SAMPLE_RATE // FPS)
        mixed.append(time.process_time() - start)
    rng = np.random.default_rng(3)
    start = time.perf_counter()
    for index in range(40):
        say(draw_line(rng, "en" if index % 2 else "zh"), "en" if index % 2 else "zh",
            voice_of("adult", "f", 2))  # fmt: skip
    line = (time.perf_counter() - start) / 40
    script = write_script(3)
    start = time.process_time()
    wordings = {caption(script, np.random.default_rng([seed, 1])) for seed in range(5000)}
    told = (time.process_time() - start) / 5000
    print(
        json.dumps(
            {
                "clips": clips,
                "with speech or song": spoke,
                "speech, ms of CPU a clip (mean)": round(1000 * float(np.mean(spoken)), 1),
                "mix, ms of CPU a clip (mean)": round(1000 * float(np.mean(mixed)), 1),
                "both, slowest clip": round(1000 * float(np.max(np.add(spoken, mixed))), 1),
                "one fresh line, ms of wall clock": round(1000 * line, 1),
                "lines": {one: count_lines(one) for one in ("en", "zh")},
                "edit wordings": sum(len(ENGLISH[one]) + len(CHINESE[one]) for one in ENGLISH),
                "different captions of 5000 drawn for one script": len(wordings),
                "one caption, ms": round(1000 * told, 2),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()

"""The command line as a user meets it: real processes, exit codes, one sentence each."""

import json
import os
import signal
import subprocess
import sys
import time

import av
import pytest
from PIL import Image

ONEREEL = [sys.executable, "-m", "onereel"]


def run(*args, **kwargs):
    return subprocess.run(
        [*ONEREEL, *map(str, args)], capture_output=True, text=True, timeout=120, **kwargs
    )


def test_generate_writes_a_film_and_json_tells_about_it(toy_model, tmp_path):
    out = tmp_path / "film.mp4"
    done = run("generate", "a girl runs", "--seconds", 4, "--seed", 3, "--model", toy_model,
               "-o", out, "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == {
        "path", "record", "seed", "seconds", "width", "height", "frames", "timings", "warnings",
    }  # fmt: skip
    assert (told["seed"], told["seconds"], told["frames"]) == (3, 4, 97)
    with av.open(str(out)) as film:
        assert film.streams.video[0].codec_context.name == "h264"
        assert film.streams.audio[0].codec_context.name == "aac"
        assert film.streams.video[0].frames == 97
        assert film.streams.video[0].average_rate == 24
    assert os.listdir(tmp_path) == ["film.mp4"]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["   "], "The prompt is empty"),
        (["x" * 5000], "characters"),
        (["x", "--ratio", "2:1"], "ratio"),
        (["x", "--seconds", "3"], "seconds is 3"),
        (["x", "--seconds", "16"], "seconds is 16"),
        (["x", "--seconds", "soon"], "--seconds"),
        (["x", "--steps", "0"], "steps"),
        (["x", "--seed", "-1"], "seed"),
        (["x", "-o", "film.avi"], ".mp4"),
        (["x", "-o", "no/such/folder/film.mp4"], "does not exist"),
        (["x", "--model", "no-such-model"], "There are no weights in no-such-model"),
        (["x", "--first-frame", "missing.png"], "missing.png"),
        (["x", "--first-frame", "text.png"], "not a picture"),
        (["x", "--first-frame", "cut.png"], "cut.png"),
        (["x", "--first-frame", "ok.png", "--image", "ok.png"], "frame"),
        (["x", "--audio", "sound.wav"], "a picture or a clip"),
    ],
)
def test_bad_input_is_one_sentence_exit_code_2_and_nothing_written(toy_model, tmp_path, args, told):
    (tmp_path / "text.png").write_text("I am no picture")
    Image.effect_noise((100, 100), 80).save(tmp_path / "ok.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "ok.png").read_bytes()[:3000])
    before = sorted(os.listdir(tmp_path))
    model = [] if "--model" in args else ["--model", str(toy_model)]
    done = run("generate", *args, *model, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert told in last
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(os.listdir(tmp_path)) == before


def test_ctrl_c_stops_within_a_step_and_leaves_nothing(toy_model, tmp_path):
    films, steps = tmp_path / "films", tmp_path / "steps"
    films.mkdir()
    script = (
        "import signal, sys, time, onereel.cli, onereel.model.sampler as sampler\n"
        # A shell that starts this in the background has had it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "real = sampler.estimate\n"
        "def slow(*args):\n"
        f"    open({str(steps)!r}, 'a').write('.')\n"
        "    time.sleep(0.3)\n"
        "    return real(*args)\n"
        "sampler.estimate = slow\n"
        "sys.argv = ['onereel', 'generate', 'a girl runs', '--steps', '100', '--model',"
        f" {str(toy_model)!r}, '-o', {str(films / 'film.mp4')!r}]\n"
        "onereel.cli.main()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (steps.exists() and steps.stat().st_size >= 2) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    assert steps.stat().st_size <= 4
    assert "Cancelled; nothing was written." in stderr
    assert os.listdir(films) == []


def test_a_crash_after_denoising_is_finished_by_decode(toy_model, tmp_path):
    out = tmp_path / "film.mp4"
    script = (
        "import sys, onereel.cli as cli\n"
        "def crash(*args, **kwargs): raise RuntimeError('power cut')\n"
        "cli.save = crash\n"
        f"sys.argv = ['onereel', 'generate', 'a girl runs', '--seconds', '4', '--seed', '3',"
        f" '--model', {str(toy_model)!r}, '-o', {str(out)!r}]\n"
        "cli.main()\n"
    )
    crashed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert crashed.returncode != 0
    assert os.listdir(tmp_path) == ["film.latents.safetensors"]
    assert "onereel decode" in crashed.stderr
    done = run("decode", tmp_path / "film.latents.safetensors", "--model", toy_model, "-o", out)
    assert done.returncode == 0, done.stderr
    assert out.exists()


def test_doctor_tells_device_precision_and_time(toy_model):
    done = run("doctor", "--json", "--model", toy_model)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["compute"]["precision"] in ("float32", "bfloat16")
    assert told["compute"]["why"]
    assert told["film"]["total_seconds"] > 0
    assert told["packages"]["torch"]


@pytest.mark.parametrize(
    "command", [[], ["generate"], ["decode"], ["doctor"], ["train"], ["backlot", "shoot"]]
)
def test_help_pages_exist(command):
    done = run(*command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_import_is_quick_and_leaves_torch_alone():
    code = (
        "import sys, time; t = time.perf_counter(); import onereel, onereel.cli;"
        "print(time.perf_counter() - t); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds, torch_loaded = done.stdout.split()
    assert torch_loaded == "False"
    assert float(seconds) < 5  # under 1 s on a quiet machine; see benchmarks

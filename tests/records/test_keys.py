"""Key files: the same for everyone who comes at once, private, and missed when they are gone."""

import multiprocessing
import os
import stat

import pytest

from onereel.errors import OnereelError
from onereel.records.home import Home
from onereel.records.keys import key_pem, load_signing_key, public_pem


def made(folder):
    return key_pem(load_signing_key(Home(folder)))


def test_made_once_and_private(tmp_path):
    home = Home(tmp_path / "home")
    first = load_signing_key(home)
    assert key_pem(load_signing_key(home)) == key_pem(first)
    for path in [home.folder, *home.folder.rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    first.public_key().verify(first.sign(b"head"), b"head")


def test_processes_that_start_together_get_the_same_key(tmp_path):
    with multiprocessing.get_context("fork").Pool(6) as pool:
        keys = pool.map(made, [tmp_path / "home"] * 24, chunksize=1)
    assert len(set(keys)) == 1
    assert sorted(p.name for p in (tmp_path / "home/keys").iterdir()) == ["signing"]


@pytest.mark.parametrize("name", ["key.pem", "public.pem"])
def test_lost_file(tmp_path, name):
    home = Home(tmp_path)
    load_signing_key(home)
    (home.keys / "signing" / name).unlink()
    with pytest.raises(OnereelError, match=rf"{name} is lost; put it back"):
        load_signing_key(home)


def test_replaced_key(tmp_path):
    ours, other = Home(tmp_path / "a"), Home(tmp_path / "b")
    load_signing_key(ours)
    theirs = public_pem(load_signing_key(other))
    (ours.keys / "signing/public.pem").write_bytes(theirs)
    with pytest.raises(OnereelError, match="replaced"):
        load_signing_key(ours)


def test_damaged_and_open_keys(tmp_path):
    home = Home(tmp_path)
    load_signing_key(home)
    path = home.keys / "signing/key.pem"
    path.chmod(0o644)
    with pytest.raises(OnereelError, match="read by other users; run chmod 600"):
        load_signing_key(home)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(OnereelError, match="damaged"):
        load_signing_key(home)


def test_no_room_for_keys(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(OnereelError, match="Could not make the keys"):
        load_signing_key(Home(blocked))
    assert os.listdir(tmp_path) == ["file"]

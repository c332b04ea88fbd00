"""Every way of tampering is found, named, and told apart from an honest log."""

import shutil
import sqlite3

import pytest
from toy_records import add_films

from onereel.errors import OnereelError, WrongUse
from onereel.records import merkle
from onereel.records.audit import Head, newest_head, read_heads, sign_head
from onereel.records.auditor import verify_log
from onereel.records.database import RECORD_COLUMNS, heads_file
from onereel.records.home import Home
from onereel.records.keys import load_signing_key

FILMS = 7


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    add_films(home, range(FILMS))
    return home


def tamper(home, *statements):
    """What someone with the file and an SQLite shell can do."""
    connection = sqlite3.connect(home.database)
    for name in ("entries_stay", "entries_last", "heads_stay", "heads_last"):
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def said(audit):
    return " ".join(problem.said for problem in audit.problems)


def test_an_honest_log_is_intact(home):
    audit = verify_log(home)
    assert audit.intact and audit.size == FILMS and audit.keys == ()
    head = newest_head(home)
    assert head.is_signed() and head.root == audit.root
    assert Head.from_json(head.to_json()) == head
    assert verify_log(home, read_heads(heads_file(home))).intact
    with sqlite3.connect(home.database) as connection:
        leaves = [row[0] for row in connection.execute("SELECT leaf FROM entries ORDER BY number")]
        events = [row[0] for row in connection.execute("SELECT event FROM entries")]
    assert merkle.tree_root(leaves) == head.root
    assert not any("snow" in event for event in events)  # no prompt in the log


def test_no_log_is_an_empty_log_and_makes_nothing(tmp_path):
    home = Home(tmp_path / "none")
    assert verify_log(home).intact and newest_head(home) is None
    assert not home.folder.exists()


@pytest.mark.parametrize("column", RECORD_COLUMNS)
def test_an_edited_record_is_found(home, column):
    change = {"seed": "seed + 1", "salt": "zeroblob(32)"}.get(column, f"{column} || 'x'")
    tamper(home, f"UPDATE records SET {column} = {change} WHERE number = 4")
    audit = verify_log(home)
    assert audit.first_bad_entry == 3
    assert "Record" in said(audit)


@pytest.mark.parametrize(
    ("statement", "entry"),
    [
        ("UPDATE entries SET event = replace(event, 'film', 'flim') WHERE number = 2", 2),
        ("UPDATE entries SET leaf = zeroblob(32) WHERE number = 2", 2),
        ("UPDATE entries SET number = 99 WHERE number = 6", 6),
        ("UPDATE heads SET root = zeroblob(32) WHERE size = 3", 2),
        ("UPDATE heads SET time = time + 1 WHERE size = 3", 2),
        ("UPDATE heads SET key = zeroblob(32) WHERE size = 3", 2),
        ("UPDATE heads SET signature = zeroblob(64) WHERE size = 3", 2),
        ("UPDATE heads SET frontier = zeroblob(64) WHERE size = 3", 2),
        ("UPDATE heads SET root = 'x', key = 'y', signature = 7, time = 'z' WHERE size = 3", 2),
        ("UPDATE entries SET event = x'ff' WHERE number = 2", 2),
        ("UPDATE entries SET event = '[' WHERE number = 2", 2),
        ("UPDATE heads SET size = 99 WHERE size = 7", 6),
        ("DELETE FROM heads WHERE size = 3", 2),
        ("DELETE FROM heads WHERE size = 7", 6),
        ("DELETE FROM entries WHERE number = 2", 2),
        ("DELETE FROM records WHERE number = 3", 2),
        ("DELETE FROM entries WHERE number = 6", 6),
    ],
)
def test_an_edit_or_deletion_is_found_and_the_first_bad_entry_named(home, statement, entry):
    tamper(home, statement)
    audit = verify_log(home)
    assert audit.first_bad_entry == entry, audit.problems


def test_the_frontier_cannot_lead_the_log_astray(home):
    tamper(home, "UPDATE heads SET frontier = zeroblob(96) WHERE size = 7")
    with pytest.raises(OnereelError, match="takes no more entries"):
        add_films(home, range(FILMS, FILMS + 1))
    assert verify_log(home).first_bad_entry == FILMS - 1


def test_two_entries_changing_places_are_found(home):
    tamper(
        home,
        "UPDATE entries SET number = -1 WHERE number = 2",
        "UPDATE entries SET number = 2 WHERE number = 4",
        "UPDATE entries SET number = 4 WHERE number = -1",
    )
    assert verify_log(home).first_bad_entry == 2


def test_a_tail_dropped_everywhere_in_the_database_is_found_in_the_heads_file(home):
    tamper(
        home,
        "DELETE FROM entries WHERE number >= 5",
        "DELETE FROM heads WHERE size > 5",
        "DELETE FROM records WHERE number > 5",
    )
    audit = verify_log(home)
    assert audit.first_bad_entry == 5
    assert "rolled back" in said(audit)


def test_an_old_copy_of_the_database_is_found(home, tmp_path):
    shutil.copy(home.database, tmp_path / "old.sqlite")
    add_films(home, range(FILMS, FILMS + 2))
    shutil.copy(tmp_path / "old.sqlite", home.database)
    audit = verify_log(home)
    assert audit.first_bad_entry == FILMS
    assert "rolled back" in said(audit)
    with pytest.raises(OnereelError, match="old copy"):  # no second history is begun
        add_films(home, range(FILMS, FILMS + 1))


def test_a_whole_folder_set_back_is_found_by_a_head_kept_elsewhere(home, tmp_path):
    shutil.copytree(home.folder, tmp_path / "old")
    add_films(home, range(FILMS, FILMS + 2))
    kept = newest_head(home)
    shutil.rmtree(home.folder)
    shutil.copytree(tmp_path / "old", home.folder)
    assert verify_log(home).intact  # nothing inside the folder can tell
    audit = verify_log(home, [kept])
    assert audit.first_bad_entry == FILMS
    assert "rolled back" in said(audit)


def rewrite(home, key):
    """Someone with the key logs another history, complete with heads and heads file."""
    connection = sqlite3.connect(home.database)
    frontier, lines = (), []
    rows = connection.execute("SELECT number, event FROM entries ORDER BY number").fetchall()
    connection.execute("DELETE FROM heads")
    for number, event in rows:
        event = event.replace("film", "flim") if number == 2 else event
        leaf = merkle.leaf_hash(event.encode())
        connection.execute("UPDATE entries SET event = ?, leaf = ? WHERE number = ?",
                           (event, leaf, number))  # fmt: skip
        frontier = merkle.grow(frontier, number, leaf)
        head = sign_head(key, number + 1, merkle.root_of(frontier))
        connection.execute("INSERT INTO heads VALUES (?, ?, ?, ?, ?, ?)",
                           (head.size, head.root, head.time, head.key, head.signature,
                            b"".join(frontier)))  # fmt: skip
        lines.append(head.to_json())
    connection.commit()
    connection.close()
    heads_file(home).write_text("\n".join(lines) + "\n")


def test_a_rewritten_history_is_found_by_a_head_kept_elsewhere(home):
    kept = read_heads(heads_file(home))
    tamper(home, "DELETE FROM records WHERE number = 3")
    rewrite(home, load_signing_key(home))
    assert verify_log(home).intact  # nothing inside the folder can tell
    assert verify_log(home, kept[:2]).intact  # they stand for what was not rewritten
    audit = verify_log(home, kept)
    assert audit.first_bad_entry == 2
    assert "rewritten" in said(audit)


def test_a_swapped_key_is_found_and_told_for_ever(home):
    kept = newest_head(home)
    shutil.rmtree(home.keys)
    assert "missing" in said(verify_log(home))
    new = load_signing_key(home)
    audit = verify_log(home)
    assert "replaced" in said(audit) and audit.first_bad_entry == FILMS - 1

    # Going on with a new key is honest when the log says so: it ends in a note, not a fault.
    add_films(home, range(FILMS, FILMS + 2))
    audit = verify_log(home, [kept])
    assert audit.intact, audit.problems
    assert audit.keys == (FILMS,) and audit.size == FILMS + 3

    foreign = sign_head(new, kept.size, bytes(32))
    assert not verify_log(home, [foreign]).intact


def test_a_log_signed_anew_with_another_key_does_not_pass_for_the_kept_head(home):
    kept = newest_head(home)
    shutil.rmtree(home.keys)
    tamper(home, "DELETE FROM records WHERE number = 3")
    rewrite(home, load_signing_key(home))
    assert verify_log(home).intact
    assert not verify_log(home, [kept]).intact


@pytest.mark.parametrize("damage", ["gone", "cut", "edited", "swapped", "junk"])
def test_a_changed_heads_file_is_found(home, damage):
    path = heads_file(home)
    lines = path.read_text().splitlines()
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_text("\n".join(lines[:-1]) + "\n")
    elif damage == "edited":
        path.write_text(path.read_text().replace('"size":3', '"size":2'))
    elif damage == "swapped":
        path.write_text("\n".join([lines[1], lines[0], *lines[2:]]) + "\n")
    else:
        path.write_text("\n".join([*lines[:3], "{}", *lines[4:]]) + "\n")
    audit = verify_log(home)
    assert not audit.intact
    assert "heads.jsonl" in said(audit)


def test_a_heads_file_that_a_crash_cut_short_is_mended_by_the_next_record(home):
    path = heads_file(home)
    whole = path.read_bytes()
    path.write_bytes(whole[:-50])
    assert not verify_log(home).intact
    add_films(home, range(FILMS, FILMS + 1))
    assert path.read_bytes().startswith(whole)
    assert verify_log(home).intact


def test_a_kept_head_that_is_no_head_or_forged_is_told(home, tmp_path):
    kept = newest_head(home)
    forged = Head(kept.size, bytes(32), kept.time, kept.key, kept.signature)
    assert "false signature" in said(verify_log(home, [forged]))
    with pytest.raises(WrongUse, match="cannot be read"):
        read_heads(tmp_path / "none")
    for text in ("", "{}", '{"size": 1e400}', "[" * 100_000, '{"size": true, "time": 1}'):
        (tmp_path / "head").write_text(text)
        with pytest.raises(WrongUse, match="no tree heads"):
            read_heads(tmp_path / "head")


def test_a_lost_database_is_told_and_not_started_anew(home):
    home.database.unlink()
    assert "missing" in said(verify_log(home))
    with pytest.raises(Exception, match="is missing, though"):
        add_films(home, range(1))
    assert not home.database.exists()

"""`onereel keys`: who may use a server. Works on the database, whether the server runs or not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onereel.cli_service import DEFAULT_DATA, Database
from onereel.errors import WrongUse, shown

if TYPE_CHECKING:
    from sqlalchemy import Engine

keys = typer.Typer(help="API keys of a server.", no_args_is_help=True)

Data = Annotated[Path, typer.Option("--data", help="The server's folder, as given to serve.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@keys.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is; unique.")],
    data: Data = DEFAULT_DATA,
    database: Database = None,
    scopes: Annotated[
        str, typer.Option(help="Any of read, create, delete, admin, with commas between.")
    ] = "read,create,delete",
    requests_per_minute: Annotated[int, typer.Option(help="More are answered 429.")] = 600,
    queued_tasks: Annotated[int, typer.Option(help="How many may wait at once.")] = 120,
    films_per_day: Annotated[int, typer.Option(help="How many may be made in 24 hours.")] = 5000,
    as_json: Json = False,
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    with _database(data, database) as engine:
        from onereel.service.access import create_key
        from onereel.service.webhooks import secret_text

        key, text = create_key(
            engine, name, scopes=scopes.split(","), requests_per_minute=requests_per_minute,
            queued_tasks=queued_tasks, films_per_day=films_per_day,
        )  # fmt: skip
        secret = secret_text(engine, key.id)
    if as_json:
        print(json.dumps({**asdict(key), "key": text, "webhook_secret": secret}))
        return
    print(f"API key of {name}, shown only now: {text}")
    print(f"Its callbacks are signed with: {secret}")


@keys.command("list")
def list_(data: Data = DEFAULT_DATA, database: Database = None, as_json: Json = False) -> None:
    """Tell every key ever made, without the keys themselves."""
    with _database(data, database) as engine:
        from onereel.service.access import list_keys

        known = list_keys(engine)
    if as_json:
        print(json.dumps({"keys": [asdict(key) for key in known]}))
        return
    for key in known:
        state = f"revoked {_day(key.revoked_at)}" if key.revoked_at else "valid"
        limits = (
            f"{key.requests_per_minute}/min, {key.queued_tasks} queued, {key.films_per_day}/day"
        )
        print(f"{key.id}  {key.name}  {','.join(key.scopes)}  {limits}  "
              f"since {_day(key.created_at)}  {state}")  # fmt: skip


@keys.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The key's name or id.")],
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """Stop a key from its next request on. Its tasks stay until they run out."""
    with _database(data, database) as engine:
        from onereel.service.access import revoke_key

        key = revoke_key(engine, name)
    print(f"{key.name} ({key.id}) is revoked.")


@contextmanager
def _database(data: Path, url: str | None) -> Iterator[Engine]:
    """The server's database, open within the block."""
    try:
        from sqlalchemy.exc import SQLAlchemyError

        import onereel.service.access  # noqa: F401  declares its tables
        from onereel.service.database import open_database
        from onereel.service.settings import Settings
    except ModuleNotFoundError as error:
        raise WrongUse(
            f"{error.name} is not installed; run: pip install 'onereel[serve]'."
        ) from error
    settings = Settings(data=data, database=url)
    try:
        engine = open_database(settings)
    except (SQLAlchemyError, OSError) as error:
        raise WrongUse(
            f"The database of {shown(data)} cannot be opened ({type(error).__name__}); check "
            "--data and --database."
        ) from error
    try:
        yield engine
    finally:
        engine.dispose()


def _day(at: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(at))

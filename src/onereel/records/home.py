"""Where one installation keeps what it must not lose: its keys, its records, its audit log.

The command line uses `Home.default()`; a server gives the folder it was started on. Nothing here
creates anything: each owner makes its own part on first use (folders 0700, keys 0600).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """One folder; the paths in it."""

    folder: Path

    @classmethod
    def default(cls) -> Home:
        """`.onereel` in the user's home directory."""
        return cls(Path.home() / ".onereel")

    @property
    def keys(self) -> Path:
        """The folder of private keys and certificates."""
        return self.folder / "keys"

    @property
    def database(self) -> Path:
        """The SQLite file of records, fingerprints and the audit log."""
        return self.folder / "records.sqlite"

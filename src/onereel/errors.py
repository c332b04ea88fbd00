"""What can go wrong, and with which exit code.

- every error of this package is an `OnereelError`, so one `except` catches them all
- `exit_code` is the command line's contract: 1 failed, 2 wrong use, 3 refused, 130 cancelled
- messages are one sentence on one line: what is wrong, and what to do

Called from every module at the edges (request, clip, media, gates), caught in the command line
and the service.
"""


class OnereelError(Exception):
    """Something failed that the caller could not have known beforehand."""

    exit_code = 1


class WrongUse(OnereelError, ValueError):
    """Bad input; the message says in one sentence what is wrong and what to do.

    It is a ValueError too, so pydantic validators may raise it directly.
    """

    exit_code = 2


class Refused(OnereelError):
    """A gate said no: the input is well formed, but may not be made into a film."""

    exit_code = 3


class Cancelled(OnereelError):
    """Whoever asked for the film no longer wants it."""

    # 128 + SIGINT, what a shell reports for a command stopped with Ctrl-C.
    exit_code = 130


def shown(value: object, limit: int = 120) -> str:
    """`value` as it may stand in a message: one printable line of at most `limit` characters.

    Strings come back bare when they are printable; control characters, line breaks and lone
    surrogates are escaped, so a hostile file name cannot forge a second line in a log.
    """
    text = str(value)
    if not text or not text.isprintable():
        text = ascii(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"

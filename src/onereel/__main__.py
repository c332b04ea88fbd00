"""`python -m onereel` is the `onereel` command."""

from onereel.cli import main

main()

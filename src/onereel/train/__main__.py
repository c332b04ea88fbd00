"""`python -m onereel.train RECIPE [a.b=c ...]`: the `train` command without the command line's
dependencies, for bare GPU machines that everything must be carried to."""

import sys
from pathlib import Path

from onereel.errors import OnereelError
from onereel.train.recipe import run_recipe

if __name__ == "__main__":  # rendering workers import this file again
    try:
        run_recipe(Path(sys.argv[1]), tuple(sys.argv[2:]))
    except OnereelError as error:
        sys.exit(str(error))

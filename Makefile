# make film   makes a film (PROMPT="…" for another, FILM_SECONDS=4..15, FILM=path)     make test   runs every check
PYTHON ?= python3
PROMPT ?= A girl in a red dress dances in a snowy mountain meadow.
FILM ?= films/film.mp4
FILM_SECONDS ?= 4
FLAGS ?=

.PHONY: film test clean

film: .venv/installed
	@mkdir -p $(dir $(FILM))
	@.venv/bin/onereel generate "$(PROMPT)" --seconds $(FILM_SECONDS) -o $(FILM) $(FLAGS)

test: .venv/installed-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n 2 --dist loadfile

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("onereel needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@echo "setting up .venv (once; a minute or two)"
	@$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@ .venv/installed

clean:
	rm -rf .venv films build dist

"""Runs recipes: a recipe is a Python file with `recipe()`, which returns one frozen config.

`onereel train recipes/x.py a.b=c ...`: the overrides replace single fields by dotted name.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import sys
import types
import typing
from pathlib import Path
from typing import Any

from onereel.errors import WrongUse


def load_recipe(path: Path, overrides: tuple[str, ...] = ()) -> Any:
    """The config that the file's `recipe()` returns, with `a.b=c` overrides applied."""
    if not path.is_file():
        raise WrongUse(f"There is no recipe {path}; see the recipes/ folder for those there are.")
    spec = importlib.util.spec_from_file_location("onereel_recipe", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A recipe may build on its neighbours.
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    config = module.recipe()
    for override in overrides:
        name, equals, value = override.partition("=")
        if not equals:
            raise WrongUse(f"{override!r} is no override; write field.name=value.")
        config = _replace(config, name.split("."), value, name)
    return config


def run_recipe(path: Path, overrides: tuple[str, ...] = ()) -> None:
    """Train: the module that defines the config's class has the `train` that runs it."""
    config = load_recipe(path, overrides)
    sys.modules[type(config).__module__].train(config)


def _replace(config: Any, names: list[str], value: str, whole: str) -> Any:
    name, *rest = names
    fields = {field.name for field in dataclasses.fields(config)}
    if name not in fields:
        raise WrongUse(f"There is no {whole} in this recipe; {name} could be {sorted(fields)}.")
    old = getattr(config, name)
    if rest:
        if not dataclasses.is_dataclass(old):
            raise WrongUse(f"There is no {whole} in this recipe; {name} is a plain value.")
        return dataclasses.replace(config, **{name: _replace(old, rest, value, whole)})
    kind = typing.get_type_hints(type(config))[name]
    return dataclasses.replace(config, **{name: _parse(kind, value, whole)})


def _parse(kind: Any, value: str, whole: str) -> Any:
    try:
        if kind is bool:
            return {"true": True, "false": False}[value.lower()]
        if kind in (int, float, str):
            return kind(value)
    except (KeyError, ValueError):
        raise WrongUse(f"{whole} needs a {kind.__name__}, not {value!r}.") from None
    named = kind.__name__ if isinstance(kind, type | types.GenericAlias) else str(kind)
    raise WrongUse(f"{whole} is a {named}; change it in the recipe file.")

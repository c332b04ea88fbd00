from pathlib import Path

import pytest

from onereel.errors import WrongUse
from onereel.train.recipe import load_recipe

RECIPES = sorted(Path(__file__).parents[2].glob("recipes/*_*.py"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_loads_and_its_module_can_train_it(path):
    import sys

    config = load_recipe(path)
    assert callable(sys.modules[type(config).__module__].train)


def test_overrides_replace_single_fields():
    path = next(path for path in RECIPES if path.stem == "nano_film")
    config = load_recipe(path, ("loop.minutes=0.5", "data.cache=/tmp/x", "loop.compile=true"))
    assert config.loop.minutes == 0.5
    assert config.data.cache == "/tmp/x"
    assert config.loop.compile is True
    assert config.loop.folder == load_recipe(path).loop.folder


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("loop.minuets=3", "There is no loop.minuets"),
        ("loop.minutes", "write field.name=value"),
        ("loop.minutes=long", "needs a float"),
        ("loop=3", "change it in the recipe file"),
        ("drop_text.x=1", "is a plain value"),
    ],
)
def test_wrong_overrides_are_one_sentence(override, told):
    path = next(path for path in RECIPES if path.stem == "nano_film")
    with pytest.raises(WrongUse, match=told):
        load_recipe(path, (override,))


def test_a_missing_recipe_is_one_sentence(tmp_path):
    with pytest.raises(WrongUse, match="There is no recipe"):
        load_recipe(tmp_path / "none.py")

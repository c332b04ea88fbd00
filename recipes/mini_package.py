"""Gather the mini model into the package."""

from mini import BASE, FILM, SAMPLING

from onereel.train.package import PackageRecipe


def recipe() -> PackageRecipe:
    return PackageRecipe("src/onereel/weights/mini", BASE, FILM, SAMPLING)

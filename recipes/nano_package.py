"""Gather the nano model into the package."""

from nano import BASE, FILM, SAMPLING

from onereel.train.package import PackageRecipe


def recipe() -> PackageRecipe:
    return PackageRecipe("src/onereel/weights/nano", BASE, FILM, SAMPLING)

"""Gather the mini model into the package: the distilled transformer, four steps, no guidance."""

from dataclasses import replace

from mini import BASE, SAMPLING

from onereel.train.package import PackageRecipe


def recipe() -> PackageRecipe:
    sampling = replace(SAMPLING, steps=4, guidance=1.0)
    return PackageRecipe("src/onereel/weights/mini", BASE, "runs/mini-distilled", sampling)

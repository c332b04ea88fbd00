"""Stage: the tokenizer, fitted to Backlot captions in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from onereel.backlot.captions import caption
from onereel.backlot.script import write_script
from onereel.model.tokenizer import Tokenizer, train_tokenizer
from onereel.train.loop import console


@dataclass(frozen=True)
class TokenizerRecipe:
    folder: str
    clips: int = 4000
    captions: int = 6
    vocabulary: int = 8192
    first_seed: int = 0


def train(recipe: TokenizerRecipe) -> None:
    folder = Path(recipe.folder)
    folder.mkdir(parents=True, exist_ok=True)
    texts = []
    for seed in range(recipe.first_seed, recipe.first_seed + recipe.clips):
        script, rng = write_script(seed), np.random.default_rng([2, seed])
        texts += [caption(script, rng) for _ in range(recipe.captions)]
    tokenizer: Tokenizer = train_tokenizer(texts, recipe.vocabulary)
    tokenizer.save(folder / "tokenizer.json")
    lengths = [len(tokenizer.encode(text)) for text in texts[:2000]]
    console.print(
        f"{tokenizer.vocabulary} tokens from {len(set(texts))} captions; a caption is "
        f"{np.median(lengths):.0f} tokens (median), {max(lengths)} at most"
    )

"""8k tokens from Backlot captions: seconds."""

from nano import BASE

from onereel.train.tokenizer import TokenizerRecipe


def recipe() -> TokenizerRecipe:
    return TokenizerRecipe(folder=BASE)

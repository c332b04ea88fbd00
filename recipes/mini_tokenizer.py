"""The same tokens as nano's, beside mini's weights."""

from dataclasses import replace

import nano_tokenizer
from mini import BASE

from onereel.train.tokenizer import TokenizerRecipe


def recipe() -> TokenizerRecipe:
    return replace(nano_tokenizer.recipe(), folder=BASE)

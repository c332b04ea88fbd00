"""Text to token ids: byte-level BPE for English and Chinese.

- no unknown words in any script: bytes are the alphabet
- a quoted line is spelled byte by byte, so that speech can be learned letter by letter
- a reference is one token however it is written: `Image 1`, `@Image1`, `[Image 1]`, `图片1`

Trained on Backlot captions by `train_tokenizer`; read by the text encoder's callers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer as BPE
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

PAD, UNCONDITIONAL = "<pad>", "<none>"
REFERENCE_TOKENS = tuple(
    f"<{kind}{number}>"
    for kind, count in (("image", 9), ("video", 3), ("audio", 3))
    for number in range(1, count + 1)
)
SPECIAL = (PAD, UNCONDITIONAL, *REFERENCE_TOKENS)

_MENTION = re.compile(
    r"[@\[【]?\s*(image|picture|图片|图|video|clip|视频|audio|recording|音频)\s*([1-9])(?!\d)[\]】]?",
    re.IGNORECASE,
)
_KIND = {
    "image": "image", "picture": "image", "图片": "image", "图": "image",
    "video": "video", "clip": "video", "视频": "video",
    "audio": "audio", "recording": "audio", "音频": "audio",
}  # fmt: skip
_QUOTED = re.compile(r"[\"“「『]([^\"”」』]+)[\"”」』]")


class Tokenizer:
    """Encodes prompts. `vocabulary` is the number of ids; id 0 pads."""

    def __init__(self, bpe: BPE) -> None:
        # A prompt that contains "<pad>" means those five characters, not the control token.
        bpe.encode_special_tokens = True
        self._bpe = bpe
        self.vocabulary: int = bpe.get_vocab_size()
        self.none_id: int = self._id(UNCONDITIONAL)

    def _id(self, token: str) -> int:
        found = self._bpe.token_to_id(token)
        assert found is not None, f"{token!r} is not in this vocabulary"
        return found

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        return cls(BPE.from_file(str(path)))

    def to_json(self) -> str:
        return self._bpe.to_str()

    def save(self, path: Path) -> None:
        self._bpe.save(str(path))

    def encode(self, prompt: str) -> list[int]:
        ids: list[int] = []
        start = 0
        for quote in _QUOTED.finditer(prompt):
            ids += self._encode_plain(prompt[start : quote.start() + 1])
            for character in quote.group(1):
                ids += self._spell(character)
            start = quote.end() - 1
        return ids + self._encode_plain(prompt[start:])

    def _encode_plain(self, text: str) -> list[int]:
        ids: list[int] = []
        start = 0
        for mention in _MENTION.finditer(text):
            token = f"<{_KIND[mention.group(1).lower()]}{mention.group(2)}>"
            token_id = self._bpe.token_to_id(token)
            if token_id is None:  # Video 7 is past the limit: leave it as words
                continue
            ids += self._bpe.encode(text[start : mention.start()]).ids
            ids.append(token_id)
            start = mention.end()
        return ids + self._bpe.encode(text[start:]).ids

    def _spell(self, character: str) -> list[int]:
        """Byte ids of one character: the BPE's alphabet without any merge."""
        pieces = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        (piece, _), *_ = pieces.pre_tokenize_str(character)
        return [self._id(byte) for byte in piece]


def train_tokenizer(texts: Iterable[str], vocabulary: int = 8192) -> Tokenizer:
    """Fit byte-level BPE to `texts`; may end smaller than `vocabulary` when they are few."""
    bpe = BPE(models.BPE())
    bpe.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(texts, trainer)
    return Tokenizer(bpe)

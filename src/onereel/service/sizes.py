"""The API's picture sizes: resolution and ratio to (width, height) in pixels.

Seedance 2.0's and 1.5 pro's table. Called by the dialects and by `making`.
"""

from __future__ import annotations

RATIOS = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
SIZES: dict[str, dict[str, tuple[int, int]]] = {
    "480p": {
        "16:9": (864, 496), "4:3": (752, 560), "1:1": (640, 640),
        "3:4": (560, 752), "9:16": (496, 864), "21:9": (992, 432),
    },
    "720p": {
        "16:9": (1280, 720), "4:3": (1112, 834), "1:1": (960, 960),
        "3:4": (834, 1112), "9:16": (720, 1280), "21:9": (1470, 630),
    },
    "1080p": {
        "16:9": (1920, 1080), "4:3": (1664, 1248), "1:1": (1440, 1440),
        "3:4": (1248, 1664), "9:16": (1080, 1920), "21:9": (2206, 946),
    },
}  # fmt: skip


def output_size(resolution: str, ratio: str) -> tuple[int, int]:
    """(width, height) of a film; both must be definite."""
    return SIZES[resolution][ratio]


def tokens(width: int, height: int, frames: float) -> int:
    """What a film is billed as: width x height x frames / 1024. 5 s of 1280x720 are 108,900."""
    return int(width * height * frames / 1024)

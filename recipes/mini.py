"""The mini model, whole: 512x288, about 29 M parameters. Trained on one GPU in short slices."""

from onereel.model.mini import AUDIO, SAMPLING, TRANSFORMER, VIDEO
from onereel.train.data import DataConfig

__all__ = ["AUDIO", "BASE", "DATA", "FILM", "SAMPLING", "TRANSFORMER", "VIDEO"]

BASE = "runs/mini"
FILM = "runs/mini-film"

DATA = DataConfig(width=512, height=288, seconds=4, clips=20_000)

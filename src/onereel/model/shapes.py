"""Sizes of films in pixels, samples, latents and tokens.

- one transformer token covers 32x32 pixels x 8 frames (2x2 latents of 16x16x8)
- the first frame is a latent frame of its own, so a still is a one-frame film
- the token grid covers the picture; what hangs over the edge is cropped after decoding
- sound: 24 kHz stereo, 25 latents a second, exactly as long as the picture

Called by the autoencoders, the conditions, the sampler and training.
"""

from __future__ import annotations

from dataclasses import dataclass

FPS = 24
SAMPLE_RATE = 24_000
SAMPLES_PER_FRAME = SAMPLE_RATE // FPS
FRAMES_PER_LATENT = 8
LATENT_PIXELS = 16
TOKEN_PIXELS = 32
SAMPLES_PER_LATENT = 960
AUDIO_LATENTS_PER_SECOND = SAMPLE_RATE / SAMPLES_PER_LATENT


@dataclass(frozen=True)
class FilmShape:
    """Size of one film. `frames` is 8k + 1; `width` and `height` are in pixels, even."""

    frames: int
    height: int
    width: int

    def __post_init__(self) -> None:
        if self.frames < 1 or (self.frames - 1) % FRAMES_PER_LATENT:
            low = max(0, (self.frames - 1) // FRAMES_PER_LATENT) * FRAMES_PER_LATENT + 1
            raise ValueError(f"{self.frames} frames is not 8k + 1; nearest are {low} and {low + 8}")
        if self.height < 2 or self.width < 2 or self.height % 2 or self.width % 2:
            raise ValueError(f"picture size must be even, got {self.width}x{self.height}")

    @classmethod
    def from_seconds(cls, seconds: int, height: int, width: int) -> FilmShape:
        return cls(FPS * seconds + 1, height, width)

    @property
    def latent_frames(self) -> int:
        return 1 + (self.frames - 1) // FRAMES_PER_LATENT

    @property
    def grid(self) -> tuple[int, int, int]:
        """Tokens in (time, down, across)."""
        return self.latent_frames, -(-self.height // TOKEN_PIXELS), -(-self.width // TOKEN_PIXELS)

    @property
    def padded_size(self) -> tuple[int, int]:
        """(height, width) of the picture that the token grid covers."""
        return self.grid[1] * TOKEN_PIXELS, self.grid[2] * TOKEN_PIXELS

    @property
    def video_tokens(self) -> int:
        time, down, across = self.grid
        return time * down * across

    @property
    def samples(self) -> int:
        return self.frames * SAMPLES_PER_FRAME

    @property
    def audio_latents(self) -> int:
        return -(-self.samples // SAMPLES_PER_LATENT)

    @property
    def crop(self) -> tuple[slice, slice]:
        """Rows and columns of the padded picture that are the film."""
        high, wide = self.padded_size
        top, left = (high - self.height) // 2, (wide - self.width) // 2
        return slice(top, top + self.height), slice(left, left + self.width)


# Picture sizes per ratio at each model's own scale, (width, height): one token grid of about
# the same cost each. The names are Seedance's six ratios.
NANO_SIZES: dict[str, tuple[int, int]] = {
    "21:9": (288, 124),
    "16:9": (256, 144),
    "4:3": (208, 156),
    "1:1": (192, 192),
    "3:4": (156, 208),
    "9:16": (144, 256),
}
MINI_SIZES: dict[str, tuple[int, int]] = {
    "21:9": (576, 248),
    "16:9": (512, 288),
    "4:3": (416, 312),
    "1:1": (384, 384),
    "3:4": (312, 416),
    "9:16": (288, 512),
}

"""How strong the picture watermark may be at each place before eyes find it.

- colour: as many code values of Cb as make the same difference in CIELAB everywhere, so that a
  blue sky, white stone and a red curtain each get what they hide
- brightness: a little everywhere, more in texture
- texture is what is left of brightness when the local plane is taken out: an even slope, as on a
  wall in soft light, hides nothing

Texture raises colour by little: fine lines do not hide wide tints (tried: up to four and six times
as strong, which saves a quarter on flat places and can be seen on every busy one).

`picture.mark_frames` asks for every frame.
"""

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

# What one unit of Y and of Cb adds to R, G and B (ITU-R BT.709).
TO_RGB = torch.tensor([[1.0, 1.0, 1.0], [0.0, -0.1873, 1.8556]])
BRIGHT = torch.tensor([0.2126, 0.7152, 0.0722])
# At 288 lines, root mean square: CIELAB units of blue-yellow, code values of brightness.
SEEN, BRIGHTNESS = 1.4, 0.52
LEAST, MOST = 0.5, 2.8  # code values of Cb: the table is steep at black
COLOUR_IN_TEXTURE, BRIGHTNESS_IN_TEXTURE = 0.15, 0.5  # how much more per code value of contrast,
COLOUR_AT_MOST, BRIGHTNESS_AT_MOST = 1.7, 4.0  # up to so many times as strong
LEVELS = 32  # of each of R, G and B in the table
# Linear light to CIE XYZ of IEC 61966-2-1, each divided by that of white.
TO_XYZ = np.array([[0.4339, 0.3762, 0.1899], [0.2126, 0.7152, 0.0722], [0.0178, 0.1095, 0.8730]])


def room(frame: np.ndarray) -> Tensor:
    """Root mean squares of the mark in Y and in Cb at each pixel, (2, H, W), at 288 lines.

    frame: (H, W, 3) uint8. Looked at is every fourth pixel.
    """
    pixels = torch.from_numpy(np.ascontiguousarray(frame[::2, ::2])).float()
    contrast = texture(pixels @ BRIGHT)
    mean = F.avg_pool2d(pixels.movedim(-1, 0)[None], 2, ceil_mode=True)[0]
    red, green, blue = (mean / (256 / LEVELS)).long().clamp_(0, LEVELS - 1)
    colour = SEEN * cb_of_a_unit()[(red * LEVELS + green) * LEVELS + blue]
    colour = colour.clamp_(LEAST, MOST)
    colour *= (1 + COLOUR_IN_TEXTURE * contrast).clamp_(max=COLOUR_AT_MOST)
    brightness = BRIGHTNESS * (1 + BRIGHTNESS_IN_TEXTURE * contrast).clamp_(max=BRIGHTNESS_AT_MOST)
    both = torch.stack([brightness, colour])[None]
    return F.interpolate(both, frame.shape[:2], mode="bilinear", align_corners=False)[0]


def texture(bright: Tensor) -> Tensor:
    """Root mean square of what no local plane explains, (H/2, W/2) from brightness (H, W)."""
    bright = bright[None, None]
    fine = bright - F.avg_pool2d(bright, 5, 1, 2, count_include_pad=False)
    power = F.avg_pool2d(fine * fine, 2, ceil_mode=True)
    return F.avg_pool2d(power, 5, 1, 2, count_include_pad=False).sqrt()[0, 0]


@lru_cache(maxsize=1)
def cb_of_a_unit() -> Tensor:
    """Code values of Cb that make a CIELAB difference of 1, for each colour: (LEVELS^3,)."""
    levels = (np.arange(LEVELS) + 0.5) * (256 / LEVELS)
    colours = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), -1).reshape(-1, 3)
    step = 3.0 * TO_RGB[1].double().numpy()
    apart = lab(colours + step) - lab(colours - step)
    return torch.from_numpy(6.0 / np.linalg.norm(apart, axis=-1).clip(1e-3)).float()


def lab(colours: np.ndarray) -> np.ndarray:
    """CIELAB of sRGB code values (n, 3), D65 (IEC 61966-2-1, CIE 15)."""
    values = colours.clip(0, 255) / 255
    light = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    xyz = light @ TO_XYZ.T
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], -1)

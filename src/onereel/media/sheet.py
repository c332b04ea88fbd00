"""Films as still images, for people to look at: in the README, in reports, while training.

- `contact_sheet`: evenly spaced frames in a grid, the sound's spectrogram under them
- `film_strip`: one clean row
- `side_by_side`: an original row above its copy
- one dark style, rounded corners, even margins; Pillow and numpy only

Called from the evaluation, the training loop's samples and the command line.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from onereel.clip import FPS, check_frames, check_sound

BACKGROUND = (16, 17, 21)
BRIGHT, MUTED = (232, 232, 236), (134, 137, 147)
WIDTH = 1600  # pixels; a sheet is at most this wide
MARGIN, GAP, RADIUS = 28, 10, 8
LABEL_SIZE, TITLE_SIZE = 15, 24
STRIP_HEIGHT = 132
TICK = 6

# Magma at nine even steps, interpolated between.
_MAGMA = np.array(
    [
        (0, 0, 4),
        (28, 16, 68),
        (79, 18, 123),
        (129, 37, 129),
        (181, 54, 122),
        (229, 80, 100),
        (251, 135, 97),
        (254, 194, 135),
        (252, 253, 191),
    ],
    dtype=np.float64,
)
_FLOOR_DB = -75.0


def contact_sheet(
    frames: np.ndarray,
    sound: np.ndarray | None = None,
    sample_rate: int = 24_000,
    columns: int = 8,
    rows: int = 1,
    title: str | None = None,
    fps: int = FPS,
) -> Image.Image:
    """Frames (T, H, W, 3) uint8 in a grid in reading order, with the time in seconds under each;
    under the grid a spectrogram of sound (samples, 2) float32 over the whole film, if given."""
    check_frames(frames)
    picked = _evenly(len(frames), columns * rows)
    cell_width, cell_height = _cell(frames, columns)
    row_height = cell_height + 2 * TICK + LABEL_SIZE
    top = MARGIN + (TITLE_SIZE + MARGIN // 2 if title else 0)
    height = top + rows * row_height + (rows - 1) * GAP + MARGIN
    if sound is not None:
        check_sound(sound)
        height += STRIP_HEIGHT + GAP
    # The columns' own width, a few pixels under WIDTH, so that margins come out even.
    content = columns * cell_width + (columns - 1) * GAP
    sheet = Image.new("RGB", (content + 2 * MARGIN, height), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    if title:
        draw.text((MARGIN, MARGIN - 4), _cut(title, TITLE_SIZE), BRIGHT, _font(TITLE_SIZE))
    for place, index in enumerate(picked):
        row, column = divmod(place, columns)
        left = MARGIN + column * (cell_width + GAP)
        y = top + row * (row_height + GAP)
        _paste_rounded(sheet, Image.fromarray(frames[index]), (left, y, cell_width, cell_height))
        label = f"{index / fps:.2f} s"
        draw.text((left + 2, y + cell_height + TICK), label, MUTED, _font(LABEL_SIZE))
    if sound is not None:
        y = top + rows * row_height + rows * GAP
        picture = Image.fromarray(spectrogram(sound, sample_rate, content, STRIP_HEIGHT))
        _paste_rounded(sheet, picture, (MARGIN, y, content, STRIP_HEIGHT))
    return sheet


def film_strip(frames: np.ndarray, count: int = 6) -> Image.Image:
    """`count` evenly spaced frames of (T, H, W, 3) uint8 in one row, nothing else."""
    return _rows([frames], count, labels=None)


def side_by_side(
    a: np.ndarray, b: np.ndarray, count: int = 6, labels: tuple[str, str] = ("original", "copy")
) -> Image.Image:
    """Row of `a` above a row of `b`, both (T, H, W, 3) uint8, at the same moments in time.

    The shorter of the two decides which moments; each row is labelled.
    """
    shorter = min(len(a), len(b))
    return _rows([a[:shorter], b[:shorter]], count, labels)


def spectrogram(sound: np.ndarray, sample_rate: int, width: int, height: int) -> np.ndarray:
    """Log-mel picture (height, width, 3) uint8 of sound (samples, 2): low notes at the bottom.

    The colours span 75 dB down from full scale, so silence is black and loudness comparable
    between films.
    """
    window = 1024
    mono = np.pad(sound.mean(axis=1, dtype=np.float64), window // 2)
    # One column a pixel, whatever the length: centres spread evenly over the sound.
    starts = np.linspace(0, max(0, len(mono) - window), width).round().astype(int)
    padded = np.pad(mono, (0, max(0, window - len(mono))))
    pieces = padded[starts[:, None] + np.arange(window)] * np.hanning(window)
    # A full-scale sine gives 0 dB: half the window's sum is its peak.
    power = (np.abs(np.fft.rfft(pieces, axis=1)) / (np.hanning(window).sum() / 2)) ** 2
    mel = power @ _mel_bands(sample_rate, window, bands=min(height, 80)).T  # (width, bands)
    decibel = 10.0 * np.log10(np.maximum(mel, 1e-12))
    level = np.clip(1.0 - decibel / _FLOOR_DB, 0.0, 1.0)
    bands = Image.fromarray((level.T[::-1] * 255).astype(np.uint8))
    smooth = np.asarray(bands.resize((width, height), Image.Resampling.BICUBIC)) / 255.0
    return _magma(smooth)


def _mel_bands(sample_rate: int, window: int, bands: int) -> np.ndarray:
    """Overlapping triangles (bands, window // 2 + 1), even on the mel scale, each peaking at 1."""
    top = 2595.0 * np.log10(1.0 + sample_rate / 2 / 700.0)
    hertz = 700.0 * (10.0 ** (np.linspace(0.0, top, bands + 2) / 2595.0) - 1.0)
    bins = np.fft.rfftfreq(window, 1.0 / sample_rate)
    # Low bands are narrower than a bin; widen them to one, or they would stay black for ever.
    bin_width = sample_rate / window
    below = np.maximum(np.diff(hertz)[:-1], bin_width)[:, None]
    above = np.maximum(np.diff(hertz)[1:], bin_width)[:, None]
    offset = bins[None] - hertz[1:-1, None]
    return np.clip(np.where(offset < 0, 1.0 + offset / below, 1.0 - offset / above), 0.0, None)


def _magma(level: np.ndarray) -> np.ndarray:
    """(H, W) in 0..1 to (H, W, 3) uint8."""
    steps = np.linspace(0.0, 1.0, len(_MAGMA))
    channels = [np.interp(level, steps, _MAGMA[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def _rows(films: list[np.ndarray], count: int, labels: tuple[str, ...] | None) -> Image.Image:
    for frames in films:
        check_frames(frames)
    sizes = [_cell(frames, count) for frames in films]
    label_height = 0 if labels is None else LABEL_SIZE + TICK + 2
    height = 2 * MARGIN + sum(h + label_height for _, h in sizes) + GAP * (len(films) - 1)
    width = 2 * MARGIN + count * sizes[0][0] + GAP * (count - 1)
    sheet = Image.new("RGB", (width, height), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    y = MARGIN
    for place, (frames, (cell_width, cell_height)) in enumerate(zip(films, sizes, strict=True)):
        if labels is not None:
            draw.text((MARGIN + 2, y), labels[place], MUTED, _font(LABEL_SIZE))
            y += label_height
        for column, index in enumerate(_evenly(len(frames), count)):
            left = MARGIN + column * (cell_width + GAP)
            box = (left, y, cell_width, cell_height)
            _paste_rounded(sheet, Image.fromarray(frames[index]), box)
        y += cell_height + GAP
    return sheet


def _evenly(frames: int, count: int) -> list[int]:
    """`count` frame numbers from first to last; fewer when there are fewer frames."""
    return [int(i) for i in np.linspace(0, frames - 1, min(count, frames)).round()]


def _cell(frames: np.ndarray, columns: int) -> tuple[int, int]:
    width = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) // columns
    return width, max(1, round(width * frames.shape[1] / frames.shape[2]))


def _paste_rounded(
    sheet: Image.Image, picture: Image.Image, box: tuple[int, int, int, int]
) -> None:
    """Resize into box (left, top, width, height), its corners rounded and smooth."""
    left, top, width, height = box
    fine = 4  # the mask is drawn larger and shrunk: Pillow's own edges are jagged
    mask = Image.new("L", (width * fine, height * fine), 0)
    corner = (width * fine - 1, height * fine - 1)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *corner), RADIUS * fine, fill=255)
    mask = mask.resize((width, height), Image.Resampling.LANCZOS)
    sheet.paste(picture.resize((width, height), Image.Resampling.LANCZOS), (left, top), mask)


def _cut(text: str, size: int) -> str:
    """`text` on one line, ended with dots where it would run over the margin."""
    text = " ".join(text.split())
    room = WIDTH - 2 * MARGIN
    if _font(size).getlength(text) <= room:
        return text
    while text and _font(size).getlength(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)

"""A film to mark, and the codec that it goes through."""

import io

import av
import numpy as np
from scipy.ndimage import gaussian_filter

ID = "0f3ac9175be2"


def film(height: int = 288, width: int = 512, frames: int = 24) -> np.ndarray:
    """A panning landscape: smooth shapes, a few edges, noise-free, as animation is."""
    rng = np.random.default_rng(3)
    wide = gaussian_filter(rng.standard_normal((height, width + 2 * frames, 3)), (14, 14, 0))
    wide = np.where(wide > 0.02, wide * 900 + 110, wide * 300 + 90)
    return (
        np.stack([wide[:, 2 * i : 2 * i + width] for i in range(frames)])
        .clip(0, 255)
        .astype(np.uint8)
    )


def through_h264(frames: np.ndarray, crf: int) -> np.ndarray:
    data = io.BytesIO()
    height, width = frames.shape[1:3]
    with av.open(data, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=24, options={"crf": str(crf), "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for frame in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        out.mux(stream.encode())
    with av.open(io.BytesIO(data.getvalue())) as file:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)])

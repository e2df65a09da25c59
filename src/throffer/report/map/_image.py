"""A field of colours as a PNG image in a data address; the origin of an image in its metadata."""

from __future__ import annotations

import base64
import io

import numpy as np
from jaxtyping import Float
from PIL import Image, PngImagePlugin

from throffer.report._palette import OUTCOME_COLOURS
from throffer.structure import Conduct, Outcome

PALEST, FULLEST = 0.14, 0.95
"""Opacity of a colour at a probability of `UNSURE` or less, and at a probability of 1."""

UNSURE = 0.15
"""Modal probability above which opacity increases."""

_RGB = np.array(
    [
        [int(OUTCOME_COLOURS[Outcome(conduct)][at : at + 2], 16) for at in (1, 3, 5)]
        for conduct in Conduct
    ],
    np.uint8,
)


def opacity(probability: Float[np.ndarray, "*batch"]) -> Float[np.ndarray, "*batch"]:
    """Opacity for a modal probability; a less probable conduct is fainter."""
    sure = np.clip((probability - UNSURE) / (1 - UNSURE), 0, 1)
    return PALEST + (FULLEST - PALEST) * sure


def field_address(probabilities: Float[np.ndarray, "y x conduct"]) -> str:
    """An image: modal conduct as colour, its probability as opacity, first row at the bottom."""
    rows = probabilities[::-1]
    alpha = np.round(255 * opacity(rows.max(-1))).astype(np.uint8)
    pixels = np.concatenate([_RGB[rows.argmax(-1)], alpha[..., None]], -1)
    return f"data:image/png;base64,{base64.b64encode(_png(Image.fromarray(pixels))).decode()}"


def signed_png(image: bytes, software: str) -> bytes:
    """A PNG image with a text chunk `Software` that names the program."""
    sign = PngImagePlugin.PngInfo()
    sign.add_text("Software", software)
    return _png(Image.open(io.BytesIO(image)), sign)


def _png(image: Image.Image, sign: PngImagePlugin.PngInfo | None = None) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG", pnginfo=sign, optimize=True)
    return written.getvalue()

"""A field of colours as a PNG image (W3C, PNG specification, 3rd edition) in a data address."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from jaxtyping import Float, UInt8

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
    return f"data:image/png;base64,{base64.b64encode(_png(pixels)).decode()}"


def signed_png(image: bytes, software: str) -> bytes:
    """A PNG image with a text chunk `Software`, which names the program, after its header."""
    header = 8 + 12 + 13  # signature; length, kind and checksum; the fields of IHDR
    return image[:header] + _chunk(b"tEXt", f"Software\0{software}".encode()) + image[header:]


def _png(pixels: UInt8[np.ndarray, "y x 4"]) -> bytes:
    height, width, _ = pixels.shape
    # every scan line begins with its filter; 0 means none
    lines = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], 1)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 9)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

"""A picture in half blocks of 24-bit colour, or in letters of more and less ink."""

from __future__ import annotations

import io

RAMP = " .:-=+*#%@"
"""From dark to light."""
MOST_PIXELS = 60_000_000
"""A file of a few bytes may claim to be larger than all memory."""


class NotShown(Exception):
    """Why there is no picture, in a sentence."""


def drawn(data: bytes, width: int, height: int, *, letters: bool) -> str:
    """Lines of at most this size, the proportions kept. Two rows of pixels share a line."""
    try:
        from PIL import Image
    except ImportError:
        raise NotShown("pictures are shown with Pillow: pip install 'amltui[images]'") from None
    try:
        with Image.open(io.BytesIO(data)) as opened:
            wide, high = opened.size
            if wide * high > MOST_PIXELS:
                raise NotShown(f"a picture of {wide} × {high} pixels is too large to be shown")
            share = min(width / wide, 2 * height / high, 1.0)
            size = (max(1, round(wide * share)), max(2, round(high * share)))
            opened.draft("RGB", size)
            clear = opened.convert("RGBA").resize(size)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotShown("the picture is broken, or of an unknown format") from error
    ground = Image.new("RGBA", clear.size, "white")
    picture = Image.alpha_composite(ground, clear).convert("RGB")
    if letters:
        grey = picture.convert("L").resize((size[0], max(1, size[1] // 2)))
        levels = list(grey.tobytes())
        rows = [levels[at : at + size[0]] for at in range(0, len(levels), size[0])]
        return "\n".join("".join(RAMP[each * len(RAMP) // 256] for each in row) for row in rows)
    raw = picture.tobytes()

    def colour(x: int, y: int) -> str:
        at = 3 * (min(y, size[1] - 1) * size[0] + x)
        return f"{raw[at]};{raw[at + 1]};{raw[at + 2]}"

    return "\n".join(
        "".join(f"\x1b[38;2;{colour(x, y)};48;2;{colour(x, y + 1)}m▀" for x in range(size[0]))
        + "\x1b[0m"
        for y in range(0, size[1], 2)
    )

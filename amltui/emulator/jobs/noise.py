"""Randomness without state: the same (seed, words) always gives the same number."""

from __future__ import annotations

from zlib import crc32

_MASK = (1 << 64) - 1


def mixed(seed: int, index: int = 0) -> int:
    """64 well-stirred bits of a seed and an index (the splitmix64 finaliser)."""
    bits = (seed + 0x9E3779B97F4A7C15 * (index + 1)) & _MASK
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
    return bits ^ (bits >> 31)


def seeded(seed: int, *words: object) -> int:
    """A seed for one purpose, from a seed and the words that name it."""
    return mixed(seed, crc32("/".join(map(str, words)).encode()))


def uniform(seed: int, index: int = 0) -> float:
    """Evenly spread in [0, 1)."""
    return (mixed(seed, index) >> 11) / (1 << 53)


def bell(seed: int, index: int = 0) -> float:
    """Roughly normal: mean 0, deviation 1, never beyond ±3."""
    bits = mixed(seed, index)
    return ((bits & 0xFFFFF) + (bits >> 20 & 0xFFFFF) + (bits >> 40 & 0xFFFFF)) / 0x80000 - 3.0


def between(seed: int, low: float, high: float, index: int = 0) -> float:
    """Evenly spread in [low, high)."""
    return low + (high - low) * uniform(seed, index)

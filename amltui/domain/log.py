"""Log files of a job: which kinds there are, whose process wrote one, in which order they stand."""

from __future__ import annotations

import re
from datetime import datetime
from enum import IntEnum

from msgspec import Struct

_PROCESS = re.compile(r"(?:std_log|driver_log|rank|worker)\D{0,16}(\d{1,6})", re.ASCII)
_DIGITS = re.compile(r"(\d+)", re.ASCII)
_RUNTIME = ("azureml-logs/", "logs/azureml/")


class LogKind(IntEnum):
    """Who wrote a log, in the order in which people look."""

    USER = 0
    """The job's own processes."""
    RUNTIME = 1
    """The service about the run: orchestrators, and the driver of older runtimes."""
    BUILD = 2
    """The building of the job's image."""
    SYSTEM = 3
    """The node's helpers: mounts, images, life cycle."""
    OTHER = 4


class LogFile(Struct, frozen=True):
    """One log file and the signed link to its bytes."""

    path: str
    url: str
    """A SAS link: it carries its own permission and expires. Never log it, never send a token."""

    @property
    def group(self) -> str:
        """Its folder: user_logs, system_logs …"""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def kind(self) -> LogKind:
        return kind(self.path)

    @property
    def rank(self) -> int | None:
        """Which of a distributed job's processes wrote it; None where its name does not say."""
        return rank(self.path)


class LogChunk(Struct, frozen=True):
    """Bytes of a log file from `start` on."""

    start: int
    data: bytes
    size: int | None = None
    """The whole file's size when this was read, where the service said so."""
    made: str | None = None
    """When the file was made, as the service writes it: another one is another file."""
    changed: datetime | None = None
    """When it was last written to, to the second."""

    @property
    def end(self) -> int:
        return self.start + len(self.data)


def kind(path: str) -> LogKind:
    """By the folders that Azure ML uses: docs name user_logs and system_logs, the rest is seen."""
    if "image_build" in path or path.startswith("image_logs/"):
        return LogKind.BUILD
    if path.startswith("user_logs/"):
        return LogKind.USER
    if path.startswith(_RUNTIME):
        return LogKind.RUNTIME
    return LogKind.SYSTEM if path.startswith("system_logs/") else LogKind.OTHER


def rank(path: str) -> int | None:
    """`user_logs/std_log_process_03.txt` is 3; None where no number says."""
    if kind(path) > LogKind.RUNTIME:
        return None
    found = _PROCESS.search(path.rpartition("/")[2])
    return int(found[1]) if found else None


def order(path: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Sort key: what a person looks at first, then names with their numbers as numbers."""
    parts = _DIGITS.split(path)
    named = tuple(
        (int(part[:18]), "") if at % 2 else (-1, part) for at, part in enumerate(parts) if part
    )
    return kind(path), named

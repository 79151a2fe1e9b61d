"""Log files of a job."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LogFile:
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


@dataclass(frozen=True, slots=True)
class LogChunk:
    """Bytes of a log file from `start` on."""

    start: int
    data: bytes
    size: int | None = None
    """The whole file's size when this was read, where the service said so."""

    @property
    def end(self) -> int:
        return self.start + len(self.data)


SYSTEM = (2, "")
"""Where in the order of ranks the system's logs begin."""


def rank(path: str) -> tuple[int, str]:
    """Sort key that puts what a person looks at first: the user's logs, then the system's."""
    if path.startswith("user_logs/"):
        return (0, path)
    if path.startswith(("azureml-logs/", "logs/azureml/")):
        return (1, path)
    return (2, path)

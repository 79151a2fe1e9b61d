"""Every change that was asked for, on this machine: who, when, what, request id, result."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

PRIVATE = 0o600


class AuditLog(Struct):
    """Appends JSON lines to a file that only its owner reads. Neither tokens nor bodies are in it.

    A change that cannot be noted is made all the same, and `problem` says why it was not noted.
    """

    path: Path
    problem: str | None = None

    def note(
        self, *, who: str | None, what: str, result: str, request_id: str | None = None
    ) -> None:
        """Append one line."""
        line = json.dumps(
            {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "who": who,
                "what": what,
                "request_id": request_id,
                "result": result,
            },
            ensure_ascii=True,
        )
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            held = os.open(self.path, flags, PRIVATE)
            with os.fdopen(held, "a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            self.problem = f"{self.path} cannot be written: {error.strerror}"

"""The user's own editor, and the text that is in it: nothing that was typed is lost."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path


class NoEditor(Exception):
    """The editor could not be run; `str()` is one sentence that says what to do."""


def command(environ: Mapping[str, str]) -> list[str]:
    """As people have set it up, with its arguments."""
    wanted = environ.get("VISUAL") or environ.get("EDITOR") or "vi"
    try:
        return shlex.split(wanted) or ["vi"]
    except ValueError:
        return [wanted]


class Manuscript:
    """A text in a file that only the user can read."""

    def __init__(self, text: str, suffix: str = ".json") -> None:
        self.first = text
        descriptor, name = tempfile.mkstemp(suffix, "amltui-")
        self.path = Path(name)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    def edit(self) -> str:
        """The text once the editor has ended, which has the terminal until then."""
        editor = command(os.environ)
        try:
            ended = subprocess.run([*editor, str(self.path)], check=False)
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise NoEditor(f"There is no {editor[0]}: set EDITOR to your editor") from error
        except (OSError, UnicodeDecodeError) as error:
            raise NoEditor(f"The text in {self.path} cannot be read: {error}") from error
        if ended.returncode:
            raise NoEditor(f"{editor[0]} ended with code {ended.returncode}: nothing was sent")
        return text

    @property
    def is_untouched(self) -> bool:
        """Whether nothing in it is the user's own; False also where that cannot be told."""
        try:
            return self.path.read_text(encoding="utf-8") == self.first
        except (OSError, UnicodeDecodeError):
            return False

    def drop(self) -> None:
        """Remove the file, for what was in it has been done."""
        self.path.unlink(missing_ok=True)

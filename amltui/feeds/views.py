"""Views of lists that the user has saved under a name, kept from one start to the next."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from amltui.feeds import small_file


class SavedView(Struct, frozen=True):
    """What a list is filtered and sorted by, and its columns."""

    kind: str
    """Name of the kind whose list it is."""
    text: str = ""
    column: str | None = None
    descending: bool = False
    columns: tuple[str, ...] = ()


class Unkept(Exception):
    """The file could not be read or written; `str()` is a sentence for the user."""


class Views(Struct):
    """A small file, read before each use, so that two dashboards do not undo each other."""

    where: Callable[[], Path] | None = None
    """Finds the file; None keeps the views as long as the program runs."""
    _held: dict[str, SavedView] | None = None

    def all(self) -> dict[str, SavedView]:
        """By name; Unkept for a file that is not one of views."""
        if self.where is None:
            return dict(self._held or {})
        path = self.where()
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise Unkept(f"the saved views cannot be read: {error}") from error
        except ValueError as error:
            raise Unkept(
                f"{path} is damaged: correct or remove it to have saved views again ({error})"
            ) from error
        if not isinstance(found, dict):
            raise Unkept(f"{path} does not hold views: remove it to have saved views again")
        return {name: view for name, told in found.items() if (view := _view(told)) is not None}

    def save(self, name: str, view: SavedView) -> None:
        """Under this name, in place of what it stood for."""
        self._write({**self.all(), name: view})

    def forget(self, name: str) -> bool:
        """Whether there was one."""
        held = self.all()
        known = held.pop(name, None) is not None
        if known:
            self._write(held)
        return known

    def _write(self, held: Mapping[str, SavedView]) -> None:
        self._held = dict(held)
        if self.where is None:
            return
        told = {
            name: {
                "kind": view.kind,
                "filter": view.text,
                "sort": view.column,
                "descending": view.descending,
                "columns": list(view.columns),
            }
            for name, view in held.items()
        }
        try:
            text = json.dumps(told, ensure_ascii=False, indent=2)
            small_file.write(self.where(), text.encode("utf-8", "replace"))
        except OSError as error:
            raise Unkept(f"the view cannot be saved: {error}") from error


def _view(told: Any) -> SavedView | None:
    """A view, from whatever stands in the file; None for what is none."""
    if not isinstance(told, dict) or not isinstance(told.get("kind"), str):
        return None
    text, column, columns = told.get("filter"), told.get("sort"), told.get("columns")
    return SavedView(
        told["kind"],
        text if isinstance(text, str) else "",
        column if isinstance(column, str) else None,
        told.get("descending") is True,
        tuple(each for each in columns if isinstance(each, str))
        if isinstance(columns, list)
        else (),
    )

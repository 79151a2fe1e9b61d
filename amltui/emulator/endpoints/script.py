"""The scoring script that a client uploaded: whether a container that runs it would come up."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from amltui.emulator.blobs.account import Account
from amltui.emulator.blobs.address import place_of
from amltui.emulator.endpoints import assets
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

CRASHED = (
    "ResourceNotReady: User container has crashed or terminated. Please see troubleshooting guide,"
    " available here: https://aka.ms/oe-tsg#error-resourcenotready"
)
MOST = 1_000_000
"""Bytes of a script that is read; a larger one is taken to be good."""
_HEAD = "{time} E [95] azmlinfsrv - Traceback (most recent call last):"
_END = "{time} I [95] gunicorn.error - Worker exiting (pid: 95)"


def failure(call: Call, deployment: Resource) -> dict[str, Any] | None:
    """What its log is going to tell of a script that cannot start; None for any other."""
    code = deployment.properties["codeConfiguration"] or {}
    held = assets.find(call, "codes", code["codeId"]) if code.get("codeId") else None
    if held is None:
        return None
    name = str(code["scoringScript"]).removeprefix("./")
    found = _read(call, str(held.properties.get("codeUri") or ""), name)
    lines = None if found is None else _complaint(found, f"/var/azureml-app/{name}")
    if lines is None:
        return None
    return {"at": "init", "error": CRASHED, "lines": [_HEAD, *map(_plain, lines), _END]}


def _read(call: Call, folder: str, name: str) -> str | None:
    """The script; empty where there is none in a folder that has files, None if nobody knows."""
    split = urlsplit(folder)
    place = place_of(f"{split.scheme}://{split.netloc}{split.path.rstrip('/')}")
    if place is None:
        return None
    account, container, path = place
    storage = Account(call.world, account)
    blob = storage.get(container, f"{path}/{name}")
    if blob is not None:
        whole = blob.size <= MOST
        return blob.read(0, blob.size).decode("utf-8", "replace") if whole else None
    others = storage.walk(container, f"{path}/", f"{path}0")
    return "" if next(iter(others), None) is not None else None


def _complaint(text: str, path: str) -> list[str] | None:
    """The lines of a traceback below its first."""
    if not text:
        return [f"FileNotFoundError: [Errno 2] No such file or directory: '{path}'"]
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or 1
        return [f'  File "{path}", line {line}', f"SyntaxError: {getattr(error, 'msg', error)}"]
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    raised = _raised(tree.body)
    where = "<module>"
    if raised is None and "init" in functions:
        raised, where = _raised(functions["init"].body), "init"
    if raised is not None:
        return [
            f'  File "{path}", line {raised.lineno}, in {where}',
            f"    {ast.unparse(raised)}",
            _said(raised),
        ]
    known = set(functions) | {
        target.id
        for each in tree.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    imports = any(isinstance(each, ast.ImportFrom) for each in tree.body)
    if "run" not in known and not imports:
        return ["AttributeError: module 'score' has no attribute 'run'"]
    return None


def _raised(body: list[ast.stmt]) -> ast.Raise | None:
    """What is raised whatever happens: at the top of a body, before anything returns."""
    for each in body:
        if isinstance(each, ast.Return):
            return None
        if isinstance(each, ast.Raise):
            return each
    return None


def _said(raised: ast.Raise) -> str:
    """The last line of the traceback: `ValueError: no model`."""
    told = raised.exc
    if isinstance(told, ast.Call):
        first = told.args[0] if told.args else None
        text = f": {first.value!s}" if isinstance(first, ast.Constant) else ""
        return f"{ast.unparse(told.func)}{text}"
    return ast.unparse(told) if told is not None else "RuntimeError: No active exception to reraise"


def _plain(line: str) -> str:
    """With braces that are no place for the time."""
    return line.replace("{time}", "{ time}")

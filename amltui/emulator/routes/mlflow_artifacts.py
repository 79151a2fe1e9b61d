"""MLflow's list of a run's files: folder by folder, with sizes."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.blobs.account import LAST, Account
from amltui.emulator.blobs.run_files import CONTAINER, blob_path
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.jobs import mlflow_body
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.routes.mlflow import Asked

PAGE = 1000


async def listing(call: Call, record: JobRecord, asked: Asked) -> Response:
    folder = (asked.maybe("path") or "").strip("/")
    prefix = f"{folder}/" if folder else ""
    root = blob_path(record.name, "").removeprefix(f"{CONTAINER}/")
    account = Account(call.world, call.workspace.account)
    start = root + prefix
    found: dict[str, dict[str, Any]] = {}
    for blob in account.walk(CONTAINER, start, start + LAST):
        name, slash, _ = blob.name.removeprefix(start).partition("/")
        if slash:
            found[name] = {"path": prefix + name, "is_dir": True}
        else:
            found[name] = {"path": prefix + name, "is_dir": False, "file_size": blob.size}
    entries = list(found.values())
    page, following = paging.page(entries, paging.index(asked.maybe("page_token")), PAGE)
    answer: dict[str, Any] = {
        "root_uri": mlflow_body.artifact_uri(record, call.place),
        "files": list(page),
    }
    if following is not None:
        answer["next_page_token"] = paging.token(following)
    return JSONResponse(answer)

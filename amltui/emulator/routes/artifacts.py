"""Files of runs: listed by the service, opened by signed links."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.blobs.run_files import blob_path, modified, run_files
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.routes import paging, refusals
from amltui.emulator.routes.call import Call, WorkspaceRoute
from amltui.emulator.routes.run_history import under_experiments

PREFIX = "/artifact/v2.0"
PAGE = 500


async def list_artifacts(call: Call) -> Response:
    record = _run(call)
    if record is None:
        return refusals.no_such_run(call, _name(call))
    prefix = call.query.get("path", "")
    files = run_files(record, call.metrics(record), call.now)
    paths = [path for path in sorted(files) if path.startswith(prefix)]
    start = paging.position(call.query.get("continuationToken")) or 0
    page, following = paging.page(paths, start, PAGE)
    return JSONResponse(
        {
            "value": [_artifact(call, record, path) for path in page],
            "continuationToken": None if following is None else paging.token(following),
            "nextLink": None,
        }
    )


async def content_info(call: Call) -> Response:
    record, path = _run(call), call.query.get("path", "")
    if record is None:
        return refusals.no_such_run(call, _name(call))
    if path not in run_files(record, call.metrics(record), call.now):
        return refusals.dataplane(call, 404, f"Artifact '{path}' was not found.")
    return JSONResponse({**_artifact(call, record, path), "contentUri": _link(call, record, path)})


async def prefix_content_info(call: Call) -> Response:
    record = _run(call)
    if record is None:
        return refusals.no_such_run(call, _name(call))
    files = run_files(record, call.metrics(record), call.now)
    return JSONResponse(
        {
            "value": [
                {**_artifact(call, record, path), "contentUri": _link(call, record, path)}
                for path in sorted(files)
                if path.startswith(call.query.get("path", ""))
            ],
            "continuationToken": None,
            "nextLink": None,
        }
    )


def _name(call: Call) -> str:
    return call.params.get("run") or call.params["container"].removeprefix("dcid.")


def _run(call: Call) -> JobRecord | None:
    return call.history.get(_name(call), call.now)


def _link(call: Call, record: JobRecord, path: str) -> str:
    blob = blob_path(record.name, path)
    return call.signer.link(call.place.base, call.account, blob, call.now)


def _artifact(call: Call, record: JobRecord, path: str) -> dict[str, Any]:
    container = f"dcid.{record.name}"
    return {
        "artifactId": f"ExperimentRun/{container}/{path}",
        "origin": "ExperimentRun",
        "container": container,
        "path": path,
        "etag": None,
        "createdTime": iso(modified(record, call.now)),
        "dataPath": None,
        "tags": {},
    }


ROUTES = [
    *under_experiments("GET", "/runs/{run}/artifacts", list_artifacts),
    *under_experiments("GET", "/runs/{run}/artifacts/path", list_artifacts),
    *under_experiments("GET", "/runs/{run}/artifacts/contentinfo", content_info),
    *under_experiments("GET", "/runs/{run}/artifacts/prefix/contentinfo", prefix_content_info),
    WorkspaceRoute("GET", "/artifacts/ExperimentRun/{container}", list_artifacts, PREFIX),
    WorkspaceRoute("GET", "/artifacts/ExperimentRun/{container}/contentinfo", content_info, PREFIX),
    WorkspaceRoute(
        "GET",
        "/artifacts/ExperimentRun/{container}/prefix/contentinfo",
        prefix_content_info,
        PREFIX,
    ),
]

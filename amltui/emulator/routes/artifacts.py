"""Files of runs: listed by the service, opened by signed links."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.blobs.run_files import blob_path, modified, run_files
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import WORKSPACE, Plane, Route
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.routes.run_history import asked_run, under_experiments

PAGE = 500


async def list_artifacts(call: Call) -> Response:
    record = _run(call)
    prefix = call.query.get("path", "")
    files = run_files(record, call.metrics(record), call.now)
    paths = [path for path in sorted(files) if path.startswith(prefix)]
    start = paging.index(call.query.get("continuationtoken"))
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
    if path not in run_files(record, call.metrics(record), call.now):
        raise call.data_refused(404, f"Artifact '{path}' was not found.", "NotFoundError")
    return JSONResponse({**_artifact(call, record, path), "contentUri": _link(call, record, path)})


async def prefix_content_info(call: Call) -> Response:
    record = _run(call)
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


def _run(call: Call) -> JobRecord:
    """The run of the path, named itself or by its container."""
    container = call.params.get("container", "")
    return asked_run(call, call.params.get("run") or container.removeprefix("dcid."))


def _link(call: Call, record: JobRecord, path: str) -> str:
    return call.link(blob_path(record.name, path))


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


CONTAINER = f"/artifact/v2.0{WORKSPACE}/artifacts/ExperimentRun/{{container}}"
_UNDER = "/runs/{run}/artifacts"
_CALLS = (
    ("", list_artifacts, "Artifacts_List"),
    ("/contentinfo", content_info, "Artifacts_GetContentInformation"),
    ("/prefix/contentinfo", prefix_content_info, "Artifacts_ListContentInformation"),
)
ROUTES = [
    *(Route("GET", CONTAINER + path, handler, name, Plane.DATA) for path, handler, name in _CALLS),
    *(
        route
        for path, handler, name in _CALLS
        for route in under_experiments("GET", _UNDER + path, handler, f"Run{name}")
    ),
    *under_experiments("GET", f"{_UNDER}/path", list_artifacts, "RunArtifacts_ListInPath"),
]

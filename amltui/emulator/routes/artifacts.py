"""Artifacts of runs, and of anything else: listed and registered here, opened by signed links."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.artifacts import RUNS, Artifact, Box
from amltui.emulator.blobs.address import SUFFIX
from amltui.emulator.blobs.run_files import CONTAINER
from amltui.emulator.blobs.written import BLOCK, Written
from amltui.emulator.http import paging
from amltui.emulator.http.asked import text_of
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import WORKSPACE, Handler, Plane, Route
from amltui.emulator.routes.run_history import asked_run, under_experiments
from amltui.emulator.routes.storage import hashed

PAGE = 500
MOST = 1000
"""How many artifacts one request registers or deletes."""


# Reading


async def list_artifacts(call: Call) -> Response:
    """Flat: folders are made of paths by the client."""
    box = _box(call)
    return _page([box.body(each) for each in _listed(call, box)])


async def list_contents(call: Call) -> Response:
    """With a link to each."""
    box = _box(call)
    return _page([box.content(each.path) for each in _listed(call, box)])


async def get(call: Call) -> Response:
    box = _box(call)
    return JSONResponse(box.body(_asked(call, box)))


async def content_info(call: Call) -> Response:
    box = _box(call)
    return JSONResponse(box.content(_asked(call, box).path))


async def storage_info(call: Call) -> Response:
    """Where it lies, without what opens it."""
    box = _box(call)
    return JSONResponse(_stored(box, _asked(call, box).path))


async def list_storage(call: Call) -> Response:
    box = _box(call)
    return _page([_stored(box, each.path) for each in _listed(call, box)])


async def artifact_uri(call: Call) -> Response:
    """The link alone, as a string of JSON."""
    box = _box(call)
    return JSONResponse(box.link(_asked(call, box).path, "r"))


async def download(call: Call) -> Response:
    """The bytes through the service."""
    box = _box(call)
    found = _asked(call, box)
    if found.blob is None:
        raise _none(call, found.path)
    data = found.blob.read(0, found.blob.size)
    name = found.path.rpartition("/")[2].encode("ascii", "replace").decode().replace('"', "_")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, 200, headers, "application/octet-stream")


# Writing


async def write_info(call: Call) -> Response:
    """A link to write to, whether there is something or not."""
    return JSONResponse(_box(call).content(_path(call, call.query.get("path")), "rcw"))


async def upload(call: Call) -> Response:
    """The bytes through the service, in place of what is there or behind it."""
    box, path = _box(call), _path(call, call.query.get("path"))
    data, before = await call.request.body(), box.get(path)
    is_there = before is not None and before.blob is not None
    if call.query.get("append", "").lower() == "true" and before and before.blob:
        data = before.blob.read(0, before.blob.size) + data
    elif is_there and call.query.get("allowoverwrite", "").lower() != "true":
        raise _conflict(call, box, path)
    kind = {"Content-Type": call.request.headers.get("content-type", "application/octet-stream")}
    made = Written(box.key(path), BLOCK, call.now, call.now, "", md5=hashed(data), headers=kind)
    call.world.storage.blobs.put(made, data)
    return JSONResponse(box.body(_found(call, box, path)))


async def register(call: Call) -> Response:
    """Several at once, with a link for the bytes of each: some may be refused."""
    box, asked = _box(call), await call.body()
    made: dict[str, Any] = {}
    links: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for path in _paths(call, asked):
        before = box.get(path)
        if before is not None and before.blob is not None:
            text = f"Resource Conflict: ArtifactId {box.root}{path} already exists."
            errors[path] = {"error": {"code": "UserError", "message": text}}
            continue
        made[path] = box.body(before or box.register(path))
        links[path] = box.content(path, "rcw")
    return JSONResponse(
        {"artifacts": made, "artifactContentInformation": links, "errors": errors or None}
    )


async def create(call: Call) -> Response:
    """One that names its origin, container and path itself."""
    asked = await call.body()
    names = [text_of(asked, name) for name in ("origin", "container")]
    if not all(names):
        raise call.data_refused(400, "The origin and the container are required.", "BadArgument")
    box, path = Box(call, *names), _path(call, asked.get("path"))
    if box.get(path) is not None:
        raise _conflict(call, box, path)
    return JSONResponse(box.body(box.register(path)))


async def get_many(call: Call) -> Response:
    """Those with these ids, `ExperimentRun/dcid.r/outputs/model.pkl`, and links to them."""
    found: dict[str, Any] = {}
    links: dict[str, Any] = {}
    errors: dict[str, Any] = {}
    for name in _ids(call, await call.body()):
        origin, _, rest = name.partition("/")
        container, _, path = rest.partition("/")
        box = Box(call, origin, container)
        each = box.get(path) if path else None
        if each is None:
            text = f"Artifact '{name}' was not found."
            errors[name] = {"error": {"code": "UserError", "message": text}}
        else:
            found[name], links[name] = box.body(each), box.content(path)
    return JSONResponse(
        {"artifacts": found, "artifactContentInformation": links, "errors": errors or None}
    )


async def delete(call: Call) -> Response:
    box, path = _box(call), _path(call, call.query.get("path"))
    if box.get(path) is not None:
        box.drop(path)
    return Response(status_code=200)


async def delete_many(call: Call) -> Response:
    box = _box(call)
    for path in _paths(call, await call.body()):
        if box.get(path) is not None:
            box.drop(path)
    return Response(status_code=200)


async def delete_all(call: Call) -> Response:
    box = _box(call)
    for found in list(box.walk("")):
        box.drop(found.path)
    return Response(status_code=200)


# What they share


def _box(call: Call) -> Box:
    """The container of the path; that of a run is there as long as the run is."""
    if "run" in call.params:
        return Box(call, RUNS, f"dcid.{_owner(call, call.params['run'])}")
    origin, container = call.params["origin"], call.params["container"]
    if origin == RUNS and container.startswith("dcid."):
        return Box(call, RUNS, f"dcid.{_owner(call, container.removeprefix('dcid.'))}")
    return Box(call, origin, container)


def _owner(call: Call, name: str) -> str:
    """The run, or the trace, whose files they are."""
    trace = call.world.resources.get(f"{call.workspace.id}/traces/{name}", call.now)
    return asked_run(call, name).name if trace is None else trace.name


def _listed(call: Call, box: Box) -> list[Artifact]:
    """A page and one more, which is where the next one begins."""
    start = paging.position(call.query.get("continuationtoken"))
    found: Iterator[Artifact] = box.walk(
        call.query.get("path", ""), start if isinstance(start, str) else ""
    )
    return list(islice(found, PAGE + 1))


def _page(bodies: list[dict[str, Any]]) -> Response:
    following = bodies[PAGE]["path"] if len(bodies) > PAGE else None
    return JSONResponse(
        {
            "value": bodies[:PAGE],
            "continuationToken": None if following is None else paging.token(following),
            "nextLink": None,
        }
    )


def _asked(call: Call, box: Box) -> Artifact:
    return _found(call, box, _path(call, call.query.get("path")))


def _found(call: Call, box: Box, path: str) -> Artifact:
    found = box.get(path)
    if found is None:
        raise _none(call, path)
    return found


def _path(call: Call, given: Any) -> str:
    """A path that can be an artifact's; a 400 for anything else."""
    if not isinstance(given, str) or not given.strip("/") or len(given) > 1024:
        raise call.data_refused(400, "The path of an artifact is required.", "BadArgument")
    return given.lstrip("/")


def _paths(call: Call, asked: dict[str, Any]) -> list[str]:
    """`{"paths": [{"path": …}]}`"""
    given = asked.get("paths")
    if not isinstance(given, list) or not 0 < len(given) <= MOST:
        message = f"The field paths has to name 1 to {MOST} artifacts."
        raise call.data_refused(400, message, "BadArgument")
    return [_path(call, each.get("path") if isinstance(each, dict) else None) for each in given]


def _ids(call: Call, asked: dict[str, Any]) -> list[str]:
    """`{"artifactIds": ["…"]}`"""
    given = asked.get("artifactIds")
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise call.data_refused(400, "The field artifactIds has to be a list.", "BadArgument")
    return given[:MOST]


def _stored(box: Box, path: str) -> dict[str, Any]:
    uri = f"https://{box.account.name}.{SUFFIX}/{CONTAINER}/{box.root}{path}"
    return {**box.content(path), "contentUri": uri}


def _none(call: Call, path: str) -> Refusal:
    return call.data_refused(404, f"Artifact '{path}' was not found.", "NotFoundError")


def _conflict(call: Call, box: Box, path: str) -> Refusal:
    message = f"Resource Conflict: ArtifactId {box.root}{path} already exists."
    return call.data_refused(409, message, "Conflict", "ResourceConflict")


ARTIFACTS = f"/artifact/v2.0{WORKSPACE}/artifacts"
_OF_CONTAINER: tuple[tuple[str, str, Handler, str], ...] = (
    ("GET", "", list_artifacts, "Artifacts_ListInContainer"),
    ("GET", "/metadata", get, "Artifacts_Get"),
    ("DELETE", "/metadata", delete, "Artifacts_DeleteMetaData"),
    ("GET", "/contentinfo", content_info, "Artifacts_GetContentInformation"),
    ("GET", "/contentinfo/storageuri", storage_info, "Artifacts_GetStorageContentInformation"),
    ("GET", "/prefix/contentinfo", list_contents, "Artifacts_ListSasByPrefix"),
    ("GET", "/prefix/contentinfo/storageuri", list_storage, "Artifacts_ListStorageUriByPrefix"),
    ("GET", "/content", download, "Artifacts_Download"),
    ("POST", "/content", upload, "Artifacts_Upload"),
    ("GET", "/write", write_info, "Artifacts_GetSas"),
    ("POST", "/batch/metadata", register, "Artifacts_BatchCreateEmptyArtifacts"),
    ("POST", "/batch/metadata:delete", delete_many, "Artifacts_DeleteBatchMetaData"),
    ("DELETE", "/batch", delete_all, "Artifacts_DeleteMetaDataInContainer"),
)
_OF_RUN: tuple[tuple[str, str, Handler, str], ...] = (
    ("GET", "", list_artifacts, "RunArtifacts_ListInContainer"),
    ("GET", "/path", list_artifacts, "RunArtifacts_ListInPath"),
    ("GET", "/metadata", get, "RunArtifacts_GetById"),
    ("GET", "/contentinfo", content_info, "RunArtifacts_GetContentInformation"),
    ("GET", "/artifacturi", artifact_uri, "RunArtifacts_GetSasUri"),
    ("GET", "/prefix/contentinfo", list_contents, "RunArtifacts_ListSasByPrefix"),
    ("POST", "/batch/metadata", register, "RunArtifacts_BatchCreateEmptyArtifacts"),
)
ROUTES = [
    Route("POST", f"{ARTIFACTS}/metadata", create, "Artifacts_Create", Plane.DATA),
    Route("POST", f"{ARTIFACTS}/register", create, "Artifacts_Register", Plane.DATA),
    Route("POST", f"{ARTIFACTS}/batch/metadata", get_many, "Artifacts_BatchGetById", Plane.DATA),
    *(
        Route(method, f"{ARTIFACTS}/{{origin}}/{{container}}{path}", handler, name, Plane.DATA)
        for method, path, handler, name in _OF_CONTAINER
    ),
    *(
        route
        for method, path, handler, name in _OF_RUN
        for route in under_experiments(method, f"/runs/{{run}}/artifacts{path}", handler, name)
    ),
]

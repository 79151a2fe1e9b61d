"""What a pasted id or address is about: studio pages, ARM ids, azureml:// URIs, run ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from amltui.domain import az_line
from amltui.domain.arm_id import WorkspaceId

_SHORT_PLACE = re.compile(
    r"/?subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)"
    r"/(?:providers/Microsoft\.MachineLearningServices/)?workspaces/(?P<name>[^/?#]+)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
"""`azureml://` leaves out the provider."""
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}", re.ASCII)
_CONTAINER = re.compile(r"dcid\.(?P<run>[A-Za-z0-9][A-Za-z0-9_-]*)", re.ASCII)
"""The folder of a run in the workspace's artifact store."""
_KINDS = {
    "runs": "job",
    "jobs": "job",
    "compute": "compute",
    "computes": "compute",
    "computelist": "compute",
    "model": "model",
    "models": "model",
    "onlineendpoints": "endpoint",
    "batchendpoints": "endpoint",
    "serverlessendpoints": "endpoint",
    "data": "data",
    "datastore": "datastore",
    "datastores": "datastore",
    "environments": "environment",
    "environment": "environment",
    "components": "component",
    "schedules": "schedule",
}
"""Kinds by the segment that stands before a name."""
_ENDPOINTS = {"realtime", "batch", "serverless"}
_IN_ARTIFACTS = "ExperimentRun"


class Target(Struct, frozen=True):
    """Where to go."""

    kind: str
    """Of the thing: job, compute, model, endpoint, workspace …"""
    name: str
    """Without a version."""
    workspace: WorkspaceId | None = None
    """None where it does not say; parts that it does not say are empty."""


def target(text: str) -> Target | None:
    """What a text is about; None where that cannot be told."""
    text = text.strip().strip("<>\"'").strip()
    lower = text.lower()
    if lower.startswith(("az ml ", "$ az ml ")):
        read = az_line.read(text)
        return Target(*read) if read is not None else None
    if lower.startswith(("runs:/", "models:/")):
        return _of_mlflow(text)
    if lower.startswith(("https://", "http://")):
        return _of_url(text)
    if lower.startswith("azureml:"):
        return _of_uri(text)
    if lower.lstrip("/").startswith("subscriptions/"):
        return _of_path(text)
    return Target("job", text) if _RUN_ID.fullmatch(text) else None


def _of_url(text: str) -> Target | None:
    """A page of the studio or the portal, or a resource of ARM."""
    try:
        parts = urlsplit(text)
        asked = parse_qs(parts.query)
    except ValueError:
        return None
    for path in (parts.path, parts.fragment):
        # The portal's addresses are in the fragment: #@tenant/resource/subscriptions/…
        at = path.lower().find("/subscriptions/")
        if at >= 0 and (found := _of_path(unquote(path[at:]))) is not None:
            return found
    place = _place(asked.get("wsid", [""])[0])
    # MLflow's own pages are in the fragment: #/experiments/1/runs/ID
    found = _of_segments(_segments(unquote(parts.path)), place) or _of_segments(
        _segments(unquote(parts.fragment)), place
    )
    return found or (Target("workspace", place.name, place) if place else None)


def _of_mlflow(text: str) -> Target | None:
    """`runs:/RUN/path`, `models:/NAME/3`, `models:/NAME@alias`."""
    scheme, _, rest = text.partition(":")
    name = next(iter(_segments(rest)), "").partition("@")[0]
    if not _RUN_ID.fullmatch(name):
        return None
    return Target("job" if scheme.lower() == "runs" else "model", name)


def _of_uri(text: str) -> Target | None:
    """`azureml://subscriptions/…`, `azureml://jobs/NAME/outputs/…`, `azureml:NAME:VERSION`."""
    if not text.lower().startswith("azureml://"):
        name = text.partition(":")[2].partition(":")[0].partition("@")[0]
        return Target("model", name) if name else None
    body = text[len("azureml://") :].partition("?")[0]
    if body.lower().startswith("registries/"):
        registry, *inside = _segments(body)[1:] or [""]
        held = _of_segments(inside, None)
        name = f"{held.name} of {registry}" if held else registry
        return Target(f"registry's {held.kind}" if held else "registry", name) if registry else None
    at = body.lower().find("subscriptions/")
    if at >= 0:
        return _of_path(body[at:])
    return _of_segments(_segments(body), None)


def _of_path(text: str) -> Target | None:
    """An id of a workspace, or of something in one."""
    found = _SHORT_PLACE.match(text.partition("?")[0])
    if found is None:
        return None
    place = WorkspaceId(found["subscription"], found["group"], found["name"])
    inside = _of_segments(_segments(found["rest"]), place)
    return inside or Target("workspace", place.name, place)


def _place(text: str) -> WorkspaceId | None:
    try:
        return WorkspaceId.parse(text)
    except ValueError:
        return None


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _of_segments(segments: Sequence[str], place: WorkspaceId | None) -> Target | None:
    """The innermost thing that is named: a run of an experiment, files of a run."""
    for segment in segments if _IN_ARTIFACTS in segments else ():
        if run := _CONTAINER.fullmatch(segment):
            return Target("job", run["run"], place)
    for index, segment in enumerate(segments[:-1]):
        word, following = segment.lower(), segments[index + 1]
        if word == "endpoints" and following.lower() in _ENDPOINTS and len(segments) > index + 2:
            return Target("endpoint", segments[index + 2], place)
        kind = _KINDS.get(word)
        if kind is not None and following.lower() not in {"list", "create"}:
            return Target(kind, following.partition(":")[0], place)
    return None

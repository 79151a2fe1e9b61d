"""Files of a run: folder by folder through MLflow, which knows sizes; bytes behind signed links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amltui.azure import blobs, loose
from amltui.azure.errors import NotFound
from amltui.domain.artifact import Artifact
from amltui.domain.listing import Listing, unique

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.log import LogChunk

MOST_PAGES = 50


async def listed(place: WorkspaceClient, run_id: str, folder: str = "") -> Listing[Artifact]:
    """What is directly in a folder; folders first, by name."""
    params = {"run_id": run_id} | ({"path": folder} if folder else {})
    found: list[Artifact] = []
    more = False
    for _ in range(MOST_PAGES):
        body = await place.mlflow("GET", "/artifacts/list", params=params)
        for item in loose.objects(body, "files"):
            path = (loose.text(item, "path") or "").strip("/")
            if path:
                is_folder = loose.at(item, "is_dir") is True
                size = None if is_folder else loose.count(item, "file_size")
                found.append(Artifact(place.id, run_id, path, is_folder, size))
        token = loose.text(body, "next_page_token")
        more = token is not None and token != params.get("page_token")
        if token is None or not more:
            break
        params["page_token"] = token
    ordered = sorted(unique(found), key=lambda each: (not each.is_folder, each.path))
    return Listing(tuple(ordered), more)


async def link(place: WorkspaceClient, file: Artifact) -> str:
    """A signed link to the file, which expires; NotFound where the service has none."""
    container = f"/ExperimentRun/dcid.{file.run_id}"
    body = await place.artifact("GET", f"{container}/contentinfo", params={"path": file.path})
    url = loose.text(body, "contentUri")
    if url is None:
        raise NotFound(f"the service gives no link to {file.path}")
    return url


async def read(place: WorkspaceClient, url: str, start: int, most: int = blobs.LARGEST) -> LogChunk:
    """At most that many bytes of the file from `start` on; LinkExpired if it is too late."""
    return await place.client.read_blob(url, start, most)

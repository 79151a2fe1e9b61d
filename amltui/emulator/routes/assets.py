"""Assets with versions, in workspaces and in registries: all five kinds have the same routes."""

from __future__ import annotations

from amltui.emulator.assets.kinds import KINDS, Kind
from amltui.emulator.http.route import FRONT_END, REGISTRY, WORKSPACE, Plane, Route
from amltui.emulator.routes.asset_containers import Containers
from amltui.emulator.routes.asset_versions import Versions


def _routes(kind: Kind, home: str, prefix: str, plane: Plane) -> list[Route]:
    containers, versions = Containers(kind), Versions(kind)
    collection = f"{home}/{kind.segment}"
    container = f"{collection}/{{name}}"
    version = f"{container}/versions/{{version}}"
    noun = f"{prefix}{kind.noun}"
    return [
        Route("GET", collection, containers.listing, f"{noun}Containers_List", plane),
        Route("GET", container, containers.get, f"{noun}Containers_Get", plane),
        Route("PUT", container, containers.put, f"{noun}Containers_CreateOrUpdate", plane),
        Route("DELETE", container, containers.delete, f"{noun}Containers_Delete", plane),
        Route("GET", f"{container}/versions", versions.listing, f"{noun}Versions_List", plane),
        Route("GET", version, versions.get, f"{noun}Versions_Get", plane),
        Route("PUT", version, versions.put, f"{noun}Versions_CreateOrUpdate", plane),
        Route("DELETE", version, versions.delete, f"{noun}Versions_Delete", plane),
    ]


ROUTES = [
    route
    for home, prefix, plane in (
        (WORKSPACE, "", Plane.ARM),
        (REGISTRY, "Registry", Plane.ARM),
        (f"{FRONT_END}{REGISTRY}", "Registry", Plane.DATA),
    )
    for kind in KINDS
    for route in _routes(kind, home, prefix, plane)
]

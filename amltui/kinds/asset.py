"""What a registry holds, in columns and in full."""

from __future__ import annotations

from collections.abc import Sequence

from amltui.domain.asset import Asset
from amltui.kinds import format as fmt
from amltui.kinds.kind import Column, Fact, Row

ASSETS: Sequence[Column[Asset]] = (
    Column("WHAT", lambda r: r.resource.what, 11, importance=8),
    Column("NAME", lambda r: r.resource.name, 20, flex=2, importance=9),
    Column("LATEST", lambda r: r.resource.latest or fmt.UNKNOWN, 8, importance=7),
    Column("DESCRIPTION", lambda r: fmt.one_line(r.resource.description or ""), 20, flex=3,
           importance=3),
    Column("BY", lambda r: fmt.person(r.resource.created_by), 10, importance=4),
    Column("AGE", lambda r: fmt.age(r.resource.created, r.now), 5, importance=6, right=True,
           sort=lambda r: r.resource.created),
)  # fmt: skip


def address(asset: Asset) -> str:
    """What a job's YAML, and `:go`, take: `azureml://registries/…/models/…/versions/3`."""
    sort = "data" if asset.what == "data" else f"{asset.what}s"
    version = f"/versions/{asset.latest}" if asset.latest else "/labels/latest"
    return f"azureml://registries/{asset.workspace.name}/{sort}/{asset.name}{version}"


def facts(row: Row[Asset]) -> Sequence[Fact]:
    """Everything that is known of one, with the address that jobs name it by."""
    asset = row.resource
    return [
        Fact("what it is", asset.what),
        Fact("latest", asset.latest or fmt.UNKNOWN),
        Fact("in a job", fmt.one_line(address(asset))),
        Fact("created", fmt.ago(asset.created, row.now, asset.created_by)),
        Fact("tags", fmt.own_tags(asset.tags) or fmt.NONE),
        Fact("description", fmt.one_line(asset.description or fmt.NONE)),
    ]

"""Registered models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from amltui.azure import models
from amltui.domain.health import Health
from amltui.domain.model import Model
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Fact, Kind, PerWorkspace, Row


def _name(row: Row[Model]) -> Cell:
    return Cell(row.resource.name, dim=row.resource.is_archived)


def _facts(row: Row[Model]) -> Sequence[Fact]:
    model = row.resource
    return [
        Fact("latest version", model.latest_version or fmt.UNKNOWN),
        Fact("type", model.type or fmt.UNKNOWN),
        Fact("description", fmt.one_line(model.description or fmt.NONE)),
        Fact("created", f"{fmt.age(model.created, row.now)} ago by {model.created_by}"),
        Fact("modified", f"{fmt.age(model.modified, row.now)} ago"),
        Fact("workspace", model.workspace.name),
        Fact("tags", fmt.tags(model.tags.items()) or fmt.NONE),
    ]


def _tally(listed: Sequence[Model]) -> Sequence[Cell]:
    archived = sum(model.is_archived for model in listed)
    return (Cell(f"archived {archived}", Health.IDLE if archived else None),)


def _record(model: Model, now: datetime) -> dict[str, object]:
    return {
        "name": model.name,
        "latest_version": model.latest_version,
        "type": model.type,
        "workspace": model.workspace.name,
        "description": model.description,
        "tags": model.tags,
        "created": fmt.iso(model.created),
        "created_by": model.created_by,
        "modified": fmt.iso(model.modified),
        "archived": model.is_archived,
    }


MODEL: Kind[Model] = Kind(
    name="model",
    title="Models",
    key="4",
    noun=("model", "models"),
    source=PerWorkspace(models.list_all),
    columns=(
        Column("NAME", _name, 24, flex=2, importance=9),
        Column("WORKSPACE", lambda r: r.resource.workspace.name, 12, importance=5, scattered=True),
        Column(
            "LATEST",
            lambda r: r.resource.latest_version or fmt.UNKNOWN,
            8,
            importance=8,
            right=True,
        ),
        Column("TYPE", lambda r: r.resource.type or fmt.UNKNOWN, 12, importance=3),
        Column("BY", lambda r: fmt.person(r.resource.created_by), 10, importance=4),
        Column("TAGS", lambda r: fmt.tags(r.resource.tags.items()), 12, flex=3, importance=2),
        Column(
            "AGE",
            lambda r: fmt.age(r.resource.created, r.now),
            5,
            sort=lambda r: r.resource.created,
            importance=6,
            right=True,
        ),
    ),
    record=_record,
    facts=_facts,
    tally=_tally,
    empty="No registered models: register one from a job's outputs or with `az ml model create`.",
    calm=60.0,
)

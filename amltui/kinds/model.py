"""Registered models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from amltui.azure import models
from amltui.domain.health import Health
from amltui.domain.model import Model
from amltui.domain.query.condition import Shape, Spec
from amltui.kinds import format as fmt
from amltui.kinds.fields import Field, common
from amltui.kinds.kind import Cell, Column, Fact, Kind, PerWorkspace, Row, Toggle


def _name(row: Row[Model]) -> Cell:
    return Cell(row.resource.name, dim=row.resource.is_archived)


def _facts(row: Row[Model]) -> Sequence[Fact]:
    model = row.resource
    return [
        Fact("latest version", model.latest_version or fmt.UNKNOWN),
        Fact("type", model.type or fmt.NONE),
        Fact("description", fmt.one_line(model.description or fmt.NONE)),
        Fact("created", fmt.ago(model.created, row.now, model.created_by)),
        Fact("modified", fmt.ago(model.modified, row.now)),
        Fact("workspace", model.workspace.name),
        Fact("archived", "yes" if model.is_archived else fmt.NONE),
        Fact("tags", fmt.own_tags(model.tags) or fmt.NONE),
        Fact("service tags", fmt.service_tags(model.tags) or fmt.NONE, aside=True),
    ]


def _order(model: Model) -> tuple[float, str]:
    """The newest first."""
    return -(model.created.timestamp() if model.created else 0.0), model.name.lower()


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
        Column("BY", lambda r: fmt.person(r.resource.created_by), 10, importance=4),
        Column("TAGS", lambda r: fmt.own_tags(r.resource.tags), 12, flex=3, importance=2),
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
    order=_order,
    fields=(
        Field(
            Spec("user", Shape.PERSON, "who made it: me, or a name", aliases=("by", "owner")),
            lambda r: r.resource.created_by,
        ),
        Field(Spec("type", Shape.TEXT, "what it is"), lambda r: r.resource.type),
        Field(Spec("version", Shape.TEXT, "the latest"), lambda r: r.resource.latest_version),
        Field(
            Spec("archived", Shape.CHOICE, "put away", ("no", "yes", "all")),
            lambda r: ("yes" if r.resource.is_archived else "no", "all"),
        ),
        *common(lambda model: model.created, lambda model: model.tags),
    ),
    toggles=(
        Toggle("M", "Mine", "user:me"),
        Toggle("A", "Without archived", "archived:no"),
    ),
    calm=60.0,
    resource=Model,
)

"""Registered models and their versions."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health


class Model(Struct, frozen=True):
    """A model container: a name with versions under it."""

    workspace: WorkspaceId
    name: str
    latest_version: str | None
    type: str | None = None
    """custom_model, mlflow_model, triton_model: known of versions only, so None until asked."""
    description: str | None = None
    created: datetime | None = None
    created_by: str | None = None
    modified: datetime | None = None
    is_archived: bool = False
    tags: dict[str, str | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.workspace.key}/models/{self.name.lower()}"

    @property
    def health(self) -> Health:
        return Health.IDLE if self.is_archived else Health.DONE


class ModelVersion(Struct, frozen=True):
    """One version; `version` is text, and not always a number."""

    workspace: WorkspaceId
    model: str
    version: str
    type: str | None = None
    stage: str | None = None
    uri: str | None = None
    job: str | None = None
    """The run that made it."""
    description: str | None = None
    created: datetime | None = None
    created_by: str | None = None
    tags: dict[str, str | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.model}:{self.version}"

    @property
    def key(self) -> str:
        return f"{self.workspace.key}/models/{self.model.lower()}/versions/{self.version}"

    @property
    def health(self) -> Health:
        return Health.DONE

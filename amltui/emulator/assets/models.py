"""Registered models and their versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from amltui.emulator.jobs.wiretime import iso

TYPE = "Microsoft.MachineLearningServices/workspaces/models"


@dataclass(frozen=True)
class ModelVersion:
    """One version. Its name is a string, and not always a number."""

    workspace: str
    name: str
    version: str
    created: float
    type: str = "custom_model"
    created_by: str = "Kim Lang"
    description: str | None = None
    tags: dict[str, str | None] | None = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    uri: str | None = None
    job: str | None = None
    stage: str | None = None
    flavors: dict[str, Any] = field(default_factory=dict)
    is_archived: bool = False


@dataclass(frozen=True)
class ModelContainer:
    """What is kept of a model besides its versions, where somebody changed it."""

    workspace: str
    name: str
    description: str | None = None
    tags: dict[str, str | None] | None = field(default_factory=dict)
    is_archived: bool = False


@dataclass
class ModelShelf:
    """The models of every workspace."""

    save: Callable[[str, str, dict[str, Any]], None] = lambda table, key, value: None
    _versions: dict[str, dict[str, dict[str, ModelVersion]]] = field(default_factory=dict)
    _containers: dict[tuple[str, str], ModelContainer] = field(default_factory=dict)

    def names(self, workspace: str, now: float) -> list[str]:
        """Newest model first."""
        models = self._versions.get(workspace.lower(), {})
        present = [name for name in models if self.versions(workspace, name, now)]
        return sorted(
            present, key=lambda name: self.versions(workspace, name, now)[0].created, reverse=True
        )

    def versions(self, workspace: str, name: str, now: float) -> list[ModelVersion]:
        """Newest first."""
        known = self._versions.get(workspace.lower(), {}).get(name, {})
        present = [each for each in known.values() if each.created <= now]
        return sorted(present, key=lambda each: each.created, reverse=True)

    def version(self, workspace: str, name: str, version: str, now: float) -> ModelVersion | None:
        found = (each for each in self.versions(workspace, name, now) if each.version == version)
        return next(found, None)

    def container(self, workspace: str, name: str) -> ModelContainer:
        workspace = workspace.lower()
        return self._containers.get((workspace, name), ModelContainer(workspace, name))

    def put(self, version: ModelVersion) -> None:
        self._add(version)
        key = f"{version.workspace}/{version.name}/{version.version}"
        self.save("model_versions", key, asdict(version))

    def put_container(self, container: ModelContainer) -> None:
        self._containers[container.workspace, container.name] = container
        self.save("models", f"{container.workspace}/{container.name}", asdict(container))

    def restore(self, table: str, value: dict[str, Any]) -> None:
        """Take back what was saved."""
        if table == "model_versions":
            self._add(ModelVersion(**value))
        elif table == "models":
            container = ModelContainer(**value)
            self._containers[container.workspace, container.name] = container

    def next_version(self, workspace: str, name: str, now: float) -> str:
        numbers = [
            int(each.version)
            for each in self.versions(workspace, name, now)
            if each.version.isdigit()
        ]
        return str(max(numbers, default=0) + 1)

    def stock(self, versions: list[ModelVersion]) -> None:
        """What a scenario begins with."""
        for version in versions:
            self._add(version)

    def _add(self, version: ModelVersion) -> None:
        version = replace(version, workspace=version.workspace.lower())
        models = self._versions.setdefault(version.workspace, {})
        models.setdefault(version.name, {})[version.version] = version


def version_body(version: ModelVersion, workspace: str) -> dict[str, Any]:
    """A version as ARM shows it. `workspace` is the id as the service spells it."""
    return {
        "id": f"{workspace}/models/{version.name}/versions/{version.version}",
        "name": version.version,
        "type": f"{TYPE}/versions",
        "properties": {
            "description": version.description,
            "tags": version.tags,
            "properties": version.properties,
            "isArchived": version.is_archived,
            "isAnonymous": False,
            "flavors": version.flavors,
            "modelType": version.type,
            "modelUri": version.uri or _uri(version, workspace),
            "jobName": version.job,
            "stage": version.stage,
            "provisioningState": "Succeeded",
            "datasets": [],
        },
        "systemData": _system(version.created, version.created, version.created_by),
    }


def container_body(shelf: ModelShelf, workspace: str, name: str, now: float) -> dict[str, Any]:
    """A model as ARM shows it."""
    versions = shelf.versions(workspace, name, now)
    container = shelf.container(workspace, name)
    newest, oldest = versions[0], versions[-1]
    return {
        "id": f"{workspace}/models/{name}",
        "name": name,
        "type": TYPE,
        "properties": {
            "description": container.description,
            "tags": container.tags or newest.tags,
            "properties": {},
            "isArchived": container.is_archived,
            "latestVersion": newest.version,
            "nextVersion": shelf.next_version(workspace, name, now),
        },
        "systemData": _system(oldest.created, newest.created, oldest.created_by),
    }


def _uri(version: ModelVersion, workspace: str) -> str:
    parts = workspace.split("/")
    place = f"subscriptions/{parts[2]}/resourceGroups/{parts[4]}/workspaces/{parts[8]}"
    if version.job:
        return f"azureml://{place}/datastores/workspaceartifactstore/paths/ExperimentRun/dcid.{version.job}/outputs/model"
    return f"azureml://{place}/datastores/workspaceblobstore/paths/LocalUpload/{version.name}/{version.version}/model.pkl"


def _system(created: float, modified: float, who: str) -> dict[str, Any]:
    return {
        "createdAt": iso(created),
        "createdBy": who,
        "createdByType": "User",
        "lastModifiedAt": iso(modified),
        "lastModifiedBy": who,
        "lastModifiedByType": "User",
    }

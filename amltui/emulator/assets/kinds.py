"""The kinds of assets with versions, declared: models, data, environments, components, codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

_CONTAINER: dict[str, Any] = {
    "isArchived": False,
    "description": None,
    "tags": {},
    "properties": {},
}
_VERSION: dict[str, Any] = {
    "description": None,
    "tags": {},
    "properties": {},
    "isArchived": False,
    "isAnonymous": False,
}


@dataclass(frozen=True)
class Kind:
    """One kind of asset."""

    segment: str
    """In the path: models."""
    noun: str
    """In operations and refusals: Model."""
    usual: Mapping[str, Any]
    """The properties of a version that its client did not put, beside those of every kind."""
    needs: str = ""
    """The property without which there is no version."""
    fixed: Sequence[str] = field(default=())
    """Properties that no later PUT can change."""
    identity: Sequence[str] = field(default=())
    """Properties of which another is a conflict: azure-ai-ml then puts the next version."""
    common: Sequence[str] = field(default=())
    """Properties that a container has of its versions."""

    def container_id(self, call: Call) -> str:
        """The id of the container of the path."""
        return f"{call.home}/{self.segment}/{call.params['name']}"

    def version_id(self, call: Call) -> str:
        """The id of the version of the path."""
        return f"{self.container_id(call)}/versions/{call.params['version']}"

    def usual_container(self, version: Mapping[str, Any]) -> dict[str, Any]:
        """The properties of a container that its client did not put."""
        common = {name: version.get(name) or self.usual.get(name) for name in self.common}
        return {**_CONTAINER, **common}

    @property
    def usual_version(self) -> dict[str, Any]:
        """The properties of a version that its client did not put."""
        return {**_VERSION, **self.usual}


USUAL_ENVIRONMENT: dict[str, Any] = {
    "image": None,
    "build": None,
    "condaFile": None,
    "environmentType": "UserCreated",
    "osType": "Linux",
    "autoRebuild": "Disabled",
    "inferenceConfig": None,
    "stage": None,
    "provisioningState": "Succeeded",
}
"""The properties of an environment whose client put nothing."""

KINDS = (
    Kind(
        "models",
        "Model",
        {
            "flavors": {},
            "modelType": "custom_model",
            "modelUri": None,
            "jobName": None,
            "stage": None,
            "provisioningState": "Succeeded",
            "datasets": [],
        },
        needs="modelUri",
        fixed=("modelUri", "modelType"),
    ),
    Kind(
        "data",
        "Data",
        {"dataType": "uri_folder"},
        needs="dataUri",
        fixed=("dataUri", "dataType"),
        common=("dataType",),
    ),
    Kind(
        "environments",
        "Environment",
        USUAL_ENVIRONMENT,
        identity=("image", "build", "condaFile"),
    ),
    Kind(
        "components",
        "Component",
        {"stage": None, "provisioningState": "Succeeded"},
        needs="componentSpec",
    ),
    Kind("codes", "Code", {"provisioningState": "Succeeded"}, needs="codeUri", fixed=("codeUri",)),
)

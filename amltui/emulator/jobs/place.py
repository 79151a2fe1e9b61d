"""The workspace a body is written for, as the caller sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from amltui.emulator.tokens import Principal


@dataclass(frozen=True)
class Place:
    """A workspace at the address it was asked at: every link in an answer starts there."""

    base: str
    """Scheme and host of the request, without a slash at the end."""
    workspace: str
    """The workspace's ARM id, as the service spells it."""
    location: str
    tenant: str
    titles: Mapping[str, str] = field(default_factory=dict)
    """The names of renamed experiments by those that their runs are filed under."""

    @property
    def short(self) -> str:
        """The id as Studio links spell it."""
        parts = self.workspace.split("/")
        return f"/subscriptions/{parts[2]}/resourcegroups/{parts[4]}/workspaces/{parts[8]}"

    @property
    def host(self) -> str:
        return self.base.partition("://")[2]

    @property
    def tracking(self) -> str:
        return f"azureml://{self.host}/mlflow/v1.0{self.workspace}?"

    def compute(self, name: str | None) -> str | None:
        return f"{self.workspace}/computes/{name}" if name else None

    def experiment_id(self, name: str) -> str:
        return experiment_id(self.workspace, name)

    def experiment(self, name: str) -> str:
        """The name that everybody sees of the experiment whose runs are filed under this one."""
        return self.titles.get(name) or first_name(name)


AGAIN = "\x1f"
"""What a name ends in under which runs are filed once an older experiment has left that name."""


def first_name(filed: str) -> str:
    """The name that an experiment was made with, from what its runs are filed under."""
    return filed.rstrip(AGAIN)


@lru_cache(maxsize=10_000)
def experiment_id(workspace: str, name: str) -> str:
    """An experiment's id follows from its name: it needs no keeping."""
    return str(uuid5(NAMESPACE_URL, f"{workspace.lower()}/experiments/{name}"))


def run_uuid(workspace: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{workspace.lower()}/runs/{name}"))


def person_id(name: str) -> str:
    """The object id of whoever goes by this name: of the usual user that of its tokens."""
    usual = Principal()
    if name == usual.name:
        return usual.oid
    return str(uuid5(NAMESPACE_URL, f"people/{name}"))

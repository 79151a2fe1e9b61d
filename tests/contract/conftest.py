"""Microsoft's own clients against the service. They come with the extra `contract`."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from amltui.cli import main
from amltui.emulator.process import Service, running
from amltui.emulator.testing import resolve_storage

if not importlib.util.find_spec("mlflow"):
    collect_ignore_glob = ["test_*.py"]  # `make contract` has an environment with these clients

SPEED = 10
"""An instance that takes nine seconds to start is up after one."""
PACE = 0.2
"""Seconds after which the clients are told to look again at what takes its time."""


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """The calm scenario in a process of its own, ten times as fast as the wall."""
    faster = ("--speed", str(SPEED), "--retry-after", str(PACE))
    with running("--https", "--scenario", "calm", *faster) as told:
        yield told


@pytest.fixture(scope="session", autouse=True)
def _pointed_here(service: Service) -> Iterator[None]:
    """The environment that Microsoft's clients read."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in service.environment.items():
            patch.setenv(name, value)
        resolve_storage(patch)
        yield


@pytest.fixture(scope="session")
def credential() -> Any:
    """Managed identity, unmodified."""
    from azure.identity import ManagedIdentityCredential

    return ManagedIdentityCredential()


@pytest.fixture(scope="session")
def ml(service: Service, credential: Any) -> Any:
    """azure-ai-ml's client of the first workspace."""
    from azure.ai.ml import MLClient

    return MLClient(credential, service.subscription_id, service.resource_group, service.workspace)


@pytest.fixture
def management(service: Service, credential: Any) -> Callable[..., Any]:
    """A client of one of the azure-mgmt packages: `management(ResourceGraphClient)`."""

    def make(client: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        scopes = ["https://management.azure.com/.default"]
        return client(
            credential, *arguments, base_url=service.arm, credential_scopes=scopes, **options
        )

    return make


@pytest.fixture
def amltui(service: Service, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """A command that succeeds, and what it has printed as JSON."""

    def run(*arguments: str) -> Any:
        capsys.readouterr()  # Microsoft's client prints a dot for each look at an operation
        code = main([*arguments, "--workspace", service.workspace, "-o", "json"])
        told = capsys.readouterr()
        assert code == 0, told.err
        return json.loads(told.out)

    return run

"""A pytest fixture for other projects: Azure ML on this machine, for tests and CI.

from amltui.emulator.testing import azure_ml  # in conftest.py

def test_it(azure_ml):
    client = MLClient(ManagedIdentityCredential(), azure_ml.subscription_id, …)
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from amltui.emulator.process import Service, running

__all__ = ["Service", "azure_ml", "resolve_storage", "running"]

FLAGS = "AMLTUI_EMULATOR_FLAGS"
"""Environment variable with other flags than the usual ones."""
USUAL = "--https --scenario calm --speed 10"


@pytest.fixture(scope="session")
def azure_ml() -> Iterator[Service]:
    """The service with TLS, and the environment pointed at it until the session ends."""
    flags = os.environ.get(FLAGS, USUAL).split()
    with running(*flags) as service, pytest.MonkeyPatch.context() as patch:
        for name, value in service.environment.items():
            patch.setenv(name, value)
        resolve_storage(patch)
        yield service


def resolve_storage(patch: pytest.MonkeyPatch) -> None:
    """Have `{account}.blob.localhost` be this machine also where the system does not know it.

    Microsoft's clients reach storage by such names, and containers rarely resolve them.
    """
    resolve = socket.getaddrinfo

    def resolved(host: Any, *arguments: Any, **options: Any) -> Any:
        is_here = isinstance(host, str) and host.endswith(".localhost")
        return resolve("127.0.0.1" if is_here else host, *arguments, **options)

    patch.setattr(socket, "getaddrinfo", resolved)

"""The service as another program sees it: a process with a certificate of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Service:
    """What the running service said of itself."""

    arm: str
    identity_endpoint: str
    identity_header: str
    tenant_id: str
    subscription_id: str
    resource_group: str
    workspace: str
    pid: int
    ca_file: str

    @property
    def host(self) -> str:
        return self.arm.partition("://")[2]

    @property
    def workspace_id(self) -> str:
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{self.workspace}"
        )

    @property
    def environment(self) -> dict[str, str]:
        """What points Microsoft's clients here, and has them trust the certificate."""
        return {
            "IDENTITY_ENDPOINT": self.identity_endpoint,
            "IDENTITY_HEADER": self.identity_header,
            "REQUESTS_CA_BUNDLE": self.ca_file,
            "SSL_CERT_FILE": self.ca_file,
            "ARM_CLOUD_METADATA_URL": f"{self.arm}/metadata/endpoints?api-version=2019-05-01",
            "AZURE_AUTHORITY_HOST": self.arm,
            "AZUREML_RUN_POLLING_INTERVAL_MIN": "1",
        }


@contextmanager
def running(*flags: str) -> Iterator[Service]:
    """A service with TLS, until the block is left."""
    line = [sys.executable, "-m", "amltui.emulator", "--https", *flags]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told: dict[str, Any] = json.loads(process.stdout.readline())
            yield Service(**told)
        finally:
            process.terminate()

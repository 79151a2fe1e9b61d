"""The service as a process of its own, for programs that want one while they run."""

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
    """Its Resource Manager endpoint, and everything else's: `https://127.0.0.1:PORT`."""
    identity_endpoint: str
    identity_header: str
    tenant_id: str
    subscription_id: str
    resource_group: str
    workspace: str
    pid: int
    ca_file: str | None = None
    """The certificate to trust, where it speaks TLS."""

    @property
    def host(self) -> str:
        return self.arm.partition("://")[2]

    @property
    def workspace_id(self) -> str:
        """The ARM id of the first workspace."""
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{self.workspace}"
        )

    @property
    def tracking_uri(self) -> str:
        """For MLflow without a plug-in; azureml-mlflow takes it with `azureml://`."""
        return f"{self.arm}/mlflow/v1.0{self.workspace_id}"

    @property
    def environment(self) -> dict[str, str]:
        """What points Microsoft's clients and amltui here, and has them trust the certificate."""
        trust = {"REQUESTS_CA_BUNDLE": self.ca_file, "SSL_CERT_FILE": self.ca_file}
        return {
            "IDENTITY_ENDPOINT": self.identity_endpoint,
            "IDENTITY_HEADER": self.identity_header,
            "ARM_CLOUD_METADATA_URL": f"{self.arm}/metadata/endpoints?api-version=2019-05-01",
            "REGISTRY_DISCOVERY_ENDPOINT_URL": f"{self.arm}/",
            "AZURE_AUTHORITY_HOST": self.arm,
            "AMLTUI_CLOUD": self.arm,
            "AMLTUI_AUTH": "managed-identity",
            "AZUREML_RUN_POLLING_INTERVAL_MIN": "1",
            **{name: file for name, file in trust.items() if file is not None},
        }


@contextmanager
def running(*flags: str) -> Iterator[Service]:
    """A service started with these flags of `amltui emulator`, until the block is left.

    RuntimeError where it does not come up: what was wrong is on stderr.
    """
    line = [sys.executable, "-m", "amltui.emulator", *flags]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = process.stdout.readline()
            if not told:
                raise RuntimeError(f"the service ended before it was up: {' '.join(line)}")
            said: dict[str, Any] = json.loads(told)
            yield Service(**said)
        finally:
            process.terminate()

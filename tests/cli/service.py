"""The embedded service as a process of its own, and the commands run on it as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds that a command gets."""
API_VERSION = "2025-12-01"
_FOREIGN = (
    "AMLTUI_",
    "AZURE_",
    "IDENTITY_",
    "MSI_",
    "IMDS_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "TERM",
    "COLORTERM",
    "LC_TERMINAL",
    "NO_COLOR",
    "TMUX",
    "STY",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
)


@dataclass(frozen=True)
class Ended:
    """What a command has said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one sentence on stderr, apart from notes of what is looked at."""
        lines = [line for line in self.err.splitlines() if "no --workspace given" not in line]
        assert len(lines) == 1, self.err
        return lines[0]


@dataclass(frozen=True)
class Service:
    """The running service, as its announcement describes it."""

    http: httpx.Client
    arm: str
    identity_endpoint: str
    identity_header: str
    tenant_id: str
    subscription_id: str
    resource_group: str
    workspace: str
    pid: int

    @property
    def environment(self) -> dict[str, str]:
        """What points the commands at it."""
        return {
            "AMLTUI_CLOUD": self.arm,
            "AMLTUI_AUTH": "managed-identity",
            "IDENTITY_ENDPOINT": self.identity_endpoint,
            "IDENTITY_HEADER": self.identity_header,
        }

    @property
    def place(self) -> tuple[str, ...]:
        """The flags that name its first workspace exactly."""
        return (
            f"--subscription={self.subscription_id}",
            f"--resource-group={self.resource_group}",
            f"--workspace={self.workspace}",
        )

    @property
    def workspace_id(self) -> str:
        return (
            f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.MachineLearningServices/workspaces/{self.workspace}"
        )

    def token(self) -> str:
        """What whoever runs on its machine may ask it with."""
        answer = self.http.get(
            self.identity_endpoint,
            params={"resource": f"{self.arm}/", "api-version": "2019-08-01"},
            headers={"X-IDENTITY-HEADER": self.identity_header},
        )
        return str(answer.json()["access_token"])

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The service's own answer, fetched without any code of the program."""
        response = self.http.request(
            method,
            self.arm + path,
            params={"api-version": API_VERSION} if "?" not in path else None,
            headers={"Authorization": f"Bearer {self.token()}"},
            json=body,
        )
        response.raise_for_status()
        return response.json() if response.content else None

    def put_job(self, name: str, **members: Any) -> Any:
        """Submit a job to the first workspace."""
        properties = {"jobType": "Command", "command": "sleep 1", "environmentId": "e", **members}
        return self.ask("PUT", f"{self.workspace_id}/jobs/{name}", {"properties": properties})

    def plan(self, operation: str, kind: str, times: int = 100, **options: Any) -> None:
        """Have calls of an operation fail."""
        fault = {"operation": operation, "kind": kind, "times": times, **options}
        self.http.post(f"{self.arm}/emulator/faults", json=fault).raise_for_status()

    def forget(self) -> None:
        """Take back what was planned."""
        self.http.delete(f"{self.arm}/emulator/faults").raise_for_status()

    def calls(self) -> dict[str, int]:
        """How often each operation has been called."""
        counted: dict[str, int] = self.http.get(f"{self.arm}/emulator/faults").json()["calls"]
        return counted


@contextmanager
def serving(*flags: str) -> Iterator[Service]:
    """`amltui emulator` with these flags, from its announcement on."""
    process = subprocess.Popen(
        [sys.executable, "-m", "amltui", "emulator", *flags],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=surroundings({}),
        text=True,
    )
    assert process.stdout is not None
    # Nothing here is encrypted, and to read this machine's certificates takes its time.
    with process.stdout as stdout, httpx.Client(verify=False) as http:
        try:
            yield Service(http=http, **json.loads(stdout.readline()))
        finally:
            process.terminate()
            process.wait(PATIENCE)


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """This machine's environment without anybody's settings, and some of our own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {
        **kept,
        "AMLTUI_CONFIG": os.devnull,
        "AMLTUI_CACHE": "off",
        "AMLTUI_HOME": "jobs",
        **more,
    }


def command_line(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "amltui", *arguments]


def run(*arguments: str, environment: Mapping[str, str], **options: Any) -> Ended:
    """The command as a process of its own."""
    ended = subprocess.run(
        command_line(*arguments),
        capture_output=True,
        env=surroundings(environment),
        cwd=ROOT,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
        **options,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)

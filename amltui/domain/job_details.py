"""What only a job's own screen tells of it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Binding(Struct, frozen=True):
    """A named input or output, and where its data lies."""

    name: str
    type: str | None
    uri: str | None
    """An address, or the value itself of a literal; None where the service names none yet."""
    mode: str | None = None
    asset: str | None = None
    """`name:version` that an output is registered as."""


class Service(Struct, frozen=True):
    """Something that can be connected to while the job runs."""

    name: str
    type: str | None
    status: str | None
    endpoint: str | None
    error: str | None = None


class Git(Struct, frozen=True):
    """The code that was submitted, as the client told it."""

    repository: str | None = None
    branch: str | None = None
    commit: str | None = None
    dirty: bool | None = None

    @property
    def known(self) -> bool:
        return any((self.repository, self.branch, self.commit))


class ErrorLine(Struct, frozen=True):
    """One link of an error: the innermost codes are those that help."""

    depth: int
    code: str | None
    message: str | None


class JobDetails(Struct, frozen=True):
    """Read from Resource Manager's job and run history's run."""

    inputs: tuple[Binding, ...] = ()
    outputs: tuple[Binding, ...] = ()
    environment: str | None = None
    """Its whole id, or the address of its registry."""
    code: str | None = None
    distribution: str | None = None
    instance_type: str | None = None
    timeout: str | None = None
    """ISO 8601, as the service has it: PT4H."""
    tier: str | None = None
    identity: str | None = None
    git: Git = Git()
    services: tuple[Service, ...] = ()
    errors: tuple[ErrorLine, ...] = ()
    warnings: tuple[str, ...] = ()
    attempt: int | None = None
    last_start: datetime | None = None
    """Of the attempt that goes on, where there were several."""
    compute_seconds: float | None = None
    """That nodes were held, as run history counts it."""
    price_per_hour: float | None = None
    """Retail USD of one node; None where it is unknown."""
    cancelled_why: str | None = None

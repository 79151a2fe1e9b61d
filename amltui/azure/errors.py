"""What can go wrong, named by what the user must do about it."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class AzureError(Exception):
    """A request that did not succeed. `str()` is one sentence for the user, on one line."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(one_line(message))
        self.code = code
        """The innermost code of the service's envelope, such as JobNotFound."""
        self.status = status
        self.request_id = request_id
        """What Azure support asks for."""
        self.retry_after = retry_after
        """Seconds the service asked to wait; None where it did not say."""
        self.uncertain = False
        """Whether what was asked for may have been done all the same."""


def because(error: AzureError, why: str) -> AzureError:
    """The same error with what is likely behind it."""
    told = type(error)(
        f"{error}; {why}",
        code=error.code,
        status=error.status,
        request_id=error.request_id,
        retry_after=error.retry_after,
    )
    told.uncertain = error.uncertain
    return told


def one_line(text: str) -> str:
    """Text that neither breaks the line nor acts on a terminal."""
    return " ".join(_CONTROL.sub(" ", text).split())


def first_line(error: Exception) -> str:
    """The first line of somebody else's error that says something; its kind if none does."""
    lines = (line.strip() for line in str(error).splitlines())
    return next((line.rstrip(".") for line in lines if line), type(error).__name__)


class NotSignedIn(AzureError):
    """No credential worked, or the service refused the token: sign in again."""


class NotAllowed(AzureError):
    """Signed in, but without the right: ask for a role, or for network access."""


class NotFound(AzureError):
    """It is not there: check the name, or it has been deleted."""


class Conflict(AzureError):
    """The resource is in a state, or under a lock, that does not allow this: wait or look."""


class BadRequest(AzureError):
    """The service did not accept what was sent."""


class Throttled(AzureError):
    """Too many requests: wait `retry_after` seconds."""


class Unreachable(AzureError):
    """No answer: name resolution, connection, TLS, proxy or a time-out."""


class ServiceBroken(AzureError):
    """The service failed, or answered something that is not its own format."""


class OperationFailed(AzureError):
    """A long-running operation ended in failure or was cancelled."""


class Untrusted(AzureError):
    """An answer pointed somewhere that may not see a token; nothing was sent there."""


class LinkExpired(AzureError):
    """A signed link is no longer accepted: ask for a fresh one."""


class ReadOnly(AzureError):
    """The user has said that nothing may be changed, everywhere or there; nothing was sent."""

"""Ways to sign in. azure-identity is imported in the thread that fetches a token, if it is needed.

A token that the Azure CLI or App Service hands out just so is taken from them directly.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from msgspec import Struct, field

from amltui.azure import direct
from amltui.azure.errors import NotSignedIn, Unreachable, first_line

if TYPE_CHECKING:
    from amltui.azure.auth import Token, TokenCredential
    from amltui.azure.clouds import Cloud

Method = Literal["auto", "cli", "device-code", "managed-identity", "environment", "browser"]
METHODS: tuple[str, ...] = get_args(Method)

# Without a handler of their own, Python would print their warnings across the dashboard.
for _library in ("azure", "msal", "msal_extensions"):
    logging.getLogger(_library).addHandler(logging.NullHandler())


class Credential(Struct):
    """Signs in by the first of several ways that is set up, and stays with it."""

    ways: Sequence[str]
    cloud: Cloud
    tenant: str | None
    prompt: Callable[[str], None]
    winner: str | None = None
    """Which way gave a token."""
    _built: dict[str, TokenCredential] = field(default_factory=dict)

    def get_token(self, *scopes: str, **options: Any) -> Token:
        """A token; NotSignedIn with one sentence per reason if no way gives one."""
        first = self.winner or self.ways[0]
        if (given := direct.token(first, self.tenant, scopes, options)) is not None:
            self.winner = first
            return given
        from azure.core.exceptions import (
            ClientAuthenticationError,
            ServiceRequestError,
            ServiceResponseError,
        )
        from azure.identity import CredentialUnavailableError

        reasons: list[str] = []
        for way in [self.winner] if self.winner else self.ways:
            try:
                token = self._credential(way).get_token(*scopes, **options)
            except CredentialUnavailableError as error:
                reasons.append(f"{way}: {first_line(error)}")
                continue
            except ClientAuthenticationError as error:
                # Set up, but refused: another way would only hide what is wrong with this one.
                raise NotSignedIn(
                    f"{way}: {first_line(error)}; {_advice(way, self.tenant)}"
                ) from error
            except (ServiceRequestError, ServiceResponseError) as error:
                raise Unreachable(
                    f"the sign-in service cannot be reached: {first_line(error)}"
                ) from error
            except ValueError as error:
                reasons.append(f"{way}: {first_line(error)}")
                continue
            self.winner = way
            return token
        if len(self.ways) == 1:
            raise NotSignedIn("; ".join([*reasons, _advice(self.ways[0], self.tenant)]))
        raise NotSignedIn(
            "not signed in: run `az login`, or start with --auth device-code or --auth browser"
            f" (tried {', '.join(self.ways)})"
        )

    def _credential(self, way: str) -> TokenCredential:
        if way not in self._built:
            self._built[way] = _build(way, self.cloud, self.tenant, self.prompt)
        return self._built[way]


def credential(
    method: str,
    tenant: str | None,
    cloud: Cloud,
    prompt: Callable[[str], None],
) -> Credential:
    """The credential for `--auth METHOD`; nothing is asked before the first token."""
    if method not in METHODS:
        raise NotSignedIn(f"there is no way to sign in called {method}: {', '.join(METHODS)}")
    return Credential(_ways() if method == "auto" else (method,), cloud, tenant, prompt)


def _ways() -> tuple[str, ...]:
    """What `auto` tries, in this order. A managed identity only where the environment announces
    one: asking the network for it takes seconds on a laptop."""
    ways = []
    if {"AZURE_CLIENT_ID", "AZURE_TENANT_ID"} <= os.environ.keys() and any(
        name in os.environ for name in ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH")
    ):
        ways.append("environment")
    if "AZURE_FEDERATED_TOKEN_FILE" in os.environ:
        ways.append("workload-identity")
    if any(name in os.environ for name in ("IDENTITY_ENDPOINT", "MSI_ENDPOINT", "IMDS_ENDPOINT")):
        ways.append("managed-identity")
    return (*ways, "cli")


def _build(
    way: str, cloud: Cloud, tenant: str | None, prompt: Callable[[str], None]
) -> TokenCredential:
    import azure.identity as identity

    authority = cloud.authority.removeprefix("https://")
    everywhere: dict[str, Any] = {"additionally_allowed_tenants": ["*"]}
    named: dict[str, Any] = {"tenant_id": tenant} if tenant else {}
    match way:
        case "environment":
            return identity.EnvironmentCredential(authority=authority, **everywhere)
        case "workload-identity":
            return identity.WorkloadIdentityCredential(authority=authority, **everywhere, **named)
        case "managed-identity":
            # azure-identity's own ten retries keep the user waiting for minutes.
            return identity.ManagedIdentityCredential(
                client_id=os.environ.get("AZURE_CLIENT_ID"),
                retry_total=1,
                connection_timeout=5,
                read_timeout=20,
            )
        case "device-code":
            return identity.DeviceCodeCredential(
                authority=authority,
                prompt_callback=lambda where, code, until: prompt(
                    f"To sign in, open {where} and enter the code {code}"
                ),
                **everywhere,
                **named,
            )
        case "browser":
            prompt("Signing in: a browser window has been opened")
            return identity.InteractiveBrowserCredential(authority=authority, **everywhere, **named)
        case _:
            return identity.AzureCliCredential(process_timeout=30, **everywhere, **named)


def _advice(way: str, tenant: str | None) -> str:
    tenant_option = f" --tenant {tenant}" if tenant else ""
    return {
        "cli": f"run `az login{tenant_option}`",
        "environment": "check AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET",
        "workload-identity": "check AZURE_FEDERATED_TOKEN_FILE",
        "managed-identity": "give this machine a managed identity, or use another --auth",
    }.get(way, "try again, or use another --auth")

"""azure-identity signs in, unmodified, in each of its ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amltui.emulator.process import Service

ARM = "https://management.azure.com/.default"


@pytest.fixture
def lonely(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without a managed identity."""
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER"):
        monkeypatch.delenv(name)
    return monkeypatch


def opens(service: Service, credential: Any) -> bool:
    """Whether the credential lists subscriptions, as azure-mgmt asks for its token."""
    from azure.mgmt.subscription import SubscriptionClient

    client = SubscriptionClient(credential, base_url=service.arm, credential_scopes=[ARM])
    return service.subscription_id in [each.subscription_id for each in client.subscriptions.list()]


def test_managed_identity_as_app_service_has_it(service: Service) -> None:
    from azure.identity import ManagedIdentityCredential

    assert opens(service, ManagedIdentityCredential())
    assert opens(service, ManagedIdentityCredential(client_id="11111111-0000-0000-0000-0"))


def test_managed_identity_as_computes_have_it(service: Service, lonely: pytest.MonkeyPatch) -> None:
    from azure.identity import ManagedIdentityCredential

    lonely.setenv("MSI_ENDPOINT", service.identity_endpoint)
    lonely.setenv("MSI_SECRET", service.identity_header)
    assert opens(service, ManagedIdentityCredential())
    assert opens(service, ManagedIdentityCredential(client_id="11111111-0000-0000-0000-0"))


def test_managed_identity_as_machines_have_it(service: Service, lonely: pytest.MonkeyPatch) -> None:
    from azure.identity import ManagedIdentityCredential

    lonely.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.arm)
    assert opens(service, ManagedIdentityCredential())


def test_a_wrong_identity_header_is_refused(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import ManagedIdentityCredential

    monkeypatch.setenv("IDENTITY_HEADER", "wrong")
    with pytest.raises(ClientAuthenticationError):
        ManagedIdentityCredential().get_token(ARM)


def secret(service: Service, value: str) -> Any:
    from azure.identity import ClientSecretCredential

    return ClientSecretCredential(
        service.tenant_id, "my-app", value, disable_instance_discovery=True
    )


def test_a_client_secret(service: Service) -> None:
    assert opens(service, secret(service, "emulator-secret"))


@pytest.mark.parametrize("scope", ["{arm}/.default", "{arm}//.default"])
def test_the_service_itself_is_a_resource(service: Service, scope: str) -> None:
    import jwt

    token = secret(service, "emulator-secret").get_token(scope.format(arm=service.arm)).token
    said = jwt.decode(token, options={"verify_signature": False})
    assert said["aud"].rstrip("/") == service.arm
    assert said["tid"] == service.tenant_id


def test_a_wrong_client_secret_is_refused_in_entras_words(service: Service) -> None:
    from azure.core.exceptions import ClientAuthenticationError

    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        secret(service, "wrong").get_token(ARM)


def test_the_environments_secret(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from azure.identity import EnvironmentCredential

    monkeypatch.setenv("AZURE_TENANT_ID", service.tenant_id)
    monkeypatch.setenv("AZURE_CLIENT_ID", "my-app")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "emulator-secret")
    assert opens(service, EnvironmentCredential(disable_instance_discovery=True))


def test_a_workload_identity(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from azure.identity import WorkloadIdentityCredential

    file = tmp_path / "token"
    file.write_text("e30.e30.signature")
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(file))
    credential = WorkloadIdentityCredential(
        tenant_id=service.tenant_id, client_id="my-app", disable_instance_discovery=True
    )
    assert opens(service, credential)


def test_a_device_code_that_nobody_approves(service: Service) -> None:
    from azure.identity import DeviceCodeCredential

    shown: list[str] = []
    credential = DeviceCodeCredential(
        tenant_id=service.tenant_id,
        disable_instance_discovery=True,
        prompt_callback=lambda place, code, until: shown.append(code),
    )
    assert opens(service, credential)
    record = credential.authenticate(scopes=["https://ml.azure.com/.default"])
    assert record.username == "kim@contoso.com"
    assert record.tenant_id == service.tenant_id
    assert len(shown) == 1


def test_a_user_stays_signed_in(service: Service) -> None:
    """A token for something else comes by the refresh token, without another code."""
    from azure.identity import DeviceCodeCredential

    shown: list[str] = []
    credential = DeviceCodeCredential(
        tenant_id=service.tenant_id,
        disable_instance_discovery=True,
        prompt_callback=lambda place, code, until: shown.append(code),
    )
    credential.get_token(ARM)
    credential.get_token("https://ml.azure.com/.default")
    assert len(shown) == 1


def test_the_default_chain_finds_a_machines_identity(
    service: Service, lonely: pytest.MonkeyPatch
) -> None:
    from azure.identity import DefaultAzureCredential

    lonely.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.arm)
    lonely.setenv("PATH", "")
    assert opens(service, DefaultAzureCredential())


def test_the_default_chain_finds_a_secret(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from azure.identity import DefaultAzureCredential

    monkeypatch.setenv("AZURE_TENANT_ID", service.tenant_id)
    monkeypatch.setenv("AZURE_CLIENT_ID", "my-app")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "emulator-secret")
    assert opens(service, DefaultAzureCredential(disable_instance_discovery=True))


def test_mlflows_plug_in_knows_this_cloud(service: Service) -> None:
    """azureml-mlflow reads more of the cloud's description than azure-ai-ml does."""
    from azureml.mlflow._common._cloud import cloud

    known = cloud.get_known_clouds()
    mine = next(iter(known.values()))
    assert mine.endpoints.resource_manager == f"{service.arm}/"
    assert mine.endpoints.active_directory == service.arm
    assert mine.suffixes.storage_endpoint

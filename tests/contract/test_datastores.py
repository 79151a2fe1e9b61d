"""Datastores with azure-ai-ml, unmodified, and their storage with Azure's own client."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from amltui.emulator.process import Service

KEY = b64encode(b"sixty-four bytes or so of a key").decode()


@pytest.fixture
def name() -> str:
    return f"store_{uuid4().hex[:8]}"


def test_every_workspace_has_its_stores(ml: Any) -> None:
    found = {each.name: each for each in ml.datastores.list()}
    assert {"workspaceblobstore", "workspaceartifactstore"} <= set(found)
    assert found["workspaceartifactstore"].container_name == "azureml"
    assert ml.datastores.get_default().name == "workspaceblobstore"
    assert ml.datastores.get("workspacefilestore").type == "AzureFile"


def test_a_store_of_each_type_is_kept(ml: Any, name: str) -> None:
    from azure.ai.ml.entities import (
        AccountKeyConfiguration,
        AzureBlobDatastore,
        AzureDataLakeGen2Datastore,
        AzureFileDatastore,
        OneLakeArtifact,
        OneLakeDatastore,
        ServicePrincipalConfiguration,
    )

    key = AccountKeyConfiguration(account_key=KEY)
    who = ServicePrincipalConfiguration(tenant_id="t", client_id="c", client_secret="s")
    stores = [
        AzureBlobDatastore(name=f"{name}_b", account_name="acctone", container_name="images",
                           credentials=key, tags={"a": "b"}),
        AzureFileDatastore(name=f"{name}_f", account_name="acctone", file_share_name="share",
                           credentials=key),
        AzureDataLakeGen2Datastore(name=f"{name}_l", account_name="acctone", filesystem="fs",
                                   credentials=who),
        OneLakeDatastore(name=f"{name}_o", one_lake_workspace_name="w", endpoint="e",
                         artifact=OneLakeArtifact(name="lake.Lakehouse")),
    ]  # fmt: skip
    for store in stores:
        made = ml.datastores.create_or_update(store)
        assert (made.name, made.type) == (store.name, store.type)
        assert ml.datastores.get(store.name).type == store.type
    assert ml.datastores.get(f"{name}_b").tags == {"a": "b"}
    assert {each.name for each in stores} <= {each.name for each in ml.datastores.list()}
    for store in stores:
        ml.datastores.delete(store.name)
    assert not {each.name for each in stores} & {each.name for each in ml.datastores.list()}


def test_a_missing_store_is_not_found(ml: Any, name: str) -> None:
    from azure.core.exceptions import ResourceNotFoundError

    with pytest.raises(ResourceNotFoundError):
        ml.datastores.get(name)


def test_secrets_come_with_the_store(ml: Any, name: str) -> None:
    """For a key that may expire the service gives a signature, as Azure does."""
    from azure.ai.ml.entities import AzureBlobDatastore, SasTokenConfiguration

    found = ml.datastores.get("workspaceblobstore", include_secrets=True)
    assert "sig=" in found.credentials.sas_token
    given = SasTokenConfiguration(sas_token="sv=1&sig=x")
    ml.datastores.create_or_update(
        AzureBlobDatastore(
            name=name, account_name="acctone", container_name="c01", credentials=given
        )
    )
    again = ml.datastores.get(name, include_secrets=True)
    assert again.credentials.sas_token == "sv=1&sig=x"


def test_data_goes_to_the_store_that_is_named(ml: Any, name: str, tmp_path: Path) -> None:
    """In an account of the client's own, opened by the key it brought."""
    from azure.ai.ml._artifacts._artifact_utilities import download_artifact_from_aml_uri
    from azure.ai.ml.entities import AccountKeyConfiguration, AzureBlobDatastore, Data

    ml.datastores.create_or_update(
        AzureBlobDatastore(
            name=name,
            account_name="ownaccount",
            container_name=name.replace("_", "-"),
            credentials=AccountKeyConfiguration(account_key=KEY),
        )
    )
    (tmp_path / "a.txt").write_text("hello")
    made = ml.data.create_or_update(
        Data(name=name, path=str(tmp_path / "a.txt"), type="uri_file", datastore=name)
    )
    assert f"/datastores/{name}/paths/" in made.path
    download_artifact_from_aml_uri(made.path, str(tmp_path / "back"), ml.datastores)
    assert (tmp_path / "back" / "a.txt").read_text() == "hello"


def test_the_storage_client_reads_and_writes(
    ml: Any, service: Service, management: Callable[..., Any], credential: Any
) -> None:
    """By the account's key, by a token, and by signatures that the client makes."""
    import requests
    from azure.storage.blob import BlobServiceClient

    token = credential.get_token("https://management.azure.com/.default").token
    keys = requests.post(
        f"{service.arm}{service.workspace_id}/listKeys?api-version=2024-04-01",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    ).json()
    account = ml.datastores.get("workspaceblobstore").account_name
    port = service.arm.rpartition(":")[2]
    shared = {"account_name": account, "account_key": keys["userStorageKey"]}
    for url in (f"https://{account}.blob.localhost:{port}",
                f"{service.arm}/{account}.blob.core.windows.net"):  # fmt: skip
        for given in (shared, credential):
            client = BlobServiceClient(
                url, credential=given, max_single_put_size=1 << 20, max_block_size=1 << 20
            )
            container = client.create_container(f"c-{uuid4().hex}")
            data = uuid4().bytes * 200_000
            blob = container.upload_blob("deep/er", data, metadata={"k": "v"})
            assert blob.download_blob(max_concurrency=2).readall() == data
            assert blob.get_blob_properties().metadata == {"k": "v"}
            assert [each.name for each in container.walk_blobs()] == ["deep/"]
            appended = container.get_blob_client("log")
            appended.create_append_blob()
            appended.append_block(b"one\n")
            assert appended.download_blob().readall() == b"one\n"
            container.delete_blob("log")
            assert not appended.exists()
            container.delete_container()


def test_clients_sign_for_themselves(ml: Any, service: Service, credential: Any) -> None:
    from datetime import UTC, datetime, timedelta

    import requests
    from azure.core.exceptions import HttpResponseError
    from azure.storage.blob import ContainerClient, generate_account_sas, generate_container_sas

    token = credential.get_token("https://management.azure.com/.default").token
    key = requests.post(
        f"{service.arm}{service.workspace_id}/listKeys?api-version=2024-04-01",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    ).json()["userStorageKey"]
    account = ml.datastores.get("workspaceblobstore").account_name
    url = f"{service.arm}/{account}.blob.core.windows.net"
    later = datetime.now(UTC) + timedelta(minutes=5)
    whole = generate_account_sas(account, key, "sco", "rwl", later)
    name = f"signed-{uuid4().hex}"
    blob = ContainerClient(url, "azureml", credential=whole).upload_blob(name, b"x")
    assert blob.download_blob().readall() == b"x"
    reads = generate_container_sas(account, "azureml", key, permission="r", expiry=later)
    readers = ContainerClient(url, "azureml", credential=reads)
    assert readers.download_blob(name).readall() == b"x"
    with pytest.raises(HttpResponseError, match="AuthorizationPermissionMismatch"):
        readers.upload_blob(name, b"y", overwrite=True)

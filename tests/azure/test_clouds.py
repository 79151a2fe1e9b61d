"""Clouds by name, by URL, and as an endpoint describes itself, as far as that is believed."""

from __future__ import annotations

import pytest
from hypothesis import given

from amltui.azure.clouds import AZURE, CHINA, KNOWN, US_GOVERNMENT, from_metadata, named
from tests.azure.test_loose import JSON

ARM = "https://management.local.azurestack.external"


@pytest.mark.parametrize(
    ("name", "cloud"),
    [
        ("AzureCloud", AZURE),
        ("azurecloud", AZURE),
        ("", AZURE),
        (" azure ", AZURE),
        ("public", AZURE),
        ("AzurePublicCloud", AZURE),
        ("https://management.azure.com", AZURE),
        ("https://management.azure.com/", AZURE),
        ("HTTPS://Management.Azure.com:443/", AZURE),
        ("AzureUSGovernment", US_GOVERNMENT),
        ("usgov", US_GOVERNMENT),
        ("gov", US_GOVERNMENT),
        ("https://management.usgovcloudapi.net", US_GOVERNMENT),
        ("AzureChinaCloud", CHINA),
        ("mooncake", CHINA),
        ("https://management.chinacloudapi.cn/", CHINA),
        ("AzureGermanCloud", None),
        ("http://management.azure.com", None),
        ("https://management.azure.com.evil.example", None),
        ("https://management.azure.com:8443", None),
        ("http://127.0.0.1:8000", None),
    ],
)
def test_a_cloud_by_name_or_url(name, cloud):
    assert named(name) is cloud


def metadata(*audiences: object, arm: str = ARM, **more: object) -> dict[str, object]:
    return {
        "name": "Stack",
        "portal": "https://portal.local.azurestack.external/",
        "resourceManager": f"{arm}/",
        "authentication": {
            "loginEndpoint": "https://login.stack.example/",
            "audiences": list(audiences),
        },
        **more,
    }


@pytest.mark.parametrize(
    "document",
    [
        metadata(f"{ARM}/"),
        [metadata(f"{ARM}/")],
        [{"name": "Other", "resourceManager": "https://other.example"}, metadata(f"{ARM}/")],
        [None, "text", metadata("https://other.example/", f"{ARM}/")],
    ],
    ids=["one object", "a list", "among others", "among nonsense"],
)
def test_an_endpoint_describes_itself(document):
    cloud = from_metadata(document, f"{ARM}/")
    assert cloud.name == "Stack"
    assert cloud.arm == ARM
    assert cloud.authority == "https://login.stack.example"
    assert cloud.arm_scope == f"{ARM}/.default"
    assert cloud.portal == "https://portal.local.azurestack.external"
    assert cloud.data_plane_suffixes == ()


def test_it_stays_where_it_was_asked_for_whatever_it_says():
    cloud = from_metadata(metadata(arm="https://management.azure.com"), "http://127.0.0.1:8000")
    assert cloud.arm == "http://127.0.0.1:8000"
    assert cloud.arm_scope == "http://127.0.0.1:8000/.default"


@pytest.mark.parametrize(
    "audience",
    [
        "https://management.azure.com/",
        "https://management.core.windows.net/",
        "https://management.core.windows.net",
        "https://management.azure.com:443/",
        "https://MANAGEMENT.azure.com/",
        "https://kim@management.azure.com/",
        "management.azure.com",
        "https://management.usgovcloudapi.net",
        "https://management.core.chinacloudapi.cn/",
        "https://graph.microsoft.com",
        "https://vault.azure.net",
        "https://storage.azure.com/",
        "https://ml.azure.com",
        # Resource Manager's application id.
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "api://797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "https://arm.evil.example:8443",
        "http://arm.evil.example",
        "",
        None,
        5,
        {},
    ],
)
def test_no_endpoint_is_given_a_token_for_another(audience):
    """Whoever runs the endpoint would act as the user there."""
    arm = "https://arm.evil.example"
    cloud = from_metadata(metadata(audience, arm=arm), arm)
    assert cloud.arm_scope == f"{arm}/.default"


@pytest.mark.parametrize(
    ("portal", "studio"),
    [
        ("https://portal.azure.us", "https://ml.azure.us"),
        ("https://portal.azure.eaglex.ic.gov/", "https://ml.azure.eaglex.ic.gov"),
        ("https://portal.local.azurestack.external/", ARM),
        (None, ARM),
    ],
)
def test_the_studio_of_a_custom_cloud_goes_by_its_portal(portal, studio):
    cloud = from_metadata(metadata(portal=portal), ARM)
    assert cloud.studio == studio
    assert cloud.ml_scope == f"{studio}/.default"


def test_an_endpoint_without_a_name_is_called_by_its_host():
    assert from_metadata([], "https://arm.contoso.example:8443/").name == "arm.contoso.example:8443"
    assert from_metadata([], ARM).authority == ARM


@given(JSON)
def test_no_description_makes_it_fail_or_move(document):
    cloud = from_metadata(document, ARM)
    assert (cloud.arm, cloud.arm_scope) == (ARM, f"{ARM}/.default")


@pytest.mark.parametrize("cloud", KNOWN, ids=lambda cloud: cloud.name)
def test_known_clouds_have_no_slash_at_the_end(cloud):
    urls = (cloud.arm, cloud.authority, cloud.portal, cloud.studio)
    assert all(url.startswith("https://") and not url.endswith("/") for url in urls)
    assert cloud.arm_scope == f"{cloud.arm}/.default"

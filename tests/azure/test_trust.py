"""A token is sent to the cloud's own hosts, in their plain spelling, and nowhere else."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amltui.azure.clouds import AZURE, CHINA, KNOWN, US_GOVERNMENT, from_metadata
from amltui.azure.trust import has_safe_scheme, is_loopback, may_be_read, may_see_token, origin_of

LOOPBACK = from_metadata([], "http://127.0.0.1:8000")
CUSTOM = from_metadata([], "https://arm.contoso.example:8443")


@pytest.mark.parametrize(
    ("url", "cloud"),
    [
        ("https://management.azure.com/subscriptions?x=1", AZURE),
        ("https://management.azure.com", AZURE),
        ("https://management.azure.com:443/x", AZURE),
        ("https://management.azure.com?x#y", AZURE),
        ("https://eastus.api.azureml.ms/history", AZURE),
        ("https://5e1f.workspace.eastus2.api.azureml.ms/discovery/workspaces/5e1f", AZURE),
        ("https://management.usgovcloudapi.net/x", US_GOVERNMENT),
        ("https://usgovarizona.api.ml.azure.us/x", US_GOVERNMENT),
        ("https://chinaeast2.api.ml.azure.cn/x", CHINA),
        ("http://127.0.0.1:8000/x", LOOPBACK),
        ("https://arm.contoso.example:8443/x", CUSTOM),
        ("https://management.azure.com/x?$skipToken=a%2b%3d&b=createdtime+desc", AZURE),
        ("https://management.azure.com/models/é", AZURE),
    ],
)
def test_the_clouds_own_hosts(url, cloud):
    assert may_see_token(url, cloud)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/subscriptions",
        "//management.azure.com/x",
        "management.azure.com",
        # Not TLS, or not HTTP at all.
        "http://management.azure.com/x",
        "http://eastus.api.azureml.ms/x",
        "ftp://management.azure.com/x",
        "https:/management.azure.com/x",
        "https:management.azure.com/x",
        # Another port is another server.
        "https://management.azure.com:8443/x",
        "https://management.azure.com:80/x",
        "https://management.azure.com:/x",
        "https://management.azure.com:0443/x",
        "https://eastus.api.azureml.ms:8443/x",
        # User info.
        "https://management.azure.com@evil.example/x",
        "https://kim@management.azure.com/x",
        "https://kim:secret@management.azure.com/x",
        "https://management.azure.com:443@evil.example/x",
        "https://@management.azure.com/x",
        # What some readers take for a slash, and others do not.
        "https://evil.example\\.management.azure.com/x",
        "https://evil.example\\@management.azure.com/x",
        "https:\\\\management.azure.com/x",
        "https://management.azure.com\\@evil.example",
        "https:///management.azure.com/x",
        "https://evil.example/?management.azure.com",
        "https://evil.example#management.azure.com",
        "https://evil.example/.api.azureml.ms",
        "https://evil.example?.api.azureml.ms",
        "https://evil.example#.api.azureml.ms",
        # Look-alikes.
        "https://management.azure.com.evil.example/x",
        "https://evilmanagement.azure.com/x",
        "https://api.azureml.ms/x",
        "https://evilapi.azureml.ms/x",
        "https://eastus.api.azureml.ms.evil.example/x",
        "https://eastusXapi.azureml.ms/x",
        "https://.api.azureml.ms/x",
        "https://a..api.azureml.ms/x",
        "https://-.api.azureml.ms/x",
        "https://a_b.api.azureml.ms/x",
        "https://eastus.api.azureml.ms./x",
        "https://management.azure.com./x",
        "https://management。azure。com/x",
        "https://mаnagement.azure.com/x",
        "https://ｍanagement.azure.com/x",
        "https://management.azure.com%2eevil.example/x",
        "https://management%2eazure.com/x",
        # Spellings that are the same host to some and not to others.
        "HTTPS://management.azure.com/x",
        "https://Management.Azure.com/x",
        " https://management.azure.com/x",
        "https://management.azure.com/x\n",
        "https://management.azure.com\r\n.evil.example/",
        "https://management.azure.com\t/x",
        "https://management.azure.com\x00.evil.example/",
        "https://management.azure.com /x",
        "https://management.azure.com/a b",
        # Another cloud's, and this machine's.
        "https://management.usgovcloudapi.net/x",
        "https://usgovarizona.api.ml.azure.us/x",
        "http://127.0.0.1:8000/x",
        "https://localhost/x",
        "https://sa1.blob.core.windows.net/azureml/log.txt?sig=x",
        "https://eastus.experiments.azureml.net/x",
        "https://eastus.api.azureml-test.ms/discovery",
    ],
)
def test_no_spelling_of_another_host_is_taken_for_the_clouds(url):
    assert not may_see_token(url, AZURE)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8001/x",
        "http://localhost:8000/x",
        "https://127.0.0.1:8000/x",
        "http://127.0.0.1/x",
        "https://eastus.api.azureml.ms/x",
    ],
)
def test_a_cloud_on_this_machine_is_one_port_of_it(url):
    assert not may_see_token(url, LOOPBACK)


def test_further_origins_are_trusted_as_they_are_spelled():
    also = ["https://private.contoso.example:443"]
    assert may_see_token("https://private.contoso.example/x", AZURE, also)
    assert not may_see_token("https://other.contoso.example/x", AZURE, also)
    assert not may_see_token("http://private.contoso.example/x", AZURE, also)
    assert not may_see_token("https://evil.example/x", AZURE, ["nonsense"])


@given(
    st.text(alphabet=st.sampled_from("htps:/\\@.#?%-_ \t\ncom[]management.azure.evil"), max_size=60)
)
@example("https://management.azure.com")
def test_what_may_see_a_token_goes_where_httpx_would_send_it(text):
    url = "https://" + text
    if may_see_token(url, AZURE):
        parsed = httpx.URL(url)
        assert parsed.scheme == "https"
        assert not parsed.userinfo
        assert parsed.host == "management.azure.com" or parsed.host.endswith(".api.azureml.ms")


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.1.2.3", True),
        ("http://localhost:1", True),
        ("http://[::1]:8000/x", True),
        ("http://127.0.0.256", False),
        ("http://127.0.0.01", False),
        ("http://127.1", False),
        ("http://0.0.0.0", False),
        ("http://2130706433", False),
        ("http://0x7f.0.0.1", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1@evil.example", False),
        ("http://[::ffff:127.0.0.1]", False),
        ("http://[::2]", False),
        ("http://LOCALHOST", False),
        ("http://127.0.0.١", False),
        ("http://128.0.0.1", False),
    ],
)
def test_this_machine_by_its_own_spelling_only(url, loopback):
    assert is_loopback(url) is loopback
    assert has_safe_scheme(url) is loopback


def test_the_origin_has_the_port_that_is_meant():
    assert origin_of("https://a.example/x") == ("https", "a.example", "443")
    assert origin_of("http://a.example:81") == ("http", "a.example", "81")
    assert origin_of("http://[::1]/") == ("http", "[::1]", "80")


@pytest.mark.parametrize("cloud", KNOWN, ids=lambda cloud: cloud.name)
def test_signed_links_are_followed_by_https_only(cloud):
    assert may_be_read("https://sa1.blob.core.windows.net/azureml/log.txt?sig=a%2b", cloud)
    assert not may_be_read("http://sa1.blob.core.windows.net/azureml/log.txt?sig=a", cloud)
    assert not may_be_read("http://127.0.0.1:8000/log.txt?sig=a", cloud)
    assert not may_be_read("https://kim@sa1.blob.core.windows.net/x", cloud)
    assert not may_be_read("file:///etc/passwd", cloud)


def test_signed_links_of_an_emulator_may_be_plain_http_to_this_machine():
    assert may_be_read("http://127.0.0.1:8000/sa.blob.core.windows.net/log.txt?sig=a", LOOPBACK)
    assert not may_be_read("http://sa1.blob.core.windows.net/log.txt?sig=a", LOOPBACK)

"""Addresses are told in words and logged without secrets; any name is one segment of a path."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amltui.azure import address
from tests.azure.answers import API, PLACE

ARM = "https://management.azure.com"


@pytest.mark.parametrize(
    ("path", "target", "subject"),
    [
        (f"{ARM}{PLACE.path}/computes/ci-anna", "compute ci-anna", "ci-anna"),
        (f"{ARM}{PLACE.path}/computes/ci-anna/stop?x=1", "the stop of compute ci-anna", "ci-anna"),
        (f"{ARM}{PLACE.path}/computes", "the computes of workspace 00000", "00000"),
        (f"{ARM}{PLACE.path}/models/m/versions/2", "version 2", "2"),
        (f"{ARM}/subscriptions", "subscriptions", "subscriptions"),
        (f"{ARM}/subscriptions/s1", "subscription s1", "s1"),
        (f"{API}/history/v1.0{PLACE.path}/runs/r%2F1/details", "the details of run r/1", "r/1"),
        (f"{ARM}/", "management.azure.com", ""),
        ("https://h.example:8443/a/b/c", "b/c", "c"),
        ("nonsense", "nonsense", "nonsense"),
        ("http://[", "the service", ""),
    ],
)
def test_what_an_address_is_about(path, target, subject):
    assert (address.target(path), address.subject(path)) == (target, subject)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://management.azure.com/x", "management.azure.com"),
        ("https://h.example:8443", "h.example:8443"),
        ("https://kim:secret@h.example/x", "h.example"),
        ("/subscriptions", "the service"),
        ("http://[", "the service"),
        ("", "the service"),
    ],
)
def test_the_host(url, host):
    assert address.host(url) == host


def test_a_signature_is_never_shown():
    url = (
        "https://sa1.blob.core.windows.net/azureml/dcid.r1/user_logs/std_log.txt?sv=2019-07-07"
        "&sr=b&sig=SECRET&skoid=SECRET&se=2023-05-30T16%3A04%3A20Z&sp=r"
    )
    assert address.shown(url) == (
        "https://sa1.blob.core.windows.net/azureml/dcid.r1/user_logs/std_log.txt"
        "?sv=…&sr=…&sig=…&skoid=…&se=…&sp=…"
    )


def test_what_is_worth_knowing_is_shown():
    shown = address.shown(
        f"https://kim:secret@h.example{PLACE.path}/jobs?api-version=v1&$skipToken=x"
    )
    assert shown == f"https://h.example{PLACE.path}/jobs?api-version=v1&$skipToken=…"
    assert address.shown("http://[") == "(unreadable URL)"
    assert address.shown("/a?sig=x") == "/a?sig=…"


@given(st.text(), st.text(min_size=8).filter(str.isalnum))
def test_no_unknown_value_of_a_query_is_shown(name, secret):
    known = name.lower() in address._TOLD
    assert known or f"={secret}" not in address.shown(f"https://h.example/?{name}={secret}")


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
@example("..")
@example(".")
@example("a/b?c#d%2F é")
@example("[bold red]x[/]")
def test_any_name_is_one_segment_and_never_a_way_up(name):
    url = httpx.URL(f"{ARM}/computes/{address.segment(name)}/stop")
    assert url.raw_path.count(b"/") == 3
    assert url.raw_path.startswith(b"/computes/")
    assert url.raw_path.endswith(b"/stop")
    assert not url.query


def test_a_path_keeps_its_slashes():
    assert address.path(PLACE.path) == PLACE.path
    assert address.path("/a b/c?d") == "/a%20b/c%3Fd"

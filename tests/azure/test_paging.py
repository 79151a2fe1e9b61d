"""Lists are followed to their end, by links that are taken as they are, and never astray."""

from __future__ import annotations

import pytest

from amltui.azure.answer import Page
from amltui.azure.errors import ServiceBroken, Untrusted
from amltui.azure.paging import MOST_EMPTY
from tests.azure.answers import PLACE, Reply, Rig
from tests.azure.samples import sample

ARM = "https://management.azure.com"
JOBS = f"{ARM}{PLACE.path}/jobs"


def page(*names: str, link: object = None) -> Reply:
    body = {"value": [{"name": name} for name in names]}
    return Reply(200, body if link is None else body | {"nextLink": link})


async def names(rig: Rig) -> list[str]:
    return [item["name"] async for page in rig.place.pages("/jobs") for item in page.items]


async def test_pages_are_followed_and_an_empty_one_is_not_the_end(rig):
    rig.service.on(
        "GET",
        "/jobs",
        page("a", "b", link=f"{JOBS}?p=2"),
        page(link=f"{JOBS}?p=3"),
        page("c", link=f"{JOBS}?p=4"),
        page(),
    )
    assert await names(rig) == ["a", "b", "c"]


async def test_a_page_says_whether_it_is_the_last(rig):
    rig.service.on("GET", "/jobs", page("a", link=f"{JOBS}?p=2"), page("b"))
    pages = [each async for each in rig.place.pages("/jobs")]
    assert pages == [Page([{"name": "a"}], f"{JOBS}?p=2"), Page([{"name": "b"}])]
    assert [each.last for each in pages] == [False, True]


async def test_the_link_is_sent_as_it_was_written(rig):
    link = sample("models", "containers")["nextLink"]
    rig.service.on("GET", "/models", page("a", link=link), page("b"))
    async for _ in rig.place.pages("/models"):
        pass
    assert str(rig.service.requests[1].url) == link
    assert rig.service.requests[1].headers["Authorization"] == "Bearer token-1"


async def test_a_link_without_a_host_stays_at_resource_manager_with_its_own_query(rig):
    link = f"{PLACE.path}/jobs?api-version=2022-05-01&$skipToken=a%2bb"
    rig.service.on("GET", "/jobs", page("a", link=link), page("b"))
    assert await names(rig) == ["a", "b"]
    assert str(rig.service.requests[1].url) == ARM + link


async def test_a_link_to_another_host_is_refused_and_nothing_is_asked_there(rig):
    rig.service.on("GET", "/jobs", page("a", link="https://evil.example/jobs?$skipToken=x"))
    with pytest.raises(Untrusted, match=r"pointed to evil\.example, .* nothing was sent there"):
        await names(rig)
    assert len(rig.service.requests) == 1


@pytest.mark.parametrize("link", ["nextLink", 5, {}, "", None])
async def test_what_is_no_link_is_the_end(rig, link):
    rig.service.on("GET", "/jobs", Reply(200, {"value": [{"name": "a"}], "nextLink": link}))
    assert await names(rig) == ["a"]


async def test_links_in_a_circle_end_in_an_error(rig):
    rig.service.on(
        "GET", "/jobs",
        lambda request: page("a", link=f"{JOBS}?p={'2' if '=1' in str(request.url) else '1'}"),
    )  # fmt: skip
    with pytest.raises(ServiceBroken, match="pages in a circle through the jobs of workspace"):
        await names(rig)
    assert len(rig.service.requests) <= 4


async def test_empty_pages_without_end_end_in_an_error(rig):
    rig.service.on(
        "GET", "/jobs", lambda request: page(link=f"{JOBS}?p={len(rig.service.requests)}")
    )
    with pytest.raises(ServiceBroken, match="in a circle"):
        await names(rig)
    assert len(rig.service.requests) == MOST_EMPTY + 1


@pytest.mark.parametrize("body", [None, [], "text", {"value": None}, {"value": {"name": "a"}}])
async def test_what_is_no_list_is_an_empty_one(rig, body):
    rig.service.on("GET", "/jobs", Reply(200, body))
    assert await names(rig) == []


async def test_whoever_has_enough_asks_for_no_further_page(rig):
    rig.service.on("GET", "/jobs", page("a", link=f"{JOBS}?p=2"), page("b"))
    async for found in rig.place.pages("/jobs"):
        assert found.items == [{"name": "a"}]
        break
    assert len(rig.service.requests) == 1

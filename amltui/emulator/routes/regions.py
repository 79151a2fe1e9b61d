"""What a region has: VM sizes with prices, how much of each family may be used, and how much is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import quotas, vm_sizes
from amltui.emulator.computes.record import CLUSTER
from amltui.emulator.http import paging
from amltui.emulator.http.asked import mapping, text_of, wrong
from amltui.emulator.http.call import Call
from amltui.emulator.http.route import REGION, Route
from amltui.emulator.places import PROVIDER, Workspace
from amltui.emulator.quotas import ONLINE, Use
from amltui.emulator.resources import Resource

PAGE = 100


async def sizes(call: Call) -> Response:
    """One page, whatever the number: this list has no nextLink."""
    return JSONResponse({"value": [vm_sizes.body(size) for size in vm_sizes.SIZES.values()]})


async def usages(call: Call) -> Response:
    """The number of clusters, all vCPUs, those of each family, and who holds them."""
    held = list(quotas.uses(call.world, _places(call)))
    rows = [*_totals(call, held), *_families(call, held), *_holders(call, held)]
    return paging.listed(call, rows, PAGE)


def _totals(call: Call, held: list[Use]) -> Iterator[dict[str, Any]]:
    clusters = sum(each.compute.type == CLUSTER for each in held)
    spot = sum(each.held for each in held if each.compute.low_priority)
    used = quotas.used(held).total()
    for kind, name, value, most in (
        ("totalCores", "Clusters", clusters, quotas.CLUSTERS),
        ("dedicatedCores", "Total Cluster Dedicated Regional vCPUs", used, quotas.REGION),
        ("lowPriorityCores", "Total Cluster LowPriority Regional vCPUs", spot, quotas.LOW_PRIORITY),
    ):
        row = _row(call, f"{_region(call)}/usages", f"{kind}/usages", name, name, most)
        yield {**row, "currentValue": value}


def _families(call: Call, held: list[Use]) -> Iterator[dict[str, Any]]:
    used = quotas.used(held)
    for family in quotas.FAMILIES:
        row = _of_family(call, _region(call), "vmFamily/usages", family, quotas.limit(family))
        yield {**row, "currentValue": used[family]}


def _holders(call: Call, held: list[Use]) -> Iterator[dict[str, Any]]:
    """Workspaces that use a family, and which of their computes do."""
    for place, inside in groupby(held, key=lambda each: each.place):
        own = [each for each in inside if each.held and not each.compute.low_priority]
        for family, value in sorted(quotas.used(own).items()):
            most = quotas.of_workspace(call.world, place, family)
            row = _of_family(call, place.id, "workspaces/usages", family, most)
            yield {**row, "currentValue": value}
        for each in own:
            most = each.compute.max_nodes * each.vcpus
            kind = "onlineEndpoints/deployments" if each.compute.type == ONLINE else "computes"
            row = _of_family(call, each.id, f"workspaces/{kind}/usages", each.family, most)
            yield {**row, "currentValue": each.held}


async def quota_list(call: Call) -> Response:
    """What the subscription may use of each family, and which part each workspace may."""
    rows: list[dict[str, Any]] = []
    for family in quotas.FAMILIES:
        rows.append(
            _of_family(call, _region(call), "vmFamily/quotas", family, quotas.limit(family))
        )
        for place in _places(call):
            most = quotas.of_workspace(call.world, place, family)
            rows.append(_of_family(call, place.id, "workspaces/quotas", family, most))
    return paging.listed(call, rows, PAGE)


async def update_quotas(call: Call) -> Response:
    """Give workspaces parts of a family. What came of each is told one by one."""
    asked = (await call.body()).get("value")
    if not isinstance(asked, list):
        raise wrong("value", "an array")
    return JSONResponse({"value": [_updated(call, each) for each in asked]})


def _updated(call: Call, asked: Any) -> dict[str, Any]:
    told = mapping(asked, "value")
    identity, most = text_of(told, "id"), told.get("limit")
    if not isinstance(most, int) or isinstance(most, bool):
        raise wrong("limit", "a number")
    return {
        "id": identity,
        "type": text_of(told, "type") or f"{PROVIDER}/workspaces/quotas",
        "limit": most,
        "unit": "Count",
        "status": _set(call, identity, most),
    }


def _set(call: Call, identity: str, most: int) -> str:
    """Keep the part that a workspace may use; in one word, what came of it."""
    above, _, wanted = identity.partition("/quotas/")
    place = next((each for each in _places(call) if each.id.lower() == above.lower()), None)
    family = next((each for each in quotas.FAMILIES if each.lower() == wanted.lower()), None)
    if place is None:
        return "Failure"
    if family is None:
        return "InvalidVMFamilyName"
    if most > quotas.limit(family):
        return "InvalidQuotaExceedsSubscriptionLimit"
    if 0 <= most < _minimum(call, place, family):
        return "InvalidQuotaBelowClusterMinimum"
    key = f"{place.id}/quotas/{family}"
    held = call.world.resources.get(key, call.now)
    if most < 0:
        if held is not None:
            call.world.resources.drop(held)
        return "Success"
    made = held or Resource(key, call.now, call.who)
    call.world.resources.put(replace(made, properties={"limit": most}))
    return "Success"


def _minimum(call: Call, place: Workspace, family: str) -> int:
    """The vCPUs that clusters keep up whatever happens."""
    return sum(
        each.compute.min_nodes * each.vcpus
        for each in quotas.uses(call.world, [place])
        if each.family == family and each.compute.type == CLUSTER and not each.compute.low_priority
    )


def _places(call: Call) -> list[Workspace]:
    return quotas.places(call.world, call.subscription.id, call.params["location"])


def _region(call: Call) -> str:
    location = call.params["location"]
    return f"/subscriptions/{call.subscription.id}/providers/{PROVIDER}/locations/{location}"


def _of_family(call: Call, above: str, kind: str, family: str, most: int) -> dict[str, Any]:
    """A row about a family; `kind` ends in what it is: usages, or quotas."""
    what = kind.rpartition("/")[2]
    words = f"{family} Cluster Dedicated vCPUs"
    return _row(call, f"{above}/{what}/{family}", kind, family, words, most)


def _row(call: Call, identity: str, kind: str, value: str, words: str, most: int) -> dict[str, Any]:
    return {
        "id": identity,
        "amlWorkspaceLocation": call.params["location"],
        "type": f"{PROVIDER}/{kind}",
        "unit": "Count",
        "limit": most,
        "name": {"value": value, "localizedValue": words},
    }


ROUTES = [
    Route("GET", f"{REGION}/vmSizes", sizes, "VirtualMachineSizes_List"),
    Route("GET", f"{REGION}/usages", usages, "Usages_List"),
    Route("GET", f"{REGION}/quotas", quota_list, "Quotas_List"),
    Route("POST", f"{REGION}/updateQuotas", update_quotas, "Quotas_Update"),
]

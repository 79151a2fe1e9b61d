"""The clients find the service, sign in and read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amltui.emulator.process import Service


def test_the_workspace_is_listed_and_found(ml: Any, service: Service) -> None:
    """azure-ai-ml lists the workspaces of its resource group, and gets its own."""
    assert service.workspace in [each.name for each in ml.workspaces.list()]
    assert ml.workspaces.get(service.workspace).location == "eastus2"


def test_subscriptions_are_listed(management: Callable[..., Any], service: Service) -> None:
    from azure.mgmt.subscription import SubscriptionClient

    found = list(management(SubscriptionClient).subscriptions.list())
    assert [each.subscription_id for each in found] == [service.subscription_id]
    assert found[0].display_name


def test_an_instance_is_stopped_and_started(ml: Any) -> None:
    assert ml.compute.get("kim-dev").state == "Running"
    ml.compute.begin_stop("kim-dev").result(60)
    assert ml.compute.get("kim-dev").state == "Stopped"
    ml.compute.begin_start("kim-dev").result(60)
    assert ml.compute.get("kim-dev").state == "Running"

"""Jobs without a compute name their machines: what they cost is known to whoever asks."""

from __future__ import annotations

import pytest

from amltui.emulator import vm_sizes
from tests.stage import Stage

DAY = 86_400.0


@pytest.mark.scenario("busy_night")
def test_every_serverless_job_names_a_size_with_a_price(stage: Stage):
    """Those that run now, and those that come in the next day."""
    found = 0
    for place in stage.world.workspaces.values():
        stage.world.enter(place)
        for job in stage.world.jobs.of(place.id).during(stage.world.now, stage.world.now + DAY):
            if job.compute is None and job.type == "Command" and not job.is_tracked:
                size = job.specification["resources"]["instanceType"]
                assert size.lower() in vm_sizes.SIZES
                found += 1
    assert found > 1

"""Resources of every kind as strangely as a service could tell them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute, ComputeKind, LastOperation, Nodes
from amltui.domain.endpoint import Deployment
from amltui.domain.job import Job, JobError
from amltui.domain.model import Model
from amltui.domain.workspace import Workspace

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
PLACE = WorkspaceId("sub", "rg", "ws")

# "None" itself would look like a None that was made a text.
TEXT = st.text(max_size=30).filter(lambda text: text != "None")
SOME_TEXT = TEXT.filter(bool)
MAYBE = st.none() | TEXT
MOMENTS = st.none() | st.floats(-1e9, 4e9).map(lambda at: datetime.fromtimestamp(at, UTC))
TAGS = st.dictionaries(SOME_TEXT, MAYBE, max_size=4)
COUNT = st.integers(0, 50)
STATES = MAYBE | st.sampled_from(
    ["Running", "JobRunning", "Stopped", "Succeeded", "Failed", "steady", "Resizing", "Completed",
     "Canceled", "CancelRequested", "Queued", "NotStarted", "Unheard of"]
)  # fmt: skip

JOBS = st.builds(
    Job,
    workspace=st.just(PLACE),
    name=SOME_TEXT,
    display_name=MAYBE,
    experiment=MAYBE,
    type=MAYBE,
    status=STATES,
    compute=MAYBE,
    created=MOMENTS,
    started=MOMENTS,
    ended=MOMENTS,
    created_by=MAYBE,
    tags=TAGS,
    error=st.none() | st.builds(JobError, TEXT, MAYBE),
    studio_url=MAYBE,
    description=MAYBE,
    command=MAYBE,
    environment=MAYBE,
    node_count=st.none() | COUNT,
    parent=MAYBE,
    queueing=MAYBE,
    parameters=st.dictionaries(SOME_TEXT, TEXT, max_size=3),
    primary_metric=MAYBE,
)
COMPUTES = st.builds(
    Compute,
    workspace=st.just(PLACE),
    name=SOME_TEXT,
    kind=st.sampled_from(ComputeKind),
    type=TEXT,
    state=STATES,
    provisioning_state=STATES,
    size=MAYBE,
    low_priority=st.booleans(),
    location=MAYBE,
    nodes=st.none()
    | st.builds(
        Nodes, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT, minimum=COUNT, maximum=st.none() | COUNT
    ),
    owner=MAYBE,
    created=MOMENTS,
    last_operation=st.none() | st.builds(LastOperation, SOME_TEXT, MAYBE, MOMENTS, MAYBE),
    idle_shutdown=st.none() | st.timedeltas(timedelta(0), timedelta(days=9)),
    scale_down=st.none() | st.timedeltas(timedelta(0), timedelta(days=9)),
    steady_since=MOMENTS,
    errors=st.lists(TEXT, max_size=2).map(tuple),
    price_per_hour=st.none() | st.floats(0, 1e6),
    tags=TAGS,
)
DEPLOYMENTS = st.builds(
    Deployment,
    workspace=st.just(PLACE),
    endpoint=SOME_TEXT,
    name=SOME_TEXT,
    provisioning_state=STATES,
    is_managed=st.booleans(),
    size=MAYBE,
    instances=st.none() | COUNT,
    traffic=st.none() | st.integers(0, 100),
    quiet_for=st.none() | st.floats(0, 1e6),
    created=MOMENTS,
    owner=MAYBE,
    location=MAYBE,
    price_per_hour=st.none() | st.floats(0, 1e6),
)
MODELS = st.builds(
    Model,
    workspace=st.just(PLACE),
    name=SOME_TEXT,
    latest_version=MAYBE,
    type=MAYBE,
    description=MAYBE,
    created=MOMENTS,
    created_by=MAYBE,
    modified=MOMENTS,
    is_archived=st.booleans(),
    tags=TAGS,
)
WORKSPACES = st.builds(
    Workspace,
    id=st.builds(WorkspaceId, SOME_TEXT, SOME_TEXT, SOME_TEXT),
    kind=TEXT,
    location=MAYBE,
    provisioning_state=STATES,
    friendly_name=MAYBE,
    created=MOMENTS,
    created_by=MAYBE,
    discovery_url=MAYBE,
    mlflow_tracking_uri=MAYBE,
    tags=TAGS,
)
OF_KIND = {
    "job": JOBS,
    "compute": COMPUTES,
    "model": MODELS,
    "deployment": DEPLOYMENTS,
    "workspace": WORKSPACES,
}


def bare(kind: str) -> Any:
    """A resource of which nothing is known but its name."""
    return {
        "job": Job(PLACE, "bare", None, None, None, None),
        "compute": Compute(PLACE, "bare", ComputeKind.ATTACHED, "", None, None),
        "model": Model(PLACE, "bare", None),
        "deployment": Deployment(PLACE, "endpoint", "bare", None),
        "workspace": Workspace(WorkspaceId("s", "g", "bare"), "", None, None),
    }[kind]

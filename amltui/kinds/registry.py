"""Every kind there is. The only place where one is registered."""

from __future__ import annotations

from typing import Any

from amltui.kinds.compute import COMPUTE
from amltui.kinds.job import JOB
from amltui.kinds.kind import Kind
from amltui.kinds.model import MODEL
from amltui.kinds.workspace import WORKSPACE

KINDS: tuple[Kind[Any], ...] = (JOB, COMPUTE, MODEL, WORKSPACE)

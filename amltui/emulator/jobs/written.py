"""Metric points that clients logged, kept as they came."""

from __future__ import annotations

from amltui.emulator.jobs.series import Point


class WrittenMetrics:
    """Points by run and metric, in the order they were logged."""

    def __init__(self) -> None:
        self._points: dict[tuple[str, str], dict[str, list[Point]]] = {}

    def add(self, workspace: str, run: str, name: str, point: Point) -> None:
        run_points = self._points.setdefault((workspace, run.lower()), {})
        run_points.setdefault(name, []).append(point)

    def of(self, workspace: str, run: str) -> dict[str, list[Point]]:
        return self._points.get((workspace, run.lower()), {})

    def forget(self, workspace: str) -> None:
        """Forget what was logged in a workspace."""
        for key in [each for each in self._points if each[0].lower() == workspace.lower()]:
            del self._points[key]

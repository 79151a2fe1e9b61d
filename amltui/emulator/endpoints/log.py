"""The log of a deployment's containers, which grows with the clock: `getLogs` has only its end."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from amltui.emulator.endpoints import load
from amltui.emulator.endpoints.ledger import Ledger, Served
from amltui.emulator.resources import Resource

MOST = 10_000
"""No log is longer, whatever the tail."""
PROBE = 10.0
"""Seconds between two liveness probes."""
USUAL_ROLLOUT = 18.0
"""Seconds from the order to the first answer, which the offsets below are told for."""
_INIT, _WORKER = 70, 95

Line = tuple[float, str]
"""When, and what."""

_FETCHING = (
    (1.2, "Start pulling container image"),
    (3.1, "Container image is pulled successfully"),
    (3.3, "Downloading model {model} to /var/azureml-app/azureml-models/{model}"),
    (5.8, "Model {model} is downloaded successfully"),
)
_STARTING = (
    (7.0, _INIT, "gunicorn.error - Starting gunicorn 22.0.0"),
    (7.1, _INIT, "gunicorn.error - Listening at: http://0.0.0.0:31311 (70)"),
    (7.1, _INIT, "gunicorn.error - Using worker: sync"),
    (7.4, _WORKER, "gunicorn.error - Booting worker with pid: 95"),
    (8.9, _WORKER, "azmlinfsrv - Found user script at {script}"),
    (9.6, _WORKER, "azmlinfsrv.user_script - Found driver module at {script}"),
    (9.7, _WORKER, "azmlinfsrv.user_script - Invoking user's init function"),
)
_STARTED = (
    (16.1, _WORKER, "azmlinfsrv.user_script - Users's init has completed successfully"),
    (16.3, _WORKER, "azmlinfsrv.swagger - Swaggers are prepared for the versions: [2, 3, 3.1]."),
    (16.4, _WORKER, "azmlinfsrv - Scoring timeout is set to {timeout}"),
    (16.5, _WORKER, "azmlinfsrv - Worker with pid 95 ready for serving traffic"),
)
_MLFLOW_SCRIPT = "/var/mlflow_resources/mlflow_score_script.py"


def fetching(deployment: Resource, now: float, tail: int) -> list[str]:
    """What the container said that fetches the model."""
    told = _fetched(deployment)
    if _failure(deployment).get("at") == "image":
        told = told[:1]
    return [text for moment, text in told if moment <= now][-tail:] if tail else []


def serving(
    endpoint: Resource, deployment: Resource, ledger: Ledger, now: float, tail: int
) -> list[str]:
    """What the container said that answers: the last lines of it, oldest first."""
    wanted, ready = min(tail, MOST), load.ready_at(deployment)
    sources = [
        _probes(ready, now),
        reversed([line for line in _begun(deployment) if line[0] <= now]),
    ]
    if ready <= now:
        # There is a probe at least as often, so that no line before this can be wanted.
        since = max(ready, now - (wanted + 1) * PROBE)
        sources.append(map(_access, load.newest_first(endpoint, deployment, since, now)))
        asked = ledger.last(deployment.id, wanted)
        sources.append(_access(each) for each in reversed(asked) if each.time >= ready)
    lines = heapq.merge(*sources, key=lambda line: line[0], reverse=True)
    return [text for _, text in islice(lines, wanted)][::-1]


def _fetched(deployment: Resource) -> list[Line]:
    model = _model(deployment)
    pace = _pace(deployment)
    began = _began(deployment)
    return [
        (began + at * pace, f"{_stamp(began + at * pace)} INFO {text.format(model=model)}")
        for at, text in _FETCHING
    ]


def _begun(deployment: Resource) -> list[Line]:
    """From the first line to the one that it is ready, or to why it is not."""
    failure = _failure(deployment)
    began, pace = _began(deployment), _pace(deployment)
    facts = {"script": _script(deployment), "timeout": _timeout(deployment)}
    if failure.get("at") == "image":
        return [(began + 4 * pace + 0.001 * n, text) for n, text in enumerate(failure["lines"])]
    told = [*_STARTING, *(() if failure else _STARTED)]
    lines = [
        (began + at * pace, _line(began + at * pace, pid, text.format(**facts)))
        for at, pid, text in told
    ]
    for number, text in enumerate(failure.get("lines") or ()):
        moment = began + 11.0 * pace + 0.001 * number
        # A traceback's own lines carry no time: only its first and last one are logged as such.
        lines.append((moment, text.replace("{time}", _stamp(moment))))
    return lines


def _probes(ready: float, now: float) -> Iterator[Line]:
    """The platform asks every few seconds whether the container lives, newest first."""
    if ready > now:
        return
    for number in range(int((now - ready) // PROBE), -1, -1):
        moment = ready + number * PROBE
        yield (
            moment,
            _line(moment, _WORKER, f"azmlinfsrv - GET / 200 {0.2 + number % 7 / 10:.3f}ms 7"),
        )


def _access(served: Served) -> Line:
    status = 500 if served.status == 424 else served.status
    text = f"azmlinfsrv - POST {served.path} {status} {served.milliseconds:.3f}ms {served.size}"
    return served.time, _line(served.time, _WORKER, text, "E" if status >= 500 else "I")


def _line(moment: float, pid: int, text: str, level: str = "I") -> str:
    return f"{_stamp(moment)} {level} [{pid}] {text}"


def _stamp(moment: float) -> str:
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03d}"


def _began(deployment: Resource) -> float:
    return float(deployment.kept.get("started") or deployment.created)


def _pace(deployment: Resource) -> float:
    return float(deployment.kept.get("rollout") or USUAL_ROLLOUT) / USUAL_ROLLOUT


def _failure(deployment: Resource) -> dict[str, Any]:
    return deployment.kept.get("failure") or {}


def _model(deployment: Resource) -> str:
    """`churn-xgb/3` of the model's id."""
    pieces: Sequence[str] = str(deployment.properties.get("model") or "model").split("/")
    return "/".join(pieces[-3::2]) if len(pieces) > 3 else pieces[-1]


def _script(deployment: Resource) -> str:
    code = deployment.properties.get("codeConfiguration") or {}
    script = code.get("scoringScript")
    return f"/var/azureml-app/{script}" if script else _MLFLOW_SCRIPT


def _timeout(deployment: Resource) -> int:
    """Milliseconds, of `PT5S`."""
    text = str((deployment.properties.get("requestSettings") or {}).get("requestTimeout") or "PT5S")
    seconds = text.removeprefix("PT").removesuffix("S")
    return int(float(seconds) * 1000) if seconds.replace(".", "", 1).isdigit() else 5000

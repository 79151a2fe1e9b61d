"""Which log files a job has at a moment, and what is in them."""

from __future__ import annotations

from typing import Any

from amltui.emulator.jobs import image_build, log_lines, series, timeline
from amltui.emulator.jobs.failures import failure_of
from amltui.emulator.jobs.log_file import LogFile
from amltui.emulator.jobs.log_lines import stamp
from amltui.emulator.jobs.record import JobRecord

MOST_PROCESSES = 512
_SYSTEM = (
    "system_logs/cs_capability/cs-capability.log",
    "system_logs/data_capability/data-capability.log",
    "system_logs/hosttools_capability/hosttools-capability.log",
    "system_logs/lifecycler/lifecycler.log",
)


def processes(record: JobRecord) -> int:
    """Processes of a distributed job, on all its nodes; 0 where it is not distributed."""
    asked = record.distribution
    if not asked:
        return 0
    if str(asked.get("distributionType")).lower() == "tensorflow":
        servers = asked.get("parameterServerCount")
        return _whole(asked.get("workerCount"), record.nodes) + _whole(servers, 0)
    return record.nodes * _whole(asked.get("processCountPerInstance"), 1)


def _whole(value: Any, usual: int) -> int:
    try:
        return min(int(value), MOST_PROCESSES)
    except (TypeError, ValueError):
        return usual


def log_files(record: JobRecord, now: float) -> dict[str, LogFile]:
    """The files that exist by now. Their number grows while the job gets going."""
    reached = {each.status for each in timeline.phases(record) if each.start <= now}
    if record.is_tracked or not reached & {"Preparing", "Running"}:
        return {}
    if record.type == "Pipeline":
        return {"logs/azureml/executionlogs.txt": _orchestrator(record)}
    if record.type == "Sweep":
        return {"azureml-logs/hyperdrive.txt": _orchestrator(record)}
    if record.type == "AutoML":
        return {"logs/azureml/azureml_automl.log": _orchestrator(record)}
    files = {path: _system(record, path) for path in _SYSTEM}
    if (built := image_build.log(record)) is not None:
        files[image_build.PATH] = built
    if "Running" in reached:
        ranks = processes(record)
        files |= {
            f"user_logs/std_log_process_{rank}.txt": _user(record, rank) for rank in range(ranks)
        }
        if not ranks:
            files["user_logs/std_log.txt"] = _user(record, 0)
    return dict(sorted(files.items()))


def _user(record: JobRecord, rank: int) -> LogFile:
    running = [each for each in timeline.phases(record) if each.status == "Running"]
    start, end = running[0].start, running[-1].end
    head = [
        f"{stamp(start)} INFO  {record.command or 'python train.py'}",
        f"{stamp(start)} INFO  {record.display_name or record.name}: "
        f"seed {record.seed % 10_000}, {record.steps} steps, rank {rank}",
    ]
    if record.gpus:
        head.append(f"{stamp(start)} INFO  using cuda:{rank % record.gpus} of {record.gpus}")
    style = record.properties.get("demo.log", "plain")
    scripted = bool(series.curves(record)) and not (record.script == "brief" and record.said)
    first, later = _said(record, start, end, scripted=scripted)
    last = [] if end is None else [(end, text) for text in _end(record, rank, end)]
    return LogFile(
        head=[*((start, _line(text)) for text in head), *first],
        body=log_lines.lines(record, rank, style) if scripted else None,
        body_count=(lambda now: log_lines.count(record, now)) if scripted else lambda now: 0,
        tail=[*later, *((at, _line(text)) for at, text in last)],
    )


def _said(
    record: JobRecord, start: float, end: float | None, *, scripted: bool
) -> tuple[list[tuple[float, bytes]], list[tuple[float, bytes]]]:
    """What the command prints before its script, and after it: a log grows at its end only."""
    lines = [
        (start + at, line)
        for at, line in record.said
        if end is None or start + at <= end  # a job that is cut off says no more
    ]
    if not scripted:
        return [(at, _line(line)) for at, line in lines], []
    before = [(at, _line(line)) for at, line in lines if at <= start + 0.5]
    done = start + record.steps * record.step_seconds if end is None else end
    return before, [(max(at, done), _line(line)) for at, line in lines if at > start + 0.5]


def _end(record: JobRecord, rank: int, at: float) -> list[str]:
    last = timeline.phases(record)[-1].status
    if last == "Canceled":
        return [f"{stamp(at)} WARNING received SIGTERM, the run was canceled"]
    if last == "Failed":
        failure = failure_of(record)
        struck = failure.rank is None or failure.rank == rank or not processes(record)
        lines = failure.lines if struck else failure.elsewhere
        return [line.replace("{rank}", str(rank)) for line in lines]
    if last == "Completed":
        return [
            f"{stamp(at)} INFO  done",
            f"{stamp(at)} INFO  The activity completed successfully. Finalizing run...",
        ]
    return []


def _system(record: JobRecord, path: str) -> LogFile:
    topic = path.rpartition("/")[2].removesuffix(".log")
    return LogFile(
        head=[
            (each.start, _line(f"{stamp(each.start)} INFO {topic}: run {record.name} {words}"))
            for each in timeline.phases(record)
            for words in _lifecycle(each.status, record)
            if each.status not in {"NotStarted", "Starting", "Queued", "Provisioning"}
        ]
    )


def _lifecycle(status: str, record: JobRecord) -> tuple[str, ...]:
    if status == "Preparing":
        return (
            "pulling image " + (record.environment or "default").rpartition("/environments/")[2],
            "mounting inputs: " + (", ".join(record.inputs) or "none"),
        )
    return (f"is now {status}",)


def _orchestrator(record: JobRecord) -> LogFile:
    steps = record.specification.get("jobs") or {}
    begin = record.created + 4.0
    lines = [(begin, f"{stamp(begin)} INFO  {record.type} {record.name} submitted")]
    lines += [
        (begin + place, f"{stamp(begin + place)} INFO  Submitted step {step}")
        for place, step in enumerate(steps, 1)
    ]
    lines += [
        (each.start, f"{stamp(each.start)} INFO  Status: {each.status}")
        for each in timeline.phases(record)
        if each.start > begin
    ]
    return LogFile(head=[(at, _line(text)) for at, text in sorted(lines)])


def _line(text: str) -> bytes:
    return text.encode() + b"\n"

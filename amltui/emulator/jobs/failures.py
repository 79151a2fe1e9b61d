"""How jobs fail: the error the service reports, and what the script leaves in its log."""

from __future__ import annotations

from dataclasses import dataclass

from amltui.emulator.jobs.record import JobRecord


@dataclass(frozen=True)
class Failure:
    """One way to fail."""

    code: str
    """The innermost code of the service's error."""
    message: str
    lines: tuple[str, ...]
    """The end of the user's log."""
    rank: int | None = None
    """The process that fails, where only one does."""
    elsewhere: tuple[str, ...] = ()
    """The end of the other processes' logs."""


_USER_PROCESS = (
    "Execution failed. User process '{process}' exited with status code {status}. "
    "Please check log file 'user_logs/{log}' for error details. Error: {reason}"
)

FAILURES: dict[str, Failure] = {
    "cuda-out-of-memory": Failure(
        code="UserScriptException",
        message=_USER_PROCESS.format(
            process="/azureml-envs/pytorch/bin/python",
            status=1,
            log="std_log_process_3.txt",
            reason="RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 3; 79.15 GiB "
            "total capacity; 76.90 GiB already allocated; 1.21 GiB free)",
        ),
        rank=3,
        lines=(
            "Traceback (most recent call last):",
            '  File "train.py", line 212, in <module>',
            "    main(cfg)",
            '  File "train.py", line 167, in main',
            "    out = model(batch)",
            '  File "/azureml-envs/pytorch/lib/python3.10/site-packages/torch/nn/modules/module.py"'
            ", line 1553, in _call_impl",
            "    return forward_call(*args, **kwargs)",
            "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 3; 79.15 GiB total "
            "capacity; 76.90 GiB already allocated; 1.21 GiB free; 77.32 GiB reserved in total by "
            "PyTorch)",
            "[rank3] terminating",
        ),
        elsewhere=(
            "[E ProcessGroupNCCL.cpp:828] [Rank {rank}] Watchdog caught collective operation "
            "timeout: remote rank 3 has died",
            "torch.distributed.elastic.multiprocessing.errors.ChildFailedError: train.py FAILED",
        ),
    ),
    "data-access-403": Failure(
        code="DataAccessError",
        message="DataAccessError(PermissionDenied(Some(This request is not authorized to perform "
        "this operation using this permission.))): StreamError 403 for azureml://datastores/"
        "corpora/paths/sft/v7/shard-00041.jsonl\r\nPlease make sure the identity of the cluster "
        "has Storage Blob Data Reader on the account.",
        lines=(
            "Traceback (most recent call last):",
            '  File "sft.py", line 88, in <module>',
            "    for batch in loader:",
            '  File "sft.py", line 41, in __iter__',
            "    with open(shard) as lines:",
            "OSError: [Errno 5] Input/output error: "
            "'/mnt/azureml/cr/j/data/sft/v7/shard-00041.jsonl'",
            "DataAccessError: 403 AuthorizationPermissionMismatch (corpora/sft/v7/shard-00041)",
        ),
    ),
    "key-error": Failure(
        code="UserScriptException",
        message=_USER_PROCESS.format(
            process="python", status=1, log="std_log.txt", reason="KeyError: 'label_smoothing'"
        ),
        lines=(
            "Traceback (most recent call last):",
            '  File "train.py", line 54, in <module>',
            "    run(load(args.config))",
            '  File "train.py", line 31, in run',
            "    criterion = CrossEntropy(smoothing=config['loss']['label_smoothing'])",
            "KeyError: 'label_smoothing'",
        ),
    ),
    "import-error": Failure(
        code="UserScriptException",
        message=_USER_PROCESS.format(
            process="python",
            status=1,
            log="std_log.txt",
            reason="ModuleNotFoundError: No module named 'lightgbm'",
        ),
        lines=(
            "Traceback (most recent call last):",
            '  File "score_monthly.py", line 7, in <module>',
            "    import lightgbm as lgb",
            "ModuleNotFoundError: No module named 'lightgbm'",
        ),
    ),
    "preempted": Failure(
        code="NodePreempted",
        message="The node tvmps_41c8 was preempted and the job could not be restarted: "
        "maxRetries exceeded. Low-priority nodes can be taken away at any time.",
        lines=("Received SIGTERM: node is being preempted, saving checkpoint outputs/last.pt",),
    ),
    "nonzero-exit": Failure(
        code="UserScriptException",
        message=_USER_PROCESS.format(
            process="/bin/bash", status=1, log="std_log.txt", reason="the command exited with 1"
        ),
        lines=("Process exited with status code 1",),
    ),
}


def failure_of(record: JobRecord) -> Failure:
    """How a job that fails does."""
    told = record.reason or "the command exited with 1"
    match record.failure:
        case "status":
            status = int(told) if told.isdigit() else 1
            return _of_the_process(status, f"the command exited with status code {status}", ())
        case "raised":
            lines = ("Traceback (most recent call last):", '  File "<string>", line 1, in <module>')
            return _of_the_process(1, told, (*lines, told))
        case "step-failed":
            return Failure("ChildRunFailed", told, (told,))
        case "environment" | "quota" | "nodes" | "compute" as kind:
            return Failure(_CODES[kind], told, ())
    return FAILURES.get(record.failure or "", FAILURES["nonzero-exit"])


_CODES = {
    "environment": "ImageBuildFailure",
    "quota": "QuotaExceeded",
    "nodes": "ClusterMaxNodesExceeded",
    "compute": "ComputeNotAvailable",
}


def _of_the_process(status: int, reason: str, lines: tuple[str, ...]) -> Failure:
    message = _USER_PROCESS.format(
        process="python" if lines else "/bin/bash",
        status=status,
        log="std_log.txt",
        reason=reason,
    )
    return Failure(
        "UserScriptException", message, (*lines, f"Process exited with status code {status}")
    )

"""The models and endpoints the scenarios begin with."""

from __future__ import annotations

from amltui.emulator.assets.endpoints import Deployment, OnlineEndpoint
from amltui.emulator.assets.models import ModelVersion

DAY = 86_400.0

_MODELS: dict[str, list[tuple[str, str, list[str], dict[str, str | None]]]] = {
    "vision-prod": [
        ("resnet50-imagenet-lt", "mlflow_model", ["1", "2", "3", "4", "5"], {"stage": "prod"}),
        ("resnet34-distilled", "custom_model", ["1", "2"], {"teacher": "resnet101"}),
        ("effnet-b3", "custom_model", ["1", "2023-11-02", "rc_0412"], {}),
        ("yolo-tiles", "triton_model", ["1", "2", "3"], {"precision": "fp16"}),
    ],
    "nlp-dev": [
        ("nlp-sft-7b", "mlflow_model", ["1", "2"], {"base": "7b", "license": None}),
        ("reranker-small", "custom_model", ["7", "8", "9", "10", "11"], {}),
        ("embed-wiki-zh-向量", "custom_model", ["1"], {"语言": "中文"}),
    ],
    "edu-lab": [("mnist-cnn", "custom_model", ["1"], {})],
    "risk-prod": [
        ("credit-gbm", "mlflow_model", ["5", "6", "7", "8"], {"reviewed-by": "", "tier": "1"}),
        ("fraud-iso", "mlflow_model", ["1", "2"], {}),
        ("asr-small", "triton_model", ["3"], {}),
    ],
}
_EVERYWHERE: list[tuple[str, str, list[str], dict[str, str | None]]] = [
    ("churn-xgb", "mlflow_model", ["1", "2", "3"], {"team": "growth"}),
    ("demand-prophet", "custom_model", ["1", "test_775218847481"], {}),
]


def models(workspace: str, epoch: float, jobs: list[str]) -> list[ModelVersion]:
    """Several versions of each; every second one comes from one of these jobs."""
    name = workspace.rpartition("/")[2].lower()
    versions = []
    for place, (model, kind, names, tags) in enumerate(_MODELS.get(name, _EVERYWHERE)):
        for age, version in enumerate(reversed(names)):
            source = place + age
            versions.append(
                ModelVersion(
                    workspace=workspace,
                    name=model,
                    version=version,
                    created=epoch - DAY * (0.4 + 2.3 * place + 5.1 * age),
                    type=kind,
                    tags=tags,
                    job=jobs[source % len(jobs)] if jobs and source % 2 == 0 else None,
                    description="Used by the scoring endpoint." if age == 0 else None,
                )
            )
    return versions


def endpoints(workspace: str, epoch: float) -> list[OnlineEndpoint]:
    name = workspace.rpartition("/")[2].lower()
    if name == "risk-prod":
        return _risk(workspace, epoch)
    if name in {"edu-lab", "nlp-dev"}:
        return []
    blue = Deployment("blue", epoch - 20 * DAY, "Standard_DS3_v2", 1, "churn-xgb/2", log=_SERVING)
    green = Deployment("green", epoch - 2 * DAY, "Standard_DS3_v2", 1, "churn-xgb/3", log=_SERVING)
    return [
        OnlineEndpoint(
            workspace,
            f"{name[:20]}-ep",
            epoch - 21 * DAY,
            traffic={"blue": 90, "green": 10},
            tags={"team": "growth"},
            deployments=(blue, green),
        )
    ]


_SERVING = (
    "2026-01-01 00:00:00,000 I [70] gunicorn.error - Starting gunicorn 22.0.0",
    "2026-01-01 00:00:01,204 I [70] gunicorn.error - Listening at: http://0.0.0.0:31311 (70)",
    "2026-01-01 00:00:03,871 I [95] azmlinfsrv - Users's init has completed successfully",
    "2026-01-01 00:00:09,518 I [95] azmlinfsrv - POST /score 200 12.4ms 1180",
)
_BROKEN = (
    "2026-01-01 00:00:02,410 E [94] azmlinfsrv - Traceback (most recent call last):",
    '  File "/var/azureml-app/score.py", line 18, in init',
    "    model = joblib.load(path)",
    "ModuleNotFoundError: No module named 'sklearn.ensemble._gb_losses'",
    "2026-01-01 00:00:02,431 I [94] gunicorn.error - Worker exiting (pid: 94)",
)


def _risk(workspace: str, epoch: float) -> list[OnlineEndpoint]:
    size = "Standard_F4s_v2"
    credit = OnlineEndpoint(
        workspace,
        "credit-ep",
        epoch - 60 * DAY,
        traffic={"blue": 90, "green": 10},
        tags={"tier": "1"},
        deployments=(
            Deployment("blue", epoch - 40 * DAY, size, 2, "credit-gbm/7", log=_SERVING),
            Deployment("green", epoch - 1 * DAY, size, 1, "credit-gbm/8", "Failed", _BROKEN),
        ),
    )
    speech = OnlineEndpoint(
        workspace,
        "asr-ep",
        epoch - 90 * DAY,
        auth="AADToken",
        traffic={"main": 100},
        deployments=(
            Deployment("main", epoch - 90 * DAY, "Standard_NC4as_T4_v3", 1, "asr-small/3"),
        ),
    )
    draft = OnlineEndpoint(workspace, "fraud-draft", epoch - 3 * DAY, tags=None)
    return [credit, speech, draft]

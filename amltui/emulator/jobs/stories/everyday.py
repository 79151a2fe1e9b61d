"""The everyday work of the demo's workspaces."""

from __future__ import annotations

from amltui.emulator.jobs.stories.past import Routine

ROUTINES: dict[str, Routine] = {
    "vision-prod": Routine(
        experiments=("img-cls", "distill", "detection"),
        titles=("resnet50-cutmix", "effnet-b0", "yolo-tiles", "mixup-probe", "export-onnx"),
        computes=("cpu-d13", "cpu-d13", "spot-v100"),
        scripts=("vision", "vision", "preparation"),
        people=("Kim Lang", "Li Wen", "Ana Ruiz"),
    ),
    "nlp-dev": Routine(
        experiments=("nlp-eval", "embeddings", "nlp-sft"),
        titles=("eval-suite", "embed-shard", "dedup", "tokenize"),
        computes=("nlp-cpu", None),
        scripts=("evaluation", "preparation", "language"),
        people=("Li Wen", "王小明", "nightly-build"),
    ),
    "edu-lab": Routine(
        experiments=("exercises", "homework"),
        titles=("mnist-exercise", "iris-tree", "titanic"),
        computes=("edu-cpu",),
        scripts=("small",),
        people=("Ana Ruiz", "Tom Baker", "Mia Novak"),
        longest=300.0,
    ),
    "risk-prod": Routine(
        experiments=("credit-scoring", "fraud", "scoring"),
        titles=("credit-gbm", "fraud-iso", "drift-check", "backtest"),
        computes=("risk-cpu",),
        scripts=("boosting", "forecast"),
        people=("Paul Weber", "batch-service"),
    ),
    "contoso-dev": Routine(
        experiments=("churn", "demand"),
        titles=("churn-xgb", "demand-prophet", "features"),
        computes=("cpu-cluster",),
        scripts=("boosting", "forecast", "small"),
        people=("Noor Haddad", "Kim Lang"),
    ),
}

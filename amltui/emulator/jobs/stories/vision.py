"""vision-prod: image classifiers on A100s, a sweep on spot nodes, one run that went NaN."""

from __future__ import annotations

from typing import Any

from amltui.emulator.jobs import plans
from amltui.emulator.jobs.stories.desk import Desk

HOUR = 3600.0


def vision(desk: Desk) -> None:
    _running(desk)
    _in_trouble(desk)
    _finished(desk)
    _about_to_happen(desk)


def _running(desk: Desk) -> None:
    on_a100: dict[str, Any] = {
        "experiment": "img-cls",
        "compute": "gpu-a100",
        "script": "vision",
        "gpus": 2,
        "distribution": {"distributionType": "PyTorch", "processCountPerInstance": 2},
    }
    desk.train(
        "resnet50-aug-lr3e4",
        2 * HOUR + 1260,
        runs=5.2 * HOUR,
        queued=180,
        preparing=360,
        pace=0.9375,
        parameters={"lr": "3e-4", "batch_size": "256", "augment": "randaug", "warmup": "500"},
        inputs={"images": "azureml:imagenet-lt:4"},
        command="python train.py --lr 3e-4 --augment randaug --data ${{inputs.images}}",
        tags={"team": "vision", "git": "4f2c1d9"},
        name="gray_pig_knyllgjbkl",
        **on_a100,
    )
    desk.train(
        "resnet50-aug-lr1e3",
        2 * HOUR + 1160,
        runs=5 * HOUR,
        queued=180,
        preparing=240,
        pace=0.9375,
        parameters={"lr": "1e-3", "batch_size": "256", "augment": "randaug", "warmup": "500"},
        inputs={"images": "azureml:imagenet-lt:4"},
        command="python train.py --lr 1e-3 --augment randaug --data ${{inputs.images}}",
        tags={"team": "vision", "git": "4f2c1d9"},
        **on_a100,
    )
    desk.train(
        "resnet50-base",
        3 * HOUR + 240,
        runs=4.7 * HOUR,
        pace=0.9,
        parameters={"lr": "1e-3", "batch_size": "256", "augment": "none", "warmup": "0"},
        inputs={"images": "azureml:imagenet-lt:4"},
        command="python train.py --lr 1e-3 --data ${{inputs.images}}",
        tags={"team": "vision", "git": "91aa0c2"},
        **on_a100,
    )
    desk.sweep(
        "resnet101-sweep",
        5.3 * HOUR,
        trials=40,
        at_once=2,
        each=2700.0,
        experiment="img-cls",
        compute="spot-v100",
        gpus=4,
    )
    desk.pipeline(
        "resnet-distill",
        12 * 60.0,
        [
            ("fetch", 130.0, "Completed"),
            ("teacher_logits", 560.0, "Completed"),
            ("shuffle", 300.0, "Completed"),
            ("distill", 900.0, "Completed"),
            ("evaluate", 240.0, "Completed"),
            ("register", 60.0, "Completed"),
        ],
        experiment="distill",
        compute="cpu-d13",
    )


def _in_trouble(desk: Desk) -> None:
    desk.train(
        "resnet50-fp16",
        1 * HOUR + 60,
        runs=6 * HOUR,
        pace=0.72,
        nan_from=4210,
        experiment="img-cls",
        compute="gpu-a100",
        script="vision",
        gpus=2,
        parameters={"lr": "3e-3", "batch_size": "512", "amp": "fp16"},
        command="python train.py --lr 3e-3 --amp fp16",
        tags={"team": "vision"},
    )
    desk.write(
        "resnet50-long",
        -40 * 60.0,
        plans.WAITS_FOR_EVER,
        experiment="img-cls",
        compute="gpu-a100",
        script="vision",
        nodes=4,
        gpus=2,
        command="python train.py --epochs 300",
        queueing="Waiting for quota: family NCADSA100v4 in eastus2 is at 240 of 240 cores.",
    )
    desk.write(
        "vit-l16-pretrain",
        -11 * 60.0,
        plans.WAITS_FOR_EVER,
        experiment="img-cls",
        compute="gpu-a100",
        script="vision",
        nodes=3,
        gpus=2,
        created_by="Li Wen",
        queueing="Waiting for nodes: 3 requested, 2 can be allocated.",
    )
    desk.train(
        "resnet152-bs512",
        6 * HOUR,
        runs=180.0,
        queued=30,
        preparing=75,
        last="Failed",
        pace=0.12,
        failure="cuda-out-of-memory",
        experiment="img-cls",
        compute="gpu-a100",
        script="vision",
        nodes=2,
        gpus=2,
        distribution={"distributionType": "PyTorch", "processCountPerInstance": 2},
        parameters={"lr": "1e-3", "batch_size": "512"},
        command="torchrun train.py --arch resnet152 --batch-size 512",
    )
    desk.write(
        "resnet50-newdata",
        -26 * HOUR,
        plans.requeued(2400.0, 260.0, 1900.0, "Failed"),
        failure="preempted",
        experiment="img-cls",
        compute="spot-v100",
        script="vision",
        gpus=4,
        steps=9000,
    )


def _finished(desk: Desk) -> None:
    desk.train(
        "resnet152-bs256",
        49 * HOUR,
        runs=3.1 * HOUR,
        experiment="img-cls",
        compute="gpu-a100",
        script="vision",
        nodes=2,
        gpus=2,
        distribution={"distributionType": "PyTorch", "processCountPerInstance": 2},
        parameters={"lr": "1e-3", "batch_size": "256"},
    )
    desk.train(
        "sweep-old",
        30 * HOUR,
        runs=900.0,
        last="Canceled",
        experiment="img-cls",
        compute="spot-v100",
        script="vision",
        created_by="Li Wen",
    )
    record = desk.train(
        "resnet18-smoke",
        70 * HOUR,
        runs=240.0,
        experiment="img-cls",
        compute="cpu-d13",
        script="vision",
    )
    desk.archived(record)


def _about_to_happen(desk: Desk) -> None:
    """Within the first minutes something ends, fails and begins."""
    desk.train(
        "resnet34-distill",
        594.0,
        runs=500.0,
        queued=40.0,
        preparing=72.0,
        experiment="distill",
        compute="gpu-a100",
        script="vision",
        gpus=2,
        tags={"teacher": "resnet101"},
    )
    desk.train(
        "vit-b16-lr1e4",
        130.0,
        runs=100.0,
        queued=20.0,
        preparing=45.0,
        last="Failed",
        failure="key-error",
        experiment="img-cls",
        compute="cpu-d13",
        script="vision",
    )
    desk.train(
        "convnext-probe",
        -9.0,
        runs=1500.0,
        queued=6.0,
        preparing=12.0,
        experiment="img-cls",
        compute="gpu-a100",
        script="vision",
        gpus=2,
        created_by="Ana Ruiz",
    )
    desk.write(
        "effnet-b3-spot",
        -22 * 60.0,
        plans.requeued(1200.0, 75.0, 3000.0),
        experiment="img-cls",
        compute="spot-v100",
        script="vision",
        gpus=4,
        steps=4200,
        tags={"priority": "low"},
    )

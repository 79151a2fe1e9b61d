"""nlp-dev: fine-tuning of language models, a stalled PPO run, a nightly evaluation."""

from __future__ import annotations

from amltui.emulator.jobs import plans
from amltui.emulator.jobs.stories.desk import Desk

HOUR = 3600.0


def language(desk: Desk) -> None:
    desk.train(
        "nlp-sft-7b-r2",
        9 * HOUR,
        runs=50 * HOUR,
        queued=600.0,
        preparing=300.0,
        pace=1.6,
        experiment="nlp-sft",
        compute="nlp-gpu",
        script="language",
        created_by="Li Wen",
        gpus=1,
        properties={"demo.log": "coloured"},
        parameters={"model": "base-7b", "lr": "2e-5", "lora_r": "16", "epochs": "3"},
        tags={"team": "nlp", "retry-of": "nlp-sft-7b"},
        command="accelerate launch sft.py --config configs/sft-7b.yaml",
    )
    desk.train(
        "rlhf-ppo",
        7.5 * HOUR,
        runs=40 * HOUR,
        pace=2.0,
        stalls_at=7.5 * HOUR - 150.0 - 22 * 60.0,
        experiment="rlhf",
        compute="nlp-gpu",
        script="ppo",
        created_by="Li Wen",
        gpus=1,
        parameters={"kl_coef": "0.05", "rollouts": "512"},
    )
    desk.train(
        "nlp-sft-7b",
        11 * HOUR,
        runs=1500.0,
        last="Failed",
        failure="data-access-403",
        pace=1.6,
        experiment="nlp-sft",
        compute="nlp-gpu",
        script="language",
        created_by="Li Wen",
        gpus=1,
    )
    desk.train(
        "nlp-eval-nightly",
        1130.0,
        runs=1080.0,
        queued=20.0,
        preparing=78.0,
        experiment="nlp-eval",
        compute="nlp-cpu",
        script="evaluation",
        created_by="nightly-build",
        tags={"nightly": None, "suite": ""},
    )
    desk.train(
        "tokenizer-bench",
        -16.0,
        runs=75.0,
        queued=4.0,
        preparing=9.0,
        experiment="nlp-eval",
        compute="nlp-cpu",
        script="preparation",
    )
    desk.write(
        "embed-wiki-zh-数据集-🚀",
        -1800.0,
        plans.command(30.0, 60.0, 2 * HOUR),
        experiment="embeddings",
        compute="nlp-cpu",
        script="preparation",
        steps=7200,
        created_by="王小明",
        tags={"语言": "中文", "emoji": "👩‍🔬🧪"},
        command="python embed.py --语言 zh",
    )
    desk.write(
        "nlp-sft-13b",
        -25 * 60.0,
        plans.WAITS_FOR_EVER,
        experiment="nlp-sft",
        compute="nlp-gpu",
        script="language",
        nodes=4,
        gpus=1,
        created_by="Li Wen",
        queueing="Waiting for nodes: 4 requested, 2 can be allocated.",
    )
    desk.write(
        "lora-rank-scan",
        -50 * 60.0,
        plans.silent(2400.0, 1500.0, 3600.0),
        experiment="nlp-sft",
        compute=None,
        script="language",
        step_seconds=1.5,
        steps=4000,
        created_by="Ana Ruiz",
        specification={"resources": {"instanceType": "Standard_NC6s_v3"}},
    )

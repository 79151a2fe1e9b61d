"""What the training scripts of the simulation log."""

from __future__ import annotations

from functools import lru_cache

from amltui.emulator.jobs.curves import (
    Curve,
    counts,
    falls,
    level,
    overfits,
    rises,
    swings,
    warms_up,
)

OBJECTIVE = "objective"
"""The script that logs the metric its sweep is after."""


@lru_cache(maxsize=1000)
def objective(metric: str, minimizes: bool, quality: float) -> dict[str, Curve]:
    """The primary metric of a trial, the better the higher its quality (0 to 1)."""
    if minimizes:
        primary = Curve(falls(2.3, 0.15 + 0.9 * (1.0 - quality)), grain=0.01)
    else:
        primary = Curve(rises(0.1, 0.45 + 0.5 * quality), grain=0.006)
    loss = Curve(falls(2.3, 0.3 + 0.8 * (1.0 - quality)), grain=0.04)
    return {metric: primary} if metric == "loss" else {metric: primary, "loss": loss}


SCRIPTS: dict[str, dict[str, Curve]] = {
    "vision": {
        "train/loss": Curve(falls(2.3, 0.22), grain=0.05, turns_nan=True),
        "train/acc": Curve(rises(0.05, 0.93), every=4, grain=0.01),
        "val/loss": Curve(overfits(1.9, 0.42), every=12, grain=0.012, turns_nan=True),
        "val/acc": Curve(rises(0.08, 0.87), every=12, grain=0.008),
        "lr": Curve(warms_up(3e-4), every=2),
        "grad_norm": Curve(falls(6.0, 1.6, 3.0), grain=0.18, turns_nan=True),
        "img/s": Curve(level(5120.0), every=2, grain=0.02),
        "epoch": Curve(counts(90), every=8),
    },
    "language": {
        "loss": Curve(falls(3.4, 1.55, 4.0), grain=0.03, turns_nan=True),
        "eval/loss": Curve(overfits(3.1, 1.72, 4.5, 0.2), every=10, grain=0.008),
        "eval/perplexity": Curve(falls(24.0, 5.8, 5.0), every=10, grain=0.01),
        "learning_rate": Curve(warms_up(2e-5, 0.03), every=2),
        "grad_norm": Curve(falls(3.0, 0.9, 2.0), grain=0.22),
        "tokens_per_s": Curve(level(38400.0), grain=0.03),
        "epoch": Curve(counts(3), every=5),
    },
    "ppo": {
        "reward/mean": Curve(swings(0.24, 0.09, 2.5), grain=0.08),
        "reward/std": Curve(level(0.41), grain=0.06),
        "kl": Curve(rises(0.001, 0.08, 3.0), grain=0.1),
        "policy/loss": Curve(falls(0.12, 0.02, 2.0), grain=0.25),
        "value/loss": Curve(falls(0.9, 0.2, 3.0), grain=0.12),
        "entropy": Curve(falls(2.4, 1.1, 1.5), grain=0.02),
    },
    "boosting": {
        "train-auc": Curve(rises(0.61, 0.94), grain=0.002),
        "valid-auc": Curve(rises(0.6, 0.88, 6.0), grain=0.003),
        "valid-logloss": Curve(falls(0.69, 0.31), grain=0.01),
    },
    "forecast": {
        "mae": Curve(falls(18.0, 6.4), grain=0.03),
        "rmse": Curve(falls(26.0, 9.1), grain=0.03),
        "coverage_90": Curve(rises(0.55, 0.9), every=4, grain=0.01),
    },
    "trial": {
        "train/loss": Curve(falls(2.3, 0.3), grain=0.05),
        "val/loss": Curve(overfits(1.9, 0.46), every=4, grain=0.012),
        "val/acc": Curve(rises(0.08, 0.85), every=4, grain=0.008),
    },
    "evaluation": {
        "bleu": Curve(rises(12.0, 31.2, 8.0), grain=0.01),
        "samples_per_s": Curve(level(212.0), grain=0.05),
    },
    "preparation": {
        "rows": Curve(lambda progress, seed: 2_400_000 * progress + 0 * seed, every=5),
        "rows_per_s": Curve(level(41_000.0), every=2, grain=0.06),
    },
    "brief": {
        "loss": Curve(falls(1.4, 0.2), grain=0.03),
        "accuracy": Curve(rises(0.3, 0.94), grain=0.01),
    },
    "small": {
        "loss": Curve(falls(1.4, 0.2), grain=0.03),
        "accuracy": Curve(rises(0.3, 0.94), grain=0.01),
    },
}

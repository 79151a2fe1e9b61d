"""A workspace where little happens: one of each kind of job."""

from __future__ import annotations

from amltui.emulator.jobs.stories.desk import Desk

CPU = "cpu-cluster"


def quiet(desk: Desk) -> None:
    desk.train(
        "train-baseline",
        900.0,
        runs=3600.0,
        queued=20.0,
        preparing=40.0,
        experiment="demand",
        compute=CPU,
        script="small",
        parameters={"lr": "0.01", "depth": "6"},
    )
    desk.train(
        "train-first",
        7200.0,
        runs=400.0,
        experiment="demand",
        compute=CPU,
        script="small",
        parameters={"lr": "0.1", "depth": "4"},
    )
    desk.train(
        "train-broken",
        5400.0,
        runs=60.0,
        last="Failed",
        failure="key-error",
        experiment="demand",
        compute=CPU,
        script="small",
    )
    desk.train(
        "train-given-up",
        4000.0,
        runs=300.0,
        last="Canceled",
        experiment="churn",
        compute=CPU,
        script="boosting",
    )
    desk.pipeline(
        "weekly-features",
        9000.0,
        [
            ("extract", 120.0, "Completed"),
            ("transform", 240.0, "Completed"),
            ("load", 90.0, "Completed"),
        ],
        experiment="features",
        compute=CPU,
    )
    desk.sweep(
        "depth-sweep",
        8000.0,
        trials=4,
        at_once=2,
        each=300.0,
        experiment="churn",
        compute=CPU,
    )

"""edu-lab, risk-prod and contoso-dev: smaller places, and the odd names."""

from __future__ import annotations

from amltui.emulator.jobs import plans
from amltui.emulator.jobs.stories.desk import Desk

HOUR = 3600.0


def lab(desk: Desk) -> None:
    desk.train(
        "mnist-exercise-3",
        5 * HOUR,
        runs=200.0,
        last="Failed",
        failure="import-error",
        experiment="exercises",
        compute="edu-cpu",
        script="small",
        created_by="Ana Ruiz",
    )
    desk.train(
        "mnist-exercise-4",
        3 * HOUR,
        runs=600.0,
        experiment="exercises",
        compute="edu-cpu",
        script="small",
        created_by="Ana Ruiz",
    )
    desk.write(
        "[bold red]x[/] \x1b[31mred\x1b[0m \x1b]0;title\x07 ‮rtl",
        -1.5 * HOUR,
        plans.command(10.0, 20.0, 2 * HOUR),
        experiment="[link]odd[/link]",
        compute="edu-cpu",
        script="small",
        steps=7200,
        properties={"demo.log": "hostile"},
        tags={"[reverse]key": "\x1b[5mblink\x1b[0m\nsecond line", "long": "x" * 300},
        created_by="[b]Mallory[/b]",
        command="echo '[/]' && printf '\\033c'",
    )
    desk.write(
        None,
        -2 * HOUR,
        plans.command(10.0, 20.0, 300.0),
        experiment="exercises",
        compute="edu-cpu",
        script="small",
        steps=300,
        tags=None,
        has_services=False,
    )


def risk(desk: Desk) -> None:
    desk.train(
        "credit-gbm-weekly",
        1.2 * HOUR,
        runs=3 * HOUR,
        experiment="credit-scoring",
        compute="risk-cpu",
        script="boosting",
        created_by="Paul Weber",
        parameters={"num_leaves": "63", "learning_rate": "0.05"},
    )
    desk.train(
        "fraud-forecast",
        0.5 * HOUR,
        runs=2 * HOUR,
        experiment="fraud",
        compute="risk-cpu",
        script="forecast",
        created_by="Paul Weber",
    )
    desk.train(
        "credit-gbm-challenger",
        95.0,
        runs=105.0,
        queued=10.0,
        preparing=14.0,
        experiment="credit-scoring",
        compute="risk-cpu",
        script="boosting",
        created_by="Paul Weber",
    )
    desk.pipeline(
        "monthly-scoring",
        8 * HOUR,
        [
            ("extract", 420.0, "Completed"),
            ("features", 900.0, "Completed"),
            ("score", 180.0, "Failed"),
        ],
        experiment="scoring",
        compute="risk-cpu",
    )


def contoso(desk: Desk) -> None:
    desk.train(
        "churn-baseline",
        0.8 * HOUR,
        runs=2.5 * HOUR,
        experiment="churn",
        compute="cpu-cluster",
        script="boosting",
        created_by="Noor Haddad",
    )
    desk.train(
        "churn-xgb",
        0.4 * HOUR,
        runs=1.5 * HOUR,
        experiment="churn",
        compute="cpu-cluster",
        script="boosting",
        created_by="Noor Haddad",
    )
    desk.sweep(
        "depth-grid",
        9 * HOUR,
        trials=200,
        at_once=20,
        each=150.0,
        experiment="churn",
        compute="cpu-cluster",
        created_by="Noor Haddad",
    )
    desk.pipeline(
        "nightly-retrain",
        7 * HOUR,
        [
            ("prepare", 330.0, "Completed"),
            ("train", 900.0, "Completed"),
            ("register", 60.0, "Completed"),
        ],
        inner={
            "prepare": [
                ("extract", 120.0, "Completed"),
                ("clean", 90.0, "Completed"),
                ("split", 120.0, "Completed"),
            ],
            "train": [
                ("tune", 480.0, "Completed"),
                ("fit", 300.0, "Completed"),
                ("evaluate", 120.0, "Completed"),
            ],
            "tune": [("coarse", 240.0, "Completed"), ("fine", 240.0, "Completed")],
        },
        experiment="churn",
        compute="cpu-cluster",
        created_by="Noor Haddad",
    )

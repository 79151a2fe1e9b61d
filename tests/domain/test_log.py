"""Log files are told apart by who wrote them, and stand as people look for them."""

from __future__ import annotations

import pytest

from amltui.domain.log import LogKind, kind, order, rank


@pytest.mark.parametrize(
    ("path", "wrote", "process"),
    [
        ("user_logs/std_log.txt", LogKind.USER, None),
        ("user_logs/std_log_process_03.txt", LogKind.USER, 3),
        ("user_logs/std_log_0.txt", LogKind.USER, 0),
        ("user_logs/std_log_process_1_ps.txt", LogKind.USER, 1),
        ("azureml-logs/70_driver_log_12.txt", LogKind.RUNTIME, 12),
        ("azureml-logs/70_driver_log.txt", LogKind.RUNTIME, None),
        ("azureml-logs/20_image_build_log.txt", LogKind.BUILD, None),
        ("logs/azureml/executionlogs.txt", LogKind.RUNTIME, None),
        ("system_logs/lifecycler/execution-wrapper.log", LogKind.SYSTEM, None),
        ("system_logs/hosttools_capability/rank_3.log", LogKind.SYSTEM, None),
        ("logs/app_2.log", LogKind.OTHER, None),
    ],
)
def test_a_path_says_who_wrote_it(path, wrote, process):
    """Numbers of system files are no ranks."""
    assert (kind(path), rank(path)) == (wrote, process)


def test_ranks_stand_in_the_order_of_their_numbers():
    """10 after 9, the user's files before the system's, the image's build before the node's."""
    wanted = [
        "user_logs/std_log.txt",
        *(f"user_logs/std_log_process_{each}.txt" for each in range(12)),
        "logs/azureml/executionlogs.txt",
        "azureml-logs/20_image_build_log.txt",
        "system_logs/lifecycler/lifecycler.log",
        "zz/other.txt",
    ]
    backwards = list(reversed(wanted))
    assert sorted(backwards, key=order) == wanted

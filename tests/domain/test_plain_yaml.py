"""The YAML of `az ml` files: read as YAML reads it, or refused by its line."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amltui.domain.plain_yaml import NoYaml, parse

INSTANCE = """\
$schema: https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json
name: kim-new   # hers
type: computeinstance
size: Standard_DS3_v2
idle_time_before_shutdown_minutes: 60
tags: {"team": "vision"}
schedules:
  compute_start_stop:
  - action: stop
    trigger:
      type: cron
      expression: '0 19 * * 1-5'
  - action: "start"
    state: disabled
ssh_public_access_enabled: false
description: "a # that is none"
"""


def test_a_file_as_the_documentation_has_them():
    """Comments, quotes, lists under their name, mappings in lists, braces."""
    assert parse(INSTANCE) == {
        "$schema": "https://azuremlschemas.azureedge.net/latest/computeInstance.schema.json",
        "name": "kim-new",
        "type": "computeinstance",
        "size": "Standard_DS3_v2",
        "idle_time_before_shutdown_minutes": 60,
        "tags": {"team": "vision"},
        "schedules": {
            "compute_start_stop": [
                {"action": "stop", "trigger": {"type": "cron", "expression": "0 19 * * 1-5"}},
                {"action": "start", "state": "disabled"},
            ]
        },
        "ssh_public_access_enabled": False,
        "description": "a # that is none",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("a:\n", {"a": None}), ("a: ~", {"a": None}), ("a: 1.5", {"a": 1.5}),
        ("- 1\n- two", [1, "two"]), ("a: [1, two]", {"a": [1, "two"]}), ('{"a": 1}', {"a": 1}),
        ("a: b:c", {"a": "b:c"}), ("---\na: x", {"a": "x"}), ("-\n  a: 1", [{"a": 1}]),
    ],
)  # fmt: skip
def test_small_documents(text: str, value: Any):
    """One by one."""
    assert parse(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\n  b: 2", "line 2 is not indented like"),
        ("a: 1\na: 2", "line 2 tells a a second time"),
        ("a: |\n  text", "line 1 uses `|`"),
        ("a: &x 1", "line 1 uses `&`"),
        ("a: 'open", "line 1 has a quote"),
        ("a: {b: 1}", "line 1 has brackets"),
        ("a: 1\nnothing", "line 2 has no `name: value`"),
        ("a:\n\tb: 1", "line 2 is indented by a tab"),
    ],
)
def test_what_is_not_read_is_refused_by_its_line(text: str, words: str):
    """Never misread."""
    with pytest.raises(NoYaml, match=words.replace("|", r"\|")):
        parse(text)


@given(st.text(alphabet=" \n:-#'\"[]{}ab1&|\t", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text: str):
    """No other error, however broken it is."""
    with suppress(NoYaml):
        parse(text)

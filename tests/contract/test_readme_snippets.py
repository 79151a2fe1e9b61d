"""The README's examples of the service run as they are printed."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_sdk_and_mlflow_examples_run(tmp_path: Path) -> None:
    """One after the other, while the service of the first is up."""
    sdk, tracking = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[:2]
    script = tmp_path / "example.py"
    more = 'print("logged", mlflow.get_run(mlflow.last_active_run().info.run_id).data.metrics)\n'
    script.write_text(sdk + textwrap.indent(tracking + more, "    "))
    ran = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())},
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "logged {'loss': 0.7}" in ran.stdout

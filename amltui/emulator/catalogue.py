"""What the service implements, told from its routes."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict

from amltui.emulator.http.table import ROUTES


def operations() -> dict[str, list[str]]:
    """The operations of each noun, by Azure's names for both, in the order of the routes."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for route in ROUTES:
        noun, _, verb = route.operation.partition("_")
        found[noun][verb or route.operation] = None
    return {noun: list(verbs) for noun, verbs in sorted(found.items())}


def markdown() -> str:
    """A table for the README."""
    rows = [f"| {noun} | {', '.join(verbs)} |" for noun, verbs in operations().items()]
    return "\n".join(["| what | operations |", "| --- | --- |", *rows])


def main() -> None:
    """`python -m amltui.emulator.catalogue`: the table; with --json the routes one by one."""
    parser = argparse.ArgumentParser(description="What the embedded service implements.")
    parser.add_argument("--json", action="store_true", help="every route, with its path")
    if parser.parse_args().json:
        routes = [
            {"operation": each.operation, "method": each.method, "path": each.path}
            for each in ROUTES
        ]
        print(json.dumps(routes, indent=1))
    else:
        print(markdown())


if __name__ == "__main__":
    main()

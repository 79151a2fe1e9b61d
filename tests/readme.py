"""`make readme`: writes the service's operations into the README."""

from __future__ import annotations

import re
from pathlib import Path

from amltui.emulator import catalogue

README = Path(__file__).parent.parent / "README.md"


def main() -> None:
    text = README.read_text(encoding="utf-8")
    told = f"<!-- operations -->\n{catalogue.markdown()}\n<!-- /operations -->"
    text = re.sub(r"<!-- operations -->.*<!-- /operations -->", told, text, flags=re.DOTALL)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

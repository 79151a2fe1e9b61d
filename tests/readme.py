"""`make readme`: writes the service's operations into the README."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def main() -> None:
    # The operations of this checkout: another one may be what is installed.
    sys.path.insert(0, str(ROOT))
    from amltui.emulator import catalogue

    text = README.read_text(encoding="utf-8")
    told = f"<!-- operations -->\n{catalogue.markdown()}\n<!-- /operations -->"
    text = re.sub(r"<!-- operations -->.*<!-- /operations -->", told, text, flags=re.DOTALL)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

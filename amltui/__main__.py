"""`python -m amltui`."""

from __future__ import annotations

import sys

from amltui.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""How Azure says it: requests, paging, long-running operations, errors, and parsing into nouns.

Knows httpx and azure-identity; never Textual. Everything above catches `AzureError` only.
"""

from __future__ import annotations

import sys

# httpx has a command line of its own, and imports click, Pygments and half of Rich for it: 4 MB and
# 15 ms. Python takes None for a module that is not there, which httpx is prepared for.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

"""What a user has written into a command, a tag or a parameter and must not lie around on disk."""

from __future__ import annotations

import re
from itertools import product

_HIDDEN = "…"
_WORDS = (
    *("token", "secret", "password", "passwd", "pwd", "credential"),
    *(f"{what}{dash}key" for what, dash in product(("api", "account", "access"), ("", "_", "-"))),
)
_WORD = f"(?:{'|'.join(_WORDS)})"
_QUOTE = r"""(?:\\"|')?"""
"""A quote within a JSON text; a bare one would be the text's own end."""
_VALUE = r"""[^\s"'\\&;<>]+"""

_SECRETS = tuple(
    (hints, re.compile(pattern, re.IGNORECASE), hidden)
    for hints, pattern, hidden in (
        # The signature of a signed link, also where the link is itself part of one.
        (("sig=", "sig%3d"), rf"((?:\b|%3f|%26)sig(?:=|%3d)){_VALUE}", rf"\1{_HIDDEN}"),
        # Connection strings.
        (
            ("sharedaccess", "accountkey="),
            rf"\b((?:Shared\w+|AccountKey)=){_VALUE}",
            rf"\1{_HIDDEN}",
        ),
        (("bearer",), rf"\b(Bearer\s+){_VALUE}", rf"\1{_HIDDEN}"),
        # A signed token, wherever it stands.
        (("eyj",), r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*", _HIDDEN),
        # A member of that name: "hf_token":"…"
        (_WORDS, rf'("[^"\\]*{_WORD}":")(?:[^"\\]|\\.)*"', rf'\1{_HIDDEN}"'),
        # On a command line: --api-key …, WANDB_API_KEY=…, password: …
        (_WORDS, rf"({_WORD}{_QUOTE}(?:\s*[=:]\s*|\s+){_QUOTE}){_VALUE}", rf"\1{_HIDDEN}"),
    )
)
_HINTS = tuple(dict.fromkeys(hint for hints, _, _ in _SECRETS for hint in hints))
_PASSWORD_IN_URL = re.compile(r"""(://[^/\s:@"'\\]*:)[^/\s@"'\\]+(?=@)""")


def may_hold_secrets(text: str) -> bool:
    """Whether it is worth a closer look, which takes ten times as long."""
    lower = text.lower()
    return any(hint in lower for hint in _HINTS) or _PASSWORD_IN_URL.search(text) is not None


def without_secrets(text: str) -> str:
    """JSON text with everything in it that looks like a token, key, password or signature hidden.

    It may hide too much: what is kept is only shown until the service has answered.
    """
    lower = text.lower()
    for hints, secret, hidden in _SECRETS:
        if any(hint in lower for hint in hints):
            text = secret.sub(hidden, text)
    return _PASSWORD_IN_URL.sub(rf"\1{_HIDDEN}", text)

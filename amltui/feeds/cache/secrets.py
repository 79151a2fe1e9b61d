"""What a user has written into a command, a tag or a parameter and must not lie around on disk."""

from __future__ import annotations

import re

_HIDDEN = "…"
_WORD = r"(?:token|secret|password|passwd|pwd|credential|(?:api|account|access)[_-]?key)"
_QUOTE = r"""(?:\\"|')?"""
"""A quote within a JSON text; a bare one would be the text's own end."""
_VALUE = r"""[^\s"'\\&;<>]+"""

_SECRETS = tuple(
    (re.compile(pattern, re.IGNORECASE), hidden)
    for pattern, hidden in (
        # The signature of a signed link, also where the link is itself part of one.
        (rf"((?:\b|%3f|%26)sig(?:=|%3d)){_VALUE}", rf"\1{_HIDDEN}"),
        # Connection strings.
        (rf"\b((?:Shared\w+|AccountKey)=){_VALUE}", rf"\1{_HIDDEN}"),
        (rf"\b(Bearer\s+){_VALUE}", rf"\1{_HIDDEN}"),
        # A signed token, wherever it stands.
        (r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*", _HIDDEN),
        # A member of that name: "hf_token":"…"
        (rf'("[^"\\]*{_WORD}":")(?:[^"\\]|\\.)*"', rf'\1{_HIDDEN}"'),
        # On a command line: --api-key …, WANDB_API_KEY=…, password: …
        (rf"({_WORD}{_QUOTE}(?:\s*[=:]\s*|\s+){_QUOTE}){_VALUE}", rf"\1{_HIDDEN}"),
        # A user's password before the host of a URL.
        (r"""(://[^/\s:@"'\\]*:)[^/\s@"'\\]+(?=@)""", rf"\1{_HIDDEN}"),
    )
)


def without_secrets(text: str) -> str:
    """JSON text with everything in it that looks like a token, key, password or signature hidden.

    It may hide too much: what is kept is only shown until the service has answered.
    """
    for secret, hidden in _SECRETS:
        text = secret.sub(hidden, text)
    return text

"""Requests signed with an account's key, as "Authorize with Shared Key" documents it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from amltui.emulator.blobs.sas import Denied, is_same, sign

_SIGNED = (
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range",
)


def check(
    credentials: str,
    method: str,
    headers: Mapping[str, str],
    query: Iterable[tuple[str, str]],
    paths: Iterable[str],
    account: str,
    keys: Iterable[str],
) -> None:
    """Denied unless `account:signature` is that of one of the keys.

    `paths` are those that the client may have signed: a front may have put the host into the path.
    """
    name, _, signature = credentials.strip().partition(":")
    texts = [_text(method, headers, query, path, account) for path in paths]
    given = [sign(key, text) for key in keys for text in texts]
    if name.lower() == account and any(is_same(each, signature) for each in given):
        return
    message = (
        "Server failed to authenticate the request. Make sure the value of Authorization header "
        "is formed correctly including the signature."
    )
    detail = (
        f"The MAC signature found in the HTTP request '{signature}' is not the same as any "
        f"computed signature. Server used following string to sign: '{texts[0]}'."
    )
    raise Denied("AuthenticationFailed", message, detail)


def _text(
    method: str,
    headers: Mapping[str, str],
    query: Iterable[tuple[str, str]],
    path: str,
    account: str,
) -> str:
    fields = [headers.get(name, "") for name in _SIGNED]
    fields[2] = "" if fields[2] == "0" else fields[2]
    fields[5] = "" if "x-ms-date" in headers else fields[5]
    own = sorted((name, text.strip()) for name, text in headers.items() if name[:5] == "x-ms-")
    canonical = "".join(f"{name}:{text}\n" for name, text in own)
    asked: dict[str, list[str]] = {}
    for name, text in query:
        asked.setdefault(name.lower(), []).append(unquote(text))
    resource = f"/{account}{path}" + "".join(
        f"\n{name}:{','.join(sorted(texts))}" for name, texts in sorted(asked.items())
    )
    return "\n".join([method, *fields]) + f"\n{canonical}{resource}"

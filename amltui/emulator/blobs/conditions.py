"""Conditions in the headers of a request: If-Match and its like."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from starlette.responses import Response

from amltui.emulator.blobs.blob import Blob
from amltui.emulator.http import errors

_UNMET = "The condition specified using HTTP conditional header(s) is not met."


def unread(headers: Mapping[str, str], blob: Blob) -> Response | None:
    """Why a blob is not to be read: it is as it was (304), or not the one that is meant (412)."""
    if not _is_meant(headers, blob):
        return errors.storage(412, "ConditionNotMet", _UNMET)
    if _is_known(headers, blob):
        return Response(None, 304, {"ETag": f'"{blob.etag}"', "x-ms-error-code": "ConditionNotMet"})
    return None


def unwritten(headers: Mapping[str, str], blob: Blob | None) -> Response | None:
    """Why a blob is not to be written: it is there already (409), or another one (412)."""
    none_match = headers.get("if-none-match", "").strip()
    if none_match == "*" and blob is not None:
        return errors.storage(409, "BlobAlreadyExists", "The specified blob already exists.")
    if blob is None:
        return errors.storage(412, "ConditionNotMet", _UNMET) if "if-match" in headers else None
    if not _is_meant(headers, blob) or _is_known(headers, blob):
        return errors.storage(412, "ConditionNotMet", _UNMET)
    return None


def _is_meant(headers: Mapping[str, str], blob: Blob) -> bool:
    tags = headers.get("if-match")
    if tags is not None and not _names(tags, blob):
        return False
    since = _moment(headers.get("if-unmodified-since"))
    return since is None or int(blob.modified) <= since


def _is_known(headers: Mapping[str, str], blob: Blob) -> bool:
    tags = headers.get("if-none-match")
    if tags is not None:
        return _names(tags, blob)
    since = _moment(headers.get("if-modified-since"))
    return since is not None and int(blob.modified) <= since


def _names(tags: str, blob: Blob) -> bool:
    each = [tag.strip().strip('"') for tag in tags.split(",")]
    return "*" in each or blob.etag in each


def _moment(text: str | None) -> float | None:
    """A moment as HTTP writes it; None for what is none."""
    if not text:
        return None
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None

"""Answers without the real service's oddities, for those who do not want to meet them.

`--quirks real` (the default) answers as recordings of Azure do; `--quirks tidy` leaves out nulls,
cuts times to six digits with a Z, and spells ids one way.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.responses import JSONResponse, Response

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(?:\+00:00|Z)")
_GROUPS = re.compile(r"/resourcegroups/", re.IGNORECASE)
_PROVIDER = re.compile(r"/microsoft\.machinelearningservices/", re.IGNORECASE)


def tidied(response: Response) -> Response:
    """The same answer, tidy; what is no JSON is left as it is."""
    content_type = response.headers.get("content-type", "")
    if not content_type.startswith("application/json") or not response.body:
        return response
    value = json.loads(bytes(response.body))
    kept = {
        name: text
        for name, text in response.headers.items()
        if name not in {"content-length", "content-type"}
    }
    if value is None:
        return Response(b"", response.status_code, kept)
    return JSONResponse(_tidy(value), response.status_code, kept)


def _tidy(value: Any) -> Any:
    match value:
        case dict():
            return {name: _tidy(each) for name, each in value.items() if each is not None}
        case list():
            return [_tidy(each) for each in value]
        case str() if value.startswith("/subscriptions/"):
            return _PROVIDER.sub(
                "/Microsoft.MachineLearningServices/", _GROUPS.sub("/resourceGroups/", value)
            )
        case str() if (found := _TIME.fullmatch(value)) is not None:
            return f"{found[1]}.{(found[2] or '')[:6].ljust(6, '0')}Z"
    return value

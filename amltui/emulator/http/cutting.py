"""uvicorn's HTTP protocol, with a way for the application to cut the connection."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class Protocol(H11Protocol):
    """Hands the application `amltui.cut`, which resets the connection as a lost network would."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        application = self.app

        async def with_cut(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})["amltui.cut"] = self.transport.abort
            await application(scope, receive, send)

        self.app = with_cut

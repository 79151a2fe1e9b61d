"""`amltui emulator`: the service on a port, until it is told to stop."""

from __future__ import annotations

import argparse
import json
import logging
import os
import select
import signal
import socket
import sqlite3
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from amltui.emulator import command_line, faults, tls
from amltui.emulator.app import emulator
from amltui.emulator.clock import WallClock
from amltui.emulator.http.gateway import Gateway
from amltui.emulator.limits import Limits
from amltui.emulator.scenarios import SCENARIOS
from amltui.emulator.state import StateFile
from amltui.emulator.world import World, left_off

LOOK = 0.25
"""Seconds between looks whether the parent is still there."""


def main(argv: Sequence[str] | None = None) -> int:
    """Serve; 0 when told to stop, 1 when the port or file cannot be had, 2 for wrong flags."""
    flags = command_line.parse(argv)
    if complaint := command_line.complaint(flags):
        return _fail(2, complaint)
    try:
        state = StateFile(flags.state or None)
    except sqlite3.Error as error:
        return _fail(1, f"cannot keep the world in {flags.state}: {error}")
    try:
        bound = _bind(flags.host, flags.port)
    except OSError as error:
        return _fail(1, f"cannot listen on {flags.host} port {flags.port}: {error.strerror}")
    world = World(
        WallClock(flags.speed, left_off(state)),
        seed=flags.seed,
        identity_header=flags.identity_header,
        retry_after=flags.retry_after,
        is_tidy=flags.quirks == "tidy",
        limits=Limits(enforced=flags.limits == "azure"),
        state=state,
    )
    world.page_size = flags.page_size or world.page_size
    SCENARIOS[flags.scenario](world)
    application = emulator(world)
    try:
        for told in faults.read(Path(flags.faults)) if flags.faults else ():
            world.faults.plan(told)
    except (OSError, ValueError) as error:
        bound.close()
        return _fail(2, f"cannot take the faults of {flags.faults}: {error}")
    world.restore()
    if not flags.https:
        return _serve(application, bound, flags, None, None)
    with tempfile.TemporaryDirectory(prefix="amltui-emulator-") as folder:
        ca_file = Path(flags.ca_file or f"{folder}/ca.pem").absolute()
        try:
            context = tls.context(flags.host, ca_file)
        except OSError as error:
            return _fail(1, f"cannot write {ca_file}: {error.strerror}")
        return _serve(application, bound, flags, context, ca_file)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends at once; without, every answer waits 40 ms for an ack.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(128)
    except OverflowError as error:
        raise OSError(0, "a port is a number from 0 to 65535") from error
    return bound


def _serve(
    application: Gateway,
    bound: socket.socket,
    flags: argparse.Namespace,
    context: ssl.SSLContext | None,
    ca_file: Path | None,
) -> int:
    import uvicorn

    from amltui.emulator.http.cutting import Protocol
    from amltui.emulator.http.waiting import Server

    config = uvicorn.Config(
        application,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=300,
        server_header=False,
    )
    config.load()
    # Clients keep their connections: that these are cut in the end is no news.
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    config.ssl = context
    server = Server(config)
    if flags.die_with:
        threading.Thread(target=_watch_parent, args=(flags.die_with,), daemon=True).start()
    host, port = bound.getsockname()[:2]
    scheme = "https" if context else "http"
    _announce(
        application.world, f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}", ca_file
    )
    try:
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        pass
    application.world.keep_time()
    return 0


def _is_news(record: logging.LogRecord) -> bool:
    return "timeout graceful shutdown exceeded" not in record.getMessage()


def _announce(world: World, url: str, ca_file: Path | None) -> None:
    """One line for whoever started the service; the socket is listening already."""
    first = next(iter(world.workspaces.values()))
    line = {
        "arm": url,
        "identity_endpoint": f"{url}/msi/token",
        "identity_header": world.identity_header,
        "tenant_id": world.tenant,
        "subscription_id": first.subscription.id,
        "resource_group": first.group,
        "workspace": first.name,
        "pid": os.getpid(),
        **({"ca_file": str(ca_file)} if ca_file else {}),
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _watch_parent(parent: int) -> None:
    """End with the parent; where the system tells of its end, nobody looks."""
    try:
        ended = [os.pidfd_open(parent)]
    except (AttributeError, OSError):  # not a Linux that has it, or the parent is gone already
        ended = []
    while os.getppid() == parent:
        if ended:
            select.select(ended, [], [])
        else:
            time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


def _fail(code: int, sentence: str) -> int:
    sys.stderr.write(f"amltui emulator: {sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

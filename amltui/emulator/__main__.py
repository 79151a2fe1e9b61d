"""`amltui emulator`: the service on a port, until it is told to stop."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Sequence
from ipaddress import ip_address

from amltui.emulator.clock import WallClock
from amltui.emulator.scenarios import SCENARIOS
from amltui.emulator.state import StateFile
from amltui.emulator.world import World

LOOK = 0.25
"""Seconds between looks whether the parent is still there."""


def main(argv: Sequence[str] | None = None) -> int:
    """Serve; 0 when told to stop, 1 when the port or file cannot be had, 2 for wrong flags."""
    flags = _flags(argv)
    if not flags.allow_remote and not _is_loopback(flags.host):
        return _fail(
            2,
            f"{flags.host} is not a loopback address, and this service knows no passwords:"
            " add --allow-remote if you mean it",
        )
    if flags.speed <= 0:
        return _fail(2, f"--speed {flags.speed} is not above 0")
    try:
        state = StateFile(flags.state or ":memory:")
    except sqlite3.Error as error:
        return _fail(1, f"cannot keep the world in {flags.state}: {error}")
    try:
        bound = _bind(flags.host, flags.port)
    except OSError as error:
        return _fail(1, f"cannot listen on {flags.host} port {flags.port}: {error.strerror}")
    world = World(
        WallClock(flags.speed),
        seed=flags.seed,
        identity_header=flags.identity_header,
        state=state,
    )
    SCENARIOS[flags.scenario](world)
    world.restore()
    return _serve(world, bound, flags)


def _flags(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="amltui emulator", description="An Azure ML service on this machine, to try and test."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port; 0 takes a free one")
    parser.add_argument("--scenario", default="busy_night", choices=sorted(SCENARIOS))
    parser.add_argument("--seed", type=int, default=0, help="same seed, same world")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="60 makes an hour pass in a minute"
    )
    parser.add_argument("--state", metavar="FILE", help="keep changes in this SQLite file")
    parser.add_argument("--identity-header", default="secret", help="what token requests must say")
    parser.add_argument("--allow-remote", action="store_true", help="listen beyond this machine")
    parser.add_argument("--die-with", metavar="PID", type=int, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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


def _serve(world: World, bound: socket.socket, flags: argparse.Namespace) -> int:
    import uvicorn

    from amltui.emulator.app import emulator
    from amltui.emulator.http.cutting import Protocol

    config = uvicorn.Config(
        emulator(world),
        http=Protocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=300,
        server_header=False,
    )
    server = uvicorn.Server(config)
    if flags.die_with:
        threading.Thread(target=_watch_parent, args=(flags.die_with,), daemon=True).start()
    host, port = bound.getsockname()[:2]
    _announce(world, f"http://{f'[{host}]' if ':' in host else host}:{port}")
    try:
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        pass
    return 0


def _announce(world: World, url: str) -> None:
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
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


def _fail(code: int, sentence: str) -> int:
    sys.stderr.write(f"amltui emulator: {sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

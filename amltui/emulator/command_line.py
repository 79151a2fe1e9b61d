"""The flags of `amltui emulator`, and what is wrong with them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from ipaddress import ip_address

from amltui.emulator.scenarios import SCENARIOS


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; ends the program on --help and mistakes."""
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
    parser.add_argument("--faults", metavar="FILE", help="a plan of what is to go wrong, in TOML")
    parser.add_argument(
        "--limits",
        choices=("off", "azure"),
        default="off",
        help="refuse who asks too often, as Azure does",
    )
    parser.add_argument(
        "--quirks",
        choices=("real", "tidy"),
        default="real",
        help="answer with the oddities of the real service, or without",
    )
    parser.add_argument("--identity-header", default="secret", help="what token requests must say")
    parser.add_argument(
        "--https", action="store_true", help="TLS, by an authority that is written to --ca-file"
    )
    parser.add_argument("--ca-file", metavar="FILE", help="with --https; a temporary one otherwise")
    parser.add_argument(
        "--retry-after",
        metavar="SECONDS",
        type=float,
        default=1.0,
        help="told with long-running operations; 0 tells nothing, as in recordings of Azure",
    )
    parser.add_argument(
        "--page-size", type=int, metavar="N", help="items on a page of a list, 10 by themselves"
    )
    parser.add_argument("--allow-remote", action="store_true", help="listen beyond this machine")
    parser.add_argument("--die-with", metavar="PID", type=int, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def complaint(flags: argparse.Namespace) -> str | None:
    """One sentence where the flags make no sense; else None."""
    if not flags.allow_remote and not _is_loopback(flags.host):
        return (
            f"{flags.host} is not a loopback address, and this service knows no passwords:"
            " add --allow-remote if you mean it"
        )
    if flags.speed <= 0:
        return f"--speed {flags.speed} is not above 0"
    if not 0 <= flags.retry_after < float("inf"):
        return f"--retry-after {flags.retry_after:g} is no number of seconds"
    if flags.page_size is not None and flags.page_size < 1:
        return f"--page-size {flags.page_size} holds nothing"
    if flags.ca_file and not flags.https:
        return "--ca-file goes with --https"
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""TLS with a certificate authority that is thrown away: for clients that insist on https."""

from __future__ import annotations

import ssl
from pathlib import Path


def context(host: str, ca_file: Path) -> ssl.SSLContext:
    """A server's context, whose authority is written to `ca_file` for clients to trust.

    Good for `host` and every name of this machine; OSError where the file cannot be written.
    """
    import trustme

    authority = trustme.CA(organization_name="amltui emulator")
    names = dict.fromkeys([host, "127.0.0.1", "::1", "localhost", "*.blob.localhost"])
    held = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(held)
    authority.cert_pem.write_to_path(ca_file)
    return held

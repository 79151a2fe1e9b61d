"""The secrets of computes: there are some for three kinds only."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from amltui.emulator.computes.record import Compute
from amltui.emulator.places import guid


def keys(compute: Compute) -> dict[str, Any] | None:
    """As `listKeys` tells them; None for a kind that has none."""
    told = {"computeType": compute.type}
    if compute.type == "AKS":
        return {
            **told,
            "userKubeConfig": _kube_config(compute, "clusterUser"),
            "adminKubeConfig": _kube_config(compute, "clusterAdmin"),
            "imagePullSecretName": f"{compute.name}-acr",
        }
    if compute.type == "VirtualMachine":
        blank = dict.fromkeys(("username", "password", "publicKeyData", "privateKeyData"))
        account = compute.secrets.get("administratorAccount") or {}
        return {**told, "administratorAccount": {**blank, **account}}
    if compute.type == "Databricks":
        token = compute.secrets.get("databricksAccessToken")
        return {**told, "databricksAccessToken": token}
    return None


def _kube_config(compute: Compute, user: str) -> str:
    """A configuration in YAML, encoded as the service does."""
    token = guid(compute.key, user).replace("-", "")
    name = compute.name
    text = (
        f"apiVersion: v1\nkind: Config\nclusters:\n- name: {name}\n  cluster:\n"
        f"    server: https://{name}-dns.hcp.azmk8s.io:443\nusers:\n- name: {user}_{name}\n"
        f"  user:\n    token: {token}\n"
    )
    return b64encode(text.encode()).decode()

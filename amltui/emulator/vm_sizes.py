"""VM sizes with their retail prices, as the workspace provider lists them for a region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Size:
    """One size; prices in USD per hour on Linux, pay as you go."""

    name: str
    family: str
    vcpus: int
    memory_gb: float
    gpus: int
    price: float
    disk_gb: int = 128

    @property
    def spot(self) -> float:
        """What a preemptible machine costs, roughly."""
        return round(self.price * 0.2, 4)


SIZES = {
    size.name.lower(): size
    for size in (
        Size("Standard_DS1_v2", "standardDSv2Family", 1, 3.5, 0, 0.073),
        Size("Standard_DS2_v2", "standardDSv2Family", 2, 7, 0, 0.146),
        Size("Standard_DS3_v2", "standardDSv2Family", 4, 14, 0, 0.293),
        Size("Standard_DS4_v2", "standardDSv2Family", 8, 28, 0, 0.585),
        Size("Standard_DS11_v2", "standardDSv2Family", 2, 14, 0, 0.185),
        Size("Standard_DS12_v2", "standardDSv2Family", 4, 28, 0, 0.37),
        Size("Standard_D13_v2", "standardDv2Family", 8, 56, 0, 0.741),
        Size("Standard_D14_v2", "standardDv2Family", 16, 112, 0, 1.482),
        Size("Standard_D2_v3", "standardDv3Family", 2, 8, 0, 0.096),
        Size("Standard_D4s_v3", "standardDSv3Family", 4, 16, 0, 0.192),
        Size("Standard_E4ds_v4", "standardEDSv4Family", 4, 32, 0, 0.288),
        Size("Standard_E16ds_v4", "standardEDSv4Family", 16, 128, 0, 1.152),
        Size("Standard_F4s_v2", "standardFSv2Family", 4, 8, 0, 0.169),
        Size("Standard_F16s_v2", "standardFSv2Family", 16, 32, 0, 0.677),
        Size("Standard_NC6s_v3", "standardNCSv3Family", 6, 112, 1, 3.06),
        Size("Standard_NC12s_v3", "standardNCSv3Family", 12, 224, 2, 6.12),
        Size("Standard_NC24s_v3", "standardNCSv3Family", 24, 448, 4, 12.24),
        Size("Standard_NC4as_T4_v3", "standardNCASv3_T4Family", 4, 28, 1, 0.526),
        Size("Standard_NC8as_T4_v3", "standardNCASv3_T4Family", 8, 56, 1, 0.752),
        Size("Standard_NC24ads_A100_v4", "standardNCADSA100v4Family", 24, 220, 1, 3.673),
        Size("Standard_NC48ads_A100_v4", "standardNCADSA100v4Family", 48, 440, 2, 7.346),
        Size("Standard_NC96ads_A100_v4", "standardNCADSA100v4Family", 96, 880, 4, 14.692),
        Size("Standard_ND96asr_v4", "standardNDASv4_A100Family", 96, 900, 8, 27.197),
        Size("Standard_NV12ads_A10_v5", "standardNVADSA10v5Family", 12, 110, 1, 0.908),
        Size("Standard_NV36ads_A10_v5", "standardNVADSA10v5Family", 36, 440, 1, 3.2),
    )
}


def body(size: Size) -> dict[str, Any]:
    """A size as `…/vmSizes` writes it."""
    prices = [
        {"retailPrice": size.price, "osType": "Linux", "vmTier": "Standard"},
        {"retailPrice": size.spot, "osType": "Linux", "vmTier": "LowPriority"},
        {"retailPrice": size.spot, "osType": "Linux", "vmTier": "Spot"},
        {"retailPrice": round(size.price * 1.4, 4), "osType": "Windows", "vmTier": "Standard"},
    ]
    return {
        "name": size.name,
        "family": size.family,
        "vCPUs": size.vcpus,
        "gpus": size.gpus,
        "osVhdSizeMB": 1_047_552,
        "maxResourceVolumeMB": size.disk_gb * 1024,
        "memoryGB": size.memory_gb,
        "lowPriorityCapable": True,
        "premiumIO": "s_v" in size.name.lower(),
        "estimatedVMPrices": {
            "billingCurrency": "USD",
            "unitOfMeasure": "OneHour",
            "values": prices,
        },
        "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
    }

"""The kinds of computes: what a client can put of each, and what is said where it put nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amltui.emulator.computes.record import CLUSTER, INSTANCE

SIZE = "Standard_D3_v2"
_SSH_ACCOUNT = ("password", "privateKeyData")


@dataclass(frozen=True)
class Kind:
    """One kind of compute."""

    type: str
    takes: float
    """Seconds that its creation takes."""
    members: Mapping[str, Any]
    """The properties of its kind that a client can put, and what they are otherwise."""
    fixed: frozenset[str] = frozenset()
    """Those that no later PUT can change."""
    resources: tuple[str, ...] = ()
    """Types of what can be attached as such a compute; none is a compute of Azure ML's own."""
    is_made: bool = False
    """Whether there can be one without something that is attached."""
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Members that hold secrets: what in them is one. Nothing in it is the member itself."""

    @property
    def is_managed(self) -> bool:
        """Whether Azure ML makes its machines: such a one cannot be detached."""
        return not self.resources


_ACCOUNT = {"administratorAccount": _SSH_ACCOUNT}

KINDS = (
    Kind(
        INSTANCE,
        takes=15.0,
        members={
            "subnet": None,
            "applicationSharingPolicy": "Shared",
            "sshSettings": None,
            "customServices": [],
            "computeInstanceAuthorizationType": "personal",
            "enableSSO": True,
            "enableRootAccess": True,
            "enableOSPatching": False,
            "releaseQuotaOnStop": False,
            "personalComputeInstanceSettings": None,
            "setupScripts": None,
            "enableNodePublicIp": True,
            "dataDisks": [{"caching": "ReadWrite", "diskSizeGB": 128, "lun": 0}],
            "dataMounts": [],
            "autologgerSettings": None,
        },
        fixed=frozenset(
            {
                "vmSize",
                "subnet",
                "computeInstanceAuthorizationType",
                "personalComputeInstanceSettings",
                "enableNodePublicIp",
            }
        ),
    ),
    Kind(
        CLUSTER,
        takes=6.0,
        members={
            "subnet": None,
            "userAccountCredentials": None,
            "remoteLoginPortPublicAccess": "NotSpecified",
            "osType": "Linux",
            "virtualMachineImage": None,
            "isolatedNetwork": False,
            "enableNodePublicIp": True,
            "propertyBag": {},
        },
        fixed=frozenset({"vmSize", "vmPriority", "subnet", "osType", "isolatedNetwork"}),
        secrets={"userAccountCredentials": ("adminUserPassword",)},
    ),
    Kind(
        "Kubernetes",
        takes=4.0,
        members={
            "relayConnectionString": None,
            "serviceBusConnectionString": None,
            "extensionPrincipalId": None,
            "extensionInstanceReleaseTrain": "stable",
            "vcName": None,
            "namespace": "default",
            "defaultInstanceType": "defaultinstancetype",
            "instanceTypes": {"defaultinstancetype": {"nodeSelector": None, "resources": None}},
        },
        fixed=frozenset({"namespace"}),
        resources=(
            "Microsoft.ContainerService/managedClusters",
            "Microsoft.Kubernetes/connectedClusters",
        ),
        secrets={"relayConnectionString": (), "serviceBusConnectionString": ()},
    ),
    Kind(
        "AKS",
        takes=12.0,
        members={
            "clusterFqdn": None,
            "agentCount": 3,
            "agentVmSize": SIZE,
            "clusterPurpose": "FastProd",
            "sslConfiguration": None,
            "aksNetworkingConfiguration": None,
            "loadBalancerType": "PublicIp",
            "loadBalancerSubnet": None,
        },
        fixed=frozenset({"agentVmSize", "clusterPurpose", "aksNetworkingConfiguration"}),
        resources=("Microsoft.ContainerService/managedClusters",),
        is_made=True,
        secrets={"sslConfiguration": ("key", "cert")},
    ),
    Kind(
        "VirtualMachine",
        takes=4.0,
        members={
            "virtualMachineSize": None,
            "sshPort": 22,
            "notebookServerPort": None,
            "address": None,
            "administratorAccount": None,
            "isNotebookInstanceCompute": False,
        },
        resources=("Microsoft.Compute/virtualMachines",),
        secrets=_ACCOUNT,
    ),
    Kind(
        "HDInsight",
        takes=4.0,
        members={"sshPort": 22, "address": None, "administratorAccount": None},
        resources=("Microsoft.HDInsight/clusters",),
        secrets=_ACCOUNT,
    ),
    Kind(
        "Databricks",
        takes=3.0,
        members={"databricksAccessToken": None, "workspaceUrl": None},
        resources=("Microsoft.Databricks/workspaces",),
        secrets={"databricksAccessToken": ()},
    ),
    Kind(
        "DataLakeAnalytics",
        takes=3.0,
        members={"dataLakeStoreAccountName": None},
        resources=("Microsoft.DataLakeAnalytics/accounts",),
    ),
    Kind(
        "DataFactory",
        takes=3.0,
        members={},
        resources=("Microsoft.DataFactory/factories",),
        is_made=True,
    ),
    Kind(
        "SynapseSpark",
        takes=4.0,
        members={
            "autoScaleProperties": {"minNodeCount": 3, "maxNodeCount": 10, "enabled": True},
            "autoPauseProperties": {"delayInMinutes": 15, "enabled": True},
            "sparkVersion": "3.4",
            "nodeCount": 3,
            "nodeSize": "Small",
            "nodeSizeFamily": "MemoryOptimized",
            "subscriptionId": None,
            "resourceGroup": None,
            "workspaceName": None,
            "poolName": None,
        },
        resources=("Microsoft.Synapse/workspaces/bigDataPools",),
    ),
)
BY_TYPE = {kind.type.lower(): kind for kind in KINDS}

OBJECTS = frozenset(
    {
        "subnet",
        "sshSettings",
        "personalComputeInstanceSettings",
        "setupScripts",
        "autologgerSettings",
        "userAccountCredentials",
        "virtualMachineImage",
        "propertyBag",
        "instanceTypes",
        "sslConfiguration",
        "aksNetworkingConfiguration",
        "administratorAccount",
        "autoScaleProperties",
        "autoPauseProperties",
    }
)
ARRAYS = frozenset({"customServices", "dataDisks", "dataMounts"})
FLAGS = frozenset(
    {
        "enableSSO",
        "enableRootAccess",
        "enableOSPatching",
        "releaseQuotaOnStop",
        "enableNodePublicIp",
        "isolatedNetwork",
        "isNotebookInstanceCompute",
    }
)
NUMBERS = frozenset({"agentCount", "sshPort", "notebookServerPort", "nodeCount"})
"""The members that are not strings."""
WORDS: Mapping[str, tuple[str, ...]] = {
    "applicationSharingPolicy": ("Personal", "Shared"),
    "computeInstanceAuthorizationType": ("personal",),
    "remoteLoginPortPublicAccess": ("Enabled", "Disabled", "NotSpecified"),
    "osType": ("Linux", "Windows"),
    "clusterPurpose": ("FastProd", "DenseProd", "DevTest"),
    "loadBalancerType": ("PublicIp", "InternalLoadBalancer"),
}
"""The strings that are one of a few."""

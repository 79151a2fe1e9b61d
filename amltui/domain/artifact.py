"""Files that a run has left."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health


class Artifact(Struct, frozen=True):
    """One file or folder of a run."""

    workspace: WorkspaceId
    run_id: str
    path: str
    """From the run's root, without a slash at either end."""
    is_folder: bool = False
    size: int | None = None
    """Bytes; None for folders, and where the service does not say."""

    @property
    def key(self) -> str:
        return f"{self.workspace.key}/runs/{self.run_id}/{self.path}"

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def depth(self) -> int:
        """Folders it is in."""
        return self.path.count("/")

    @property
    def health(self) -> Health:
        return Health.IDLE

    @property
    def below(self) -> PurePosixPath | None:
        """Where it belongs below a folder of this machine; None if its path would lead out of it.

        A path is whatever a training script made of it: `../../.ssh/config`, `/etc/passwd`.
        """
        parts = PurePosixPath(self.path).parts
        harmless = (part not in {"..", "."} and part.isprintable() for part in parts)
        windows = PureWindowsPath(self.path)
        if not parts or not all(harmless) or windows.drive or windows.root or "\\" in self.path:
            return None
        return PurePosixPath(*parts)

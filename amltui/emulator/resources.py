"""Resources that are kept as clients put them: assets, datastores, endpoints, schedules …

A resource is known by its ARM id, compared without regard to case. Nothing ticks: a resource that
is being created, changed or deleted says so until its change is over, by the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from amltui.emulator.change import Change, is_deleted, state_of
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.places import PROVIDER
from amltui.emulator.state import Save, save_nothing

TABLE = "resources"


@dataclass(frozen=True)
class Resource:
    """One resource of any kind."""

    id: str
    """Its ARM id, as the service spells it."""
    created: float
    created_by: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    """As the service shows them, but for what follows from the clock or the request."""
    members: Mapping[str, Any] = field(default_factory=dict)
    """What else stands at the top: location, tags, kind, sku, identity."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    """What the service knows of it and does not show."""
    modified: float | None = None
    modified_by: str | None = None
    change: Change | None = None
    is_deleted: bool = False

    @property
    def name(self) -> str:
        return self.id.rpartition("/")[2]

    @property
    def collection(self) -> str:
        """What it lies in: `…/workspaces/w/data`."""
        return self.id.rpartition("/")[0]

    @property
    def type(self) -> str:
        """`Microsoft.MachineLearningServices/workspaces/data`, from every second part of the id."""
        provider, _, rest = self.id.rpartition("/providers/")[2].partition("/")
        return f"{provider}/" + "/".join(rest.split("/")[::2])

    def state(self, now: float) -> str:
        """The provisioning state."""
        return state_of(self.change, now)

    def is_gone(self, now: float) -> bool:
        return self.is_deleted or is_deleted(self.change, now)

    def body(self, **properties: Any) -> dict[str, Any]:
        """As ARM writes it; `properties` are those that are computed for this answer."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            **self.members,
            "properties": {**self.properties, **properties},
            "systemData": self.system_data(),
        }

    def system_data(self) -> dict[str, Any]:
        modified = self.created if self.modified is None else self.modified
        return {
            "createdAt": iso(self.created),
            "createdBy": self.created_by,
            "createdByType": "User",
            "lastModifiedAt": iso(modified),
            "lastModifiedBy": self.modified_by or self.created_by,
            "lastModifiedByType": "User",
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Resource:
        change = value["change"]
        return cls(**{**value, "change": Change(**change) if change else None})


def _is_foreign(collection: str) -> bool:
    """Whether a collection holds resources that are tracked, of another provider than Azure ML."""
    parts = collection.rpartition("/providers/")[2].split("/")
    return len(parts) == 2 and parts[0] not in {
        PROVIDER.lower(),
        "microsoft.resources",
        "microsoft.authorization",
    }


@dataclass
class Shelf:
    """Every resource of the world, by the collection it lies in."""

    save: Save = save_nothing
    _collections: dict[str, dict[str, Resource]] = field(default_factory=dict)
    _named: dict[str, list[str]] = field(default_factory=dict)
    """The collections of a name, wherever they lie: registries."""
    _foreign: list[str] = field(default_factory=list)
    """The collections of other providers than Azure ML."""

    def any(self, id: str) -> Resource | None:  # noqa: A002
        """The resource of an id, even if it is gone."""
        collection, _, name = id.lower().rpartition("/")
        return self._collections.get(collection, {}).get(name)

    def get(self, id: str, now: float) -> Resource | None:  # noqa: A002
        """The resource of an id, however it is spelled; None where there is none."""
        found = self.any(id)
        return None if found is None or found.is_gone(now) or found.created > now else found

    def within(self, collection: str, now: float) -> list[Resource]:
        """The resources of a collection, newest first."""
        held = self._collections.get(collection.lower(), {}).values()
        alive = [each for each in held if not each.is_gone(now) and each.created <= now]
        # Of those of the same moment, the last one that came is the newest.
        return sorted(alive, key=lambda each: each.created)[::-1]

    def everywhere(self, collection: str, now: float) -> list[Resource]:
        """The resources of every collection of a name, `registries`, by id."""
        found = [
            each
            for key in self._named.get(collection.lower(), ())
            for each in self.within(key, now)
        ]
        return sorted(found, key=lambda each: each.id.lower())

    def foreign(self, now: float) -> list[Resource]:
        """Resources of other providers than Azure ML that are tracked, by id."""
        found = [each for key in self._foreign for each in self.within(key, now)]
        return sorted(found, key=lambda each: each.id.lower())

    def put(self, resource: Resource) -> Resource:
        """Keep a resource, new or changed."""
        self.stock([resource])
        self.save(TABLE, resource.id.lower(), asdict(resource))
        return resource

    def drop(self, resource: Resource, deletion: Change | None = None) -> None:
        """Forget a resource and all that lies below it: at once, or when a deletion is over."""
        gone: dict[str, Any] = {"change": deletion} if deletion else {"is_deleted": True}
        self.put(replace(resource, **gone))
        self._drop_below(resource.id, gone)

    def drop_below(self, id: str, deletion: Change) -> None:  # noqa: A002
        """Forget all that lies below an id, when a deletion is over."""
        self._drop_below(id, {"change": deletion})

    def _drop_below(self, id: str, gone: dict[str, Any]) -> None:  # noqa: A002
        below = f"{id.lower()}/"
        for collection, held in list(self._collections.items()):
            if collection.startswith(below):
                for each in list(held.values()):
                    if not each.is_deleted:
                        self.put(replace(each, **gone))

    def forget(self, id: str) -> None:  # noqa: A002
        """Forget all that lies below an id, and that it ever was."""
        below = f"{id.lower()}/"
        for key in [each for each in self._collections if each.startswith(below)]:
            del self._collections[key]
            self._named[key.rpartition("/")[2]].remove(key)

    def stock(self, resources: Iterable[Resource]) -> None:
        """What a scenario begins with: not saved, for the next start tells it again."""
        for each in resources:
            key = each.collection.lower()
            if key not in self._collections:
                self._collections[key] = {}
                self._named.setdefault(key.rpartition("/")[2], []).append(key)
                if _is_foreign(key):
                    self._foreign.append(key)
            self._collections[key][each.name.lower()] = each

    def restore(self, value: Mapping[str, Any]) -> None:
        """Take back what was saved."""
        self.stock([Resource.from_json(value)])

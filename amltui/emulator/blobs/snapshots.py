"""Snapshots: what a blob was at some moments. They lie beside the container, by moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from amltui.emulator.blobs.blob import Blob, of_written
from amltui.emulator.blobs.store import BlobStore
from amltui.emulator.blobs.written import Key, Written

_BESIDE = "?snapshots"
"""No container that a client can name has such a name."""
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")


def is_stamp(text: str) -> bool:
    """Whether it can name a snapshot."""
    return _STAMP.fullmatch(text) is not None


def key_of(key: Key, stamp: str) -> Key:
    """Where the snapshot of a blob lies."""
    return replace(key, container=f"{key.container}{_BESIDE}", name=f"{key.name}?{stamp}")


def take(store: BlobStore, blob: Written, stamp: str, metadata: dict[str, str]) -> Written:
    """Keep a blob as it is now, with other metadata if there are any."""
    made = replace(blob, key=key_of(blob.key, stamp), metadata=metadata or blob.metadata)
    return store.put(made, store.read(blob, 0, blob.size))


def get(store: BlobStore, key: Key, stamp: str) -> Blob | None:
    held = store.get(key_of(key, stamp))
    return None if held is None else _shown(held, store)


def of(store: BlobStore, key: Key) -> Iterator[Blob]:
    """All of one blob, oldest first."""
    first = key_of(key, "")
    for each in list(store.within(key.account, first.container, first.name, f"{key.name}@")):
        if is_stamp(each.key.name.removeprefix(first.name)):
            yield _shown(each, store)


def drop(store: BlobStore, key: Key) -> None:
    """Forget all of one blob."""
    for each in of(store, key):
        store.forget(key_of(key, each.snapshot))


def clear(store: BlobStore, account: str, container: str) -> None:
    """Forget those of all blobs of a container."""
    store.clear(account, f"{container}{_BESIDE}")


def _shown(held: Written, store: BlobStore) -> Blob:
    name, _, stamp = held.key.name.rpartition("?")
    return replace(of_written(held, store), name=name, snapshot=stamp)

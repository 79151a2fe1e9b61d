"""Lists as storage writes them: XML with a byte-order mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from amltui.emulator.blobs.blob import Blob, moment
from amltui.emulator.blobs.containers import Container
from amltui.emulator.blobs.written import BLOCK

_HEAD = '\ufeff<?xml version="1.0" encoding="utf-8"?>'
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SETTINGS = (
    "Content-Type",
    "Content-Encoding",
    "Content-Language",
    "Content-CRC64",
    "Content-MD5",
    "Cache-Control",
    "Content-Disposition",
)


def blob_list(
    endpoint: str,
    container: str,
    asked: Mapping[str, str],
    found: Iterable[Blob | str],
    following: str,
    *,
    with_metadata: bool,
) -> bytes:
    """`found` are blobs, and what the names of several begin with."""
    items = "".join(
        f"<BlobPrefix>{element('Name', each)}</BlobPrefix>"
        if isinstance(each, str)
        else _blob(each, with_metadata=with_metadata)
        for each in found
    )
    told = "".join(element(name, text) for name, text in asked.items())
    return (
        f"{_HEAD}<EnumerationResults ServiceEndpoint={quoteattr(endpoint)}"
        f" ContainerName={quoteattr(container)}>{told}<Blobs>{items}</Blobs>"
        f"{element('NextMarker', following)}</EnumerationResults>"
    ).encode()


def container_list(
    endpoint: str, asked: Mapping[str, str], found: Iterable[Container], following: str
) -> bytes:
    items = "".join(
        f"<Container>{element('Name', each.name)}<Properties>"
        f"{element('Last-Modified', moment(each.modified))}{element('Etag', each.etag)}"
        "<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>"
        "<HasImmutabilityPolicy>false</HasImmutabilityPolicy>"
        f"<HasLegalHold>false</HasLegalHold></Properties>{_metadata(each.metadata)}</Container>"
        for each in found
    )
    told = "".join(element(name, text) for name, text in asked.items())
    return (
        f"{_HEAD}<EnumerationResults ServiceEndpoint={quoteattr(endpoint)}>{told}"
        f"<Containers>{items}</Containers>{element('NextMarker', following)}</EnumerationResults>"
    ).encode()


def block_list(lists: Mapping[str, Iterable[tuple[str, int]]]) -> bytes:
    """CommittedBlocks and UncommittedBlocks, as they are asked for."""
    told = "".join(
        f"<{name}>"
        + "".join(
            f"<Block>{element('Name', block)}{element('Size', str(size))}</Block>"
            for block, size in blocks
        )
        + f"</{name}>"
        for name, blocks in lists.items()
    )
    return f"{_HEAD}<BlockList>{told}</BlockList>".encode()


def tags(held: Mapping[str, str]) -> bytes:
    return f"{_HEAD}<Tags>{_tag_set(held)}</Tags>".encode()


def tagged(
    endpoint: str,
    where: str,
    found: Iterable[tuple[str, str, Mapping[str, str]]],
    following: str,
) -> bytes:
    """Blobs that were found by their tags: (container, name, tags)."""
    items = "".join(
        f"<Blob>{element('Name', name)}{element('ContainerName', container)}"
        f"<Tags>{_tag_set(tags)}</Tags></Blob>"
        for container, name, tags in found
    )
    return (
        f"{_HEAD}<EnumerationResults ServiceEndpoint={quoteattr(endpoint)}>"
        f"{element('Where', where)}<Blobs>{items}</Blobs>{element('NextMarker', following)}"
        "</EnumerationResults>"
    ).encode()


def tags_of(body: bytes) -> list[tuple[str, str]]:
    """The tags that a client puts. ValueError for what is no such list."""
    found = []
    for each in _root(body, "Tags").iter("Tag"):
        found.append((each.findtext("Key") or "", each.findtext("Value") or ""))
    return found


def _tag_set(held: Mapping[str, str]) -> str:
    each = (f"<Tag>{element('Key', k)}{element('Value', v)}</Tag>" for k, v in held.items())
    return f"<TagSet>{''.join(each)}</TagSet>"


def blocks_of(body: bytes) -> list[tuple[str, str]]:
    """A block list that a client puts: where each block is, and its id.

    ValueError for what is no such list.
    """
    root = _root(body, "BlockList")
    found = [(each.tag, (each.text or "").strip()) for each in root]
    if any(kind not in {"Committed", "Uncommitted", "Latest"} for kind, _ in found):
        raise ValueError("a block is Committed, Uncommitted or Latest")
    return found


def _root(body: bytes, name: str) -> ElementTree.Element:
    """The document that a client sent. ValueError for one that is called something else."""
    if b"<!" in body:
        raise ValueError("the document declares something")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise ValueError("the document is not XML") from error
    if root.tag != name:
        raise ValueError(f"the document is not called {name}")
    return root


def element(name: str, text: str) -> str:
    """What XML cannot hold is encoded as in a link, and said to be."""
    if not text:
        return f"<{name} />"
    if _UNFIT.search(text):
        return f'<{name} Encoded="true">{quote(text)}</{name}>'
    return f"<{name}>{escape(text)}</{name}>"


def _blob(blob: Blob, *, with_metadata: bool) -> str:
    held = {**blob.settings, "Content-Type": blob.content_type, "Content-MD5": blob.md5 or ""}
    settings = "".join(element(name, held.get(name, "")) for name in _SETTINGS)
    tier = (
        "<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred>"
        if blob.kind == BLOCK
        else ""
    )
    return (
        f"<Blob>{element('Name', blob.name)}"
        f"{element('Snapshot', blob.snapshot) if blob.snapshot else ''}<Properties>"
        f"{element('Creation-Time', moment(blob.created))}"
        f"{element('Last-Modified', moment(blob.modified))}{element('Etag', blob.etag)}"
        f"{element('Content-Length', str(blob.size))}{settings}"
        f"{element('BlobType', blob.kind)}{tier}"
        f"{element('LeaseStatus', blob.lease['x-ms-lease-status'])}"
        f"{element('LeaseState', blob.lease['x-ms-lease-state'])}"
        "<ServerEncrypted>true</ServerEncrypted></Properties>"
        f"{_metadata(blob.metadata) if with_metadata else ''}<OrMetadata /></Blob>"
    )


def _metadata(metadata: Mapping[str, str]) -> str:
    told = "".join(element(name, text) for name, text in metadata.items())
    return f"<Metadata>{told}</Metadata>" if told else "<Metadata />"

"""What the documents of a job say differently from those of another."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from amltui.azure import documents, earlier
from amltui.azure.documents import Document
from amltui.domain.differing import differences, told
from amltui.domain.job import Job
from amltui.ui.session import Session


class Against(Struct, frozen=True):
    """The other job with its documents."""

    job: Job
    documents: Sequence[Document] = ()

    def text(self, job: Job, document: Document) -> str:
        """What differs in one of the services' documents."""
        other = next((each for each in self.documents if each.title == document.title), None)
        if other is None or other.error is not None or document.error is not None:
            return ""
        return told(differences(other.told, document.told, (self.job.name, job.name)))

    def why_not(self, document: Document) -> str:
        """What to say where there is nothing to show."""
        other = next((each for each in self.documents if each.title == document.title), None)
        error = document.error or (other.error if other is not None else None)
        if error is not None:
            return str(error)
        return "Nothing differs." if other is not None else "Asking …"


def known(session: Session, job: Job) -> Sequence[Job]:
    """The jobs of its workspace that a list has read."""
    feed = session.store.feeds.get(("job", job.workspace.key))
    return feed.latest.items if feed is not None else ()


async def worked(session: Session, job: Job) -> Job | None:
    """The last run of its experiment that completed before it."""
    place = session.azure.workspace(job.workspace)
    return await earlier.worked(place, job, known(session, job))


async def against(session: Session, other: Job) -> Against:
    """The other job's documents; AzureError where neither service has one."""
    place = session.azure.workspace(other.workspace)
    return Against(other, (await documents.of_job(place, other.name)).items)

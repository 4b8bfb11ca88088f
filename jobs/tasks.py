"""Long work: each kind by name, on a queue of its own."""

from __future__ import annotations

from collections.abc import Mapping

from jobs.app import job
from webapp.bulk import running as bulk
from webapp.bulk.asked import Deed
from webapp.contacts import attribute_clearing, tag_changes
from webapp.exports import mailing, making
from webapp.exports.rules import MAILED, WORKBOOK
from webapp.imports import checking, contact_checking, contact_recording, recording
from webapp.privacy import places, tracing
from webapp.tasks import service

# What runs a task, by its kind.
RUNNERS: Mapping[str, service.Runner] = {
    **{deed.value: bulk.run for deed in Deed},
    tag_changes.DELETE: tag_changes.run,
    tag_changes.MERGE: tag_changes.run,
    attribute_clearing.KIND: attribute_clearing.run,
    WORKBOOK: making.make_workbook,
    MAILED: mailing.mail_list,
    checking.KIND: checking.run,
    recording.KIND: recording.run,
    contact_checking.KIND: contact_checking.run,
    contact_recording.KIND: contact_recording.run,
    places.KIND: tracing.trace,
}


@job
def run(task_id: int) -> None:
    """Go on with a task for one turn."""
    service.run(task_id, RUNNERS)

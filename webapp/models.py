"""Every table, imported in one place so that metadata is whole."""

from webapp.accounts import models as accounts
from webapp.audit import models as audit
from webapp.consent import models as consent
from webapp.contacts import models as contacts
from webapp.contacts import segment_models as segments
from webapp.conversations import models as conversations
from webapp.drills import models as drills
from webapp.events import models as events
from webapp.exports import models as exports
from webapp.figures import models as figures
from webapp.ledger import models as ledger
from webapp.message_templates import models as message_templates
from webapp.opportunities import models as opportunities
from webapp.outbox import models as outbox
from webapp.privacy import models as privacy
from webapp.tasks import models as tasks

__all__ = [
    "accounts",
    "audit",
    "consent",
    "contacts",
    "conversations",
    "drills",
    "events",
    "exports",
    "figures",
    "ledger",
    "message_templates",
    "opportunities",
    "outbox",
    "privacy",
    "segments",
    "tasks",
]

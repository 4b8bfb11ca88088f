"""Every table, imported in one place so that metadata is whole."""

from webapp.accounts import models as accounts
from webapp.audit import models as audit
from webapp.consent import models as consent
from webapp.contacts import models as contacts
from webapp.conversations import models as conversations
from webapp.events import models as events
from webapp.message_templates import models as message_templates
from webapp.outbox import models as outbox

__all__ = [
    "accounts",
    "audit",
    "consent",
    "contacts",
    "conversations",
    "events",
    "message_templates",
    "outbox",
]

"""Who a measure is made on: nobody twice in a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, text

from bench.places import Place
from webapp.contacts.rules import State
from webapp.core import clock
from webapp.core.dialect import UtcDateTime

# One key on the channel, nothing waiting, no hold, and a change that lies back: the plain case.
PLAIN = text("""
SELECT c.id, c.phone, c.phone_key FROM contacts AS c
WHERE c.whatsapp_state = :state AND c.phone IS NOT NULL AND c.whatsapp_id IS NULL
  AND c.whatsapp_source IN ('manual', 'keyword', 'link', 'import', 'api')
  AND NOT EXISTS (SELECT 1 FROM reviews AS r WHERE r.key = c.phone_key AND r.decided_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.key = c.phone_key
      AND m.channel = 'whatsapp' AND m.status IN ('scheduled', 'sending'))
  AND NOT EXISTS (SELECT 1 FROM consent_states AS s WHERE s.key = c.phone_key
      AND s.channel = 'whatsapp' AND s.head_at > :lately)
ORDER BY random() LIMIT :count
""").bindparams(bindparam("lately", type_=UtcDateTime()))
LATELY = timedelta(minutes=2)
NOW = "SELECT state FROM consent_states WHERE channel = 'whatsapp' AND key = :key"
LEFT = "DELETE FROM messages WHERE origin = 'confirmation' AND status = 'scheduled'"


@dataclass(frozen=True)
class Person:
    """A contact with a number on WhatsApp."""

    id: int
    phone: str
    key: bytes


def people(place: Place, state: State, count: int) -> Iterator[Person]:
    """Give contacts in a state, nothing waiting for them, each once."""
    with place.engine.begin() as connection:
        # Answers to stops of an earlier run, which nobody sent.
        connection.execute(text(LEFT))
        values = {"state": str(state), "count": count, "lately": clock.now() - LATELY}
        found = connection.execute(PLAIN, values).all()
    assert len(found) == count, f"{len(found)} of {count} contacts are {state} with nothing waiting"
    return iter([Person(row.id, row.phone, bytes(row.phone_key)) for row in found])


def expect_state(place: Place, person: Person, state: State) -> None:
    """Raise AssertionError where the stored state is another."""
    with place.engine.connect() as connection:
        found = connection.execute(text(NOW), {"key": person.key}).scalar_one()
    assert found == state, f"contact {person.id} is {found}, not {state}"

"""The words for channels and for consent that other systems' lists use; pure functions."""

from __future__ import annotations

import re

from webapp.contacts.rules import Channel, State
from webapp.imports.rules import Refused, clean

ALL = tuple(Channel)
CHANNELS = {
    "email": (Channel.EMAIL,),
    "mail": (Channel.EMAIL,),
    "sms": (Channel.SMS,),
    "mms": (Channel.SMS,),
    "text": (Channel.SMS,),
    "textmessage": (Channel.SMS,),
    "voice": (Channel.VOICE,),
    "call": (Channel.VOICE,),
    "calls": (Channel.VOICE,),
    "phone": (Channel.VOICE,),
    "phonecall": (Channel.VOICE,),
    "telephone": (Channel.VOICE,),
    "whatsapp": (Channel.WHATSAPP,),
    "wa": (Channel.WHATSAPP,),
    "all": ALL,
    "any": ALL,
    "both": (Channel.SMS, Channel.WHATSAPP),
}


def fold(text: str) -> str:
    """Give a word's letters and digits in lower case, which headers and states are compared by."""
    return re.sub(r"[\W_]+", "", clean(text).casefold())


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


# Whole words: "Opted-Out", "OPTED_OUT" and "opted out" are one.
OUT = _folded(
    "opted-out opt-out out unsubscribed unsubscribe stop stopped revoked blocked blacklisted "
    "suppressed do-not-contact dnc removed abgemeldet widerrufen désabonné désinscrit "
    "baja cancelado descadastrado disiscritto denied declined rejected withdrawn abgelehnt"
)
IN = _folded(
    "opted-in opt-in in subscribed subscribe start active confirmed consented granted angemeldet "
    "abonné inscrit suscrito inscrito iscritto"
)
YES = _folded("yes y true t 1 x ja oui sí si sim wahr vrai")
NO = _folded("no n false f 0 nein non não nao falsch faux")
NOTHING = _folded("null none na n/a nan nil never")  # how other systems write an empty cell

# What a column of yes and no is about, by its header.
ASKS_OUT = re.compile(
    r"optout|optedout|unsub|stop|block|suppress|donot|dont|nocontact|dnc|abmeld|abgemeld|widerruf|"
    r"widerspr|gesperrt|keinewerbung|baja|d[ée]sinscri|d[ée]sabonn|descadastr|disiscri|cancel|"
    r"afgemeld|uitgeschreven|avmeld|wypis|revo[ck]"
)
# Of those, what speaks of nothing else: whatever stands under it, somebody opted out.
UNSUBSCRIBES = re.compile(
    r"optout|optedout|unsub|donot|dnc|abmeld|abgemeld|widerruf|widerspr|d[ée]sinscri|d[ée]sabonn|"
    r"descadastr|disiscri|afgemeld|uitgeschreven|avmeld|wypis|revo[ck]"
)
ASKS_IN = re.compile(r"optin|optedin|subscri|consent|accept|permission|allow|agree|einwillig")


def read_channels(cell: str) -> tuple[Channel, ...]:
    """Read the channels that a row names, none where the cell is empty. Raises Refused."""
    if not cell:
        return ()
    found: list[Channel] = []
    for part in re.split(r"[,;/|+&]", clean(cell)):
        word = fold(part)
        if not word:
            continue
        if word not in CHANNELS:
            raise Refused(f"“{part.strip()[:40]}” is no channel: email, sms, voice or whatsapp is.")
        found += CHANNELS[word]
    return tuple(channel for channel in Channel if channel in found)


def check_state(header: str, cell: str) -> None:
    """Let a row pass whose state says nothing, or opted out. Raises Refused for any other.

    A list of opt-outs only ever opts out. See `read_state`.
    """
    if read_state(header, cell) is State.OPTED_IN:
        raise Refused(
            "The file says that this person is opted in; a list of opt-outs only opts out."
        )


def read_state(header: str, cell: str, *, bare: bool = False) -> State | None:
    """Read what a cell says of consent, None where it is empty. Raises Refused.

    `header` is the column's: under “subscribed” a yes is an opt-in, under “unsubscribed” it is
    none, under “status” it says neither; but with `bare` a yes is an opt-in there too.
    """
    word, asks = fold(cell), fold(header)
    if not word:
        return None
    about_out = ASKS_OUT.search(asks) is not None
    about_in = not about_out and (bare or ASKS_IN.search(asks) is not None)
    if word in OUT or (about_out and word in YES) or (about_in and word in NO):
        return State.OPTED_OUT
    if word in IN or (about_in and word in YES) or (about_out and word in NO):
        return State.OPTED_IN
    wanted = "agreed or said no" if bare else "is opted out"
    raise Refused(f"“{clean(cell)[:40]}” does not say that this person {wanted}.")

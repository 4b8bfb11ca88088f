"""How people's consent went: plots of acts, by how often each happens in 1,000 people."""

from __future__ import annotations

from webapp.contacts.rules import Channel

Plots = tuple[tuple[int, str], ...]

# Words are acts of `stories`; what each does is said there. Empty is no record.
WHATSAPP: Plots = (
    (230, "form"),
    (140, "file"),
    (115, "checkout"),
    (62, "spoken"),
    (32, "start"),
    (30, "form stop start"),
    (13, "checkout told form"),
    (15, "form told undo"),
    (10, "form block unblock"),
    (25, "form checkout"),
    (5, "form unclear dismissed"),
    (24, "form stop"),
    (9, "stop"),
    (14, "file tap"),
    (12, "checkout told"),
    (9, "form block"),
    (6, "file shop_out"),
    (7, "listed"),
    (5, "form held decided"),
    (4, "form unsubscribe"),
    (4, "form stop stop"),
    (4, "file stop late"),
    (3, "unblock"),
    (4, "spoken undo"),
    (2, "told undo"),
    (216, ""),
)
EMAIL: Plots = (
    (280, "form"),
    (140, "file"),
    (110, "checkout"),
    (20, "spoken"),
    (12, "form unsubscribe form"),
    (70, "form unsubscribe"),
    (16, "file complaint"),
    (12, "listed"),
    (8, "checkout told"),
    (7, "form shop_out"),
    (325, ""),
)
SMS: Plots = (
    (55, "start"),
    (120, "checkout"),
    (90, "form"),
    (60, "file"),
    (8, "checkout stop start"),
    (38, "checkout stop"),
    (8, "stop"),
    (7, "listed"),
    (6, "form told"),
    (6, "file shop_out"),
    (602, ""),
)
VOICE: Plots = (
    (60, "spoken"),
    (36, "checkout"),
    (24, "file"),
    (20, "told"),
    (6, "listed"),
    (4, "spoken shop_out"),
    (850, ""),
)
LIVELY: dict[Channel, Plots] = {
    Channel.EMAIL: EMAIL,
    Channel.SMS: SMS,
    Channel.VOICE: VOICE,
    Channel.WHATSAPP: WHATSAPP,
}

# The same for people with whom little happens: about one in eleven is opted out on a channel.
QUIET: dict[Channel, Plots] = {
    Channel.EMAIL: (
        (130, "form"),
        (90, "file"),
        (55, "checkout"),
        (5, "spoken"),
        (4, "form unsubscribe form"),
        (50, "form unsubscribe"),
        (12, "file complaint"),
        (22, "listed"),
        (6, "checkout told"),
        (8, "form shop_out"),
        (618, ""),
    ),
    Channel.SMS: (
        (50, "checkout"),
        (35, "file"),
        (30, "form"),
        (10, "start"),
        (3, "checkout stop start"),
        (45, "checkout stop"),
        (8, "stop"),
        (24, "listed"),
        (8, "form told"),
        (10, "file shop_out"),
        (777, ""),
    ),
    Channel.VOICE: (
        (15, "spoken"),
        (15, "checkout"),
        (12, "file"),
        (50, "told"),
        (32, "listed"),
        (10, "spoken shop_out"),
        (866, ""),
    ),
    Channel.WHATSAPP: (
        (150, "form"),
        (120, "file"),
        (75, "checkout"),
        (25, "spoken"),
        (10, "start"),
        (6, "form stop start"),
        (4, "form told undo"),
        (2, "form block unblock"),
        (6, "form checkout"),
        (1, "form unclear dismissed"),
        (22, "form stop"),
        (5, "stop"),
        (14, "file tap"),
        (9, "checkout told"),
        (9, "form block"),
        (9, "file shop_out"),
        (18, "listed"),
        (2, "form held decided"),
        (6, "form unsubscribe"),
        (1, "form stop stop"),
        (1, "file stop late"),
        (2, "told undo"),
        (503, ""),
    ),
}

# These newest-but-few contacts have a reply that waits for review, so that a demo has some.
WAITING_FOR_REVIEW = {31: "form held", 75: "form unclear", 112: "file held"}

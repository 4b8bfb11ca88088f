"""The demo's templates, and what fills their variables."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from webapp.contacts.rules import Channel
from webapp.outbox.rules import Category

BUSINESS = "Ember & Oak"
WAY_OUT = {"en": "Stop promotions", "es": "Detener promociones"}


@dataclass(frozen=True)
class DemoTemplate:
    """A template and, for each variable after the name, the values that a send may have.

    The past that a demo makes up is WhatsApp's; the templates of other channels are there to be
    written with.
    """

    name: str
    language: str
    category: Category
    body: str
    values: tuple[tuple[str, ...], ...] = ()
    named: bool = True
    channel: Channel = Channel.WHATSAPP

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Marketing offers a way out, where a message can have buttons."""
        if self.category is not Category.MARKETING or self.channel is not Channel.WHATSAPP:
            return []
        return [{"type": "quick_reply", "text": WAY_OUT[self.language], "opt_out": True}]

    def variables(self, rng: Random, called: str) -> dict[str, str]:
        """Choose what fills the variables for somebody who is called so."""
        nobody = "amigo" if self.language == "es" else "there"
        first = [called or nobody] if self.named else []
        chosen = [*first, *(rng.choice(some) for some in self.values)]
        return {str(place): value for place, value in enumerate(chosen, start=1)}


ORDERS = tuple(f"EO-{number}" for number in range(40113, 42000, 37))
CODES = tuple(str(number) for number in range(117_409, 990_000, 33_331))

WELCOME_OFFER = DemoTemplate(
    "welcome_offer",
    "en",
    Category.MARKETING,
    f"Hi {{{{1}}}}, welcome to {BUSINESS}! Your first bag of coffee is {{{{2}}}} off"
    " with the code {{3}} until Sunday.",
    (("10 %", "15 %", "20 %"), ("WELCOME", "FIRSTBAG", "HELLO")),
)
ORDER_UPDATE = DemoTemplate(
    "order_update",
    "en",
    Category.UTILITY,
    "Hi {{1}}, your order {{2}} has left our roastery and arrives {{3}}.",
    (ORDERS, ("tomorrow", "on Tuesday", "on Friday", "this week")),
)
APPOINTMENT_REMINDER = DemoTemplate(
    "appointment_reminder",
    "en",
    Category.UTILITY,
    "Hi {{1}}, a reminder of your tasting on {{2}} at {{3}}. Reply here to change it.",
    (("Thursday", "Friday", "Saturday"), ("10:30", "11:00", "16:00")),
)
LOGIN_CODE = DemoTemplate(
    "login_code",
    "en",
    Category.AUTHENTICATION,
    "{{1}} is your verification code. For your security, do not share it.",
    (CODES,),
    named=False,
)
WIN_BACK = DemoTemplate(
    "win_back",
    "en",
    Category.MARKETING,
    "Hi {{1}}, it has been a while. Here is {{2}} off your next order, our way of saying hello.",
    (("10 %", "15 %"),),
)
WIN_BACK_ES = DemoTemplate(
    "win_back",
    "es",
    Category.MARKETING,
    "Hola {{1}}, te echamos de menos. Tienes un {{2}} de descuento en tu próximo pedido.",
    (("10 %", "15 %"),),
)
SMS_OFFER = DemoTemplate(
    "weekend_offer",
    "en",
    Category.MARKETING,
    f"{BUSINESS}: Hi {{{{1}}}}, {{{{2}}}} off all beans until Sunday. Reply STOP to stop.",
    (("10 %", "15 %"),),
    channel=Channel.SMS,
)
SMS_PICK_UP = DemoTemplate(
    "ready_to_collect",
    "en",
    Category.UTILITY,
    f"{BUSINESS}: Hi {{{{1}}}}, your order {{{{2}}}} is ready to collect.",
    (ORDERS,),
    channel=Channel.SMS,
)
EMAIL_NEWS = DemoTemplate(
    "new_roasts",
    "en",
    Category.MARKETING,
    f"New at {BUSINESS} this month\n\nHi {{{{1}}}},\n\nthree new roasts are in: a bright Ethiopian,"
    " a chocolate-dark Brazilian and a decaf worth staying up for. With the code {{2}} the"
    " first bag is ten percent off.\n\nSee you soon,\nyour roasters",
    (("SPRING", "ROAST10"),),
    channel=Channel.EMAIL,
)
EMAIL_RECEIPT = DemoTemplate(
    "order_receipt",
    "en",
    Category.UTILITY,
    "Your order {{2}}\n\nHi {{1}},\n\nthank you for your order {{2}}. We roast it {{3}} and"
    f" write to you once it is on its way.\n\n{BUSINESS}",
    (ORDERS, ("tomorrow", "on Tuesday", "this week")),
    channel=Channel.EMAIL,
)
TEMPLATES = (
    WELCOME_OFFER,
    ORDER_UPDATE,
    APPOINTMENT_REMINDER,
    LOGIN_CODE,
    WIN_BACK,
    WIN_BACK_ES,
    SMS_OFFER,
    SMS_PICK_UP,
    EMAIL_NEWS,
    EMAIL_RECEIPT,
)

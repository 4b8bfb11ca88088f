"""The demo's WhatsApp templates, and what fills their variables."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from webapp.outbox.rules import Category

BUSINESS = "Ember & Oak"
WAY_OUT = {"en": "Stop promotions", "es": "Detener promociones"}


@dataclass(frozen=True)
class DemoTemplate:
    """A template and, for each variable after the name, the values that a send may have."""

    name: str
    language: str
    category: Category
    body: str
    values: tuple[tuple[str, ...], ...] = ()
    named: bool = True

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Marketing offers a way out."""
        if self.category is not Category.MARKETING:
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
TEMPLATES = (
    WELCOME_OFFER,
    ORDER_UPDATE,
    APPOINTMENT_REMINDER,
    LOGIN_CODE,
    WIN_BACK,
    WIN_BACK_ES,
)

"""Where the demo's people live: names in their scripts, cities, and numbers that ring nowhere."""

from __future__ import annotations

from webapp.demo.countries.africa_and_asia import EGYPT, EMIRATES, INDIA, NIGERIA
from webapp.demo.countries.americas import BRAZIL, MEXICO, UNITED_STATES
from webapp.demo.countries.europe import FRANCE, GERMANY, ITALY, SPAIN, UNITED_KINGDOM
from webapp.demo.countries.shape import City, Country, Name, Names, Series

COUNTRIES: tuple[Country, ...] = (
    UNITED_STATES,
    UNITED_KINGDOM,
    INDIA,
    BRAZIL,
    MEXICO,
    SPAIN,
    GERMANY,
    FRANCE,
    ITALY,
    EGYPT,
    EMIRATES,
    NIGERIA,
)

__all__ = ["COUNTRIES", "City", "Country", "Name", "Names", "Series"]

"""The language packs: how people ask to be left alone, as data."""

from webapp.keywords.languages.ar import ARABIC
from webapp.keywords.languages.de import GERMAN
from webapp.keywords.languages.elsewhere import ELSEWHERE
from webapp.keywords.languages.en import ENGLISH
from webapp.keywords.languages.es import SPANISH
from webapp.keywords.languages.fr import FRENCH
from webapp.keywords.languages.hi import HINDI
from webapp.keywords.languages.it import ITALIAN
from webapp.keywords.languages.pack import Pack
from webapp.keywords.languages.pt import PORTUGUESE

PACKS: tuple[Pack, ...] = (
    ENGLISH,
    SPANISH,
    PORTUGUESE,
    FRENCH,
    GERMAN,
    ITALIAN,
    HINDI,
    ARABIC,
    *ELSEWHERE,
)

"""The languages of the pages of a person's links, by their codes; English is for everybody else."""

from webapp.receipts.languages.ar import ARABIC
from webapp.receipts.languages.de import GERMAN
from webapp.receipts.languages.en import ENGLISH
from webapp.receipts.languages.es import SPANISH
from webapp.receipts.languages.fr import FRENCH
from webapp.receipts.languages.hi import HINDI
from webapp.receipts.languages.it import ITALIAN
from webapp.receipts.languages.pt import PORTUGUESE
from webapp.receipts.languages.texts import Texts

LANGUAGES: dict[str, Texts] = {
    texts.code: texts
    for texts in (ENGLISH, SPANISH, PORTUGUESE, FRENCH, GERMAN, ITALIAN, HINDI, ARABIC)
}

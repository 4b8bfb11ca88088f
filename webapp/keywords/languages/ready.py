"""Ready sets of words for the settings, one a language, that an admin adds in one click.

Only words that mean nothing else as a whole reply. Never yes and no in any language: people
answer other questions with them. Spanish ALTA signs on, ALTO and BAJA stop.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadySet:
    """The words of one language, as the settings store them. `name` is how people call it."""

    code: str
    name: str
    opt_out: tuple[str, ...]
    opt_in: tuple[str, ...]
    help: tuple[str, ...]


READY_SETS: tuple[ReadySet, ...] = (
    # 47 CFR 64.1200(a)(10), CTIA, Twilio
    ReadySet(
        "en",
        "English",
        (
            "STOP",
            "STOPALL",
            "STOP ALL",
            "UNSUBSCRIBE",
            "UNSUB",
            "CANCEL",
            "END",
            "QUIT",
            "REVOKE",
            "OPTOUT",
            "OPT OUT",
            "REMOVE",
        ),
        ("START", "UNSTOP", "RESUME"),
        ("HELP", "INFO"),
    ),
    ReadySet(
        "es",
        "Spanish",
        ("BAJA", "ALTO", "PARAR", "PARE", "DETENER", "CANCELAR", "SALIR", "DARME DE BAJA"),
        ("ALTA", "INICIAR", "REANUDAR"),
        ("AYUDA",),
    ),
    ReadySet(
        "pt",
        "Portuguese",
        ("SAIR", "PARAR", "PARE", "CANCELAR", "DESCADASTRAR", "REMOVER", "DESINSCREVER"),
        ("INICIAR", "RETOMAR"),
        ("AJUDA",),
    ),
    ReadySet(
        "fr",
        "French",
        (
            "ARRÊT",
            "ARRÊTER",
            "ARRÊTEZ",
            "DÉSABONNER",
            "DÉSABONNEMENT",
            "DÉSINSCRIRE",
            "DÉSINSCRIPTION",
        ),
        ("DÉMARRER", "REPRENDRE", "RÉABONNER"),
        ("AIDE",),
    ),
    ReadySet(
        "de",
        "German",
        ("STOPP", "ABMELDEN", "ABMELDUNG", "ABBESTELLEN", "AUSTRAGEN"),
        ("STARTEN", "FORTSETZEN"),
        ("HILFE",),
    ),
    ReadySet(
        "it",
        "Italian",
        ("FERMA", "CANCELLAMI", "DISISCRIVI", "DISISCRIVIMI", "RIMUOVIMI", "REVOCA"),
        ("INIZIA", "RIPRENDI"),
        ("AIUTO",),
    ),
    ReadySet(
        "hi",
        "Hindi",
        ("बंद", "बंद करो", "बंद करें", "रोकें", "रोको", "BAND KARO", "BAND KAREN", "ROKO"),
        ("शुरू", "शुरू करें", "SHURU", "SHURU KARO"),
        ("मदद", "सहायता", "MADAD"),
    ),
    ReadySet(
        "ar",
        "Arabic",
        ("توقف", "إيقاف", "أوقف", "إلغاء", "إلغاء الاشتراك"),
        ("ابدأ", "استئناف"),
        ("مساعدة",),
    ),
)

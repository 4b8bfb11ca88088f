"""German."""

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.languages.texts import Texts
from webapp.receipts.rules import Why

GERMAN = Texts(
    code="de",
    locale="de",
    channels={
        Channel.EMAIL: "E-Mail",
        Channel.SMS: "SMS",
        Channel.VOICE: "Anruf",
        Channel.WHATSAPP: "WhatsApp",
    },
    kinds={
        AddressKind.PHONE: "Ihre Nummer",
        AddressKind.EMAIL: "Ihre E-Mail-Adresse",
        AddressKind.WHATSAPP_ID: "Ihr WhatsApp-Konto",
    },
    this_business="diesem Unternehmen",
    messages_from="Nachrichten von {business}",
    stop="Nachrichten per {channel} stoppen",
    stop_question="Nachrichten per {channel} stoppen?",
    stop_everything="Alles stoppen",
    about="Es geht um Nachrichten per {channel} von {business} an {address}.",
    stopped_already="Sie sind schon gestoppt. Sie müssen nichts weiter tun.",
    nothing_yet=(
        "Es ändert sich nichts, bis Sie auf eine Schaltfläche drücken. Eine Anmeldung ist nicht "
        "nötig."
    ),
    stop_promise="Sie erhalten keine Werbung mehr per {channel}. Was wartet, wird storniert.",
    stop_promise_everything=(
        "Sie erhalten auf keinem Kanal mehr Werbung. Was wartet, wird storniert."
    ),
    all_preferences="Alle Ihre Einstellungen ansehen und ändern",
    preferences="Ihre Einstellungen",
    last_change="Die letzte Änderung ({channel})",
    no_address="Hier ist keine Adresse von Ihnen bekannt",
    held="Wartet: Zuerst liest jemand eine Antwort von Ihnen",
    needs_yes="Ohne Ihr Ja wird nichts verschickt",
    not_stopped="Nicht gestoppt",
    stopped="Gestoppt",
    allowed="Erlaubt",
    allow="Nachrichten per {channel} erlauben",
    allow_means="Ich möchte hier Werbung von {business}. Ich kann sie jederzeit stoppen.",
    undo_means=(
        "Das war ich nicht, oder ich habe es mir anders überlegt: Ich möchte hier Werbung von "
        "{business}. Ich kann sie jederzeit stoppen."
    ),
    narrow_means=(
        "Ich meinte nur diesen einen Kanal: Ich möchte auf den anderen Kanälen Werbung von "
        "{business}. Ich kann sie jederzeit stoppen."
    ),
    reach=(
        "Das Stoppen gilt für alle Ihre Adressen und Nummern, die bei {business} bekannt sind. Das "
        "Erlauben gilt nur für {address}, wohin dieser Link geschickt wurde: Wer den Link hat, "
        "kann die Schaltflächen benutzen."
    ),
    receipt="Beleg",
    what="Was",
    whom="Für",
    when="Wann",
    through="Wodurch",
    also="Ebenso",
    cancelled="Storniert",
    sources={
        Source.MANUAL: "Jemand bei {business}",
        Source.KEYWORD: "Ihre Antwort",
        Source.BUTTON: "Eine Schaltfläche in einer Nachricht an Sie",
        Source.LINK: "Ein Link, der Ihnen geschickt wurde",
        Source.API: "Ein System von {business}",
        Source.IMPORT: "Eine Liste, die bei {business} eingelesen wurde",
        Source.PROVIDER: "Ihr Anbieter ({channel}), von dem die Meldung bei {business} einging",
        Source.REVIEW: "Jemand bei {business}, nach dem Lesen Ihrer Antwort",
        Source.CORRECTION: "Jemand bei {business}, durch Zurücknehmen einer Änderung",
    },
    taken_back="{channel}: Eine Änderung wurde zurückgenommen",
    changed_nothing="{channel}: Das hat nichts geändert",
    are_stopped="Nachrichten per {channels} sind gestoppt",
    were_stopped="Nachrichten per {channels} wurden gestoppt",
    are_allowed="Nachrichten per {channels} sind erlaubt",
    were_allowed="Nachrichten per {channels} wurden erlaubt",
    elsewhere="{channel} an eine andere Adresse von Ihnen",
    none_waited="Es wartete keine",
    origins={
        Origin.MANUAL: "von einem Menschen geschrieben",
        Origin.SCHEDULED: "geplant",
        Origin.API: "von einem System",
        Origin.AUTOMATION: "automatisch",
        Origin.CAMPAIGN: "aus einer Kampagne",
        Origin.CONFIRMATION: "Bestätigung",
    },
    not_you="Waren Sie das nicht?",
    stop_here="Stoppen Sie es hier. Das geht immer.",
    take_back="Zurücknehmen",
    change_below="Ändern Sie es unten.",
    narrow="Nur {channel} gestoppt lassen, den Rest erlauben",
    fixed="Was an einer anderen Adresse von Ihnen gestoppt ist, bleibt es: {channels}.",
    whys={
        Why.OTHER_ADDRESS: (
            "Es geht um eine andere Adresse als die, an die dieser Link geschickt wurde. Benutzen "
            "Sie einen Link, der dorthin geschickt wurde; auf einem Telefon können Sie dort auch "
            "mit START antworten."
        ),
        Why.PROVIDER: (
            "Der Anbieter hält diesen Stopp selbst fest, deshalb lässt er sich nur dort "
            "zurücknehmen."
        ),
        Why.NEWER: "Dort steht etwas Neueres, deshalb lässt sich dies nicht zurücknehmen.",
        Why.TOO_SOON: "Das wurde eben erst gestoppt. Versuchen Sie es in einer Minute noch einmal.",
        Why.DONE: "Nachrichten sind schon wieder erlaubt.",
    },
    at_provider={
        Channel.EMAIL: (
            "Ihr E-Mail-Anbieter hat es gemeldet. Melden Sie sich bei {business}, um wieder "
            "E-Mails zu bekommen."
        ),
        Channel.SMS: (
            "Ihr Anbieter hält diesen Stopp fest. Schicken Sie START per SMS an die Nummer, die "
            "Ihnen geschrieben hat."
        ),
        Channel.VOICE: (
            "Ihr Anbieter hält diesen Stopp fest. Fragen Sie bei {business} nach, um ihn dort "
            "zurückzunehmen."
        ),
        Channel.WHATSAPP: (
            "Sie haben das in WhatsApp gestoppt, und nur dort lässt es sich zurücknehmen: Öffnen "
            "Sie den Chat mit {business}, tippen Sie oben auf den Namen und erlauben Sie Angebote "
            "und Ankündigungen wieder."
        ),
    },
    reached_elsewhere=(
        "Diese Nachrichten erreichen Sie an einer anderen Adresse. Um sie zu erlauben, benutzen "
        "Sie einen Link, der dorthin geschickt wurde, oder antworten Sie dort mit START."
    ),
    stopped_now=(
        "Eben erst gestoppt. Laden Sie diese Seite in einer Minute neu, um sie zu erlauben."
    ),
    stopped_elsewhere=(
        "Eine andere Adresse von Ihnen ist hier gestoppt. Antworten Sie dort mit START, um sie zu "
        "erlauben."
    ),
    still="Was noch kommen kann",
    still_service=(
        "Per {channel} können noch Nachrichten zu einer Bestellung, einem Termin oder einer "
        "Anmeldung kommen. Sie sind keine Werbung."
    ),
    still_answers=(
        "Per {channel} wird nichts mehr automatisch verschickt. Ein Mensch kann Ihnen noch "
        "antworten."
    ),
    unknown="Dieser Link ist nicht vollständig",
    unknown_why=(
        "Vielleicht ging unterwegs ein Teil verloren. Es wurde nichts geändert. Öffnen Sie den "
        "Link in der Nachricht noch einmal."
    ),
    unknown_otherwise=(
        "Sie können immer auch anders stoppen: Antworten Sie auf eine beliebige Nachricht von uns "
        "mit {stop}. Dafür braucht es keinen Link."
    ),
    choose_channel="Wählen Sie einen Kanal.",
    for_the_person=(
        "Sie sind bei Heed angemeldet. Nur die Person selbst erlaubt hier Nachrichten; halten Sie "
        "ihre Einwilligung auf der Seite des Kontakts fest."
    ),
)

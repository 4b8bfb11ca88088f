"""Italian."""

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.languages.texts import Texts
from webapp.receipts.rules import Why

ITALIAN = Texts(
    code="it",
    locale="it",
    channels={
        Channel.EMAIL: "email",
        Channel.SMS: "SMS",
        Channel.VOICE: "chiamata vocale",
        Channel.WHATSAPP: "WhatsApp",
    },
    kinds={
        AddressKind.PHONE: "il suo numero",
        AddressKind.EMAIL: "il suo indirizzo email",
        AddressKind.WHATSAPP_ID: "il suo account WhatsApp",
    },
    this_business="questa azienda",
    messages_from="Messaggi di {business}",
    stop="Interrompi i messaggi via {channel}",
    stop_question="Interrompere i messaggi via {channel}?",
    stop_everything="Interrompi tutto",
    about="Si tratta dei messaggi via {channel} di {business} per {address}.",
    stopped_already="Sono già interrotti. Non deve fare altro.",
    nothing_yet="Non cambia nulla finché non preme un pulsante. Non serve alcun accesso.",
    stop_promise=(
        "Non riceverà più messaggi pubblicitari via {channel}. Quelli in attesa vengono annullati."
    ),
    stop_promise_everything=(
        "Non riceverà più messaggi pubblicitari su nessun canale. Quelli in attesa vengono "
        "annullati."
    ),
    all_preferences="Vedi e modifica tutte le sue preferenze",
    preferences="Le sue preferenze",
    last_change="L’ultima modifica via {channel}",
    no_address="Qui non conosciamo alcun suo recapito",
    held="In attesa: prima qualcuno legge una sua risposta",
    needs_yes="Non si invia nulla senza il suo sì",
    not_stopped="Non interrotti",
    stopped="Interrotti",
    allowed="Consentiti",
    allow="Consenti i messaggi via {channel}",
    allow_means=(
        "Desidero ricevere qui messaggi pubblicitari da {business}. Posso interromperli in "
        "qualsiasi momento."
    ),
    undo_means=(
        "Non ero io, oppure ho cambiato idea: desidero ricevere qui messaggi pubblicitari da "
        "{business}. Posso interromperli in qualsiasi momento."
    ),
    narrow_means=(
        "Intendevo solo quel canale: desidero ricevere messaggi pubblicitari da {business} sugli "
        "altri. Posso interromperli in qualsiasi momento."
    ),
    reach=(
        "L’interruzione vale per tutti i suoi recapiti noti a {business}. Il consenso vale solo "
        "per {address}, dove è stato inviato questo link: chi ha il link può premere i pulsanti."
    ),
    receipt="Ricevuta",
    what="Cosa",
    whom="Per",
    when="Quando",
    through="Come",
    also="Anche",
    cancelled="Annullati",
    sources={
        Source.MANUAL: "Qualcuno presso {business}",
        Source.KEYWORD: "La sua risposta",
        Source.BUTTON: "Un pulsante premuto in un messaggio che le è stato inviato",
        Source.LINK: "Un link che le è stato inviato",
        Source.API: "Un sistema di {business}",
        Source.IMPORT: "Un elenco importato da {business}",
        Source.PROVIDER: "Il suo fornitore ({channel}), che ha informato {business}",
        Source.REVIEW: "Qualcuno presso {business}, che ha letto la sua risposta",
        Source.CORRECTION: "Qualcuno presso {business}, che ha annullato una modifica",
    },
    taken_back="{channel}: una modifica è stata annullata",
    changed_nothing="{channel}: questo non ha cambiato nulla",
    are_stopped="I messaggi via {channels} sono interrotti",
    were_stopped="I messaggi via {channels} sono stati interrotti",
    are_allowed="I messaggi via {channels} sono consentiti",
    were_allowed="I messaggi via {channels} sono stati consentiti",
    elsewhere="{channel} a un altro suo recapito",
    none_waited="Nessuno era in attesa",
    origins={
        Origin.MANUAL: "scritti da una persona",
        Origin.SCHEDULED: "programmati",
        Origin.API: "da un sistema",
        Origin.AUTOMATION: "automatici",
        Origin.CAMPAIGN: "di una campagna",
        Origin.CONFIRMATION: "di conferma",
    },
    not_you="Non era lei?",
    stop_here="Li interrompa qui. Funziona sempre.",
    take_back="Annulla la modifica",
    change_below="Lo modifichi qui sotto.",
    narrow="Lascia interrotto solo {channel}, consenti il resto",
    fixed="Ciò che è interrotto a un altro suo recapito rimane così: {channels}.",
    whys={
        Why.OTHER_ADDRESS: (
            "Riguarda un recapito diverso da quello a cui è stato inviato questo link. Usi un link "
            "inviato a quel recapito; su un telefono può anche rispondere START da lì."
        ),
        Why.PROVIDER: (
            "È il fornitore a mantenere questa interruzione, quindi si può annullare solo lì."
        ),
        Why.NEWER: "C’è qualcosa di più recente, quindi questa modifica non si può annullare.",
        Why.TOO_SOON: "È stato interrotto un attimo fa. Riprovi tra un minuto.",
        Why.DONE: "I messaggi sono già di nuovo consentiti.",
    },
    at_provider={
        Channel.EMAIL: (
            "Lo ha segnalato il suo fornitore di posta. Scriva a {business} per ricevere di nuovo "
            "le email."
        ),
        Channel.SMS: (
            "Il suo fornitore mantiene questa interruzione. Invii START via SMS al numero che le "
            "ha scritto."
        ),
        Channel.VOICE: (
            "Il suo fornitore mantiene questa interruzione. Chieda a {business} di annullarla lì."
        ),
        Channel.WHATSAPP: (
            "Li ha interrotti in WhatsApp, e solo lì si può annullare: apra la chat con "
            "{business}, tocchi il nome in alto e consenta di nuovo offerte e annunci."
        ),
    },
    reached_elsewhere=(
        "Questi messaggi le arrivano a un altro recapito. Per consentirli usi un link inviato a "
        "quel recapito, oppure risponda START da lì."
    ),
    stopped_now="Interrotti un attimo fa. Ricarichi questa pagina tra un minuto per consentirli.",
    stopped_elsewhere=(
        "Un altro suo recapito è interrotto qui. Risponda START da lì per consentirlo."
    ),
    still="Che cosa può ancora arrivare",
    still_service=(
        "Via {channel} possono ancora arrivare messaggi su un ordine, un appuntamento o un "
        "accesso. Non sono pubblicità."
    ),
    still_answers=(
        "Via {channel} non si invia più nulla in automatico. Una persona può ancora risponderle."
    ),
    unknown="Questo link è incompleto",
    unknown_why=(
        "Forse una parte è andata persa. Non è stato modificato nulla. Apra ancora una volta il "
        "link nel messaggio."
    ),
    unknown_otherwise=(
        "Può sempre interrompere in un altro modo: risponda {stop} a un qualsiasi nostro "
        "messaggio. Non serve alcun link."
    ),
    choose_channel="Scelga un canale.",
    for_the_person=(
        "Ha effettuato l’accesso a Heed. Qui solo la persona stessa consente i messaggi; registri "
        "il suo consenso nella pagina del contatto."
    ),
)

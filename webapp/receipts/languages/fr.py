"""French."""

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.languages.texts import Texts
from webapp.receipts.rules import Why

FRENCH = Texts(
    code="fr",
    locale="fr",
    channels={
        Channel.EMAIL: "e-mail",
        Channel.SMS: "SMS",
        Channel.VOICE: "appel vocal",
        Channel.WHATSAPP: "WhatsApp",
    },
    kinds={
        AddressKind.PHONE: "votre numéro",
        AddressKind.EMAIL: "votre adresse e-mail",
        AddressKind.WHATSAPP_ID: "votre compte WhatsApp",
    },
    this_business="cette entreprise",
    messages_from="Messages de la part de {business}",
    stop="Arrêter les messages par {channel}",
    stop_question="Arrêter les messages par {channel} ?",
    stop_everything="Tout arrêter",
    about="Il s’agit des messages par {channel} de la part de {business}, envoyés à {address}.",
    stopped_already="Ils sont déjà arrêtés. Vous n’avez plus rien à faire.",
    nothing_yet=(
        "Rien ne change tant que vous n’appuyez pas sur un bouton. Aucune connexion n’est "
        "nécessaire."
    ),
    stop_promise=(
        "Vous ne recevrez plus de messages publicitaires par {channel}. Ce qui est en attente est "
        "annulé."
    ),
    stop_promise_everything=(
        "Vous ne recevrez plus de messages publicitaires, par aucun canal. Ce qui est en attente "
        "est annulé."
    ),
    all_preferences="Voir et modifier toutes vos préférences",
    preferences="Vos préférences",
    last_change="Le dernier changement par {channel}",
    no_address="Nous n’avons pas de coordonnées de vous ici",
    held="En attente : quelqu’un lit d’abord une de vos réponses",
    needs_yes="Rien n’est envoyé sans votre accord",
    not_stopped="Pas arrêtés",
    stopped="Arrêtés",
    allowed="Autorisés",
    allow="Autoriser les messages par {channel}",
    allow_means=(
        "Je veux recevoir ici des messages publicitaires de la part de {business}. Je peux les "
        "arrêter à tout moment."
    ),
    undo_means=(
        "Ce n’était pas moi, ou j’ai changé d’avis : je veux recevoir ici des messages "
        "publicitaires de la part de {business}. Je peux les arrêter à tout moment."
    ),
    narrow_means=(
        "Je ne parlais que de ce canal : je veux recevoir des messages publicitaires de la part de "
        "{business} par les autres canaux. Je peux les arrêter à tout moment."
    ),
    reach=(
        "L’arrêt vaut pour toutes vos adresses et tous vos numéros connus de {business}. "
        "L’autorisation vaut seulement pour {address}, où ce lien a été envoyé : toute personne "
        "qui a le lien peut appuyer sur les boutons."
    ),
    receipt="Reçu",
    what="Quoi",
    whom="Pour",
    when="Quand",
    through="Comment",
    also="Aussi",
    cancelled="Annulés",
    sources={
        Source.MANUAL: "Une personne chez {business}",
        Source.KEYWORD: "Votre réponse",
        Source.BUTTON: "Un bouton touché dans un message qui vous a été envoyé",
        Source.LINK: "Un lien qui vous a été envoyé",
        Source.API: "Un système utilisé par {business}",
        Source.IMPORT: "Une liste importée par {business}",
        Source.PROVIDER: "Votre fournisseur ({channel}), qui en a informé {business}",
        Source.REVIEW: "Une personne chez {business}, qui a lu votre réponse",
        Source.CORRECTION: "Une personne chez {business}, qui a annulé un changement",
    },
    taken_back="{channel} : un changement a été annulé",
    changed_nothing="{channel} : cela n’a rien changé",
    are_stopped="Les messages par {channels} sont arrêtés",
    were_stopped="Les messages par {channels} ont été arrêtés",
    are_allowed="Les messages par {channels} sont autorisés",
    were_allowed="Les messages par {channels} ont été autorisés",
    elsewhere="{channel} à une autre de vos adresses",
    none_waited="Aucun n’était en attente",
    origins={
        Origin.MANUAL: "écrits par une personne",
        Origin.SCHEDULED: "programmés",
        Origin.API: "d’un système",
        Origin.AUTOMATION: "automatiques",
        Origin.CAMPAIGN: "d’une campagne",
        Origin.CONFIRMATION: "de confirmation",
    },
    not_you="Ce n’était pas vous ?",
    stop_here="Arrêtez-les ici. Cela fonctionne toujours.",
    take_back="Annuler ce changement",
    change_below="Modifiez-le ci-dessous.",
    narrow="Laisser arrêté seulement {channel}, autoriser le reste",
    fixed="Ce qui est arrêté à une autre de vos adresses le reste : {channels}.",
    whys={
        Why.OTHER_ADDRESS: (
            "Il s’agit d’une autre adresse que celle où ce lien a été envoyé. Utilisez un lien "
            "envoyé à cette adresse ; sur un téléphone, vous pouvez aussi y répondre START."
        ),
        Why.PROVIDER: (
            "C’est le fournisseur qui maintient cet arrêt ; il ne peut être annulé que chez lui."
        ),
        Why.NEWER: "Il y a quelque chose de plus récent ; ce changement ne peut donc être annulé.",
        Why.TOO_SOON: "L’arrêt date d’il y a un instant. Réessayez dans une minute.",
        Why.DONE: "Les messages sont déjà de nouveau autorisés.",
    },
    at_provider={
        Channel.EMAIL: (
            "Votre fournisseur de messagerie l’a signalé. Écrivez à {business} pour recevoir à "
            "nouveau des e-mails."
        ),
        Channel.SMS: (
            "Votre fournisseur maintient cet arrêt. Envoyez START par SMS au numéro qui vous a "
            "écrit."
        ),
        Channel.VOICE: (
            "Votre fournisseur maintient cet arrêt. Demandez à {business} de l’y faire annuler."
        ),
        Channel.WHATSAPP: (
            "Vous avez arrêté ces messages dans WhatsApp, et c’est seulement là que cela peut être "
            "annulé : ouvrez la discussion avec {business}, touchez le nom en haut, puis "
            "autorisez à nouveau les offres et les annonces."
        ),
    },
    reached_elsewhere=(
        "Ces messages vous parviennent à une autre adresse. Pour les autoriser, utilisez un lien "
        "qui y a été envoyé, ou répondez-y START."
    ),
    stopped_now=(
        "Arrêtés il y a un instant. Rechargez cette page dans une minute pour les autoriser."
    ),
    stopped_elsewhere=(
        "Une autre de vos adresses est arrêtée ici. Répondez-y START pour l’autoriser."
    ),
    still="Ce qui peut encore arriver",
    still_service=(
        "Par {channel}, des messages concernant une commande, un rendez-vous ou une connexion "
        "peuvent encore arriver. Ce n’est pas de la publicité."
    ),
    still_answers=(
        "Par {channel}, plus rien n’est envoyé automatiquement. Une personne peut encore vous "
        "répondre."
    ),
    unknown="Ce lien est incomplet",
    unknown_why=(
        "Une partie s’est peut-être perdue en chemin. Rien n’a été modifié. Ouvrez encore une fois "
        "le lien du message."
    ),
    unknown_otherwise=(
        "Vous pouvez toujours arrêter les messages autrement : répondez {stop} à l’un de nos "
        "messages. Aucun lien n’est nécessaire."
    ),
    choose_channel="Choisissez un canal.",
    for_the_person=(
        "Vous êtes connecté à Heed. Seule la personne concernée autorise des messages ici ; "
        "enregistrez son consentement sur la page du contact."
    ),
)

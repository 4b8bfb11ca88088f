"""Spanish."""

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.languages.texts import Texts
from webapp.receipts.rules import Why

SPANISH = Texts(
    code="es",
    locale="es",
    channels={
        Channel.EMAIL: "correo electrónico",
        Channel.SMS: "SMS",
        Channel.VOICE: "llamada de voz",
        Channel.WHATSAPP: "WhatsApp",
    },
    kinds={
        AddressKind.PHONE: "su número",
        AddressKind.EMAIL: "su correo electrónico",
        AddressKind.WHATSAPP_ID: "su cuenta de WhatsApp",
    },
    this_business="esta empresa",
    messages_from="Mensajes de {business}",
    stop="Detener los mensajes por {channel}",
    stop_question="¿Detener los mensajes por {channel}?",
    stop_everything="Detener todo",
    about="Se trata de los mensajes por {channel} de {business} a {address}.",
    stopped_already="Ya están detenidos. No tiene que hacer nada más.",
    nothing_yet="Nada cambia hasta que pulse un botón. No hace falta iniciar sesión.",
    stop_promise=(
        "No recibirá más mensajes de publicidad por {channel}. Lo que está pendiente se cancela."
    ),
    stop_promise_everything=(
        "No recibirá más mensajes de publicidad por ningún canal. Lo que está pendiente se cancela."
    ),
    all_preferences="Ver y cambiar todas sus preferencias",
    preferences="Sus preferencias",
    last_change="El último cambio por {channel}",
    no_address="No conocemos ningún dato suyo en este canal",
    held="En espera: alguien leerá primero una respuesta suya",
    needs_yes="No se envía nada sin su sí",
    not_stopped="No se han detenido",
    stopped="Detenidos",
    allowed="Permitidos",
    allow="Permitir los mensajes por {channel}",
    allow_means=(
        "Quiero recibir aquí mensajes de publicidad de {business}. Puedo detenerlos en cualquier "
        "momento."
    ),
    undo_means=(
        "No fui yo, o he cambiado de opinión: quiero recibir aquí mensajes de publicidad de "
        "{business}. Puedo detenerlos en cualquier momento."
    ),
    narrow_means=(
        "Me refería solo a ese canal: quiero recibir mensajes de publicidad de {business} por los "
        "demás. Puedo detenerlos en cualquier momento."
    ),
    reach=(
        "Detener vale para todos los números y correos suyos que conoce {business}. Permitir vale "
        "solo para {address}, adonde se envió este enlace: quien lo tiene puede pulsar los botones."
    ),
    receipt="Comprobante",
    what="Qué",
    whom="Para",
    when="Cuándo",
    through="Cómo",
    also="También",
    cancelled="Cancelados",
    sources={
        Source.MANUAL: "Alguien de {business}",
        Source.KEYWORD: "Su respuesta",
        Source.BUTTON: "Un botón que se pulsó en un mensaje enviado a usted",
        Source.LINK: "Un enlace que se le envió",
        Source.API: "Un sistema de {business}",
        Source.IMPORT: "Una lista que importó {business}",
        Source.PROVIDER: "Su proveedor de {channel}, que avisó a {business}",
        Source.REVIEW: "Alguien de {business}, que leyó su respuesta",
        Source.CORRECTION: "Alguien de {business}, que deshizo un cambio",
    },
    taken_back="{channel}: se deshizo un cambio",
    changed_nothing="{channel}: esto no cambió nada",
    are_stopped="Los mensajes por {channels} están detenidos",
    were_stopped="Los mensajes por {channels} se detuvieron",
    are_allowed="Los mensajes por {channels} están permitidos",
    were_allowed="Los mensajes por {channels} se permitieron",
    elsewhere="{channel} en otro número o correo suyo",
    none_waited="No había ninguno pendiente",
    origins={
        Origin.MANUAL: "escritos por una persona",
        Origin.SCHEDULED: "programados",
        Origin.API: "de un sistema",
        Origin.AUTOMATION: "automáticos",
        Origin.CAMPAIGN: "de una campaña",
        Origin.CONFIRMATION: "de confirmación",
    },
    not_you="¿No fue usted?",
    stop_here="Deténgalos aquí. Eso siempre funciona.",
    take_back="Deshacer",
    change_below="Cámbielo abajo.",
    narrow="Dejar detenido solo {channel}, permitir lo demás",
    fixed="Lo que está detenido en otro número o correo suyo sigue así: {channels}.",
    whys={
        Why.OTHER_ADDRESS: (
            "Se trata de otro número o correo, no de aquel al que se envió este enlace. Use un "
            "enlace que se haya enviado allí; en un teléfono también puede responder START desde "
            "él."
        ),
        Why.PROVIDER: "El propio proveedor lo mantiene detenido; solo allí se puede deshacer.",
        Why.NEWER: "Hay algo más reciente; por eso este cambio no se puede deshacer aquí.",
        Why.TOO_SOON: "Se detuvo hace un momento. Inténtelo de nuevo en un minuto.",
        Why.DONE: "Los mensajes ya están permitidos de nuevo.",
    },
    at_provider={
        Channel.EMAIL: (
            "Su proveedor de correo lo comunicó. Escriba a {business} para volver a recibir "
            "correos."
        ),
        Channel.SMS: (
            "Su proveedor lo mantiene detenido. Envíe START por SMS al número que le escribió."
        ),
        Channel.VOICE: (
            "Su proveedor lo mantiene detenido. Pida a {business} que lo deshaga allí."
        ),
        Channel.WHATSAPP: (
            "Usted lo detuvo en WhatsApp, y solo allí se puede deshacer: abra el chat, pulse el "
            "nombre de {business} y vuelva a permitir ofertas y anuncios."
        ),
    },
    reached_elsewhere=(
        "Estos mensajes le llegan a otro número o correo. Para permitirlos, use un enlace que se "
        "haya enviado allí o responda START desde allí."
    ),
    stopped_now="Se detuvo hace un momento. Vuelva a cargar esta página en un minuto.",
    stopped_elsewhere=(
        "Otro número o correo suyo está detenido aquí. Responda START desde él para permitirlo."
    ),
    still="Lo que todavía puede llegar",
    still_service=(
        "Por {channel} todavía pueden llegar mensajes sobre un pedido, una cita o un inicio de "
        "sesión. No son publicidad."
    ),
    still_answers=(
        "Por {channel} ya no se envía nada automáticamente. Una persona todavía puede responderle."
    ),
    unknown="Este enlace está incompleto",
    unknown_why=(
        "Quizá se perdió una parte por el camino. No se cambió nada. Abra otra vez el enlace del "
        "mensaje."
    ),
    unknown_otherwise=(
        "Siempre puede detenerlos de otra manera: responda {stop} a cualquier mensaje nuestro. "
        "Para eso no hace falta ningún enlace."
    ),
    choose_channel="Elija un canal.",
    for_the_person=(
        "Usted ha iniciado sesión en Heed. Solo la propia persona permite mensajes aquí; registre "
        "su consentimiento en la página del contacto."
    ),
)

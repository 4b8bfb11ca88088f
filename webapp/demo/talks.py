"""What the demo's customers write, and what they are answered.

A talk is its lines: the customer's begin with "> ", ours with "< ".
"""

from __future__ import annotations

TALKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "English": (
        (
            "> Hello, is the Ethiopia roast back in stock?",
            "< Hi! Yes, since this morning. Shall we put a bag aside for you?",
            "> Two please 😊",
        ),
        (
            "> Where is my order? It said Tuesday",
            "< Sorry about that. It is with the courier and arrives tomorrow before noon.",
            "> ok thanks",
        ),
        (
            "> Hi, can I change my tasting to Saturday?",
            "< Of course, Saturday at 11 is free. See you then!",
            "> Perfect 👍",
        ),
        ("> Do you grind for a moka pot?",),
        (
            "> I stopped by the shop yesterday, lovely place",
            "< Thank you, that makes our day!",
        ),
        ("> Is the Business plan billed per month?", "> We are four people"),
        ("> HELP",),
    ),
    "Spanish": (
        (
            "> Hola, ¿a qué hora abren el sábado?",
            "< ¡Hola! El sábado abrimos de 9 a 18 h.",
            "> Perfecto, muchas gracias 😊",
        ),
        (
            "> Buenas, mi pedido llegó con un paquete abierto",
            "< Lo sentimos mucho. Le enviamos otro hoy mismo, sin costo.",
            "> Qué amables, gracias",
        ),
        ("> ¿Tienen descafeinado en grano?",),
        ("> ¿Cuánto cuesta el envío a Mérida?", "< A Mérida son 4 €, gratis desde 30 €."),
    ),
    "Portuguese": (
        (
            "> Oi! O café de Minas ainda está em promoção?",
            "< Oi! Sim, até domingo 🙂",
            "> Então quero dois pacotes",
        ),
        (
            "> Bom dia, preciso da nota fiscal do último pedido",
            "< Bom dia! Acabamos de enviar por e-mail.",
        ),
        ("> Vocês entregam no sábado?",),
    ),
    "German": (
        (
            "> Guten Tag, ist die Espressomischung wieder da?",
            "< Guten Tag! Ja, seit gestern. Sollen wir eine Packung zurücklegen?",
            "> Gern, ich komme morgen vorbei",
        ),
        (
            "> Meine Bestellung ist noch nicht angekommen",
            "< Das tut uns leid. Sie liegt beim Zusteller und kommt morgen.",
        ),
        ("> Kann ich die Verkostung auf Freitag verschieben?",),
    ),
    "French": (
        (
            "> Bonjour, avez-vous du décaféiné en grains ?",
            "< Bonjour ! Oui, le Colombie décaféiné, en 250 g et 1 kg.",
            "> Super, merci beaucoup",
        ),
        (
            "> Ma commande est arrivée, tout est parfait ☕️",
            "< Merci à vous, bonne dégustation !",
        ),
        ("> À quelle heure ferme la boutique de Lyon ?",),
    ),
    "Italian": (
        (
            "> Buongiorno, la miscela per la moka è disponibile?",
            "< Buongiorno! Sì, da oggi. Gliene mettiamo via un pacco?",
            "> Sì, grazie mille",
        ),
        ("> Il corriere non ha trovato il citofono 😅",),
        ("> Fate degustazioni anche a Torino?", "< Sì, ogni primo sabato del mese."),
    ),
    "Hindi": (
        (
            "> नमस्ते, क्या मेरा ऑर्डर आज आएगा?",
            "< नमस्ते! जी हाँ, शाम 6 बजे तक पहुँच जाएगा।",
            "> धन्यवाद 🙏",
        ),
        ("> क्या आपके पास फ़िल्टर कॉफ़ी है?",),
        ("> Namaste, kya COD available hai?", "< Ji haan, 500 rupaye tak."),
    ),
    "Arabic": (
        (
            "> السلام عليكم، هل القهوة الإثيوبية متوفرة؟",
            "< وعليكم السلام، نعم متوفرة من اليوم.",
            "> ممتاز، أريد كيسين من فضلك",
        ),
        ("> متى يصل طلبي؟", "< غدًا قبل الظهر إن شاء الله."),
        ("> هل عندكم قهوة بالهيل؟ 😊",),
    ),
}

# Of the following a load takes those that the matcher reads as they are meant.
STOPS: dict[str, tuple[str, ...]] = {
    "English": (
        "STOP",
        "Stop",
        "stop",
        "Stop please",
        "Unsubscribe",
        "STOP!!",
        "Please stop messaging me",
        "Take me off your list",
    ),
    "Spanish": ("STOP", "Stop", "BAJA", "Baja por favor", "No me envíen más mensajes"),
    "Portuguese": ("STOP", "Parar", "SAIR", "Não quero mais receber mensagens"),
    "German": ("STOP", "Stopp", "Abmelden", "Bitte keine Werbung mehr schicken"),
    "French": ("STOP", "Stop", "ARRET", "Ne m'envoyez plus de messages"),
    "Italian": ("STOP", "Stop", "CANCELLA", "Cancellatemi dalla lista"),
    "Hindi": ("STOP", "Stop", "बंद करो", "मैसेज भेजना बंद करो"),
    "Arabic": ("STOP", "إيقاف", "إلغاء الاشتراك"),
}
STARTS = ("START", "Start", "start")
HELD: dict[str, tuple[str, ...]] = {
    "English": (
        "I'm getting too many messages",
        "Stop sending so many of these, once a month is enough",
    ),
    "Spanish": ("Me llegan demasiados mensajes",),
    "Portuguese": ("Recebo muitas mensagens de vocês",),
    "German": ("Zu viele Nachrichten in letzter Zeit",),
    "French": ("Je reçois trop de messages",),
    "Italian": ("Ricevo troppi messaggi",),
    "Hindi": ("I'm getting too many messages",),
    "Arabic": ("رسائل كثيرة جدا",),
}
UNCLEAR: dict[str, tuple[str, ...]] = {
    "English": ("Can you stop the delivery on Friday? I'm away.",),
    "Spanish": ("Stop a la entrega del viernes, no estoy en casa",),
    "Portuguese": ("Stop na entrega de sexta, não estarei em casa",),
    "German": ("Stop für die Lieferung am Freitag, ich bin nicht da",),
    "French": ("Stop pour la livraison de vendredi, je suis absente",),
    "Italian": ("Stop alla consegna di venerdì, non ci sono",),
    "Hindi": ("stop karo delivery Friday ki",),
    "Arabic": ("stop لتوصيل يوم الجمعة",),
}

# Free text, for people who wrote to us within the last hours.
FOLLOW_UPS: dict[str, str] = {
    "English": "Your bags are packed and wait at the counter. See you soon!",
    "Spanish": "Su pedido ya está preparado y le espera en el mostrador. ¡Hasta pronto!",
    "Portuguese": "Seu pedido já está separado no balcão. Até logo!",
    "German": "Ihre Packung liegt für Sie an der Theke bereit. Bis bald!",
    "French": "Votre paquet vous attend au comptoir. À bientôt !",
    "Italian": "Il suo pacco è pronto al banco. A presto!",
    "Hindi": "आपका पैकेट काउंटर पर तैयार है। जल्द मिलते हैं!",
    "Arabic": "طلبك جاهز على المنضدة. نراك قريبًا!",
}

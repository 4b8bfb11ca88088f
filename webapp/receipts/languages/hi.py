"""Hindi."""

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.languages.texts import Texts
from webapp.receipts.rules import Why

HINDI = Texts(
    code="hi",
    locale="hi",
    channels={
        Channel.EMAIL: "ईमेल",
        Channel.SMS: "SMS",
        Channel.VOICE: "वॉइस कॉल",
        Channel.WHATSAPP: "WhatsApp",
    },
    kinds={
        AddressKind.PHONE: "आपका नंबर",
        AddressKind.EMAIL: "आपका ईमेल पता",
        AddressKind.WHATSAPP_ID: "आपका WhatsApp खाता",
    },
    this_business="इस कंपनी",
    messages_from="{business} की ओर से संदेश",
    stop="{channel} के संदेश बंद करें",
    stop_question="{channel} के संदेश बंद करें?",
    stop_everything="सब कुछ बंद करें",
    about="यह {business} की ओर से आने वाले {channel} के संदेशों के बारे में है। किसके लिए: {address}.",
    stopped_already="ये पहले से ही बंद हैं। आपको और कुछ नहीं करना है।",
    nothing_yet="जब तक आप कोई बटन नहीं दबाते, कुछ नहीं बदलता। साइन इन करने की ज़रूरत नहीं है।",
    stop_promise="आपको {channel} पर अब कोई विज्ञापन संदेश नहीं आएगा। जो संदेश इंतज़ार में हैं, वे रद्द हो जाएँगे।",
    stop_promise_everything=(
        "आपको किसी भी माध्यम से अब कोई विज्ञापन संदेश नहीं आएगा। जो संदेश इंतज़ार में हैं, वे रद्द हो जाएँगे।"
    ),
    all_preferences="अपनी सभी पसंद देखें और बदलें",
    preferences="आपकी पसंद",
    last_change="{channel} पर पिछला बदलाव",
    no_address="यहाँ आपका कोई पता या नंबर मालूम नहीं है",
    held="रुका हुआ है: पहले कोई आपका जवाब पढ़ेगा",
    needs_yes="आपकी हाँ के बिना कुछ नहीं भेजा जाता",
    not_stopped="बंद नहीं",
    stopped="बंद",
    allowed="अनुमति है",
    allow="{channel} के संदेशों की अनुमति दें",
    allow_means=("मुझे यहाँ {business} की ओर से विज्ञापन संदेश चाहिए। इन्हें कभी भी बंद किया जा सकता है।"),
    undo_means=(
        "वह बदलाव मेरा नहीं था, या अब मेरा विचार बदल गया है: मुझे यहाँ {business} की ओर से विज्ञापन संदेश चाहिए। "
        "इन्हें कभी भी बंद किया जा सकता है।"
    ),
    narrow_means=(
        "मेरा मतलब सिर्फ़ उसी एक माध्यम से था: मुझे बाकी माध्यमों पर {business} की ओर से विज्ञापन संदेश चाहिए। "
        "इन्हें कभी भी बंद किया जा सकता है।"
    ),
    reach=(
        "बंद करना आपके उन सभी पतों और नंबरों पर लागू होता है जो {business} के पास हैं। अनुमति सिर्फ़ वहीं के लिए "
        "है जहाँ यह लिंक भेजा गया था ({address}): जिसके पास लिंक है, वह बटन दबा सकता है।"
    ),
    receipt="रसीद",
    what="क्या",
    whom="किसके लिए",
    when="कब",
    through="कैसे",
    also="साथ में",
    cancelled="रद्द किए गए",
    sources={
        Source.MANUAL: "{business} के किसी व्यक्ति के ज़रिए",
        Source.KEYWORD: "आपके जवाब से",
        Source.BUTTON: "आपको भेजे गए संदेश में दबाए गए बटन से",
        Source.LINK: "आपको भेजे गए लिंक से",
        Source.API: "{business} के किसी सिस्टम से",
        Source.IMPORT: "{business} में जोड़ी गई एक सूची से",
        Source.PROVIDER: "आपके {channel} सेवा प्रदाता से, जिसने {business} को बताया",
        Source.REVIEW: "{business} के किसी व्यक्ति के ज़रिए, आपका जवाब पढ़कर",
        Source.CORRECTION: "{business} के किसी व्यक्ति के ज़रिए, एक बदलाव वापस लेकर",
    },
    taken_back="{channel}: एक बदलाव वापस लिया गया",
    changed_nothing="{channel}: इससे कुछ नहीं बदला",
    are_stopped="{channels} के संदेश बंद हैं",
    were_stopped="{channels} के संदेश बंद किए गए थे",
    are_allowed="{channels} के संदेशों की अनुमति है",
    were_allowed="{channels} के संदेशों की अनुमति दी गई थी",
    elsewhere="{channel} आपके दूसरे पते या नंबर पर",
    none_waited="कोई बाकी नहीं था",
    origins={
        Origin.MANUAL: "किसी व्यक्ति के लिखे",
        Origin.SCHEDULED: "तय समय वाले",
        Origin.API: "किसी सिस्टम के",
        Origin.AUTOMATION: "अपने-आप जाने वाले",
        Origin.CAMPAIGN: "किसी अभियान के",
        Origin.CONFIRMATION: "पुष्टि के",
    },
    not_you="क्या यह आपने नहीं किया था?",
    stop_here="इसे यहीं बंद करें। यह हमेशा काम करता है।",
    take_back="वापस लें",
    change_below="इसे नीचे बदलें।",
    narrow="सिर्फ़ {channel} बंद रखें, बाकी की अनुमति दें",
    fixed="आपके दूसरे पते या नंबर पर जो बंद है, वह बंद ही रहेगा: {channels}.",
    whys={
        Why.OTHER_ADDRESS: (
            "यह उस पते या नंबर के बारे में नहीं है जिस पर यह लिंक भेजा गया था। वहाँ भेजे गए लिंक का उपयोग करें; "
            "फ़ोन पर आप वहीं से START लिखकर जवाब भी दे सकते हैं।"
        ),
        Why.PROVIDER: "यह रोक सेवा प्रदाता ने खुद लगा रखी है, इसलिए इसे सिर्फ़ वहीं हटाया जा सकता है।",
        Why.NEWER: "वहाँ इससे नया बदलाव है, इसलिए इसे यहाँ वापस नहीं लिया जा सकता।",
        Why.TOO_SOON: "यह अभी-अभी बंद किया गया है। एक मिनट बाद फिर कोशिश करें।",
        Why.DONE: "संदेशों की अनुमति पहले ही फिर से दी जा चुकी है।",
    },
    at_provider={
        Channel.EMAIL: (
            "आपके ईमेल सेवा प्रदाता ने इसकी सूचना दी थी। फिर से ईमेल पाने के लिए {business} को लिखें।"
        ),
        Channel.SMS: (
            "यह रोक आपके सेवा प्रदाता ने लगा रखी है। जिस नंबर से आपको संदेश आया था, उस पर START लिखकर SMS भेजें।"
        ),
        Channel.VOICE: ("यह रोक आपके सेवा प्रदाता ने लगा रखी है। इसे वहाँ हटवाने के लिए {business} से कहें।"),
        Channel.WHATSAPP: (
            "आपने इसे WhatsApp में बंद किया था, और सिर्फ़ वहीं इसे वापस लिया जा सकता है: चैट खोलें, {business} के "
            "नाम पर टैप करें, और ऑफ़र और घोषणाओं की फिर से अनुमति दें।"
        ),
    },
    reached_elsewhere=(
        "ये संदेश आपके दूसरे पते या नंबर पर आते हैं। अनुमति देने के लिए वहाँ भेजे गए लिंक का उपयोग करें, या वहीं से "
        "START लिखकर जवाब दें।"
    ),
    stopped_now="अभी-अभी बंद किया गया। अनुमति देने के लिए एक मिनट बाद यह पेज फिर से खोलें।",
    stopped_elsewhere=("आपका दूसरा पता या नंबर यहाँ बंद है। अनुमति देने के लिए वहीं से START लिखकर जवाब दें।"),
    still="अब भी क्या आ सकता है",
    still_service=(
        "{channel} पर किसी ऑर्डर, अपॉइंटमेंट या साइन-इन के बारे में संदेश अब भी आ सकते हैं। वे विज्ञापन नहीं हैं।"
    ),
    still_answers="{channel} पर अब अपने-आप कुछ नहीं भेजा जाता। कोई व्यक्ति अब भी आपको जवाब दे सकता है।",
    unknown="यह लिंक अधूरा है",
    unknown_why=(
        "शायद इसका कोई हिस्सा रास्ते में छूट गया। कुछ भी नहीं बदला गया। संदेश में दिए लिंक को एक बार फिर खोलें।"
    ),
    unknown_otherwise=(
        "आप हमेशा दूसरे तरीके से भी बंद कर सकते हैं: हमारे किसी भी संदेश के जवाब में {stop} लिखें। इसके लिए लिंक की "
        "ज़रूरत नहीं है।"
    ),
    choose_channel="कोई माध्यम चुनें।",
    for_the_person=(
        "आपने Heed में साइन इन किया हुआ है। यहाँ संदेशों की अनुमति सिर्फ़ वह व्यक्ति खुद दे सकता है; उसकी सहमति संपर्क के "
        "पेज पर दर्ज करें।"
    ),
)

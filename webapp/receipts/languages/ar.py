"""Arabic."""

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.languages.texts import Texts
from webapp.receipts.rules import Why

ARABIC = Texts(
    code="ar",
    locale="ar",
    channels={
        Channel.EMAIL: "البريد الإلكتروني",
        Channel.SMS: "SMS",
        Channel.VOICE: "المكالمات الصوتية",
        Channel.WHATSAPP: "واتساب",
    },
    kinds={
        AddressKind.PHONE: "رقمك",
        AddressKind.EMAIL: "بريدك الإلكتروني",
        AddressKind.WHATSAPP_ID: "حسابك على واتساب",
    },
    this_business="هذه الشركة",
    messages_from="رسائل من {business}",
    stop="إيقاف الرسائل عبر {channel}",
    stop_question="هل تريد إيقاف الرسائل عبر {channel}؟",
    stop_everything="إيقاف كل شيء",
    about="يتعلق هذا بالرسائل عبر {channel} من {business} إلى {address}.",
    stopped_already="إنها متوقفة بالفعل. لا حاجة إلى فعل أي شيء آخر.",
    nothing_yet="لا يتغير شيء حتى تضغط على زر. لا حاجة إلى تسجيل الدخول.",
    stop_promise="لن تصلك رسائل تسويقية عبر {channel} بعد الآن. وما هو في الانتظار يُلغى.",
    stop_promise_everything="لن تصلك رسائل تسويقية عبر أي قناة بعد الآن. وما هو في الانتظار يُلغى.",
    all_preferences="عرض كل تفضيلاتك وتغييرها",
    preferences="تفضيلاتك",
    last_change="آخر تغيير عبر {channel}",
    no_address="لا نعرف لك عنوانًا أو رقمًا هنا",
    held="قيد الانتظار: سيقرأ أحدهم ردك أولًا",
    needs_yes="لا يُرسل شيء دون موافقتك",
    not_stopped="غير متوقفة",
    stopped="متوقفة",
    allowed="مسموح بها",
    allow="السماح بالرسائل عبر {channel}",
    allow_means="أريد رسائل تسويقية من {business} هنا. ويمكنني إيقافها في أي وقت.",
    undo_means=(
        "لم أفعل ذلك، أو غيّرت رأيي: أريد رسائل تسويقية من {business} هنا. ويمكنني إيقافها في أي وقت."
    ),
    narrow_means=(
        "قصدت تلك القناة وحدها: أريد رسائل تسويقية من {business} عبر القنوات الأخرى. ويمكنني إيقافها "
        "في أي وقت."
    ),
    reach=(
        "يشمل الإيقاف كل عناوينك وأرقامك التي تعرفها {business}. أما السماح فيخص {address} فقط، حيث "
        "أُرسل هذا الرابط: كل من لديه الرابط يستطيع الضغط على الأزرار."
    ),
    receipt="إيصال",
    what="ماذا",
    whom="لمن",
    when="متى",
    through="كيف",
    also="وأيضًا",
    cancelled="ما أُلغي",
    sources={
        Source.MANUAL: "شخص لدى {business}",
        Source.KEYWORD: "ردك",
        Source.BUTTON: "زر ضُغط عليه في رسالة أُرسلت إليك",
        Source.LINK: "رابط أُرسل إليك",
        Source.API: "نظام لدى {business}",
        Source.IMPORT: "قائمة استوردتها {business}",
        Source.PROVIDER: "مزوّد الخدمة لديك ({channel})، وقد أبلغ {business}",
        Source.REVIEW: "شخص لدى {business} قرأ ردك",
        Source.CORRECTION: "شخص لدى {business} تراجع عن تغيير",
    },
    taken_back="{channel}: تم التراجع عن تغيير",
    changed_nothing="{channel}: لم يغيّر هذا شيئًا",
    are_stopped="الرسائل عبر {channels} متوقفة",
    were_stopped="تم إيقاف الرسائل عبر {channels}",
    are_allowed="الرسائل عبر {channels} مسموح بها",
    were_allowed="تم السماح بالرسائل عبر {channels}",
    elsewhere="{channel} على عنوان آخر لك",
    none_waited="لم تكن هناك رسائل في الانتظار",
    origins={
        Origin.MANUAL: "كتبها شخص",
        Origin.SCHEDULED: "مجدولة",
        Origin.API: "من نظام",
        Origin.AUTOMATION: "تلقائية",
        Origin.CAMPAIGN: "من حملة",
        Origin.CONFIRMATION: "رسائل تأكيد",
    },
    not_you="ألم تفعل ذلك بنفسك؟",
    stop_here="أوقفها هنا. هذا ممكن دائمًا.",
    take_back="تراجع",
    change_below="غيّره أدناه.",
    narrow="إبقاء الإيقاف على {channel} فقط والسماح بالباقي",
    fixed="ما هو متوقف على عنوان آخر لك يبقى كذلك: {channels}.",
    whys={
        Why.OTHER_ADDRESS: (
            "يتعلق هذا بعنوان غير الذي أُرسل إليه هذا الرابط. استخدم رابطًا أُرسل إلى ذلك العنوان؛ وعلى "
            "الهاتف يمكنك أيضًا الرد منه بكلمة START."
        ),
        Why.PROVIDER: "مزوّد الخدمة نفسه يحتفظ بهذا الإيقاف، لذلك لا يمكن التراجع عنه إلا لديه.",
        Why.NEWER: "هناك تغيير أحدث، لذلك لا يمكن التراجع عن هذا.",
        Why.TOO_SOON: "تم الإيقاف قبل لحظات. حاول مرة أخرى بعد دقيقة.",
        Why.DONE: "الرسائل مسموح بها من جديد بالفعل.",
    },
    at_provider={
        Channel.EMAIL: (
            "أبلغ مزوّد بريدك عن ذلك. اكتب إلى {business} لتصلك رسائل البريد الإلكتروني من جديد."
        ),
        Channel.SMS: (
            "مزوّد الخدمة لديك يحتفظ بهذا الإيقاف. أرسل START في رسالة SMS إلى الرقم الذي راسلك."
        ),
        Channel.VOICE: (
            "مزوّد الخدمة لديك يحتفظ بهذا الإيقاف. اطلب من {business} التراجع عنه لديه."
        ),
        Channel.WHATSAPP: (
            "أنت أوقفت هذا في واتساب، ولا يمكن التراجع عنه إلا هناك: افتح المحادثة، واضغط على اسم "
            "{business}، واسمح بالعروض والإعلانات من جديد."
        ),
    },
    reached_elsewhere=(
        "تصلك هذه الرسائل على عنوان آخر. للسماح بها استخدم رابطًا أُرسل إلى ذلك العنوان، أو رُدّ منه "
        "بكلمة START."
    ),
    stopped_now="توقفت قبل لحظات. أعد تحميل هذه الصفحة بعد دقيقة للسماح بها.",
    stopped_elsewhere="هناك عنوان آخر لك متوقف هنا. رُدّ منه بكلمة START للسماح بها.",
    still="ما قد يصلك مع ذلك",
    still_service=("عبر {channel} قد تصلك رسائل عن طلب أو موعد أو تسجيل دخول. وهي ليست إعلانات."),
    still_answers="عبر {channel} لا يُرسل أي شيء تلقائيًا بعد الآن. وقد يرد عليك شخص.",
    unknown="هذا الرابط غير مكتمل",
    unknown_why=(
        "ربما فُقد جزء منه في الطريق. لم يتغير شيء. افتح الرابط الموجود في الرسالة مرة أخرى."
    ),
    unknown_otherwise=(
        "يمكنك دائمًا الإيقاف بطريقة أخرى: رُدّ على أي رسالة منا بكلمة {stop}. لا يحتاج ذلك إلى رابط."
    ),
    choose_channel="اختر قناة.",
    for_the_person=(
        "لقد سجّلت الدخول إلى Heed. الشخص نفسه وحده يسمح بالرسائل هنا؛ سجّل موافقته في صفحة جهة الاتصال."
    ),
)

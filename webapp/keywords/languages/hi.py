"""Hindi, in Devanagari and as it is typed in Latin letters."""

from webapp.keywords.languages.pack import Pack

HINDI = Pack(
    code="hi",
    unmistakable="""
        बंद करो, बंद करें, बंद कर दो, बंद कीजिए, बंद करिए, बन्द करो, बन्द करें, बंद कर दीजिए,
        बंद कर दें,
        रोक दो, रोको, रोकें, रोकिए, रोक दें, रोक दीजिए, स्टॉप, स्टाप, स्टॉप करो, स्टॉप करें,
        बंद करे,
        अनसब्सक्राइब, अनसब्सक्राइब करें, अनसब्सक्राइब करो, सदस्यता समाप्त करें, सदस्यता रद्द करें,
        सदस्यता समाप्त, band karo, band kar do, band kardo, band kare, band karen, band karein,
        band kijiye, band kariye, band kro, band krdo, bandh karo, bnd karo, bnd kro, bandh kar do,
        band kar dijiye, band krein, stop karo, stop kro, stop kar do, stop kardo, stop kare,
        stop karen, stop karein, stop kijiye, stop krdo, unsubscribe karo, unsubscribe kar do,
        unsubscribe kare, rok do, roko, sab band karo, बंद करना, बस करो, बस कर, bas karo, bas kro
    """,
    everyday="""
        बंद, बन्द, बस, हटाओ, हटाएं, हटाएँ, हटा दो, हटाइए, हटा दें, हटाये, नहीं चाहिए, मत भेजो,
        मत भेजें,
        मत भेजिए, निकालो, निकाल दो, डिलीट करो, hatao, hata do, hatado, nikalo, nikal do, mat bhejo,
        mat bhejna, mat bhejiye, mat bheje, nahi bhejo, mat bhejo yaar, pareshan mat karo,
        परेशान मत करो, परेशान मत करें, परेशान न करें, तंग मत करो, tang mat karo, disturb mat karo,
        pareshan na kare, mat karo message, न भेजें, ना भेजें, bas kar, bass karo, रोकना
    """,
    doubtful="""
        band, bas, bass, रद्द, रद्द करें, रद्द करो, कैंसिल, कैंसिल करो, cancel karo, cancel kar do,
        cancel kardo,
        cancel kare, radd karo, nahi chahiye, nhi chahiye, nahi chaiye, nai chahiye, nahin chahiye,
        zarurat nahi, jarurat nahi, जरूरत नहीं, ज़रूरत नहीं, रुचि नहीं, इच्छुक नहीं, interest nahi,
        interest nahi hai, not interested hai, block karo, block kar do, ब्लॉक, खत्म करो, समाप्त
    """,
    polite="""
        कृपया, कृपा करके, प्लीज, प्लीज़, धन्यवाद, शुक्रिया, मेहरबानी, मेहरबानी करके, जी, क्षमा करें,
        माफ करना, please, plz, pls, kripya, kripaya, kripa karke, dhanyavad, dhanyawad, shukriya,
        meherbani, meherbani karke, mehrbani, ji, maaf karna, sorry, thanks, bhai please
    """,
    fillers="""
        नमस्ते, नमस्कार, हैलो, हेलो, हाय, अरे, भाई, यार, सर, मैडम, अभी, तुरंत, अब, इसे, ये, यह,
        ये सब, सब, सर जी,
        namaste, namaskar, are, arre, bhai, yaar, yar, bhaiya, sir, madam, abhi, turant, ab, isko,
        ise,
        ye, yeh, ye sab, yeh sab, sab, bro, sir ji, sirji, ok, haan, hello, hi, hello ji, इसको,
        यह सब
    """,
    negations="मत, नहीं, न, mat, nahi, nhi, na, kabhi mat",
    bridges="करो, करें, karo, kare, kijiye, कीजिए, कभी, kabhi, plz, please, यह, ye, इसे, ise",
    doubts="""
        कैसे, कब, अगर, यदि, क्यों, क्या, वह, उसने, kaise, kab, agar, kyu, kyun, kyon, kya, usne,
        woh, से पहले, के बाद, बजे, तक, se pehle, se pahle, ke baad, baje, tak, subah, सुबह,
        mummy, papa, boss, कहाँ, kaha, आज, कल, aaj, kal, raat, रात, abhi busy, busy, अभी
    """,
    common="""
        है, हैं, हो, का, के, की, को, में, से, पर, और, मुझे, मैं, मेरा, मेरी, मेरे, आप, तुम, ये, यह,
        वो, मत, न, ना, नहीं,
        करो, करें, कर, दो, करना, कृपया, कि, भी, ही, अब, कोई, hai, ho, ka, ke, ki, ko, me, mein, se,
        par, aur,
        mujhe, muje, main, mera, meri, mere, aap, tum, ye, yeh, mat, na, nahi, nhi, karo, kro, kar,
        do,
        kare, please, plz, bhi, hi, ab, koi, mai, hume, humko, mujhko, sab, or, kr, is, this, no
    """,
    joins="और, या, aur, ya, or, and",
    lists={
        "me": """
            मुझे, मुझको, हमें, हमको, मेरे को, मेरे नंबर पर, मेरे फोन पर, इस नंबर पर, मेरे पास,
            मेरे नम्बर पर, mujhe, muje,
            mujhko, mujko, hume, humein, humko, mereko, mere ko, mere number pe, mere number par,
            is number pe,
            is number par, iss number pe, mere phone pe, mere pass, mere paas, hame, mujhse,
            mujhey, mjhe
        """,
        "messages": """
            मैसेज, मेसेज, मैसेजेस, संदेश, सन्देश, संदेशों, एसएमएस, मैसेज़, कॉल, काल, फोन, फ़ोन,
            विज्ञापन, प्रचार, ऑफर, ऑफ़र, मेल,
            ईमेल, ई मेल, व्हाट्सएप, व्हाट्सऐप, नोटिफिकेशन, स्पैम, प्रमोशन, ऐड, एड, message,
            messages, msg, msgs, massage,
            massages, mesage, mesages, mssg, sms, text, texts, call, calls, phone, fon, promotion,
            promotions, promo,
            offer, offers, ad, ads, add, adds, advertisement, spam, whatsapp, notification,
            notifications, mail,
            mails, email, emails, marketing, vigyapan, sandesh, advertisements, whatsapp message
        """,
        "det": """
            ये, यह, इस, ऐसे, ऐसा, और, कोई, कोई भी, और कोई, फालतू, फालतू के, बेकार, सारे, सब, अपने,
            आपके, तुम्हारे, प्रमोशनल, रोज,
            रोज रोज, बार बार, इतने, के, का, की, को, भी, दोबारा, फिर से, कभी, अब, आगे से, आज के बाद,
            वाले, ज्यादा, ye, yeh, is, aise,
            aisa, aur, or, koi, koi bhi, faltu, faltu ke, bekar, sare, saare, sab, apne, aapke,
            promotional, roz, roz
            roz, bar bar, baar baar, itne, itna, ke, ka, ki, ko, bhi, dobara, dubara, phir se,
            fir se, kabhi, ab, aage
            se, aaj ke baad, wale, jyada, zyada, whatsapp, sms, par, pe, tum log, aap log, yaar,
            bhai, please, plz, aapka
        """,
        "sending": """
            भेजना, भेजने, करना, आना, देना, bhejna, bhejne, karna, krna, aana, ana, dena,
            send karna, send krna, sending
        """,
        "close": """
            बंद करो, बंद करें, बंद कर दो, बंद कीजिए, बंद करिए, बंद करे, बंद कर दीजिए, बंद कर दें,
            बंद करना, बन्द करो, बन्द करें, बंद हो,
            रोको, रोकें, रोक दो, रोकिए, रोक दें, बंद कराओ, बंद करवाओ, बंद, स्टॉप करो, स्टॉप करें,
            band karo, band kar do,
            band kardo, band kare, band karen, band karein, band kijiye, band kariye, band kro,
            band krdo, band karna,
            bandh karo, bandh kar do, bandh kare, bnd karo, bnd kro, bnd kr do, band kr do,
            band krein, stop karo,
            stop kro, stop kar do, stop kardo, stop kare, stop karen, stop karein, stop kijiye,
            stop krdo, roko, rok do,
            rokiye, band kar dijiye, band karwao, off karo, off kar do, nahi chahiye, nhi chahiye,
            nahin chahiye,
            nahi chaiye, nhi chaiye, nai chahiye, ni chahiye, नहीं चाहिए, नही चाहिए, नहीं चाहिये,
            नही चाहिये
        """,
        "not": "मत, न, ना, नहीं, नही, कभी मत, mat, mt, na, nahi, nhi, nahin, nai, kabhi mat, math",
        "send": """
            भेजो, भेजें, भेजिए, भेजना, भेजे, भेजिये, भेजा करो, भेजा करें, करो, करें, करना, कीजिए,
            करिए, करे, किया करो, करिये, दो, भेज,
            bhejo, bhejna, bhejiye, bheje, bhejen, bhejein, bheja karo, bheja kro, karo, kro,
            karna, krna, kijiye,
            kare, karen, karein, kariye, kiya karo, kiya kro, send karo, send kro, send karna, do,
            bhej, karo yaar,
            bhejo yaar, krein, send kare, send kijiye
        """,
        "number": """
            नंबर, नम्बर, नाम, ईमेल, मोबाइल नंबर, फोन नंबर, number, no, num, naam, email,
            mobile number, phone number,
            contact, nambar, mob no
        """,
        "remove": """
            हटाओ, हटाएं, हटाएँ, हटा दो, हटाइए, हटा दें, हटाये, हटा दीजिए, निकालो, निकाल दो,
            निकालें, निकाल दें, डिलीट करो, डिलीट करें,
            डिलीट कर दो, मिटाओ, मिटा दो, मिटा दें, रिमूव करो, रिमूव करें, hatao, hata do, hatado,
            hataye, hataiye, hata de,
            hata dijiye, hatayein, nikalo, nikal do, nikaal do, nikalen, nikaliye, delete karo,
            delete kar do, delete
            kardo, delete kro, delete kare, delete karen, remove karo, remove kar do, remove kardo,
            remove kro,
            remove kare, remove karen, remove kijiye, delete kijiye, remove karein, delete karein
        """,
        "list": """
            लिस्ट, सूची, डेटाबेस, ग्रुप, सिस्टम, रिकॉर्ड, list, lists, suchi, database, group,
            system, contact list,
            record, records, broadcast
        """,
        "bother": """
            परेशान, तंग, डिस्टर्ब, संपर्क, सम्पर्क, कॉन्टैक्ट, pareshan, preshan, paresan, tang,
            disturb, sampark,
            contact, irritate, dimag kharab, bother
        """,
    },
    requests="""
        {messages} {det}* {sending} {close}
        {messages} {close}
        {messages} {det}* {close}
        {messages} {det}* {not} {send}
        {me} {det}* [{messages}] {not} {send}
        {me} {det}* {messages} {close}
        {me} {det}* {bother} {not} (करो, करें)
        {me} {det}* {bother} {not} {send}
        {bother} {not} {send}
        [आज के बाद|aaj ke baad|dobara|dubara|दोबारा] {messages} {not} {send}
        (मेरा|मेरे|मेरी|अपने|mera|mere|meri|apne|my|yeh|ye|is) {number} [{list}] [को|ko|से|se| \
            yahan se] {remove}
        (मेरा|mera|mere) {number} {det}* {list} (से|se) {remove}
        {me} [इस|अपनी|आपकी|is|apni|aapki] {list} (से|se) {remove}
        {list} (से|se) {remove}
        {me} [yahan se|is se] {remove}
        {me} {det}* {not} भेजो
        (unsubscribe|अनसब्सक्राइब) {send}
        {me} (unsubscribe|अनसब्सक्राइब) ..2
        {me} (अकेला|akela) (छोड़|chhod|chod|छोड़) (दो|do)
        (पीछा|peecha|picha) (छोड़ो|छोड़ दो|chodo|chhodo|chod do)
        {me} {det}* {messages} {not} (चाहिए|चाहिये|chahiye|chaiye)
        {me} (और|aur|or) {not} (चाहिए|चाहिये|chahiye|chaiye)
        stop {sending} {messages}
        (गलत|galat|wrong) (नंबर|number) [है|hai] {not} {send}
    """.replace("(करो, करें)", "(करो|करें)"),
    alone="""
        {not} (भेजो|भेजें|भेजिए|भेजना|bhejo|bhejna|bhejiye|bheje|bhejen)
        {me} {not} (चाहिए|चाहिये|chahiye|chaiye)
        (कोई|koi) {messages} {not}
        {number} {remove}
        (भेजना|bhejna|aana|आना) {close}
        {me} {close}
        (ये|यह|इसे|ye|yeh|ise|isko|ye sab|yeh sab) {close}
        (कॉल|call|message|msg|मैसेज) {not} {send}
    """,
    asides="""
        (कौन|kaun|kon) ..4
        (गलत|galat|wrong) (नंबर|number)
        {me} {not} ..3
    """,
    footers="""
        (बंद करने के लिए|band karne ke liye) ..4 (भेजें|लिखें|reply|bheje|likhe|send)
    """,
    harmless="""
        (दुकान|गाना|टीवी|दरवाजा|लाइट|पंखा|gana|tv|light|fan|darwaza|dukan|ac|gate|phone) (बंद करो| \
            बंद करें|बंद कर दो|band karo|band kar do|band kare|band kro)
    """,
    hints="""
        (नहीं|नही|nahi|nhi|nahin|nai) (चाहिए|चाहिये|chahiye|chaiye) {messages}
        (कैसे|kaise) {close}
        {messages} ..2 (कैसे|kaise) {close}
        (बार बार|bar bar|baar baar|रोज|roz) ..3 (परेशान|pareshan|{messages})
        (मेरा|mera) {number} ..3 (कहाँ|किसने|kaha|kahan|kisne|kaise)
        (क्यों|kyu|kyun|kyon) ..3 (परेशान|pareshan|भेज|bhej|{messages})
        (परेशान|pareshan|tang|तंग) (हो|ho|कर|kar)
        (ब्लॉक|block|शिकायत|complaint|complain|report|रिपोर्ट) (कर|kar|करूंगा|karunga|krunga|कर \
            दूंगा|kar dunga)
        (गलत|galat) (नंबर|number)
        {me} {not} (चाहिए|चाहिये|chahiye|chaiye)
    """,
    curt="""
        [मुझे|मैं|mujhe|main|muje] [कोई|koi] (रुचि|दिलचस्पी|interest|intrest) {not} [है|hai]
        [mujhe|मुझे] (interest|इंटरेस्ट|interested) {not} [hai|है|hu|hoon]
        (जरूरत|ज़रूरत|zarurat|jarurat) {not} [है|hai]
    """,
    wishes="""
        (लेकिन|पर|बस|सिर्फ|lekin|sirf|bas) ..3 (भेजो|bhejo|करो|karo|call|कॉल)
    """,
)

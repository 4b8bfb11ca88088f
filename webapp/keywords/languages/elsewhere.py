"""What people send as a whole reply in languages that have no pack with phrases."""

from webapp.keywords.languages.pack import Pack

ELSEWHERE = (
    Pack(
        code="nl",
        unmistakable="afmelden, uitschrijven, meld me af, schrijf me uit",
        everyday="stop ermee, hou op, verwijderen, verwijder mij, verwijder me",
        doubtful="opzeggen, annuleren, einde",
        requests="""
            (haal|verwijder|schrap|schrijf) (me|mij|mijn nummer) [aub|graag] (van|uit|af) ..2 \
                (lijst|lijsten|bestand|mailinglijst|database|nieuwsbrief)
            (stop|stoppen|hou op|houd op) met (sms|sms en|appen|berichten|mailen|bellen|sturen|spammen)
            (stuur|stuurt|app|sms|mail|bel) (me|mij) (niet meer|nooit meer|geen) [berichten|meer]
            ik wil geen (berichten|sms|reclame|mails|appjes|nieuwsbrief) meer
            (laat me|laat mij) met rust
        """,
    ),
    Pack(
        code="da",
        unmistakable="afmeld, frameld, afmeld mig, frameld mig, framelding, slet mig",
        everyday="fjern mig, ophør",
        doubtful="slut",
        requests="""
            (fjern|slet|afmeld) (mig|mit nummer) fra ..1 (mailinglisten|listen|maillisten|jeres liste| \
                liste|lister|nyhedsbrevet|systemet|databasen)
            (stop|hold op) med at (skrive|sende|sms|kontakte|ringe) ..3
            (send|skriv) (mig|ikke) (ikke flere|flere|ikke mere) [beskeder|sms|mails|til mig]
            lad mig være
        """,
    ),
    Pack(
        code="sv",
        unmistakable="avregistrera, avanmäl, avregistrera mig, avprenumerera",
        everyday="sluta, ta bort mig",
        doubtful="avsluta, avbryt",
        requests="""
            (ta bort|avregistrera|radera|stryk) (mig|mitt nummer) från ..1 (listan|listor|maillistan| \
                utskick|er lista|registret|nyhetsbrevet)
            sluta (skicka|sms a|skriva|ringa|kontakta|messa) ..3
            (skicka|skriv) inte (fler|mer|mera|till mig) ..2
            (lämna|låt) mig (ifred|i fred|vara)
        """,
    ),
    Pack(
        code="no",
        unmistakable="avmeld, meld meg av, avslutt abonnement, avmelding",
        everyday="slutt, fjern meg",
        doubtful="avslutt",
        requests="""
            (fjern|slett|meld) (meg|nummeret mitt) fra ..1 (listen|lista|lister|e postlisten|registeret)
            (slutt|stopp) å (sende|skrive|kontakte|ringe) ..3
            ikke send (meg|flere|mer) ..2
        """,
    ),
    Pack(
        code="fi",
        unmistakable="peruuta tilaus, lopeta viestit",
        everyday="lopeta, poista, poista minut",
        doubtful="peruuta",
    ),
    Pack(
        code="pl",
        unmistakable="""
            wypisz, wypisz mnie, wypisz się, rezygnuję z subskrypcji, proszę mnie wypisać
        """,
        everyday="przestań, przestańcie, usuń, usuńcie mnie, koniec",
        doubtful="anuluj, rezygnuję, rezygnacja",
        requests="""
            (usuń|usuńcie|wypisz|wypiszcie|skreślcie) (mnie|mój numer) z ..2 (listy|bazy|newslettera)
            (przestań|przestańcie|proszę przestać) (pisać|wysyłać|dzwonić|spamować) ..3
            (nie chcę|nie życzę sobie) [więcej|już] [otrzymywać|dostawać] [tych] (wiadomości|smsów| \
                sms|reklam|ofert|maili)
            nie (piszcie|wysyłajcie|dzwońcie) [do mnie|mi] (więcej|już)
        """,
    ),
    Pack(
        code="cs",
        unmistakable="odhlásit, odhlaste mě, odhlásit odběr",
        everyday="přestaňte, konec, dost",
        doubtful="zrušit",
    ),
    Pack(
        code="ro",
        unmistakable="dezabonare, dezabonează mă, dezabonati ma",
        everyday="opriți, oprește, șterge",
        doubtful="anulare",
    ),
    Pack(
        code="hu",
        unmistakable="leiratkozás, leiratkozom",
        everyday="elég, töröljenek, törlés",
    ),
    Pack(
        code="tr",
        unmistakable="""
            durdur, durdurun, abonelikten çık, listeden çıkar, mesaj atmayın, mesaj göndermeyin
        """,
        everyday="dur, yeter, çık, ayrıl, sil, beni çıkarın, beni silin",
        doubtful="iptal, istemiyorum, ret, red",
        requests="""
            (beni|numaramı) [bu|lütfen] (listeden|listenizden|rehberden|sistemden) (çıkarın|çıkar|silin|sil)
            (bana|artık) [bir daha|artık] (mesaj|sms|mail) (atmayın|göndermeyin|yollamayın|atma)
            mesaj almak istemiyorum
        """,
    ),
    Pack(
        code="ru",
        unmistakable="""
            стоп, отписаться, отписка, отпишите, отпишите меня, отпиши меня, отписать,
            не пишите мне, не беспокоить, не беспокойте, не пишите больше, не присылайте,
            хватит писать, не звоните
        """,
        everyday="""
            хватит, прекратите, удалить, удалите, удалите меня, остановить, прекрати, отвалите
        """,
        doubtful="отмена, отменить, конец, отстаньте, не интересует, не надо",
        requests="""
            (удалите|уберите|исключите|отпишите|удали) (меня|мой номер) из ..2 (списка|рассылки|базы| \
                базы данных)
            (прекратите|хватит|перестаньте) (писать|присылать|слать|звонить|рассылать|спамить) ..3
            не (пишите|присылайте|шлите|звоните) мне [больше|никогда] ..2
            не хочу [больше] получать ..3
        """,
    ),
    Pack(
        code="uk",
        unmistakable="""
            відписатися, відписка, відпишіть, відпишіть мене, не турбувати, не пишіть мені
        """,
        everyday="досить, припиніть, видаліть, видаліть мене",
        doubtful="скасувати, відміна, кінець",
    ),
    Pack(
        code="el",
        unmistakable="στοπ, διαγραφή, απεγγραφή, σταματήστε",
        everyday="τέλος, αρκετά",
        doubtful="ακύρωση",
    ),
    Pack(
        code="he",
        unmistakable="""
            הסר, הסירו, הסרה, הסירו אותי, תסירו אותי, הסר אותי, להסיר, להסיר אותי, תסירו,
            אנא הסירו אותי, אנא הסירו אותי מהרשימה, הסירו אותי מהרשימה, תסירו אותי מהרשימה,
            נא להסיר, נא להסיר אותי, נא הסירו אותי, נא להסיר מהרשימה, עצור, עצרו, תפסיקו,
            תפסיקו לשלוח, להפסיק
        """,
        everyday="די, מספיק, מחק, תמחקו אותי, למחוק",
        doubtful="בטל, ביטול, לא מעוניין, לא מעוניינת",
        polite="בבקשה, תודה, תודה רבה, אנא, נא",
        fillers="שלום, היי, הי",
    ),
    Pack(
        code="fa",
        unmistakable="لغو اشتراک, لغو عضویت, توقف پیام, پیام ندهید",
        everyday="بس کنید, حذف",
        doubtful="لغو, پایان",
    ),
    Pack(
        code="ur",
        unmistakable="بند کرو, بند کریں, روکیں, پیغام بند کریں, میسج بند کرو",
        everyday="بند, بس کرو, مت بھیجو",
    ),
    Pack(
        code="bn",
        unmistakable="বন্ধ করুন, বন্ধ কর, থামুন, মেসেজ বন্ধ করুন",
        everyday="বন্ধ, থামাও",
        doubtful="বাতিল",
    ),
    Pack(
        code="ta",
        unmistakable="நிறுத்து, நிறுத்தவும், நிறுத்துங்கள்",
    ),
    Pack(
        code="te",
        unmistakable="ఆపండి, ఆపు, ఆపేయండి",
    ),
    Pack(
        code="mr",
        unmistakable="बंद करा, थांबवा, मेसेज बंद करा",
    ),
    Pack(
        code="zh",
        unmistakable="""
            退订, 退訂, 取消订阅, 取消訂閱, 停止, 全部停止, 停止发送, 停止發送, 停止接收, 取消关注, 不要再发, 不要再发了, 别再发了, 不要再發, 別再發了,
            请停止, 請停止, 拒收, 停止短信, 停止訂閱
        """,
        everyday="停, 停下, 退出, 别发了, 不要发了, 删除我, 移除, 终止",
        doubtful="td, 取消, 结束, 不需要, 不用了",
        polite="请, 請, 谢谢, 謝謝",
    ),
    Pack(
        code="ja",
        unmistakable="""
            配信停止, 停止, 解除, 配信解除, 購読解除, 登録解除, 配信停止希望, 配信停止してください, 停止してください, 送らないでください, 連絡しないでください,
            ストップ, やめてください, もう送らないで
        """,
        everyday="退会, やめて, 中止, 削除, 止めて",
        doubtful="キャンセル, 終了, いらない, 不要, 解約",
        polite="お願いします, ください, ありがとう",
    ),
    Pack(
        code="ko",
        unmistakable="""
            수신거부, 수신 거부, 구독취소, 구독 취소, 중지, 모두중지, 모두 중지, 그만, 구독해지, 그만 보내세요, 보내지 마세요, 문자 보내지 마세요, 스톱,
            스탑, 수신차단
        """,
        everyday="종료, 나가기, 정지, 탈퇴, 차단, 그만해, 그만하세요, 삭제",
        doubtful="취소, 해지, 해제, 관심없음",
        polite="부탁드립니다, 감사합니다, 제발",
    ),
    Pack(
        code="vi",
        unmistakable="""
            hủy đăng ký, dừng lại, dừng tất cả, ngừng gửi, từ chối, ngừng nhắn tin, đừng nhắn tin,
            đừng gửi nữa
        """,
        everyday="dừng, ngừng, thoát, hủy bỏ, xóa, kết thúc",
        doubtful="hủy, huỷ",
        polite="xin, làm ơn, cảm ơn, vui lòng",
    ),
    Pack(
        code="th",
        unmistakable="หยุด, ยกเลิกการสมัคร, เลิกติดตาม, หยุดส่ง, หยุดส่งข้อความ",
        doubtful="ยกเลิก",
    ),
    Pack(
        code="id",
        unmistakable="""
            berhenti, stop sms, berhenti berlangganan, hentikan, jangan kirim lagi,
            jangan sms lagi, jangan ganggu
        """,
        everyday="keluar, hapus, cukup, unreg, unreg sms",
        doubtful="batal, batalkan, tidak tertarik",
        polite="tolong, mohon, terima kasih, makasih",
    ),
    Pack(
        code="tl",
        unmistakable="tigil, itigil, tumigil, huwag na magtext, ihinto, tama na",
        everyday="hinto, alisin, ayoko na",
    ),
    Pack(
        code="sw",
        unmistakable="komesha, achana nami, acha kunitumia",
        everyday="sitisha",
        doubtful="ghairi",
    ),
)

"""German. Folding writes ä, ö, ü and ß as a, o, u and ss; `ae`, `oe`, `ue` are listed beside."""

from webapp.keywords.languages.pack import Pack

GERMAN = Pack(
    code="de",
    unmistakable="""
        stopp, abmelden, abmeldung, austragen, abbestellen, abbestellung, abmelden bitte,
        melde mich ab, melden sie mich ab, meldet mich ab, mich abmelden, mich austragen,
        abgemeldet,
        ich melde mich ab, austragung, bitte austragen, newsletter abbestellen,
        newsletter abmelden, keine sms mehr, keine werbung mehr, keine nachrichten mehr, stop sms,
        hört auf, hören sie auf, hoert auf, hoeren sie auf, werbestopp, stop alle, stopp alles,
        abmelde, abmeldn, aus dem verteiler, ich möchte mich abmelden, stoppen
    """,
    everyday="""
        aufhören, aufhoeren, entfernen, löschen, loeschen, schluss, halt, hör auf, hoer auf,
        schluss damit, es reicht, reicht jetzt, keine werbung, keine nachrichten, keine sms,
        mich löschen, mich entfernen, nummer löschen, bitte löschen, deaktivieren, sperren,
        austreten,
        nie wieder, unterlassen, widerrufen, bitte nicht mehr, abstellen,
        lass es, lasst es, lassen sie das, lassen sie es, lasst das, lass das, schluss jetzt,
        unterlassen sie das, unterlasst das, unterlassen sie dies,
        ich will hier raus, ich will raus, ich möchte raus
    """,
    doubtful="""
        ende, genug, nicht mehr, nichts mehr, raus, beenden, kündigen, kuendigen, kündigung,
        stornieren, storno, widerruf, abbrechen,
        kein interesse, keinen bedarf, kein bedarf, nein danke kein interesse, blockieren,
        blockiert, verpiss dich, verpisst euch, beende, kündige, abo kündigen, will nicht mehr,
        ich will nicht mehr, abo beenden
    """,
    misspelt="""
        abmeldne=abmelden, abmelen=abmelden, abelden=abmelden, abmleden=abmelden,
        nachichten=nachrichten, narichten=nachrichten, nachrichen=nachrichten,
        nachritchen=nachrichten, werbug=werbung, webung=werbung, newletter=newsletter,
        newsleter=newsletter, abestellen=abbestellen, abbestelen=abbestellen,
        kontaktiren=kontaktieren
    """,
    polite="""
        bitte, danke, dankeschön, danke schön, vielen dank, besten dank, herzlichen dank,
        danke im voraus, danke sehr, mfg, lg, vg, mit freundlichen grüßen, freundliche grüße,
        viele grüße, liebe grüße, beste grüße, gruß, sorry, entschuldigung, tut mir leid,
        bitteschön,
        bitte schön, freundlicherweise, höflichst, nein danke, schönen tag noch, merci, bitte bitte
    """,
    fillers="""
        hallo, hi, hey, guten tag, guten morgen, guten abend, moin, servus, grüß gott, ok, okay, ja,
        jetzt, sofort, umgehend, endlich, mal, doch, gut, so, liebes team,
        sehr geehrte damen und herren,
        können sie, könnt ihr, kannst du, ich will, ich möchte, ich will dass, ich möchte dass,
        ich habe gesagt, ich sagte, zum letzten mal, ein für alle mal, verdammt, alter, und,
        letzte warnung, ab sofort, hiermit, unverzüglich, schnellstmöglich, nochmals, ich bitte um,
        bitte um, ich wünsche, wünsche, bitte sofort
    """,
    negations="""
        nicht, nie, niemals, ohne, kein, keine, nicht nötig zu, statt, anstatt, will nicht, bus
    """,
    bridges="""
        mich, sie, euch, dich, mehr, bitte, dass, zu, mir, ich, will, möchte, wollte, soll, sollt,
        sollen, wollen, ihr, du, sofort, wieder, gleich, noch, von, dem, der, den, newsletter
    """,
    doubts="""
        wie, wann, ob, wenn, falls, warum, wieso, kann ich, er, sie hat, meine frau, mein mann,
        meine mutter, mein vater, meine schwester, mein bruder, mein chef, soll ich, muss ich, wo,
        antworten sie, schreiben sie, senden sie, bevor, nachdem, bis, jemand, um, darf ich
    """,
    common="""
        ab, an, auf, aus, bei, bitte, das, dass, dem, den, der, die, du, ein, eine, er, es, euch,
        fur,
        ich, ihr, im, in, ist, ja, kein, keine, man, mein, meine, mich, mir, mit, nicht, noch, so,
        sie,
        uns, und, von, was, wie, wir, zu, mehr, will, nie, sind, auch, jetzt, eure, ihre, nur
    """,
    joins="und, oder, noch",
    lists={
        "messages": """
            nachricht, nachrichten, sms, email, emails, e mail, e mails, mail, mails, werbung,
            werbungen,
            newsletter, werbemails, werbemail, werbe sms, werbesms, werbenachrichten, werbeanrufe,
            spam, angebote, anrufe, anruf, mitteilungen, mitteilung, benachrichtigungen, whatsapp,
            whatsapps, whatsapp nachrichten, texte, post, messages, infos, informationen, promo,
            promos, rundmails, reklame, benachrichtigung, werbepost, kontaktaufnahme, msgs, push,
            promotions, aktionen, zusendungen, müll, scheiß, scheiße, mist, schrott, kram
        """,
        "det": """
            eure, euren, eurer, ihre, ihren, ihrer, die, der, den, diese, diesen, dieser, solche,
            solchen, weiteren, weitere, mehr, so viele, ständig, andauernd, dauernd, irgendwelche,
            diesem,
            dem, das, dieses, jegliche, unerwünschte, unerwünschten, ganzen, mir, uns, mich, deine,
            deinen,
            blöden, blöde, scheiß, nervigen, nervige, von euch, von ihnen, nochmal, noch, bitte,
            per, via, sms, irgendwelchen, keine, eine, einzige, per sms, per mail, alle, aller, art
        """,
        "to_send": """
            zu schicken, zu senden, zu schreiben, zuzuschicken, zuzusenden, zu nerven, anzurufen,
            zu belästigen, zu kontaktieren, zu spammen, zuzuspammen, vollzuspammen, anzuschreiben,
            zu stören,
            mit, zu texten, zuzutexten, zu bombardieren, zu verschicken, zu versenden, zu stalken
        """,
        "stop": """
            hört, hört bitte, hoert, hör, hoer, hören sie, hoeren sie, hör bitte, hören sie bitte,
            hört sofort,
            hören sie sofort, hoert bitte, stoppt, stoppen sie
        """,
        "write": """
            schreibt, schreiben sie, schreib, schreibe, schickt, schicken sie, schick, schicke,
            sendet,
            senden sie, send, sende, kontaktiert, kontaktieren sie, kontaktiere, ruft, rufen sie,
            ruf,
            belästigt, belästigen sie, nervt, nerven sie, stört, stören sie, textet, schreiben,
            schicken, senden, kontaktieren, anrufen, spammt, spammen sie
        """,
        "me": "mir, mich, uns, an mich, bei mir, an diese nummer, auf diese nummer, meine nummer",
        "no_more": """
            nicht mehr, nie wieder, nie mehr, nichts mehr, keinesfalls mehr, nicht wieder,
            nicht weiter,
            niemals wieder, nicht nochmal, nicht länger, kein einziges mal mehr, nicht noch einmal
        """,
        "i_want": """
            ich will, ich möchte, ich moechte, ich wünsche, ich brauche, will, möchte, moechte,
            wünsche, brauche,
            wir wollen, wir möchten, wir wünschen, mag, ich mag, ich wollte, ich hätte gerne, bitte,
            würde gerne, ich würde gerne, ich würde gern, würde gern, hätte gern, wir brauchen
        """,
        "get": """
            bekommen, erhalten, kriegen, haben, empfangen, sehen, hören, hoeren, lesen,
            zugeschickt bekommen
        """,
        "contacted": """
            kontaktiert, angeschrieben, angerufen, belästigt, gestört, zugespammt, genervt,
            behelligt,
            benachrichtigt, informiert
        """,
        "remove": """
            nehmt, nehmen sie, nimm, nehme, löscht, löschen sie, lösche, lösch, loescht,
            loeschen sie, loesche,
            streicht, streichen sie, streich, streiche, entfernt, entfernen sie, entferne, tragt,
            tragen sie, trag, trage, schmeißt, werft, werfen sie
        """,
        "removed": """
            löschen, loeschen, entfernen, austragen, streichen, rausnehmen, herausnehmen, abmelden,
            entfernt, gelöscht, geloescht, gestrichen, abgemeldet, ausgetragen, vergessen,
            deaktivieren
        """,
        "list": """
            liste, listen, verteiler, verteilern, verteilerliste, mailingliste, datenbank, datei,
            kartei,
            system, kontakte, kontakten, kontaktliste, newsletter, newsletterverteiler, adressbuch,
            emailverteiler, emailliste, mailverteiler, gruppe, abo, datenbanken, whatsapp,
            kundenkartei,
            telefonliste, werbeliste, sms liste, nachrichten, sms dienst, verzeichnis, broadcast
        """,
        "number": """
            nummer, telefonnummer, handynummer, rufnummer, mobilnummer, mailadresse, emailadresse,
            e mail adresse, email, adresse, kontakt, handynr, nr, tel nr, kontaktdaten, mail adresse
        """,
        "have": """
            habe, hab, haben, hatte, gibt es, gab es, gibts, bekomme, bekam, kriege, erhalte,
            bekommen, kriegen, erhalten, bekommt, bisher, seit, kommen,
            sehe, finde, ist, sind
        """,
        "from": """
            bitte, gerne, gern, hiermit, sofort, umgehend, jetzt, von, vom, aus, dem, der, den,
            diesem, dieser, ihrem,
            ihrer, eurem, eurer, newsletter, verteiler, liste, sms, whatsapp, service, dienst,
            endlich, hier, wieder,
            nachrichten, für
        """,
        "unsubscribe": """
            abmelden, austragen, abbestellen, abgemeldet werden, ausgetragen werden,
            gelöscht werden,
            entfernt werden, gestrichen werden, austragen lassen, unsubscriben, die abmeldung,
            abmeldung, kündigen sms
        """,
        "consent": """
            einwilligung, zustimmung, einverständnis, erlaubnis, einwilligungserklärung,
            werbeeinwilligung, genehmigung
        """,
    },
    requests="""
        {stop} [bitte|jetzt|sofort|endlich] auf [bitte] ({me}|damit) [{det}] [{messages}] [an] \
            {to_send}
        {stop} [bitte|sofort|endlich] auf (mir|mich|uns|mit) {det}* [{messages}] [{to_send}]
        {stop} [bitte|sofort|endlich] auf [{messages}] {to_send}
        {write} [{me}] [bitte|sofort|ab sofort] [nicht] [{me}] {no_more} [{messages}|an| \
            kontaktieren|schreiben]
        {write} [bitte] {me} [bitte|ab sofort] (nie|niemals|nichts|nicht) (mehr|wieder|weiter)
        {write} [{me}] [bitte|ab sofort|in zukunft|künftig] (keine|keinen|kein|keinerlei) {det}* \
            {messages}
        {write} {me} [bitte] (nix|nichts) [mehr]
        (mir|mich|uns) [bitte|ab sofort] {no_more} (schreiben|schicken|senden|kontaktieren| \
            anrufen|belästigen|anschreiben|stören|texten|zusenden|zuschicken|nerven)
        (mir|mich|uns) [bitte|ab sofort] (keine|keinen|kein|keinerlei) {det}* {messages} [mehr] \
            (schicken|senden|zusenden|zuschicken|schreiben|zukommen)
        (bitte|ab sofort) {no_more} (kontaktieren|anrufen|anschreiben|schreiben|schicken|senden| \
            stören|belästigen|nerven|zusenden)
        -{have} (keine|keinen|keinerlei|kein) {det}* {messages} (mehr|erwünscht|gewünscht| \
            zusenden|schicken|senden|zuschicken)
        {i_want} [bitte|von euch|von ihnen|ab sofort|in zukunft|künftig|auch|wirklich|persönlich] \
            (keine|keinen|kein|keinerlei) {det}* {messages} [mehr]
        {i_want} [bitte|das|diese|die|euch|sie|eure|ihre|von euch|von ihnen] {det}* [{messages}] \
            {no_more} [mehr|von|so|weiter] ..2 ({get}|{contacted})
        {i_want} [von euch|von ihnen|das] (nichts|nix) (mehr|von) [von] [euch|ihnen|dir] [mehr] \
            [{get}]
        {i_want} nicht [mehr|länger|weiter|ständig|dauernd] [von euch|von ihnen|per sms|per mail| \
            per whatsapp] {contacted}
        {i_want} nicht dass (ihr|sie|du|man) (mir|mich|uns) ..3
        {i_want} {no_more} {contacted} werden
        (keine|kein|keinerlei) weitere {det}* {messages}
        (kein|keinen) (kontakt|weiteren kontakt) mehr
        {remove} (mich|uns) [bitte|sofort|umgehend] (aus|von|vom|raus) ..3 {list}
        {remove} (mich|uns) [bitte|sofort] [da|hier] (ab|raus|aus|von der liste)
        {remove} [bitte|sofort] (meine|diese|die) {number}
        (meine|diese) {number} [bitte|sofort|umgehend] [aus] ..3 {removed}
        (mich|uns) [bitte|sofort|umgehend] (aus|von|vom) ..3 {list} [bitte] {removed}
        (mich|uns) [bitte|sofort|umgehend|hiermit] {removed}
        (bitte|möchte|will|wünsche|hiermit|sofort) [mich|um|die] {unsubscribe}
        {i_want} mich {from}* {unsubscribe}
        {i_want} [bitte] (aus|von|vom) ..3 {list} [raus|{removed}] [werden]
        {i_want} den ..2 (abbestellen|abmelden)
        (newsletter|sms dienst|nachrichten|sms|werbung|whatsapp newsletter) [bitte] (abbestellen| \
            abmelden|kündigen|stoppen|beenden|einstellen|abbestelle|deaktivieren|unterlassen)
        ich bestelle ..3 (newsletter|werbung|nachrichten) ab
        (bestelle|bestelle hiermit) ..3 newsletter
        (melde|melden sie|meldet|meldest) (mich|uns) {from}* ab
        (lasst|lass|lassen sie) mich [bitte|endlich|doch|einfach] in (ruhe|frieden)
        (ich|hiermit) (widerrufe|widerspreche) ..4 ({consent}|werbung|nutzung|verwendung| \
            kontaktaufnahme|zusendung|datennutzung)
        (widerruf|widerspruch|rücknahme) [meiner|der|gegen] [die|weitere|jegliche] ({consent}| \
            werbung|nutzung|datennutzung)
        (ich|hiermit) (entziehe|ziehe) ..3 {consent}
        (ihr habt|sie haben) (keine|nicht|meine) ..2 {consent}
        (löschung|entfernung|austragung) (meiner|dieser|meines|der) {number}
        (stellt|stellen sie|stell) [bitte|sofort] {det}* ({messages}|versand|zusendung| \
            zusendungen) [bitte|sofort|umgehend] ein
        (unterlassen sie|unterlasst|unterlasse|verzichten sie auf|verzichtet auf) [bitte|es] \
            [zukünftig|künftig|mir|die|das|weitere|jegliche] {det}* ({messages}|zusendung|kontakt| \
            {to_send})
        (stoppt|stoppen sie|stopp|stop|beendet|beenden sie) [bitte] (die|diese|eure|ihre|den|das| \
            alle) {det}* {messages}
        (stop|stopp) {messages}
        ich habe [euch|ihnen] [doch|bereits|schon|mehrfach] gesagt ..3 (aufhören|stop|stopp|keine| \
            nicht)
        (schluss|genug) [jetzt|endlich] (mit|von) {det}* {messages}
        falsche (nummer|person) [bitte] ({removed}|{remove}) [sie|mich|das|diese|die] [nummer]
        (spart|sparen sie) (euch|sich) {det}* {messages}
    """,
    alone="""
        {stop} [bitte|jetzt|sofort|endlich] auf [damit|bitte|jetzt|mit dem scheiß|mit dem mist| \
            mit dem quatsch|mir zu schreiben]
        (keine|keinen|kein|keinerlei|nie wieder|bitte keine) {det}* {messages} [mehr|erwünscht]
        {write} {me} [bitte] (nicht|nie|niemals) [an]
        (nicht|nie) [mehr|wieder] (anrufen|kontaktieren|schreiben|anschreiben|stören|belästigen| \
            texten|schicken|senden)
        {remove} (mich|uns) [bitte|sofort|umgehend|raus]
        {remove} {number}
        {number} {removed}
        (aus|von|vom) [der|dem|eurer|eurem|ihrer|ihrem] {list} [bitte] ({removed}|raus)
        (mich|uns) [bitte] {removed} [bitte|lassen]
        {unsubscribe} [vom|von der|von|aus der|aus dem|des|den] [{list}]
        {list} {unsubscribe}
        {i_want} [das|die|diese] (nicht mehr|nichts mehr|nix mehr|keine mehr)
        {i_want} (raus|aufhören|aussteigen)
        {i_want} keine mehr
        (kein interesse|nicht interessiert|kein bedarf|keinen bedarf) [mehr] [bitte|an] (abmelden| \
            löschen|austragen|stop|stopp|aufhören|keine nachrichten mehr|entfernen|keine werbung \
            mehr)
        (falsche nummer|falsche person) (löschen|entfernen|austragen|abmelden)
        lasst mich [bitte]
        kein kontakt [mehr|erwünscht]
        (das|es) (reicht|langt) [jetzt|endlich]
    """,
    asides="""
        (nein|nee) [..1]
        falsche (nummer|person)
        wer (sind sie|bist du|seid ihr|ist das|ist da|schreibt) ..2
        (falsche|falscher) (nummer|person|kontakt)
        sie haben ..2 (falsche|falschen|verwählt) [..2]
        ich (kenne|kenn) (sie|euch|dich) nicht
        ihr nervt ..3
        das (nervt|ist belästigung|ist spam) ..2
        (kein|keinerlei) interesse ..3
        (danke|vielen dank) ..3
        ich habe ..6
        ich bin ..4
    """,
    footers="""
        (antworten sie|antworte|sende|senden sie|schreib|schreiben sie|antwort) [mit] (stop|stopp| \
            abmelden)
        zum (abmelden|abbestellen|beenden|stoppen) ..4 (antworten|antworte|sende|senden|klick| \
            klicken|http|https|www|stop)
        um ..4 (abzumelden|abzubestellen|zu beenden) ..4 (antworten|antworte|sende|senden|klicken| \
            klick|stop|stopp)
    """,
    harmless="""
        (nicht|nie|kann nicht|ohne) (stop|stopp|stoppen)
        (non|zwischen|tank|bus|kurzer|kurzen|nächster|letzter|ein|einen) (stop|stopp)
        stopp (schild|uhr|tag)
    """,
    hints="""
        wie ..4 ({unsubscribe}|melde ich mich|bestelle ich|ich das stoppen|abmeldung)
        wo ..4 (abmelden|abbestellen|austragen)
        (nie|nicht|niemals|nirgends|nirgendwo) [bei euch|bei ihnen|dafür|hier|für] (angemeldet| \
            registriert|abonniert|eingewilligt|zugestimmt|eingetragen|bestellt)
        (woher|wieso|warum) (haben|habt|hast) (sie|ihr|du) [denn|eigentlich] meine ..2
        (wer|woher) hat ihnen meine ..2
        (genug|satt|nervig|nerven|nervt) ..3 {messages}
        {messages} (nerven|nervt|stören|stört)
        (zu viele|so viele|zu viel) {messages}
        (ich|ich werde|werde) [sie|euch|die nummer|diese nummer] (blockiere|blockieren|melde| \
            melden|anzeige|anzeigen|blockiert) (sie|euch|die nummer|diese nummer|als spam)
        (das|dies) ist (spam|belästigung|unerwünschte werbung|stalking)
        (warum|wieso|weshalb) ..2 (bekomme ich|kriege ich|erhalte ich|schreibt ihr|schreiben sie| \
            schickt ihr|schicken sie|bekomm ich)
        {i_want} (das|die|diese|es) {no_more}
        {i_want} [von euch|von ihnen] (nichts|nix) [mehr]
        {write} {me} [bitte] nicht
        (abo|abonnement|mitgliedschaft|mein abo|das abo) [bitte] (kündigen|beenden|stornieren)
        (kündige|kündigen) [hiermit] (mein|das|meine) (abo|abonnement|mitgliedschaft)
        (meine|alle meine) (daten|kundendaten|personenbezogenen daten) ..2 (löschen|gelöscht| \
            entfernen)
        {remove} ..2 (meine|alle) (daten|angaben)
        {remove} mich
        falsche nummer
        dsgvo
        {no_more} {contacted}
    """,
    curt="""
        [ich habe|habe|nein|wir haben|danke|leider|sorry|absolut|bin|ich bin] (kein interesse| \
            nicht interessiert|keinerlei interesse|kein interesse mehr|keinen bedarf) [..3]
        [sie haben die|sie haben|das ist die|ist|hier ist die] (falsche nummer|verwählt|falsche \
            person) [..2]
        (verpiss|verpisst|verzieh|fick|schert|haut|hau|halt|haltet) (dich|euch|ab|die fresse) [..2]
        leck mich [..2]
        [das ist|ist|nur] (spam|betrug|belästigung) [..1]
        (blockiert|gemeldet)
        (geht|geh|gehen sie) (weg|sterben|mir auf die nerven|zum teufel)
        ihr nervt [..3]
    """,
    limits="""
        (ins|nachts|abends|sonntags|am wochenende|am sonntag|so spät|so früh|bis|während|wenn| \
            nach|vor|heute|morgen|für heute|auf englisch|auf deutsch|über meine|zu meiner|wegen \
            meiner|jeden tag|täglich|so oft|doppelt|doppelte|falsche|solange|außer|um diese \
            uhrzeit|(vom|von der|von dem|zum|beim|für den|für das) ..1 (kurs|yoga|yogakurs|fitnessstudio| \
            training|verein|seminar|schule|unterricht|termin|vertrag|kita))
    """,
    wishes="""
        (sondern|aber|nur|stattdessen|lieber) [bitte|mir|noch] (rufen|ruft|schreiben|schickt| \
            schicken|senden|sendet|per|mail|anrufen|die|den|das|mir)
        (rufen sie|ruft|schreiben sie|schreibt) mich (stattdessen|lieber|per mail)
    """,
)

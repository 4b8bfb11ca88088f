"""Italian. Folding takes the apostrophes away: "l'invio" is written `linvio` here."""

from webapp.keywords.languages.pack import Pack

ITALIAN = Pack(
    code="it",
    unmistakable="""
        disiscrivi, disiscrivimi, disiscrivermi, disiscrizione, disiscrivetemi, disiscrivere,
        disiscrivi me, disiscriviti, cancellami, cancellatemi, cancellarmi, annulla iscrizione,
        smettetela, basta messaggi, basta sms, basta pubblicità, stop sms,
        cancella iscrizione, cancellazione iscrizione, annullare iscrizione, cancellare iscrizione,
        voglio disiscrivermi, desidero disiscrivermi, disabbonarmi, disattiva sms,
        cancellatemi tutto,
        fermatevi, annulla l'iscrizione, stop messaggi, la smetta, la smettete, smettetela subito,
        disdici iscrizione, mi disiscrivo
    """,
    everyday="""
        basta, smettila, ferma, fermare, fermati, fermate, cancella, cancellare, cancellazione,
        esci, uscire,
        rimuovi, rimuovere, elimina, eliminare, rimuovimi, rimuovetemi, eliminami, eliminatemi,
        toglietemi, toglimi, smetti, smettere, interrompi, interrompere, disattiva, disattivare,
        basta così, ora basta, adesso basta, alt, togliere, smettete, smetta, piantala, piantatela,
        finitela, finiscila, basta grazie, non più, mai più, revoca, revocare, sospendere, sospendi,
        non disturbare, rimozione, niente più messaggi, revoca consenso, lasciatemi perdere,
        lasciami perdere
    """,
    doubtful="""
        annulla, annullare, annullamento, termina, terminare, disdire, disdetta, chiudi, non voglio,
        non voglio più, non mi interessa, non interessato, non interessata, non interessa, bloccare,
        bloccato, non sono interessato, non sono interessata, disdici, finito, fine messaggi,
        lasciatemi, lasciami, recesso, no grazie non mi interessa, cancella abbonamento
    """,
    misspelt="""
        mesaggi=messaggi, messagi=messaggi, mesagi=messaggi, messagio=messaggio, mesaggio=messaggio,
        publicita=pubblicita, pubbicita=pubblicita, disinscrivimi=disiscrivimi,
        disinscrivermi=disiscrivermi, disiscriveteni=disiscrivetemi, disinscrivetemi=disiscrivetemi,
        disinscrivi=disiscrivi, disinscrizione=disiscrizione, desiscrivimi=disiscrivimi,
        cancelatemi=cancellatemi, cancelami=cancellami
    """,
    polite="""
        per favore, perfavore, per piacere, per cortesia, cortesemente, gentilmente, grazie,
        grazie mille, grazie tante, molte grazie, grazie in anticipo, vi ringrazio, la ringrazio,
        vi prego, ti prego, la prego, scusi, scusate, mi dispiace, saluti, cordiali saluti,
        distinti saluti, buona giornata, buona serata, no grazie, cortesia, prego, pf, xfavore,
        se possibile, signori, gentili signori, per carità
    """,
    fillers="""
        ciao, salve, buongiorno, buonasera, buon giorno, ehi, ok, va bene, sì, ora, adesso, subito,
        immediatamente, allora, dai, ragazzi, voglio, vorrei, desidero, chiedo di, vi chiedo di,
        potete, può, puoi, potreste, potrebbe, dovete, vi ho detto, ho detto, ho detto di,
        vi ho chiesto di, per l'ultima volta, una volta per tutte, e, cazzo, porca miseria,
        definitivamente, vogliate, chiedo la, richiedo la, richiedo
    """,
    negations="""
        non, mai, senza, né, neanche, nemmeno, non serve, invece di, anziché, nn
    """,
    bridges="""
        voglio, vuole, vogliamo, mi, ti, vi, ci, lo, che, di, a, devo, posso, può, potete, puoi,
        ho, detto,
        chiesto, dovete, deve, vorrei, desidero, più, ancora, intendo, sto, per, essere
    """,
    doubts="""
        come, quando, se, perché, posso, lui, lei, loro, mia moglie, mio marito, mia madre,
        mio padre,
        mia sorella, mio fratello, il mio capo, devo, dove, rispondi, rispondete, inviate, invia,
        scrivi,
        prima di, dopo, finché, qualcuno
    """,
    common="""
        a, ai, al, alla, che, ci, con, da, dal, dalla, dei, del, della, delle, di, e, gli, i, il,
        in, io, la,
        le, lo, ma, me, mi, mio, nel, non, o, per, piu, se, si, su, sul, tu, un, una, vi, voi,
        vostra,
        vostri, vostro, tuo, questo, questi, ho, sono, voglio, favore, come
    """,
    joins="e, o, ne, ed",
    lists={
        "stop": """
            smettetela, smettila, smettete, smetti, smetta, la smetta, la smettete, smetterla,
            piantatela,
            piantala, la pianti, finitela, finiscila, finite, basta, evitate, evita, eviti,
            finirla, cessate,
            cessi, cessare, fermate, interrompete, interrompere, interrompa, sospendete,
            sospendere, stop,
            smettere, smetterla, bloccate, bloccare, fermare, non continuate, vogliate smettere
        """,
        "to_me": """
            mandarmi, inviarmi, mandarci, inviarci, spedirmi, farmi avere, propinarmi, mandare,
            inviare,
            l'invio, invio, l'invio di, invio di, gli invii, mandarmi i, ricevere, spedire, invii,
            con,
            con l'invio, con l'invio di, con i, con le, con la, con gli, coi, coi, i, gli, le, la,
            questi,
            queste, questa, i vostri, le vostre, la vostra, questi continui, tutti i, ogni
        """,
        "bother_me": """
            scrivermi, chiamarmi, contattarmi, disturbarmi, importunarmi, tormentarmi, molestarmi,
            messaggiarmi, telefonarmi, spammarmi, assillarmi, stressarmi, infastidirmi, scriverci,
            chiamarci,
            contattarci, disturbare, rompere, rompermi, spammare, chiamare, scrivere, contattare,
            tartassarmi,
            rompere le scatole, rompere le palle, rompermi le scatole, telefonare, bombardarmi,
            insistere,
            mandarmi messaggi, mandare messaggi, inviare messaggi, inviarmi messaggi, cercarmi,
            stalkerarmi
        """,
        "send": """
            mandatemi, mandate, mandarmi, mandare, mandi, mandateci, inviatemi, inviate, inviarmi,
            inviare, invii,
            mi mandate, mi inviate, mi mandi, mi invii, mi mandare, mi inviare, mandarci,
            inviateci, spedite,
            speditemi, spedirmi, ci mandate, ci inviate, mi inviino, mi mandino, mandarmene
        """,
        "bother": """
            scrivetemi, scrivermi, scrivere, mi scrivete, mi scriva, mi scrivere, contattatemi,
            contattarmi,
            contattate, mi contattate, mi contatti, contattare, chiamatemi, chiamarmi, chiamate,
            mi chiamate,
            mi chiami, chiamare, disturbatemi, disturbarmi, disturbate, mi disturbate, disturbare,
            telefonatemi, telefonate, telefonarmi, mi telefonate, mi contattare, mi chiamare,
            messaggiatemi,
            importunatemi, cercatemi, mi cercate, scriveteci, contattateci, chiamateci, scrivete,
            mi disturbi,
            mi scrivere, rompete, rompere, mi rompete, stressatemi, mi importuni
        """,
        "messages": """
            messaggio, messaggi, messaggini, sms, mail, email, emails, e mail, pubblicità,
            promozione, promozioni,
            promo, offerta, offerte, spam, notifica, notifiche, newsletter, comunicazione,
            comunicazioni, whatsapp,
            chiamata, chiamate, telefonate, telefonata, testi, testo, annunci, marketing,
            comunicazioni commerciali,
            messaggi promozionali, messaggi pubblicitari, sms pubblicitari, avvisi, posta, cazzate,
            schifezze, stronzate, merda, contenuti, informazioni commerciali, reclame, msg,
            spazzatura
        """,
        "these": """
            niente, nulla, più niente, più nulla, questa roba, queste cose, altro, roba,
            cose, nient'altro
        """,
        "det": """
            più, vostri, vostre, vostra, vostro, tuoi, tue, questi, queste, questo, questa, altri,
            altre, altro, i, le, gli,
            la, il, lo, di, dei, delle, della, del, tanti, tante, troppi, troppe, continui,
            continue, con, con i, con le, alcun,
            alcuna, nessun, nessuna, tutti, tutte, tutta, tutti i, tutte le, da, un, una, uno,
            ulteriori, sti, ste, sta, ogni,
            inutili, stupidi, stupide, maledetti, maledette, fastidiosi, fastidiose, né, tipo, cazzo
        """,
        "remove": """
            toglietemi, toglimi, mi tolga, toglieteci, rimuovetemi, rimuovimi, mi rimuova,
            rimuoveteci, cancellatemi,
            cancellami, mi cancelli, cancellateci, eliminatemi, eliminami, mi elimini, levatemi,
            levami, depennatemi,
            togliermi, rimuovermi, cancellarmi, eliminarmi, disiscrivetemi, disiscrivimi,
            escludetemi, escludimi,
            mi tolgano, mi togliete, mi cancellate, mi rimuovete, mi eliminate, levarmi,
            essere rimosso,
            essere rimossa, essere cancellato, essere cancellata, essere eliminato, essere tolto,
            essere tolta
        """,
        "erase": """
            cancellate, cancella, cancelli, cancellare, rimuovete, rimuovi, rimuova, rimuovere,
            eliminate, elimina,
            elimini, eliminare, togliete, togli, tolga, togliere, levate, dimenticate,
            dimenticatevi, perdete, scordate,
            scordatevi, dimentica, depennate
        """,
        "number": """
            numero, numero di telefono, contatto, nome, nominativo, cellulare, telefono, email,
            mail, indirizzo,
            indirizzo email, indirizzo mail, numero di cellulare, recapito, contatti, num, e mail
        """,
        "list": """
            lista, liste, elenco, elenchi, database, mailing list, mailing, rubrica, contatti,
            newsletter, lista contatti,
            lista di distribuzione, sistema, gruppo, archivio, archivi, registro, broadcast,
            dallelenco, messaggi, sms, qui,
            qua, servizio, banca dati, lista broadcast, vostri contatti, whatsapp, iscritti,
            promozioni
        """,
        "unsubscribe": """
            disiscrivermi, cancellarmi, disiscrivere, annullare l'iscrizione,
            annullare liscrizione, la cancellazione,
            la disiscrizione, disiscrizione, annullare la mia iscrizione,
            cancellare la mia iscrizione, disabbonarmi,
            cancellare iscrizione, annullare iscrizione, essere cancellato, essere cancellata,
            essere rimosso,
            essere rimossa, togliermi dalla lista, uscire dalla lista, cancellare l'iscrizione,
            disiscrivetemi,
            essere disiscritto, essere disiscritta, unsubscribe
        """,
        "dont_want": """
            non voglio, non voglio più, non desidero, non desidero più, non vorrei, non vorrei più,
            non intendo,
            non intendo più, non mi interessa, non mi interessa più, non sono interessato a,
            non sono interessata a,
            non ho bisogno di, non gradisco, non gradisco più, non vogliamo, non vogliamo più,
            non ho mai chiesto,
            non ho chiesto, non ho richiesto, preferirei non, non sono più interessato a,
            non accetto, non autorizzo,
            non sono più interessata a, non mi interessano, non ho mai richiesto,
            non ho intenzione di, nn voglio
        """,
        "receiving": """
            ricevere, ricevere più, più ricevere, continuare a ricevere, vedere, avere, leggere,
            sentire, riceverne,
            ricevere altri, ricevere altre, ricevere ulteriori
        """,
        "again": """
            più, mai più, piu, più nulla, più niente, di nuovo, mai, ancora, un'altra volta,
            ulteriormente
        """,
    },
    requests="""
        {stop} [subito|di] [di] {to_me} {det}* {messages}
        {stop} [subito] [di] (mandarmi|inviarmi|mandarci|inviarci|mandare|inviare) {these}
        {stop} [subito] [di|a] {bother_me} [{these}]
        basta {det}* {messages}
        non {send} [mai] (più|mai più|niente|nulla|altri|altro|altre|nessun) {det}* [{messages}| \
            {these}]
        non {send} [{det}] {messages}
        non {bother} {again}
        non mi [si] (mandate|inviate|scrivete|contattate|chiamate|disturbate|telefonate) {again}
        (mai più|mai) ({bother}|{send}) [{messages}]
        {dont_want} [{receiving}] {det}* {messages}
        {dont_want} {receiving} (più|niente|nulla|altro|queste|questi|questa|da voi|vostre|vostri)
        {dont_want} [più] (essere) (contattato|contattata|disturbato|disturbata|chiamato|chiamata| \
            importunato|importunata|inserito|iscritto|iscritta)
        {dont_want} (avere a che fare|sapere niente|sapere più niente|saperne|sentirvi|avere \
            contatti)
        {dont_want} che (mi|ci) ..2 (scriviate|mandiate|inviate|contattiate|chiamiate|contatti| \
            scriva|chiami|mandi|disturbiate)
        (niente|nessun|nessuna|nessun altro|nessun'altra|no a) (più|altri|altro|altre) {det}* \
            {messages}
        (niente più|nessun altro|nessuna altra|non più|mai più) {det}* {messages}
        {remove} [subito|immediatamente|grazie] (da|dal|dalla|dalle|dai|dallelenco|dall|dalla \
            vostra|dalle vostre|dai vostri|di) ..3 {list}
        {remove} [subito] (dallelenco|da qui|da questa|dall elenco|dall archivio|dallarchivio)
        uscire (da|dal|dalla|dallelenco) ..2 (lista|mailing list|newsletter|gruppo|elenco)
        {erase} [subito] [il|questo|la|i] [mio|mia|nostro|miei|questo] {number} [da|dal|dalla|dai| \
            subito]
        (voglio|vorrei|desidero|chiedo|chiedo di|richiedo|potete|può|puoi|potreste|vi chiedo di| \
            come faccio a|intendo|vi prego di|si prega di|prego di|pregasi|devo|dovete) \
            {unsubscribe}
        (voglio|vorrei|desidero|chiedo di) (uscire|essere tolto|essere tolta|togliermi|levarmi) \
            (da|dal|dalla|dalle|dai) ..3 {list}
        (disiscrivetemi|disiscrivimi|disiscriva|cancellatemi|cancellami) (da|dal|dalla|dalle|dai| \
            subito|immediatamente|grazie|per favore)
        (lasciatemi|lasciami|mi lasci|lasciateci|mi lasciate|lasciate mi) [un po] (in pace|stare| \
            tranquillo|tranquilla)
        (cancellare|cancella|cancellate|annullare|annulla|annullate|disattivare|disattiva| \
            disattivate|bloccare|blocca|bloccate|interrompere|interrompete|sospendere|sospendete| \
            fermate|fermare) {det}* (messaggi|notifiche|sms|newsletter|iscrizione|liscrizione| \
            comunicazioni|invio|linvio|mail|email|promozioni|pubblicità|chiamate|invii|messaggio)
        (cancellazione|rimozione|eliminazione) (del|della|dalla|dal) [mio|vostra|vostro|mia| \
            lista] ({number}|{list})
        (revoco|ritiro|nego|annullo) [il] [mio] consenso
        non (do|autorizzo|acconsento|presto) ..3 (consenso|autorizzazione|ricevere|messaggi|invio| \
            trattamento)
        (mi oppongo|opposizione) (al|alla|allinvio|all|a) ..3
        (vi ho|ho|ti ho|le ho) [già] (detto|chiesto) [di] [più volte] (smettere|smetterla|non| \
            basta|fermarvi|disiscrivermi|cancellarmi|togliermi) ..2
        non rompete ..3
    """,
    alone="""
        {stop} [subito] [di] (mandarmi|inviarmi|{bother_me}) [subito|adesso]
        {stop} (subito|adesso|ora|con questa roba|con queste cose|così|tutto|immediatamente)
        non {bother} [{again}]
        non {send} [{these}]
        (niente|no|nessun|nessuna|stop|zero|basta) {det}* {messages}
        {remove} [subito|immediatamente|adesso]
        {erase} {number}
        {unsubscribe} [subito|dal servizio|dalla lista]
        {dont_want} {receiving} [niente|nulla]
        {dont_want} (niente|nulla|questa roba|altro)
        (non mi interessa|non sono interessato|non sono interessata|non interessato|non \
            interessata) [basta|cancellatemi|toglietemi|smettetela|disiscrivetemi|rimuovetemi| \
            eliminatemi|cancellami|toglimi]
        mai più
        non (disturbate|disturbare|contattare|chiamare|scrivere|rompere)
        vostre (mail|email|comunicazioni|promozioni) basta
        (fuori|via) dalla lista
        (uscire|esci) dalla lista
    """,
    asides="""
        (no|non) [..1]
        chi (siete|sei|è|parla|scrive) ..2
        (numero|persona) (sbagliato|sbagliata|errato)
        avete sbagliato ..2
        non (vi|ti|la) conosco ..2
        (è|siete|che) (fastidioso|fastidiosi|molesti|insopportabili|seccatura|una molestia|palle| \
            noia)
        non (mi|ci) (interessa|interessano) ..3
        non sono interessat ..3
        grazie ..3
        non ho ..6
        non sono ..4
    """,
    footers="""
        (rispondi|rispondete|invia|inviate|scrivi|digita|risponda) [con|la parola] (stop|basta| \
            cancella|disiscrivi|no)
        per (disiscriverti|disiscriversi|cancellarti|cancellarsi|non ricevere|annullare| \
            interrompere|disattivare) ..4 (rispondi|rispondete|invia|scrivi|clicca|http|https|www| \
            chiama)
    """,
    harmless="""
        (non|senza|auto|uno|lo|prossimo|primo|ultimo) (stop)
    """,
    hints="""
        (come|dove) ..3 ({unsubscribe}|non ricevere|smettere di ricevere|mi disiscrivo|mi \
            cancello|togliermi|fermare|bloccare)
        non (mi sono|ho) mai (iscritto|iscritta|registrato|registrata|dato|chiesto|autorizzato| \
            richiesto|sottoscritto)
        (chi|come|dove) ..3 (il mio numero|i miei dati|la mia mail|il mio contatto)
        (stufo|stufa|stanco|stanca|pieno) (di|dei|delle) ..3 ({messages}|voi)
        (troppi|troppe) {messages}
        (vi|ti|la) (blocco|denuncio|segnalo|bloccherò|denuncerò|segnalerò)
        (questo|questa|è) è (spam|molestia|stalking)
        perché ..3 ({send}|{bother}|ricevo|continuate|continuo a ricevere)
        (continuate|continua|continuano) a (mandarmi|inviarmi|scrivermi|chiamarmi|disturbarmi| \
            mandare|inviare|contattarmi)
        {stop} [subito] [di] (mandarmi|inviarmi)
        non {bother}
        non mi (mandate|inviate|mandi|invii)
        {dont_want} {receiving}
        (annullare|disdire|cancellare|annulla|disdici|annullo|disdico) [il|l|mio|la] (abbonamento| \
            labbonamento|mio abbonamento)
        (cancellare|cancellate|eliminare|eliminate|cancellazione) ..2 (miei dati|i dati personali| \
            dati personali)
        {remove} (da|dal|dalla|dalle|dai)
        numero sbagliato
        (gdpr|garante della privacy|garante privacy)
    """,
    curt="""
        [grazie|no|ma|mi dispiace|guardi] [ma] non (mi interessa|mi interessano|interessa|sono \
            interessato|sono interessata|siamo interessati|sono più interessato|mi interessa più) \
            [..3]
        (avete|hai|ha|è|) (sbagliato numero|sbagliato persona|il numero sbagliato|numero \
            sbagliato|numero errato) [numero|persona] [..1]
        (vaffanculo|andatevene|fottetevi|fottiti|levatevi|crepate|andate a quel paese|andate al \
            diavolo|vai a quel paese|andate affanculo|vai a cagare|andate a cagare) [..4]
        [è|solo] (spam|truffa|molestia) [..1]
        (bloccato|bloccati|segnalato)
        avete rotto [..3]
        che (palle|rottura|fastidio|seccatura) [..2]
    """,
    limits="""
        (di notte|la sera|la domenica|così tardi|così presto|fino a|finché|mentre|quando|dopo| \
            prima|oggi|domani|per oggi|per ora|per adesso|in inglese|in italiano|sul mio ordine| \
            tutti i giorni|ogni giorno|così spesso|i|il|le|gli|doppi|doppie|a quest'ora|a \
            questora|se|[dal|dalla|dal mio|dalla mia|al|alla|del|della] (corso|palestra|lezione|lezioni| \
            scuola|università|club|contratto|assicurazione|polizza|abbonamento))
    """,
    wishes="""
        (ma|e|piuttosto|solo|invece|però) [per favore|piuttosto|solo] (mandami|mandatemi| \
            inviatemi|inviami|chiamatemi|chiamami|scrivetemi|scrivimi|ditemi|dimmi|datemi|voglio)
    """,
)

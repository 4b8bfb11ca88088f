"""French. Folding takes the apostrophes away: "m'envoyer" is written `menvoyer` here.

Who types without them writes "m envoyer": `_elided` makes both forms.
"""

from webapp.keywords.languages.pack import Pack, entries


def _elided(letters: str, words: str) -> str:
    """Put each of the elided words before each of the words: "d" and "envoyer" make two forms."""
    return ", ".join(
        f"{letter}{word}, {letter} {word}" for letter in letters.split() for word in entries(words)
    )


_MESSAGES = """
    message, messages, msg, msgs, sms, texto, textos, texte, textes, mail, mails, email, emails,
    e mail, e mails, courriel, courriels, courrier, courriers, pub, pubs, publicité, publicités,
    promo, promos, promotion, promotions, offre, offres, spam, spams, notification, notifications,
    newsletter, newsletters, appel, appels, démarchage, sollicitation, sollicitations, annonces,
    communications, communication, whatsapp, alertes, alerte, infolettre, réclame, réclames,
    messages publicitaires, sms publicitaires, conneries, merde, merdes, relances, prospection
"""
_CALLING = """
    contacter, écrire, appeler, harceler, déranger, embêter, spammer, texter, solliciter,
    importuner, emmerder, relancer, démarcher, saouler, soûler, faire chier, téléphoner, gonfler,
    bombarder, polluer, messager
"""

FRENCH = Pack(
    code="fr",
    unmistakable="""
        arrêtez, arrêtez tout, désabonner, désabonnement, désabonnez, désabonnez moi, désabonne moi,
        désabonne, me désabonner, se désabonner, désinscription, désinscrire, me désinscrire,
        désinscrivez moi, désinscris moi, désinscrivez, stop pub, stop sms, stop tout, arrêt sms,
        désabonnez nous, stoppez, stopper, stoppez tout, stop svp, cessez, désabo, desabo,
        je me désabonne, je me désinscris, résilier abonnement sms, sans suite stop
    """,
    everyday="""
        arrêt, arrêter, arrête, arrets, assez, ça suffit, supprimer, retirer, enlever, quitter,
        supprimez moi, retirez moi, enlevez moi, supprime moi, retire moi, enlève moi, effacez moi,
        radier, radiez moi, rayez moi, cesser, stop ça, halte, arrêtez ça, arrête ça, basta,
        arrêtez maintenant, plus rien, plus de message, plus de messages, désactiver, sortir,
        révoquer, retrait, ne plus recevoir, plus de contact, ne pas déranger, d'arrêter,
        d arrêter, de cesser
    """,
    doubtful="""
        annuler, annulez, annule, annulation, fin, terminer, terminé, résilier, résiliation,
        résiliez,
        bloquer, bloqué, supprimé, pas intéressé, pas intéressée, je ne veux plus, je veux plus,
        non intéressé, pas d accord, sans intérêt, jamais, dégage, dégagez, plus, fini, finir, ras
        le bol, oubliez moi, stop abonnement, laissez, laissez moi, laisse moi
    """,
    misspelt="""
        aretez=arretez, arette=arrete, aretter=arreter, arettez=arretez, arrettez=arretez,
        areter=arreter, arrettes=arrete, desabonement=desabonnement, desaboner=desabonner,
        desabonez=desabonnez, dezabonner=desabonner, desinscripion=desinscription,
        desinscripition=desinscription, publicte=publicite, publicitee=publicite,
        resevoir=recevoir, recevoire=recevoir, telephonne=telephoner
    """,
    polite="""
        s'il vous plaît, s'il te plaît, s il vous plait, s il te plait, sil vous plait, svp,
        sivouplait, sil te plait, merci, merci beaucoup, merci d avance, merci bien, mercii,
        merci par avance, je vous remercie, je vous prie, je vous en prie, veuillez, cordialement,
        bien à vous, bonne journée, bonne soirée, désolé, désolée, pardon, monsieur, madame,
        messieurs, par pitié, bien cordialement, cdlt, cdt, non merci, de grâce, gentiment
    """,
    fillers="""
        bonjour, bonsoir, salut, coucou, hello, ok, oui, maintenant, tout de suite, immédiatement,
        de suite, alors, bon, donc, là, enfin, svp, je veux, je voudrais, je souhaite, j'aimerais,
        je demande, je vous demande d', je vous demande de, vous pouvez, pouvez vous, peux tu,
        pourriez vous, vous devez, il faut, merci de, merci d', mais, ça, putain, bordel, merde,
        pour la dernière fois, une bonne fois pour toutes, définitivement, je vous ai dit,
        je vous ai demandé d', j'ai dit, j'ai demandé, je vous ai déjà dit, et, les gars, ras le bol
    """,
    negations="""
        ne, n, pas, jamais, sans, ni, aucun besoin de, pas besoin de, inutile de, au lieu de,
        plutôt que de, bus, tram, métro, prochain, nai pas, ne pas, je nai
    """,
    bridges="""
        veux, souhaite, voudrais, me, te, vous, nous, pas, jamais, que, dit, demandé, faut, il,
        peux,
        pouvez, puis, dois, de, d, à, plus, surtout, voulez, encore, t, m, vais, va
    """,
    doubts="""
        comment, quand, si, pourquoi, puis je, il, elle, ils, elles, lui, ma femme, mon mari,
        ma mère, mon père, ma soeur, mon frère, mon patron, dois je, où, répondez, envoyez, tapez,
        pour, avant de, après, jusqu, quelqu un, qui, est ce que, peut on
    """,
    common="""
        a, au, aux, de, d, des, du, le, la, les, l, ce, ces, je, j, me, m, ma, mon, mes, moi, ne, n,
        nous, on, ou, par, pas, plus, pour, que, qui, se, s, si, sur, un, une, vos, votre, vous, y,
        en, et, est, il, ca, tout, avec, dans, bien, merci, suis
    """,
    joins="et, ou, ni",
    lists={
        "stop": """
            arrêtez, arrête, arrêter, arrêtez vous, cessez, cesse, cesser, stop, stopper, stoppez,
            stoppe, veuillez arrêter, veuillez cesser, évitez, évite, arrêtes, merci d arrêter,
            finissez, abstenez vous, merci de cesser, darrêter, d arrêter, de cesser,
            stop à, stop aux, stop au, arrêtez avec, suffit, ça suffit
        """,
        "sending": _elided("d m", "envoyer")
        + """
            , de menvoyer, de m envoyer, de nous envoyer, envoyer, denvoyer, de mexpédier,
            l envoi de, lenvoi de, les envois de, l envoi des, lenvoi des, de recevoir, les envois,
            de me faire parvenir, de mbalancer, de me balancer, de mettre, avec, le, les, l, de,
            des,
            d, vos, ces, tous ces, toutes ces, cette, ce, avec vos, avec ces, avec les, de vos,
            toute,
            tous les, toutes les, tout, votre, de toutes, de m adresser, de madresser,
            de me transmettre
        """,
        "send": """
            envoyer, menvoyer, m envoyer, nous envoyer, recevoir, me transmettre, madresser,
            m adresser, me faire parvenir, transmettre
        """,
        "calling": "de me "
        + ", de me ".join(entries(_CALLING))
        + ", me "
        + ", me ".join(entries(_CALLING))
        + ", de nous "
        + ", de nous ".join(entries(_CALLING))
        + """
            , de mécrire, de m écrire, de mappeler, de m appeler, de memmerder, de m emmerder,
            de membêter, de m embêter, de mimportuner, de m importuner, mécrire, mappeler,
            m appeler, m écrire, de déranger, de harceler, de spammer, dappeler, d appeler,
            décrire, d écrire, de contacter, de tenter de me contacter, de faire chier, de texter
        """,
        "call": _CALLING
        + """
            , me contacter, me déranger, mécrire, m écrire, mappeler, m appeler, me harceler,
            me solliciter, me relancer, me spammer, me texter, me téléphoner, membêter, m embêter,
            me démarcher, memmerder, m emmerder, nous contacter, mimportuner, m importuner
        """,
        "imperative": """
            contactez, contacte, contactes, dérangez, dérange, harcelez, harcèle, sollicitez,
            sollicite, textez, texte, relancez, relance, spammez, spamme, téléphonez, démarchez,
            écrivez, écris, écrit, appelez, appelle, appelles, appeler, embêtez, importunez,
            emmerdez, contacter, parlez, soûlez, saoulez
        """,
        "me_imperative": """
            me contactez, me contacte, me contactes, me contacter, me dérangez, me dérange,
            mécrivez,
            m écrivez, mécris, m écris, mappelez, m appelez, mappelle, m appelle, mappeler,
            me harcelez, me sollicitez, me textez, me texte, me relancez, me spammez,
            me téléphonez, me démarchez, membêtez, m embêtez, mimportunez, m importunez,
            memmerdez, m emmerdez, nous contactez, nous dérangez, nous appelez, contactez moi,
            écrivez moi, appelez moi, mécrire, m écrire, m appeler, me déranger, contacte moi
        """,
        "me_send": """
            menvoyez, m envoyez, menvoie, m envoie, menvoyer, m envoyer, nous envoyez, envoyez moi,
            menvoi, menvoies, m envoies, envoyez, envoyer, nenvoyez, n envoyez, madressez,
            envoie moi
        """,
        "messages": _MESSAGES,
        "junk": """
            message, messages, sms, texto, textos, mail, mails, email, emails, courriels, courriel,
            pub, pubs, publicité, publicités, spam, spams, notifications, newsletter, newsletters,
            appels, démarchage, sollicitations, sollicitation, relances, communications, merde,
            conneries, annonces, appel, relance, envois, envoi, harcèlement, cirque
        """,
        "det": """
            de, d, des, du, les, le, la, l, vos, votre, ces, cette, ce, aucun, aucune, tous, toutes,
            tout, tant de, autant de, toutes ces, tous ces, plus, plus de, plus aucun, plus aucune,
            autres, autre, vos putains de, foutus, sales, stupides, ta, tes, un seul, nouveaux, vo,
            ce genre de, ce type de, vos sms et, moindre, futurs, autre, ni
        """,
        "these": "ça, cela, rien, tout ça, ces choses, des choses, quoi que ce soit",
        "list": """
            liste, listes, fichier, fichiers, base, bases, base de données, bases de données,
            contacts, contact, mailing, répertoire, système, diffusion, liste de diffusion, groupe,
            newsletter, envois, mailing list, registre, registres, carnet, abonnés, service,
            liste d envoi, liste de contacts, d ici, dici, là, sms, messages, publicités, pub
        """,
        "remove": """
            enlevez, enlève, enlever, supprimez, supprime, supprimer, retirez, retire, retirer,
            effacez, efface, effacer, ôtez, oubliez, oublie, rayez, raye, rayer, virez, vire,
            sortez, sors, perdez, désinscrivez, désinscris, désabonnez, désabonne, radiez, éliminez,
            jetez, détruisez, enlevé, supprimé, retiré, désinscrire, désabonner, radier
        """,
        "number": """
            numéro, num, numéro de téléphone, no, n, tel, tél, téléphone, portable, contact, nom,
            adresse, adresse mail, adresse email, email, mail, coordonnées, n de téléphone,
            numero de portable, numéro de tel, numéros
        """,
        "unsubscribe": """
            désabonner, me désabonner, désinscrire, me désinscrire, se désabonner, désabonnement,
            mon désabonnement, ma désinscription, désinscription, être désabonné, être désabonnée,
            être désinscrit, être désinscrite, être retiré, être retirée, être supprimé,
            être radié, me retirer, vous désabonner, être enlevé, nous désabonner, unsubscribe
        """,
        "want_no": """
            je ne veux plus, je veux plus, je ne souhaite plus, je souhaite plus, je ne désire plus,
            je désire plus, je ne voudrais plus, on ne veut plus, je ne veut plus, ne veux plus,
            ne souhaite plus, veux plus, nous ne souhaitons plus, nous ne voulons plus,
            ne désire plus,
            je ne veux pas, je veux pas, je ne souhaite pas, je souhaite pas, je ne désire pas,
            je ne voudrais pas, ne veux pas, ne souhaite pas, je ne veux plus jamais, je refuse,
            je refuse de, je refuse d, je nai plus envie, j veux plus, jveux plus, jveux pas,
            je ne veux, nous ne souhaitons pas, ne voulons plus, ne désire pas, je ne compte plus
        """,
        "receiving": """
            recevoir, voir, lire, avoir, continuer à recevoir, être inondé, de recevoir, entendre
        """,
        "never": "plus, jamais, plus jamais, pas, plu, dorénavant plus, plus du tout",
        "firmly": "plus, jamais, plus jamais, plu, plus du tout",
    },
    requests="""
        {stop} {sending} {det}* {messages}
        {stop} (denvoyer|d envoyer|de menvoyer|de m envoyer|menvoyer|m envoyer|de nous envoyer|dm \
            envoyer) ({these}|{messages})
        {stop} (de|d) (menvoyer|m envoyer|nous envoyer) {det}* {messages}
        {stop} {calling}
        {stop} (ces|vos|les|le|la|ce|votre|cette|tous vos|toutes vos) {junk}
        [ne|n] {me_imperative} {firmly} [{messages}|rien]
        ne {imperative} {firmly} [ce|mon|sur|par|avec]
        [ne|n] [me] {me_send} {firmly} {det}* ({messages}|{these}|rien)
        ne [me|nous] {me_send} {firmly}
        [ne|n] {me_send} (pas|aucun|aucune) {det}* {messages}
        ne {never} [jamais] ({call}|{send}) [{det}] [{messages}|rien]
        (merci de|veuillez|prière de|svp) ne {never} ({call}|{send})
        (merci de|veuillez|prière de) (ne|n) ({call}|{send}) {never}
        {want_no} {receiving} [{det}] [{messages}|{these}|rien]
        {want_no} (de|aucun|aucune|des|vos) {det}* {junk}
        {want_no} (être|etre) (contacté|contactée|sollicité|sollicitée|dérangé|dérangée|appelé| \
            appelée|harcelé|démarché|démarchée|sur|dans|inscrit|inscrite|abonné|abonnée|contacter)
        {want_no} (entendre parler|avoir de nouvelles|de nouvelles|avoir affaire)
        {want_no} que (vous|lon|l on|tu|on) ({me_imperative}|{me_send}|mecriviez|mappeliez|me \
            contactiez|menvoyiez|m envoyiez|me dérangiez|m appeliez)
        ne souhaitant plus (recevoir|être)
        (plus aucun|plus aucune|aucun autre|pas dautres|pas d autres|plus jamais de) {messages}
        {remove} moi [svp|immédiatement|tout de suite|donc|merci] (de|du|des|d) ..3 {list}
        {remove} (mon|mes|ce|nos|le) {number}
        (menlever|moter|meffacer|m enlever|m ôter|m effacer) (de|du|des) ..3 {list}
        demande de (désinscription|désabonnement|désabo|retrait)
        {want_no} (rien|plus rien) {receiving}
        (cessez|cesser|arrêtez|arrêter|stop|stopper|stoppez) [à] (tout|toute|tous|toutes) ..1 \
            (contact|contacts|communication|communications|envoi|envois|{junk})
        (annuler|annulez|annulation de|annule) [mon|mes|l] (inscription|inscriptions|linscription)
        vous (navez|n avez|avez) pas [mon|eu mon] (consentement|accord|autorisation)
        (me|m) (enlever|retirer|supprimer|rayer|effacer|sortir|ôter|désinscrire|désabonner| \
            radier) (de|du|des) ..3 {list}
        (je veux|je souhaite|je voudrais|je désire|jaimerais|j aimerais|je demande|je demande à| \
            merci de|veuillez|souhaite|je vous demande de|pouvez vous|pourriez vous|je tiens à| \
            prière de|voudrais|veux|jaimerai) [bien] [me] {unsubscribe}
        (je me|je) (désabonne|désinscris|désinscrit)
        (désabonnez|désinscrivez|désabonne|désinscris|désabonner|désinscrire) (moi|nous|mon|ce|me)
        (me désabonner|me désinscrire|désabonner|désinscrire) (de|du|des|à)
        (fichez|foutez|fous|fiche|foutre|fichiez) (moi|nous) la paix
        (laissez|laisse|laissé) (moi|nous|mwa) [donc] (tranquille|tranquilles|en paix|vivre| \
            respirer)
        lâchez moi (les baskets|la grappe|patience|un peu)
        (annuler|annulez|désactivez|désactiver|bloquez|supprimez|arrêter|arrêtez|coupez) {det}* \
            (messages|sms|notifications|mails|emails|envois|newsletter|alertes|textos|pubs| \
            publicités|appels)
        (je retire|je révoque|retrait de|je reprends) [mon] consentement
        je ne (donne|consens) pas ..2 (consentement|autorisation|accord|recevoir)
        je moppose (à|au|aux) ..4
        je m oppose (à|au|aux) ..4
        (je vous ai|jai|j ai|on vous a) [déjà] (dit|demandé) (stop|darrêter|d arrêter|de ne plus| \
            de cesser|de me désabonner|de me retirer|darreter)
        ne me mettez plus (dans|sur)
    """,
    alone="""
        {stop} (denvoyer|d envoyer|de menvoyer|de m envoyer|menvoyer|m envoyer|avec ça|ça|tout| \
            tout ça|maintenant|les envois|cela|votre cirque|vos conneries|l envoi|lenvoi)
        {stop} {calling} [{these}]
        {stop} {det}* {messages}
        [ne|n] {me_imperative} {never}
        [ne|n] {me_send} {never} [{these}]
        ne {imperative} {never}
        (plus|pas|aucun|aucune|zéro|ni) [de|d|des] {det}* {junk} [merci|svp]
        (plus rien|rien|plus jamais) [recevoir|de vous|de votre part]
        {remove} moi [svp|dici|d ici|de là|de ça|immédiatement|tout de suite]
        {remove} [le|ce|mon] {number}
        {remove} de la liste
        {unsubscribe} [svp|immédiatement|maintenant|total|de tout|de la liste]
        (plus|ne plus|ne pas|pas) (me contacter|me déranger|contacter|recevoir|menvoyer|m envoyer| \
            mappeler|m appeler|déranger|mécrire|me solliciter|appeler|me texter) [de] [{messages}]
        (ne|ni) pas déranger
        (je ne veux|je veux) (plus|pas) (de ça|de tout ça|de vous)
        {want_no} {receiving} [rien|ça|de vous]
        (pas intéressé|pas intéressée|pas interesser|ça ne mintéresse pas|ça m intéresse pas|ça \
            mintéresse pas) (stop|arrêtez|désabonnez moi|supprimez moi|retirez moi|désinscrivez \
            moi|merci d arrêter)
        lâchez moi
        lâche moi
        [je souhaite|je veux] ne plus recevoir ..4
        oubliez mon numéro
        (je nen|nen|je n en) veux plus
        résilier [mon] abonnement sms
    """,
    asides="""
        (non|pas du tout) [..1]
        qui (êtes vous|es tu|est ce|cest|c est|etes vous) ..3
        cest qui
        (mauvais|faux) numéro
        vous (avez|vous) ..2 (mauvais|faux|trompez|trompé) ..2
        je ne (vous connais|suis|connais) pas ..4
        je (vous connais|connais) pas ..3
        cest (pénible|saoulant|chiant|lourd|du harcèlement|insupportable|relou|abusé)
        (je ne suis|je suis|chui|suis) pas (intéressé|intéressée|interesser|client|cliente| \
            concerné|concernée) ..4
        ça ne mintéresse pas
        merci ..3
        je nai ..6
        jen ai marre
    """,
    footers="""
        (répondez|envoyez|tapez|répondre|envoyer|envoie|réponds) [par|avec|le mot] (stop|arrêt| \
            arret)
        pour (vous désabonner|vous désinscrire|ne plus recevoir|arrêter|se désabonner|stopper) \
            ..4 (répondez|envoyez|tapez|cliquez|stop|http|https|www|appelez)
        stop au {number}
    """,
    harmless="""
        (arrêt|arrêts|arrêter|arrêtez|arrête) (de|du|d) (bus|tram|travail|métro|maladie|jeu|fumer| \
            boire|rire|pleurer|travailler)
        (sans|non) (arrêt|stop)
        (auto|non) stop
    """,
    hints="""
        (comment|où) ..4 ({unsubscribe}|ne plus recevoir|arrêter|stopper|me retirer|arrêter de \
            recevoir)
        (je ne me suis|je me suis|jamais|pas) [jamais|pas] (inscrit|inscrite|abonné|abonnée)
        (je nai|jai|nai) [jamais|pas|rien] (demandé|donné|souscrit|autorisé) ..4
        (qui|comment|où) ..3 (mon numéro|mes coordonnées|mon adresse|mon mail)
        (marre|ras le bol|assez|fatigué|fatiguée|saoulé) (de|des|du|d) ..3 ({messages}|vous)
        trop de {messages}
        vous (me harcelez|mharcelez|insistez)
        (je vais|je vous|je|je vais vous) (bloquer|signaler|bloque|signale|porter plainte|porte \
            plainte|ai bloqué)
        (cest|c est|ceci est) (du spam|du harcèlement|harcèlement|un spam)
        pourquoi ..3 ({me_send}|je reçois|{me_imperative}|mecrivez|insistez|continuez)
        vous (continuez|persistez|narrêtez pas|arrêtez pas|n arrêtez pas) ..3
        {stop} (denvoyer|d envoyer|de menvoyer|de m envoyer|menvoyer|m envoyer)
        {me_imperative} pas
        (ne|n) {me_send} pas
        {want_no} ({receiving}|de|que)
        (résilier|annuler|résiliez|annulez|résiliation de|suspendre) [mon|l|cet|votre|mes] \
            (abonnement|labonnement|abonnements|adhésion)
        (supprimer|supprimez|effacez|effacer|suppression de) (mes|toutes mes) (données| \
            informations|infos)
        (supprimer|supprimez) mon compte
        {remove} moi (de|du|des)
        plus de (promos|offres|promotions|promo|offre)
        mauvais numéro
        rgpd
        {want_no} (entendre|de vos)
    """,
    curt="""
        (jen|j en) veux plus [..1]
        [je ne suis|je suis|désolé|non|nous ne sommes|ne suis|on est|moi] [vraiment|plus] pas \
            (intéressé|intéressée|interesser|intéressés|concerné|concernée) [..3]
        [ça|cela|non|ceci] [ne] (mintéresse|m intéresse|nous intéresse) (pas|plus) [..2]
        [cest|vous avez|vous faites|désolé] [un|le] (mauvais|faux) (numéro|num|destinataire) [..2]
        vous faites erreur [..2]
        vous vous (trompez|êtes trompé|êtes trompés) [..3]
        (va|allez|vas) (vous faire|te faire|au diable|te faire foutre) [..3]
        (casse toi|cassez vous|barre toi|barrez vous|tire toi|tirez vous|dégage|dégagez|va te \
            faire) [..2]
        [cest|du] (spam|arnaque|harcèlement) [..1]
        (bloqué|signalé|bloquer) [comme spam]
        je (ne veux|veux) (pas|plus) [merci]
    """,
    limits="""
        (la nuit|le soir|le dimanche|si tard|si tôt|aussi tard|avant|après|pendant|jusqu|jusquà| \
            quand|aujourdhui|demain|ce soir|pour aujourdhui|pour le moment|pour linstant|en \
            anglais|au sujet de|concernant ma|à propos de|tous les jours|en double|erronés|tant \
            que|sauf|si|[du|de la|de l|de|au|à la|de mon|de ma|la|mon|ma] (cours|salle|salle de sport| \
            club|gym|gymnastique|yoga|formation|école|lécole|examen|lexamen|permis|stage|sport| \
            concours|mutuelle|assurance|lassurance|contrat|forfait))
    """,
    wishes="""
        (mais|et|plutôt|juste|seulement) [merci de|veuillez|svp] (envoyez|appelez|envoie|écrivez| \
            rappelez|gardez|dites|donnez) [moi|plutôt]
        (appelez|envoyez|écrivez) moi (plutôt|un|une|le|la|seulement)
        mais (je veux|je souhaite|jaimerais) (garder|continuer|toujours|recevoir)
    """,
)

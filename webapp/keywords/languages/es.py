"""Spanish. Written with accents where it is usual; all of it is folded."""

from webapp.keywords.languages.pack import Pack

SPANISH = Pack(
    code="es",
    unmistakable="""
        desuscribir, desuscribirme, desuscribirse, desuscríbeme, desuscribeme, desuscríbanme,
        desuscripción, dessuscribir, desubscribir, desubscribirme, desinscribir, desinscribirme,
        darme de baja, darse de baja, dar de baja, dame de baja, deme de baja, denme de baja,
        dadme de baja, baja sms, baja total, paren, deténganse, detenganse, no más mensajes,
        no molestar, anular suscripción, de baja, cancelar suscripción sms, alto sms, stop sms,
        quiero darme de baja, desapuntarme, desapúntame, date de baja, doy de baja, borrarme,
        desuscribe, desuscríbase, dejen de molestar, deja de molestar, desafiliarme, desafiliar
    """,
    everyday="""
        baja, alto, salir, eliminar, borrar, quitar, remover, basta, basta ya, ya basta, para,
        para ya, parar, pare, pare ya, pare por favor, detener, detente, detenga, detengan,
        eliminarme, elimíname, bórrame, bórrenme, elimínenme, quítame, quítenme, sácame,
        sáquenme, quitarme, sacarme, desactivar, alto ya, no más, ya no más, no mas por favor,
        suspender, sal, quítenme de aquí, parad, cese, cesen, retirar, exclúyanme, retírenme,
        ya paren, paren ya, basta de mensajes, renunciar, revocar, revoco
    """,
    doubtful="""
        cancelar, cancela, cancelen, cancele, fin, terminar, termina, finalizar, anular, bloquear,
        suficiente, no quiero, no quiero nada, no quiero más, ya no quiero, ya no, no me interesa,
        no interesa, bloqueado, cancelar suscripción, cancelar la suscripción,
        eliminar suscripción, déjenme, déjame,
        anula, borra, elimina, dejen, no deseo
    """,
    misspelt="""
        mensages=mensajes, menajes=mensajes, mensjes=mensajes, mensajez=mensajes, mnsjs=mensajes,
        resivir=recibir, recivir=recibir, recibr=recibir, embien=envien, embiar=enviar,
        enbien=envien, embiarme=enviarme, enbiarme=enviarme, kiero=quiero, qiero=quiero,
        suscripsion=suscripcion, suscribcion=suscripcion, subscripcion=suscripcion,
        desuscrivir=desuscribir, desuscrivirme=desuscribirme, desubscribeme=desuscribeme,
        dejem=dejen, molestenme=molesten, q=que, kitenme=quitenme, kiten=quiten
    """,
    polite="""
        por favor, porfavor, por fa, porfa, porfis, favor, gracias, muchas gracias, mil gracias,
        gracias de antemano, si es tan amable, le agradezco, les agradezco, se lo agradezco,
        se agradece, agradezco, muy amable, muy amables, disculpe, disculpen, perdón, perdone,
        lo siento, señor, señora, señores, señorita, saludos, un saludo, atentamente, buen día,
        buenas, amablemente, si no es molestia, si es posible, ok gracias, no gracias, xfavor
    """,
    fillers="""
        hola, buenos días, buenas tardes, buenas noches, buen día, oiga, oigan, oye, ya, ahora,
        ahora mismo, de una vez, inmediatamente, de inmediato, sí, bueno, ok, amigo, amigos, pues,
        quiero que, necesito que, les pido que, le pido que, exijo que, solicito, pido, por dios,
        quiero, deseo, necesito, me gustaría, quisiera, solicito que, por última vez, dije,
        he dicho,
        les dije que, les he dicho que, ya les dije que, te dije que, pueden, puede, podrían,
        podría, puedes, podrías, definitivamente, todo, ya mismo, joder, carajo, coño
    """,
    negations="""
        no, nunca, jamás, sin, tampoco, ni, no es necesario, no hace falta, en vez de, en lugar de
    """,
    bridges="""
        quiero, quiere, queremos, deseo, necesito, me, te, se, les, lo, que, puedo, puede, pueden,
        voy, va, a, he, dije, pedí, pido, hay, tiene, tienen, quisiera, pienso, haber, de, dado
    """,
    doubts="""
        cómo, cuándo, si, por qué, porqué, puedo, podría yo, él, ella, ellos, le dije, mi esposa,
        mi esposo, mi mamá, mi papá, mi hermana, mi hermano, mi jefe, debo, tengo que, dónde,
        responda, responde, envíe, envía, escriba, para, antes de, después de, hasta que, alguien
    """,
    common="""
        a, al, de, del, el, la, los, las, lo, me, mi, mis, no, nos, que, se, si, su, sus, te, tu,
        tus, un, una, y, ya, yo, en, con, es, esta, este, por, para, mas, le, les, o, mucho, muy,
        quiero, favor, ni, esto, eso, todo, como, cuando, hola
    """,
    joins="y, e, o, u, ni",
    lists={
        "stop": """
            deja, deje, dejen, dejá, dejad, dejar, paren, pare, para, pará, parar, parad, detengan,
            detenga, detén, basta, termina, terminen, termine, cesen, cese, cesar, suspendan,
            suspenda, suspende, eviten, evite, evita, ya basta, alto, absténganse, absténgase,
            cancelen, dejarme, dejarnos, déjenme, dejen ya, stop
        """,
        "me_send": """
            enviarme, mandarme, enviarnos, mandarnos, hacerme llegar, estar enviándome,
            estar mandándome, estarme enviando, estarme mandando, me enviar, me mandar, pasarme
        """,
        "send": """
            enviar, mandar, envío, estar enviando, estar mandando, envíen, manden, enviarle,
            mandarle, pasar, remitir, recibir
        """,
        "contact_me": """
            escribirme, llamarme, contactarme, molestarme, spamearme, marcarme, textearme,
            mensajearme, hablarme, acosarme, fastidiarme, hostigarme, joderme, escribirnos,
            llamarnos, contactarnos, molestarnos, incomodarme, bombardearme, buscarme,
            molestar, hostigar, fastidiar, joder, spamear, chingar, acosar,
            estar molestando, estar escribiéndome, estar llamándome, estar chingando, hinchar,
            mandarme mensajes, enviarme mensajes, estar jodiendo
        """,
        "imperative": """
            envíen, envíe, envíes, envié, envíenme, enviéis, manden, mande, mandes, mandéis, envía,
            manda, envían, mandan, pasen, enviar, mandar, enviarme, mandarme, vuelvan a enviar,
            vuelva a enviar, vuelvas a enviar, vuelvan a mandar, vuelva a mandar, sigan enviando,
            sigan mandando, siga enviando, sigas enviando, estén enviando, estén mandando,
            vuelvan a mandarme, vuelvan a enviarme, sigan enviándome, sigan mandándome
        """,
        "bother": """
            escriban, escriba, escribas, escribáis, contacten, contacte, contactes, contactéis,
            llamen, llame, llames, llaméis, molesten, moleste, molestes, molestéis, insistan,
            insista, insistas, marquen,
            marque, marques, hablen, hable, hables, busquen, texteen, mensajeen, jodan, joda,
            jodas, spameen, hostiguen, acosen, fastidien, fastidies, incomoden, escribir,
            contactar, llamar, molestar, vuelvan a escribir, vuelva a escribir, vuelvas a escribir,
            vuelvan a llamar, vuelva a llamar, vuelvan a contactar, vuelvan a molestar,
            vuelvan a contactarme, vuelvan a escribirme, vuelvan a llamarme, vuelvas a escribirme,
            vuelva a contactar, vuelva a contactarme, vuelva a llamarme, vuelva a escribirme,
            sigan molestando, siga molestando, sigan escribiendo, sigan llamando, sigas escribiendo,
            estén molestando, estén escribiendo, contactarme, llamarme, escribirme, molestarme
        """,
        "messages": """
            mensaje, mensajes, mensajes de texto, msj, msjs, mjs, msg, msgs, msn, mns, mensage,
            mensajito, mensajitos, texto, textos, sms, msm,
            correo, correos, correos electrónicos, email, emails, e mails, mail, mails, publicidad,
            publicidades, promoción, promociones, promo, promos, propaganda, propagandas, anuncio,
            anuncios, oferta, ofertas, spam, notificación, notificaciones, whatsapp, whatsapps,
            wasap, wasaps, whats, newsletter, boletín, boletines, comunicación, comunicaciones,
            llamada, llamadas, alertas, publicitarios, información comercial, comerciales,
            información publicitaria, novedades, basura, mierda, mierdas, porquería, porquerías,
            tonterías, mamadas, pendejadas, avisos, recordatorios publicitarios, marketing
        """,
        "these": "nada, esto, eso, estas cosas, esas cosas, más, más nada, nada más, cosas",
        "det": """
            más, tantos, tantas, tanto, tanta, sus, tus, su, tu, estos, esos, este, ese, esta, esa,
            estas, esas, los, las, la, el, de, ningún, ninguna, ningun tipo de, tipo, clase, con,
            otro, otra, un, una, con los, con las, vuestros, vuestra, malditos, pinches, putos,
            puta, pinche, maldita, cualquier, todo, todos, todas, sus pinches, otros, nuevos
        """,
        "list": """
            lista, listas, base, bases, base de datos, bases de datos, sistema, contactos, grupo,
            lista de contactos, lista de distribución, lista de difusión, registro, registros,
            directorio, agenda, suscripción, boletín, newsletter, correos, mensajes, difusión,
            envíos, servicio, promociones, publicidad, whatsapp, sms, aquí, ahí, marketing
        """,
        "out": """
            quítame, quíteme, quítenme, quitarme, quitadme, sácame, sáqueme, sáquenme, sacarme,
            sacadme, elimíname, elimíneme, elimínenme, eliminarme, eliminadme, bórrame, bórreme,
            bórrenme, borrarme, borradme, retírame, retíreme, retírenme, retirarme, remuévanme,
            remuéveme, removerme, exclúyanme, exclúyame, exclúyeme, excluirme, bájame, bájenme,
            bajarme, desincorpórenme, desvincúlenme, desvincularme, desapúntame, me quiten,
            me saquen, me eliminen, me borren, me retiren, me quite, me saque, me elimine, me borre,
            me excluyan, me den de baja, salir, salirme, removerme
        """,
        "erase": """
            borra, borre, borren, borrar, elimina, elimine, eliminen, eliminar, quita, quite,
            quiten, quitar, saca, saque, saquen, sacar, olvida, olvide, olviden, olvidar, retira,
            retire, retiren, retirar, remueva, remuevan, remover, pierdan, pierde, suprima, supriman
        """,
        "number": """
            número, num, número de teléfono, número telefónico, número de celular, numerito,
            teléfono,
            celular, móvil, cel, contacto, correo, email, mail, whatsapp, nombre, correo electrónico
        """,
        "baja": """
            darme de baja, dame de baja, deme de baja, denme de baja, dadme de baja, den de baja,
            dar de baja, darnos de baja, dé de baja, doy de baja, dan de baja, den la baja,
            dé la baja, me den de baja, me dé de baja,
            me doy de baja, me des de baja, darse de baja, causar baja, solicito la baja,
            solicito baja, solicitar la baja, pido la baja, quiero la baja, quiero baja,
            tramitar la baja, tramiten mi baja, tramitar mi baja, procesen mi baja, quiero mi baja
        """,
        "unsubscribe": """
            desuscribirme, desuscribir, desuscríbanme, desuscríbeme, desuscríbame, desinscribirme,
            desinscríbanme, desubscribirme, unsubscribe, desapuntarme, desapúntenme, desafiliarme,
            desuscriban, desuscribe, anular mi suscripción, anulen mi suscripción,
            darme de baja, desafílienme, desvincularme
        """,
        "dont_want": """
            no quiero, no deseo, ya no quiero, ya no deseo, no necesito, ya no necesito,
            no queremos,
            nunca quise, no quisiera, no me interesa, ya no me interesa, no estoy interesado en,
            no estoy interesada en, no me gustaría, no pedí, nunca pedí, no quiero volver a,
            no quiero que me, no acepto, no autoricé, nunca autoricé, no autorizo, prefiero no,
            no solicité, no deseamos
        """,
        "receiving": """
            recibir, seguir recibiendo, seguir recibir, estar recibiendo, volver a recibir,
            recibiendo, tener, ver, leer, continuar recibiendo, más
        """,
        "again": """
            más, nunca más, nunca, jamás, nunca jamás, otra vez, de nuevo, nuevamente, ya,
            en el futuro, mas por favor, en adelante, nada, nada más
        """,
    },
    requests="""
        {stop} [ya] de {me_send} {det}* {messages}
        {stop} [ya] de ({me_send}|{send}) {these}
        {stop} [ya] [de] {send} {det}* {messages}
        {stop} [ya] de {contact_me} [{messages}]
        que [me|ya] dejen de (enviar|mandar|escribir|llamar|molestar|contactar|enviarme|mandarme| \
            escribirme)
        (me|nos) (dejen|deje|dejes) de (enviar|mandar) {det}* {messages}
        (me|nos) (dejen|deje|dejes) de (escribir|llamar|molestar|contactar|hostigar|acosar| \
            fastidiar)
        (basta|alto|no más|paren|párenle|párele|párale|dejen|corten|cesen) [ya] (de|a|con) {det}* \
            {messages}
        (eliminación|baja|retiro|cancelación) de (mi|este) {number}
        stop [de|a] {det}* {messages}
        no (me|nos) {imperative} [{these}|ya] {det}* {messages}
        no (me|nos) {imperative} {again}
        no {imperative} (más|mas nada|ningún|ninguna) [{messages}]
        no {imperative} [más] {det}* {messages}
        no (me|nos) {bother} {again}
        no {bother} (más|nunca más|a este número|este número|al número)
        no (vuelvan|vuelva|vuelvas) a (contactarme|escribirme|llamarme|molestarme|enviarme| \
            mandarme|escribir|llamar|molestar|contactar)
        (nunca|jamás) [más] (me|nos) ({imperative}|{bother})
        (nunca|jamás) [más] (vuelvan|vuelva|vuelvas) a (contactarme|escribirme|llamarme| \
            molestarme|enviarme|mandarme|escribir)
        ya no (me|nos) ({imperative}|{bother})
        ya no (quiero|deseo) (que me|que nos) ({imperative}|{bother}|estén)
        no (quiero|deseo|queremos|autorizo a) que (me|nos) ({imperative}|{bother}|sigan|siga| \
            estén|vuelvan)
        {dont_want} [{receiving}] [{det}] [más|más de|de] {det}* {messages}
        {dont_want} {receiving} (más|nada|esto|eso|de ustedes|nada más|ningún|sus)
        {dont_want} (más|nada más|nada|saber nada|saber más|recibir) (de|con) (ustedes|uds|usted| \
            ti|su empresa|esta empresa)
        {dont_want} ser (contactado|contactada|molestado|molestada|llamado|llamada)
        {dont_want} (estar|seguir|continuar) en {det}* {list}
        (no más|ni un|ningún|ninguna|cero|sin más|no mas) {det}* {messages} [más]
        {out} (de|del) ..3 {list}
        {out} de (aquí|ahí|esto|esta|todo)
        {erase} (mi|mis|este|nuestro) {number}
        {baja} (de|del|en) ..3 {list}
        {baja} (mi|este) {number}
        (quiero|deseo|necesito|quisiera|solicito|me gustaría|gustaría|por favor|favor|favor de| \
            pido|pueden|puede|puedes|podrían|exijo|quiere) [que] [me] ({unsubscribe}|darme de \
            baja|dar de baja|den de baja|darnos de baja|dame de baja|me den de baja|denme de baja| \
            deme de baja|dé de baja|causar baja|la baja)
        {unsubscribe} (de|del|a|por favor|ya|inmediatamente)
        (déjenme|déjame|déjeme|dejadme|déjennos|dejarme) [ya] (en paz|tranquilo|tranquila| \
            tranquilos|de molestar)
        (cancelar|cancelen|cancela|cancele|anular|anulen|desactivar|desactiven|desactiva| \
            suspender|suspendan|bloqueen|detener|detengan|eliminen|parar|paren) (el envío|los \
            envíos|envío|envíos) [de] ..2
        (cancelar|cancelen|cancela|cancele|anular|anulen|desactivar|desactiven|desactiva| \
            suspender|suspendan|detener|detengan|detenga|parar|paren|pare) {det}* (mensajes| \
            mensaje|sms|correos|notificaciones|publicidad|promociones|llamadas|spam|textos| \
            whatsapp|mensajes de texto)
        (revoco|retiro|cancelo) [mi|el] (consentimiento|autorización|permiso)
        no (autorizo|doy permiso|doy mi consentimiento|consiento|tienen mi autorización|tienen \
            permiso|tienen mi permiso|doy autorización)
        (quiero|deseo|solicito) (salir|salirme) de ..2 {list}
        (quiero|necesito|deseo) que (dejen|paren|cesen|pare|deje) [ya] [de]
        les (pido|pedí|dije|he pedido|ruego|solicito|exijo) que (no|dejen|paren|me quiten|me \
            saquen|me eliminen|me borren|cesen)
        (número|persona) (equivocado|equivocada|incorrecto) [y|por favor|así que] (bórrenlo|bórralo| \
            bórrelo|elimínenlo|elimínalo|elimínelo|quítenlo|quítelo|quítalo|sáquenlo|sáquelo|{out})
        se (equivocó|equivocaron|equivoca|equivocan) de (número|persona) [y|por favor|así que] \
            (bórrenlo|bórralo|bórrelo|elimínenlo|elimínalo|elimínelo|quítenlo|quítelo|{out})
    """,
    alone="""
        {stop} [ya] de ({me_send}|{send}|{contact_me}) [ya|por favor|más]
        {stop} [ya] de (escribir|contactar|llamar|insistir|romper)
        (paren|dejen|ya paren) con (esto|eso)
        {stop} (ya|esto|eso|de una vez|todo|por favor)
        no (me|nos) {imperative} [{these}]
        no (me|nos) {bother} [ya]
        no {bother}
        no {imperative} [{these}]
        (no|sin|ningún|ninguna|cero) {det}* (mensajes|sms|correos|publicidad|promociones| \
            propaganda|spam|llamadas|ofertas|notificaciones|whatsapp|whatsapps|emails|mails| \
            anuncios)
        {out} [ya|por favor|inmediatamente|ahora]
        {baja} [ya|por favor|ahora|inmediatamente|del todo]
        {unsubscribe} [ya|ahora]
        {erase} ({number}|contacto)
        (no quiero|no deseo|ya no quiero|ya no deseo|no queremos) {receiving} [nada|ya|esto]
        (no quiero|ya no quiero|no deseo|no me interesa) [nada] (dejen de|paren|basta|quítenme| \
            bórrenme|elimínenme|denme de baja|sáquenme|denme baja)
        no (vuelvan|vuelva|vuelvas) a ({contact_me}|enviar|mandar|enviarme|mandarme)
        nunca (más|mas)
        en paz
        baja [de] [la|el|mi|esta|este] (lista|suscripción|servicio|número|correo|newsletter| \
            boletín|publicidad|sms|mensajes)
        (quiero|deseo|solicito|pido|necesito) [la|mi] baja
        salir (de|del) ..2 {list}
        (cancelar|anular) (registro|inscripción|envíos|envío)
    """,
    asides="""
        (no|ya no|nunca) [..1]
        quién (es|eres|son|habla|les) ..4
        (número|persona) (equivocado|equivocada|incorrecto)
        no (soy|conozco|los conozco|los conosco|la conozco|lo conozco) ..4
        (no|nunca) me (interesa|interesan) ..4
        es (molesto|una molestia|un abuso|acoso|spam)
        gracias ..3
        ya (dije|les dije|lo pedí) ..4
    """,
    footers="""
        (responda|responde|envía|envíe|escriba|escribe|manda|mande|conteste|contesta|digite| \
            digita|envia) [con|la palabra] (stop|baja|salir|alto|cancelar)
        para (darte|darse|dar|cancelar|salir|no recibir|dejar) ..4 (responda|responde|envía|envíe| \
            escriba|escribe|clic|click|haga|haz|llame|llama|http|https|www)
    """,
    hints="""
        cómo (me doy|puedo darme|hago para|puedo|darme|doy|se hace para|me) ..3 (baja| \
            desuscribirme|dejar de recibir|salir|cancelar la suscripción|desuscribo|desapunto)
        (nunca|no) [me|les|yo] (suscribí|suscribi|inscribí|registré|apunté|he suscrito|he \
            apuntado|di mi número|autoricé|pedí esto|solicité|he dado)
        (quién|cómo|de dónde|dónde) ..3 (mi número|mis datos|mi correo|mi teléfono)
        (harto|harta|hartos|cansado|cansada|cansó|aburrido|aburrida) (de|con) ..4 ({messages}| \
            llamadas|ustedes|molesten)
        (demasiados|demasiado|demasiada|muchos) {messages}
        (voy a|los voy a|te voy a|los|les voy a) (bloquear|denunciar|reportar|demandar)
        (esto|eso) es (spam|acoso|un abuso|abuso)
        por qué (me|siguen|sigue|sigo) ..2 ({messages}|enviando|mandando|escribiendo|molestando| \
            llamando|recibiendo|envían|mandan|escriben|llaman|molestan)
        (siguen|sigue|no paran de|no dejan de|no deja de) (enviándome|mandándome|escribiéndome| \
            molestando|enviando|mandando|escribiendo|llamando|enviar|mandar|escribir|molestar)
        no me (interesa|interesan) ..3 (no|quiten|dejen|borren|{messages})
        {stop} de ({me_send}|me enviar|me mandar)
        no (me|nos) {bother}
        no (me|nos) (envíen|envíe|manden|mande|mandes|envíes) [más] ..2
        {baja}
        (cancelar|cancelen|cancela|cancele|cancelo|anular|anulen|anula) [mi|la|esta|de] \
            (suscripción|subscripción|membresía)
        (eliminar|borrar|borren|eliminen|borra|elimina) ..2 (mis datos|mi información|mi cuenta)
        {dont_want} (saber nada|saber más|nada|estar en)
        (voy a|quiero) darme de baja
        (número|numero) equivocado
        desuscri
    """,
    curt="""
        {dont_want} [más] (información|info|detalles)
        (bórrenlo|elimínenlo|quítenlo|bórralo|elimínalo)
        [gracias|no|lo siento|pero] [ya] no (me interesa|me interesan|interesa|estoy interesado| \
            estoy interesada|estamos interesados) [..3]
        [tiene|tienes|es|tienen] [el|un] (número|contacto|persona) (equivocado|equivocada| \
            incorrecto) [..2]
        (vete|váyanse|vayanse|vete ya|lárguense|lárgate|jódanse|púdranse|chinguen|chinga|andate) \
            [..5]
        [es|esto es|puro|pura] (spam|estafa|basura) [..1]
        (bloqueado|bloqueados|reportado|denunciado)
        se (equivocó|equivocaron|equivoca|equivocan) [de número]
        [están|está|estás] (equivocado|equivocados|equivocada) [de número]
        qué (molestos|pesados|molesto|pesado|fastidio)
    """,
    limits="""
        (a esta hora|a estas horas|por la noche|de noche|tan tarde|tan temprano|hasta|mientras| \
            cuando|después|antes|hoy|mañana|por hoy|por ahora|los domingos|los fines|en inglés|en \
            español|sobre mi|de mi pedido|tan seguido|tantas veces|todos los días|duplicados| \
            repetidos|si|(mi|la|el|una|esta|este|nuestra) (línea|tarjeta|cuenta|contrato|luz| \
            póliza|plan|seguro|internet|servicio|celular|móvil|cita|pedido|factura|cuenta \
            bancaria)|[de|del] [el|la|mi|las|los] (gimnasio|gym|curso|clase|clases|club|colegio| \
            escuela|universidad|seguro|luz|agua|gas|internet|línea|telefonía|plan|contrato| \
            póliza|membresía)|de (un|uno|una|dos|tres|cuatro|cinco|diez|2|3|4|5|10))
    """,
    wishes="""
        (y|pero|solo|sólo|mejor|sino) [por favor|mejor|solo|sólo] (mándame|envíame|mándenme| \
            envíenme|mandame|envíe|envíeme|llámame|llámenme|llámeme|escríbeme|escríbanme|dame| \
            dime|díganme|deme|pásame|quiero)
    """,
)

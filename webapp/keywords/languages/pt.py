"""Portuguese. Written with accents where it is usual; all of it is folded."""

from webapp.keywords.languages.pack import Pack

PORTUGUESE = Pack(
    code="pt",
    unmistakable="""
        parem, descadastrar, descadastre, descadastra, descadastro, descadastramento,
        descadastrar me, me descadastre, me descadastra, me descadastrar, me descadastrem,
        desinscrever, desinscrever me, desinscreva, me desinscreva, me desinscrever,
        desinscrição, cancelar inscrição, parar de receber, parar mensagens, parar tudo,
        parem já, sair da lista, remover da lista, não perturbe, não perturbar, desassinar,
        cancelar recebimento, quero sair da lista, parar sms, pare tudo, cancelar mensagens,
        parar envio, parar envios, descadastrem, quero me descadastrar, pare agora, stop sms
    """,
    everyday="""
        parar, pare, para, parou, pare já, para já, sair, chega, basta, remover, excluir, remova,
        retirar, removam, exclua, me remova, me remove, me removam, me exclua, me exclui,
        me excluam, me tira, me tire, me tirem, me retire, me retirem, me apaga, me apague,
        me deleta, me delete, quero sair, quero parar, desejo sair, desativar, desligar, pode parar,
        podem parar, sai, saia, eliminar, remover número, deletar, já chega, chega de mensagem,
        quero parar de receber, quero ser removido, quero ser removida, sair do grupo, sair sair
    """,
    doubtful="""
        cancelar, cancela, cancele, cancelem, fim, encerrar, encerra, encerre, finalizar, bloquear,
        não quero mais, não quero, não quero nada, não tenho interesse, sem interesse, bloqueado,
        terminar, apagar, cancelar assinatura, não desejo, não desejo mais, não preciso,
        não quero mais nada, não me interessa, não estou interessado, não estou interessada,
        cancelamento, quero cancelar, anular, bloqueia, denunciado
    """,
    misspelt="""
        mensagen=mensagem, menssagem=mensagem, mensagems=mensagens, menssagens=mensagens,
        mensajem=mensagem, resceber=receber, naum=nao, naun=nao, qro=quero, kero=quero,
        vcs=voces, vc=voce, pfvr=por favor, zapzap=whatsapp,
        descadrastar=descadastrar, descadrastrar=descadastrar, descadatrar=descadastrar,
        discadastrar=descadastrar, descadastar=descadastrar, decadastrar=descadastrar,
        tirame=me tira
    """,
    polite="""
        por favor, porfavor, favor, por gentileza, gentileza, obrigado, obrigada, obg,
        muito obrigado,
        muito obrigada, grato, grata, agradeço, desculpa, desculpe, desculpem, com licença,
        valeu, vlw, pf, pfv, atenciosamente, att, abraço, abs, senhor, senhora, se possível,
        por obséquio, desde já agradeço, fico grato, fico grata, não obrigado, não obrigada
    """,
    fillers="""
        oi, olá, ola, bom dia, boa tarde, boa noite, ei, ok, sim, agora, já, imediatamente,
        urgente, logo, gente, amigo, moço, moça, cara, pessoal, pelo amor de deus, pelamor, aff,
        quero que, eu quero que, preciso que, peço que, solicito que, eu quero, quero, gostaria de,
        desejo, solicito, vocês podem, podem, pode, você pode, poderia, poderiam, caramba,
        porra, caralho, eu disse, já disse, já pedi para, já pedi, de uma vez, então, então tá, tá
    """,
    negations="""
        não, nao, ñ, n, nunca, jamais, sem, nem, não precisa, não é para, em vez de, ao invés de,
        deixem de
    """,
    bridges="""
        quero, queria, querem, quer, vou, vai, vão, posso, pode, podem, preciso, me, te, se, eu,
        que, de, a, disse, pedi, pra, para, é, ter, precisa, precisam, mais, consigo, pretendo
    """,
    doubts="""
        como, quando, se, por que, porque, posso, ele, ela, eles, elas, minha esposa, meu marido,
        minha mãe, meu pai, minha irmã, meu irmão, meu chefe, devo, onde, responda, responde,
        envie, digite, escreva, antes de, depois de, até, alguém, precisa, vou, preciso parar
    """,
    common="""
        a, as, ao, o, os, de, da, do, das, dos, e, em, na, no, nas, nos, me, meu, minha, mim, nao,
        que, se, por, pra, para, com, um, uma, eu, ja, mais, quero, favor, isso, esse, essa, este,
        esta, muito, tudo, ou, voce, como, sem, pode, sua, seu
    """,
    joins="e, ou, nem",
    lists={
        "stop": """
            pare, parem, para, parar, parassem, parasse, deixassem, deixe, deixem, deixa, deixar,
            chega, chega já, basta,
            pode parar, podem parar, favor parar, parem já, cessem, cesse, cessar, evite, evitem,
            interrompa, interrompam, suspenda, suspendam, stop, para já, pare já, dá para parar,
            pode por favor parar, vocês podem parar, quero parar, queria parar, gostaria de parar,
            quero que parem, pare logo, para logo, pare agora, abstenham se
        """,
        "send": """
            mandar, enviar, mandarem, enviarem, mandar me, enviar me, encaminhar, mandando,
            enviando, ficar mandando, ficar enviando, mandarme, enviarme, receber, disparar, ficar
            me mandando, ficar me enviando, postar
        """,
        "bother": """
            encher, encher o saco, encher meu saco, perturbar, incomodar, importunar, amolar,
            aborrecer, ligar, ligar pra mim, ligar para mim, me ligar, contatar, me contatar,
            entrar em contato, chamar, me chamar, escrever, escrever pra mim, spammar, atormentar,
            fazer spam, encherem, perturbarem, incomodarem, ligarem, ficar ligando,
            ficar me ligando, ficar enchendo, ficar perturbando, insistir, mandar mensagem,
            mandar mensagens, me mandar mensagem, me mandar mensagens, spam, encher a paciência,
            torrar, torrar a paciência, torrar o saco, chatear, mandar spam, me perturbar
        """,
        "imperative": """
            mande, mandem, manda, mandar, mandarem, envie, enviem, envia, enviar, enviarem,
            encaminhe,
            encaminhem, encaminhar, mandes, envies, fique mandando, fiquem mandando, fica mandando,
            fiquem enviando, fique enviando, volte a mandar, voltem a mandar, precisa mandar
        """,
        "disturb": """
            ligue, liguem, liga, ligar, ligarem, contate, contatem, contatar, perturbe, perturbem,
            perturba, perturbar, incomode, incomodem, incomoda, incomodar, escreva, escrevam,
            escreve, escrever, chame, chamem, chama, chamar, encha, encham, enche, encher, procure,
            procurem, procura, importune, importunem, amole, aborreça, entre em contato,
            entrem em contato, entrar em contato, mande mensagem, mandem mensagem, manda mensagem,
            mandar mensagem, envie mensagem, enviem mensagem, enviar mensagem, mande mensagens,
            mandem mensagens, enviem mensagens, mandar mensagens, enviar mensagens, chateie,
            faça contato, façam contato, contacte, contactem, contactar, telefone, telefonem
        """,
        "messages": """
            mensagem, mensagens, mensagem de texto, msg, msgs, mensage, mensages, mgs, msn, zap,
            zaps, mensagens de texto, mensagens automáticas, sms,
            promoção, promoções, promo, promos, propaganda, propagandas, publicidade, publicidades,
            oferta, ofertas, email, emails, e mail, e mails, spam, spams, anúncio, anúncios,
            whatsapp, ligação, ligações, novidades, marketing, newsletter, newsletters, notificação,
            notificações, torpedo, torpedos, texto, textos, comunicação, comunicações, comunicado,
            comunicados, convites, campanhas, campanha, divulgação, divulgações, conteúdo,
            conteúdos,
            porcaria, porcarias, lixo, besteira, besteiras, merda, merdas,
            chamadas, informativos, boletim, mala direta, zapzap, telemarketing
        """,
        "these": """
            isso, isto, nada, essas coisas, mais nada, essas merdas, coisas, coisa,
            tudo isso
        """,
        "det": """
            mais, tanta, tanto, tantas, tantos, suas, seus, sua, seu, esse, essa, esses, essas,
            este, esta, estes, estas, as, os, o, a, de, do, da, das, dos, nenhum, nenhuma, qualquer,
            tipo de, com, com as, com os, outra, outro, uma, um, essas malditas, pra, por, via,
            pelo, todo tipo de, tipo, malditas, tal, dessas, desses, deste, desse, me, nem
        """,
        "list": """
            lista, listas, cadastro, cadastros, base, bases, base de dados, grupo, grupos, sistema,
            contatos, contato, mailing, banco de dados, transmissão, lista de transmissão,
            lista de contatos, lista de contato, daqui, dai, disso, disto, whatsapp, newsletter,
            mensagens, promoções, envios, disparos, sms, emails, agenda, e mails, marketing,
            propaganda, propagandas, divulgação, notificações, automação, robô
        """,
        "out": """
            me tira, me tire, me tirem, me tirar, me remova, me remove, me removam, me remover,
            me exclua, me exclui, me excluam, me excluir, me apaga, me apague, me apaguem,
            me retire,
            me retira, me retirem, me retirar, me descadastra, me descadastre, me descadastrem,
            me delete, me deleta, tire me, tira eu, tirem me, remova me, removam me, exclua me,
            retire me, remove eu, exclui eu, apaga eu, tirar me, remover me, excluir me, retirar me, me desinscreva, me bloqueia,
            ser removido, ser removida, ser retirado, ser retirada, ser excluído, ser excluída
        """,
        "erase": """
            tire, tira, tirem, tirar, remova, remove, removam, remover, exclua, exclui, excluam,
            excluir, apague, apaga, apaguem, apagar, delete, deleta, deletem, deletar, retire,
            retira, retirem, retirar, esqueça, esquece, esqueçam, perca, percam, elimine, eliminem,
            descadastre, descadastra, descadastrem, descadastrar, risca, risque
        """,
        "number": """
            número, numero de telefone, numero de celular, contato, telefone, fone, celular, nome,
            email, e mail, whatsapp, cadastro, tel, cel
        """,
        "unsubscribe": """
            descadastrar, me descadastrar, me desinscrever, desinscrever, descadastrar me,
            cancelar minha inscrição, cancelar a inscrição, cancelar inscrição, me desligar,
            sair da lista, sair desta lista, sair dessa lista, ser descadastrado, ser descadastrada,
            o descadastro, meu descadastro, descadastro, desassinar, unsubscribe,
            me remover da lista
        """,
        "dont_want": """
            não quero, não quero mais, não desejo, não desejo mais, não gostaria, não gostaria de,
            não gostaria mais de, não tenho interesse em, não tenho mais interesse em, não preciso,
            não preciso mais, não aceito, não aceito mais, não quero nem, não queremos,
            não queremos mais, não pedi, nunca pedi, não solicitei, nunca solicitei, não autorizo,
            não autorizei, nunca autorizei, não quero mais que, não quero que me, não me interessa,
            não me interesso por, não quero saber de, prefiro não, não aguento mais, não curto,
            não gosto de, não gosto que, n quero, n quero mais, n desejo, n desejo mais, num quero,
            num quero mais
        """,
        "receiving": """
            receber, mais receber, receber mais, continuar recebendo, ficar recebendo, recebendo,
            ver, ver mais, ler, seguir recebendo, estar recebendo, ter
        """,
        "no": "não, n, num, ñ, nunca",
        "again": """
            mais, nunca mais, mais nunca, novamente, de novo, outra vez, jamais, mais não,
            mais por favor, nada, mais nada
        """,
    },
    requests="""
        {stop} (de|com|com o envio de) [me|nos|ficar me] [{send}|receber] [me|pra mim|para mim] \
            {det}* {messages}
        {stop} de [me|nos] {send} [pra mim|para mim] {these}
        {stop} de [me|nos] {bother}
        (pare|parem|para|chega) [já] (me encher|de encher|me perturbar|me incomodar|me ligar)
        (pare|parem|parar|interromper|interrompam|suspender|suspendam) [com] [o|os|as] (envio| \
            envios|mensagens|disparos|sms|promoções|propagandas|ligações|notificações|mensagem| \
            spam)
        {stop} de receber {det}* {messages}
        {no} [me|nos] {imperative} [me|pra mim|para mim] ({these}|mais|nunca mais) {det}* \
            [{messages}]
        {no} [me|nos] {imperative} [me|pra mim|para mim] {det}* {messages}
        {no} [me|nos] {disturb} [me|pra mim|para mim] {again}
        ({no}|nunca) [me] (entre|entrem|entrar|entra) [mais] em contato
        (nunca|jamais) [mais] (me|nos) ({imperative}|{disturb})
        (nunca|jamais) mais ({imperative}|{disturb}) [me|{messages}]
        {dont_want} [mais] [{receiving}] {det}* {messages}
        {dont_want} {receiving} (mais|nada|isso|isto|mais nada|essas coisas)
        {dont_want} (mais receber|mais que|que me|que vocês me|que me mandem|que mandem|que \
            enviem) [{imperative}|{disturb}] [{messages}|nada|mais]
        {dont_want} que (me|nos|vocês me|vocês) ({imperative}|{disturb})
        {dont_want} (mais) [ser|fazer parte|estar|participar] (contatado|contatada|incomodado| \
            incomodada|desta lista|dessa lista|da lista|do grupo|na lista|nessa lista|nesta lista)
        {dont_want} ser (contatado|contatada|incomodado|incomodada|perturbado|perturbada| \
            contactado|contactada)
        {dont_want} (fazer parte|participar|estar|ficar) (da|do|de|desta|dessa|deste|desse|na|no| \
            nessa|nesse) ..2 {list}
        {dont_want} (contato|nada) (de|com|seu|da|dessa|desta|de vocês) ..2 (vocês|empresa|loja| \
            você|voces|voce)
        (nem mais uma|sem mais) {messages}
        chega (de|com|dessas|desses|dessa|desse|destas) {det}* {messages}
        {out} [já|agora|por favor|imediatamente] (da|do|de|desta|dessa|deste|desse|das|dos|daí| \
            daqui|disso) ..3 {list}
        {out} (daqui|daí|disso|dai)
        {erase} [o|esse|este] (meu|esse|este|nosso) {number}
        {erase} [o|meu|esse|este] (número|contato|telefone) (da|do|de|desta|dessa|deste|desse) \
            ..2 {list}
        (quero|gostaria de|desejo|preciso|queria|solicito|peço|quero por favor|pode|podem|podia| \
            poderia|poderiam|favor|por favor|como faço para) {unsubscribe}
        (quero|gostaria de|desejo|queria|preciso|posso) (sair|ser retirado|ser removido|ser \
            excluído) (da|do|desta|dessa|deste|desse|de) ..2 {list}
        (quero|gostaria de|desejo|queria|solicito) que (parem|pare|me tirem|me removam|me excluam| \
            {no} me|meu número seja)
        (descadastre|descadastrem|descadastra|descadastrar) (me|meu|minha|esse|este|o|a|do|da|por \
            favor)
        (sair|saindo|saio) (da|do|das|dos|desta|dessa|deste|desse) (lista|listas|cadastro| \
            whatsapp|mensagens|newsletter|mailing|promoções|transmissão|lista de transmissão|sms| \
            envios|grupo de promoções|propaganda)
        (cancelar|cancela|cancele|cancelem|desativar|desative|desativem|interromper|bloquear| \
            bloqueie|bloqueiem) [o|a|os|as|meu|minha|esse|este|essas|esses|estas] (envio|envios| \
            recebimento|mensagens|mensagem|inscrição|cadastro de mensagens|sms|newsletter| \
            notificações|promoções|propagandas|disparos|spam|recebimento de)
        (me deixa|me deixe|me deixem|deixa me|deixem me|deixe me|deixa eu|deixem eu) (em paz| \
            quieto|quieta|sossegado|sossegada|tranquilo)
        (revogo|retiro|cancelo) [o] [meu] (consentimento|autorização|permissão)
        (gostaria de|prefiro|quero|desejo|peço para|prefiro|favor) não [mais] {receiving} [{det}] \
            [{messages}|nada]
        (remoção|exclusão|retirada|descadastramento) (do|de|da) (meu|minha|nosso) {number}
        {no} (autorizo|autorizei|consinto|dou permissão|dou autorização|têm autorização|tem \
            autorização|tem permissão|autorizo mais) [..3]
        já (pedi|falei|disse|solicitei) [para|pra|que] (parar|pararem|parem|não mandar|não me|me \
            tirar|me remover|não me mandar|não quero)
        (número|contato|telefone) errado [por favor|então|pode] ({erase}|{out})
        larga [do] meu pé
        sai do meu pé
    """,
    alone="""
        {stop} de [me|nos] {send} [me|mais]
        {stop} (com isso|com isto|com essas coisas|com essa porcaria|já|agora|tudo|por favor|logo)
        {no} [me|nos] {imperative} [me] [{these}|{again}|mais]
        {no} [me|nos] {disturb} [me|mais] [por favor]
        (não|sem|nada de|nenhuma|zero|chega de) {det}* (mensagens|sms|promoções|propagandas| \
            propaganda|publicidade|spam|ligações|notificações|emails|marketing|ofertas)
        (não|nenhuma|zero) {det}* mensagem
        {out} [já|agora|imediatamente]
        {erase} ({number}|meu contato|da lista|meu número)
        {unsubscribe} [já|agora|por favor|imediatamente]
        {dont_want} {receiving} [mais|nada|isso]
        (não quero mais|não quero|não tenho interesse|sem interesse) [nada] [favor|por favor] \
            (parem|pare|me tira|me tirem|me remova|me removam|me exclua|me descadastre)
        (não tenho interesse|sem interesse) (parar|descadastrar|sair|remover)
        {dont_want} (isso|nada|contato|mais isso|mais contato|mais nada)
        (nunca|jamais) mais
        (quero|desejo|gostaria de|preciso|queria) (sair|parar) [disso|daqui|disto|agora|já]
        parar de (receber|enviar|mandar|perturbar|incomodar)
        (cancelar|cancela|cancele) (cadastro|inscrição|minha inscrição|meu cadastro|recebimento| \
            contato|o cadastro)
        {no} (perturbe|incomode|insista|insistam|enche|encha|me enche|perturba)
    """,
    asides="""
        (não|nao|nunca) [..1]
        quem (é|são|fala|e|ta falando) ..4
        número errado
        {no} (sou|conheço|te conheço|conheço vocês|conheço vcs) ..4
        já (pedi|falei|disse) ..5
        obrigad ..2
        que (saco|chato|chatice|inferno)
        {no} tenho interesse ..3
        {no} (moro|uso|preciso|quero) ..5
    """,
    footers="""
        (responda|responde|envie|digite|escreva|mande|envia) [com|a palabra|a palavra] (stop|sair| \
            parar|pare|cancelar)
        para (sair|cancelar|descadastrar|não receber|parar) ..4 (responda|responde|envie|digite| \
            escreva|clique|acesse|http|https|www|ligue)
    """,
    hints="""
        (bloqueia|bloqueie|bloqueiem|bloquear|bloqueiam) [o] (meu|este|esse) {number}
        como faço [para|pra] (sair|parar|cancelar)
        como (cancelo|saio|paro) [isso|disso|daqui|da lista|de receber]
        (como|onde) ..3 (sair da|descadastrar|descadastro|parar de receber|me descadastrar| \
            cancelar inscrição|cancelar o recebimento|não receber)
        (nunca|não) [me|eu] (cadastrei|inscrevi|assinei|autorizei|passei meu número|pedi isso| \
            solicitei|dei meu número|pedi para receber)
        (quem|como|onde|de onde) ..3 (meu número|meu contato|meu telefone|meus dados)
        (cansado|cansada|farto|farta|de saco cheio|não aguento mais|saco cheio) (de|com|dessas| \
            desses|dessa) ..3 ({messages}|vocês|mensagens)
        (muita|muitas|tanta|tantas|demais) {messages}
        (vou|irei|já) (bloquear|denunciar|processar|bloqueei|denunciei|reportar)
        (isso|isto) é (spam|assédio|abuso|perturbação)
        por que [vocês|vcs|voces|voce|eu] [ainda|sempre] [ficam|continuam|estão|estou|continuo| \
            tanto] (me mandando|me mandar|me mandam|me ligando|recebendo|mandando|enviando|me \
            enviam|insistem)
        (não param de|não para de|continuam|continua|ficam) (mandar|enviar|ligar|mandando| \
            enviando|ligando|me mandando|me enviando|me ligando|perturbando|me mandar|me enviar| \
            me ligar)
        {stop} de me {send}
        {stop} de [me|nos] (mandar|enviar) {det}* {messages}
        {no} me {disturb}
        {no} me (manda|mande|mandem|envie|enviem|envia)
        cancelar (minha|a|essa|esta) assinatura
        (excluir|apagar|deletar|excluam|apaguem|remover|exclusão|remoção) [de|dos|os] meus dados
        (quero|preciso|vou) me descadastrar
        número errado
        lgpd
    """,
    curt="""
        [obrigado|obrigada|não|mas|desculpe] [no momento|mas] não (tenho interesse|tenho mais \
            interesse|estou interessado|estou interessada|me interessa|interessa|há interesse) \
            [..3]
        [é|foi|deve ser] (engano|número errado|telefone errado|pessoa errada) [..2]
        (vai|vão|vá|vao) (se foder|se fuder|tomar no|à merda|a merda|pra puta|se lascar|pro \
            inferno|encher|te catar|se catar|pra merda) ..4
        [é|isso é|puro|que] (spam|golpe|lixo) [..1]
        (bloqueado|bloqueada|denunciado|bloqueando)
        me erra
        me (esquece|esqueçam|esqueça)
        (sai|saia) fora
        vaza
        que (saco|inferno|chatice) [..2]
        {no} sou (o|a|eu) [..2]
        esse (número|numero|telefone) não é ..3
        ligou errado
        {dont_want} mais (nada|isso|não)
        vai encher outro
    """,
    limits="""
        (a essa hora|a esta hora|à noite|de noite|de madrugada|tão tarde|tão cedo|até|enquanto| \
            quando|depois|antes|hoje|amanhã|por hoje|por enquanto|aos domingos|domingo|no domingo| \
            no fim de semana|em inglês|sobre meu|do meu pedido|toda hora|todo dia|repetidas| \
            repetida|duplicadas|duplicada|se|errada|erradas|(da|do|na|no|de) [minha|meu] (academia| \
            curso|aula|aulas|clube|escola|faculdade|loja|seguro|plano|contrato|pedido|cartão| \
            internet|linha|luz|água|carrinho))
    """,
    wishes="""
        (e|mas|só|apenas|somente) [me|por favor|só|já] (manda|mande|mandem|envia|envie|enviem| \
            liga|ligue|chama|passa|passe|diz|diga|fala|responde|responda|mandar|enviar) [me|o|a| \
            os|as|só|logo|meu|minha|um|uma]
        (e|mas) [me] (quero|preciso|mande|manda|envie|envia)
        só (manda|quero|preciso|me manda|me mande|envia|mande)
    """,
)

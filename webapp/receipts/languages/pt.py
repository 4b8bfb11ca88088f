"""Portuguese, as it is written in Brazil."""

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.languages.texts import Texts
from webapp.receipts.rules import Why

PORTUGUESE = Texts(
    code="pt",
    locale="pt_BR",
    channels={
        Channel.EMAIL: "e-mail",
        Channel.SMS: "SMS",
        Channel.VOICE: "chamada de voz",
        Channel.WHATSAPP: "WhatsApp",
    },
    kinds={
        AddressKind.PHONE: "seu número",
        AddressKind.EMAIL: "seu endereço de e-mail",
        AddressKind.WHATSAPP_ID: "sua conta do WhatsApp",
    },
    this_business="esta empresa",
    messages_from="Mensagens enviadas por {business}",
    stop="Parar mensagens por {channel}",
    stop_question="Parar mensagens por {channel}?",
    stop_everything="Parar tudo",
    about="Trata-se das mensagens que {business} envia por {channel} para {address}.",
    stopped_already="Elas já estão paradas. Você não precisa fazer mais nada.",
    nothing_yet="Nada muda até você tocar em um botão. Não é preciso entrar em uma conta.",
    stop_promise=(
        "Você não receberá mais mensagens de marketing por {channel}. O que está na fila será "
        "cancelado."
    ),
    stop_promise_everything=(
        "Você não receberá mais mensagens de marketing por nenhum canal. O que está na fila será "
        "cancelado."
    ),
    all_preferences="Ver e mudar todas as suas preferências",
    preferences="Suas preferências",
    last_change="A última mudança por {channel}",
    no_address="Não temos um contato seu neste canal",
    held="Em espera: alguém vai ler primeiro uma resposta sua",
    needs_yes="Nada é enviado sem o seu sim",
    not_stopped="Não foram paradas",
    stopped="Paradas",
    allowed="Permitidas",
    allow="Permitir mensagens por {channel}",
    allow_means=(
        "Quero receber aqui mensagens de marketing enviadas por {business}. Posso pará-las a "
        "qualquer momento."
    ),
    undo_means=(
        "Não fui eu, ou mudei de ideia: quero receber aqui mensagens de marketing enviadas por "
        "{business}. Posso pará-las a qualquer momento."
    ),
    narrow_means=(
        "Eu me referia só a esse canal: quero receber mensagens de marketing enviadas por "
        "{business} nos outros canais. Posso pará-las a qualquer momento."
    ),
    reach=(
        "Parar vale para todos os seus contatos que {business} conhece. Permitir vale só para "
        "{address}, para onde este link foi enviado: quem tem o link pode usar os botões."
    ),
    receipt="Comprovante",
    what="O quê",
    whom="Para",
    when="Quando",
    through="Como",
    also="Também",
    cancelled="Canceladas",
    sources={
        Source.MANUAL: "Alguém que trabalha para {business}",
        Source.KEYWORD: "Sua resposta",
        Source.BUTTON: "Um botão tocado em uma mensagem enviada a você",
        Source.LINK: "Um link enviado a você",
        Source.API: "Um sistema que {business} usa",
        Source.IMPORT: "Uma lista que {business} importou",
        Source.PROVIDER: "Seu provedor de {channel}, que avisou {business}",
        Source.REVIEW: "Alguém que trabalha para {business} e leu sua resposta",
        Source.CORRECTION: "Alguém que trabalha para {business} e desfez uma mudança",
    },
    taken_back="{channel}: uma mudança foi desfeita",
    changed_nothing="{channel}: isto não mudou nada",
    are_stopped="As mensagens por {channels} estão paradas",
    were_stopped="As mensagens por {channels} foram paradas",
    are_allowed="As mensagens por {channels} estão permitidas",
    were_allowed="As mensagens por {channels} foram permitidas",
    elsewhere="{channel} em outro contato seu",
    none_waited="Nenhuma estava na fila",
    origins={
        Origin.MANUAL: "escritas por uma pessoa",
        Origin.SCHEDULED: "agendadas",
        Origin.API: "de um sistema",
        Origin.AUTOMATION: "automáticas",
        Origin.CAMPAIGN: "de uma campanha",
        Origin.CONFIRMATION: "de confirmação",
    },
    not_you="Não foi você?",
    stop_here="Pare aqui. Isso sempre funciona.",
    take_back="Desfazer",
    change_below="Mude abaixo.",
    narrow="Manter parado só {channel}, permitir o resto",
    fixed="O que está parado em outro contato seu continua assim: {channels}.",
    whys={
        Why.OTHER_ADDRESS: (
            "Trata-se de outro contato, e não daquele para onde este link foi enviado. Use um link "
            "enviado para lá; em um telefone, você também pode responder START por lá."
        ),
        Why.PROVIDER: "O próprio provedor mantém esta parada; só lá ela pode ser desfeita.",
        Why.NEWER: "Há algo mais recente, por isso esta mudança não pode ser desfeita aqui.",
        Why.TOO_SOON: "Isso foi parado há um instante. Tente de novo daqui a um minuto.",
        Why.DONE: "As mensagens já estão permitidas de novo.",
    },
    at_provider={
        Channel.EMAIL: (
            "Seu provedor de e-mail avisou. Escreva para {business} para voltar a receber e-mails."
        ),
        Channel.SMS: (
            "Seu provedor mantém esta parada. Envie START por SMS ao número que escreveu para você."
        ),
        Channel.VOICE: "Seu provedor mantém esta parada. Peça a {business} que a desfaça por lá.",
        Channel.WHATSAPP: (
            "Você parou isto no WhatsApp, e só lá pode desfazer: abra a conversa com {business}, "
            "toque no nome no alto e permita de novo ofertas e anúncios."
        ),
    },
    reached_elsewhere=(
        "Essas mensagens chegam a outro contato seu. Para permitir, use um link enviado para lá ou "
        "responda START por lá."
    ),
    stopped_now="Parado há um instante. Abra esta página de novo daqui a um minuto para permitir.",
    stopped_elsewhere="Outro contato seu está parado aqui. Responda START por lá para permitir.",
    still="O que ainda pode chegar",
    still_service=(
        "Por {channel}, ainda podem chegar mensagens sobre um pedido, um agendamento ou um acesso "
        "à sua conta. Elas não são publicidade."
    ),
    still_answers=(
        "Por {channel}, nada mais é enviado automaticamente. Uma pessoa ainda pode responder a "
        "você."
    ),
    unknown="Este link está incompleto",
    unknown_why=(
        "Talvez uma parte tenha se perdido no caminho. Nada foi mudado. Abra mais uma vez o link "
        "da mensagem."
    ),
    unknown_otherwise=(
        "Você sempre pode parar de outra forma: responda {stop} a qualquer mensagem nossa. Para "
        "isso não é preciso link."
    ),
    choose_channel="Escolha um canal.",
    for_the_person=(
        "Você entrou no Heed. Só a própria pessoa permite mensagens aqui; registre o consentimento "
        "dela na página do contato."
    ),
)

"""English."""

from webapp.keywords.languages.pack import Pack

_MESSAGES = """
    message, messages, msg, msgs, mssg, mssgs, text, texts, txt, txts, text message,
    text messages, text msgs, txt msgs, sms, smses, sms messages, email, emails, e mails, e mail,
    mail, mails, mailings, newsletter, newsletters, spam, spams, ad, ads, advert, adverts,
    advertising, advertisement, advertisements, marketing, promo, promos, promotion, promotions,
    notification, notifications, alert, alerts, communication, communications, correspondence,
    broadcast, broadcasts, blasts, whatsapp, whatsapps, whatsapp messages, solicitation,
    solicitations, robocalls, robo calls, robotexts, robo texts, junk, crap, shit, bullshit, bs,
    rubbish, garbage, sales pitches
"""
_VERBS = """
    text, txt, message, msg, contact, email, e mail, mail, call, phone, ring, sms, whatsapp, write,
    write to, spam, bother, disturb, pester, harass, solicit, dm, ping, annoy, bug, notify,
    reach out to, reach out, get in touch with, market to, advertise to
"""
_SENDS = """
    send messages to, send texts to, send emails to, send message to, send text to, send sms to,
    send anything to, send msgs to
"""

ENGLISH = Pack(
    code="en",
    unmistakable="""
        stop, stop all, stopall, stop everything, unsubscribe, unsub, unsubscribe all,
        un subscribe, opt out, optout, opt me out, opt out all, desubscribe, unsubscribe me,
        stop2end, stop2quit, stop2stop
    """,
    everyday="""
        quit, revoke, remove, halt, desist, cease, cease and desist, remove me, delete me,
        unsub me, stop this, stop it, stop that, stop these, stop promo, stop sub, dnc,
        off the list, removal request, opt out request,
        discontinue, unenroll, deregister, unregister, no further contact, no contact,
        enough is enough, make it stop, opting out, stop them, stop them all, stop service
    """,
    doubtful="""
        cancel, end, cancel all, cancel me, end it, enough, delete, block, block me, mute, no more,
        unfollow, leave, exit, out, im out, i am out, terminate, stopped, stopping, unsubscribed,
        unsubscribing, subscription cancel, cancel subscription, unlist, no mas, go away,
        please cancel, request removal, removal
    """,
    slips="""
        dtop, atop, wtop, etop, xtop, ztop, srop, syop, sfop, sgop, stip, stpp, stkp, stlp, stoo,
        stol, stp, sto, sop, sstop, sttop, stoop, stopo, stope, stopt, stops, sotop, stap, stahp,
        quir, quti, unsubs, opout, optut, op out, ipt out, opt ou, opt iut, opt oit, stop1, stop2,
        stop3, opy out
    """,
    misspelt="""
        unsuscribe=unsubscribe, unsubcribe=unsubscribe, unsubscibe=unsubscribe,
        unsubsribe=unsubscribe, unsubscrib=unsubscribe, unscribe=unsubscribe,
        unsubscripe=unsubscribe, unsubscribr=unsubscribe, unsuscrib=unsubscribe,
        unsubscrive=unsubscribe, unsubscrbe=unsubscribe, unsubscrine=unsubscribe,
        unscubscribe=unsubscribe, unsubsubscribe=unsubscribe, unsubribe=unsubscribe,
        unscuscribe=unsubscribe, insubscribe=unsubscribe, onsubscribe=unsubscribe,
        unsubcrib=unsubscribe, unsubscr1be=unsubscribe, usubscribe=unsubscribe,
        unsubscride=unsubscribe, stoptexting=stop texting, stopmessaging=stop messaging,
        stopcalling=stop calling, stopsending=stop sending, st0p=stop, 5top=stop, 5t0p=stop,
        stopp=stop,
        plese=please, pleas=please, plz=please, pls=please, plss=please, pleae=please,
        rwmove=remove, remov=remove, removr=remove, remve=remove, remobe=remove, reomve=remove,
        removeme=remove me, recieve=receive, recive=receive, receve=receive,
        recieving=receiving, reciving=receiving, mesages=messages, messges=messages,
        messeges=messages, mesage=message, messege=message, messags=messages, dnt=dont,
        donot=do not, dotn=dont, ur=your, yr=your, textin=texting, txting=texting,
        txtin=texting, textting=texting, txtng=texting, textinf=texting, tetxing=texting,
        messagin=messaging, msging=messaging, contactin=contacting, callin=calling,
        sendig=sending, sendin=sending, sneding=sending, tke=take, agen=again, agian=again, taek=take, mesaging=messaging, messging=messaging,
        massaging=messaging, nomore=no more, unsubscibed=unsubscribed, optme=opt me
    """,
    polite="""
        please, please and thank you, kindly, thank you, thankyou, thanks, thank u, thanx, thx, ty,
        tyvm, tia, many thanks, thank you very much, thanks very much, thanks a lot,
        thanks in advance, thank you in advance, thank you so much, thanks so much,
        much appreciated, appreciate it, i appreciate it, cheers, sorry, im sorry, i am sorry,
        x, xx, sir, madam, mam, maam, regards, kind regards, best regards, sincerely,
        respectfully, if you please, have a nice day, have a good day, have a great day, god bless
    """,
    fillers="""
        hi, hey, hello, hiya, yo, dear, guys, folks, team, hi there, hello there, good morning,
        good afternoon, good evening, good day, ok, okay, alright, yes, yeah, yep, yup, just, now,
        right now, immediately, asap, at once, already, dude, man, bro, mate, can you, could you,
        would you, will you, can u, could u, would u, will u, can you just, could you just,
        i want you to, i need you to, i would like you to, id like you to, i want u to,
        i need u to, you need to, u need to, you must, you have to, i want this to, i want it to,
        i said, i told you, i told you to, i told u to, i asked you to, i have asked you to,
        i already told you to, i already said, i already said to, i said to, i keep saying,
        i want to, i want, i wish to, i would like to, id like to, im asking you to, need to,
        i am asking you to, i need to, i choose to, i request to, i am asking to, want to,
        omg, jesus, god, damn, seriously, ugh, no thanks, no thank you, i beg you, and, sure,
        one more time, but, for the last time, last warning, final warning, once and for all,
        for good, forever, wtf, fuck, fucking, bloody, goddamn, the fuck, the hell, for gods sake,
        for the love of god, ffs, this is my last warning, again, fuck off, piss off, f off, sod off,
        bugger off, go to hell, get lost, screw you, fuck you
    """,
    negations="""
        dont, do not, don t, never, not, cant, cannot, can not, couldnt, could not, wont, will not,
        wouldnt, would not, didnt, did not, doesnt, does not, shouldnt, should not, isnt, arent,
        wasnt, havent, hasnt, did you, did u, did they, have you, do you, do they, without, aint,
        no need to, no reason to, unable to, refuse to,
        hate to, afraid to, opposite of, instead of, rather than, bus, next, full, pit, train
    """,
    bridges="""
        ever, even, really, just, want, wish, like, need, have, mean, say, said, think, tell, ask,
        asked, please, to, you, u, ya, me, us, we, i, it, them, should, would, could, will, can,
        going, plan, intend, planning, trying, try, dare, that, all, actually, necessarily, yet,
        remove, take, delete, get, guys
    """,
    doubts="""
        how, when, why, where, if, whether, unless, until, did, does, he, she, they,
        him, her, them, someone, somebody, people, everyone, anyone, nobody, can i, may i, could i,
        should i, shall i, do i, told him, told her, told them, before, after, reply, text, txt,
        send, option, button, able, wife, husband, sister, brother, boss, mom, dad, friend, ex
    """,
    common="""
        a, all, am, an, and, any, are, as, at, be, but, by, can, could, do, does, for, from, get,
        have, having, how, i, id, if, im, in, is, it, just, me, more, my, no, not, now, of, off,
        on, or, out, please, so, that, the, them, these, this, those, to, too, u, up, us, was, we,
        what, who, why, will, with, would, you, your, like, been, did, want, dont, keep, here,
        ur, know
    """,
    joins="and, or, nor, n",
    lists={
        "stop": """
            stop, stop with, stop w, stop it with, stop all, quit, cease, discontinue, halt, refrain from, desist from,
            knock off, stop the, stopping, stop to, pls stop, end, stip, stp, stpo, sotp, tsop,
            dtop, stap,
            stahp, stoop, srop, syop
        """,
        "text": _VERBS + "," + _SENDS,
        "texting": _VERBS
        + ","
        + _SENDS
        + """
            , texting, texing, messaging, contacting, emailing, e mailing, mailing, calling,
            phoning,
            ringing, sms ing, smsing, whatsapping, whatsapp ing, writing, writing to, spamming,
            spaming, bothering, disturbing, pestering, harassing, harrassing, soliciting, dming,
            pinging, annoying, bugging, notifying, reaching out to, bombarding, hounding,
            badgering, marketing to, advertising to, hitting up, blowing up, flooding,
            sending messages to, sending texts to, sending emails to, sending message to,
            sending text to, sending msgs to, sending sms to, sending spam to, sending stuff to,
            sending things to, sending this to, sending these to, sending anything to
        """,
        "texted": """
            texted, messaged, contacted, emailed, called, mailed, phoned, spammed, bothered,
            disturbed, harassed, solicited, notified, whatsapped, txted, text, contact
        """,
        "getting": "getting, receiving, geting, being sent",
        "get": "get, receive, have, see, read, hear, be sent, be getting, be receiving",
        "receive": "get, receive, be sent, be getting, be receiving, keep getting",
        "sending": "sending, giving, pushing, delivering, send, forwarding, with, posting",
        "messages": _MESSAGES,
        "plenty": """
            messages, msgs, texts, txts, text messages, sms, emails, e mails, mails, mailings,
            newsletters, spam, ads, adverts, advertising, advertisements, marketing, promos,
            promotions, notifications, alerts, communications, communication, broadcasts,
            solicitation, solicitations, robocalls, robotexts, junk, junk mail, calls, phone calls
        """,
        "offers": """
            offer, offers, deal, deals, discounts, coupons, vouchers, updates, call, calls,
            phone calls, contact, news, reminders, surveys, campaigns, invites, invitations
        """,
        "these": """
            this, these, those, them, anything, nothing, stuff, things, everything, all this,
            such things
        """,
        "det": """
            the, your, these, those, this, that, any, any more, anymore, more, all, of, so many,
            such, further, stupid, bloody, fucking, fuckin, fcking, fking, fing, effing, freaking,
            damn, goddamn, annoying, unwanted,
            unsolicited, marketing, promotional, promo, daily, text, txt, sms, whatsapp, spam,
            spammy, junk, sales, automated, advertising, email, commercial, random, future,
            constant, endless, dumb, silly, ridiculous, useless, other, political, bulk, kind,
            sort, me, us, from you, a, another, single, mass, group, campaign, notification, every
        """,
        "me": """
            me, us, this number, my number, my phone, my cell, my cellphone, my mobile, my line,
            this phone, this line, my email, my inbox, this email, this address, my whatsapp,
            my wife, my husband, my family, my mother, my mom, my daughter, my son, my kids, here,
            this no, my no, my home, my house, my work, my phone number, my cell phone
        """,
        "dont": "dont, do not, don t, must not, should not, shouldnt, please not, not to",
        "dont_want": """
            dont want, do not want, dont wish, do not wish, dont need, do not need, dont care for,
            dont care, do not care, no longer want, no longer wish,
            no longer need, no longer care, no longer desire, didnt want, did not want,
            never wanted, dont desire, do not desire, dont really want, never want, rather not,
            prefer not, prefer to not, dont ever want, do not ever want, wouldnt like,
            would not like, not want, not wish, dont even want, dont wanna, do not wanna,
            dont want to want
        """,
        "again": """
            again, anymore, any more, any longer, no more, ever, ever again, further, at all,
            never again, in future, in the future, going forward, from now on, please
        """,
        "remove": """
            remove, removing, delete, erase, exclude, unlist, strike, scratch, wipe, scrub,
            eliminate, purge, drop, unsubscribe, rmv, removed, deleted
        """,
        "off": "off, off of, from off, out of, out, from, form, fron, frm, of",
        "list": """
            list, lists, mailing list, mailing lists, database, databases, db, system, contacts,
            contact, contact list, records, record, file, files, distribution, messages, message,
            texts, text, emails, email, mailings, mailing, call list, crm, text list, email list,
            subscription, subscriptions, subscriber list, subscribers, newsletter, newsletters,
            broadcast, broadcasts, campaign, campaigns, group, roster, rotation, distro, marketing,
            sms, whatsapp, spam, everything, alerts, notifications, phone list, group text, thread,
            chain, promotions, promos, communications, program, directory, updates, phonebook
        """,
        "number": """
            number, no, num, phone number, cell number, mobile number, cell, phone, mobile, contact,
            name, email, email address, e mail, contact details, contact info, telephone,
            telephone number, number and name, name and number, digits, contact information
        """,
        "unsubscribe": """
            unsubscribe, unsub, un subscribe, un sub, opt out, optout, opt me out, desubscribe,
            unsubscribe me, unsub me, un subscribe me, be removed, be unsubscribed, be opted out,
            be taken off, deregister, unregister, unenroll, unsubscribe us, be deleted
        """,
        "i_want": """
            i want, want, i wanna, wanna, id like, i would like, i wish, wish, i need, need,
            i would love, i choose, i have decided, i hereby request, im requesting, i demand,
            i elect, elect, choose, request, have tried, tried, attempted, trying hard,
            i ask, i request, requesting, would like, wanting, i desire, im asking, i am asking,
            let me, allow me, trying, im trying, i am trying, ive tried, i tried, i prefer
        """,
        "consent": "consent, permission, authorization, authorisation",
        "subject": """
            you, u, ya, they, he, she, we, i, people, friends, who, that, guys, it, why, y, kids,
            parents, customers, sellers, agents, family, men, women, girls, boys, drivers, if
        """,
        "asking": "can, may, could, should, shall, would, will, do, did, how, when, where, if, why",
        "keep": "keep, keep on, continue, are, still, constantly, always, r, kept",
        "signed_up": """
            signed up, sign up, subscribed, subscribe, opted in, opt in, agreed, agree, consented,
            consent, registered, register, asked for, ask for, gave you, give you, requested,
            request, authorized, authorised, joined, join, enrolled, enroll, gave permission,
            give permission, asked to be, ask to be, wanted this, signed
        """,
    },
    requests="""
        {stop} {texting} {me}
        {stop} sending {me} {det}* {messages}
        (stop|quit|cease|stop with) {sending} {det}* {messages}
        (stop|cease|discontinue|stop with|stop it with|quit it with|stop to) {det}* {messages}
        how many times (do|must|should) (i|we) [have to|need to|got to] (say|tell you|ask|write|type| \
            text) ..2 (stop|unsubscribe|opt out)
        (quit|end|halt|knock off) [with] (the|these|this|all|all the|all these|your) {det}* \
            {messages}
        {stop} {sending} [{me}] {these}
        {stop} {getting} {det}* ({messages}|{these}|{offers})
        {stop} sending [{me}] {det}* {offers}
        (stop|cease|discontinue) [all] (further|future|any|your) {det}* (communication|contact| \
            {offers})
        (stop|cease|discontinue) all (communication|contact|{offers})
        (want|need|like) {det}* ({messages}|{these}|it) to (stop|end|cease)
        {remove} (my|our) [contact|personal] (info|information|data|details) {off} ..4 {list}
        -{subject} {dont} [ever|you ever|you|please|be] {texting} {me} {again}
        -{subject} {dont} [ever|you ever] {text} (again|anymore|any more)
        never [ever] {text} {me} (again|any more|ever)
        -{subject} {dont} [ever|you ever|please] send [{me}] {det}* {messages}
        -{subject} {dont} [ever|please] send [{me}] (any more|more|anymore|further|anything| \
            nothing) {det}* [{these}|{offers}|else]
        -{subject} {dont} [ever|please] send {me} (these|this|those|stuff|things|anything) (again| \
            anymore|any more)
        {dont_want} {det}* {plenty}
        {dont_want} (your|any|this|these|more|further) {det}* {messages}
        {dont_want} any more {det}* ({offers}|of (this|these|your))
        {dont_want} [to] {get} {det}* ({messages}|{offers})
        {dont_want} [to] {receive} {det}* (these|those|them|anything) [{again}]
        {dont_want} [to] {receive} this (anymore|any more|stuff|crap|shit|junk)
        {dont_want} [to] {get} [any|anything|more|any more|anymore|nothing] [{messages}] [further| \
            else|more] from (you|u|your|this|ya|yall)
        {dont_want} [to] (be|get|being) ({texted}|on {det}* {list})
        {dont_want} [any|anymore|any more] {texting} from
        {dont_want} (you|u|anyone|anybody|yall) [guys] [to] [be|keep|ever|still] (send|sending| \
            {texting}|{text}|{texted}) [{me}|{messages}]
        not (interested|willing) in (getting|receiving) {det}* {messages}
        not interested in (your|any|these) {det}* {messages}
        (no more|no further|no additional|not any more|zero more|not one more) {det}* {messages}
        ({remove}|take|took|taken|taking) ({me}|it|him|her) [please|now|right now|permanently| \
            immediately|completely] {off} ..4 {list}
        (take|get|kick|leave|cut|keep|pull) {me} [please|right|the hell|the fuck] (off|out) [of| \
            from] ..4 {list}
        ({remove}|take|pull|get|keep) (my|this|our) {det}* {number} [please|now|immediately] \
            {off} ..4 {list}
        (appreciate|grateful|nice|great) [it] if (you|u|someone) [would|could|can] [please|just] \
            {stop} ({texting}|sending) [{me}|{messages}|{these}]
        (appreciate|grateful|nice|great) [it] if (you|u|someone) [would|could|can] [please|just] \
            ({remove}|take|took) {me} ..5
        -{subject} ({remove}|lose|loose|forget|burn) (my|our|this) [phone|cell|mobile|telephone| \
            contact] (number|num|phone)
        (take|pull|get) (my|this|our) [phone|cell|mobile] {number} (off|out of|off of)
        (i want|want|like|need|please|wish|ask|asking|request|requesting|demand) to be (removed| \
            taken off|deleted|unsubscribed|opted out|taken out)
        {i_want} [to] {unsubscribe}
        {i_want} [to] (get|be) (off|out) [of] {det}* {list}
        {i_want} (out|off) [of] {det}* {list}
        (unsubscribe|unsub|un subscribe|un sub|desubscribe) (me|us|my|this number|this email|this \
            phone)
        (unsubscribe|unsub|un subscribe|un sub|desubscribe) [me] from [all] [of] (the|this|your| \
            these|all|any|future) ..3 ({list}|{messages})
        opt (me|us|my number|this number) out
        (opt out|optout|opting out|opt me out) (of|from) ..3 ({list}|{messages})
        -{asking} (i am|im|i will be|i hereby|i) (opting out|opt out|unsubscribing|unsubscribe)
        (please|kindly) (opt out|optout|unsubscribe|unsub|un subscribe|opt me out)
        (please|kindly|and|just|now) (remove|delete|unsubscribe) me (please|now|immediately|asap| \
            at once|permanently|thanks|thank you)
        remove me (immediately|permanently|completely|right now|at once|asap)
        leave ({me}|us) [the hell|the fuck|the heck] (alone|in peace)
        cease and desist
        no further contact
        removal from {det}* {list}
        (count|leave) me out of {det}* ({messages}|{list}|this|it|these)
        (asked|asking|told you) ..3 to be (removed|taken off|unsubscribed|opted out)
        {consent} (revoked|withdrawn|rescinded)
        (revoke|revoking|withdraw|withdrawing|rescind|withdrew|revoked) [all|any|my|our|the] \
            [prior|previous|express] {consent}
        (i|we) [do|hereby] (not|dont) (consent|agree|give consent|give permission|authorize| \
            authorise) ..3 ({texted}|{texting}|{messages}|receive|being)
        (dont|do not|no longer|never) have (my|our) {consent}
        (i object|we object|objection) to ..4 (marketing|{messages}|processing)
        (cancel|end|terminate|deactivate|disable|turn off|switch off) [my] {det}* (messages|msgs| \
            texts|text messages|communication|communications|emails|alerts|notifications| \
            newsletter|newsletters|sms|spam|mailings)
        if you (dont|do not|wont|cant) (stop|quit) ({texting}|sending) [{me}|{messages}]
        (i|ive|weve|we) [have|ve|already|had|also|just] (said|asked|told|begged|requested) [you|u| \
            yall|you guys] [repeatedly|twice|before|already|..2 times|politely|nicely] to (stop|unsubscribe|opt out|be removed|quit texting)
        (my|an|the) (opt out|unsubscribe|removal|unsubscription) request
        (honor|honour|process|respect) my (opt out|unsubscribe|removal|request)
        (request|requesting|demand) (removal|to be removed) from
        mind (removing|taking|deleting) {me}
        enough (of|with) (your|these|the|this|all) {det}* {messages}
        (put|add|place) {me} [on|in|to|onto] {det}* (do not|dont) (call|contact|text|disturb)
        wrong (number|person|guy) ..2 ({remove}|take|lose) (it|me|us|this|off|this number|my number)
        (cancel|end|terminate) (my|our|this|the) subscription (to|for) (these|your|this|the|all) \
            ..1 {messages}
        (mute|block|stop) me ..2 (from|off) (your|the|this) {list}
        {text} {me} (again|one more time) and (i will|ill|im going|im gonna|we will)
    """,
    alone="""
        {stop} {texting} [{me}] [now|immediately|already|altogether|completely|forever|about \
            (this|it|that)|like this]
        {stop} sending [{me}] [now|immediately|already|anymore]
        (stop|cease) {offers}
        stop [my] {det}* (subscription|service|program)
        (unsubscribe|unsub|un subscribe) from {det}* {list}
        {dont} [ever|please] {text} [{me}] [now]
        {dont} [ever|please|you ever] send [{me}] [{these}] [{again}]
        {dont} [ever] send [{me}] {det}* {offers}
        (no|not|zero) {det}* ({plenty}|texting|text messaging|messaging|calling|emailing|spamming| \
            soliciting) [{again}]
        (no more|no further) {det}* ({offers}|contact|of (this|these|it)|from you|texting|calling| \
            messaging)
        never [ever] {text} [{me}] [{again}]
        (no|not) (call|text|message) [{me}]
        ({remove}|rmv) {me} [off|from|from (this|here|that|it|all|everything|your)|off (this|that| \
            here)|out|altogether|completely|forever|also|too|as well]
        (take|get|count|kick|leave|cut) {me} (off|out) [of] [this|it|that|here|these]
        ({remove}|take|pull) (my|this|the) {number} [off|from (this|here)]
        ({remove}|erase) [from] {det}* list
        {remove} (from|off) {det}* {list}
        ({remove}|erase) ({number}|from your|my)
        {unsubscribe} [from] [{me}|number|list|email|all|this|now|immediately|everything|these| \
            them|here]
        (i want|i need|get me|let me|want|i would like|id like) (out|off) [of] [this|here|it| \
            these|that]
        (stop|quit|cease) [doing|with] (this|that|it|these|those|them|that shit|this shit|the \
            bullshit|the madness|this crap|it now|this nonsense|the nonsense|all this|all of \
            this) [now]
        (not|no longer|isnt|aint) (interested|intrested) [in (this|it|that)|at all|and|so|sorry] \
            [please] (stop|remove|unsubscribe|remove me|take me off|delete me|opt out|delete my \
            number|opt me out)
        {dont_want} ({these}|it|any|more) [{again}] [please] (stop|remove|unsubscribe|remove me| \
            opt out)
        {dont_want} [any|more] {offers} [{again}]
        {dont_want} [to] {receive} (this|it|any|any more)
        (no longer|not) (interested in|want) ({getting}|your|these|this) {det}* {offers}
        (forget|lose|loose|delete|remove|erase) {det}* (number|contact)
        (you|u) (do not|dont|no longer) have ..2 {consent} [to] ..4
        {text} {me} (no more|never|never again)
        (may|can|could) i [please] be (removed|taken off|unsubscribed) ..4
        let (me|us) (be|alone|go)
        enough [..1] {plenty} [already|now]
        (turn|shut|switch) (this|these|it|them) off
        (turn|shut|switch) off (this|these|it|them)
        forget [that] you [ever] have my number
        stop all (that|this|of this|of that|of it)
        no permission to {text} [{me}]
    """,
    asides="""
        who (is|are|r|dis|the hell is|the fuck is) (this|you|u|it|that)
        who dis
        (no|nope|nah|yes|yeah) [..1]
        [i] (dont|do not) know (you|who this is|who you are|this number|who is this)
        this is not ..3
        this is (a|my|an) ..3
        i have no interest ..5
        (your|these|the) {messages} (are|is) ..3
        (you|u|ur|youre) [are|r] [so|very|really] (annoying|rude|creepy|pathetic|harassing me)
        not (me|mine|him|her)
        i mean it
        or else
        i never (gave|give) ..4
        idk ..4
        im not ..3
        (you|this) (are|is) [so|very|really] (annoying|ridiculous|pathetic|disgusting|too much| \
            enough)
        i (changed|have changed) my mind
        i (live|moved) ..5
        i (dont|do not) (live|own|need|want|use|have) ..5
        i already ..5
        (he|she|they|my (mother|father|mom|dad|husband|wife|son|daughter|brother|sister)) [has| \
            have|is] [recently|just] (died|passed away|dead|deceased)
        (he|she|they) (doesnt|does not|dont|do not|no longer) (live|lives|work|works|have) ..4
        (this|that) is [no longer|not] ..2 (number|phone|account|email)
        i sold ..4
        (this|it) (is not|isnt) ..4
        last time ..4
        this is ..2 (last|final|second|third) (time|warning|request)
    """,
    footers="""
        (to|2|or) (stop|unsubscribe|opt out|optout|unsub|end|cancel) ..3 (text|txt|reply|send|sms| \
            call|click|press|visit|go to|rply|just|simply|stop|www|http|https|tap)
        (text|txt|reply|send|sms|rply|respond|answer) [with|the word|back] (stop|end|unsubscribe| \
            unsub|optout|opt out|no) [..3] (to|2)
        (stop|unsubscribe|optout|opt out|unsub) (text|txt|reply|send|http|https|www|stop)
        reply stop
    """,
    harmless="""
        (dont|do not|don t|cant|cannot|can not|wont|will not|never|couldnt|could not|wouldnt| \
            doesnt|does not|didnt|did not|no need to|nothing can|nobody can|no one can|shouldnt| \
            can t|aint gonna|not gonna|not going to|not) [ever|just|you|u|even|really|want to| \
            wanna|have to|need to|plan to|wish to] (stop|stopping|unsubscribe|unsub|opt out)
        (stop|stops|stopped|stopping) (by|over|off|in|at|for|and think|and shop|n shop|into|here \
            for|there|near|between|off at|worrying|smoking|drinking|crying|laughing|gap|loss| \
            motion|watch|light|lights|sign|signs|order|press|the press|the presses|cock|work| \
            working|selling|buying|eating|sale|button|line)
        (bus|tram|train|metro|subway|truck|rest|pit|full|next|last|first|final|door|f|short|one| \
            whistle|non|shut|fuel|gas|every|each|quick|coffee|tour|only|your|my|our|this|that|a| \
            another|2nd|second|third|2|3|4|5|6|many|few|couple|more|the|which) (stop|stops)
        (where|when|what time|which|how often|does|do|did) ..4 (stop|stops|stopping)
        (reply|replying|text|texting|txt|send|sending|type|typing|sms|say|press|click|click on| \
            tap|word|keyword|rply|hit|respond|responding|answer) [with|the word|back|only] (stop| \
            stop all|unsubscribe|optout|opt out|unsub)
        (to|2|or) (stop|unsubscribe|opt out|optout|unsub) (text|txt|reply|send|sms|call|click| \
            press|visit|go|email|rec|receiving|texts|txts|this|further|future)
        (unsubscribe|opt out|optout) (stop|text|txt|reply|rate|http|https|www)
        (has|have|had|was|is|been|get|gets|got|being|be|it|rain|music|pain|raining|bleeding|clock| \
            engine|car|watch|time|to|we|he|she|they|i) stop
        (can|could|should|shall|may|will|might|gonna|going to|ill|i ll) (i|we|he|she|they) stop
        (i|we|he|she|they|ill|well|theyll) [will|should|can|could|might|would|must|shall|gotta| \
            need to|have to] stop
        stop (is|was|on) (the|a|near|close|next|at|my|your|route)
    """,
    hints="""
        (how|where|what) (do|can|to|could|would|should|may|did) [i|we|you|one] ..3 ({unsubscribe}| \
            stop {det}* {messages}|stop {getting}|stop this|stop these|get (off|out|removed)| \
            cancel {det}* (texts|messages|emails|subscription))
        how to (stop|unsubscribe|opt out)
        (can|could|may|should|shall|would) i [please] (unsubscribe|opt out|stop receiving|stop \
            getting|get off (this|the|your|of)|be removed)
        (i|we) [have] (never|didnt|did not|dont remember|havent|have not|do not remember|dont \
            recall) [ever|even] {signed_up}
        who (gave|told|sold) you (my|this|our) (number|info|name|email|details|contact)
        (where|how|why) (did|do|have|r|are) (you|u|yall) [guys] (get|got|have|having|using|obtain| \
            find) (my|this|our) (number|info|name|email|details|contact)
        (you|u) (have|got|ve got|have got|reached|texted|messaged|must have|texting|messaging|are \
            texting|are messaging|are contacting) [the|a|got the] wrong (number|person|guy| \
            contact)
        (this|its|it) [is] [a|the] wrong (number|person)
        why (are|do|r|does) (you|u|yall|this number) (keep|still|always|even|constantly|continue \
            to|text|contact|message|call|spam|send) ..2 {me}
        why (are|r|am) (you|u|i|yall) [still|always|constantly|even] ({texting}|sending| \
            {getting}) ({me}|{det}|{these}|{messages})
        (you|u|yall) [guys] {keep} ({texting}|sending) ({me}|{messages}|{these}|{det})
        i (keep|kept|am still|still|continue to) (getting|get|receiving|receive) {det}* {messages}
        (you|u|yall) (wont|will not|cant|dont|do not|never|didnt|havent|have not|still havent) \
            (stop|quit|stopped) [{texting}|sending|with]
        why (wont|dont|cant|havent) (you|u) (stop|quit|unsubscribe|remove)
        (stop|quit|cease) sending {me}
        (stop|quit|cease) {texting}
        -{subject} {dont} [ever|please] {text} {me}
        -{subject} {dont} [ever|please] send {me} {det}* ({offers}|{these})
        (this|it|these|that|the texts|the messages|all this|you|u|{det}* {plenty}) (has|have| \
            needs|need|must|better|gotta|should) [to] stop
        (way|option|place|possible|able|link) to ({unsubscribe}|stop (these|this|{plenty}|getting| \
            receiving))
        mind not {texting}
        (stop|cease) ..3 ({plenty}|texting|messaging|contacting|emailing|calling me)
        remove ..4 list
        make (it|this|them|these|the texts|the messages) stop
        (sick|tired|fed up|sick and tired|annoyed) (of|with|by) [getting|receiving|all|you|u] \
            {det}* ({messages}|{texting}|{offers})
        (too|so|way too) (many|much) {det}* {plenty}
        ({texting}|{messages}) me (too|so) (much|often)
        (report|reporting|reported|sue|suing) (you|u|this|it|them|your) [number] (as|for|to) ..3 \
            (spam|scam|harassment|ftc|fcc|ico|police|attorney|lawyer|court|tcpa|gdpr)
        i (will|am going to|have|am|just|already) [be] (block|blocking|blocked|report|reporting| \
            reported|sue|suing) (you|u|this number|your number)
        im (blocking|reporting|going to block|going to report) (you|u|this number|your number)
        (this|it) is [just|pure|considered|now|literally] (spam|harassment|harrassment|unsolicited)
        {me} {off} ..2 (list|lists|mailing list|database|contact list|distribution list)
        (cancel|end|terminate) (my|our|the|this|all) [text|sms|email|monthly|free] (subscription| \
            subscriptions|membership|enrollment)
        (delete|remove|erase|forget) (all|my|our|all my|all of my|any) (data|personal data| \
            account|records|personal information|information|info|details|profile)
        (right|want) to (be forgotten|erasure)
        {dont_want} [to] hear from
        (dont|do not) (like|want|need|appreciate) {det}* {plenty}
        {dont_want} to (talk|speak|deal) (to|with) (you|u|your)
        {dont_want} to (subscribe|be subscribed)
        (unsubscribe|opt out|unsub|optout) [link|button] (isnt|is not|doesnt|does not|not|dont| \
            didnt) (work|working)
        (i|we) [have|ve|had|just|already|thought i|had already|tried to] (unsubscribed|opted out| \
            unsubbed|asked to be removed|already unsubscribed)
        (violation|violating|violates) [of] ..2 (tcpa|gdpr|can spam|privacy|law|dnc|do not call)
        (do not|national do not|dont) call (list|registry)
        not interested ..3 (stop|remove|delete|contact|text)
        (unsolicited|unwanted) {det}* {messages}
        (mark|marked|marking|flag) ..3 as spam
        (my|our|a|an) (lawyer|attorney|solicitor)
        tcpa
    """,
    curt="""
        [im|i am|we are|we re|am|sorry|no|nope|really|definitely|absolutely] [just] (not|no \
            longer|never|not at all|nt) (interested|intrested|intersted) [at all|in this|in your \
            ({offers}|{messages})|anymore|any more|in it|ever]
        [you|u] [have|got|have got|have the|got the|its|this is|sorry] [the|a] wrong (number| \
            person|guy|contact|num|no) [..3]
        (fuck|piss|bugger|sod|eff|f|buzz|naff|jog|back|clear) (off|yourself) [..2]
        (fuck|screw|eff) (you|u|yall|this) [..3]
        go (away|to hell|fuck yourself|screw yourself) [..2]
        (get|got) (lost|bent|a life) [..2]
        shut (up|the fuck up)
        [this|its|you are|youre|it] [is] [a] (spam|spamming|spammer|spammers|scam|scammer| \
            scammers|harassment|junk) [..2]
        {dont_want} (it|this|these|any|that|them) [{again}]
        no (solicitation|soliciting|solicitors|spam|marketing|consent|interest)
        [sorry] (bad|incorrect|invalid|old|wrong) number
        (i|we|already|i already) said no [thanks]
        enough with (this|that|it)
        (eat|suck|lick) (it|a|my) [..2]
        bug off
        (this|that) (is not|isnt|is no longer) ..2 (number|phone)
        (nobody|no one) (asked|signed up|cares) [..3]
        [im|i am] (done|finished|over) with (this|you|your {messages}|it)
        (youre|you are|ur|u r) (blocked|spam|spamming)
        (reported|blocked|flagged) [as] [spam]
        (stfu|dnd|gtfo|foad)
        (knock|cut) it (off|out)
        (forget|mute|skip|ignore|block) me [..4]
        ({remove}|rmv) [..1]
        (can|could|would) (you|u) not
        keep your {det}* {messages}
        i (do not|dont|did not|didnt|never) (authorize|authorise|consent|agree) [to] [this|that]
        (kiss my|bite me|eat shit|suck my|up yours) [..2]
        [that is|thats] enough [now|already|of this]
        (delete|block|report) [..2] (number|contact|spam)
        (cancel|end) [my|the|this] (subscription|service|membership|account)
        [i|we] (blocked|blocking|reported|reporting) [you|u|this]
        (do not|dont) (reply|respond|bother)
        (dont|do not) know (you|who you are)
        (reply|text|send|txt|type) [with] (stop|unsubscribe|opt out|optout) [..4]
    """,
    limits="""
        (at night|at work|after|before|during|until|till|til|while|when|whilst|unless|so late|so \
            early|so often|so much|as much|as often|every day|everyday|every hour|twice|today| \
            tonight|tomorrow|for (now|today|a while|a bit|the moment)|on (weekends|weekdays| \
            sunday|sundays|saturday|saturdays|weekend)|this (week|morning|evening|late|early| \
            much)|in (spanish|english|french|german|hindi|italian|arabic|portuguese|the middle| \
            the morning|the evening)|about (my|our) (order|orders|appointment|appointments| \
            delivery|booking|package|account)|with (an|wrong|incorrect|broken)|so many|like i| \
            from (different|multiple|two|another|other|several)|by (the|tomorrow|your|my|later| \
            on)|over|if|[from|of|out of|to] (the|my|your|our|a|this) ..1 (gym|class|classes|course| \
            club|school|studio|yoga|league|tournament|seminar|webinar|training|lease|contract| \
            insurance|policy|plan|membership|warranty|pension))
    """,
    wishes="""
        (but|just|and|instead|rather|only|n) [please|just|you can|only|do|also] (send|email|mail| \
            call|phone|keep|show|share|bring|ring|whatsapp) (me|us|only|instead|my|the|texting| \
            sending|emailing|emails|texts|calling)
        (text|email|call|message|write|whatsapp|mail|ring) [me|us] [only] instead
        (but|still|however) [i|id|we|please|also] [still] (want|like|love|keep|need) [to] [get| \
            receive|have|the|my|order|buy]
    """,
)

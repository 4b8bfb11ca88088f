"""What a person wrote above, below and between the lines that their mail program quoted."""

import pytest

from webapp.keywords.quoted import cut_quoted, new_text_of_html
from webapp.keywords.rules import DEFAULT_WORDS, Verdict, match

OURS = "To unsubscribe, click here."


@pytest.mark.parametrize(
    "reply",
    [
        f"Good idea\n\nOn Tue, 4 Aug 2026 at 10:02, Shop <shop@example.org> wrote:\n> {OURS}",
        f"Good idea\n\nOn Tue, 4 Aug 2026 at 10:02, The Long Shop\n<s@example.org> wrote:\n\n{OURS}",
        f"Good idea\r\n\r\nLe mar. 4 août 2026 à 10:02, Shop <s@example.org> a écrit :\r\n{OURS}",
        f"Good idea\n\nAm 04.08.2026 um 10:02 schrieb Shop <shop@example.org>:\n{OURS}",
        f"Good idea\n\nEl mar, 4 ago 2026 a las 10:02, Shop (<s@example.org>) escribió:\n\n{OURS}",
        f"Good idea\n\nEm ter., 4 de ago. de 2026 às 10:02, Shop escreveu:\n\n{OURS}",
        f"Good idea\n\nIl giorno mar 4 ago 2026 alle ore 10:02 Shop ha scritto:\n\n{OURS}",
        f"Good idea\n\n-----Original Message-----\nFrom: Shop\n{OURS}",
        f"Good idea\n\n________________________________\nFrom: Shop\n{OURS}",
        f"Good idea\n\nFrom: Shop <s@example.org>\nSent: Tuesday\nTo: Ann\nSubject: New\n\n{OURS}",
        f"Good idea\n\nVon: Shop\nGesendet: Dienstag\nBetreff: Neu\n\n{OURS}",
        f"> {OURS}\n>> {OURS}\nGood idea",
        f"On Tue, 4 Aug 2026, Shop wrote:\n> {OURS}\n\nGood idea",
        f"Good idea\n-- \nAnn\n{OURS}",
        "Good idea\nSent from my iPhone",
        f"Good idea On Tue, 4 Aug 2026 at 10:02, Shop <shop@example.org> wrote: {OURS}",
    ],
)
def test_the_new_text_of_a_mail_is_kept_alone(reply):
    assert cut_quoted(reply).strip() == "Good idea"
    assert match(reply, DEFAULT_WORDS).verdict is Verdict.NOTHING
    asked = reply.replace("Good idea", "Please stop.")
    assert match(asked, DEFAULT_WORDS).verdict is Verdict.OPT_OUT


@pytest.mark.parametrize(
    "text",
    ["STOP", "On my way, he wrote: stop", "--\nSTOP", "Note: stop", "a\nb\n\nc", "From: me", ""],
)
def test_a_text_without_quotes_stays(text):
    assert cut_quoted(text) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>Good <b>idea</b></div><blockquote>unsubscribe</blockquote>", "Good idea"),
        ('Good idea<div class="gmail_quote">On Tue<blockquote>x</blockquote></div>', "Good idea"),
        ('<p>Good</p><p>idea</p><hr><div id="divRplyFwdMsg">From: x</div><p>x</p>', "Good\nidea"),
        ("<head><style>p{}</style></head>Good idea<br>&gt; unsubscribe", "Good idea"),
        ("<blockquote>a<p>b</blockquote>Good idea", "Good idea"),
        ("<b>" * 20_000 + "Good idea", "Good idea"),
    ],
)
def test_the_new_text_of_a_mail_in_html_is_kept_alone(html, text):
    assert new_text_of_html(html) == text

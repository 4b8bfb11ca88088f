"""English."""

from webapp.contacts.rules import AddressKind, Channel, Source
from webapp.outbox.rules import Origin
from webapp.receipts.languages.texts import Texts
from webapp.receipts.rules import Why

ENGLISH = Texts(
    code="en",
    locale="en_GB",
    channels={channel: channel.label for channel in Channel},
    kinds={
        AddressKind.PHONE: "your number",
        AddressKind.EMAIL: "your email address",
        AddressKind.WHATSAPP_ID: "your WhatsApp account",
    },
    this_business="this business",
    messages_from="Messages from {business}",
    stop="Stop {channel} messages",
    stop_question="Stop {channel} messages?",
    stop_everything="Stop everything",
    about="This is about {channel} messages from {business} to {address}.",
    stopped_already="They are stopped already. You need do nothing more.",
    nothing_yet="Nothing changes until you press a button. No sign-in is needed.",
    stop_promise="No more marketing messages to you on {channel}. What waits is cancelled.",
    stop_promise_everything=(
        "No more marketing messages to you on any channel. What waits is cancelled."
    ),
    all_preferences="See and change all your preferences",
    preferences="Your preferences",
    last_change="The last change on {channel}",
    no_address="No address of yours is known here",
    held="Waits: somebody reads a reply of yours first",
    needs_yes="Nothing sent without your yes",
    not_stopped="Not stopped",
    stopped="Stopped",
    allowed="Allowed",
    allow="Allow {channel} messages",
    allow_means="I want marketing messages from {business} here. I can stop them at any time.",
    undo_means=(
        "That was not me, or I have changed my mind: I want marketing messages from {business} "
        "here. I can stop them at any time."
    ),
    narrow_means=(
        "I meant that one channel only: I want marketing messages from {business} on the others. "
        "I can stop them at any time."
    ),
    reach=(
        "Stopping is for all your addresses that {business} knows. Allowing is for {address} "
        "alone, where this link was sent: whoever has the link can press the buttons."
    ),
    receipt="Receipt",
    what="What",
    whom="For",
    when="When",
    through="Through",
    also="Also",
    cancelled="Cancelled",
    sources={
        Source.MANUAL: "Somebody at {business}",
        Source.KEYWORD: "Your reply",
        Source.BUTTON: "A button that was tapped in a message to you",
        Source.LINK: "A link that was sent to you",
        Source.API: "A system of {business}",
        Source.IMPORT: "A list that {business} took in",
        Source.PROVIDER: "Your {channel} provider, which told {business}",
        Source.REVIEW: "Somebody at {business}, who read your reply",
        Source.CORRECTION: "Somebody at {business}, who took back a change",
    },
    taken_back="{channel}: a change was taken back",
    changed_nothing="{channel}: this changed nothing",
    are_stopped="{channels} messages are stopped",
    were_stopped="{channels} messages were stopped",
    are_allowed="{channels} messages are allowed",
    were_allowed="{channels} messages were allowed",
    elsewhere="{channel} at another address of yours",
    none_waited="None was waiting",
    origins={
        Origin.MANUAL: "written by a person",
        Origin.SCHEDULED: "scheduled",
        Origin.API: "from a system",
        Origin.AUTOMATION: "automatic",
        Origin.CAMPAIGN: "of a campaign",
        Origin.CONFIRMATION: "confirmation",
    },
    not_you="Was that not you?",
    stop_here="Stop it here. That always works.",
    take_back="Take it back",
    change_below="Change it below.",
    narrow="Keep only {channel} stopped, allow the rest",
    fixed="What is stopped at another address of yours stays so: {channels}.",
    whys={
        Why.OTHER_ADDRESS: (
            "It is about another address than the one that this link was sent to. Use a link that "
            "was sent there; on a phone you can also answer START there."
        ),
        Why.PROVIDER: "The provider keeps this stop itself, so only there it can be taken back.",
        Why.NEWER: "Something newer stands there, so this does not take it back.",
        Why.TOO_SOON: "It was stopped a moment ago. Try again in a minute.",
        Why.DONE: "Messages are allowed again already.",
    },
    at_provider={
        Channel.EMAIL: "Your mail provider reported it. Write to {business} to get emails again.",
        Channel.SMS: ("Your provider keeps this stop. Text START to the number that wrote to you."),
        Channel.VOICE: "Your provider keeps this stop. Ask {business} to take it back there.",
        Channel.WHATSAPP: (
            "You stopped this in WhatsApp, and only there it can be taken back: open the chat, tap "
            "the name of {business}, and allow offers and announcements again."
        ),
    },
    reached_elsewhere=(
        "It reaches you at another address. To allow it, use a link that was sent there, or "
        "answer START there."
    ),
    stopped_now="Stopped a moment ago. Load this page again in a minute to allow it.",
    stopped_elsewhere="Another address of yours is stopped here. Answer START there to allow it.",
    still="What may still come",
    still_service=(
        "On {channel}, messages about an order, an appointment or a sign-in may still come. They "
        "are not advertising."
    ),
    still_answers=(
        "On {channel}, nothing is sent automatically any more. A person may still answer you."
    ),
    unknown="This link is not whole",
    unknown_why=(
        "Perhaps a part of it was lost on the way. Nothing was changed. Open the link in the "
        "message once more."
    ),
    unknown_otherwise=(
        "You can always stop in another way: answer any message of ours with {stop}. That needs "
        "no link."
    ),
    choose_channel="Choose a channel.",
    for_the_person=(
        "You are signed in to Heed. Only the person allows messages here; record their consent on "
        "the contact’s page."
    ),
)

"""A pretended WhatsApp on this machine: it speaks the Cloud API and shows what arrived as a phone.
It takes email too, by SMTP, and shows it as a mailbox.

It is a server of its own with data of its own. It shares nothing with Heed but the settings, so
Heed talks to it exactly as it talks to Meta and to a mail server; nothing leaves the machine.
"""

from webapp.sandbox.app import create_sandbox
from webapp.sandbox.server import serve

__all__ = ["create_sandbox", "serve"]

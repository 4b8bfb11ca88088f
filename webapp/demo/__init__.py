"""The demo: a coffee roastery's customers and a year of what happened with them.

Nothing here is needed to run Heed. It writes rows in bulk, past the services, but by their rules:
what it writes is what they would have written.
"""

from webapp.demo.service import load, loaded
from webapp.demo.setting import SIGN_INS

__all__ = ["SIGN_INS", "load", "loaded"]

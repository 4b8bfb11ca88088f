"""The WSGI entry of a production server: `wsgi:app`."""

from webapp.app import create_app

app = create_app()

"""HTTP goes to Django, /ws/ to the one socket consumer. Served by uvicorn (bin/run, production) or daphne (runserver)."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerchat.settings")
_pages = get_asgi_application()

from rooms.consumers import socket  # noqa: E402  (models can be imported only after the line above)

application = ProtocolTypeRouter({"http": _pages, "websocket": URLRouter([path("ws/", socket)])})

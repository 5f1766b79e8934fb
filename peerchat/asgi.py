"""HTTP goes to Django, /ws/ to the one socket consumer. Served by uvicorn (bin/run, production) or daphne (runserver)."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerchat.settings")
_pages = get_asgi_application()

from rooms import gates  # noqa: E402  (models can be imported only after the line above)
from rooms.consumers import socket  # noqa: E402

gates.warm()

_sockets = URLRouter([path("ws/", socket)])  # type: ignore[arg-type]  # a route to an ASGI application, as Channels reads it
application = ProtocolTypeRouter({"http": _pages, "websocket": _sockets})

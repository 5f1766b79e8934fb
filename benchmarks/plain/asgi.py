"""Routing as in the tutorial."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.plain.settings")
_pages = get_asgi_application()

from benchmarks.plain.consumers import ChatConsumer  # noqa: E402  (models can be imported only after the line above)

_sockets = URLRouter([re_path(r"^ws/chat/(?P<room_name>\w+)/$", ChatConsumer.as_asgi())])
application = ProtocolTypeRouter({"http": _pages, "websocket": AllowedHostsOriginValidator(_sockets)})

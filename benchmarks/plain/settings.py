"""The least a Channels project needs; SQLite as durable as ours (write-ahead log, synchronous=FULL)."""

import os
from pathlib import Path

SECRET_KEY = "measured on loopback only"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["daphne", "channels", "benchmarks.plain"]
ASGI_APPLICATION = "benchmarks.plain.asgi.application"
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "CONN_MAX_AGE": None,  # kinder than the default, which opens and closes SQLite for each message
        "NAME": Path(os.environ["PEERCHAT_DATA"]) / "plain.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True

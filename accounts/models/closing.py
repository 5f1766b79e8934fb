"""A note that sockets must close: of an account, a session or a room. Written by `accounts.closings` only."""

from django.db import models
from django.utils import timezone


class Closing(models.Model):
    account = models.BigIntegerField(null=True)  # no foreign key: a note outlives whom it is about
    session_key = models.CharField(max_length=64, blank=True)  # SHA-256 of the session key, hex
    place = models.CharField(max_length=64, blank=True)  # "" is every socket, "room:<id>" only that room
    at = models.DateTimeField(default=timezone.now, db_index=True)

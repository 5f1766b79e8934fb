"""What the vault stores. DataKey, Mark and TrailAnchor live in the "keys" database, the trail itself in
"default".

Only the vault's own modules read or write these; everybody else goes through its doors.
"""

from django.db import models

from vault.fields import SealedField


class DataKey(models.Model):
    """A key that seals text, itself wrapped by a key-encryption key. Destroyed: the row stays, `wrapped` is
    empty.
    """

    id = models.BigIntegerField(primary_key=True)  # random, so that none comes twice, not even after a restore
    owner = models.CharField(max_length=200)
    epoch = models.CharField(max_length=32, blank=True)
    generation = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    kek = models.CharField(max_length=64)
    reserved = models.BigIntegerField(default=0)  # uses handed out to processes so far, spent or not
    created = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "epoch", "generation"], name="one_key_a_generation"),
        ]
        indexes = [models.Index(fields=["kek"], name="keys_by_kek")]


class Mark(models.Model):
    """One row: a number that changes when keys are destroyed or replaced, and the lock for changing them."""

    value = models.BigIntegerField()


class TrailEntry(models.Model):
    """One line of the trail. Never changed, never removed."""

    position = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    act = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    why = SealedField()
    key = models.BigIntegerField()  # id of the data key that the mac was made with
    previous = models.BinaryField()
    mac = models.BinaryField()


class TrailHead(models.Model):
    """One row: where the trail ends. Locking it puts writers in a queue."""

    position = models.BigIntegerField()
    mac = models.BinaryField()


class TrailAnchor(models.Model):
    """One row in the "keys" database: where the trail ended at the last commit, so that a cut-off end is
    noticed.
    """

    position = models.BigIntegerField()
    mac = models.BinaryField()

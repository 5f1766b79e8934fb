"""The trail: who looked at or changed what, and why. Append-only, each entry chained to the one before by an
HMAC.

`record` is called by every door that looks at or changes something sensitive, in the transaction of the act
itself. `verify` names what was altered, removed or moved. docs/vault.md says what a thief of each database
can and cannot hide.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from vault.cabinet import OpenKey, cabinet
from vault.envelope import id_bytes, spelled
from vault.errors import CannotOpen
from vault.models import TrailAnchor, TrailEntry, TrailHead
from vault.router import KEYS
from vault.sealing import seal, unseal

OWNER, EPOCH = "system", "trail"
_BEFORE_THE_FIRST = bytes(32)
_PUZZLE = 500  # of so many misplaced entries we still find out where each belongs


@dataclass(frozen=True)
class Finding:
    kind: str  # altered, removed, moved, truncated
    position: int
    text: str  # a plain sentence


def record(*, actor: str, act: str, subject: str, why: str = "") -> None:
    """Append one entry. It stands or falls with the transaction it is called in. `why` is stored sealed."""
    with transaction.atomic():
        head = _locked_head()
        if head.position == 0:
            _append(head, "system", "vault.born", "vault", "")
        _append(head, actor, act, subject, why)


def begin() -> None:
    """Give an empty trail its first entry: from then on a lost keys database is noticed."""
    if TrailEntry.objects.exists():
        return
    with transaction.atomic():
        head = _locked_head()
        if head.position == 0:
            _append(head, "system", "vault.born", "vault", "")


def verify() -> list[Finding]:
    """Read the whole trail, a little at a time, and say what is wrong with it. An empty list: nothing is."""
    return _Reading().findings()


def last(count: int) -> list[TrailEntry]:
    """The newest entries, oldest first."""
    return list(TrailEntry.objects.order_by("-position")[:count])[::-1]


def why(entry: TrailEntry) -> str:
    """Raises CannotOpen where the entry was altered."""
    return unseal(entry.why, owner=OWNER, purpose="trail.why", place=str(entry.position))


def _locked_head() -> TrailHead:
    """The end of the trail, held until the transaction ends.

    If somebody cut the trail short, the anchor is ahead: go on behind it, so that the gap stays in sight for
    ever.
    """
    nothing = {"position": 0, "mac": _BEFORE_THE_FIRST}
    head, _ = TrailHead.objects.select_for_update().get_or_create(pk=1, defaults=nothing)
    for other in (TrailAnchor.objects.filter(pk=1).first(), TrailEntry.objects.order_by("-position").first()):
        if other is not None and other.position > head.position:
            head.position, head.mac = other.position, other.mac
    return head


def _append(head: TrailHead, actor: str, act: str, subject: str, why: str) -> None:
    key = cabinet.to_seal(OWNER, EPOCH)
    position = head.position + 1
    entry = TrailEntry(
        position=position,
        at=timezone.now(),
        actor=actor,
        act=act,
        subject=subject,
        why=seal(why, owner=OWNER, purpose="trail.why", place=str(position)),
        key=key.id,
        previous=bytes(head.mac),
    )
    entry.mac = _mac(entry, key, position)
    entry.save(force_insert=True)
    head.position, head.mac = position, entry.mac
    head.save(update_fields=["position", "mac"])
    mac = entry.mac
    transaction.on_commit(lambda: _drop_anchor(position, mac), robust=True)  # a partial has no name to log


def _drop_anchor(position: int, mac: bytes) -> None:
    """Remember in the other database how far the trail goes. It only moves forward, whoever commits last."""
    with transaction.atomic(using=KEYS):
        anchor, made = TrailAnchor.objects.get_or_create(pk=1, defaults={"position": position, "mac": mac})
        if not made and anchor.position < position:
            TrailAnchor.objects.filter(pk=1, position__lt=position).update(position=position, mac=mac)


def _mac(entry: TrailEntry, key: OpenKey, position: int) -> bytes:
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    words = (str(position), at, entry.actor, entry.act, entry.subject)
    told = (id_bytes(key.id), bytes(entry.previous), *(word.encode() for word in words), bytes(entry.why))
    said = spelled(b"peerchat trail 1", *told)
    return hmac.digest(key.secret, said, "sha256")


class _Reading:
    """One pass over the trail."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._wrong: list[TrailEntry] = []  # their mac does not fit their position
        self._gaps: list[tuple[int, int]] = []

    def findings(self) -> list[Finding]:
        anchor = TrailAnchor.objects.filter(pk=1).first()
        head = TrailHead.objects.filter(pk=1).first()
        end = 0
        for entry in self._in_order(anchor):
            end = entry.position
        promised = max(anchor.position if anchor else 0, head.position if head else 0)
        if promised > end:
            self._find("truncated", end + 1, f"The end was cut off: {_span(end + 1, promised)} missing.")
            self._gaps.append((end + 1, promised))
        self._name_wrong_ones()
        for first, final in self._gaps:
            if first <= end:
                self._find("removed", first, f"{_span(first, final).capitalize()} missing.")
        return sorted(self._found, key=lambda finding: finding.position)

    def _in_order(self, anchor: TrailAnchor | None) -> Iterator[TrailEntry]:
        position, mac = 0, _BEFORE_THE_FIRST
        for entry in TrailEntry.objects.order_by("position").iterator(chunk_size=1000):
            if entry.position != position + 1:
                self._gaps.append((position + 1, entry.position - 1))
                whole = False
            else:
                whole = bytes(entry.previous) == mac
            if not self._fits(entry, entry.position):
                self._wrong.append(entry)
            elif entry.position == position + 1 and not whole:
                self._blame(position)
            if anchor and entry.position == anchor.position and bytes(entry.mac) != bytes(anchor.mac):
                self._blame(entry.position)
            position, mac = entry.position, bytes(entry.mac)
            yield entry

    def _blame(self, position: int) -> None:
        """The entry fits itself, but not what was written after it."""
        if not any(entry.position == position for entry in self._wrong[-2:]):
            self._find("altered", position, f"Entry {position} is not the one that stood there.")

    def _name_wrong_ones(self) -> None:
        """An entry whose mac fits another place of this trail was moved; any other was altered."""
        places = [entry.position for entry in self._wrong]
        for first, final in self._gaps:
            places.extend(range(first, min(final, first + _PUZZLE) + 1))
        puzzle = len(self._wrong) <= _PUZZLE and len(places) <= 2 * _PUZZLE
        for entry in self._wrong:
            home = next((place for place in places if self._fits(entry, place)), None) if puzzle else None
            if home is None:
                text = f"Entry {entry.position} was altered, or not written by Peerchat."
                self._find("altered", entry.position, text)
            else:
                text = f"Entry {entry.position} was moved: it was written as entry {home}."
                self._find("moved", entry.position, text)

    def _fits(self, entry: TrailEntry, position: int) -> bool:
        try:
            key = cabinet.to_open(id_bytes(entry.key))
        except (CannotOpen, OverflowError):
            return False
        if (key.owner, key.epoch) != (OWNER, EPOCH) or not isinstance(entry.at, datetime):
            return False
        return hmac.compare_digest(bytes(entry.mac), _mac(entry, key, position))

    def _find(self, kind: str, position: int, text: str) -> None:
        self._found.append(Finding(kind, position, text))


def _span(first: int, final: int) -> str:
    return f"entry {first} is" if first == final else f"entries {first} to {final} are"

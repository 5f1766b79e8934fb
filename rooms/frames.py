"""What a frame may hold, on the way in and on the way out. The contract is docs/protocol.md; nothing here knows a store.

`parse` turns text from anywhere into one of the frames below or raises BadFrame, which never repeats what was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext

from rooms.call_now import CallNow, Missed
from rooms.changes import Kept
from rooms.faces import Face
from rooms.models import Call as CallRow
from rooms.models import Reaction
from rooms.reading import OpenMessage, Waiting
from rooms.refusals import Held, Refused
from rooms.times import moment as moment

PROTOCOL = "peerchat.v1"


class BadFrame(Exception):
    """`reason` as in docs/protocol.md; `field` names what was wrong, where one field was."""

    def __init__(self, reason: str, field: str = "", ref: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.ref = ref

    @property
    def text(self) -> str:
        match self.reason:
            case "too_large":
                return gettext("This frame is larger than 64 KiB.")
            case "malformed":
                return gettext("This frame is not a JSON object in UTF-8 text.")
            case "unknown_type":
                return gettext("This frame has an unknown type.")
            case _:
                return gettext("This frame's field %(field)s is missing or not what it should be.") % {
                    "field": self.field
                }


@dataclass(frozen=True, slots=True)
class Enter:
    room: str
    since: int | None
    ref: str | None


@dataclass(frozen=True, slots=True)
class Watch:
    room: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Leave:
    room: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Post:
    room: str
    key: str
    body: str
    warning: str
    reply_to: str | None
    ref: str | None


@dataclass(frozen=True, slots=True)
class History:
    room: str
    before: int
    limit: int
    ref: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    room: str
    id: str
    body: str
    warning: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Redact:
    room: str
    id: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class React:
    room: str
    id: str
    kind: str
    on: bool
    ref: str | None


@dataclass(frozen=True, slots=True)
class Read:
    room: str
    seq: int
    ref: str | None


@dataclass(frozen=True, slots=True)
class Got:
    """The page has taken everything up to `seq`; whether somebody has read it is another frame."""

    room: str
    seq: int
    ref: str | None


@dataclass(frozen=True, slots=True)
class Typing:
    room: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Mute:
    room: str
    member: str
    on: bool
    ref: str | None


@dataclass(frozen=True, slots=True)
class Search:
    room: str
    search: str
    query: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Stop:
    room: str
    search: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Flag:
    """About a message (`id`) or a member; one of the two is None."""

    room: str
    id: str | None
    member: str | None
    category: str
    words: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """`call` was made by the page that rings, `page` names the page that acts; `way` is there with "ring", `heard` may be with "stay"."""

    room: str
    act: str
    call: str
    page: str
    way: str | None
    heard: bool | None
    ref: str | None


@dataclass(frozen=True, slots=True)
class Signal:
    """What one browser tells the other so that they find each other. `data` is None where it only says what has arrived.

    `turn` is that of the call for which the line is: what is meant for an earlier one must not meet it.
    """

    room: str
    call: str
    turn: int
    n: int
    got: int
    data: dict[str, Any] | None
    ref: str | None


@dataclass(frozen=True, slots=True)
class Servers:
    """Asks which servers help the browsers of this call to find each other."""

    room: str
    call: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Follow:
    """No room's: `topic` names what the page wants to hear of."""

    topic: str
    ref: str | None
    room: ClassVar[str] = ""


Incoming = (
    Enter
    | Watch
    | Leave
    | Post
    | History
    | Edit
    | Redact
    | React
    | Read
    | Got
    | Typing
    | Mute
    | Search
    | Stop
    | Flag
    | Follow
    | Call
    | Signal
    | Servers
)


def parse(text: str, most_bytes: int) -> Incoming:
    """Raises BadFrame."""
    if len(text) > most_bytes or (not text.isascii() and len(text.encode("utf-8", "surrogatepass")) > most_bytes):
        raise BadFrame("too_large")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame("malformed") from None
    if not isinstance(data, dict):
        raise BadFrame("malformed")
    ref = _ref(data)
    kind = data.get("type")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise BadFrame("unknown_type", ref=ref)
    try:
        return read(data, ref)
    except BadFrame as bad:
        bad.ref = ref
        raise


_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ID = re.compile(r"[0-9a-f]{32}")
_HANDLE = re.compile(r"m_[A-Za-z0-9_-]{16}")
_ROOM = re.compile(r"[A-Za-z0-9_-]{1,16}")
_WORD = re.compile(r"[a-z_]{1,20}")
FLAG_WORDS = 1000  # characters
CALL_ACTS = ("ring", "accept", "decline", "cancel", "hang_up", "lost", "away", "back", "stay", "notice")
_PAGE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_DESCRIPTIONS = ("offer", "answer", "pranswer", "rollback")
_SDP = 48_000  # characters; what browsers write has some 10,000 at most
_CANDIDATE = 1000
_LARGEST = 2**53  # what JavaScript can count to
_BODY = 16_000  # characters a frame may carry; the gate's own limit is lower and answers `too_long`


def _string(data: dict[str, Any], name: str, *, most: int, least: int = 0) -> str:
    value = data.get(name, "" if least == 0 else None)
    if value is None and least == 0:
        return ""
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise BadFrame("invalid", name)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:  # half of a surrogate pair: no text
            raise BadFrame("invalid", name) from None
    return value


def _matching(data: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadFrame("invalid", name)
    return value


def _number(data: dict[str, Any], name: str, *, most: int = _LARGEST, least: int = 0) -> int:
    value = data.get(name)
    if type(value) is not int or not least <= value <= most:
        raise BadFrame("invalid", name)
    return value


def _flag(data: dict[str, Any], name: str) -> bool:
    value = data.get(name)
    if not isinstance(value, bool):
        raise BadFrame("invalid", name)
    return value


def _kind(data: dict[str, Any]) -> str:
    value = data.get("kind")
    if not isinstance(value, str) or value not in Reaction.Kind.values:
        raise BadFrame("invalid", "kind")
    return value


def _one_of(data: dict[str, Any], name: str, choices: Iterable[str]) -> str:
    value = data.get(name)
    if not isinstance(value, str) or value not in choices:
        raise BadFrame("invalid", name)
    return value


def _signalled(data: dict[str, Any]) -> dict[str, Any] | None:
    """A session description or a candidate, of known fields and sizes and nothing else; or nothing."""
    given = data.get("data")
    if given is None:
        return None
    if not isinstance(given, dict) or len(given) != 1:
        raise BadFrame("invalid", "data")
    ((kind, value),) = given.items()
    try:
        if kind == "description" and isinstance(value, dict):
            return {kind: {"type": _one_of(value, "type", _DESCRIPTIONS), "sdp": _string(value, "sdp", most=_SDP)}}
        if kind == "candidate" and isinstance(value, dict):
            return {kind: _candidate(value)}
    except BadFrame:
        pass
    raise BadFrame("invalid", "data")


def _candidate(value: dict[str, Any]) -> dict[str, Any]:
    """RTCIceCandidateInit; an empty `candidate` says that there are no more."""
    line = value.get("sdpMLineIndex")
    return {
        "candidate": _string(value, "candidate", most=_CANDIDATE),
        "sdpMid": _string(value, "sdpMid", most=64) if value.get("sdpMid") is not None else None,
        "sdpMLineIndex": None if line is None else _number(value, "sdpMLineIndex", most=1000),
        "usernameFragment": _string(value, "usernameFragment", most=256)
        if value.get("usernameFragment") is not None
        else None,
    }


def _call(data: dict[str, Any], ref: str | None) -> Call:
    act = _one_of(data, "act", CALL_ACTS)
    way = _one_of(data, "way", CallRow.Way.values) if act == "ring" else None
    heard = _flag(data, "heard") if act == "stay" and data.get("heard") is not None else None
    return Call(_room(data), act, _matching(data, "call", _ID), _matching(data, "page", _PAGE), way, heard, ref)


def _flagged(data: dict[str, Any]) -> tuple[str | None, str | None]:
    """A message's id, or a member's."""
    if data.get("member") is not None and data.get("id") is None:
        return None, _matching(data, "member", _HANDLE)
    return _matching(data, "id", _ID), None


def _ref(data: dict[str, Any]) -> str | None:
    return _string(data, "ref", most=64) if data.get("ref") is not None else None


def _room(data: dict[str, Any]) -> str:
    return _matching(data, "room", _ROOM)


_READERS: dict[str, Callable[[dict[str, Any], str | None], Incoming]] = {
    "enter": lambda d, ref: Enter(_room(d), _number(d, "since") if d.get("since") is not None else None, ref),
    "watch": lambda d, ref: Watch(_room(d), ref),
    "leave": lambda d, ref: Leave(_room(d), ref),
    "post": lambda d, ref: Post(
        _room(d),
        _matching(d, "key", _KEY),
        _string(d, "body", most=_BODY),
        _string(d, "warning", most=_BODY),
        _matching(d, "reply_to", _ID) if d.get("reply_to") is not None else None,
        ref,
    ),
    "history": lambda d, ref: History(
        _room(d),
        _number(d, "before"),
        _number(d, "limit", least=1, most=100) if d.get("limit") is not None else 50,
        ref,
    ),
    "edit": lambda d, ref: Edit(
        _room(d), _matching(d, "id", _ID), _string(d, "body", most=_BODY), _string(d, "warning", most=_BODY), ref
    ),
    "redact": lambda d, ref: Redact(_room(d), _matching(d, "id", _ID), ref),
    "react": lambda d, ref: React(_room(d), _matching(d, "id", _ID), _kind(d), _flag(d, "on"), ref),
    "read": lambda d, ref: Read(_room(d), _number(d, "seq"), ref),
    "got": lambda d, ref: Got(_room(d), _number(d, "seq"), ref),
    "typing": lambda d, ref: Typing(_room(d), ref),
    "mute": lambda d, ref: Mute(_room(d), _matching(d, "member", _HANDLE), _flag(d, "on"), ref),
    "search": lambda d, ref: Search(
        _room(d), _string(d, "search", least=1, most=64), _string(d, "query", least=2, most=100), ref
    ),
    "flag": lambda d, ref: Flag(
        _room(d),
        *_flagged(d),
        _matching(d, "category", _WORD),
        _string(d, "words", most=FLAG_WORDS),
        ref,
    ),
    "follow": lambda d, ref: Follow(_matching(d, "topic", _WORD), ref),
    "stop": lambda d, ref: Stop(_room(d), _string(d, "search", least=1, most=64), ref),
    "call": _call,
    "signal": lambda d, ref: Signal(
        _room(d),
        _matching(d, "call", _ID),
        _number(d, "turn"),
        _number(d, "n"),
        _number(d, "got"),
        _signalled(d),
        ref,
    ),
    "servers": lambda d, ref: Servers(_room(d), _matching(d, "call", _ID), ref),
}


# --- on the way out ------------------------------------------------------------------------------------------------

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def face(shown: Face) -> dict[str, Any]:
    return {"id": shown.id, "pseudonym": shown.pseudonym, "colour": shown.colour, "badge": shown.badge}


def member(shown: Face, *, here: bool) -> dict[str, Any]:
    return {**face(shown), "here": here, **({"leads": True} if shown.leads else {})}


def message(shown: OpenMessage) -> dict[str, Any]:
    quote = shown.reply_to
    return {
        "id": shown.id,
        "seq": shown.seq,
        "changed": shown.changed,
        "at": moment(shown.at),
        "author": face(shown.author),
        "body": shown.body,
        "warning": shown.warning,
        "reply_to": {"id": quote.id, "author": quote.author, "excerpt": quote.excerpt} if quote else None,
        "edited": shown.edited,
        "redacted": shown.redacted,
        "reactions": shown.reactions or {},
        **({"removed": True} if shown.removed else {}),
        **({"blurred": True} if shown.blurred else {}),
    }


def entered(
    room: str,
    *,
    seq: int,
    you: Face,
    read: int,
    muted: list[str],
    members: Iterable[dict[str, Any]],
    shown: Iterable[OpenMessage],
    more: bool,
    rules: dict[str, Any],
    held: Iterable[Waiting],
    ref: str | None,
    of_two: dict[str, Any] | None = None,
) -> str:
    """`of_two` is what only a private thread has: `marks` and `missed`."""
    return _answer(
        "entered",
        ref,
        **(of_two or {}),
        room=room,
        seq=seq,
        you={**face(you), "read": read, "muted": muted},
        members=list(members),
        messages=[message(each) for each in shown],
        more=more,
        rules=rules,
        held=[waiting(each) for each in held],
    )


def waiting(shown: Waiting) -> dict[str, Any]:
    """What this person wrote that waits for a moderator."""
    return {
        "key": shown.key,
        "id": shown.id,
        "at": moment(shown.at),
        "body": shown.body,
        "warning": shown.warning or None,
        "replaces": shown.replaces or None,
    }


def messages(room: str, after: int, seq: int, shown: Iterable[OpenMessage]) -> str:
    return _answer("messages", None, room=room, after=after, seq=seq, messages=[message(each) for each in shown])


def posted(room: str, key: str, id: str, seq: int, at: datetime, ref: str | None, card: str = "") -> str:
    return _answer("posted", ref, room=room, key=key, id=id, seq=seq, at=moment(at), **_card(card))


def kept(what: str, room: str, outcome: Kept, *, key: str | None, ref: str | None, card: str = "") -> str:
    """It is stored and waits for a moderator."""
    held = outcome.held
    why = (
        {"reason": held.reason, "text": held.text}
        if held
        else {"reason": "waiting", "text": gettext("A moderator will look at this first.")}
    )
    known = {"key": key} if key else {}
    return _answer(
        "held",
        ref,
        what=what,
        room=room,
        **known,
        **why,
        parts=[],
        waits=True,
        id=outcome.id,
        at=moment(outcome.at),
        **_card(card),
    )


def _card(card: str) -> dict[str, str]:
    """What the author is shown at once, privately."""
    return {"card": card} if card else {}


def rules(room: str, shown: dict[str, Any]) -> str:
    return _answer("rules", None, room=room, rules=shown)


def moved(topic: str) -> str:
    return _answer("moved", None, topic=topic)


def history(room: str, shown: Iterable[OpenMessage], more: bool, ref: str | None) -> str:
    return _answer("history", ref, room=room, messages=[message(each) for each in shown], more=more)


def found(room: str, search: str, shown: Iterable[OpenMessage]) -> str:
    return _answer("found", None, room=room, search=search, messages=[message(each) for each in shown])


def searched(room: str, search: str, read: int, *, stopped: bool, ref: str | None = None) -> str:
    return _answer("searched", ref, room=room, search=search, read=read, stopped=stopped)


def done(what: str, room: str, ref: str | None, card: str = "") -> str:
    return _answer("done", ref, what=what, room=room, **_card(card))


def refused(what: str, room: str, refusal: Refused, *, key: str | None = None, ref: str | None = None) -> str:
    known = {"key": key} if key else {}
    wait = {"retry_after": round(refusal.retry_after, 1)} if refusal.retry_after is not None else {}
    return _answer("refused", ref, what=what, room=room, **known, reason=refusal.reason, text=refusal.text, **wait)


def held(what: str, room: str, hold: Held, *, key: str | None, ref: str | None) -> str:
    known = {"key": key} if key else {}
    return _answer(
        "held", ref, what=what, room=room, **known, reason=hold.reason, text=hold.text, parts=list(hold.parts)
    )


def error(bad: BadFrame) -> str:
    return _answer("error", bad.ref, reason=bad.reason, text=bad.text)


def presence(
    room: str,
    *,
    members: Iterable[dict[str, Any]] = (),
    here: Iterable[str] = (),
    away: Iterable[str] = (),
    gone: Iterable[str] = (),
) -> str:
    return _answer(
        "presence", None, room=room, members=list(members), here=list(here), away=list(away), gone=list(gone)
    )


def typing(room: str, members: Iterable[str]) -> str:
    return _answer("typing", None, room=room, members=list(members))


def mark(member: str, got: int, read: int) -> dict[str, Any]:
    return {"member": member, "got": got, "read": read}


def marks(room: str, member: str, got: int, read: int) -> str:
    return _answer("marks", None, room=room, **mark(member, got, read))


def missed(shown: Missed) -> dict[str, Any]:
    return {"call": shown.id, "way": shown.way, "at": moment(shown.at)}


def of_two(how_far: Iterable[tuple[str, int, int]], in_vain: Iterable[Missed]) -> dict[str, Any]:
    """What only a private thread has: how far each of the two has received and read, and calls that rang in vain."""
    return {"marks": [mark(*each) for each in how_far], "missed": [missed(each) for each in in_vain]}


def call(now: CallNow, faces: Mapping[int, Face], ref: str | None = None) -> str:
    """What has become of a call; `faces` are those of the thread by membership."""
    caller = faces.get(now.caller)
    return _answer(
        "call",
        ref,
        room=now.room_id,
        call=now.id,
        state=now.state,
        way=now.way,
        at=moment(now.at),
        **{"from": caller.id if caller else None, "name": caller.pseudonym if caller else ""},
        end=now.end or None,
        turn=now.turn,
        away=[faces[each].id for each in now.away if each in faces],
    )


def signal(said: Signal) -> str:
    """As it came, and nothing else."""
    about = {"call": said.call, "turn": said.turn, "n": said.n, "got": said.got, "data": said.data}
    return _answer("signal", None, room=said.room, **about)


def servers(room: str, call: str, found: list[dict[str, Any]], *, relay_only: bool, ref: str | None) -> str:
    return _answer("servers", ref, room=room, call=call, servers=found, relay_only=relay_only)


def news(room: str, posted: int) -> str:
    return _answer("news", None, room=room, posted=posted)


def notice(room: str, reason: str, text: str) -> str:
    return _answer("notice", None, room=room, reason=reason, text=text)


def resync(room: str) -> str:
    return _answer("resync", None, room=room)


def _answer(kind: str, ref: str | None, **fields: Any) -> str:
    return _encode({"type": kind, **fields} if ref is None else {"type": kind, "ref": ref, **fields})

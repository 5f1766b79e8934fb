"""What a frame may hold: anything at all goes in, a frame of the right types or BadFrame comes out."""

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms import frames
from rooms.faces import Face
from rooms.frames import BadFrame, Incoming
from rooms.models import Reaction
from rooms.reading import OpenMessage, Quote
from rooms.refusals import Held, Refused

MOST = 64 * 1024
ROOM, ID, HANDLE = "AbCdEf_-01234567", "0123456789abcdef" * 2, "m_AbCdEf_-01234567"
VALID: dict[str, dict[str, Any]] = {
    "enter": {"room": ROOM, "since": 4},
    "watch": {"room": ROOM},
    "leave": {"room": ROOM},
    "post": {"room": ROOM, "key": "key-00000001", "body": "hello", "warning": "sleep", "reply_to": ID},
    "history": {"room": ROOM, "before": 40, "limit": 10},
    "edit": {"room": ROOM, "id": ID, "body": "hello", "warning": ""},
    "redact": {"room": ROOM, "id": ID},
    "react": {"room": ROOM, "id": ID, "kind": "heart", "on": True},
    "read": {"room": ROOM, "seq": 7},
    "got": {"room": ROOM, "seq": 7},
    "typing": {"room": ROOM},
    "mute": {"room": ROOM, "member": HANDLE, "on": False},
    "flag": {"room": ROOM, "id": ID, "category": "other", "words": "please look"},
    "follow": {"topic": "queue"},
    "search": {"room": ROOM, "search": "s1", "query": "hello"},
    "stop": {"room": ROOM, "search": "s1"},
    "call": {"room": ROOM, "act": "ring", "call": ID, "page": "page-0001", "way": "video"},
    "signal": {
        "room": ROOM,
        "call": ID,
        "turn": 1,
        "n": 1,
        "got": 0,
        "data": {"description": {"type": "offer", "sdp": "v=0"}},
    },
    "servers": {"room": ROOM, "call": ID},
}
INTEGERS, FLAGS = {"since", "before", "limit", "seq", "turn", "n", "got"}, {"on", "heard"}
MAY_BE_NONE = {"since", "reply_to", "ref", "id", "member", "way", "data", "heard"}


def parse(frame: object) -> Incoming:
    return frames.parse(json.dumps(frame), MOST)


def parsed(text: str) -> Incoming | BadFrame:
    try:
        return frames.parse(text, MOST)
    except BadFrame as bad:
        return bad


def bad(text: str) -> BadFrame:
    result = parsed(text)
    assert isinstance(result, BadFrame)
    return result


def assert_types(frame: Incoming) -> None:
    assert isinstance(frame, get_args(Incoming))
    for field in fields(frame):
        value = getattr(frame, field.name)
        if value is None:
            assert field.name in MAY_BE_NONE
        elif field.name in INTEGERS:
            assert type(value) is int
            assert 0 <= value <= 2**53
        elif field.name in FLAGS:
            assert type(value) is bool
        elif field.name == "data":
            assert_signal(value)
        else:
            assert type(value) is str
            value.encode()  # no half of a surrogate pair


def assert_signal(data: dict[str, Any]) -> None:
    """Nothing but the known fields, each of its type and size."""
    ((kind, value),) = data.items()
    texts = {"description": {"type", "sdp"}, "candidate": {"candidate", "sdpMid", "usernameFragment"}}[kind]
    assert set(value) == (texts if kind == "description" else texts | {"sdpMLineIndex"})
    for name in texts:
        assert value[name] is None or (type(value[name]) is str and len(value[name]) <= 48_000)
    assert value.get("sdpMLineIndex") is None or type(value["sdpMLineIndex"]) is int
    json.dumps(data, ensure_ascii=False).encode()


@pytest.mark.parametrize("kind", VALID)
def test_a_valid_frame_comes_out_as_it_went_in(kind: str) -> None:
    frame = parse({"type": kind, **VALID[kind], "ref": "r1"})
    assert type(frame).__name__.lower() == kind
    assert {name: value for name, value in asdict(frame).items() if value is not None} == {**VALID[kind], "ref": "r1"}


def test_a_flag_is_about_a_message_or_a_member() -> None:
    flag = {"type": "flag", "room": ROOM, "category": "spam"}
    about = parse({**flag, "member": HANDLE})
    assert isinstance(about, frames.Flag)
    assert (about.id, about.member, about.words) == (None, HANDLE, "")
    assert bad(json.dumps(flag)).field == "id"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"description": {"type": "offer", "sdp": "v=0"}, "candidate": {"candidate": ""}},
        {"description": {"type": "hello", "sdp": "v=0"}},
        {"description": {"type": "offer", "sdp": "v" * 48_001}},
        {"description": {"type": "offer"}, "more": 1},
        {"description": "v=0"},
        {"candidate": {"candidate": "c" * 1001}},
        {"candidate": {"candidate": "c", "sdpMLineIndex": -1}},
        {"candidate": {"candidate": "c", "sdpMLineIndex": True}},
        {"candidate": {"candidate": "\ud800"}},
        {"words": "hello"},
        ["description"],
        7,
    ],
)
def test_a_signal_is_a_description_or_a_candidate_and_nothing_else(data: object) -> None:
    assert bad(json.dumps({"type": "signal", **VALID["signal"], "data": data})).field == "data"


def test_what_a_signal_carries_beside_its_fields_goes_no_further() -> None:
    candidate = {"candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": "abcd"}
    frame = parse({"type": "signal", **VALID["signal"], "data": {"candidate": {**candidate, "words": "hello"}}})
    assert isinstance(frame, frames.Signal)
    assert frame.data == {"candidate": candidate}
    described = {"type": "offer", "sdp": "v=0", "words": "hello"}
    frame = parse({"type": "signal", **VALID["signal"], "data": {"description": described}})
    assert isinstance(frame, frames.Signal)
    assert frame.data == {"description": {"type": "offer", "sdp": "v=0"}}


def test_only_a_ring_says_which_way() -> None:
    frame = parse({"type": "call", **VALID["call"], "act": "hang_up", "way": ["anything"]})
    assert isinstance(frame, frames.Call)
    assert frame.way is None
    stays = {"type": "call", **VALID["call"], "act": "stay"}
    assert [parse({**stays, **more}).heard for more in ({}, {"heard": True}, {"heard": None})] == [None, True, None]  # type: ignore[union-attr]
    assert bad(json.dumps({**stays, "heard": 1})).field == "heard"


def test_every_frame_of_the_contract_is_tried_here() -> None:
    assert {type_.__name__.lower() for type_ in get_args(Incoming)} == set(VALID)


@pytest.mark.parametrize(
    ("kind", "left_out", "then"),
    [
        ("enter", "since", None),
        ("post", "warning", ""),
        ("post", "reply_to", None),
        ("post", "body", ""),
        ("history", "limit", 50),
        ("edit", "warning", ""),
    ],
)
def test_what_may_be_left_out_may_be_null(kind: str, left_out: str, then: object) -> None:
    rest = {name: value for name, value in VALID[kind].items() if name != left_out}
    assert getattr(parse({"type": kind, **rest}), left_out) == then
    assert getattr(parse({"type": kind, **rest, left_out: None}), left_out) == then


def test_fields_that_nobody_knows_are_ignored() -> None:
    assert parse({"type": "leave", "room": ROOM, "from": "tomorrow"}) == parse({"type": "leave", "room": ROOM})


@pytest.mark.parametrize("kind", VALID)
@pytest.mark.parametrize(
    "instead",
    [None, "", "nö", 0, -1, 1.5, 2**53 + 1, 10**400, True, [], {}, ["heart"], "\ud800", "a\x00", "a" * 17_000],
)
def test_a_wrong_field_is_named_and_its_value_is_not_repeated(kind: str, instead: object) -> None:
    for name, right in VALID[kind].items():
        result = parsed(json.dumps({"type": kind, **VALID[kind], name: instead}))
        if isinstance(result, BadFrame):
            assert (result.reason, result.field) in {
                ("invalid", name),
                ("malformed", ""),
            }  # malformed: more digits than Python reads
            assert name in result.text or result.reason == "malformed"
            assert not (isinstance(instead, str) and len(instead) > 2 and instead in result.text)
        else:
            assert_types(result)
            value = getattr(result, name)
            assert value == instead or (
                instead is None and name in {"warning", "body", "since", "limit", "reply_to", "words", "data"}
            )
            assert type(value) is type(right) or instead is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "malformed"),
        ("hello", "malformed"),
        ("[]", "malformed"),
        ('"post"', "malformed"),
        ("null", "malformed"),
        ('{"type":"leave"', "malformed"),
        ("[" * 30_000, "malformed"),
        ('{"a":' * 10_000, "malformed"),
        ('{"type":"read","room":"r","seq":' + "9" * 5000 + "}", "malformed"),
        ("{}", "unknown_type"),
        ('{"type":null}', "unknown_type"),
        ('{"type":["post"]}', "unknown_type"),
        ('{"type":"POST"}', "unknown_type"),
        ('{"type":"release","room":"r"}', "unknown_type"),
        ('{"type":"enter"}', "invalid"),
        ('{"type":"read","room":"r","seq":NaN}', "invalid"),
        ('{"type":"read","room":"r","seq":1e3}', "invalid"),
        ('{"type":"leave","room":"r","ref":7}', "invalid"),
        ('{"type":"leave","room":"r","ref":"\\ud800"}', "invalid"),
        ('{"type":"leave","room":"r","ref":"' + "r" * 65 + '"}', "invalid"),
        ('{"type":"leave","room":"r\\n"}', "invalid"),
        ('{"type":"leave","room":"' + "r" * 17 + '"}', "invalid"),
    ],
)
def test_what_is_wrong_has_a_name(text: str, reason: str) -> None:
    assert bad(text).reason == reason


def test_a_frame_is_measured_in_bytes() -> None:
    body = "é" * 8000
    frame = json.dumps({"type": "post", "room": ROOM, "key": "key-00000001", "body": body}, ensure_ascii=False)
    assert isinstance(frames.parse(frame, len(frame.encode())), frames.Post)
    with pytest.raises(BadFrame, match="too_large"):
        frames.parse(frame, len(frame.encode()) - 1)
    assert bad(" " * (MOST + 1)).reason == "too_large"
    assert bad("\ud800" * MOST).reason == "too_large"


def test_an_error_carries_the_ref_of_its_frame() -> None:
    assert bad('{"type":"enter","ref":"r1"}').ref == "r1"
    assert json.loads(frames.error(bad('{"type":"nothing","ref":"r1"}')))["ref"] == "r1"
    assert "ref" not in json.loads(frames.error(bad("nothing")))


# --- anything at all ------------------------------------------------------------------------------------------------

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([ROOM, ID, HANDLE, *VALID])
)
ANY_JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
SURROGATES = st.text(st.characters(codec=None))  # half pairs too


def only_frames_or_bad_frames(text: str) -> None:
    result = parsed(text)
    if not isinstance(result, BadFrame):
        assert_types(result)
        return
    answer = json.loads(frames.error(result))
    answer["text"].encode()
    assert answer["reason"] in {"malformed", "unknown_type", "invalid", "too_large"}


@settings(max_examples=250, deadline=None)
@given(st.text() | SURROGATES)
def test_any_text_is_a_frame_or_a_bad_frame(text: str) -> None:
    only_frames_or_bad_frames(text)


@settings(max_examples=250, deadline=None)
@given(ANY_JSON, st.booleans())
def test_any_json_is_a_frame_or_a_bad_frame(data: object, plain: bool) -> None:
    only_frames_or_bad_frames(json.dumps(data, ensure_ascii=plain))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(VALID)), st.data())
def test_a_valid_frame_with_anything_in_it_is_a_frame_or_a_bad_frame(kind: str, data: st.DataObject) -> None:
    frame: dict[str, Any] = {"type": kind, **VALID[kind]}
    for name in data.draw(st.lists(st.sampled_from([*VALID[kind], "type", "ref"]), max_size=3)):
        frame[name] = data.draw(ANY_JSON | SURROGATES)
    for name in data.draw(st.lists(st.sampled_from(sorted(frame)), max_size=2, unique=True)):
        del frame[name]
    only_frames_or_bad_frames(json.dumps(frame))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(VALID)), st.integers(0, 200), st.text(max_size=5))
def test_a_valid_frame_with_a_scratch_is_a_frame_or_a_bad_frame(kind: str, place: int, scratch: str) -> None:
    text = json.dumps({"type": kind, **VALID[kind]})
    only_frames_or_bad_frames(text[:place] + scratch + text[place + 1 :])


SECRET = st.text("αβγδεζηθ", min_size=4, max_size=40)


@settings(max_examples=300, deadline=None)
@given(SECRET, st.sampled_from(sorted(VALID)), st.data())
def test_no_error_repeats_what_was_sent(secret: str, kind: str, data: st.DataObject) -> None:
    frame: dict[str, Any] = {"type": kind, **VALID[kind], "body": [secret], "query": [secret]}
    frame[data.draw(st.sampled_from([*VALID[kind], "type"]))] = data.draw(
        st.sampled_from([[secret], {secret: 1}, secret])
    )
    for text in (json.dumps(frame), json.dumps(frame)[:-1], json.dumps(frame, ensure_ascii=False)):
        result = parsed(text)
        if isinstance(result, BadFrame):
            assert secret not in frames.error(result)
            assert secret not in repr(result)
            assert result.__suppress_context__ or result.__context__ is None  # json's own error holds the whole text


# --- on the way out -------------------------------------------------------------------------------------------------

FACE = Face("m_1", "Quiet Heron", 3, "mentor")
AT = datetime(2026, 11, 23, 22, 4, 5, 120_987, tzinfo=timezone(timedelta(hours=1)))


def test_a_moment_is_said_in_utc_with_milliseconds() -> None:
    assert frames.moment(AT) == "2026-11-23T21:04:05.120Z"
    assert frames.moment(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00.000Z"


def test_a_message_goes_out_as_the_contract_says() -> None:
    shown = OpenMessage(
        "a1",
        41,
        44,
        AT,
        FACE,
        "body",
        "sleep",
        Quote("a0", "Slow River", None),
        edited=True,
        reactions={"heart": ["m_2"]},
    )
    assert frames.message(shown) == {
        "id": "a1",
        "seq": 41,
        "changed": 44,
        "at": "2026-11-23T21:04:05.120Z",
        "author": {"id": "m_1", "pseudonym": "Quiet Heron", "colour": 3, "badge": "mentor"},
        "body": "body",
        "warning": "sleep",
        "reply_to": {"id": "a0", "author": "Slow River", "excerpt": None},
        "edited": True,
        "redacted": False,
        "reactions": {"heart": ["m_2"]},
    }


def test_what_a_moderator_did_to_a_message_goes_out_with_it() -> None:
    assert frames.message(OpenMessage("a1", 1, 2, AT, FACE, None, redacted=True, removed=True))["removed"] is True
    assert frames.message(OpenMessage("a1", 1, 2, AT, FACE, "body", blurred=True))["blurred"] is True
    assert {"removed", "blurred"}.isdisjoint(frames.message(OpenMessage("a1", 1, 2, AT, FACE, "body")))


def test_who_leads_is_told_of_members_and_not_with_every_message() -> None:
    leads = Face("m_1", "Quiet Heron", 3, "mentor", leads=True)
    assert frames.member(leads, here=True)["leads"] is True
    assert "leads" not in frames.member(FACE, here=True)
    assert "leads" not in frames.message(OpenMessage("a1", 1, 2, AT, leads, "body"))["author"]


def test_a_redacted_message_goes_out_empty() -> None:
    told = frames.message(OpenMessage("a1", 41, 44, AT, FACE, None, redacted=True))
    assert (told["body"], told["warning"], told["reply_to"], told["reactions"]) == (None, None, None, {})


def test_a_refusal_says_when_to_try_again_and_a_hold_what_it_is_about() -> None:
    refused = json.loads(frames.refused("post", ROOM, Refused("too_fast", 3.21), key="key-00000001", ref="r1"))
    assert (refused["reason"], refused["retry_after"], refused["key"], refused["ref"]) == (
        "too_fast",
        3.2,
        "key-00000001",
        "r1",
    )
    assert refused["text"]
    assert "retry_after" not in json.loads(frames.refused("edit", ROOM, Refused("not_yours")))
    held = json.loads(frames.held("post", ROOM, Held("contact", lambda: "why", ("555",)), key="k", ref=None))
    assert (held["text"], held["parts"], held["reason"]) == ("why", ["555"], "contact")


@pytest.mark.parametrize(
    "reason",
    [
        "not_found",
        "not_entered",
        "agreement",
        "empty",
        "too_long",
        "too_fast",
        "too_late",
        "not_yours",
        "busy",
        "read_only",
    ],
)
def test_every_refusal_of_the_contract_has_words(reason: str) -> None:
    assert len(Refused(reason).text) > 10


def test_the_reactions_of_the_contract_are_those_of_the_store() -> None:
    assert set(Reaction.Kind.values) == {"heart", "thank_you", "with_you", "strength", "proud"}


def test_text_goes_out_as_utf_8_and_on_one_line() -> None:
    frame = frames.messages(ROOM, 1, 2, [OpenMessage("a1", 2, 2, AT, FACE, "corazón\n👩‍👧")])
    assert "corazón\\n👩‍👧" in frame
    assert "\n" not in frame

"""Every act and its undoing on PostgreSQL, where a lock or a query that SQLite lets pass does not."""

import pytest

from tests.harness.server import Store
from tests.live.office import Office

pytestmark = [pytest.mark.engines, pytest.mark.servers]


def test_a_moderator_does_it_all_and_takes_it_back(real_store: Store) -> None:
    with Office(real_store) as office:
        room = office("make_room", name="Lantern group")
        hollis = office("make_person", email="h@live.example", name="Hollis", role="moderator")
        author, reader = (
            office("make_person", email=f"{number}@live.example", name=f"Client {number}") for number in range(2)
        )
        for cookie, pseudonym in ((author, "Quiet Heron"), (reader, "Steady River")):
            office("make_member", cookie=cookie, room=room, pseudonym=pseudonym)
        message = office("post", cookie=author, room=room, body="You are all so very weak.")["id"]
        case = office("flag", cookie=reader, room=room, message=message)
        office("claim", cookie=hollis, case=case)

        def act(verb: str, **about: object) -> str:
            done: str = office("act_on_case", cookie=hollis, case=case, verb=verb, **about)
            return done

        for verb, about in (
            ("redact", {"message": message}),
            ("blur", {"message": message}),
            ("slow", {"seconds": 30, "minutes": 15}),
            ("lock", {"minutes": 15}),
            ("notice", {"text": "A slow breath together.", "minutes": 15}),
            *(
                ("sanction", {"kind": kind, "text": "Please rest.", "minutes": 15})
                for kind in ("mute", "remove", "suspend")
            ),
        ):
            act("undo", of=act(verb, **about))
        act("warn", text="Please be gentle.")
        act("resolve", outcome="talked", text="We talked.")
        again = office("sign_in", email="0@live.example")  # being suspended signed them out
        office("post", cookie=again, room=room, body="Thank you.")
        assert "whole" in real_store.command("trail", "verify")

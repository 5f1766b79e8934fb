"""One mentor, two clients, one hour, two processes: the hour is given once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from tests.harness.engines import Postgres, Redis
from tests.harness.server import Stores
from tests.live.house import House, two_processes
from tests.live.pages import Browser

pytestmark = [pytest.mark.servers, pytest.mark.engines]
ROUNDS = 6


@pytest.fixture(scope="module")
def house(stores: Stores, postgres: Postgres, redis: Redis) -> Iterator[House]:
    with two_processes(stores, postgres, redis) as house:
        yield house


def proposed(house: House, mentor: str, pseudonym: str, day: str) -> str:
    """The address at which the mentor agrees to what this new client proposes."""
    client = house.stranger()
    room = house.office("make_thread", client=client, mentor=mentor, pseudonym=pseudonym)["room"]
    address = f"/thread/{house.office('thread_of', room=room)}/"
    about = {"day": day, "time": "15:00", "minutes": "30", "way": "text"}
    assert Browser(house.server.url, client).post(f"{address}appointments/", **about).status == 302
    return f"{address}appointments/{house.office('newest_appointment', room=room)}/agree/"


def test_two_agreed_at_the_same_moment_in_two_processes_never_overlap(house: House) -> None:
    mentor = house.stranger(role="mentor")
    for number in range(ROUNDS):
        day = (date.today() + timedelta(days=number + 1)).isoformat()
        ways = [proposed(house, mentor, f"Wren {name} {number}", day) for name in ("one", "two")]
        browsers = [Browser(server.url, mentor) for server in house.servers]
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda pair: pair[0].post(pair[1]), zip(browsers, ways, strict=True)))
        assert sorted(answer.status for answer in answers) == [302, 422]
        (late,) = (answer.body for answer in answers if answer.status == 422)
        assert "This time is taken already." in late

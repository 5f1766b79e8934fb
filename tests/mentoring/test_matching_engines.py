"""Two coordinators at once, on PostgreSQL: the last place of a mentor is given once, and a client is offered one mentor."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.harness.server import Store
from tests.live.office import Office

pytestmark = pytest.mark.engines


@pytest.fixture
def offices(real_store: Store) -> Iterator[tuple[Office, Office]]:
    """Two processes over one store."""
    with Office(real_store) as one, Office(real_store) as other:
        yield one, other


def person(office: Office, number: int, role: str) -> str:
    cookie: str = office(
        "make_person", email=f"p{number}@race.example", name=f"Given{number} Family{number}", role=role
    )
    return cookie


def test_the_last_place_is_given_once_and_a_client_gets_one_offer(offices: tuple[Office, Office]) -> None:
    one, _other = offices
    cookies = [person(one, number, "mentor") for number in range(2)]
    mentors = []
    for number, cookie in enumerate(cookies):
        one("certify", cookie=cookie, called=f"Juniper {number}")
        mentors.append(one("describe", cookie=cookie, wanted=1))
    coordinators = [person(one, 10 + number, "coordinator") for number in range(2)]
    for turn in range(4):
        first, second = (one("ask_for_mentor", cookie=person(one, 20 + 2 * turn + k, "client")) for k in range(2))
        pairs = [(first, mentors[0]), (second, mentors[0])] if turn % 2 else [(first, mentors[0]), (first, mentors[1])]
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(_confirm, offices, pairs, coordinators))
        refused = "rule" if turn % 2 else "not_waiting"
        assert sorted(answer == refused for answer in answers) == [False, True], answers
        one("take_back_offers")


def _confirm(office: Office, pair: tuple[str, int], by: str) -> str:
    answer: str = office("offer_mentor", request=pair[0], mentor=pair[1], by=by)
    return answer

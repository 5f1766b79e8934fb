"""Random casts of clients and mentors for the tests of matching: whatever the rules could meet, in small numbers so that they do meet it."""

from hypothesis import settings
from hypothesis import strategies as st

from mentoring.matching.people import Candidate, Seeker
from mentoring.matching.wishes import CULTURE, DIMENSIONS, GENDERS, GOALS, LANGUAGES, LIVED, TIMES, WAYS, Offers, Wishes
from mentoring.standing import Lack, Standing

Cast = tuple[list[Seeker], list[Candidate]]

unhurried = settings(deadline=None)  # other work may want the processor
_GROUPS = ("g1", "g2")


def _some(codes: object, most: int = 3) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(sorted(codes)[:4]), max_size=most)  # type: ignore[call-overload]  # any collection of strings


_wishes = st.builds(
    Wishes,
    lived=_some(LIVED),
    goals=_some(GOALS),
    languages=_some(LANGUAGES),
    times=_some(TIMES),
    culture=_some(CULTURE),
    avoid=_some(WAYS),
    gender=st.sampled_from(["", *GENDERS]),
    gender_must=st.booleans(),
    most=st.sampled_from(["", *DIMENSIONS]),
    small_group_ok=st.booleans(),
)
_offers = st.builds(
    Offers,
    lived=_some(LIVED),
    goals=_some(GOALS),
    languages=_some(LANGUAGES),
    times=_some(TIMES),
    culture=_some(CULTURE),
    ways=_some(WAYS),
    gender=st.sampled_from(["", *GENDERS]),
)


@st.composite
def casts(draw: st.DrawFn, seekers: int = 8, candidates: int = 5, places: int = 3) -> Cast:
    """Mentors have the numbers from 0 on; the clients those above 90, but for some who are mentors too."""
    mentors = [
        Candidate(
            id=number,
            places=draw(st.integers(0, places)),
            carried=draw(st.integers(0, places + 1)),
            offers=draw(_offers),
            standing=draw(st.sampled_from([Standing(()), Standing(()), Standing((Lack("ethics"),))])),
            has_name=draw(st.sampled_from([True, True, True, False])),
            is_taking=draw(st.sampled_from([True, True, False])),
            is_away=draw(st.sampled_from([False, False, True])),
            groups=draw(st.frozensets(st.sampled_from(_GROUPS), max_size=1)),
        )
        for number in range(draw(st.integers(0, candidates)))
    ]
    numbers = st.frozensets(st.integers(0, candidates - 1), max_size=1)
    clients = [
        Seeker(
            id=f"r{number}",
            client=draw(st.sampled_from([90 + number, 90 + number, number])),
            days=draw(st.integers(0, 400)),
            wishes=draw(_wishes),
            groups=draw(st.frozensets(st.sampled_from(_GROUPS), max_size=1)),
            apart=draw(numbers),
            declined=draw(numbers),
        )
        for number in range(draw(st.integers(0, seekers)))
    ]
    return clients, mentors

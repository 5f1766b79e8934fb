"""Doors that change one person, their rooms and their case, all at the same time, in a process that a test starts over its store.

`python -m tests.moderation.together 20` lets each door do its part twenty times and prints, for each, how often it was done and how it
failed. `python -m tests.moderation.together crisis 8` lets eight members flag one matter as a crisis at the same moment.
"""

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import cycle
from typing import Any

import django

django.setup()

from django.db import connections, transaction  # noqa: E402  (models can be imported only after the line above)

from accounts import people  # noqa: E402
from accounts.models import Account, Role  # noqa: E402
from accounts.refusals import Refused as AccountRefused  # noqa: E402
from mentoring import offers  # noqa: E402
from mentoring.refusals import Refused as MentoringRefused  # noqa: E402
from moderation import acts, cases, intake, sanctions  # noqa: E402
from moderation.models import Act, Alert, Case, Flag, Sanction  # noqa: E402
from moderation.refusals import Refused  # noqa: E402
from rooms import posting  # noqa: E402
from rooms.refusals import Refused as RoomRefused  # noqa: E402
from tests.mentoring.asked import asking, described  # noqa: E402
from tests.mentoring.cast import certified, thread_between  # noqa: E402
from tests.moderation.on_duty import on_call  # noqa: E402
from tests.people import make, open_room, seated  # noqa: E402

KINDS = (Sanction.Kind.SUSPEND, Sanction.Kind.REMOVE, Sanction.Kind.SUSPEND)
REFUSALS = (Refused, RoomRefused, MentoringRefused, AccountRefused)
Door = Callable[[], object]


def all_at_once(times: int) -> dict[str, dict[str, int]]:
    doors = _doors()
    start = threading.Barrier(len(doors))
    done: dict[str, Counter[str]] = {name: Counter() for name in doors}

    def run(name: str, door: Door) -> None:
        start.wait()
        for _ in range(times):
            try:
                door()
            except REFUSALS:
                done[name]["refused"] += 1  # they got in one another's way, and were told so
            except Exception as error:  # a deadlock, say
                done[name][f"{type(error).__name__}: {error}"] += 1
            else:
                done[name]["done"] += 1
        connections.close_all()

    _each([partial(run, name, door) for name, door in doors.items()])
    return {name: dict(counted) for name, counted in done.items()}


def crisis(count: int) -> dict[str, Any]:
    """A case that was about little, flagged as a crisis by all of them."""
    room = open_room()
    author = seated(make(Role.CLIENT), room, "Quiet Heron")
    members = [seated(make(Role.CLIENT), room, f"Member {number}") for number in range(count)]
    for _ in range(2):
        on_call(make(Role.MODERATOR))
    message = posting.post(author, body="I give my things away.").id

    def flag(account_id: int, category: str) -> None:
        intake.flag(account_id, room_id=room.pk, message_id=message, category=category, words="")
        connections.close_all()

    flag(members[0].account_id, "other")
    start = threading.Barrier(count)

    def flag_with_the_others(account_id: int) -> None:
        start.wait()
        flag(account_id, "suicide")

    _each([partial(flag_with_the_others, each.account_id) for each in members])
    case = Case.objects.get()
    return {
        "severity": case.severity,
        "flags": [case.flags_count, Flag.objects.count()],
        "raised": Act.objects.filter(case=case, kind="raise").count(),
        "told": sorted(Alert.objects.filter(case=case).values_list("channel", flat=True)),
        "step": case.step,
    }


def _doors() -> dict[str, Door]:
    """One mentor in four rooms and with a client, their case, and who does what to them."""
    rooms = [open_room(f"Room {number}") for number in range(4)]
    mentor = certified(make(Role.MENTOR), called="Juniper")
    described(mentor, wanted=9)
    seats = [seated(mentor.account, room, "Juniper") for room in rooms]
    flagger = seated(make(Role.CLIENT), rooms[0], "Steady River")
    for number in range(2):
        thread_between(make(Role.CLIENT), mentor, pseudonym=f"Gray Wren {number}")
    request = asking(make(Role.CLIENT))
    coordinator, other = make(Role.COORDINATOR), make(Role.COORDINATOR)
    moderator, colleague = make(Role.MODERATOR), make(Role.MODERATOR)
    for each in (coordinator, moderator, colleague):
        on_call(each)
    message = posting.post(seats[0], body="Words.").id
    case = intake.flag(
        flagger.account_id, room_id=rooms[0].pk, message_id=message, category="harassment", words=""
    ).case_id
    cases.claim(case, moderator)
    roles, kinds = cycle((Role.CLIENT, Role.MENTOR)), cycle(KINDS)

    def person() -> Account:
        return Account.objects.get(pk=mentor.pk)

    def change_role() -> None:
        people.change_role(person(), next(roles), by=coordinator)

    def coordinate() -> None:
        again = Account.objects.get(pk=other.pk)
        is_one = again.role == Role.COORDINATOR
        people.change_role(again, Role.MENTOR if is_one else Role.COORDINATOR, by=coordinator)

    def sanction() -> None:
        done = acts.sanction(case, moderator, next(kinds), "For now.", None)
        acts.lift(case, moderator, done.target, "Enough.")

    def end_by_the_clock() -> None:
        for each in Sanction.objects.filter(ended_at=None):
            sanctions.lift(each, None, "over")
        people.bring_back(person(), by=coordinator)

    def offer() -> None:
        """Often there is no mentor at this moment, since they are suspended or a client: it is tried again."""
        for _ in range(20):
            with suppress(MentoringRefused):
                made = offers.confirm(request_id=request.pk, mentor_id=mentor.pk, by=coordinator)
                return offers.decline(client=request.client, offer_id=made.pk)
        raise MentoringRefused("not_found")

    def flag() -> None:
        intake._flags._levels.clear()
        with transaction.atomic():
            Flag.objects.filter(case=case, by=flagger.account_id).delete()
        intake.flag(flagger.account_id, room_id=rooms[0].pk, message_id=message, category="harassment", words="")

    return {
        "change_role": change_role,
        "coordinate": coordinate,
        "sanction": sanction,
        "end_by_the_clock": end_by_the_clock,
        "offer": offer,
        "flag": flag,
        "note": lambda: cases.note(case, colleague, "A word."),
        "post": lambda: posting.post(flagger, body="Good evening."),
    }


def _each(starts: list[Door]) -> None:
    threads = [threading.Thread(target=start) for start in starts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    told = crisis(int(sys.argv[2])) if sys.argv[1] == "crisis" else all_at_once(int(sys.argv[1]))
    print(json.dumps(told))  # noqa: T201  (what the test reads)

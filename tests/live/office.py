"""Another process over a test's store: it does what commands and other servers do, one act at a time, in milliseconds.

`Office` is the test's side. Run as a module it is the process itself: a line of JSON in, a line of JSON out.
"""

import json
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any, Self

from tests.harness.server import HERE, Store


class Office:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._turn = threading.Lock()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.office"],
            cwd=HERE,
            env=self._store.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *failure: object) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        if self._process.poll() is None:
            self._process.kill()
        self._process.stdout.close()  # type: ignore[union-attr]

    def __call__(self, act: str, **about: Any) -> Any:
        """What the act returns, once it is committed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            self._process.stdin.write(json.dumps([act, about]) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        assert "failed" not in answer, f"{act}: {answer}"
        return answer["done"]


def _serve() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # letters that the demo prints are no answers
    import django

    django.setup()

    from django.conf import settings
    from django.db import connection, connections, transaction
    from django.utils import timezone

    from accounts import people, sessions
    from accounts.closings import handle
    from accounts.models import Account, Role, Session
    from mentoring import apart, offers, reminders, respite, shared, stepping_back, trainings
    from mentoring import hours as mentor_hours
    from mentoring.curriculum import MODULES
    from mentoring.models import Apart, Certification, Debrief, Mentor, Offer, Request, Respite, Thread
    from mentoring.refusals import Refused as MentoringRefused
    from moderation import acts as case_acts
    from moderation import appeals, cases, intake, letters, live, outside
    from moderation.models import Appeal, Case, Flag, Letter, Sanction, Severity
    from moderation.verbs import VERBS
    from rooms import joining, leading, posting, reading, steward
    from rooms.access import seat_of, standing
    from rooms.changes import Posted
    from rooms.models import Agreement, Call, Membership, Message, Room, epoch_of
    from tests.mentoring import asked, cast
    from tests.mentoring.cast import certified, thread_between
    from tests.moderation.queued import queued
    from vault.sealing import CannotOpen, unseal

    def account(cookie: str) -> Account:
        key = cookie.split("=", 1)[1]
        found = Session.objects.get(handle=handle(key)).account
        assert found is not None
        return found

    def coordinator() -> Account:
        found = Account.objects.filter(role=Role.COORDINATOR).first()
        return found or Account.objects.create_account(
            email="office@live.example", name="Office Coordinator", role=Role.COORDINATOR
        )

    def cookie_of(account: Account, **extra: str) -> str:
        return f"{settings.SESSION_COOKIE_NAME}={sessions.start_session(account, **extra)}"

    class Acts:
        def make_person(self, email: str, name: str, role: str = "client", password: str | None = None) -> str:
            return cookie_of(Account.objects.create_account(email=email, name=name, role=role, password=password))

        def make_room(self, name: str, posts_a_minute: int = 600) -> str:
            room = Room.objects.create(name=name, condition=Room.Condition.OTHER, posts_a_minute=posts_a_minute)
            joining.publish_agreement(room, "We are kind to each other.", actor=coordinator())
            return room.pk

        def make_thread(
            self, client: str, mentor: str, pseudonym: str = "Gray Wren", called: str = "Juniper"
        ) -> dict[str, str]:
            """Between these two, by their cookies: its room, and who each of them is in it."""
            by = account(mentor)
            file = Mentor.objects.filter(account=by).first() or certified(by, called=called)
            found = thread_between(account(client), file, pseudonym=pseudonym).room
            names = {row.account_id: row.handle for row in found.memberships.all()}
            return {"room": found.pk, "client": names[account(client).pk], "mentor": names[by.pk]}

        def thread_of(self, room: str) -> str:
            return Thread.objects.get(room=room).pk

        def newest_appointment(self, room: str) -> str:
            return Thread.objects.get(room=room).appointments.latest("at").pk

        def share(self, cookie: str, room: str, line: str, text: str) -> None:
            """What the client lets their mentor know."""
            shared.change(thread=Thread.objects.get(room=room), line=line, text=text, by=account(cookie))

        def hours(self, cookie: str, hours: list[dict[str, Any]]) -> None:
            """When this mentor is usually there."""
            mentor_hours.choose(mentor=Mentor.objects.get(account=account(cookie)), hours=hours)

        def calls(self, room: str) -> list[dict[str, Any]]:
            """The facts that remain of a thread's calls, oldest first."""
            rows = Call.objects.filter(room=room).order_by("rang_at")
            return [
                {
                    "id": row.pk,
                    "way": row.way,
                    "end": row.end,
                    "answered": row.answered_at is not None,
                    "over": row.ended_at is not None,
                }
                for row in rows
            ]

        def age_call(self, id: str, seconds: float) -> None:
            """As if all of it had happened so much earlier, and nothing since."""
            past = timedelta(seconds=seconds)
            names = ("rang_at", "answered_at", "caller_seen", "callee_seen", "caller_away_at", "callee_away_at")
            call = Call.objects.get(pk=id)
            for name in names:
                if at := getattr(call, name):
                    setattr(call, name, at - past)
            call.save(update_fields=names)

        def marks(self, room: str) -> dict[str, list[int]]:
            rows = Membership.objects.filter(room=room)
            return {row.handle: [row.got, row.read] for row in rows}

        def make_member(self, cookie: str, room: str, pseudonym: str) -> str:
            member = joining.admit(account(cookie), Room.objects.get(pk=room), actor=coordinator())
            joining.enter(member, pseudonym=pseudonym, version=member.room.agreement_version)
            return member.handle

        def admit(self, cookie: str, room: str) -> None:
            joining.admit(account(cookie), Room.objects.get(pk=room), actor=coordinator())

        def room_named(self, name: str) -> str:
            return Room.objects.get(name=name).pk

        def sign_in(self, email: str) -> str:
            found = Account.objects.by_email(email)
            assert found is not None
            return cookie_of(found)

        def sign_in_again(self, cookie: str, device: str = "") -> str:
            return cookie_of(account(cookie), device=device)

        def change_room(self, room: str, **fields: Any) -> None:
            Room.objects.filter(pk=room).update(**fields)
            joining.rules_changed(Room.objects.get(pk=room))

        def remove(self, cookie: str, room: str) -> None:
            joining.remove(account(cookie), Room.objects.get(pk=room), actor=coordinator())

        def suspend(self, cookie: str) -> None:
            people.suspend(account(cookie), by=coordinator(), why="a test")

        def change_role(self, cookie: str, role: str) -> None:
            people.change_role(account(cookie), Role(role), by=coordinator())

        def publish_agreement(self, room: str) -> None:
            joining.publish_agreement(Room.objects.get(pk=room), "We are kinder still.", actor=coordinator())

        def accept_agreement(self, cookie: str, room: str) -> None:
            member = Membership.objects.get(account=account(cookie), room_id=room)
            joining.enter(member, pseudonym="", version=member.room.agreement_version)

        def steward(self, verb: str, room: str = "", minutes: float = 0, **about: Any) -> None:
            """One of rooms.steward: on a message, a held message, the room (for so many minutes), or a member."""
            until = timezone.now() + timedelta(minutes=minutes)
            match verb:
                case "mute":
                    steward.mute(Membership.objects.get(handle=about["member"]), until)
                case "release" | "refuse":
                    getattr(steward, verb)(about["id"])
                case "slow":
                    steward.slow(room, about["seconds"], until)
                case "lock":
                    steward.lock(room, until)
                case "notice":
                    steward.notice(room, about["text"], until)
                case _:
                    getattr(steward, verb)(room, about["id"])

        def cases(self) -> list[dict[str, Any]]:
            names = ("id", "room_id", "category", "severity", "flags_count")
            return [
                dict(zip(names, row, strict=True)) for row in Case.objects.order_by("opened_at").values_list(*names)
            ]

        def past_cases(self, cookie: str, room: str, severity: str, minutes: list[int]) -> None:
            """Resolved ones about this person, one an hour until now, each taken after so many minutes."""
            clock = Severity(severity).clock
            for number, waited in enumerate(minutes):
                opened = timezone.now() - timedelta(hours=number)
                answered = opened + timedelta(minutes=waited)
                Case.objects.create(
                    room_id=room,
                    account=account(cookie),
                    category="harassment",
                    severity=severity,
                    opened_at=opened,
                    due_at=opened + clock,
                    first_response_at=answered,
                    was_late=answered > opened + clock,
                    resolved_at=answered,
                    state=Case.State.RESOLVED,
                )

        def flag(self, cookie: str, room: str, message: str, category: str = "harassment", words: str = "") -> str:
            """The case that it opens or joins."""
            flagger = account(cookie)
            return intake.flag(flagger.pk, room_id=room, message_id=message, category=category, words=words).case_id

        def queue_case(self, room: str, severity: str, minutes_left: float | None = None, **fields: Any) -> str:
            """A case that waits, whatever led to it; open queues hear of it."""
            with transaction.atomic():
                case = queued(Room.objects.get(pk=room), Severity(severity), minutes_left=minutes_left, **fields)
                live.queue_moved()
            return case.pk

        def empty_queue(self) -> None:
            with transaction.atomic():
                Case.objects.all().delete()
                live.queue_moved()

        def claim(self, cookie: str, case: str) -> None:
            cases.claim(case, account(cookie))

        def resolve(self, cookie: str, case: str) -> None:
            cases.resolve(case, account(cookie), Case.Outcome.TALKED)

        def write_letter(self, cookie: str, case: str, kind: str, text: str) -> None:
            letters.write(Case.objects.get(pk=case), Letter.Kind(kind), account(cookie), text)

        def answers(self, case: str) -> list[str]:
            """What the person a case is about wrote to the moderators."""
            return [letters.opened(each) for each in Letter.objects.filter(case=case, kind=Letter.Kind.REPLY)]

        def sanction(self, cookie: str, case: str, kind: str, reason: str, minutes: float) -> str:
            until = timezone.now() + timedelta(minutes=minutes)
            return case_acts.sanction(case, account(cookie), Sanction.Kind(kind), reason, until).target

        def settle_held(self, cookie: str, case: str, held: str, why: str = "") -> None:
            """Refused with a reason, or released where there is none."""
            if why:
                case_acts.refuse(case, account(cookie), held, why)
            else:
                case_acts.release(case, account(cookie), held)

        def held_of(self, case: str) -> str:
            """The message of this case that waits for a moderator."""
            found: str = Flag.objects.filter(case=case, is_held=True).values_list("message_id", flat=True)[0]
            return found

        def access_link(self, sanction: str) -> str:
            return f"/access/{outside.token_of(Sanction.objects.get(pk=sanction))}/"

        def decide(self, cookie: str, sanction: str, decision: str, answer: str) -> None:
            by, case = account(cookie), Appeal.objects.get(sanction=sanction).case_id
            cases.claim(case, by)
            appeals.decide(case, by, Appeal.Decision(decision), answer)

        def act_on_case(self, cookie: str, case: str, verb: str, minutes: float = 0, of: str = "", **about: Any) -> str:
            """What the case page's form of this verb does; `of` is the act to take back. The id of the act, where it is one."""
            about["act"] = of
            about["until"] = timezone.now() + timedelta(minutes=minutes) if minutes else None
            done = VERBS[verb].do(case, account(cookie), about)
            return str(getattr(done, "pk", ""))

        def certify(self, cookie: str, called: str, days: int = 365) -> int:
            """This person is a mentor with every paper; the certification counts for so many days more."""
            until = timezone.localdate() + timedelta(days=days)
            number: int = cast.certified(account(cookie), called=called, until=until).pk
            return number

        def no_mentor_takes_clients(self) -> None:
            """Whoever is a mentor already: a test of matching brings its own."""
            Mentor.objects.update(is_taking=False)

        def go_away(self, mentor: str, cover: str, days: int = 7, within: int = 0) -> None:
            """From today on, or within so many days, with that mentor standing in."""
            by, first = account(mentor), timezone.localdate() + timedelta(days=within)
            respite.plan(
                mentor=Mentor.objects.get(account=by),
                cover_id=account(cover).pk,
                starts=first,
                ends=first + timedelta(days=days),
                by=by,
            )

        def keep_apart(self, client: str, mentor: str) -> None:
            found = Mentor.objects.get(account=account(mentor))
            apart.keep_apart(client=account(client), mentor=found, why=Apart.Why.CONFLICT, by=coordinator())

        def step_back(self, thread: str) -> None:
            found = Thread.objects.select_related("mentor__account").get(pk=thread)
            stepping_back.step_back(thread=found, by=found.mentor.account)

        def stands_in(self, thread: str) -> str:
            """The thread with the cover mentor; empty where there is none."""
            return Thread.objects.running().filter(covers=thread).values_list("pk", flat=True).first() or ""

        def wellbeing_turn(self) -> int:
            """What the clock does for time away."""
            return respite.turn()

        def move_respite(self, mentor: str, days: int) -> None:
            """Time passes: everything about this mentor's time away is so many days longer ago."""
            for each in Respite.objects.filter(mentor__account=account(mentor)):
                each.starts -= timedelta(days=days)
                each.ends -= timedelta(days=days)
                each.save(update_fields=["starts", "ends"])

        def busy_weeks(self, mentor: str, weeks: list[int], crises: int = 0) -> None:
            """A mentor wrote so many quarter hours in each week until now, and had so many crises this week."""
            thread = Thread.objects.running().filter(mentor__account=account(mentor))[0]
            Room.objects.filter(pk=thread.room_id).update(posts_a_minute=600)
            seat = seat_of(standing(thread.mentor_id, thread.room_id))
            for number, quarters in enumerate(weeks):
                week = timezone.now() - timedelta(days=7 * (len(weeks) - 1 - number), minutes=5)
                for quarter in range(quarters):
                    posting.post(seat, body="Hello.", at=week - timedelta(minutes=15 * quarter))
            for number in range(crises):
                Debrief.objects.create(
                    mentor=thread.mentor,
                    room=thread.room,
                    state="declined",
                    offered_at=timezone.now() - timedelta(days=number),
                )

        def pair(self, client: str, mentor: str, pseudonym: str = "Gray Wren") -> str:
            """A thread that runs between these two."""
            found = Mentor.objects.get(account=account(mentor))
            return cast.thread_between(account(client), found, pseudonym=pseudonym).pk

        def train(self, cookie: str, but: str = "") -> None:
            """Every training was done elsewhere and confirmed, but this one."""
            found = Mentor.objects.get_or_create(account=account(cookie))[0]
            for code in MODULES:
                if code != but:
                    trainings.record(
                        mentor=found,
                        code=code,
                        provider="Academy",
                        done_on=timezone.localdate(),
                        hours=Decimal(2),
                        expires=None,
                        by=coordinator(),
                    )

        def describe(self, cookie: str, about: str = "", wanted: int | None = None, **offered: Any) -> int:
            """What this mentor says about themselves; their number."""
            found = Mentor.objects.get(account=account(cookie))
            asked.described(found, about=about, wanted=wanted, **offered)
            number: int = found.pk
            return number

        def ask_for_mentor(self, cookie: str, days: float = 0, **wishes: Any) -> str:
            """This client asked so many days ago."""
            return asked.asking(account(cookie), days=days, **wishes).pk

        def offer_mentor(self, request: str, mentor: int, by: str = "") -> str:
            """A coordinator confirms this pair: the offer, or why it cannot be."""
            try:
                confirmed = offers.confirm(
                    request_id=request, mentor_id=mentor, by=account(by) if by else coordinator()
                )
            except MentoringRefused as refusal:
                return refusal.reason
            return confirmed.pk

        def take_back_offers(self) -> None:
            """Every offer that is out."""
            for each in Offer.objects.filter(state=Offer.State.OPEN):
                offers.withdraw(offer_id=each.pk, by=coordinator())

        def past_requests(self, days: list[int], **wishes: Any) -> None:
            """Clients who asked, and had a mentor after so many days."""
            for number, waited in enumerate(days):
                request = asked.asking(days=waited + 3 + 11 * number, **wishes)
                settled = request.asked_at + timedelta(days=waited)
                Request.objects.filter(pk=request.pk).update(state=Request.State.MATCHED, settled_at=settled)

        def certify_until(self, cookie: str, days: int) -> None:
            """This mentor's certification ends in so many days; a negative number: it has ended."""
            until = timezone.localdate() + timedelta(days=days)
            Certification.objects.filter(mentor__account=account(cookie)).update(expires=until)

        def name_of(self, cookie: str) -> str:
            return account(cookie).name

        def account_of(self, cookie: str) -> int:
            return account(cookie).pk

        def lead(self, cookie: str, room: str) -> None:
            leading.lead(account(cookie), Room.objects.get(pk=room), actor=coordinator())

        def remind(self, days: int = 0) -> int:
            """What the clock does about papers, so many days from now."""
            return reminders.tick(timezone.now() + timedelta(days=days))

        def end_sessions(self, cookie: str) -> None:
            sessions.end(account=account(cookie).pk)

        def lock(self, cookie: str) -> None:
            sessions.lock(cookie.split("=", 1)[1])

        def expire(self, cookie: str) -> None:
            key = handle(cookie.split("=", 1)[1])
            Session.objects.filter(handle=key).update(expire_date=timezone.now() - timedelta(seconds=1))

        def post(self, cookie: str, room: str, body: str, days_ago: float = 0, **extra: Any) -> Any:
            at = timezone.now() - timedelta(days=days_ago)
            done = posting.post(seat_of(standing(account(cookie).pk, room)), body=body, at=at, **extra)
            assert isinstance(done, Posted), "what this house is to read is not held by its gates"
            return {"id": done.id, "seq": done.seq, "epoch": epoch_of(at)}

        def post_many(self, cookie: str, room: str, count: int, length: int) -> None:
            """Ten a commit, with a breath between: neither hundreds of commits nor one long one keep a server's own writer waiting."""
            seat = seat_of(standing(account(cookie).pk, room))
            for first in range(0, count, 10):
                with transaction.atomic():
                    for number in range(first, min(first + 10, count)):
                        posting.post(seat, body=f"{number} " + "m" * length)
                time.sleep(0.1)

        def stored(self, room: str) -> list[dict[str, Any]]:
            """Every message of a room, opened, in the order it was posted."""
            rows = Message.objects.filter(room_id=room).select_related("author").order_by("seq")
            return [
                {
                    "id": row.pk,
                    "seq": row.seq,
                    "changed": row.changed,
                    "key": row.key,
                    "author": row.author.handle,
                    "body": reading.open_body(row),
                    "redacted": row.redacted_at is not None,
                }
                for row in rows
            ]

        def number_of(self, room: str) -> int:
            return Room.objects.get(pk=room).number

        def sealed_body(self, id: str) -> str:
            return bytes(Message.objects.get(pk=id).body or b"").hex()

        def put_sealed_body(self, id: str, sealed: str) -> None:
            """As a thief with the database in hand would: past every rule."""
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {Message._meta.db_table} SET body = %s WHERE id = %s", [bytes.fromhex(sealed), id]
                )

        def opens(self, sealed: str, owner: str, purpose: str, place: str) -> bool:
            from vault.sealing import Sealed

            try:
                unseal(Sealed(bytes.fromhex(sealed)), owner=owner, purpose=purpose, place=place)
            except CannotOpen:
                return False
            return True

        def rows(self) -> list[str]:
            """Every value of every table of both databases, as text and as bytes in hex."""
            found: list[str] = []
            for alias in ("default", "keys"):
                for table in connections[alias].introspection.table_names():
                    with connections[alias].cursor() as cursor:
                        cursor.execute(f'SELECT * FROM "{table}"')
                        for row in cursor.fetchall():
                            values = [
                                bytes(each).hex() if isinstance(each, bytes | memoryview) else str(each) for each in row
                            ]
                            found.append(" ".join(values))
            return found

        def agreement_versions(self, room: str) -> int:
            return Agreement.objects.filter(room_id=room).count()

    acts = Acts()
    for line in sys.stdin:
        act, about = json.loads(line)
        try:
            answer = {"done": getattr(acts, act)(**about)}
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        connections.close_all()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve()

"""Certifications: handed in, looked at, withdrawn; sealed in the store, with a document that is what its bytes say."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.mail import post_office
from accounts.models import Account, Role
from mentoring import certifications
from mentoring.models import Certification, CertificationDocument, Mentor
from mentoring.refusals import Refused
from mentoring.standing import standing_of
from rooms import leading
from rooms.models import Membership
from tests.mentoring.cast import certified, new_mentor
from tests.people import both_stores, coordinator, make, mentor, open_room, seated, signed_in
from vault import trail

__all__ = ["coordinator", "mentor"]
pytestmark = both_stores

DAY = timedelta(days=1)
PDF = b"%PDF-1.7\n" + b"a page of it " * 20
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"pixels" * 20
HTML = b"<!doctype html><script>alert(1)</script>"
BODY, NUMBER = "Board of Peer Recovery of Ohio", "PRS-48213"


def added(mentor: Mentor, by: Account | None = None, **changes: object) -> Certification:
    today = timezone.localdate()
    about = {
        "body": BODY,
        "number": NUMBER,
        "issued": today - 100 * DAY,
        "expires": today + 200 * DAY,
        "document": PDF,
        "by": by or mentor.account,
    }
    return certifications.add(mentor=mentor, **{**about, **changes})  # type: ignore[arg-type]


def filled_in(**changes: object) -> dict[str, object]:
    today = timezone.localdate()
    about = {"body": BODY, "number": NUMBER, "issued": today - 100 * DAY, "expires": today + 200 * DAY}
    return {**about, "document": SimpleUploadedFile("me.exe", PDF), **changes}


def certification_counts(mentor: Mentor) -> bool:
    return "certification" not in {lack.kind for lack in standing_of(mentor).lacks}


def refusal(reason: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, check=lambda refused: refused.reason == reason)


# --- the doors ------------------------------------------------------------------------------------------------------


def test_what_a_mentor_adds_counts_once_a_coordinator_has_looked(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = added(found)
    assert [each.state for each in certifications.of(found)] == ["waiting"]
    assert not certification_counts(found)
    certifications.check(mentor=found, pk=row.pk, by=coordinator)
    assert [each.state for each in certifications.of(found)] == ["counts"]
    assert certification_counts(found)
    with refusal("settled"):
        certifications.check(mentor=found, pk=row.pk, by=coordinator)


def test_what_a_coordinator_adds_counts_at_once_and_needs_no_document(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = added(found, coordinator, document=None)
    assert certification_counts(found)
    assert (row.verified_by, row.document_type) == (coordinator, "")


def test_a_withdrawn_one_counts_no_more_and_the_mentor_reads_why(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = added(found, coordinator)
    certifications.withdraw(mentor=found, pk=row.pk, why="The board took it back.", by=coordinator)
    assert not certification_counts(found)
    assert "The board took it back." in signed_in(mentor).get("/mentoring/certification/").content.decode()
    with refusal("settled"):
        certifications.withdraw(mentor=found, pk=row.pk, why="Again.", by=coordinator)
    with refusal("settled"):
        certifications.check(mentor=found, pk=row.pk, by=coordinator)


def test_withdrawing_needs_a_reason(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = added(found, coordinator)
    with refusal("empty"):
        certifications.withdraw(mentor=found, pk=row.pk, why="  ", by=coordinator)
    assert certification_counts(found)


def test_withdrawing_ends_the_leading_of_groups_in_the_same_moment(mentor: Account, coordinator: Account) -> None:
    found, room = certified(mentor), open_room()
    seated(mentor, room, "Juniper")
    leading.lead(mentor, room, actor=coordinator)
    certifications.withdraw(mentor=found, pk=Certification.objects.get().pk, why="Expired paper.", by=coordinator)
    assert not Membership.objects.filter(leads=True).exists()


def test_a_mentor_takes_back_what_nobody_has_looked_at_and_nothing_else(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    checked, waiting = added(found), added(found)
    certifications.check(mentor=found, pk=checked.pk, by=coordinator)
    certifications.take_back(mentor=found, pk=waiting.pk)
    assert list(Certification.objects.all()) == [checked]
    assert CertificationDocument.objects.count() == 1
    for pk in (checked.pk, waiting.pk, 10**30):
        with refusal("not_found"):
            certifications.take_back(mentor=found, pk=pk)


@pytest.mark.parametrize(
    ("issued", "expires", "reason"),
    [
        (0, 0, "dates_order"),
        (0, -1, "dates_order"),
        (-400, -1, "expired_already"),
        (400, 500, "dates_far"),
        (0, 9000, "dates_far"),
    ],
)
def test_dates_that_cannot_be_are_refused(mentor: Account, issued: int, expires: int, reason: str) -> None:
    today = timezone.localdate()
    with refusal(reason):
        added(new_mentor(mentor), issued=today + issued * DAY, expires=today + expires * DAY)
    assert not Certification.objects.exists()


def test_one_whose_last_day_is_today_still_counts(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    added(found, coordinator, expires=timezone.localdate())
    assert certification_counts(found)


@pytest.mark.parametrize(("content", "kind"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")])
def test_its_first_bytes_decide_what_a_document_is(mentor: Account, content: bytes, kind: str) -> None:
    found = new_mentor(mentor)
    row = added(found, document=content)
    document = certifications.document_of(mentor=found, pk=row.pk, by=mentor)
    assert (document.content, document.type) == (content, kind)


@pytest.mark.parametrize("content", [HTML, b"", b"%PDF", b" %PDF-1.7", b"\x89PNG", b"GIF89a", b"PK\x03\x04"])
def test_anything_else_is_refused(mentor: Account, content: bytes) -> None:
    with refusal("is_no_document"):
        added(new_mentor(mentor), document=content)


def test_five_megabytes_are_taken_and_one_byte_more_is_not(mentor: Account) -> None:
    found = new_mentor(mentor)
    most = PDF + b"x" * (5 * 1024 * 1024 - len(PDF))
    row = added(found, document=most)
    assert certifications.document_of(mentor=found, pk=row.pk, by=mentor).content == most
    with refusal("document_too_large"):
        added(found, document=most + b"x")


# --- sealed, and on the trail ---------------------------------------------------------------------------------------


def test_nothing_of_it_is_in_the_clear_in_the_store(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = added(found)
    certifications.withdraw(mentor=found, pk=row.pk, why="A reason of some words.", by=coordinator)
    stored = b""
    for table in (Certification, CertificationDocument):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table._meta.db_table}")
            stored += b"|".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for r in cursor.fetchall() for v in r
            )
    assert len(stored) > len(PDF)
    for text in (BODY.encode(), NUMBER.encode(), b"a page of it", b"%PDF", b"A reason"):
        assert text not in stored


def test_a_document_in_the_row_of_another_does_not_open(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    one, other = added(found), added(found, document=PNG)
    CertificationDocument.objects.filter(pk=one.pk).update(
        content=CertificationDocument.objects.get(pk=other.pk).content
    )
    with pytest.raises(Exception, match="cannot be opened"):
        certifications.document_of(mentor=found, pk=one.pk, by=mentor)


def test_every_act_and_every_look_of_a_coordinator_is_on_the_trail_without_a_word_of_it(
    mentor: Account, coordinator: Account
) -> None:
    found = new_mentor(mentor)
    row = added(found)
    browser = signed_in(coordinator)
    browser.get(f"/mentoring/mentors/{mentor.pk}/")
    browser.get(f"/mentoring/mentors/{mentor.pk}/document/{row.pk}/")
    certifications.check(mentor=found, pk=row.pk, by=coordinator)
    certifications.withdraw(mentor=found, pk=row.pk, why="The board took it back.", by=coordinator)
    acts = [(entry.act, entry.actor, entry.subject) for entry in trail.last(5)]
    about = f"certification:{row.pk} account:{mentor.pk}"
    assert acts == [
        ("certification.add", f"account:{mentor.pk}", about),
        ("mentor.file", f"account:{coordinator.pk}", f"account:{mentor.pk}"),
        ("certification.document", f"account:{coordinator.pk}", about),
        ("certification.check", f"account:{coordinator.pk}", about),
        ("certification.withdraw", f"account:{coordinator.pk}", about),
    ]
    assert trail.why(trail.last(1)[0]) == "The board took it back."


def test_the_mentors_own_look_leaves_no_trace(mentor: Account) -> None:
    row = added(new_mentor(mentor))
    before = trail.last(1)[0].position
    signed_in(mentor).get(f"/mentoring/certification/{row.pk}/document/")
    assert trail.last(1)[0].position == before


# --- the pages ------------------------------------------------------------------------------------------------------


def test_a_mentor_hands_one_in_and_gets_their_document_back(mentor: Account) -> None:
    browser = signed_in(mentor)
    page = browser.post("/mentoring/certification/", filled_in(), follow=True).content.decode()
    assert "A coordinator will look at it." in page
    assert BODY in page
    row = Certification.objects.get()
    answer = browser.get(f"/mentoring/certification/{row.pk}/document/")
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"document": SimpleUploadedFile("certificate.pdf", HTML, "application/pdf")},
            "Please choose a PDF, PNG or JPEG file.",
        ),
        ({"document": ""}, "Please choose the document."),
        ({"document": SimpleUploadedFile("c.pdf", PDF + b"x" * 5 * 1024 * 1024)}, "This file is larger than 5 MB."),
        ({"document": SimpleUploadedFile("c.pdf", PDF + b"x" * 7 * 1024 * 1024)}, "This file is larger than 5 MB."),
        ({"expires": date(2020, 1, 1), "issued": date(2019, 1, 1)}, "This one has expired already."),
        ({"expires": date(2020, 1, 1)}, "The last day comes after the first one."),
        ({"issued": "yesterday"}, "Enter a valid date."),
        ({"body": "", "number": ""}, "Please fill this in."),
        ({"body": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_comes_back_with_its_reason(mentor: Account, changes: dict[str, object], says: str) -> None:
    answer = signed_in(mentor).post("/mentoring/certification/", filled_in(**changes))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Certification.objects.exists()


def test_no_copy_of_a_document_is_written_to_the_disk_on_its_way_in(mentor: Account, settings: Settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = "/nonexistent"
    large = SimpleUploadedFile("c.pdf", PDF + b"x" * 4 * 1024 * 1024)
    assert signed_in(mentor).post("/mentoring/certification/", filled_in(document=large)).status_code == 302
    assert CertificationDocument.objects.count() == 1


def coordinators_post(browser: Client, mentor: Account, address: str, **data: object) -> str:
    return browser.post(f"/mentoring/mentors/{mentor.pk}/{address}/", data, follow=True).content.decode()


def test_a_coordinator_looks_checks_and_withdraws(mentor: Account, coordinator: Account) -> None:
    row = added(new_mentor(mentor))
    browser = signed_in(coordinator)
    page = browser.get(f"/mentoring/mentors/{mentor.pk}/").content.decode()
    assert BODY in page
    assert NUMBER in page
    assert "Checked. It counts from now on." in coordinators_post(browser, mentor, f"certification/{row.pk}/check")
    again = coordinators_post(browser, mentor, f"certification/{row.pk}/check")
    assert "Somebody has decided this already." in again
    without = coordinators_post(browser, mentor, f"certification/{row.pk}/withdraw", why=" ")
    assert "Please write a few words." in without
    done = coordinators_post(browser, mentor, f"certification/{row.pk}/withdraw", why="It is a copy.")
    assert "It counts no more" in done
    assert "It is a copy." in done


def test_a_coordinator_adds_one_for_the_mentor(mentor: Account, coordinator: Account) -> None:
    browser = signed_in(coordinator)
    about = {key: value for key, value in filled_in().items() if key != "document"}
    assert "It counts from now on." in coordinators_post(browser, mentor, "certification", **about)
    assert Certification.objects.get().verified_by == coordinator
    wrong = browser.post(f"/mentoring/mentors/{mentor.pk}/certification/", {**about, "expires": "2020-01-01"})
    assert wrong.status_code == 422
    assert "The last day comes after the first one." in wrong.content.decode()


def test_a_paper_is_found_through_its_mentor_only(mentor: Account, coordinator: Account) -> None:
    row, other = added(new_mentor(mentor)), make(Role.MENTOR)
    browser = signed_in(coordinator)
    for address in (f"certification/{row.pk}/check/", f"certification/{row.pk}/withdraw/", f"wish/{row.pk}/check/"):
        assert browser.post(f"/mentoring/mentors/{other.pk}/{address}", {"why": "x"}).status_code == 404
    assert browser.get(f"/mentoring/mentors/{other.pk}/document/{row.pk}/").status_code == 404
    assert Certification.objects.get().verified_at is None


@pytest.mark.django_db(databases=["default", "keys"], transaction=True)
def test_letters_say_that_something_is_new_and_never_what(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = added(found)
    certifications.check(mentor=found, pk=row.pk, by=coordinator)
    post_office.submit(int).result()  # whatever was given to it before is out
    assert [each.to for each in mail.outbox] == [[coordinator.email], [mentor.email]]
    for letter in mail.outbox:
        said = f"{letter.subject} {letter.body}".lower()
        assert "there is something new for you" in said
        for word in ("certif", "mentor", BODY.lower(), mentor.name.lower(), "peer support"):
            assert word not in said

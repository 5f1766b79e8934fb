"""Trainings: the six that come with the house, read and answered without shame, and those from elsewhere."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Account, Role
from mentoring import answering, curriculum, trainings
from mentoring.curriculum import Module
from mentoring.markdown import rendered
from mentoring.models import Mentor, Training
from mentoring.refusals import Refused
from mentoring.standing import MODULES, name_of, standing_of
from mentoring.trainings import months_later
from tests.mentoring.cast import certified, new_mentor
from tests.people import both_stores, coordinator, make, mentor, signed_in
from vault import trail

__all__ = ["coordinator", "mentor"]
pytestmark = both_stores

DAY = timedelta(days=1)
CODE = "communication"
QUIZ = f"/mentoring/trainings/{CODE}/questions/"
PROVIDER = "Peer Academy of Toledo"


def right_answers(module: Module) -> dict[int, int]:
    return {place: question.right for place, question in enumerate(module.quiz)}


def posted(answers: dict[int, int]) -> dict[str, str]:
    return {f"question_{place}": str(answer) for place, answer in answers.items()}


def recorded(mentor: Mentor, by: Account | None = None, **changes: object) -> Training:
    about = {
        "code": CODE,
        "provider": PROVIDER,
        "done_on": timezone.localdate() - 10 * DAY,
        "hours": Decimal("3.5"),
        "expires": None,
        "by": by or mentor.account,
    }
    return trainings.record(mentor=mentor, **{**about, **changes})  # type: ignore[arg-type]


def lacks(mentor: Mentor, code: str = CODE) -> bool:
    return code in {lack.code for lack in standing_of(mentor).lacks}


def refusal(reason: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, check=lambda refused: refused.reason == reason)


# --- what comes with the house --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("code", MODULES)
def test_each_module_is_there_in_each_language_with_its_sources_and_questions(language: str, code: str) -> None:
    with translation.override(language):
        module = curriculum.module(code)
        assert module.title == name_of(code)
    assert module.language == language
    assert module.sources
    assert len(module.quiz) >= 5
    for question in module.quiz:
        assert question.right in range(len(question.choices))
        assert len(set(question.choices)) == len(question.choices) >= 2
        assert question.because
    assert 5 <= module.minutes <= 120
    assert 1 <= module.valid_months <= 60


@pytest.mark.parametrize("code", MODULES)
def test_both_languages_ask_the_same(code: str) -> None:
    with translation.override("en"):
        english = curriculum.module(code)
    with translation.override("es"):
        spanish = curriculum.module(code)
    facts = [
        (each.version, each.minutes, each.valid_months, [(q.right, len(q.choices)) for q in each.quiz])
        for each in (english, spanish)
    ]
    assert facts[0] == facts[1]


def test_an_unknown_language_reads_the_houses_own() -> None:
    with translation.override("fr"):
        assert curriculum.module(CODE).language == "en"


def test_an_unknown_module_is_not_found() -> None:
    for code in ("juggling", "../../secret", ""):
        with refusal("not_found"):
            curriculum.module(code)


def test_markdown_lets_nothing_out_and_nothing_in() -> None:
    page = rendered(
        "<script>alert(1)</script> [away](https://elsewhere.example) [way](//elsewhere.example) [in](javascript:alert(1)) "
        "[help](/help/) ![a cat](https://elsewhere.example/cat.png) <https://elsewhere.example>\n\n> **kept**"
    )
    for never in ("<script", 'href="http', 'href="//', "<img", 'href="javascript'):
        assert never not in page
    for kept in (
        "&lt;script&gt;",
        "away",
        '<a href="/help/">help</a>',
        "a cat",
        "<strong>kept</strong>",
        "<blockquote>",
    ):
        assert kept in page


def test_no_page_of_a_module_leads_out_of_the_house() -> None:
    for language in ("en", "es"):
        with translation.override(language):
            for module in curriculum.modules():
                assert "http" not in module.page
                assert "<h1" not in module.page


# --- read and answered ----------------------------------------------------------------------------------------------


def test_all_right_is_done_and_counts_for_its_months(mentor: Account) -> None:
    found, module = new_mentor(mentor), curriculum.module(CODE)
    verdicts, done = answering.answer(mentor=found, code=CODE, answers=right_answers(module))
    assert done is not None
    assert all(verdict.is_right for verdict in verdicts)
    today = timezone.localdate()
    assert (done.done_on, done.expires, done.version) == (
        today,
        months_later(today, module.valid_months),
        module.version,
    )
    assert done.hours == (Decimal(module.minutes) / 60).quantize(Decimal("0.01"))
    assert not lacks(found)
    assert (trail.last(1)[0].act, trail.last(1)[0].subject) == (
        "training.pass",
        f"training:{done.pk} account:{mentor.pk}",
    )


def test_one_wrong_one_open_or_one_that_is_no_choice_is_not_done_and_leaves_nothing(mentor: Account) -> None:
    found, right = new_mentor(mentor), right_answers(curriculum.module(CODE))
    wrong = (right[0] + 1) % len(curriculum.module(CODE).quiz[0].choices)
    for answers in (
        {**right, 0: wrong},
        {**right, 0: 99},
        {place: answer for place, answer in right.items() if place},
        {},
    ):
        verdicts, done = answering.answer(mentor=found, code=CODE, answers=answers)
        assert done is None
        assert not verdicts[0].is_right
    assert not Training.objects.exists()


def test_pressing_twice_makes_one_training(mentor: Account) -> None:
    found, right = new_mentor(mentor), right_answers(curriculum.module(CODE))
    for _ in range(2):
        answering.answer(mentor=found, code=CODE, answers=right)
    assert Training.objects.count() == 1


def test_doing_it_again_renews_it(mentor: Account) -> None:
    found = certified(mentor)
    Training.objects.filter(module=CODE).update(expires=timezone.localdate() - DAY)
    assert lacks(found)
    answering.answer(mentor=found, code=CODE, answers=right_answers(curriculum.module(CODE)))
    assert not lacks(found)


def test_a_wrong_answer_is_explained_and_can_be_tried_again_at_once(mentor: Account) -> None:
    browser, module = signed_in(mentor), curriculum.module(CODE)
    right = right_answers(module)
    wrong = (right[0] + 1) % len(module.quiz[0].choices)
    page = browser.post(QUIZ, posted({**right, 0: wrong})).content.decode()
    assert f"{len(module.quiz) - 1} of {len(module.quiz)} are right." in page
    assert "Not quite." in page
    assert page.count("question--right") == len(module.quiz) - 1
    assert f'name="question_1" value="{right[1]}" checked' in page
    assert not Training.objects.exists()
    done = browser.post(QUIZ, posted(right), follow=True).content.decode()
    assert "All of it right. “Communication” is done." in done
    assert Training.objects.get().source == Training.Source.HERE


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "²", "9" * 50, "1e3"])
def test_answers_that_are_none_are_open_questions(mentor: Account, nonsense: str) -> None:
    answer = signed_in(mentor).post(QUIZ, {"question_0": nonsense})
    assert answer.status_code == 200
    assert "Please choose an answer." in answer.content.decode()
    assert not Training.objects.exists()


def test_a_first_look_at_the_questions_tells_no_answer(mentor: Account) -> None:
    page = signed_in(mentor).get(QUIZ).content.decode()
    assert "checked" not in page
    assert "question__because" not in page


def test_the_list_and_the_page_say_how_it_stands(mentor: Account) -> None:
    found, browser = certified(mentor), signed_in(mentor)
    Training.objects.filter(module=CODE).update(expires=date(2026, 3, 31))
    Training.objects.filter(module="self_care").delete()
    page = browser.get("/mentoring/trainings/").content.decode()
    assert "Expired on March 31, 2026" in page
    assert "Not done yet" in page
    assert "10 hours of training in all." in page
    assert lacks(found)
    one = browser.get(f"/mentoring/trainings/{CODE}/").content.decode()
    assert "Answer the questions" in one
    assert "SAMHSA" in one


# --- from elsewhere -------------------------------------------------------------------------------------------------


def test_what_a_mentor_records_counts_once_it_is_confirmed(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = recorded(found)
    assert lacks(found)
    assert trainings.of(found)[0].state == "waiting"
    trainings.check(mentor=found, pk=row.pk, by=coordinator)
    assert not lacks(found)
    with refusal("settled"):
        trainings.check(mentor=found, pk=row.pk, by=coordinator)


def test_what_a_coordinator_records_counts_at_once(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    recorded(found, coordinator)
    assert not lacks(found)


def test_where_the_paper_names_no_end_it_counts_as_long_as_ours(mentor: Account) -> None:
    row = recorded(new_mentor(mentor))
    assert row.expires == months_later(row.done_on, curriculum.module(CODE).valid_months)
    assert recorded(new_mentor(make(Role.MENTOR)), expires=date(2099, 1, 1)).expires == date(2099, 1, 1)


def test_a_withdrawn_one_counts_no_more(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = recorded(found, coordinator)
    trainings.withdraw(mentor=found, pk=row.pk, why="Another person's paper.", by=coordinator)
    assert lacks(found)
    assert "Another person&#x27;s paper." in signed_in(mentor).get("/mentoring/trainings/").content.decode()


def test_one_that_was_done_here_can_be_withdrawn_and_done_again_on_the_same_day(
    mentor: Account, coordinator: Account
) -> None:
    found, right = new_mentor(mentor), right_answers(curriculum.module(CODE))
    _, done = answering.answer(mentor=found, code=CODE, answers=right)
    assert done is not None
    trainings.withdraw(mentor=found, pk=done.pk, why="Somebody else answered.", by=coordinator)
    assert lacks(found)
    answering.answer(mentor=found, code=CODE, answers=right)
    assert not lacks(found)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"done_on": timezone.localdate() + DAY}, "done_later"),
        ({"expires": date(2020, 1, 1)}, "dates_order"),
        ({"hours": Decimal(0)}, "hours"),
        ({"hours": Decimal("200.01")}, "hours"),
        ({"code": "juggling"}, "not_found"),
    ],
)
def test_what_cannot_be_is_refused(mentor: Account, changes: dict[str, Any], reason: str) -> None:
    with refusal(reason):
        recorded(new_mentor(mentor), **changes)
    assert not Training.objects.exists()


def test_who_gave_it_and_why_it_was_withdrawn_are_sealed(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    row = recorded(found)
    trainings.withdraw(mentor=found, pk=row.pk, why="A reason of some words.", by=coordinator)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT provider, why FROM {Training._meta.db_table}")
        stored = b"".join(bytes(value) for line in cursor.fetchall() for value in line)
    assert len(stored) > len(PROVIDER)
    assert PROVIDER.encode() not in stored
    assert b"A reason" not in stored
    opened = trainings.of(found)[0]
    assert (opened.provider, opened.why) == (PROVIDER, "A reason of some words.")
    assert trail.last(1)[0].subject == f"training:{row.pk} account:{mentor.pk}"


def outside_form(**changes: str) -> dict[str, str]:
    done_on = (timezone.localdate() - DAY).isoformat()
    return {"code": CODE, "provider": PROVIDER, "done_on": done_on, "hours": "2", "expires": "", **changes}


def told(browser: Client, **changes: str) -> tuple[int, str]:
    answer = browser.post("/mentoring/trainings/outside/", outside_form(**changes), follow=True)
    return answer.status_code, answer.content.decode()


def test_a_mentor_records_one_and_takes_it_back(mentor: Account) -> None:
    browser = signed_in(mentor)
    status, page = told(browser)
    assert (status, "Waits for a check" in page, PROVIDER in page) == (200, True, True)
    row = Training.objects.get()
    browser.post(f"/mentoring/trainings/done/{row.pk}/take-back/")
    assert not Training.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": "juggling"}, "Choose one from the list."),
        ({"hours": "0"}, "from a quarter of an hour to 200"),
        ({"done_on": "2999-01-01"}, "Please choose a day that is not still to come."),
        ({"expires": "2020-01-01"}, "The last day comes after the first one."),
        ({"provider": ""}, "Please fill this in."),
    ],
)
def test_the_form_says_what_is_wrong_and_stays_open(mentor: Account, changes: dict[str, str], says: str) -> None:
    status, page = told(signed_in(mentor), **changes)
    assert status == 422
    assert says in page
    assert 'fold--card measure" open' in page
    assert not Training.objects.exists()


def test_the_list_costs_as_many_queries_full_as_empty(mentor: Account) -> None:
    found, browser = new_mentor(mentor), signed_in(mentor)
    browser.get("/mentoring/trainings/")
    counts = []
    for many in (1, 20):
        for _ in range(many):
            recorded(found)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/mentoring/trainings/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 5, 31), 24, date(2028, 5, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later

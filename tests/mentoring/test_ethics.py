"""The ethics agreement: it comes with the house, a coordinator publishes another, every mentor is asked again."""

import hashlib
from pathlib import Path

import pytest
from django.utils import translation

import mentoring
from accounts.models import Account
from mentoring import ethics
from mentoring.models import EthicsAcceptance, EthicsText
from mentoring.refusals import Refused
from mentoring.standing import standing_of
from tests.mentoring.cast import certified, new_mentor
from tests.people import both_stores, coordinator, mentor, signed_in
from vault import trail

__all__ = ["coordinator", "mentor"]
pytestmark = both_stores

FOLDER = Path(mentoring.__file__).parent / "agreements"
# What mentors accepted as version 1. It never changes: a new text is a new version.
FIRST = {
    "en": "259aa793cdfa5ef22a7063865ab51c2148cb8ccc19dfe987ffa25cb64a858f6b",
    "es": "0ba396198da1c813beb4f3172f88faee55220d1a09efa8651723be7d14288b95",
}


def refusal(reason: str) -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, check=lambda refused: refused.reason == reason)


@pytest.mark.parametrize("language", FIRST)
def test_the_first_version_stays_as_it_was_accepted(language: str) -> None:
    text = (FOLDER / f"ethics.{language}.md").read_bytes()
    assert hashlib.sha256(text).hexdigest() == FIRST[language]


def test_a_new_house_has_the_first_version_in_both_languages_with_its_sources() -> None:
    current = ethics.current()
    assert current.version == 1
    for language, words in (("en", "It is their choice."), ("es", "La decisión es suya.")):
        with translation.override(language):
            assert words in current.text
            assert "National Practice Guidelines for Peer Supporters" in current.text
            assert "National Model Standards for Peer Support Certification" in current.text


def test_a_mentor_reads_and_accepts(mentor: Account) -> None:
    browser = signed_in(mentor)
    page = browser.get("/mentoring/ethics/").content.decode()
    assert "I stay a peer." in page
    assert "I have read this agreement and I keep to it." in page
    without = browser.post("/mentoring/ethics/", {"version": 1})
    assert (without.status_code, EthicsAcceptance.objects.exists()) == (422, False)
    assert "Please tick the box, if you agree." in without.content.decode()
    done = browser.post("/mentoring/ethics/", {"version": 1, "is_accepted": "on"}, follow=True).content.decode()
    assert "You have accepted the ethics agreement." in done
    assert "You accepted it on" in browser.get("/mentoring/ethics/").content.decode()
    entry = trail.last(1)[0]
    assert (entry.act, entry.subject) == ("ethics.accept", f"ethics:1 account:{mentor.pk}")


def test_accepting_twice_is_accepting_once(mentor: Account) -> None:
    found = new_mentor(mentor)
    first = ethics.accept(mentor=found, version=1)
    assert ethics.accept(mentor=found, version=1) == first


def test_a_version_that_came_while_they_read_is_read_first(mentor: Account, coordinator: Account) -> None:
    found = new_mentor(mentor)
    ethics.publish(texts={"en": "Be kind."}, after=1, by=coordinator)
    for version in (1, 3):
        with refusal("ethics_changed"):
            ethics.accept(mentor=found, version=version)
    page = signed_in(mentor).post("/mentoring/ethics/", {"version": 1, "is_accepted": "on"}, follow=True)
    assert "A new version came out while you were reading." in page.content.decode()
    assert not EthicsAcceptance.objects.exists()


def test_a_new_version_keeps_what_was_accepted_before_and_asks_again(mentor: Account, coordinator: Account) -> None:
    found = certified(mentor)
    ethics.publish(texts={"en": "Be kind.", "es": "Con cariño."}, after=1, by=coordinator)
    assert not standing_of(found).is_valid
    page = signed_in(mentor).get("/mentoring/ethics/").content.decode()
    assert "This is a new version." in page
    assert "Be kind." in page
    ethics.accept(mentor=found, version=2)
    assert [each.version for each in ethics.accepted_by(found)] == [2, 1]
    assert ethics.text_of(2).texts == {"en": "Be kind.", "es": "Con cariño."}
    assert ethics.text_of(1).texts["en"].startswith("This is what clients")
    with refusal("not_found"):
        ethics.text_of(3)


def test_where_a_language_is_not_written_the_houses_own_is_read(coordinator: Account) -> None:
    ethics.publish(texts={"en": "Be kind.", "es": "  "}, after=1, by=coordinator)
    with translation.override("es"):
        assert ethics.current().text == "Be kind."


@pytest.mark.parametrize(
    ("texts", "after", "reason"),
    [
        ({"es": "Con cariño."}, 1, "empty"),
        ({"en": "   "}, 1, "empty"),
        ({"en": "x" * 20_001}, 1, "too_long"),
        ({"en": "Be kind."}, 0, "ethics_changed"),
        ({"en": "Be kind."}, 2, "ethics_changed"),
    ],
)
def test_what_cannot_be_published(coordinator: Account, texts: dict[str, str], after: int, reason: str) -> None:
    with refusal(reason):
        ethics.publish(texts=texts, after=after, by=coordinator)
    assert not EthicsText.objects.exists()


def test_a_coordinator_publishes_one_on_the_page(mentor: Account, coordinator: Account) -> None:
    browser, address = signed_in(coordinator), "/mentoring/mentors/agreement/"
    page = browser.get(address).content.decode()
    assert "It is their choice." in page
    assert "La decisión es suya." in page
    wrong = browser.post(address, {"after": "1", "text_en": "", "text_es": "Con cariño."})
    assert wrong.status_code == 422
    done = browser.post(address, {"after": "1", "text_en": "Be kind. <b>Now.</b>", "text_es": ""}, follow=True)
    assert "Version 2 is published." in done.content.decode()
    assert "&lt;b&gt;Now.&lt;/b&gt;" in done.content.decode()
    late = browser.post(address, {"after": "1", "text_en": "Be kinder.", "text_es": ""})
    assert "A new version came out while you were reading." in late.content.decode()
    assert EthicsText.objects.count() == 1

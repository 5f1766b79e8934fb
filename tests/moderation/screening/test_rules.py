"""Every rule against its own examples, and what a wrong rule file is told."""

from pathlib import Path

import pytest

from moderation.screening import BadRule, Category, Does, screen
from moderation.screening.rule_files import Rule
from moderation.screening.rulebook import RULES, load, rulebook

MATCHES = [(rule, text) for rule in rulebook().rules for text in rule.matches]
PASSES = [(rule, text) for rule in rulebook().rules for text in rule.passes]


def _named(case: tuple[Rule, str]) -> str:
    return f"{case[0].language}:{case[0].id}:{case[1][:40]}"


@pytest.mark.parametrize("case", MATCHES, ids=_named)
def test_a_rule_finds_its_examples(case: tuple[Rule, str]) -> None:
    rule, text = case
    assert rule.id in screen(text).codes


@pytest.mark.parametrize("case", PASSES, ids=_named)
def test_a_rule_lets_its_counterexamples_pass(case: tuple[Rule, str]) -> None:
    rule, text = case
    assert rule.id not in screen(text).codes


def test_both_languages_have_every_category() -> None:
    for language in ("en", "es"):
        assert {rule.category for rule in rulebook().rules if rule.language == language} == set(Category)


def test_every_rule_has_a_person_look() -> None:
    assert [rule.where for rule in rulebook().rules if Does.FLAG not in rule.does] == []


def test_whoever_may_be_in_danger_is_never_met_with_a_hold_alone() -> None:
    """Held or not, suicide and danger at home come with the card, except the fear for somebody else."""
    for rule in rulebook().rules:
        if rule.category in (Category.SUICIDE, Category.DANGER_AT_HOME) and rule.id != "suicide.someone_else":
            assert Does.CARD in rule.does, rule.where


RULE = """category = "spam"
[[rule]]
id = "spam.test"
severity = "routine"
does = ["flag"]
why = "A test."
patterns = ["buy {things} now"]
matches = ["buy pens now"]
passes = ["hello"]
"""
WORDS = '[lists]\nthings = ["pens", "hats"]\n[frames]\n' + "\n".join(
    f'{name} = ["zzz"]'
    for name in (
        "negated", "negated_subject", "affirmed", "reported", "past", "present", "recovered", "subjects", "past_tense",
    )
)  # fmt: skip


def _folder(tmp_path: Path, rule: str, words: str = WORDS) -> Path:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "_words.toml").write_text(words, encoding="utf-8")
    (tmp_path / "en" / "spam.toml").write_text(rule, encoding="utf-8")
    return tmp_path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert [rule.id for rule in load(_folder(tmp_path, RULE)).rules] == ["spam.test"]


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('category = "spam"', 'category = "ads"', "category is one of"),
        ('severity = "routine"', 'severity = "bad"', "severity is one of"),
        ('does = ["flag"]', 'does = ["shout"]', "does is one of"),
        ('does = ["flag"]', 'does = "flag"', "does must be a list"),
        ('why = "A test."\n', "", "missing or unknown: why"),
        ('why = "A test."', 'why = "A test."\ncolour = "red"', "missing or unknown: colour"),
        ('why = "A test."', 'why = "A test."\nlevel = 3', "level is 1 to 5 for suicide"),
        ('why = "A test."', 'why = "A test."\ndespite = ["weather"]', "despite may name"),
        ("{things}", "{nothings}", "no list called {nothings}"),
        ("buy {things} now", "buy (pens", "bracket"),
        ("buy {things} now", "buy pens)", "bracket"),
        ("buy {things} now", "buy pen(s)", "bracket inside a word"),
        ("buy {things} now", "buy pens+", "not part of the notation"),
        ("buy {things} now", "[buy] ...", "found in any text"),
        ("buy {things} now", "buy ...9 pens ...9 hats ...9 now", "too loose"),
        ('matches = ["buy pens now"]', "matches = []", "matches is empty"),
        ("[[rule]]", "[[rules]]", "has `category` and [[rule]] tables"),
        ('id = "spam.test"', 'id = "spam.test', "en/spam.toml"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, wrong: str, right: str, told: str) -> None:
    assert wrong in RULE
    with pytest.raises(BadRule, match=r"en/spam\.toml") as caught:
        load(_folder(tmp_path, RULE.replace(wrong, right)))
    assert told in str(caught.value)


def test_an_id_stands_once_a_language(tmp_path: Path) -> None:
    with pytest.raises(BadRule, match="stands twice"):
        load(_folder(tmp_path, RULE + RULE.partition("\n")[2]))


def test_a_wrong_word_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRule, match=r"en/_words\.toml"):
        load(_folder(tmp_path, RULE, words="lists = 3\n" + WORDS))


def test_the_rule_files_are_where_the_package_is() -> None:
    assert {path.parent.name for path in RULES.glob("*/_words.toml")} == {"en", "es"}

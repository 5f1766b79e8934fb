"""`peerchat screen`: the figures it prints, the files it refuses, and what our own labelled set must reach."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from moderation.screening.scoring import Score, judged, labelled_in, score

DATA = Path(__file__).resolve().parents[2] / "data" / "screening"


@pytest.fixture(scope="module")
def labelled() -> Score:
    return score(judged(labelled_in(DATA / "labelled.csv")))


def test_crisis_levels_are_found(labelled: Score) -> None:
    recall = labelled.crisis.recall
    assert recall is not None
    assert recall >= 0.95


def test_harmless_texts_that_sound_alike_are_left_alone(labelled: Score) -> None:
    rate = labelled.false_alarm_rate
    assert rate is not None
    assert rate < 0.03


def test_every_category_is_mostly_found(labelled: Score) -> None:
    for name, count in labelled.categories.items():
        assert count.recall is not None, name
        assert count.recall >= 0.85, name


def test_the_set_is_what_it_claims_to_be() -> None:
    texts = labelled_in(DATA / "labelled.csv")
    assert len(texts) >= 500
    assert sum(each.category == "none" for each in texts) >= 0.45 * len(texts)
    assert 0.3 < sum(each.language == "es" for each in texts) / len(texts) < 0.5
    for level in range(1, 6):
        assert sum(each.level == level for each in texts) >= 25
    seen = {each.text for each in texts}
    for path in DATA.glob("unseen*.csv"):
        unseen = labelled_in(path)
        assert len(unseen) >= 150
        assert not seen & {each.text for each in unseen}


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "set.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _printed(*args: object) -> str:
    out = StringIO()
    call_command("screen", *map(str, args), stdout=out)
    return out.getvalue()


SMALL = "text,category,level\nI want to die,suicide,1\nnice walk,none,0\nI took all my pills last night,suicide,5\nkill lights,spam,0\n"


def test_it_prints_recall_and_precision_by_category_and_level(tmp_path: Path) -> None:
    printed = _printed(_file(tmp_path, SMALL))
    assert "suicide                   2      2      0   1.000     1.000" in printed
    assert "levels 3 to 5             1      1      0   1.000     1.000" in printed
    assert "Harmless texts: 1, false alarms: 0 (0.000)" in printed
    assert "kill lights" not in printed


def test_it_lists_what_it_missed_when_asked(tmp_path: Path) -> None:
    assert "spam, found nothing: kill lights" in _printed(_file(tmp_path, SMALL), "--misses")


def test_it_prints_json(tmp_path: Path) -> None:
    figures = json.loads(_printed(_file(tmp_path, SMALL), "--json"))
    assert figures["crisis"]["recall"] == 1.0
    assert figures["false_alarm_rate"] == 0.0
    assert figures["categories"]["spam"]["recall"] == 0.0


def test_it_scores_a_set_with_two_kinds(tmp_path: Path) -> None:
    path = _file(tmp_path, "\ufeffid,Post,Class\n1,I want to kill myself,suicide\n2,you idiot,non-suicide\n")
    printed = _printed(path, "--text-column", "post", "--label-column", "class", "--positive", "Suicide")
    assert "suicide                   1      1      0   1.000     1.000" in printed
    assert "Harmless texts: 1, false alarms: 0 (0.000)" in printed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("text,level\nhello,0\n", "has no column category"),
        ("text,category,level\nhello,weather,0\n", "row 2: there is no category “weather”"),
        ("text,category,level\nhello,suicide,9\n", "row 2: level is 1 to 5"),
        ("text,category,level\nhello,spam,3\n", "row 2: level is 1 to 5"),
        ("text,category,level\n", "has no rows"),
        ("", "has no rows"),
    ],
)
def test_a_wrong_file_is_refused_in_words(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CommandError, match=r"set\.csv") as caught:
        _printed(_file(tmp_path, text))
    assert told in str(caught.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_bytes("text,category,level\naño,none,0\n".encode("latin-1"))
    with pytest.raises(CommandError, match="not UTF-8"):
        _printed(path)


def test_a_missing_file_column_or_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        _printed(tmp_path / "nowhere.csv")
    path = _file(tmp_path, "post,class\nhello,a\n")
    with pytest.raises(CommandError, match="no column text"):
        _printed(path, "--label-column", "class", "--positive", "a")
    with pytest.raises(CommandError, match="No row"):
        _printed(path, "--text-column", "post", "--label-column", "class", "--positive", "b")
    with pytest.raises(CommandError, match="together"):
        _printed(path, "--label-column", "class")

"""Reading: one text against the rulebook. The live path; nothing is stored, logged or remembered.

Most texts have no word that a rule turns on and are done after one look. Where there is one, the patterns it anchors are tried,
and only a passage that fits pays for its sentence, its frames and its place in the text.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from moderation.screening.findings import Category, Does, Finding, Screening, Severity, gravity
from moderation.screening.letters import places, plain
from moderation.screening.rulebook import Clue, Rulebook, rulebook
from moderation.screening.tokens import STOP, symbols_of, tokens_of

_NOTHING = Screening()
_LOOK = frozenset([Does.FLAG])  # what somebody else said asks for a person, and for no more
_SENTENCE = 60  # words to either side at most that count as the same sentence
_READINGS = 200  # passages a pattern looks at; a message of 4,000 characters hardly has room for more
_Passage = tuple[int, int]  # start and end, in symbols
_Meant = tuple[bool, int, int]  # whether somebody else said it, start, minus end


def screen(text: str, *, warning: str = "", strict: Collection[str] = ()) -> Screening:
    """What the rules find in a text and its content warning.

    `strict` names categories or rules that this room holds back beyond what the rule asks; other names mean nothing.
    Any text gives an answer: nothing is raised. The rule files are read on the first call (BadRule where one is wrong).
    """
    book = rulebook()
    findings = list(_findings(text, book))
    if warning:
        seen = {finding.rule for finding in findings}
        findings += [_unplaced(each) for each in _findings(warning, book) if each.rule not in seen]
    if not findings:
        return _NOTHING
    if strict:
        findings = [_held(each) if each.category in strict or each.rule in strict else each for each in findings]
    return Screening(tuple(sorted(findings, key=gravity)))


def _findings(text: str, book: Rulebook) -> Iterator[Finding]:
    bare = plain(text)
    symbols = symbols_of(bare, book.known)
    anchors = book.anchors.intersection(symbols)
    if not anchors:
        return
    meant: dict[int, _Meant] = {}
    for clue in _clues(anchors, frozenset(symbols), book):
        for start, end in _passages(clue, symbols, book):
            reported = book.frames.is_reported(symbols, start) and "reported" not in book.rules[clue.rule].despite
            passage = (reported, start, -end)  # the first and longest, rather meant than reported
            meant[clue.rule] = min(meant.get(clue.rule, passage), passage)
            if not reported:
                break
    if meant:
        spans = _spans(text, bare, book, [(start, -end) for _, start, end in meant.values()])
        yield from _told(meant, spans, book)


def _clues(anchors: Collection[str], present: frozenset[str], book: Rulebook) -> Iterator[Clue]:
    """The patterns that may fit: all that they need is somewhere in the text."""
    for anchor in anchors:
        for clue in book.clues[anchor]:
            for need in clue.needs:
                if need.isdisjoint(present):
                    break
            else:
                yield clue


def _passages(clue: Clue, symbols: str, book: Rulebook) -> Iterator[_Passage]:
    """Where the pattern fits and is meant: no exception touches it, nothing in its sentence or around it excuses it."""
    rule = book.rules[clue.rule]
    exceptions, unless = book.exceptions.get(clue.rule), book.unless.get(clue.rule)
    for found, _ in zip(clue.regex.finditer(symbols), range(_READINGS), strict=False):
        start, end = found.span()
        first, last = _sentence(symbols, start, end)
        if unless and unless.search(symbols, first, last):
            continue
        if exceptions and any(e.start() < end and start < e.end() for e in exceptions.finditer(symbols, first, last)):
            continue
        if "negated" not in rule.despite and book.frames.is_negated(symbols, start):
            continue
        if "past" not in rule.despite and book.frames.is_past(symbols, start, end):
            continue
        yield start, end


def _sentence(symbols: str, start: int, end: int) -> _Passage:
    first = symbols.rfind(STOP, max(0, start - _SENTENCE), start)
    last = symbols.find(STOP, end, end + _SENTENCE)
    return (
        max(0, start - _SENTENCE) if first < 0 else first + 1,
        min(len(symbols), end + _SENTENCE) if last < 0 else last,
    )


def _told(meant: Mapping[int, _Meant], spans: Mapping[_Passage, _Passage], book: Rulebook) -> Iterator[Finding]:
    """One finding a rule id, whichever language it was found in."""
    told: set[str] = set()
    for place, (reported, start, end) in sorted(meant.items()):
        rule = book.rules[place]
        if rule.id in told or (reported and rule.category is not Category.SUICIDE):
            continue
        told.add(rule.id)
        severity, level, does = (Severity.URGENT, 1, _LOOK) if reported else (rule.severity, rule.level, rule.does)
        yield Finding(rule.id, rule.category, level, severity, does, spans[start, -end])


def _spans(text: str, bare: str, book: Rulebook, passages: Collection[_Passage]) -> dict[_Passage, _Passage]:
    """Where passages of symbols stand in the text as it was written."""
    owners = [token for token in tokens_of(bare, book.known) for _ in token.symbols]
    back = places(text)
    return {(start, end): (back[owners[start].start], back[owners[end - 1].end - 1] + 1) for start, end in passages}


def _unplaced(finding: Finding) -> Finding:
    return replace(finding, span=None)


def _held(finding: Finding) -> Finding:
    return replace(finding, does=finding.does | {Does.HOLD})

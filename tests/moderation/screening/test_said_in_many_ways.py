"""The same thing said in many ways: what must be found is found, what is harmless passes, whatever words are put together."""

from itertools import product

import pytest

from moderation.screening import screen

WHEN = ["", "last night", "today", "this morning", "yesterday", "an hour ago", "on Sunday"]

FOUND = {
    "an act": (
        5,
        ["I took", "I've taken", "i swallowed", "I just took", "took"],
        [
            "all my pills",
            "all of my meds",
            "the whole bottle",
            "too many pills",
            "a bunch of tylenol",
            "my entire prescription",
        ],
        WHEN,
    ),
    "an attempt": (
        5,
        ["I tried to", "I attempted to", "i tried again to", "tried to"],
        ["kill myself", "end my life", "hang myself", "overdose", "take my own life"],
        [*WHEN[1:], "last week", "again", "two days ago"],
    ),
    "means at hand": (
        5,
        ["I have", "I've got", "I'm holding", "I'm sitting here with"],
        ["a gun", "the pills", "my pills", "a knife", "a rope", "the razor"],
        ["in my hand", "next to me", "in front of me", "on my lap", "and a note"],
    ),
    "at the edge": (
        5,
        ["I'm", "i am", "I'm standing", "sitting"],
        ["on the bridge", "on the ledge", "on the roof", "at the edge of the roof", "on the train tracks"],
        ["about to jump", "ready to jump", "and I'm going to jump", "right now"],
    ),
    "intent": (
        4,
        ["I'm going to", "I am gonna", "im going to", "I will", "I'm about to", "I plan to", "I've decided to"],
        ["kill myself", "end my life", "end it all", "commit suicide", "take my own life", "kms"],
        ["", "tonight", "tomorrow", "this weekend", "soon", "after work", "when everyone is asleep"],
    ),
    "a method": (
        3,
        [
            "I keep thinking about",
            "I've been thinking of",
            "I thought about",
            "can't stop thinking about",
            "tempted by",
        ],
        [
            "hanging myself",
            "overdosing",
            "jumping off a bridge",
            "shooting myself",
            "taking all my pills",
            "driving into a tree",
        ],
        ["", "today", "all the time", "again"],
    ),
    "thoughts": (
        2,
        ["I want to", "I wanna", "i really want to", "part of me wants to", "I keep wanting to", "sometimes I want to"],
        ["kill myself", "end my life", "end it all", "commit suicide", "unalive myself", "take my own life"],
        ["", "so bad", "right now", "every day", "and I don't know why"],
    ),
    "a wish": (
        1,
        ["I want to", "I just wanna", "i really want to", "part of me wants to", "sometimes I wish I could"],
        ["die", "disappear", "stop existing", "never wake up", "not exist"],
        ["", "so bad", "right now", "every day", "and be done"],
    ),
    "la intención": (
        4,
        ["me voy a", "voy a"],
        ["matarme", "suicidarme", "quitarme la vida", "acabar con mi vida"],
        ["", "hoy", "esta noche", "mañana", "cuando todos duerman"],
    ),
    "los pensamientos": (
        2,
        ["quiero", "quisiera", "tengo ganas de", "a veces quiero", "he pensado en", "no dejo de pensar en"],
        ["matarme", "suicidarme", "quitarme la vida", "acabar con mi vida"],
        ["", "ya", "hoy", "otra vez"],
    ),
    "el acto": (
        5,
        ["me tomé", "me he tomado", "me acabo de tomar", "me tragué"],
        ["todas las pastillas", "todas mis pastillas", "un frasco de pastillas", "todo el frasco"],
        ["", "anoche", "hoy", "hace una hora"],
    ),
}
HARMLESS = {
    "negated": (
        ["I don't", "I do not", "i dont", "I never", "I no longer", "I really don't"],
        ["want to die", "want to kill myself", "want to hurt myself", "want to end my life", "think about suicide"],
        ["", "today", "anymore", "and that is new"],
    ),
    "long ago": (
        ["Ten years ago", "When I was 17", "In 2012", "Back in high school", "Years ago"],
        ["I wanted to die", "I tried to kill myself", "I thought about suicide every day", "I was suicidal"],
        ["", "and today I am grateful to be here", "but I got help"],
    ),
    "long ago, the other way round": (
        ["I wanted to die", "I tried to kill myself", "I was suicidal"],
        ["ten years ago", "when I was a teenager", "back then", "before I got sober"],
        ["", "and now I have a family"],
    ),
    "figures of speech": (
        ["I'm dying", "I nearly died", "I'm dead"],
        ["of laughter", "of embarrassment", "laughing"],
        ["", "lol", "at that video"],
    ),
    "negado": (
        ["no", "ya no", "nunca"],
        ["quiero morir", "quiero matarme", "quiero hacerme daño", "quiero suicidarme"],
        ["", "hoy", "de verdad"],
    ),
    "hace años": (
        ["hace diez años", "cuando era joven", "de adolescente"],
        ["quería morirme", "intenté matarme", "pensaba en suicidarme"],
        ["", "y hoy doy gracias por estar viva"],
    ),
}


def _texts(parts: tuple[list[str], ...]) -> list[str]:
    return [" ".join(filter(None, words)) for words in product(*parts)]


@pytest.mark.parametrize("name", FOUND)
def test_it_is_found(name: str) -> None:
    level, *parts = FOUND[name]
    assert [text for text in _texts(tuple(parts)) if screen(text).level < level] == []


@pytest.mark.parametrize("name", HARMLESS)
def test_it_passes(name: str) -> None:
    assert [text for text in _texts(HARMLESS[name]) if screen(text).findings] == []

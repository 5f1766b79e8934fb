"""What the members of a measured room say: ordinary sentences that carry the message's number in words.

The wire names a message by an id that its sender learns late, and digits could look like a
telephone number to the contact gate. So each body begins with four plain words, the number in base 64.
"""

# fmt: off
_WORDS = [
    "bread", "chair", "table", "window", "door", "lamp", "kettle", "cup",
    "spoon", "plate", "shelf", "carpet", "curtain", "pillow", "blanket", "towel",
    "bucket", "ladder", "hammer", "basket", "bottle", "candle", "button", "pocket",
    "jacket", "glove", "boot", "sock", "scarf", "ticket", "letter", "paper",
    "pencil", "map", "coin", "key", "clock", "bell", "drum", "song",
    "garden", "path", "bridge", "river", "hill", "field", "forest", "tree",
    "leaf", "seed", "apple", "lemon", "onion", "carrot", "soup", "salad",
    "tea", "coffee", "honey", "pepper", "train", "bus", "boat", "bicycle",
]
# fmt: on
_DIGITS = {word: digit for digit, word in enumerate(_WORDS)}
MOST = len(_WORDS) ** 4

_SAID = (
    "I slept badly again, but I went for the walk we talked about and it did help a little, I think.",
    "The breathing exercise felt silly at first; by the third round my shoulders had come down.",
    "Thank you all for last night. I did not think anybody would still be awake to answer.",
    "It took me 20 minutes to leave the house today, which is less than it was on Monday.",
    "Does anyone else find that the evenings are the hardest part? I am trying to plan mine.",
    "I told my sister how I really am. She listened, and then she made us both something to eat.",
    "Day 12. I wrote the 3 things down as the group said, and the last one was this room.",
)


def body(number: int) -> str:
    """About 115 characters, different for every number below MOST."""
    a, b, c, d = number >> 18 & 63, number >> 12 & 63, number >> 6 & 63, number & 63
    said = _SAID[number % len(_SAID)]
    return f"{_WORDS[a]} {_WORDS[b]} {_WORDS[c]} {_WORDS[d]}: {said}"


def number(body: str) -> int:
    """The number that `body` carries; ValueError where it is nobody's of ours."""
    words = body.partition(":")[0].split(" ")
    if len(words) != 4:
        raise ValueError("not a measured message")
    try:
        a, b, c, d = (_DIGITS[word] for word in words)
    except KeyError as error:
        raise ValueError("not a measured message") from error
    return a << 18 | b << 12 | c << 6 | d

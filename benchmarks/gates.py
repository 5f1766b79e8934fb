"""Measured inside the site's own code: what each gate costs a message, by what the message holds. No store is needed.

Started by scenarios.py as a process of its own: `python -m benchmarks.gates`. Writes one line of JSON; all times are processor
time in microseconds a message, beside the reference in the same run: encoding the message's frame once.
"""

import json
import os
import statistics
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peerchat.settings")
django.setup()

from django.conf import settings  # noqa: E402  (settings can be read only after django.setup())
from django.utils.module_loading import import_string  # noqa: E402

from benchmarks.sentences import body  # noqa: E402
from rooms.gates import Draft, warm  # noqa: E402

_NAMES = tuple(f"Given{number} Family{number}" for number in range(25))
_ROUNDS, _EACH = 30, 40
_TALK = (
    "Good morning everybody. I slept four hours and it is something. My sister called, we talked about the garden, and "
    "then I went for a walk around the lake before breakfast, which helped a lot with the noise."
)
_LONG = " ".join(body(number) for number in range(60))[:4000]
MESSAGES = {
    "an ordinary message of 120 characters": body(7),
    "200 characters": _TALK[:200],
    "200 characters in Spanish": (
        "Buenos días a todas las personas. Dormí cuatro horas y ya es algo. Mi hermana llamó, hablamos del jardín, y luego "
        "caminé alrededor del lago antes del desayuno, lo que me ayudó bastante con el ruido."
    )[:200],
    "30 digits": "my numbers of the week were 7 4 2 9 5 8 1 3 6 0 7 2 4 9 5 1 8 3 6 0 2 7 4 9 5 1 8 3 6 2 and that is all",
    "words that show a crisis": "I cannot go on. I am going to kill myself tonight.",
    "4,000 characters, the longest": _LONG,
}


def measure() -> dict[str, dict[str, float]]:
    warm()
    gates = {name: import_string(name) for name in settings.MESSAGE_GATES}
    found = {}
    for what, text in MESSAGES.items():
        draft = Draft(text, "", "room", 1, _NAMES)
        costs = {name: _microseconds(lambda gate=gate, draft=draft: gate(draft)) for name, gate in gates.items()}  # type: ignore[misc]
        found[what] = {
            **costs,
            "all": round(sum(costs.values()), 1),
            "reference": _microseconds(lambda text=text: json.dumps({"type": "post", "room": "room", "body": text})),  # type: ignore[misc]
        }
    return found


def _microseconds(work: Callable[[], object]) -> float:
    """The median round's processor time of one."""
    took = []
    for _ in range(_ROUNDS):
        start = time.process_time_ns()
        for _ in range(_EACH):
            work()
        took.append((time.process_time_ns() - start) / _EACH / 1000)
    return round(statistics.median(took), 1)


def main() -> None:
    print(json.dumps(measure()))


if __name__ == "__main__":
    main()

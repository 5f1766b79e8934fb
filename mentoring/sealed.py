"""What people write in mentoring is sealed: what belongs to a person under the person's key, what belongs to a thread under the thread's
own, so that the end of its term ends it everywhere."""

import json
from typing import Any

from vault.sealing import CannotOpen, Sealed, seal, unseal


def owner_of_person(account_id: int) -> str:
    return f"person:{account_id}"


def owner_of_thread(thread_id: str) -> str:
    return f"thread:{thread_id}"


def close_json(value: Any, *, owner: str, purpose: str, place: str) -> Sealed:
    """`purpose` such as "request.wishes", `place` the row: "request:<id>"."""
    return seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), owner=owner, purpose=purpose, place=place)


def open_json(sealed: Sealed | None, *, owner: str, purpose: str, place: str) -> dict[str, Any]:
    """Empty where nothing was written, or its key was destroyed."""
    text = open_text(sealed, owner=owner, purpose=purpose, place=place)
    found: dict[str, Any] = json.loads(text) if text else {}
    return found


def open_text(sealed: Sealed | None, *, owner: str, purpose: str, place: str) -> str:
    """Empty where nothing was written, or its key was destroyed."""
    if sealed is None:
        return ""
    try:
        return unseal(sealed, owner=owner, purpose=purpose, place=place)
    except CannotOpen:
        return ""

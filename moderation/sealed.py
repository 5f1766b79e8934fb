"""Text that belongs to a case is sealed under the case's own key, so that nothing but the case's own term ends it.

A room's key may be destroyed and its author may take a message back: what a case holds as evidence stays (DESIGN 6.8).
"""

from vault.sealing import CannotOpen, Sealed, seal, unseal


def owner_of(case_id: str) -> str:
    return f"case:{case_id}"


def close(text: str, *, case_id: str, purpose: str, place: str) -> Sealed:
    """`purpose` such as "note.text", `place` the row's id."""
    return seal(text, owner=owner_of(case_id), purpose=purpose, place=place)


def open_text(sealed: Sealed | None, *, case_id: str, purpose: str, place: str) -> str:
    """Empty where nothing was written, or the case's key was destroyed at the end of its term."""
    if sealed is None:
        return ""
    try:
        return unseal(sealed, owner=owner_of(case_id), purpose=purpose, place=place)
    except CannotOpen:
        return ""

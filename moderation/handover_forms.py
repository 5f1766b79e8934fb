"""What a clinician fills in on the page of a hand-over. Each form has an address of its own (views/handovers)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.forms import NoteForm, ResolveForm, WordsForm
from moderation.models import Case


class CareForm(WordsForm):
    """A private word to the person; the ready ones name who writes."""

    verb = "letter"
    label = _("What the person reads")
    help = _("Only they see it, as a card on their pages.")

    def __init__(self, data: Any = None, *, name: str, **kwargs: Any) -> None:
        about = {"name": name}
        self.ready = (
            ("call", gettext("%(name)s, a clinician, has read this and will call you.") % about),
            (
                "here",
                gettext("%(name)s, a clinician, has read this. You are not alone. Somebody stays with it.") % about,
            ),
            (
                "now",
                gettext("%(name)s, a clinician, is here. If you are in danger now, press Help now and call.") % about,
            ),
        )
        super().__init__(data, **kwargs)


class HandBackForm(WordsForm):
    verb = "hand_back"
    label = _("What the moderators should know")
    help = _("It is kept as a note of the case.")
    required = False


class CloseForm(ResolveForm):
    verb = "close"

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["outcome"].initial = Case.Outcome.CARE


__all__ = ["CareForm", "CloseForm", "HandBackForm", "NoteForm"]

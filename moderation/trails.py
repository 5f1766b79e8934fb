"""Every look and every act of moderation, on the trail. Called in the transaction of the act itself, last of its locks."""

from accounts.actors import actor
from accounts.models import Account
from moderation.models import Case
from vault import trail


def looked(by: Account, what: str, case_id: str, why: str = "") -> None:
    """`what`: evidence, context, identity, letters. A look is recorded before anything is shown."""
    trail.record(actor=actor(by), act=f"case.looked.{what}", subject=f"case:{case_id}", why=why)


def did(by: Account | None, act: str, case: Case, why: str = "") -> None:
    """`act`: claim, resolve, redact, … `by` None: the clock did it."""
    trail.record(actor=actor(by), act=f"case.{act}", subject=f"case:{case.pk}", why=why)

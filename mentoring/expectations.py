"""What client and mentor can expect of their thread, in the words that both accept when it opens."""

from django.utils.translation import gettext


def agreement_text() -> str:
    """In the language that is active: of whoever accepts it. Kept with the thread as its agreement."""
    return "\n\n".join(
        [
            gettext(
                "This is a private place for the two of you: one client and one peer mentor. Nobody else reads along."
            ),
            gettext(
                "Your mentor is a person with lived experience and training. They are no therapist and no doctor, and they "
                "give no advice on medicine."
            ),
            gettext(
                "Your mentor answers in their hours, not day and night. If you are in danger, press Help now: people are there "
                "at any time."
            ),
            gettext(
                "What you write stays here, with three exceptions. If words show that somebody is in danger, a moderator and, "
                "if needed, a clinician are told. If one of you flags a message, a moderator reads that message and a few around "
                "it. And the law can ask the program for records."
            ),
            gettext(
                "When your mentor is away, another mentor stands in, in a thread of their own. They do not read this one."
            ),
            gettext("You can ask for another mentor at any time. You need no reason, and nobody will ask you for one."),
            gettext("Both of you keep phone numbers, addresses and other accounts out of here."),
        ]
    )

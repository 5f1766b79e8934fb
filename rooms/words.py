"""The words that the room page's scripts say. They travel with the page (`page-words`), so that a script holds no sentence.

`{name}`, `{count}` and the like are filled in by static/js/words.js; `_one` and `_other` are chosen there by count.
Called by the room view only.
"""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def script_words() -> dict[str, str]:
    return (
        _of_people()
        | _of_messages()
        | _of_moderation()
        | _of_composer()
        | _of_search()
        | _of_connection()
        | mark_words()
        | call_words()
    )


def _of_people() -> dict[str, str]:
    return {
        "you": _("you"),
        "your_own": _("You"),
        "here": _("here now"),
        "away": _("away"),
        "muted": _("muted by you"),
        "here_now_one": _("{count} here now"),
        "here_now_other": _("{count} here now"),
        "badge_mentor": _("Peer mentor"),
        "badge_moderator": _("Moderator"),
        "badge_clinician": _("Clinician"),
        "badge_coordinator": _("Coordinator"),
        "mute": _("Mute {name} for me"),
        "unmute": _("Show {name} again"),
        "mute_short": _("Mute"),
        "unmute_short": _("Show again"),
        "muted_now": _("You will not see what {name} writes. Only you know this."),
        "unmuted_now": _("You see what {name} writes again."),
        "typing_one": _("{one} is writing…"),
        "typing_two": _("{one} and {two} are writing…"),
        "typing_many": _("Several people are writing…"),
    }


def _of_messages() -> dict[str, str]:
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "edited": _("edited"),
        "content_warning": _("Content warning"),
        "fold_warning": _("Content warning:"),
        "quote_hidden": _("a message that is folded or was taken back"),
        "quote_muted": _("a message of somebody you muted"),
        "actions_of": _("What you can do with this message of {name}"),
        "heart": _("Heart"),
        "thank_you": _("Thank you"),
        "with_you": _("With you"),
        "strength": _("Strength"),
        "proud": _("Proud of you"),
        "reaction_one": _("{kind}: {count} person"),
        "reaction_other": _("{kind}: {count} people"),
        "announce_one": _("{name} wrote: {body}"),
        "announce_warning": _("{name} wrote a message with a content warning: {warning}"),
        "announce_many": _("{count} new messages"),
        "jump_one": _("{count} new message"),
        "jump_other": _("{count} new messages"),
        "jump_newest": _("To the newest"),
        "message_gone": _("This message is not in the room any more."),
        "state_sending": _("Sending…"),
        "state_waiting": _("Kept. It goes out when you are connected."),
        "state_held": _("Not sent yet"),
        "state_refused": _("Not sent"),
    }


def _of_moderation() -> dict[str, str]:
    return {
        "blurred": _("A moderator folded this."),
        "show_it": _("Show it"),
        "removed": _("A moderator took this message out."),
        "taken_back": _("This message was taken back."),
        "announce_blurred": _("{name} wrote a message that a moderator folded."),
        "state_moderator": _("This waits for a moderator. Nobody else sees it yet."),
        "flag_message": _("About a message of {name}"),
        "flag_member": _("About {name}"),
        "flag_about": _("Tell a moderator: {name}"),
        "flag_mute": _("If you want, you also stop seeing what {name} writes. Only you know this."),
        "rules_read_only": _("This room takes no messages at the moment. You can read what is here."),
        "rules_locked": _("A moderator has closed this room until {when}. You can read on."),
        "rules_muted": _("You cannot write in this room until {when}. You can read on."),
        "rules_closed": _("This room is closed at this hour. It opens {when}. You can read on."),
        "rules_closed_unknown": _(
            "This room is closed right now. It opens when somebody of the team is there. You can read on."
        ),
        "rules_held": _(
            "This room is closed at this hour and opens {when}. You can write; a moderator looks at it first."
        ),
        "rules_held_unknown": _("Nobody of the team is here right now. You can write; a moderator looks at it first."),
        "rules_slow_one": _("One message every second for now."),
        "rules_slow_other": _("One message every {count} seconds for now."),
    }


def _of_composer() -> dict[str, str]:
    return {
        "send": _("Send"),
        "save": _("Save"),
        "replying_to": _("Reply to {name}"),
        "editing": _("Changing your message"),
        "left": _("Characters left: {count}"),
        "over": _("Characters too many: {count}"),
        "too_long": _("This is too long for one message. Please make it shorter, or send it in two parts."),
    }


def _of_search() -> dict[str, str]:
    return {
        "searching": _("Looking…"),
        "search_short": _("Write at least two letters."),
        "search_nothing": _("Nothing found."),
        "search_stopped": _("Stopped."),
        "search_lost": _("The connection was lost. Please search again in a moment."),
        "search_so_far_one": _("{count} found so far"),
        "search_so_far_other": _("{count} found so far"),
        "search_done_one": _("{count} message found"),
        "search_done_other": _("{count} messages found"),
    }


def _of_connection() -> dict[str, str]:
    return {
        "loading": _("Loading older messages…"),
        "history_failed": _("Older messages could not be loaded. Please try again."),
        "reconnecting": _("Reconnecting…"),
        "reconnecting_kept": _("Reconnecting… your message is kept."),
        "not_connected": _("This did not reach the server. Please try again when you are connected."),
    }


def mark_words() -> dict[str, str]:
    return {
        "mark_sent": pgettext("message", "Sent"),
        "mark_got": pgettext("message", "Delivered"),
        "mark_read": pgettext("message", "Read"),
    }


def call_words() -> dict[str, str]:
    return {
        "call_calling": _("Calling {name}…"),
        "call_connecting": _("Connecting…"),
        "call_connected": _("You are connected."),
        "call_weak": _("The line is weak."),
        "call_reconnecting": _("The line broke. Reconnecting…"),
        "call_not_begun": _("The call did not start."),
        "call_over_hung_up": _("The call has ended."),
        "call_over_declined": _("{name} cannot talk right now."),
        "call_over_cancelled": _("The call has ended."),
        "call_over_missed": _("{name} did not answer. They will see that you called."),
        "call_over_busy": _("{name} is in another call. They will see that you called."),
        "call_over_lost": _("The line was lost. You can call again."),
        "call_over_left": _("{name} did not come back. You can call again."),
        "call_over_closed": _("Calls are not possible in this thread right now."),
        "call_waiting": _("Waiting for {name} to come back…"),
        "call_elsewhere": _("This call goes on in another window of yours."),
        "call_again": _("Call again"),
        "call_other_muted": _("{name} has the microphone off."),
        "call_camera": _("Camera {number}"),
        "call_microphone": _("Microphone {number}"),
        "missed_video": _("{name} tried to reach you by video: {when}"),
        "missed_voice": _("{name} tried to call you: {when}"),
        "media_denied": _(
            "Your browser does not let this page use your camera or microphone. Allow it with the sign beside the page’s address, "
            "then call again."
        ),
        "media_none": _("We found no microphone. Please connect one and call again."),
        "media_busy": _("Your microphone could not be opened. Maybe another program is using it."),
        "media_insecure": _("Calls need a secure connection (https)."),
        "media_no_camera": _("Your camera could not be opened. You are in this call with your voice only."),
        "media_lost_voice": _("Your microphone is gone. Connect it again, or choose another one under Devices."),
        "media_lost_camera": _("Your camera is gone. You are in this call with your voice only."),
    }

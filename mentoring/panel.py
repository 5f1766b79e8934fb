"""What stands beside the talk in a thread and in the mentors' circle (settings.ROOM_PANEL)."""

from accounts.models import Account
from rooms.models import Room
from rooms.panels import Panel


def beside(account: Account, room: Room) -> Panel | None:
    return None

"""Journeys of people through the rooms, in a real Chromium, against a real server."""

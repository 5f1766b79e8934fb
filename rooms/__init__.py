"""Rooms, members, messages and the live socket: the heart of Peerchat.

The message path, in the order of the code: consumers -> posting -> log -> hub (docs/architecture.md).
"""

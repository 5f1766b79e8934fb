"""Keys, sealed text and the tamper-evident trail. Ground floor: it knows no person and no room.
docs/vault.md.
"""

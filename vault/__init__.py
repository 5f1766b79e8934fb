"""The vault: keys, sealed text and the tamper-evident trail. Ground floor: it knows no person and no room. See docs/vault.md."""

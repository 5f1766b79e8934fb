"""How fast the house is, measured and never asserted. `bin/bench` runs it, docs/performance.md tells how.

Nothing in the site imports this package, and no test times anything.
"""

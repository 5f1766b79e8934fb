"""Who fits whom: hard rules, then a weighted fit that can be told in words, then the best assignment of all. Values in, answers out.

Nothing here asks the store (mentoring.pool does) or knows a name. The order of the story: wishes, people, rules, fit, reasons, table, assign.
"""

"""Jobs as pure functions of (record, now): nothing here ticks, and nothing here knows HTTP.

A record says what was asked for and how it will go; status, metrics and logs follow from the clock.
"""

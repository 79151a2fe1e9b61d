"""The tabs of a job's screen. Each follows what it shows while it is visible."""

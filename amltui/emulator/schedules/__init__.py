"""Schedules: when they are due, and the jobs that come of it. Both follow from record and clock."""

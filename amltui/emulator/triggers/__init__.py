"""When schedules are due: cron expressions and recurrences in the time zones of Windows."""

"""Screens beside the panes: a job, dialogs, help. Imported when they are first opened."""

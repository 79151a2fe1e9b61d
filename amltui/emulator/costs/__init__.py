"""Cost Management: what a day cost, from what was up on it."""

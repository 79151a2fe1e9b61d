"""Azure Monitor: metrics that follow from the world and the minute."""

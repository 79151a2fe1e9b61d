"""Template deployments: the language of the templates, and what a deployment did."""

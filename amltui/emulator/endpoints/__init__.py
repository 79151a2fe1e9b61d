"""Endpoints and what answers behind them: rules, bodies, logs, requests. Routes are elsewhere."""

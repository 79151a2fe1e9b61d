"""Between the wire and the handlers: routes, calls, pages, refusals, and what every call passes."""

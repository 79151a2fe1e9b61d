"""The embedded Azure ML service: an ASGI application that answers as Azure does.

Lives here: the simulated world, its clock, its routes. Imports nothing else of amltui: the program
and the service meet on the wire only.
"""

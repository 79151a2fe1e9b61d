"""The nouns: workspaces, computes, jobs, metrics, models, endpoints, prices.

Pure values and pure decisions about them. Imports nothing but the standard library.
"""

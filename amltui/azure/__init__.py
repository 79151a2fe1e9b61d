"""How Azure says it: requests, paging, long-running operations, errors, and parsing into nouns.

Knows httpx and azure-identity; never Textual. Everything above catches `AzureError` only.
"""

"""The storage account's side: files of runs, and the signed links that open them."""

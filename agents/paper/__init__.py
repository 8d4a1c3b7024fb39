"""Paper: PDF documents drawn from values; every word on them is given by the caller."""

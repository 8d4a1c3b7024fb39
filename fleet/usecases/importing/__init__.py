"""Importing the field's files: rows in, operations out, in one transaction the caller commits."""

"""The field's files as typed rows: the national directory, suppliers' deliveries, class lists.

Columns are found by name, never by position. A row that cannot be read is a ``Rejected`` value with
its line; only a file that is not such a table raises. Nothing here opens a file or decides what a
row changes.
"""

"""Files of rows from outside: CSV of any French program, and XLSX.

``open_table`` is the one way in. It reads line by line, evaluates nothing, and knows no column:
what the rows mean is the business of ``fleet.imports``.
"""

from agents.files.opening import open_table

__all__ = ["open_table"]

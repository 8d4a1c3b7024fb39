"""The database: tables, units of work and views over SQLModel and SQLAlchemy Core.

SQLite through SQLCipher's library, with or without a key; the tables are declared once for
PostgreSQL too. No rule of the trade lives here: those are in ``fleet``.
"""

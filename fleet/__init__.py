"""The core of Ardoise: values, rules, the ledger's fold and the use cases.

Standard library only. No clock, no randomness, no file and no sentence: ``now`` and entropy are
arguments, and what people read is rendered from codes by ``tui``.
"""

"""``./dev bench [NAME …]``: run the benchmarks and print their tables."""

import importlib
import sys

NAMES = ("loan", "paint", "audit")

for name in sys.argv[1:] or NAMES:
    if name not in NAMES:
        sys.exit(f"{name}: one of {', '.join(NAMES)}")
    print(importlib.import_module(f"tests.bench.{name}").run(), flush=True)  # noqa: T201

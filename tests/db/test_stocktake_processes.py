"""A stocktake by several processes, one of them killed: no acknowledged scan is lost."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from small_city import AUTHOR, SCHOOL, City, add_schools, tag_of

from fleet.stocktake import Finding
from fleet.usecases.stocktaking import close, open_stocktake

ASSETS, MISSING = 330, 12
DEADLINE_S = 120
DESK = """
import sys
from pathlib import Path
from db.store import SqlStore
from fleet.usecases.stocktaking import scan
store = SqlStore(Path(sys.argv[1]))
for line in sys.stdin:
    with store.work(sys.argv[3]) as work:
        scan(work, sys.argv[2], [line.strip()])
        work.commit()
    print(line.strip(), flush=True)
"""


def desk(path: Path, stocktake: str, name: str, folder: Path, codes: list[str]) -> "Desk":
    """A process that scans ``codes`` and says each once it is durable."""
    source = folder / f"{name}.txt"
    source.write_text("".join(f"{code}\n" for code in codes))
    with source.open() as given:
        return subprocess.Popen(
            [sys.executable, "-c", DESK, str(path), stocktake, name],
            stdin=given,
            stdout=subprocess.PIPE,
            text=True,
        )


Desk = subprocess.Popen[str]


def test_three_processes_one_killed_and_the_report_is_right(city: City, tmp_path: Path) -> None:
    add_schools(city)
    tags = [tag_of(city.receive()) for _ in range(ASSETS)]
    with city.store.work(AUTHOR) as work:
        stocktake = open_stocktake(work, SCHOOL).id
        work.commit()
    assert city.path is not None
    present, draw = tags[:-MISSING], random.Random(7)
    shares = [present[number::3] for number in range(3)]
    plans = []
    for share in shares:
        plan = [*share, *draw.sample(present, 20), "3017620422003", "VILLE-0042"]
        draw.shuffle(plan)
        plans.append(plan)
    desks = [
        desk(city.path, stocktake, f"desk-{number}", tmp_path, plan)
        for number, plan in enumerate(plans)
    ]
    killed = desks[0]
    assert killed.stdout is not None
    acknowledged = [killed.stdout.readline().strip() for _ in range(40)]
    killed.send_signal(signal.SIGKILL)
    acknowledged += killed.stdout.read().split()
    for each in desks[1:]:
        out, _ = each.communicate(timeout=DEADLINE_S)
        acknowledged += out.split()
        assert each.returncode == 0
    killed.wait(timeout=DEADLINE_S)
    killed.stdout.close()

    halfway = city.views.stocktaking.stocktake(stocktake)
    assert halfway is not None
    seen = {line.asset.tag if line.asset else line.code for line in halfway.lines if line.at}
    assert set(acknowledged) <= seen
    assert halfway.row.scans - len(acknowledged) in (0, 1)

    again = desk(city.path, stocktake, "desk-0b", tmp_path, plans[0])
    again.communicate(timeout=DEADLINE_S)
    with city.store.work(AUTHOR) as work:
        close(work, stocktake, "Mme Lefèvre")
        work.commit()
    report = city.views.stocktaking.stocktake(stocktake)
    assert report is not None
    assert report.counts == {Finding.FOUND: 318, Finding.MISSING: MISSING, Finding.UNKNOWN: 2}
    missing = {line.asset.tag for line in report.of(Finding.MISSING) if line.asset}
    assert missing == set(tags[-MISSING:])
    assert city.store.check() == []

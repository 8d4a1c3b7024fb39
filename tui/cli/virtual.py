"""``virtual``: serves virtual tablets on loopback until stopped."""

import signal
from argparse import Namespace
from threading import Event

from agents.virtual import make_tablet, serve
from fleet.errors import InvalidInput
from tui.cli.answer import Answer, say, to_json, write
from tui.i18n import _


def virtual(options: Namespace) -> Answer:
    """Serve; one line per tablet when it is ready, then wait for Ctrl+C or a termination."""
    if options.tablets < 1:
        raise InvalidInput("virtual.none")
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_given: stopped.set())
    tablets = [make_tablet(index) for index in range(options.tablets)]
    with serve(tablets, base_port=options.port, scenario=options.scenario) as farm:
        items = [
            {
                "port": address,
                "serial": tablet.serial,
                "model": tablet.property_value("ro.product.model"),
            }
            for address, tablet in zip(farm.addresses, farm.tablets, strict=True)
        ]
        if options.json:
            write(to_json({"items": items}) + "\n")
        else:
            for item in items:
                write(f"{item['port']}  {item['serial']}  {item['model']}\n")
        say(_("Ctrl+C pour arrêter."))
        stopped.wait()
    return Answer({}, silent=True)

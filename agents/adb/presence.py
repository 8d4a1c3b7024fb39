"""Is something listening there? Asked without a word of ADB, so a tablet notices nothing."""

import socket

from agents.adb.address import parse_address


def answers(address: str, timeout_s: float = 1.0) -> bool:
    """True when ``address`` accepts a connection within ``timeout_s`` seconds."""
    place = parse_address(address)
    try:
        with socket.create_connection((place.host, place.port), timeout_s):
            return True
    except OSError:
        return False

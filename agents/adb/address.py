"""Where a device listens: ``host``, ``host:port`` or ``[IPv6]:port``. Pure; resolves nothing."""

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address

from fleet.errors import InvalidInput

DEFAULT_PORT = 5555
"""The port of ``adb tcpip``."""

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?")
_BRACKETED = re.compile(r"\[([^\[\]]*)\](?::(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port; its text is what every error names as ``device``."""

    host: str
    port: int = DEFAULT_PORT

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Read an address; ``InvalidInput`` (``device.address``) when it is none."""
    if bracketed := _BRACKETED.fullmatch(text):
        host, port = bracketed.groups()
        if not _is_ipv6(host):
            raise _no_address(text)
    else:
        host, colon, port = text.partition(":")
        port = port if colon else None
        if not _HOST.fullmatch(host):
            raise _no_address(text)
    if port is None:
        return Address(host)
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
        raise _no_address(text)
    return Address(host, int(port))


def _is_ipv6(host: str) -> bool:
    try:
        IPv6Address(host)
    except AddressValueError:
        return False
    return True


def _no_address(text: str) -> InvalidInput:
    return InvalidInput("device.address", value=text)

"""Translates what sockets and adb-shell raise into ``DeviceError``: once, here, for the whole link.

Knows no protocol; the callers say in which phase the trouble came.
"""

import errno
import socket

from adb_shell.exceptions import (
    InvalidChecksumError,
    InvalidCommandError,
    InvalidResponseError,
    TcpTimeoutException,
)

from fleet.errors import DeviceError, Param, StorageError


class ConnectionLost(ConnectionError):
    """The device's side of the connection is gone."""


class Interrupted(Exception):
    """Somebody asked to stop while the wire was waiting."""


class ServiceRefused(DeviceError):
    """The device answered an OPEN with CLSE: it does not offer that service."""

    def __init__(self, address: str, service: str) -> None:
        super().__init__(
            "device.protocol", device=address, reason="service_refused", service=service
        )


FRAMING_FAULTS = (InvalidChecksumError, InvalidCommandError, InvalidResponseError)
WIRE_FAULTS = (OSError, TcpTimeoutException, Interrupted, *FRAMING_FAULTS)


def reach_fault(error: BaseException, address: str) -> DeviceError:
    """Say why no connection came about; ``error`` is one of ``WIRE_FAULTS``."""
    if isinstance(error, Interrupted):
        return DeviceError("device.cancelled", device=address)
    if isinstance(error, TcpTimeoutException):
        return DeviceError("device.unreachable", device=address, reason="ETIMEDOUT")
    return DeviceError("device.unreachable", device=address, reason=_reason(error))


def session_fault(error: BaseException, address: str) -> DeviceError:
    """Say how an established connection ended; ``error`` is one of ``WIRE_FAULTS``."""
    if isinstance(error, Interrupted):
        return DeviceError("device.cancelled", device=address)
    if isinstance(error, TcpTimeoutException):
        return DeviceError("device.timeout", device=address)
    if isinstance(error, FRAMING_FAULTS):
        return DeviceError("device.protocol", device=address, reason=str(error))
    return DeviceError("device.unplugged", device=address, reason=_reason(error))


def file_fault(code: str, error: OSError, path: str, **params: Param) -> StorageError:
    """Say why a local file could not be read or written."""
    return StorageError(code, path=path, reason=_reason(error), **params)


def again(error: DeviceError) -> DeviceError:
    """Return a fresh copy, since one exception raised in several threads mixes their tracebacks."""
    return DeviceError(error.code, **error.params)


def _reason(error: BaseException) -> str | None:
    if isinstance(error, socket.gaierror):
        return "EAI_NONAME"
    number = error.errno if isinstance(error, OSError) else None
    return errno.errorcode.get(number) if number is not None else None

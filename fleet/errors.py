"""The errors that a person can meet, as codes and parameters.

The core says *what* happened; ``tui.words`` renders the sentence and the next gesture from
``code``. Each family carries the exit code of the command line's contract.
"""

from typing import ClassVar

Param = str | int | None


class FleetError(Exception):
    """Root of every error that Ardoise raises on purpose.

    ``code`` is a dotted word such as ``loan.already_lent``; ``params`` are what the sentence needs
    (tags, names, dates in ISO form). No parameter may hold a secret.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class Refusal(FleetError):
    """A rule said no; nothing was written."""

    exit_code = 1


class Cancelled(FleetError):
    """A person stopped it; nothing was written."""

    exit_code = 1


class InvalidInput(FleetError):
    """What came in cannot be read as what it should be; nothing was written."""

    exit_code = 2


class NotFound(FleetError):
    """Nothing is known under that tag, id or name."""

    exit_code = 3


class DeviceError(FleetError):
    """A device, server or hub could not be reached or answered wrongly.

    Codes: ``device.unauthorised``, ``device.busy``, ``device.no_rights``, ``device.charge_only``,
    ``device.debugging_off``, ``device.unplugged``, ``device.unreachable``, ``device.timeout``,
    ``device.protocol``, ``device.remote`` (the device gave a reason, in ``reason``),
    ``device.install_refused`` (``reason`` is Android's word) and ``device.cancelled``.
    ``params["device"]`` is always the address or slot that the trouble belongs to.
    """

    exit_code = 4


class StorageError(FleetError):
    """The database or a file could not be read or written."""

    exit_code = 5

"""How long the link waits for what, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits of one link; the defaults suit tablets on Wi-Fi."""

    reach_s: float = 8.0
    """For a device to take the connection and give its first answer."""
    stall_s: float = 30.0
    """For a transfer in which nothing moves: slow flash may pause many seconds."""
    install_s: float = 300.0
    """For the package service after the last byte: it verifies and compiles."""

"""Scripted devices and a link to them, with a key made once."""

from collections.abc import Iterator

import pytest
from scripted_device import Connect, Play, Script, ScriptedDevice

from agents.adb.bridge import AdbBridge, KeyStore, Patience, TcpLink


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    return KeyStore(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def play() -> Iterator[Play]:
    """Start a device that plays a script; its failures fail the test."""
    devices: list[ScriptedDevice] = []

    def start(script: Script, **options: object) -> ScriptedDevice:
        devices.append(ScriptedDevice(script, **options))
        return devices[-1]

    yield start
    for device in devices:
        device.stop()


@pytest.fixture
def connect(play: Play, keys: KeyStore) -> Iterator[Connect]:
    """Connect to a device that greets and then plays a script."""
    bridges: list[AdbBridge] = []

    def start(
        script: Script,
        *,
        patience: Patience | None = None,
        cancel: object = None,
        **options: object,
    ) -> AdbBridge:
        device = play(lambda end: script(end.greet()), **options)
        link = TcpLink(keys, patience=patience)
        bridges.append(link.connect(device.address, cancel=cancel))  # type: ignore[arg-type]
        return bridges[-1]

    yield start
    for bridge in bridges:
        bridge.close()

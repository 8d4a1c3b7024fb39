"""Models of tablets that schools have, Android 9 to 14, under their makers' own names."""

from dataclasses import dataclass, replace

from agents.virtual.bloat import LENOVO, SAMSUNG, Preinstalled

_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Model:
    """One model with one release of Android."""

    manufacturer: str
    brand: str
    name: str
    """``ro.product.name``."""
    device: str
    model: str
    release: str
    sdk: int
    build: str
    incremental: str
    patch: str
    built: int
    """Seconds since 1970, UTC."""
    kernel: str
    board: str
    abis: tuple[str, ...]
    serial_prefix: str
    mac_prefix: str
    """The maker's three bytes."""
    storage_gib: int
    memory_kb: int
    width: int
    height: int
    density: int
    bloat: tuple[Preinstalled, ...]


_ARM64 = ("arm64-v8a", "armeabi-v7a", "armeabi")
_T500 = Model(
    manufacturer="samsung",
    brand="samsung",
    name="gta4lwifixx",
    device="gta4lwifi",
    model="SM-T500",
    release="11",
    sdk=30,
    build="RP1A.200720.012",
    incremental="T500XXU3BUK1",
    patch="2021-11-01",
    built=1_636_459_200,
    kernel="4.19.113-22911262",
    board="bengal",
    abis=_ARM64,
    serial_prefix="R9WR30",
    mac_prefix="a4:c6:9a",
    storage_gib=32,
    memory_kb=2_836_544,
    width=1200,
    height=2000,
    density=240,
    bloat=SAMSUNG,
)
_X306 = Model(
    manufacturer="LENOVO",
    brand="Lenovo",
    name="LenovoTB-X306F",
    device="X306F",
    model="Lenovo TB-X306F",
    release="10",
    sdk=29,
    build="QP1A.190711.020",
    incremental="S000113_210105_ROW",
    patch="2021-01-05",
    built=1_609_804_800,
    kernel="4.9.190",
    board="mt6762",
    abis=("armeabi-v7a", "armeabi"),
    serial_prefix="HA1C30",
    mac_prefix="e0:51:d8",
    storage_gib=32,
    memory_kb=1_912_832,
    width=800,
    height=1280,
    density=213,
    bloat=LENOVO,
)
MODELS = (
    _T500,
    replace(
        _T500,
        release="12",
        sdk=31,
        build="SP1A.210812.016",
        incremental="T500XXU4CVK3",
        patch="2022-11-01",
        built=1_667_952_000,
    ),
    _X306,
    replace(
        _X306,
        release="11",
        sdk=30,
        build="RP1A.200720.011",
        incremental="S100036_220315_ROW",
        patch="2022-03-05",
        built=1_647_302_400,
        kernel="4.19.127",
    ),
    Model(
        manufacturer="samsung",
        brand="samsung",
        name="gta8wifixx",
        device="gta8wifi",
        model="SM-X200",
        release="13",
        sdk=33,
        build="TP1A.220624.014",
        incremental="X200XXU2CWE2",
        patch="2023-05-01",
        built=1_683_590_400,
        kernel="5.4.147-26345142",
        board="ums512",
        abis=_ARM64,
        serial_prefix="R9YT40",
        mac_prefix="d0:03:df",
        storage_gib=32,
        memory_kb=2_789_376,
        width=1200,
        height=1920,
        density=240,
        bloat=SAMSUNG,
    ),
    Model(
        manufacturer="samsung",
        brand="samsung",
        name="gta9pwifieea",
        device="gta9pwifi",
        model="SM-X210",
        release="14",
        sdk=34,
        build="UP1A.231005.007",
        incremental="X210XXU2BXB3",
        patch="2024-02-01",
        built=1_707_264_000,
        kernel="5.4.254-27914402",
        board="holi",
        abis=_ARM64,
        serial_prefix="R92X10",
        mac_prefix="b4:cb:57",
        storage_gib=64,
        memory_kb=3_735_552,
        width=1200,
        height=1920,
        density=240,
        bloat=SAMSUNG,
    ),
    Model(
        manufacturer="samsung",
        brand="samsung",
        name="gta3xlwifixx",
        device="gta3xlwifi",
        model="SM-T510",
        release="9",
        sdk=28,
        build="PPR1.180610.011",
        incremental="T510XXU2ASK5",
        patch="2019-11-01",
        built=1_573_257_600,
        kernel="4.4.111-17211511",
        board="exynos7904",
        abis=("armeabi-v7a", "armeabi"),
        serial_prefix="R52M90",
        mac_prefix="8c:b8:4a",
        storage_gib=32,
        memory_kb=1_880_064,
        width=1200,
        height=1920,
        density=240,
        bloat=SAMSUNG,
    ),
)
"""In the order in which the factory deals them."""

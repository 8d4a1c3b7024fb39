"""What is installed stays installed, and what is refused is refused in Android's words."""

from pathlib import Path
from typing import Any

import pytest
from tablet_shell import Outcome, run_on

from agents.apk import read_apk
from agents.virtual import VirtualTablet


def install(tablet: VirtualTablet, apk: Path, *options: str) -> Outcome:
    content = apk.read_bytes()
    words = " ".join(options)
    return run_on(tablet, f"cmd package install {words} -S {len(content)}", content)


def refusal(outcome: Outcome) -> str:
    assert outcome.code == 1
    assert outcome.out.startswith("Failure [")
    return outcome.out.removeprefix("Failure [").removesuffix("]\n")


def test_the_manifest_is_believed(tablet: VirtualTablet, make_apk: Any) -> None:
    apk = make_apk("fr.ecole.lecture", version_code=7)
    assert install(tablet, apk, "-g", "-i", "fr.ardoise").out == "Success\n"
    package = tablet.packages.by_name["fr.ecole.lecture"]
    assert (package.version_code, package.version_name) == (7, "1.7")
    assert (package.min_sdk, package.target_sdk) == (21, 29)
    assert package.signer == read_apk(apk).signer_sha256
    assert package.installer == "fr.ardoise"
    assert package.granted == {"android.permission.CAMERA"}
    assert package.uid >= 10_000


def test_the_file_lies_where_pm_path_says(tablet: VirtualTablet, make_apk: Any) -> None:
    apk = make_apk("fr.ecole.lecture")
    install(tablet, apk)
    path = run_on(tablet, "pm path fr.ecole.lecture").out.removeprefix("package:").strip()
    assert path.startswith("/data/app/~~")
    with tablet.files.open(path) as stream:
        assert stream.read() == apk.read_bytes()


def test_room_is_taken_and_given_back(tablet: VirtualTablet, make_apk: Any) -> None:
    before = tablet.files.used_bytes
    apk = make_apk("fr.ecole.lecture")
    install(tablet, apk)
    assert tablet.files.used_bytes == before + apk.stat().st_size
    install(tablet, apk)
    assert tablet.files.used_bytes == before + apk.stat().st_size
    run_on(tablet, "pm uninstall fr.ecole.lecture")
    assert tablet.files.used_bytes == before


def test_an_update_keeps_uid_and_grants(tablet: VirtualTablet, make_apk: Any) -> None:
    install(tablet, make_apk("fr.ecole.maj", version_code=1), "-g")
    uid = tablet.packages.by_name["fr.ecole.maj"].uid
    assert install(tablet, make_apk("fr.ecole.maj", version_code=2)).out == "Success\n"
    package = tablet.packages.by_name["fr.ecole.maj"]
    assert (package.version_code, package.uid) == (2, uid)
    assert package.granted == {"android.permission.CAMERA"}


def test_a_downgrade_is_refused(tablet: VirtualTablet, make_apk: Any) -> None:
    install(tablet, make_apk("fr.ecole.maj", version_code=2))
    old = make_apk("fr.ecole.maj", version_code=1)
    words = "Downgrade detected: Update version code 1 is older than current 2"
    assert refusal(install(tablet, old)) == f"INSTALL_FAILED_VERSION_DOWNGRADE: {words}"
    # Only a debuggable package may go back.
    assert refusal(install(tablet, old, "-d")).startswith("INSTALL_FAILED_VERSION_DOWNGRADE")
    assert tablet.packages.by_name["fr.ecole.maj"].version_code == 2


@pytest.mark.parametrize(
    ("made", "options", "reason"),
    [
        ({"schemes": ()}, (), "INSTALL_PARSE_FAILED_NO_CERTIFICATES"),
        ({"min_sdk": 35, "target_sdk": 35}, (), "INSTALL_FAILED_OLDER_SDK"),
        ({"application": 'android:testOnly="true"'}, (), "INSTALL_FAILED_TEST_ONLY"),
        ({"extra": {"lib/x86_64/libx.so": b"ELF"}}, (), "INSTALL_FAILED_NO_MATCHING_ABIS"),
    ],
)
def test_what_cannot_run_is_refused(
    made: dict[str, Any],
    options: tuple[str, ...],
    reason: str,
    tablet: VirtualTablet,
    make_apk: Any,
) -> None:
    before = tablet.files.used_bytes
    assert refusal(install(tablet, make_apk("fr.ecole.refus", **made), *options)).startswith(reason)
    assert "fr.ecole.refus" not in tablet.packages.by_name
    assert tablet.files.used_bytes == before


def test_another_signer_is_refused(tablet: VirtualTablet, make_apk: Any) -> None:
    install(tablet, make_apk("fr.ecole.cles"))
    other = make_apk("fr.ecole.cles", key="second")
    assert refusal(install(tablet, other)).startswith("INSTALL_FAILED_UPDATE_INCOMPATIBLE")
    run_on(tablet, "pm uninstall fr.ecole.cles")
    assert install(tablet, other).out == "Success\n"


def test_a_full_tablet_refuses(tablet: VirtualTablet, make_apk: Any) -> None:
    tablet.fill_storage(1000)
    outcome = install(tablet, make_apk("fr.ecole.lecture"))
    assert refusal(outcome).startswith("INSTALL_FAILED_INSUFFICIENT_STORAGE")


def test_a_stream_that_stops_early_leaves_nothing(tablet: VirtualTablet) -> None:
    before = tablet.files.used_bytes
    outcome = run_on(tablet, "cmd package install -S 1000", b"half")
    assert refusal(outcome).startswith("INSTALL_FAILED_ABORTED")
    assert tablet.files.used_bytes == before


def test_a_path_works_only_where_the_system_may_read(tablet: VirtualTablet, make_apk: Any) -> None:
    content = make_apk("fr.ecole.lecture").read_bytes()
    run_on(tablet, "cat > /data/local/tmp/a.apk; cp /data/local/tmp/a.apk /sdcard/a.apk", content)
    assert run_on(tablet, "pm install /data/local/tmp/a.apk").out == "Success\n"
    refused = run_on(tablet, "pm install /sdcard/a.apk")
    assert refused.code == 255
    assert "Consider using a file under /data/local/tmp/" in refused.err


def test_neither_size_nor_path_is_a_mistake(tablet: VirtualTablet) -> None:
    outcome = run_on(tablet, "pm install -r")
    words = "Error: must either specify a package size or an APK file\n"
    assert (outcome.code, outcome.out) == (1, words)
    assert "Unknown option --nonsense" in run_on(tablet, "pm install --nonsense x").err


def test_a_session_installs_in_pieces(tablet: VirtualTablet, make_apk: Any) -> None:
    content = make_apk("fr.ecole.lecture").read_bytes()
    created = run_on(tablet, f"pm install-create -S {len(content)}").out
    number = created.removeprefix("Success: created install session [").removesuffix("]\n")
    written = run_on(tablet, f"pm install-write -S {len(content)} {number} base.apk -", content)
    assert written.out == f"Success: streamed {len(content)} bytes\n"
    assert "fr.ecole.lecture" not in tablet.packages.by_name
    assert run_on(tablet, f"pm install-commit {number}").out == "Success\n"
    assert "fr.ecole.lecture" in tablet.packages.by_name
    assert run_on(tablet, f"pm install-commit {number}").code == 255


def test_an_abandoned_session_gives_its_room_back(tablet: VirtualTablet, make_apk: Any) -> None:
    before = tablet.files.used_bytes
    content = make_apk("fr.ecole.lecture").read_bytes()
    number = run_on(tablet, "pm install-create").out.rpartition("[")[2].removesuffix("]\n")
    run_on(tablet, f"pm install-write -S {len(content)} {number} base.apk", content)
    assert tablet.files.used_bytes == before + len(content)
    assert run_on(tablet, f"pm install-abandon {number}").out == "Success\n"
    assert tablet.files.used_bytes == before

"""The fleet's key: made once, kept private, readable by Android's own tools."""

import base64
import stat
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run
from sys import executable

import pytest
from adb_shell.auth.keygen import encode_pubkey
from adb_shell.auth.sign_pythonrsa import PythonRSASigner

from agents.adb.keys import KeyStore
from fleet.errors import StorageError


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_key_is_made_at_first_use_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "new" / "keys")
    assert not store.directory.exists()
    store.pair()
    assert mode_of(store.directory) == 0o700
    assert {path.name: mode_of(path) for path in store.directory.iterdir()} == {
        "adbkey": 0o600,
        "adbkey.pub": 0o600,
        "adbkey.lock": 0o600,
    }


def test_the_key_stays_the_same(keys: KeyStore) -> None:
    token = bytes(20)
    assert KeyStore(keys.directory).pair().sign(token) == keys.pair().sign(token)


def test_two_processes_and_many_threads_make_one_key(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from agents.adb.keys import KeyStore; "
        "sys.stdout.buffer.write(KeyStore(Path(sys.argv[1])).pair().public)"
    )

    def elsewhere(_: int) -> bytes:
        return run(
            [executable, "-c", program, str(tmp_path)], check=True, capture_output=True
        ).stdout

    with ThreadPoolExecutor() as pool:
        here = pool.submit(lambda: KeyStore(tmp_path).pair().public)
        found = {*pool.map(elsewhere, range(2)), here.result()}
    assert len(found) == 1


def test_other_adb_libraries_read_it_alike(keys: KeyStore) -> None:
    private = keys.directory / "adbkey"
    public = keys.pair().public
    assert base64.b64decode(public.split()[0]) == encode_pubkey(str(private))
    other = PythonRSASigner.FromRSAKeyPath(str(private))
    assert other.Sign(bytes(range(20))) == keys.pair().sign(bytes(range(20)))


def test_the_public_half_is_androids_structure(keys: KeyStore) -> None:
    raw = base64.b64decode(keys.pair().public.split()[0])
    words, inverse = struct.unpack_from("<2I", raw)
    modulus = int.from_bytes(raw[8:264], "little")
    assert (words, len(raw)) == (64, 524)
    assert (inverse * modulus + 1) % 2**32 == 0
    assert struct.unpack_from("<I", raw, 520) == (65537,)


def test_a_lost_public_half_is_made_again(tmp_path: Path, keys: KeyStore) -> None:
    (tmp_path / "adbkey").write_bytes((keys.directory / "adbkey").read_bytes())
    assert KeyStore(tmp_path).pair().public == keys.pair().public
    assert mode_of(tmp_path / "adbkey") == 0o600


@pytest.mark.parametrize("content", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\n"])
def test_an_unreadable_key_is_told_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    private = tmp_path / "adbkey"
    private.write_bytes(content)
    with pytest.raises(StorageError) as caught:
        KeyStore(tmp_path).pair()
    assert caught.value.code == "key.unreadable"
    assert private.read_bytes() == content


def test_a_place_where_no_key_can_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as caught:
        KeyStore(tmp_path / "file").pair()
    assert caught.value.code == "key.not_saved"

"""A profile's text is read whole or refused with the place of its fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.errors import InvalidInput
from fleet.facts import Namespace
from fleet.profile import (
    DEVICE_PATH,
    PACKAGE_NAME,
    WantedApp,
    WantedFile,
    WantedSetting,
    parse_profile,
)
from fleet.toml_places import place_of

WHOLE = """\
name = "école"
version = 4
locale = "fr-FR"
timezone = "Europe/Paris"

[settings.system]
screen_off_timeout = 600000
font_scale = 1.15

[settings.global]
"private_dns_mode" = "off"

[unset]
global = ["http_proxy"]

[packages]
disabled = ["com.google.android.youtube"]
forbidden = ["com.supercell.brawlstars"]

[[apps]]
package = "org.videolan.vlc"
least_version_code = 13050407
apk = "vlc.apk"

[[apps]]
package = "net.gcompris.full"

[[files]]
target = "/sdcard/Documents/charte.txt"
source = "papiers/charte.txt"

[least]
battery_percent = 30
free_mb = 1000
security_patch = 2021-01-05
"""
HEAD = 'name = "n"\nversion = 1\n'


def fault(text: str) -> dict[str, str | int | None]:
    with pytest.raises(InvalidInput) as caught:
        parse_profile(text, "p.toml")
    assert caught.value.code == "profile.invalid"
    assert caught.value.params["origin"] == "p.toml"
    return caught.value.params


def pointed(text: str) -> tuple[object, object, object]:
    params = fault(text)
    return params["reason"], params["line"], params["column"]


def test_every_part_of_a_profile_is_read() -> None:
    profile = parse_profile(WHOLE, "p.toml")

    assert profile.label == "école-v4"
    assert (profile.locale, profile.timezone) == ("fr-FR", "Europe/Paris")
    assert set(profile.settings) == {
        WantedSetting(Namespace.SYSTEM, "screen_off_timeout", "600000"),
        WantedSetting(Namespace.SYSTEM, "font_scale", "1.15"),
        WantedSetting(Namespace.GLOBAL, "private_dns_mode", "off"),
        WantedSetting(Namespace.GLOBAL, "http_proxy", ""),
    }
    assert profile.disabled == ("com.google.android.youtube",)
    assert profile.forbidden == ("com.supercell.brawlstars",)
    assert profile.apps == (
        WantedApp("org.videolan.vlc", 13050407, "vlc.apk"),
        WantedApp("net.gcompris.full", 1),
    )
    assert profile.files == (WantedFile("/sdcard/Documents/charte.txt", "papiers/charte.txt"),)
    assert profile.paths == ("/sdcard/Documents/charte.txt",)
    assert profile.least_battery_percent == 30
    assert profile.least_free_mb == 1000
    assert profile.least_security_patch == "2021-01-05"


def test_a_profile_of_a_name_and_a_version_asks_for_nothing() -> None:
    profile = parse_profile(HEAD, "p.toml")

    assert (profile.settings, profile.files, profile.apps) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "name"),
        ('name = "n"', "version"),
        (HEAD + "[[apps]]\nleast_version_code = 2", "apps.0.package"),
        (HEAD + '[[files]]\ntarget = "/sdcard/a"', "files.0.source"),
    ],
)
def test_what_must_be_there_is_asked_for(text: str, key: str) -> None:
    params = fault(text)

    assert (params["reason"], params["key"]) == ("missing", key)


def test_broken_toml_is_refused_at_its_place() -> None:
    assert pointed('name = "n"\nversion = = 1\n') == ("syntax", 2, 11)


def test_toml_that_ends_too_early_is_refused_at_its_end() -> None:
    assert pointed(HEAD + '[packages]\ndisabled = ["a.b",') == ("syntax", 4, 19)


def test_an_unknown_key_is_shown_where_it_stands() -> None:
    assert pointed(HEAD + "# a comment\n[settings.system]\n[least]\n  batterie = 3\n") == (
        "unknown_key",
        6,
        3,
    )


def test_an_unknown_namespace_of_settings_is_refused() -> None:
    assert pointed(HEAD + "[settings.sytem]\na = 1\n") == ("unknown_key", 3, 2)


@pytest.mark.parametrize(
    "line",
    [
        "locale = 3",
        "settings = 3",
        "apps = 3",
        "apps = [3]",
        "packages = { disabled = 'a.b' }",
        "packages = { disabled = [1] }",
        "least = { battery_percent = true }",
        "least = { battery_percent = '30' }",
    ],
)
def test_a_value_of_the_wrong_type_is_refused_on_its_line(line: str) -> None:
    assert pointed(HEAD + line) == ("wrong_type", 3, 1)


def test_a_boolean_is_no_setting_since_android_spells_it_in_two_ways() -> None:
    assert pointed(HEAD + "[settings.global]\nauto_time = true") == ("wrong_type", 4, 1)


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percentage_stays_between_0_and_100(percent: int) -> None:
    params = fault(f"{HEAD}[least]\nbattery_percent = {percent}")

    assert (params["reason"], params["value"]) == ("out_of_range", percent)


@pytest.mark.parametrize("day", ['"hier"', "2021", '"2021-13-01"', "2021-01-05T10:00:00"])
def test_a_patch_level_is_a_day(day: str) -> None:
    assert pointed(f"{HEAD}[least]\nsecurity_patch = {day}") == ("not_a_date", 4, 1)


def test_a_bad_package_name_is_shown_within_its_list() -> None:
    text = HEAD + '[packages]\ndisabled = [\n    "com.example.one",\n    "com.exämple",\n]\n'

    assert pointed(text) == ("bad_name", 6, 5)


def test_a_package_named_twice_is_shown_the_second_time() -> None:
    text = HEAD + '[packages]\ndisabled = [\n  "a.b",\n  "c.d",\n  "a.b",\n]\n'

    assert pointed(text) == ("duplicate", 7, 3)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[packages]\ndisabled = ["a.b"]\nforbidden = ["a.b"]\n', (5, 14)),
        ('[packages]\ndisabled = ["a.b"]\n[[apps]]\npackage = "a.b"\n', (6, 11)),
        ('[packages]\nforbidden = ["a.b"]\n[[apps]]\npackage = "a.b"\n', (6, 11)),
        ('[settings.global]\nx = 1\n[unset]\nglobal = ["x"]\n', (6, 11)),
    ],
)
def test_what_contradicts_itself_is_refused(text: str, place: tuple[int, int]) -> None:
    assert pointed(HEAD + text) == ("contradiction", *place)


def test_an_app_wanted_twice_is_refused() -> None:
    text = HEAD + '[[apps]]\npackage = "a.b"\n[[apps]]\npackage = "a.b"\n'

    assert pointed(text) == ("duplicate", 6, 11)


def test_two_files_for_one_place_are_refused() -> None:
    one = '[[files]]\ntarget = "/sdcard/a"\nsource = "a"\n'

    assert pointed(HEAD + one + one) == ("duplicate", 7, 10)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[settings.global]\nadb_enabled = 0", "cuts_cable"),
        ('[unset]\nglobal = ["adb_enabled"]', "cuts_cable"),
        ("[settings.global]\ndevelopment_settings_enabled = '0'", "cuts_cable"),
        ("[settings.global]\nardoise_asset_tag = 'X'", "reserved_key"),
        ('[unset]\nglobal = ["ardoise_asset_tag"]', "reserved_key"),
        ("[settings.system]\nsystem_locales = 'fr-FR'", "reserved_key"),
        ("[settings.system]\nx = 'null'", "use_unset"),
        ("[settings.system]\nx = ''", "use_unset"),
        ("[settings.system]\n'a b' = 1", "bad_name"),
        ('[packages]\ndisabled = ["com.android.shell"]', "vital_package"),
        ('[[files]]\ntarget = "/system/a"\nsource = "a"', "not_writable"),
        ('[[files]]\ntarget = "/sdcard/../data/a"\nsource = "a"', "bad_name"),
        ('[[files]]\ntarget = "/sdcard/a"\nsource = "../a"', "bad_name"),
        ('[[files]]\ntarget = "/sdcard/a"\nsource = "/etc/passwd"', "bad_name"),
        ('[[files]]\ntarget = "/sdcard/a"\nsource = "a"\nsha256 = "ABC"', "bad_name"),
        ('[[apps]]\npackage = "a.b"\napk = "../x.apk"', "bad_name"),
    ],
)
def test_what_would_do_harm_is_refused(text: str, reason: str) -> None:
    assert fault(HEAD + text)["reason"] == reason


@pytest.mark.parametrize("locale", ["fr", "fr_FR", "français", "fr-fr", "FR-FR"])
def test_a_locale_is_spelled_as_android_spells_it(locale: str) -> None:
    found = locale == "fr"
    text = f'{HEAD}locale = "{locale}"'

    if found:
        assert parse_profile(text, "p").locale == "fr"
    else:
        assert fault(text)["reason"] == "bad_name"


@pytest.mark.parametrize("name", ["a.b", "com.IndexEducation.Pronote", "a.b_1.c"])
def test_package_names_keep_their_case(name: str) -> None:
    assert PACKAGE_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["a", "a..b", "1.b", "a.1", "a.b.", "a.b;reboot", "a b.c", "é.b"])
def test_what_is_no_package_name_is_refused(name: str) -> None:
    assert not PACKAGE_NAME.fullmatch(name)


@pytest.mark.parametrize("path", ["/a/..", "/../a", "/a/./b", "a", "/", "/a//b", "/a\n", "/a\\b"])
def test_what_is_no_plain_path_is_refused(path: str) -> None:
    assert not DEVICE_PATH.fullmatch(path)


@pytest.mark.parametrize("path", ["/sdcard/É t é/a..b.txt", "/sdcard/...", "/sdcard/.nomedia"])
def test_dots_and_accents_in_a_name_are_allowed(path: str) -> None:
    assert DEVICE_PATH.fullmatch(path)


def test_a_key_is_found_in_spite_of_what_a_long_string_imitates() -> None:
    text = 'a = """\n[least]\nb = 1\n"""\n[least]\nb = 2\n'

    assert place_of(text, ("least", "b")) == (6, 1)


def test_dotted_and_quoted_keys_are_found() -> None:
    text = 'x = 1\n[settings]\n"system" . font = 2\n'

    assert place_of(text, ("settings", "system", "font")) == (3, 1)


def test_a_key_inside_an_inline_table_is_placed_at_the_table() -> None:
    assert place_of("least = { free_mb = 1 }\n", ("least", "free_mb")) == (1, 1)


@given(st.text() | st.lists(st.sampled_from(WHOLE.splitlines(keepends=True))).map("".join))
def test_any_text_at_all_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        parse_profile(text, "p")
    except InvalidInput as error:
        line, column = error.params["line"], error.params["column"]
        assert isinstance(line, int)
        assert isinstance(column, int)
        assert line >= 1
        assert column >= 1

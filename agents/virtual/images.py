"""System images: what a model brings along when it leaves its box."""

import hashlib
from dataclasses import replace

from agents.virtual.bloat import ANDROID, GOOGLE
from agents.virtual.device import SystemImage
from agents.virtual.models import Model
from agents.virtual.packages import FIRST_APP_UID, Package

_GIB = 1024**3


def make_package(name: str, code: int, version: str, serial: str) -> Package:
    token = hashlib.sha256(f"{serial}/{name}".encode()).hexdigest()[:22]
    return Package(
        name=name,
        version_code=code,
        version_name=version,
        path=f"/data/app/{name}-{token}==/base.apk",
        uid=FIRST_APP_UID + 900 + sum(name.encode()) % 90,
        signer=_signer(name),
        installer="com.android.vending",
    )


def make_image(model: Model, serial: str) -> SystemImage:
    packages = []
    for number, one in enumerate((*ANDROID, *GOOGLE, *model.bloat)):
        apk = one.folder.rpartition("/")[2]
        packages.append(
            replace(
                make_package(one.name, one.version_code, one.version_name, serial),
                uid=1000 if number == 0 else FIRST_APP_UID + number,
                target_sdk=model.sdk,
                permissions=one.permissions,
                is_system=not one.is_removable,
                is_protected=one.is_protected,
            )
        )
        if not one.is_removable:
            packages[-1].installer = None
            packages[-1].path = f"/{one.folder}/{apk}.apk"
        if one.folder == "system/framework":
            packages[-1].path = "/system/framework/framework-res.apk"
    return SystemImage(
        properties=_properties(model, serial),
        settings=_settings(model),
        packages=tuple(packages),
        capacity_bytes=model.storage_gib * _GIB * 7 // 10,
        used_bytes=model.storage_gib * _GIB // 4,
        memory_kb=model.memory_kb,
        width=model.width,
        height=model.height,
        density=model.density,
    )


def _properties(model: Model, serial: str) -> dict[str, str]:
    build = f"{model.release}/{model.build}/{model.incremental}"
    fingerprint = f"{model.brand}/{model.name}/{model.device}:{build}:user/release-keys"
    return {
        "dalvik.vm.isa.arm.variant": "cortex-a55",
        "gsm.version.baseband": "",
        "init.svc.adbd": "running",
        "net.bt.name": "Android",
        "persist.sys.locale": "fr-FR",
        "persist.sys.timezone": "Europe/Paris",
        "persist.sys.usb.config": "mtp,adb",
        "ro.adb.secure": "1",
        "ro.board.platform": model.board,
        "ro.boot.flash.locked": "1",
        "ro.boot.serialno": serial,
        "ro.boot.vbmeta.device_state": "locked",
        "ro.boot.verifiedbootstate": "green",
        "ro.build.characteristics": "tablet",
        "ro.build.date.utc": str(model.built),
        "ro.build.display.id": f"{model.build}.{model.incremental}",
        "ro.build.fingerprint": fingerprint,
        "ro.build.id": model.build,
        "ro.build.tags": "release-keys",
        "ro.build.type": "user",
        "ro.build.version.incremental": model.incremental,
        "ro.build.version.release": model.release,
        "ro.build.version.sdk": str(model.sdk),
        "ro.build.version.security_patch": model.patch,
        "ro.crypto.state": "encrypted",
        "ro.crypto.type": "file",
        "ro.debuggable": "0",
        "ro.hardware": model.board,
        "ro.kernel.version": model.kernel,
        "ro.product.board": model.board,
        "ro.product.brand": model.brand,
        "ro.product.cpu.abi": model.abis[0],
        "ro.product.cpu.abilist": ",".join(model.abis),
        "ro.product.device": model.device,
        "ro.product.locale": "fr-FR",
        "ro.product.manufacturer": model.manufacturer,
        "ro.product.model": model.model,
        "ro.product.name": model.name,
        "ro.secure": "1",
        "ro.serialno": serial,
        "ro.sf.lcd_density": str(model.density),
        "sys.usb.state": "mtp,adb",
    }


def _settings(model: Model) -> dict[str, dict[str, str]]:
    found = {
        "system": {
            "accelerometer_rotation": "1",
            "font_scale": "1.0",
            "haptic_feedback_enabled": "0",
            "screen_brightness": "140",
            "screen_brightness_mode": "0",
            "screen_off_timeout": "600000",
            "system_locales": "fr-FR",
            "time_12_24": "24",
            "user_rotation": "1",
            "volume_music": "5",
        },
        "secure": {
            "android_id": hashlib.sha256(model.incremental.encode()).hexdigest()[:16],
            "default_input_method": "com.google.android.inputmethod.latin/.LatinIME",
            "install_non_market_apps": "0",
            "location_mode": "0",
            "navigationbar_recently_used_color": "",
            "screensaver_enabled": "0",
            "user_setup_complete": "1",
        },
        "global": {
            "adb_enabled": "1",
            "airplane_mode_on": "0",
            "animator_duration_scale": "1.0",
            "auto_time": "1",
            "auto_time_zone": "1",
            "bluetooth_on": "0",
            "development_settings_enabled": "1",
            "device_name": model.model,
            "device_provisioned": "1",
            "package_verifier_enable": "1",
            "stay_on_while_plugged_in": "0",
            "transition_animation_scale": "1.0",
            "wifi_on": "1",
            "window_animation_scale": "1.0",
        },
    }
    if model.sdk >= 30:
        found["global"]["adb_wifi_enabled"] = "0"
    return found


def _signer(name: str) -> str:
    """Makers sign with few keys: one per vendor prefix."""
    return hashlib.sha256(".".join(name.split(".")[:2]).encode()).hexdigest()

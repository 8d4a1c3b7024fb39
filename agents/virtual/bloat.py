"""What comes preinstalled: package names, versions and places of real tablets' system images."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preinstalled:
    """One package of a system image."""

    name: str
    version_code: int
    version_name: str
    folder: str
    """Of its APK, below ``/``."""
    is_protected: bool = False
    is_removable: bool = False
    """Installed to /data at first boot, as makers do with partners' apps."""
    permissions: tuple[str, ...] = ()


_CAMERA = ("android.permission.CAMERA", "android.permission.RECORD_AUDIO")
_PLACE = ("android.permission.ACCESS_FINE_LOCATION", "android.permission.ACCESS_COARSE_LOCATION")
_FILES = ("android.permission.READ_EXTERNAL_STORAGE", "android.permission.WRITE_EXTERNAL_STORAGE")

ANDROID = (
    Preinstalled("android", 30, "11", "system/framework", is_protected=True),
    Preinstalled("com.android.systemui", 30, "11", "system/priv-app/SystemUI", is_protected=True),
    Preinstalled("com.android.settings", 30, "11", "system/priv-app/Settings"),
    Preinstalled("com.android.shell", 30, "11", "system/priv-app/Shell"),
    Preinstalled("com.android.providers.settings", 30, "11", "system/priv-app/SettingsProvider"),
    Preinstalled("com.android.providers.media", 1024, "11", "system/priv-app/MediaProviderLegacy"),
    Preinstalled("com.android.packageinstaller", 30, "11", "system/app/PackageInstaller"),
    Preinstalled(
        "com.google.android.permissioncontroller",
        300_000_100,
        "11",
        "system/priv-app/GooglePermissionController",
        is_protected=True,
    ),
)
GOOGLE = (
    Preinstalled(
        "com.google.android.gms",
        214_815_037,
        "21.48.15 (120400-414534850)",
        "product/priv-app/GmsCore",
        permissions=(*_PLACE, "android.permission.READ_CONTACTS"),
    ),
    Preinstalled("com.android.vending", 82_872_610, "28.7.26-21 [0]", "product/priv-app/Phonesky"),
    Preinstalled(
        "com.android.chrome", 466_411_133, "96.0.4664.111", "product/app/Chrome", permissions=_PLACE
    ),
    Preinstalled("com.google.android.webview", 466_411_133, "96.0.4664.111", "product/app/WebView"),
    Preinstalled(
        "com.google.android.youtube",
        1_526_103_488,
        "16.49.37",
        "product/app/YouTube",
        permissions=_CAMERA,
    ),
    Preinstalled(
        "com.google.android.apps.maps",
        1_067_440_206,
        "11.12.1",
        "product/app/Maps",
        permissions=_PLACE,
    ),
    Preinstalled("com.google.android.gm", 62_991_427, "2021.11.14", "product/app/Gmail2"),
    Preinstalled(
        "com.google.android.googlequicksearchbox",
        301_175_443,
        "12.46.16",
        "product/priv-app/Velvet",
        permissions=("android.permission.RECORD_AUDIO",),
    ),
    Preinstalled("com.google.android.videos", 41_300, "4.31.31", "product/app/Videos"),
    Preinstalled("com.google.android.apps.youtube.music", 44_650, "4.65", "product/app/YTMusic"),
    Preinstalled(
        "com.google.android.apps.photos", 37_452, "5.71", "product/app/Photos", permissions=_FILES
    ),
    Preinstalled(
        "com.google.android.apps.tachyon",
        3_560_000,
        "156.0",
        "product/app/Duo",
        permissions=_CAMERA,
    ),
    Preinstalled(
        "com.google.android.inputmethod.latin", 29_810_000, "11.2", "product/app/LatinImeGoogle"
    ),
    Preinstalled("com.google.android.setupwizard", 4_030, "230", "product/priv-app/SetupWizard"),
)
SAMSUNG = (
    Preinstalled("com.sec.android.app.launcher", 1_200_136_000, "12.0", "system/priv-app/TouchWiz"),
    Preinstalled("com.sec.android.app.samsungapps", 452_107_000, "4.5", "system/priv-app/Galaxy"),
    Preinstalled(
        "com.sec.android.app.camera",
        1_101_340_000,
        "11.1",
        "system/priv-app/SamsungCamera",
        permissions=(*_CAMERA, *_PLACE),
    ),
    Preinstalled("com.samsung.android.bixby.agent", 270_200_000, "2.7", "system/priv-app/Bixby"),
    Preinstalled("com.samsung.android.game.gamehome", 500_100_000, "5.0", "system/app/GameHome"),
    Preinstalled("com.samsung.android.tvplus", 1_010_500_000, "1.0", "system/app/TVPlus"),
    Preinstalled("com.samsung.android.themestore", 520_200_000, "5.2", "system/priv-app/Themes"),
    Preinstalled("com.samsung.android.knox.containercore", 250, "2.5", "system/priv-app/Knox"),
    Preinstalled("com.samsung.android.app.spage", 700_000_000, "7.0", "system/priv-app/Daily"),
    Preinstalled("com.facebook.appmanager", 340_000_000, "67.0", "system/app/FBAppManager"),
    Preinstalled("com.facebook.services", 340_000_000, "67.0", "system/priv-app/FBServices"),
    Preinstalled("com.facebook.katana", 321_800_000, "344.0", "", is_removable=True),
    Preinstalled("com.netflix.mediaclient", 38_000, "8.5.0", "", is_removable=True),
    Preinstalled("com.spotify.music", 77_000_000, "8.6.80", "", is_removable=True),
    Preinstalled("com.microsoft.skydrive", 1_290_000_000, "6.41", "", is_removable=True),
)
LENOVO = (
    Preinstalled("com.google.android.apps.nexuslauncher", 30, "11", "product/priv-app/Launcher"),
    Preinstalled(
        "com.mediatek.camera", 30, "1.1", "system/app/Camera", permissions=(*_CAMERA, *_PLACE)
    ),
    Preinstalled("com.lenovo.ota", 6_300, "6.3", "system/priv-app/LenovoOTA", is_protected=True),
    Preinstalled("com.lenovo.lsf.device", 480, "4.8", "system/app/LenovoID"),
    Preinstalled("com.tblenovo.kidslauncher", 50_107, "5.0", "system/app/KidsLauncher"),
    Preinstalled("com.tblenovo.tabpushout", 210, "2.1", "system/app/TabPushOut"),
    Preinstalled("com.google.android.apps.kids.home", 9_500, "0.9", "product/app/KidsSpace"),
    Preinstalled("com.facebook.katana", 321_800_000, "344.0", "", is_removable=True),
    Preinstalled("com.netflix.mediaclient", 38_000, "8.5.0", "", is_removable=True),
    Preinstalled("com.amazon.mShop.android.shopping", 1_241_000, "24.1", "", is_removable=True),
)

"""What an APK says of itself: package, versions, permissions and who signed it.

Reads the binary manifest and the signing block with bounds on every size. Nothing is unpacked to
disk, no path inside the archive is trusted, and signatures are named, not verified: a tablet does
that when it installs.
"""

from agents.apk.reader import Apk, read_apk

__all__ = ["Apk", "read_apk"]

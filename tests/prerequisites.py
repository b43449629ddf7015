"""Bring what the tests need and no wheel carries: Chromium, Chinese fonts, servers.

As root on Debian it installs them; otherwise it says how and fails. Nothing is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

SERVERS = {
    "mariadbd": "mariadb-server-core",
    "my_print_defaults": "mariadb-client-core",  # which setting up a MariaDB asks for
    "prometheus": "prometheus",  # where systemd runs it starts one on port 9090; tests start theirs
    "mosquitto": "mosquitto",  # the same, on port 1883
}
"""Program -> the Debian package that brings it."""

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"  # where servers are, and no user looks


def missing() -> list[str]:
    """Debian packages that are not there."""
    fonts = shutil.which("fc-list")
    listed = ""
    if fonts:
        listed = subprocess.run(
            [fonts, ":lang=zh-cn", "family"], check=False, capture_output=True, text=True
        ).stdout
    wanted = [] if shutil.which("chromium") else ["chromium"]
    wanted += [one for program, one in SERVERS.items() if not shutil.which(program, path=PATH)]
    return wanted if "Noto Sans CJK SC" in listed else [*wanted, "fonts-noto-cjk", "fontconfig"]


def install(packages: list[str]) -> None:
    """Install Debian packages; needs root."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)


def main() -> int:
    """Install what is missing, or say what to do; 0 when everything is there."""
    wanted = missing()
    if not wanted:
        return 0
    remedy = f"apt-get install {' '.join(wanted)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.stderr.write(f"The tests need {' and '.join(wanted)}. As root on Debian: {remedy}\n")
        return 1
    sys.stderr.write(f"Installing {' '.join(wanted)} …\n")
    install(wanted)
    return 0 if not missing() else 1


if __name__ == "__main__":
    sys.exit(main())

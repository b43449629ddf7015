"""For which machines an archive is built: Python versions, processor, age of the C library."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

GLIBC = (
    2,
    28,
)  # of RHEL 8, openEuler 20.03, Kylin V10 and Debian 10; pyproject's floor is Python's
_MACHINES = ("x86_64", "aarch64")
_NEWEST_PATCH = 99  # markers like python_full_version < '3.11.3' are asked with 0 and with this


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`pythons`: "3.11", …, at least one; `machine`: as `uname -m` says it."""

    pythons: tuple[str, ...]
    machine: str

    @property
    def name(self) -> str:
        """Part of the archive's name, like py311-linux_x86_64."""
        return f"py{'.py'.join(map(digits, self.pythons))}-linux_{self.machine}"

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platform tags of wheels that run there, the newest first."""
        new = [f"manylinux_2_{minor}" for minor in range(GLIBC[1], 4, -1)]
        return tuple(f"{tag}_{self.machine}" for tag in (*new, *_OLD_TAGS, "linux"))


_OLD_TAGS = ("manylinux2014", "manylinux2010", "manylinux1")


def digits(python: str) -> str:
    """3.11 as wheels and install.sh write it: 311."""
    return python.replace(".", "")


def here() -> Target:
    """The machine that builds."""
    return Target(
        pythons=(f"{sys.version_info.major}.{sys.version_info.minor}",), machine=platform.machine()
    )


def chosen(pythons: str, machine: str) -> Target:
    """What was asked for, what was not asked for from the machine that builds.

    `pythons` is like "3.11 3.12". Raises ValueError, saying what may be written.
    """
    own = here()
    wanted = tuple(dict.fromkeys(pythons.split())) or own.pythons
    if any(not _is_python(one) for one in wanted):
        raise ValueError(f"PYTHONS={pythons}: write versions from 3.11 on, like 3.11 3.12")
    if machine and machine not in _MACHINES:
        raise ValueError(f"MACHINE={machine}: write one of {', '.join(_MACHINES)}")
    return Target(pythons=wanted, machine=machine or own.machine)


def environments(target: Target, python: str) -> tuple[dict[str, str], ...]:
    """What markers are asked with: of the first and of the newest patch release of a Python."""
    return tuple(
        {
            "implementation_name": "cpython",
            "implementation_version": full,
            "os_name": "posix",
            "platform_machine": target.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": full,
            "python_version": python,
            "sys_platform": "linux",
            "extra": "",
        }
        for full in (f"{python}.0", f"{python}.{_NEWEST_PATCH}")
    )


def _is_python(text: str) -> bool:
    major, _, minor = text.partition(".")
    return major == "3" and minor.isdecimal() and int(minor) >= 11  # requires-python

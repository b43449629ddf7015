"""Coordinates of Chinese maps -> WGS-84.

Maps published in China are drawn in GCJ-02, a few hundred metres off, and Baidu's in BD-09, which
is GCJ-02 once more displaced. CGCS2000 is WGS-84 to within centimetres. The formula is public; it
has no closed inverse, so the inverse is found by iteration.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin, sqrt

CRS = ("wgs84", "cgcs2000", "gcj02", "bd09")

_AXIS = 6378245.0  # Krasovsky 1940, which GCJ-02 uses
_ECCENTRICITY2 = 0.00669342162296594323
_BD_TURN = pi * 3000.0 / 180.0
_CLOSE = 1e-10  # degrees; a hundredth of a millimetre


def to_wgs84(lon: float, lat: float, crs: str) -> tuple[float, float]:
    """A point (lon, lat) of one of CRS in WGS-84; round trips are good to 1e-6 degrees."""
    if crs == "bd09":
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    return gcj02_to_wgs84(lon, lat) if crs == "gcj02" else (lon, lat)


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The displaced point; outside China's rectangle nothing is displaced."""
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    radians = lat * pi / 180.0
    flat = 1 - _ECCENTRICITY2 * sin(radians) ** 2
    east = _east(x, y) * 180.0 / (_AXIS / sqrt(flat) * cos(radians) * pi)
    north = _north(x, y) * 180.0 / (_AXIS * (1 - _ECCENTRICITY2) / (flat * sqrt(flat)) * pi)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """The point whose displacement is the given one."""
    x, y = lon, lat
    for _ in range(12):  # each step gains two digits; five are enough inside China
        moved_x, moved_y = wgs84_to_gcj02(x, y)
        x, y = x - (moved_x - lon), y - (moved_y - lat)
        if abs(moved_x - lon) < _CLOSE and abs(moved_y - lat) < _CLOSE:
            break
    return x, y


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """Baidu's displacement of a GCJ-02 point."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The GCJ-02 point of a Baidu point."""
    x, y = lon - 0.0065, lat - 0.006
    for _ in range(12):
        moved_x, moved_y = gcj02_to_bd09(x, y)
        x, y = x - (moved_x - lon), y - (moved_y - lat)
        if abs(moved_x - lon) < _CLOSE and abs(moved_y - lat) < _CLOSE:
            break
    return x, y


def _waves(v: float, amplitudes: tuple[tuple[float, float], ...]) -> float:
    total = 0.0
    for height, turn in amplitudes:  # forty times for a point: a generator would cost double
        total += height * sin(v * turn)
    return total * 2.0 / 3.0


_SHARED = ((20.0, 6.0 * pi), (20.0, 2.0 * pi))
_EAST = ((20.0, pi), (40.0, pi / 3), (150.0, pi / 12), (300.0, pi / 30))
_NORTH = ((20.0, pi), (40.0, pi / 3), (160.0, pi / 12), (320.0, pi / 30))


def _east(x: float, y: float) -> float:
    """Metres that a point is moved to the east."""
    plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return plain + _waves(x, _SHARED) + _waves(x, _EAST)


def _north(x: float, y: float) -> float:
    """Metres that a point is moved to the north."""
    plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return plain + _waves(x, _SHARED) + _waves(y, _NORTH)

"""Chinese map coordinates against published vectors and their own inverse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.domain import geo

# Inside China and away from the rectangle's edge, where the displacement begins with a jump.
_POINT = st.tuples(st.floats(74, 135), st.floats(3, 53.5))


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        # the vectors of eviltransform's own tests
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_points_move_as_published(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert geo.wgs84_to_gcj02(*wgs) == pytest.approx(gcj, abs=1e-7)
    assert geo.to_wgs84(*gcj, "gcj02") == pytest.approx(wgs, abs=1e-7)


def test_tianfu_square_is_shown_240_m_east_and_270_m_south() -> None:
    lon, lat = 104.06577, 30.65955
    moved = geo.wgs84_to_gcj02(lon, lat)
    assert (moved[0] - lon, moved[1] - lat) == pytest.approx((0.00251, -0.00242), abs=5e-6)


def test_baidu_moves_once_more() -> None:
    # the vectors of coordtransform's README
    baidu = (116.41036949371029, 39.92133699351021)
    assert geo.gcj02_to_bd09(116.404, 39.915) == pytest.approx(baidu, abs=1e-9)
    assert geo.bd09_to_gcj02(*baidu) == pytest.approx((116.404, 39.915), abs=1e-9)


@given(_POINT)
def test_round_trips_are_good_to_a_millionth_of_a_degree(point: tuple[float, float]) -> None:
    gcj = geo.wgs84_to_gcj02(*point)
    assert geo.to_wgs84(*gcj, "gcj02") == pytest.approx(point, abs=1e-6)
    baidu = geo.gcj02_to_bd09(*gcj)
    assert geo.to_wgs84(*baidu, "bd09") == pytest.approx(point, abs=1e-6)


@given(_POINT)
def test_no_point_of_china_moves_further_than_two_kilometres(point: tuple[float, float]) -> None:
    moved = geo.wgs84_to_gcj02(*point)
    assert 0 < abs(moved[0] - point[0]) + abs(moved[1] - point[1]) < 0.04


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(geo.CRS))
def test_every_point_of_the_globe_has_an_answer(lon: float, lat: float, crs: str) -> None:
    x, y = geo.to_wgs84(lon, lat, crs)
    assert abs(x - lon) < 0.1
    assert abs(y - lat) < 0.1


@pytest.mark.parametrize("crs", geo.CRS[:2])
def test_cgcs2000_is_wgs84_for_our_purposes(crs: str) -> None:
    assert geo.to_wgs84(104.06577, 30.65955, crs) == (104.06577, 30.65955)


def test_nothing_moves_outside_china() -> None:
    assert geo.wgs84_to_gcj02(-122.45, 37.73) == (-122.45, 37.73)

"""The desk: what its pages are made of. Pure functions from rows and snapshots to components.

    shell  navigation, breadcrumb, head        states   empty, error, notice
    table  columns and rows                    links    where a number leads to
    filters, filter_bar, cases, case, export   the cases
    tiles, about, units, ranks, trend          figures of a city or unit
    metric, sources                            what a number means and where it comes from

Panels of the stream (components/panels/desk_*.py) are thin names for some of them.
"""

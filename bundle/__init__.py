"""One archive of the whole centre, for machines that reach nothing: `make bundle`.

    requirements.txt ─ locked.read ─ wheels.gather ─┐
    git archive ────── content.committed ───────────┤
    fonts of the system ─ content.fonts ────────────┼─ build.build ─ archive.pack ─ dist/*.tar.gz
    shipped/ (install.sh, unit, Containerfile) ─────┤
    sbom.document (wheels, JavaScript in them) ─────┘

What it installs is told in docs/deployment.md. No other room imports this one, and it imports none:
it runs where the centre is built, never where it is used.
"""

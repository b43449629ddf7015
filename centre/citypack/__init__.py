"""City packs: a folder of TOML becomes a City and its sources, or a list of findings.

    places.toml ─┐                      ┌─> City
    targets.toml ├─ read ─ shape ─ rules┤
    boundaries   │                      ├─> SourceConfig, one for each good file
    sources.d/* ─┘                      └─> Finding(file, key, problem, remedy)

A pack whose places are wrong does not start (`BadPack`); a source file that is wrong is left out
and reported, and the others go on.
"""

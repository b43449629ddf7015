"""The bill of materials of an archive: CycloneDX, with the JavaScript inside the wheels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import Parser
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZipFile

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from bundle import javascript
from bundle.content import Commit
from bundle.javascript import Script
from bundle.locked import Pin

_SHORT = 60  # letters: some packages write their whole licence into the field


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """What of the fonts is shipped: path in the archive -> file."""

    name: str
    version: str | None
    files: Mapping[str, Path]


def document(commit: Commit, wheels: Mapping[Pin, Sequence[Path]], font: Font) -> bytes:
    """The bill as JSON; the same for the same content."""
    bom = Bom()
    ours = _ours(commit)
    bom.metadata.component = ours
    bom.metadata.timestamp = datetime.fromtimestamp(commit.at, UTC)
    parts = {pin: _package(pin, files) for pin, files in wheels.items()}
    bom.components.update({*parts.values(), _font(font)})
    _tell_who_needs_whom(bom, ours, parts)
    bom.serial_number = uuid5(
        NAMESPACE_URL, f"rongzhi {commit.version} {commit.at} {_content(wheels)}"
    )
    return _tidy(JsonV1Dot6(bom).output_as_string())


def _ours(commit: Commit) -> Component:
    return Component(
        name="rongzhi",
        version=commit.version,
        type=ComponentType.APPLICATION,
        bom_ref="rongzhi",
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
        components=_scripts("rongzhi", javascript.of_assets(commit.files)),
    )


def _package(pin: Pin, files: Sequence[Path]) -> Component:
    """A Python package with the wheels that carry it."""
    said = _metadata(files[0])
    purl = PackageURL("pypi", None, pin.name, pin.version)
    license_ = _license(said)
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        purl=purl,
        description=said["Summary"],
        licenses=[LicenseFactory().make_from_string(license_)] if license_ else None,
        external_references=[_wheel(file) for file in files],
        components=_scripts(str(purl), javascript.of_wheel(pin.name, files[0])),
    )


def _wheel(file: Path) -> ExternalReference:
    return ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"wheels/{file.name}"),
        hashes=[_hash(file)],
    )


def _hash(file: Path) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_256, content=sha256(file.read_bytes()).hexdigest())


def _scripts(inside: str, scripts: Iterable[Script]) -> list[Component]:
    return [_script(inside, one) for one in scripts]


def _script(inside: str, one: Script) -> Component:
    namespace, _, name = one.name.rpartition("/")
    purl = PackageURL("npm", namespace or None, name, one.version)
    declared = [Property(name="rongzhi:declared", value=one.declared)] if one.declared else []
    return Component(
        name=name,
        group=namespace or None,
        version=one.version,
        type=ComponentType.LIBRARY,
        bom_ref=f"{inside} {one.file} {one.name}",
        purl=purl,
        properties=[Property(name="rongzhi:file", value=one.file), *declared],
    )


def _font(font: Font) -> Component:
    return Component(
        name=font.name,
        version=font.version,
        type=ComponentType.FILE,
        bom_ref=font.name,
        licenses=[LicenseFactory().make_from_string("OFL-1.1")],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION, url=XsUri(name), hashes=[_hash(file)]
            )
            for name, file in font.files.items()
        ],
    )


def _tell_who_needs_whom(bom: Bom, ours: Component, parts: Mapping[Pin, Component]) -> None:
    """As the locked file says it: every package names who asks for it, "-r …" being ourselves."""
    for pin, part in parts.items():
        if not pin.via or any(one.startswith("-r ") for one in pin.via):
            bom.register_dependency(ours, [part])
        for other, whole in parts.items():
            if other.name in pin.via:
                bom.register_dependency(whole, [part])


def _metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as files:
        name = next(one for one in files.namelist() if one.endswith(".dist-info/METADATA"))
        return Parser().parsestr(files.read(name).decode("utf-8"), headersonly=True)


def _license(said: Message) -> str | None:
    """The licence by its short name; None when a package does not say one."""
    for field in ("License-Expression", "License"):
        text = (said[field] or "").strip()
        if text and len(text) < _SHORT and "\n" not in text:
            return text
    classes = [one for one in said.get_all("Classifier", []) if one.startswith("License :: ")]
    return classes[0].rpartition(" :: ")[2] if classes else None


def _content(wheels: Mapping[Pin, Sequence[Path]]) -> str:
    return " ".join(sorted(file.name for files in wheels.values() for file in files))


def _tidy(text: str) -> bytes:
    return (
        json.dumps(json.loads(text), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    ).encode()

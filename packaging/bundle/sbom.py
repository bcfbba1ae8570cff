#!/usr/bin/env python3
# Prints the SBOM of a bundle: SPDX 2.3, of our packages with the digest of each file, Debian's packages, the header-only
# libraries that are compiled in, and the model. The same bundle gives the same bytes.
#
#   sbom.py BUNDLE       what is in the folder so far; SOURCE_DATE_EPOCH is its time
import datetime
import gzip
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile

OURS = ("tijori", "tijori-console")
DEMO = "demo.gguf"
# Debian's short names of licences, in SPDX's words. What isn't here is stated as it is, by a LicenseRef.
SPDX_NAMES = {
    "apache-2": "Apache-2.0", "apache-2.0": "Apache-2.0", "artistic": "Artistic-1.0-Perl", "artistic-2": "Artistic-2.0",
    "bsd-2-clause": "BSD-2-Clause", "bsd-3-clause": "BSD-3-Clause", "bsd-4-clause": "BSD-4-Clause", "bsl-1.0": "BSL-1.0",
    "boost-1.0": "BSL-1.0", "cc0": "CC0-1.0", "cc0-1.0": "CC0-1.0", "cc-by-sa-4.0": "CC-BY-SA-4.0", "expat": "MIT",
    "mit": "MIT", "gpl-1": "GPL-1.0-only", "gpl-1+": "GPL-1.0-or-later", "gpl-2": "GPL-2.0-only", "gpl-2+": "GPL-2.0-or-later",
    "gpl-2.0+": "GPL-2.0-or-later", "gpl-3": "GPL-3.0-only", "gpl-3+": "GPL-3.0-or-later", "gpl-3.0+": "GPL-3.0-or-later",
    "isc": "ISC", "lgpl-2": "LGPL-2.0-only", "lgpl-2+": "LGPL-2.0-or-later", "lgpl-2.0+": "LGPL-2.0-or-later",
    "lgpl-2.1": "LGPL-2.1-only", "lgpl-2.1+": "LGPL-2.1-or-later", "lgpl-3": "LGPL-3.0-only", "lgpl-3+": "LGPL-3.0-or-later",
    "mpl-1.1": "MPL-1.1", "mpl-2.0": "MPL-2.0", "ofl-1.1": "OFL-1.1", "openssl": "OpenSSL", "psf-2": "PSF-2.0",
    "gpl-2.0": "GPL-2.0-only", "gpl-3.0": "GPL-3.0-only", "unlicense": "Unlicense", "x11": "X11", "zlib": "Zlib", "curl": "curl",
}


def control(deb):
    text = subprocess.run(["dpkg-deb", "-f", deb], check=True, capture_output=True, text=True).stdout
    return dict(re.findall(r"^([A-Za-z-]+): (.*)$", text, re.M))


def sha(data, algorithm="sha256"):
    return hashlib.new(algorithm, data).hexdigest()


def file_sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def files_of(deb):
    data = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in sorted(tar, key=lambda each: each.name):
            if member.isfile():
                yield member.name, tar.extractfile(member).read()


def spdx_id(*parts):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]+", "-", "-".join(parts))


class Licences:
    """The licence expressions of machine-readable copyright files; others stay NOASSERTION."""

    def __init__(self):
        self.refs = {}

    def of(self, text):
        text = text.lstrip()
        # One stanza alone is what notices keep of a library whose other licences don't reach us.
        if alone := re.match(r"License: (\S+)\n", text):
            return self.expression(alone[1])
        if not re.match(r"Format(-Specification)?:.*(copyright-format|dep5|DEP-?5)", text, re.I):
            return "NOASSERTION"
        names = set()
        for stanza in re.split(r"\n\s*\n", text):
            if re.search(r"^Files:", stanza, re.M | re.I) and (found := re.search(r"^License:[ \t]*(\S.*)$", stanza, re.M | re.I)):
                names.add(found.group(1).strip())
        expressions = sorted({self.expression(name) for name in names})
        if not expressions or None in expressions:
            return "NOASSERTION"
        if len(expressions) == 1:
            return expressions[0]
        return " AND ".join(f"({each})" if " " in each else each for each in expressions)

    def expression(self, name):
        words = []
        for group in re.split(r"\s*,?\s+and\s+", re.sub(r"\s+with\s+.*?exception", r"~exception", name, flags=re.I), flags=re.I):
            either = [self.one(each) for each in re.split(r"\s*,?\s+or\s+", group, flags=re.I)]
            words.append(either[0] if len(either) == 1 else "(" + " OR ".join(either) + ")")
        expression = " AND ".join(words)
        return expression[1:-1] if len(words) == 1 and expression.startswith("(") else expression

    def one(self, name):
        name = name.strip(" ,")
        if name.lower() in SPDX_NAMES:
            return SPDX_NAMES[name.lower()]
        ref = "LicenseRef-Debian-" + (re.sub(r"[^A-Za-z0-9.-]+", "-", re.sub(r"\+$", "-or-later", name)).strip("-") or "unnamed")
        self.refs[ref] = name.replace("~", " with an ")
        return ref

    def extracted(self):
        return [{"licenseId": ref, "name": name, "extractedText":
                 f'Called "{name}" in the copyright files of the Debian packages in licences/, which hold its text.'}
                for ref, name in sorted(self.refs.items())]


def package(identifier, name, version, licence, **more):
    return {"SPDXID": identifier, "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "licenseConcluded": "NOASSERTION", "licenseDeclared": licence, "copyrightText": "NOASSERTION", **more}


def compiled_in(notices):
    """(name, version, notice) of each library, from the notices that our packages carry."""
    parts = re.split(r"^([a-z0-9.+-]+)(?: (\S+))?\n={78}$", notices, flags=re.M)
    return [(parts[i], parts[i + 1] or "NOASSERTION", parts[i + 2]) for i in range(1, len(parts), 3)]


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit("sbom.py: expected BUNDLE")
    bundle = pathlib.Path(sys.argv[1])
    licences = Licences()
    packages, files, relationships = [], [], []

    def relate(one, kind, other):
        relationships.append({"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other})

    debs = sorted((bundle / "apt/pool").glob("*.deb"))
    controls = {deb: control(deb) for deb in debs}
    identifiers = {fields["Package"]: spdx_id("Package", fields["Package"]) for fields in controls.values()}
    libraries = {}
    for deb, fields in controls.items():
        name, identifier = fields["Package"], identifiers[fields["Package"]]
        source = re.fullmatch(r"(\S+)(?: \((.*)\))?", fields.get("Source", name))
        copyright_file = bundle / "licences" / f"{name}.copyright"
        more = {
            "packageFileName": str(deb.relative_to(bundle)), "filesAnalyzed": False,
            "checksums": [{"algorithm": "SHA256", "checksumValue": file_sha256(deb)}],
            "sourceInfo": f"built from {source[1]} {source[2] or fields['Version']}",
            "supplier": "Organization: Tijori maintainers" if name in OURS else "Organization: Debian",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator":
                              f"pkg:deb/{'tijori' if name in OURS else 'debian'}/{name.replace('+', '%2B')}@"
                              f"{fields['Version'].replace('+', '%2B').replace(':', '%3A')}?arch={fields['Architecture']}"}],
        }
        licence = licences.of(copyright_file.read_text(errors="replace"))
        if name in OURS:
            digests = []
            more.pop("sourceInfo")
            more["filesAnalyzed"] = True
            for path, data in files_of(deb):
                file_id = spdx_id("File", name, sha(path.encode())[:16])
                files.append({"SPDXID": file_id, "fileName": path, "licenseConcluded": "NOASSERTION",
                              "licenseInfoInFiles": ["NOASSERTION"], "copyrightText": "NOASSERTION",
                              "checksums": [{"algorithm": "SHA1", "checksumValue": sha(data, "sha1")},
                                            {"algorithm": "SHA256", "checksumValue": sha(data)}]})
                digests.append(sha(data, "sha1"))
                relate(identifier, "CONTAINS", file_id)
                if path.endswith("/third-party-notices.gz"):
                    for library in compiled_in(gzip.decompress(data).decode(errors="replace")):
                        libraries.setdefault(library, []).append(identifier)
            more["packageVerificationCode"] = {"packageVerificationCodeValue": sha("".join(sorted(digests)).encode(), "sha1")}
            more["licenseInfoFromFiles"] = ["NOASSERTION"]
            relate("SPDXRef-DOCUMENT", "DESCRIBES", identifier)
        packages.append(package(identifier, name, fields["Version"], licence, **more))
        for each in re.split(r"[,|]", fields.get("Depends", "") + "," + fields.get("Pre-Depends", "")):
            needed = re.match(r"\s*([a-z0-9.+-]+)", each)
            if needed and needed[1] in identifiers and needed[1] != name:
                relate(identifier, "DEPENDS_ON", identifiers[needed[1]])
    for (library, version, notice), users in sorted(libraries.items()):
        identifier = spdx_id("CompiledIn", library, version)
        packages.append(package(identifier, library, version, licences.of(notice), filesAnalyzed=False, supplier="NOASSERTION",
                                comment="Compiled into our programs; its notice is in their third-party-notices.gz."))
        for user in users:
            relate(user, "STATIC_LINK", identifier)
    for rpm in sorted((bundle / "rpm").glob("*.rpm")):
        identifier = spdx_id("Package", rpm.name)
        packages.append(package(identifier, rpm.name.removesuffix(".rpm"), "NOASSERTION", "Apache-2.0", filesAnalyzed=False,
                                packageFileName=str(rpm.relative_to(bundle)), supplier="Organization: Tijori maintainers",
                                checksums=[{"algorithm": "SHA256", "checksumValue": file_sha256(rpm)}]))
        relate("SPDXRef-DOCUMENT", "DESCRIBES", identifier)
    for model in sorted((bundle / "model").glob("*.gguf")):
        demo = model.name == DEMO and (bundle / "model/NOTICE.txt").exists()
        identifier = spdx_id("Model", model.stem)
        packages.append(package(
            identifier, "SmolLM2-135M-Instruct" if demo else model.stem, "Q4_1" if demo else "NOASSERTION",
            "Apache-2.0" if demo else "NOASSERTION", filesAnalyzed=False, packageFileName=str(model.relative_to(bundle)),
            supplier="Organization: Hugging Face" if demo else "NOASSERTION",
            checksums=[{"algorithm": "SHA256", "checksumValue": file_sha256(model)}],
            comment="A model's weights, in GGUF."))
        relate("SPDXRef-DOCUMENT", "DESCRIBES", identifier)

    made = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    content = sha(json.dumps([packages, files], sort_keys=True).encode())
    version = next(fields["Version"] for fields in controls.values() if fields["Package"] == OURS[0])
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"tijori-bundle-{version}",
        "documentNamespace": f"https://tijori.invalid/spdx/bundle-{version}-{content[:32]}",
        "creationInfo": {"created": made.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: tijori-bundle"]},
        "packages": packages, "files": files, "relationships": relationships,
        "hasExtractedLicensingInfos": licences.extracted(),
    }
    json.dump(document, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()

"""A bundle made of tiny packages: whole as made, the same when made again, refused once anything of it was changed, and its
SBOM is true."""
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

SOURCE = pathlib.Path(os.environ["TIJORI_SOURCE_DIR"])
PYTHON = os.environ.get("TIJORI_TEST_PYTHON", "")
TOOLS = ("apt-get", "dpkg-deb", "dpkg-scanpackages", "gpg", "gpgv", "unshare")
EPOCH = "1795932000"
MACHINE = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True).stdout.strip() if shutil.which("dpkg") else ""
SIGNATURES = {"SHA256SUMS.gpg", "apt/InRelease", "apt/Release.gpg"}
NOTICES = "libheader-dev 1.2-3\n" + "=" * 78 + "\n\nLicense: BSL-1.0\n Boost Software License\n\n"
FORMAT = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: "


def make_deb(folder, name, version, files, links=None, **fields):
    with tempfile.TemporaryDirectory() as temporary:
        tree = pathlib.Path(temporary) / "tree"
        tree.mkdir(mode=0o755)
        for path, text in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_bytes(text)
        for path, target in (links or {}).items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).symlink_to(target)
        (tree / "DEBIAN").mkdir()
        control = {"Package": name, "Version": version, "Architecture": "all", "Maintainer": "x <x@x.invalid>",
                   "Description": "x", **{key.replace("_", "-"): value for key, value in fields.items()}}
        (tree / "DEBIAN/control").write_text("".join(f"{key}: {value}\n" for key, value in control.items()))
        file = pathlib.Path(folder) / f"{name}_{version.split(':')[-1]}_{control['Architecture']}.deb"
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, file], check=True, capture_output=True)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(bundle):
    return {str(path.relative_to(bundle)): digest(path) for path in sorted(bundle.rglob("*")) if path.is_file()}


@unittest.skipUnless(all(shutil.which(tool) for tool in TOOLS), "one of these is not here: " + ", ".join(TOOLS))
class Bundle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Short, for gpg's agent has its socket below.
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="tj"))
        (cls.work / "packages").mkdir()
        (cls.work / "mirror").mkdir()
        doc = "usr/share/doc/"
        make_deb(cls.work / "packages", "tijori", "1.0-1", {
            "usr/bin/tijori": b"program", doc + "tijori/copyright": (FORMAT + "Apache-2.0\n").encode(),
            doc + "tijori/third-party-notices.gz": gzip.compress(NOTICES.encode(), mtime=0)},
            Architecture=MACHINE, Depends="libone (>= 1) | libother, libtwo")
        make_deb(cls.work / "mirror", "libone", "2:1.5+b1", {doc + "libone/copyright": (FORMAT + "Expat or GPL-2+\n").encode()},
                 Pre_Depends="libdeep", Source="one (1.5)")
        make_deb(cls.work / "mirror", "libtwo", "2", {"usr/lib/two": b"2"}, {doc + "libtwo": "libone"}, Depends="libone")
        make_deb(cls.work / "mirror", "libdeep", "3", {doc + "libdeep/copyright": b"in a form of its own"})
        make_deb(cls.work / "mirror", "libunneeded", "3", {doc + "libunneeded/copyright": b"x"})
        with open(cls.work / "mirror/Packages", "w") as index:
            subprocess.run(["dpkg-scanpackages", "."], cwd=cls.work / "mirror", stdout=index, stderr=subprocess.DEVNULL, check=True)
        with open(cls.work / "mirror/Sources", "w") as index:
            for source, version in (("one", "1.5"), ("libtwo", "2"), ("libdeep", "3")):
                archive = cls.work / f"mirror/{source}_{version}.tar.xz"
                archive.write_bytes(source.encode())
                description = archive.with_suffix("").with_suffix(".dsc")
                description.write_text(f"Source: {source}\n")
                files = "".join(f" {digest(each)} {each.stat().st_size} {each.name}\n" for each in (description, archive))
                index.write(f"Package: {source}\nVersion: {version}\nBinary: {source}\nArchitecture: any\nFormat: 3.0 (native)\n"
                            f"Directory: .\nChecksums-Sha256:\n{files}\n")
        (cls.work / "sources.list").write_text("".join(f"{kind} [trusted=yes] file:{cls.work}/mirror ./\n" for kind in ("deb", "deb-src")))
        (cls.work / "tiny.gguf").write_bytes(b"GGUF tiny")
        cls.fingerprint = cls.make("one")
        cls.other_fingerprint = cls.make("other", key="other-key")

    @classmethod
    def tearDownClass(cls):
        for key in ("key", "other-key"):
            subprocess.run(["gpgconf", "--homedir", cls.work / key, "--kill", "gpg-agent"], capture_output=True)
        shutil.rmtree(cls.work)

    @classmethod
    def make(cls, name, *options, key="key"):
        made = subprocess.run([SOURCE / "packaging/bundle.sh", cls.work / name, "--packages", cls.work / "packages", "--new-key",
                               cls.work / key, "--sources", cls.work / "sources.list", "--model", cls.work / "tiny.gguf", *options],
                              capture_output=True, text=True, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH})
        assert made.returncode == 0, made.stdout + made.stderr
        return re.search(r"signed by ([0-9A-F]{40})\.", made.stdout)[1]

    def changed(self):
        """A copy of the bundle, to be tampered with."""
        folder = tempfile.TemporaryDirectory(dir=self.work)
        self.addCleanup(folder.cleanup)
        shutil.copytree(self.work / "one", folder.name, dirs_exist_ok=True)
        return pathlib.Path(folder.name)

    def verify(self, bundle, *options):
        return subprocess.run(["bash", bundle / "install.sh", "verify", *options], capture_output=True, text=True)

    def assert_refused(self, bundle, says, *options):
        for verb in (["verify"], ["install", "--no-ca"]):
            command = ["bash", bundle / "install.sh", *verb, *options]
            if verb[0] == "install":
                # Should it not be refused, nothing of this machine can be changed.
                inside = 'mount -o bind,ro / / && mount -t tmpfs tmpfs /run && exec "$@"'
                namespace = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--user", "--map-root-user"]
                if subprocess.run([*namespace, "sh", "-c", inside, "sh", "true"], capture_output=True).returncode != 0:
                    continue
                command = [*namespace, "sh", "-c", inside, "sh", *command]
            tried = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(tried.returncode, 1, tried.stdout + tried.stderr)
            self.assertRegex(tried.stderr, says)
            self.assertNotIn("[2/", tried.stdout, "it went on")

    def test_as_made_is_whole_and_says_who_signed(self):
        tried = self.verify(self.work / "one")
        self.assertEqual(tried.returncode, 0, tried.stderr)
        self.assertIn(self.fingerprint, tried.stdout)
        spaced = " ".join(re.findall("....", self.fingerprint.lower()))
        tried = self.verify(self.work / "one", "--fingerprint", spaced)
        self.assertEqual(tried.returncode, 0, tried.stderr)

    def test_holds_what_is_needed_and_nothing_else(self):
        self.assertEqual(sorted(each.name for each in (self.work / "one/apt/pool").iterdir()),
                         ["libdeep_3_all.deb", "libone_1.5+b1_all.deb", "libtwo_2_all.deb", f"tijori_1.0-1_{MACHINE}.deb"])
        # The folder of libtwo's documents is that of libone.
        self.assertEqual((self.work / "one/licences/libtwo.copyright").read_text(), FORMAT + "Expat or GPL-2+\n")
        self.assertIn("one 1.5 https://", (self.work / "one/sources.txt").read_text())

    def test_made_again_is_the_same_but_for_signatures(self):
        self.assertEqual(self.make("again"), self.fingerprint)
        one, again = digests(self.work / "one"), digests(self.work / "again")
        self.assertEqual(one.keys(), again.keys())
        self.assertLessEqual({name for name in one if one[name] != again[name]}, SIGNATURES)

    def test_sources_go_with_it_where_they_are_asked_for(self):
        self.make("sourced", "--with-sources")
        self.assertEqual(sorted(each.name for each in (self.work / "sourced/sources").iterdir()),
                         [f"{each}.{kind}" for each in ("libdeep_3", "libtwo_2", "one_1.5") for kind in ("dsc", "tar.xz")])
        self.assertEqual((self.work / "sourced/sources/one_1.5.tar.xz").read_text(), "one")
        self.assertEqual(self.verify(self.work / "sourced").returncode, 0)

    def test_apt_takes_the_repository(self):
        state = self.work / "state"
        (state / "lists/partial").mkdir(parents=True)
        (state / "status").touch()
        (state / "list").write_text(f"deb [signed-by={self.work}/one/key.gpg] file:{self.work}/one/apt ./\n")
        apt = ["apt-get", "-q", "-o", f"Dir::State={state}", "-o", f"Dir::State::status={state}/status", "-o", f"Dir::Cache={state}",
               "-o", f"Dir::Etc::sourcelist={state}/list", "-o", "Dir::Etc::sourceparts=/dev/null", "-o", "Debug::NoLocking=1",
               "-o", f"APT::Sandbox::User={'root' if os.geteuid() == 0 else ''}", "-o", "Acquire::Check-Date=false"]
        updated = subprocess.run([*apt, "update"], capture_output=True, text=True)
        self.assertEqual((updated.returncode, re.findall("^[WE]: .*", updated.stderr, re.M)), (0, []), updated.stderr)
        planned = subprocess.run([*apt, "-s", "install", "tijori"], capture_output=True, text=True)
        self.assertEqual(sorted(re.findall(r"^Inst (\S+)", planned.stdout, re.M)), ["libdeep", "libone", "libtwo", "tijori"])

    def test_another_key_is_refused(self):
        self.assert_refused(self.work / "other", "signed by another key", "--fingerprint", self.fingerprint)
        self.assert_refused(self.work / "one", "signed by another key", "--fingerprint", "0" * 40)
        self.assertEqual(self.verify(self.work / "one", "--fingerprint", "0123").returncode, 2)

    def test_signatures_by_another_key_are_refused(self):
        for name in ("SHA256SUMS.gpg", "key.gpg", "apt/InRelease", "apt/Release.gpg"):
            bundle = self.changed()
            shutil.copy(self.work / "other" / name, bundle / name)
            self.assert_refused(bundle, "the signature is not that of key.gpg")

    def test_a_flipped_bit_is_refused_wherever_it_is(self):
        for name, says in (("apt/pool/libdeep_3_all.deb", "damaged"), ("model/tiny.gguf", "damaged"), ("install.md", "damaged"),
                           ("SHA256SUMS", "signature"), ("apt/Release", "damaged"), ("apt/Packages", "damaged")):
            bundle = self.changed()
            data = bytearray((bundle / name).read_bytes())
            data[len(data) // 2] ^= 1
            (bundle / name).write_bytes(data)
            self.assert_refused(bundle, says)

    def test_a_file_more_or_less_is_refused(self):
        for name in ("apt/pool/more.deb", "more", "licences/.hidden", "two words", "line\nfeed", "apt/Release.gpg.old"):
            bundle = self.changed()
            (bundle / name).write_text("x")
            self.assert_refused(bundle, "isn't its own")
        for name in ("apt/pool/libdeep_3_all.deb", "apt/InRelease", "README.txt", "sbom.spdx.json"):
            bundle = self.changed()
            (bundle / name).unlink()
            self.assert_refused(bundle, "not whole")
        bundle = self.changed()
        (bundle / "key.gpg").unlink()
        self.assert_refused(bundle, "expected key.gpg")

    def test_what_is_no_file_is_refused(self):
        bundle = self.changed()
        (bundle / "model/tiny.gguf").unlink()
        (bundle / "model/tiny.gguf").symlink_to(self.work / "tiny.gguf")
        self.assert_refused(bundle, "neither file nor folder")
        bundle = self.changed()
        os.mkfifo(bundle / "pipe")
        self.assert_refused(bundle, "neither file nor folder")

    def test_a_list_that_names_files_elsewhere_is_refused(self):
        for line in (f"{'0' * 64}  ../tiny.gguf", f"{'0' * 64}  /etc/passwd", "nothing at all"):
            bundle = self.changed()
            with open(bundle / "SHA256SUMS", "a") as sums:
                sums.write(line + "\n")
            subprocess.run(["gpg", "--homedir", self.work / "key", "--batch", "--yes", "--quiet", "--detach-sign", "--output",
                            bundle / "SHA256SUMS.gpg", bundle / "SHA256SUMS"], check=True, capture_output=True)
            self.assert_refused(bundle, "holds a line that is no checksum")

    def test_a_folder_that_holds_something_is_not_written_to(self):
        (self.work / "full").mkdir()
        (self.work / "full/mine").touch()
        with self.assertRaisesRegex(AssertionError, "not empty"):
            self.make("full")

    def test_help_names_each_option(self):
        text = (self.work / "one/install.sh").read_text()
        shown = self.verify(self.work / "one", "--help").stdout
        options = set(re.findall(r"(?:^ +|\| )(--[a-z-]+)(?= \||\))", text[text.index("main() {"):], re.M)) - {"--help"}
        self.assertGreater(len(options), 15)
        self.assertEqual({option for option in options if option not in shown}, set())
        self.assertNotIn("set -euo", shown)

    def sbom(self):
        return json.loads((self.work / "one/sbom.spdx.json").read_text())

    def test_sbom_says_what_is_there(self):
        document = self.sbom()
        packages = {each["name"]: each for each in document["packages"]}
        self.assertEqual({name: each["licenseDeclared"] for name, each in packages.items()}, {
            "tijori": "Apache-2.0", "libone": "MIT OR GPL-2.0-or-later", "libtwo": "MIT OR GPL-2.0-or-later",
            "libdeep": "NOASSERTION", "libheader-dev": "BSL-1.0", "tiny": "NOASSERTION"})
        for each in packages.values():
            if "packageFileName" in each:
                self.assertEqual(each["checksums"][0]["checksumValue"], digest(self.work / "one" / each["packageFileName"]))
        self.assertEqual(packages["libone"]["sourceInfo"], "built from one 1.5")
        program = next(each for each in document["files"] if each["fileName"] == "./usr/bin/tijori")
        self.assertIn({"algorithm": "SHA256", "checksumValue": hashlib.sha256(b"program").hexdigest()}, program["checksums"])
        related = {(each["spdxElementId"], each["relationshipType"], each["relatedSpdxElement"]) for each in document["relationships"]}
        for expected in (("SPDXRef-Package-tijori", "DEPENDS_ON", "SPDXRef-Package-libone"),
                         ("SPDXRef-Package-libone", "DEPENDS_ON", "SPDXRef-Package-libdeep"),
                         ("SPDXRef-Package-tijori", "STATIC_LINK", "SPDXRef-CompiledIn-libheader-dev-1.2-3"),
                         ("SPDXRef-Package-tijori", "CONTAINS", program["SPDXID"])):
            self.assertIn(expected, related)
        known = {each["SPDXID"] for each in document["packages"] + document["files"]} | {"SPDXRef-DOCUMENT"}
        self.assertLessEqual({one for one, _, _ in related} | {other for _, _, other in related}, known)

    def test_sbom_is_valid_spdx(self):
        validator = textwrap.dedent("""
            import sys
            try:
                from spdx_tools.spdx.parser.parse_anything import parse_file
                from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
            except ImportError:
                sys.exit(77)
            wrong = [each.validation_message for each in validate_full_spdx_document(parse_file(sys.argv[1]))]
            sys.exit("\\n".join(wrong) or 0)""")
        if not PYTHON or not os.access(PYTHON, os.X_OK):
            self.skipTest("TIJORI_TEST_PYTHON names no python with spdx-tools")
        checked = subprocess.run([PYTHON, "-c", validator, self.work / "one/sbom.spdx.json"], capture_output=True, text=True)
        if checked.returncode == 77:
            self.skipTest("spdx-tools is not in " + PYTHON)
        self.assertEqual(checked.returncode, 0, checked.stderr)


if __name__ == "__main__":
    unittest.main()

"""Keys handed over as systemd credentials instead of lying in files: they are used, and `tijori status` says so."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

from appliance import PROGRAMS, SKIPPED, Appliance, wait_until


class Keys(unittest.TestCase):
    def test_keys_come_from_files_or_credentials_and_status_tells_which(self):
        with Appliance(models=False) as box:
            shown = box.cli("status", profile="admin").stdout
            self.assertIn("  keys      tls-server.key: file; audit-signing.key: file; audit-subject.key: file\n", shown)
            box.stop()

            handed_over = box.root / "credentials"
            handed_over.mkdir(mode=0o700)
            for file, name in (("tls/server.key", "tls-server.key"), ("audit/keys/signing.key", "audit-signing.key"),
                               ("audit/keys/subject.key", "audit-subject.key")):
                (box.root / file).rename(handed_over / name)
            with open(box.log_path, "ab") as log:
                box.daemon = subprocess.Popen([PROGRAMS / "tijorid", "--root", box.root], stderr=log,
                                              env=os.environ | {"CREDENTIALS_DIRECTORY": str(handed_over)})
            wait_until(lambda: box.health() != "", 60, "the daemon answers")
            status = json.loads(box.cli("status", "--json", profile="admin").stdout)
            self.assertEqual([(key["name"], key["from"]) for key in status["keys"] + status["audit"]["keys"]],
                             [("tls-server.key", "credential"), ("audit-signing.key", "credential"),
                              ("audit-subject.key", "credential")])
            self.assertIn("audit-signing.key: credential", box.cli("status", profile="admin").stdout)
            box.cli("reload", profile="admin")  # which reads the server's key again
            code, report = box.verify_export()
            self.assertEqual(code, 0, report)
            self.assertEqual(list(pathlib.Path(box.root / "audit" / "keys").iterdir()), [])


if __name__ == "__main__":
    if not (PROGRAMS / "tijorid").exists():
        sys.exit(SKIPPED)
    unittest.main(verbosity=2, warnings="ignore")

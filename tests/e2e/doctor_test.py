"""tijori doctor beside a whole appliance of a checkout: what it says while all is well, and of what was broken on purpose."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import unittest

from appliance import PROGRAMS, SKIPPED, Appliance, wait_until


def codes_of(answer):
    return [finding["code"] for finding in answer["findings"]]


class Doctor(unittest.TestCase):
    def doctor(self, box, *options, profile="admin", **more):
        ended = box.cli("doctor", "--json", *options, profile=profile, check=False, **more)
        answer = json.loads(ended.stdout)
        self.assertEqual(ended.returncode, 1 if answer["wrong"] else 0, ended.stdout)
        for finding in answer["findings"]:
            self.assertTrue(finding["meaning"] and finding["fix"], finding)
        return answer

    def machine_codes(self, answer):
        """What the appliance itself can be blamed for, whatever disk and graphics card the tests run on."""
        return [code for code in codes_of(answer) if code not in ("disk-low", "log-tight") and "driver" not in code]

    def test_finds_what_is_wrong_and_asks_the_daemon(self):
        with Appliance(models=False) as box:
            answer = self.doctor(box)
            self.assertEqual(self.machine_codes(answer), ["no-model"], answer)
            self.assertIn("what the daemon says", answer["checked"])
            self.assertIn("sandbox", [missed["what"] for missed in answer["not_checked"]])
            shown = box.cli("doctor", profile="admin", check=False)
            self.assertEqual(shown.returncode, 1)
            self.assertIn("warning [no-model] There is no model", shown.stdout)
            self.assertIn("    Fix    tijori models lists", shown.stdout)
            status = box.cli("status", profile="admin").stdout
            self.assertIn("tijori doctor --explain no-model", status)

            # The daemon sees for itself what can be seen from inside; it looks every ten seconds.
            box.socket("api").chmod(0o666)
            self.assertIn("socket-open", codes_of(self.doctor(box)))
            wait_until(lambda: "[socket-open]" in box.cli("status", profile="admin").stdout, 20, "the daemon sees it too")
            answer = self.doctor(box)
            self.assertEqual(codes_of(answer).count("socket-open"), 1)
            self.assertEqual(answer["findings"][0]["code"], "socket-open", "errors come first")
            box.socket("api").chmod(0o660)

            # Without a client certificate the machine is looked at all the same.
            answer = self.doctor(box, profile="nobody")
            self.assertEqual(self.machine_codes(answer), [], answer)
            missed = {each["what"]: each["why"] for each in answer["not_checked"]}
            self.assertIn("client.crt", missed["what the daemon says"])
            # A client of another authority is refused, and that is found.
            stranger = box.root / "stranger"
            box.ca("init", box.root / "other-ca", "--name", "Another authority")
            box.ca("issue", "stranger", "--role", "operator", "--ca", box.root / "other-ca", "--out", stranger)
            for suffix in ("crt", "key"):
                (stranger / f"stranger.{suffix}").rename(stranger / f"client.{suffix}")
            (stranger / "ca.crt").write_bytes((box.root / "ca" / "ca.crt").read_bytes())
            self.assertIn("client-refused", codes_of(self.doctor(box, profile="stranger")))

            box.daemon.send_signal(signal.SIGSTOP)
            try:
                self.assertIn("daemon-away", codes_of(self.doctor(box)))
            finally:
                box.daemon.send_signal(signal.SIGCONT)

    def test_names_the_reason_why_the_daemon_is_not_reached(self):
        with Appliance(models=False) as box:
            box.stop(signal.SIGKILL)
            answer = self.doctor(box)
            self.assertEqual(self.machine_codes(answer), ["daemon-away"], answer)
            self.assertIn("refused", answer["findings"][0]["message"])
            box.socket("admin").unlink()
            self.assertEqual(self.machine_codes(self.doctor(box)), ["socket-missing"])

            (box.root / "tls" / "server.crt").unlink()
            answer = self.doctor(box)
            self.assertIn("certificate-missing", codes_of(answer))
            self.assertIn("the appliance isn't set up",
                          [missed["why"] for missed in answer["not_checked"] if missed["what"] == "what the daemon says"])

    @unittest.skipUnless(os.geteuid() == 0, "only root can become another account")
    def test_tells_an_account_that_it_is_not_in_the_group(self):
        with Appliance(models=False) as box:
            box.root.chmod(0o755)
            ended = subprocess.run([PROGRAMS / "tijori", "--root", box.root, "doctor", "--json"], capture_output=True,
                                   text=True, user=65534, group=65534, extra_groups=[])
            answer = json.loads(ended.stdout)
            self.assertEqual(ended.returncode, 1)
            self.assertIn("not-in-group", codes_of(answer))
            self.assertTrue(any("run this as root" in missed["why"] for missed in answer["not_checked"]), answer)

    def test_finds_certificates_that_end_and_models_that_changed(self):
        with Appliance(models=False) as box:
            box.stop()
            box.issue("server", "tls", "--server", "--days", "20", "--force", rename="server")
            self.assertIn("certificate-expiring", codes_of(self.doctor(box)))

            model = box.root / "models" / "small.gguf"
            source = box.root / "small.gguf"
            source.write_bytes(b"GGUF" + bytes(100_000))
            box.run("tijori", "models", "add", source, "--name", "small")
            self.assertNotIn("model-altered", codes_of(self.doctor(box, "--deep")))
            content = bytearray(model.read_bytes())
            content[5000] ^= 1
            model.write_bytes(content)
            self.assertNotIn("model-altered", codes_of(self.doctor(box)))
            self.assertIn("model-altered", codes_of(self.doctor(box, "--deep")))
            model.write_bytes(content + b"x")
            self.assertIn("model-altered", codes_of(self.doctor(box)))
            model.unlink()
            self.assertIn("model-missing", codes_of(self.doctor(box)))

    def test_a_model_that_an_engine_finds_altered_is_named_by_the_daemon(self):
        with Appliance(models=False) as box:
            box.stop()
            source = box.root / "small.gguf"
            source.write_bytes(b"GGUF" + bytes(100_000))
            box.run("tijori", "models", "add", source, "--name", "small")
            (box.root / "models" / "small.gguf").write_bytes(b"GGUF" + bytes(99_999) + b"x")
            box.start()
            wait_until(lambda: "model-altered" in codes_of(self.doctor(box)), 30, "the engine has read the file")
            self.assertIn("SHA-256", str(self.doctor(box)["findings"]))

    def test_explains_every_code(self):
        nothing = pathlib.Path("/nonexistent")
        ended = subprocess.run([PROGRAMS / "tijori", "--root", nothing, "doctor", "--explain", "no-such-code"],
                               capture_output=True, text=True)
        self.assertEqual(ended.returncode, 2)
        codes = ended.stderr.strip().split("there are ")[1].split(", ")
        self.assertGreater(len(codes), 35)
        for code in codes:
            shown = subprocess.run([PROGRAMS / "tijori", "doctor", "--explain", code], capture_output=True, text=True)
            self.assertEqual((shown.returncode, shown.stdout.splitlines()[0]), (0, code))
            self.assertRegex(shown.stdout, r"(?s)    Means  \S.*    Fix    \S")


if __name__ == "__main__":
    if not (PROGRAMS / "tijorid").exists():
        sys.exit(SKIPPED)
    unittest.main(verbosity=2, warnings="ignore")

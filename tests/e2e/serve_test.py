"""What a user sees of an appliance in good order: answers over mTLS, both records of each request, a log that verifies."""
import json
import shutil
import subprocess
import unittest

from appliance import Appliance, main


class Serving(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = cls.enterClassContext(Appliance())

    def test_answers_plain_curl(self):
        client = self.box.root / "client"
        ended = subprocess.run(
            ["curl", "-sS", "--unix-socket", self.box.socket(), "--cacert", client / "ca.crt", "--cert",
             client / "client.crt", "--key", client / "client.key", "https://localhost/v1/chat/completions", "-H",
             "content-type: application/json", "-d",
             '{"messages":[{"role":"user","content":"What is the capital of India?"}],"temperature":0,"max_tokens":32}'],
            capture_output=True, text=True, check=True)
        answer = json.loads(ended.stdout)
        self.assertIn("New Delhi", answer["choices"][0]["message"]["content"])
        self.assertEqual(answer["choices"][0]["finish_reason"], "stop")

    def test_streams_the_same_text_as_in_one_piece(self):
        status, whole, _ = self.box.chat("Name three fruits.", max_tokens=40)
        self.assertEqual(status, 200)
        stream = self.box.stream("Name three fruits.", max_tokens=40)
        pieces = list(stream.deltas())
        self.assertGreater(len(pieces), 3)
        self.assertEqual("".join(pieces), whole["choices"][0]["message"]["content"])
        self.assertTrue(stream.done)
        self.assertGreater(stream.receipt["released"]["seq"], stream.receipt["received"]["seq"])

    def test_records_both_ends_of_a_request_and_none_of_its_text(self):
        status, _, headers = self.box.chat("What is the colour of xyzzyplugh?", max_tokens=8, user="principal-4711")
        self.assertEqual(status, 200)
        received, released = self.box.outcome_of(headers["x-request-id"])
        self.assertEqual(released["outcome"], "answered")
        self.assertEqual(released["detail"]["completion_tokens"], 8)
        self.assertEqual(released["detail"]["finish_reason"], "length")
        self.assertEqual(len(received["subjects"]), 1)
        log = b"".join(path.read_bytes() for path in (self.box.root / "audit").rglob("*") if path.is_file())
        self.assertNotIn(b"xyzzyplugh", log)
        self.assertNotIn(b"principal-4711", log)

    def test_refuses_what_it_does_not_know_by_name_and_records_it(self):
        status, body, headers = self.box.chat("Hello", logit_bias={"1": 2}, max_tokens=4)
        self.assertEqual(status, 400)
        self.assertEqual(body["error"]["param"], "logit_bias")
        _, released = self.box.outcome_of(headers["x-request-id"])
        self.assertEqual((released["outcome"], released["detail"]["http_status"]), ("refused", 400))

    def test_a_prompt_beyond_the_context_is_refused_with_both_numbers(self):
        status, body, _ = self.box.chat("word " * 20000, max_tokens=4)
        self.assertEqual(status, 400)
        self.assertEqual(body["error"]["code"], "context_length_exceeded")
        self.assertRegex(body["error"]["message"], r"\d+.*\d+")

    def test_chat_prints_the_answer_and_json_its_receipt(self):
        ended = self.box.cli("chat", "--temperature", "0", "What is the capital of India?")
        self.assertIn("New Delhi", ended.stdout)
        self.assertNotIn("audit records", ended.stdout)
        answer = json.loads(self.box.cli("chat", "--json", "--temperature", "0", "--max-tokens", "4", "Hello").stdout)
        self.assertEqual(answer["completion_tokens"], 4)
        self.assertIn("released", answer["receipt"])

    def test_every_reading_verb_speaks_json(self):
        for verb in (["status"], ["models"], ["models", "list"], ["clients"], ["clients", "list"], ["audit", "list"],
                     ["audit", "show", "0"], ["audit", "verify"], ["audit", "count", "--every", "3600",
                                                                   "--since", "2026-01-01T00:00+05:30"]):
            with self.subTest(verb=verb):
                json.loads(self.box.cli(*verb, "--json", profile="admin").stdout)
                self.assertTrue(self.box.cli(*verb, profile="admin").stdout)

    def test_exit_codes_tell_what_went_wrong(self):
        codes = {
            2: ["audit", "shout"],
            3: ["--run", "/nonexistent", "status"],
            4: ["audit", "list"],  # an application may not
            1: ["chat", "--model", "no-such-model", "Hello"],
        }
        for code, verb in codes.items():
            with self.subTest(verb=verb):
                ended = self.box.cli(*verb, check=False)
                self.assertEqual(ended.returncode, code, ended.stderr)
                self.assertTrue(ended.stderr)

    def test_the_export_verifies_and_any_change_shows(self):
        code, report = self.box.verify_export()
        self.assertEqual((code, report["verdict"]), (0, "verified"), report)
        export = self.box.root / "log.export"
        without_trust = self.box.run("tijori-audit-verify", export, check=False)
        self.assertEqual(without_trust.returncode, 6, without_trust.stdout)
        changed = bytearray(export.read_bytes())
        changed[len(changed) // 2] ^= 1
        export.write_bytes(changed)
        altered = self.box.run("tijori-audit-verify", export, "--trust", self.box.root / "trust", check=False)
        self.assertEqual(altered.returncode, 5, altered.stdout)

    def test_the_log_continues_a_checkpoint_that_was_kept(self):
        box = self.box
        kept = box.root / "kept"
        kept.write_text(box.cli("audit", "trust", profile="admin").stdout)
        box.chat("Hello", max_tokens=2)
        box.cli("audit", "trust", profile="admin")
        holds = json.loads(box.cli("audit", "compare", kept, "--json", profile="admin").stdout)
        self.assertEqual(holds["verdict"], "continues")
        self.assertLess(holds["old_size"], holds["size"])
        note = box.root / "note"
        note.write_text(json.loads(box.cli("status", "--json", profile="admin").stdout)["audit"]["last_checkpoint"])
        box.cli("audit", "compare", note, profile="admin")

        lines = kept.read_text().splitlines()
        at = next(i for i, line in enumerate(lines) if line.startswith("checkpoint "))
        word, size, root = lines[at].split()
        for forged in (f"{word} {size} {'B' + root[1:] if root[0] == 'A' else 'A' + root[1:]}",
                       f"{word} {int(size) + 1000000} {root}"):
            kept.write_text("\n".join([*lines[:at], forged, *lines[at + 1:]]) + "\n")
            ended = box.cli("audit", "compare", kept, profile="admin", check=False)
            self.assertEqual(ended.returncode, 5, ended.stdout)
            self.assertTrue(ended.stdout.startswith("altered: "), ended.stdout)

    def test_clients_are_added_renewed_and_revoked(self):
        box = self.box
        box.issue("night-shift", "night", "--role", "application")
        self.assertEqual(box.cli("chat", "--max-tokens", "2", "Hello", profile="night", check=False).returncode, 4)
        box.cli("clients", "add", box.root / "night" / "client.crt", profile="admin")
        box.cli("chat", "--max-tokens", "2", "Hello", profile="night")
        again = box.cli("clients", "add", box.root / "night" / "client.crt", profile="admin", check=False)
        self.assertEqual(again.returncode, 1)
        box.cli("clients", "revoke", "night-shift", "--reason", "test", profile="admin")
        refused = box.cli("chat", "--max-tokens", "2", "Hello", profile="night", check=False)
        self.assertEqual(refused.returncode, 4)
        self.assertIn("revoked", refused.stderr)

    def test_a_revocation_list_is_in_force_at_once(self):
        box = self.box
        box.issue("day-shift", "day", "--role", "application")
        box.cli("clients", "add", box.root / "day" / "client.crt", profile="admin")
        box.cli("chat", "--max-tokens", "2", "Hello", profile="day")
        box.ca("revoke", "day-shift", "--ca", box.root / "ca")
        box.cli("crl", box.root / "ca" / "crl.pem", profile="admin")
        refused = box.cli("chat", "--max-tokens", "2", "Hello", profile="day", check=False)
        self.assertEqual(refused.returncode, 4)
        self.assertIn("revoked", refused.stderr)
        # Losing the file must not bring the certificate back.
        box.stop()
        (box.root / "tls" / "crl.pem").unlink()
        ended = box.run("tijorid", "--root", box.root, check=False)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("crl.pem", ended.stderr)
        shutil.copy(box.root / "ca" / "crl.pem", box.root / "tls" / "crl.pem")
        box.start()


if __name__ == "__main__":
    main()

"""`tijori guardrails scan`, `lint` and `check --file`: filters that need no daemon, no keys and no network."""
import json
import os
import subprocess
import tempfile
import time
import unittest

from appliance import PATIENCE, PROGRAMS
from guardrails_test import aadhaar, policy

# Nobody's daemon or keys, wherever the test runs.
NOWHERE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TIJORI_RUN": "/nonexistent"}


def without_network():
    """Puts a command into a network of its own, empty, where the system lets us."""
    unshare = ["unshare", "--user", "--net"]
    try:
        return unshare if subprocess.run([*unshare, "true"], capture_output=True).returncode == 0 else []
    except FileNotFoundError:
        return []


def tijori(*arguments, lines="", prefix=(), **options):
    if not isinstance(lines, (str, bytes)):
        lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    data = lines.encode() if isinstance(lines, str) else lines
    return subprocess.run([*prefix, PROGRAMS / "tijori", *map(str, arguments)], input=data, capture_output=True,
                          env=NOWHERE, timeout=120 * PATIENCE, **options)


def answers(ended):
    return [json.loads(line) for line in ended.stdout.decode().splitlines()]


class Scan(unittest.TestCase):
    def test_needs_neither_daemon_nor_network(self):
        number = aadhaar(3)
        text = f"मेरा आधार नंबर {number} है।"
        ended = tijori("guardrails", "scan", lines=[{"id": "a", "text": text}, {"id": 7, "text": "Nothing here."}],
                       prefix=without_network())
        self.assertEqual((ended.returncode, ended.stderr), (0, b""))
        found, nothing = answers(ended)
        start = text.index(number)
        self.assertEqual((found["id"], nothing), ("a", {"id": 7, "spans": []}))
        span = next(span for span in found["spans"] if span["label"] == "AADHAAR")
        self.assertEqual(set(span), {"label", "start", "end", "start_byte", "end_byte", "score", "action"})
        self.assertEqual((span["start"], span["end"]), (start, start + 12))
        self.assertEqual(text.encode()[span["start_byte"]:span["end_byte"]], number.encode())
        self.assertEqual(span["action"], "mask")
        self.assertTrue(0 < span["score"] <= 1)

    def test_a_bad_line_is_named_and_the_others_are_scanned(self):
        ended = tijori("guardrails", "scan", lines=b'{"id":1,"text":"a"}\nsecret words\n\n{"id":2}\n'
                                                   b'{"id":3,"text":"\xff"}\n{"id":4,"text":"d"}')
        self.assertEqual(ended.returncode, 1)
        first, second, third, fourth, fifth = answers(ended)
        self.assertEqual([first["id"], second["line"], third["line"], fourth["line"], fifth["id"]], [1, 2, 4, 5, 4])
        for line in (second, third, fourth):
            self.assertTrue(line["error"])
            self.assertNotIn("spans", line)
        self.assertIn(b"line 2: ", ended.stderr)
        self.assertIn(b"line 4: text: missing", ended.stderr)
        self.assertNotIn(b"secret", ended.stdout + ended.stderr)

    def test_answers_line_by_line_as_a_pipe(self):
        with subprocess.Popen([PROGRAMS / "tijori", "guardrails", "scan"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, env=NOWHERE) as pipe:
            for place in range(3):
                pipe.stdin.write(json.dumps({"id": place, "text": "plain"}).encode() + b"\n")
                pipe.stdin.flush()
                self.assertEqual(json.loads(pipe.stdout.readline())["id"], place)
            pipe.stdin.close()
            self.assertEqual(pipe.stdout.read(), b"")
            self.assertEqual(pipe.wait(), 0)

    def test_ends_when_its_reader_is_gone(self):
        with subprocess.Popen([PROGRAMS / "tijori", "guardrails", "scan"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=NOWHERE) as pipe:
            pipe.stdout.close()
            try:
                for _ in range(10_000):
                    pipe.stdin.write(b'{"id":1,"text":"plain"}\n')
                    pipe.stdin.flush()
            except BrokenPipeError:
                pass
            try:
                pipe.stdin.close()
            except BrokenPipeError:
                pass
            self.assertIn(b"standard output", pipe.stderr.read())
            self.assertEqual(pipe.wait(), 1)

    def test_keeps_up_with_many_lines(self):
        lines = [{"id": place, "text": "Invoice 4471 of 12 March, 5,000 rupees."} for place in range(20_000)]
        started = time.monotonic()
        ended = tijori("guardrails", "scan", lines=lines)
        self.assertEqual([line["id"] for line in answers(ended)], list(range(20_000)))
        self.assertLess(time.monotonic() - started, 60 * PATIENCE)

    def test_a_policy_of_the_operator(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "policy.json")
            with open(file, "w") as out:
                out.write(policy("block"))
            lines = [{"id": 1, "text": "नई जगह: ＮＥＷ delhi"}]
            found, = answers(tijori("guardrails", "scan", "--policy", file, "--stage", "output_stream", "--rules",
                                    lines=lines))
            self.assertEqual([(span["label"], span["start"], span["end"], span["action"], span["rule"])
                              for span in found["spans"]], [("CITY", 8, 17, "block", "no-capital")])
            elsewhere, = answers(tijori("guardrails", "scan", "--policy", file, lines=lines))
            self.assertEqual(elsewhere["spans"], [])
            self.assertEqual(tijori("guardrails", "check", "--file", file).returncode, 0)
            self.assertEqual(tijori("guardrails", "lint", file).returncode, 0)

            with open(file, "w") as out:
                out.write(policy("block").replace('"no-capital"', '"No Capital"'))
            ended = tijori("guardrails", "scan", "--policy", file, lines=lines)
            self.assertEqual((ended.returncode, ended.stdout), (1, b""))
            self.assertIn(b"rules[0].id", ended.stderr)
            ended = tijori("guardrails", "lint", file, "--json")
            self.assertEqual(ended.returncode, 1)
            self.assertIn("rules[0].id", [finding["path"] for finding in json.loads(ended.stdout)["findings"]])

    def test_an_unknown_stage_is_a_matter_of_usage(self):
        self.assertEqual(tijori("guardrails", "scan", "--stage", "image").returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)

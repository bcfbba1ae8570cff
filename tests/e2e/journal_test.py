"""The log lines: each goes to the journal with the id under which the catalogue explains it, and none holds a word of what
people asked or models answered, whatever fails. Runs in a mount namespace of its own, in which a socket plays the journal's part.

Marked words are sent wherever a client can put text, and every failure that can be provoked from outside is. A kind of line that
isn't seen has to be named below with the reason."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time
import unittest

from appliance import LONG, PATIENCE, PROGRAMS, SKIPPED, Appliance, model_or_skip, wait_until
from guardrails_test import GuardedAppliance, policy

SOURCE = pathlib.Path(__file__).resolve().parents[2]
INSIDE = "TIJORI_JOURNAL_INSIDE"
JOURNAL = "/run/systemd/journal/socket"
KINDS = dict(re.findall(r'LogMessage \w+\{"([a-z-]+)",\s*"([0-9a-f]{32})"\}', (SOURCE / "base/log_messages.h").read_text()))

# Kinds that nothing from outside brings about, or that a race decides.
NOT_PROVOKED = {
    "engine-not-woken": "a counter of the kernel would have to overflow",
    "engine-step-failed": "no input makes the computation fail",
    "unexpected-failure": "every known exception is handled where it comes from",
    "record-dropped": "takes more events than one appliance makes in an hour",
    "log-state-not-kept": "the daemon's own database would have to refuse it",
    "revocation-list-not-kept": "the daemon's own database would have to refuse it",
    "slot-occupied": "needs slots: tests/e2e/slots_test.py",
    "slot-freed": "needs slots: tests/e2e/slots_test.py",
    "late-record-refused": "a race of the log's crash with a request's end",
}


class Journal:
    """Takes what journald would: datagrams of KEY=value lines."""

    def __init__(self):
        os.makedirs(os.path.dirname(JOURNAL), exist_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(JOURNAL)
        os.chmod(JOURNAL, 0o666)
        self.lines = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            entry = {}
            for line in self.socket.recv(1 << 20).decode().rstrip("\n").split("\n"):
                key, _, value = line.partition("=")
                entry[key] = value
            self.lines.append(entry)

    def codes(self):
        return {line.get("TIJORI_CODE") for line in list(self.lines)}

    def count(self, code):
        return sum(line.get("TIJORI_CODE") == code for line in list(self.lines))


def to_journal(log):
    info = os.fstat(log.fileno())
    return {**os.environ, "JOURNAL_STREAM": f"{info.st_dev}:{info.st_ino}"}


class LoggedAppliance(GuardedAppliance):
    def environment(self, log):
        return to_journal(log)

    def run_logged(self, program, *arguments, wait=True, **environment):
        """A program beside the daemon, its lines where the daemon's are."""
        with open(self.log_path, "ab") as log:
            process = subprocess.Popen([PROGRAMS / program, *map(str, arguments)], stderr=log, stdout=subprocess.DEVNULL,
                                       env=to_journal(log) | environment)
        return process.wait(60 * PATIENCE) if wait else process


def frame(kind, number, payload):
    return struct.pack("<IHHQ", len(payload), kind, 0, number) + payload


class Lines(unittest.TestCase):
    """One appliance through all that can go wrong with it; the tests run in the order of their names."""

    @classmethod
    def setUpClass(cls):
        cls.journal = Journal()
        cls.mark = "zq" + secrets.token_hex(8)
        cls.answers = []
        cls.box = cls.enterClassContext(LoggedAppliance("[limits]\ndrain_s = 1\n"))
        cls.config = cls.box.root / "etc" / "tijorid.toml"

    def logged(self, code, times=1, seconds=60):
        return wait_until(lambda: self.journal.count(code) >= times, seconds, f"the line {code}")

    def ask(self, question, **fields):
        answer = self.box.chat(question, **fields)
        if answer[0] == 200:
            self.answers.append(answer[1]["choices"][0]["message"]["content"])
        return answer

    def stream(self, tokens=4000):
        """An answer under way, of which something was read."""
        stream = self.box.stream(f"{LONG} Begin with {self.mark}.", max_tokens=tokens)
        deltas = stream.deltas()
        self.answers.append("".join(next(deltas) for _ in range(8)))
        return stream, deltas

    def ready(self):
        wait_until(lambda: self.box.health() == "ready", 120, "the appliance is ready")

    def send(self, body, path="/v1/chat/completions", headers=None):
        connection = self.box.connection()
        try:
            connection.request("POST", path, body, {"content-type": "application/json"} | (headers or {}))
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def test_01_what_is_asked_and_answered(self):
        for question in ("What is the capital of India?", f"Repeat the word {self.mark} three times.", LONG):
            self.assertEqual(self.ask(question, max_tokens=40)[0], 200)
        self.assertTrue(all(self.answers))

    def test_02_what_is_asked_wrongly(self):
        mark = self.mark
        said = {"messages": [{"role": "user", "content": mark}]}
        for fields in ({"user": mark * 9}, {"metadata": {"purpose": mark, mark: mark}}, {"stop": mark}):
            self.ask(mark, max_tokens=4, **fields)
        for body in (said | {mark: 1}, said | {"model": mark}, said | {"max_tokens": mark}, {"messages": mark},
                     {"messages": [{"role": mark, "content": mark}]}, {"messages": [{"role": "user", "content": [mark]}]},
                     {"messages": [{"role": "user", "content": f"{mark} " * 20_000}]}, said | {"tools": [{mark: mark}]},
                     said | {"response_format": {"type": mark}}):
            self.assertNotEqual(self.box.post("/v1/chat/completions", body)[0], 200, body if len(str(body)) < 500 else "long")
        for path, body in (("/v1/completions", {"prompt": mark, mark: mark}), ("/v1/tokenize", {"text": mark, mark: 1}),
                           (f"/v1/{mark}", {"prompt": mark}), (f"/v1/models/{mark}", None)):
            self.assertNotEqual(self.box.post(path, body)[0], 200)
        for raw in (f'{{"messages": [{{"role": "user", "content": "{mark}', f"{mark}", f'{{"{mark}": }}',
                    f'{{"messages": "{mark}'.encode() + b'\xff\xfe"}', f'["{mark}"]', '{"a":' * 200 + f'"{mark}"'):
            self.assertNotEqual(self.send(raw), 200)
        self.send("{}", headers={"x-note": mark, "authorization": f"Bearer {mark}", "content-type": f"text/{mark}"})
        self.send("{}", path=f"/v1/chat/completions?{mark}={mark}")

    def test_03_what_guardrails_stop(self):
        before = self.box.active()
        self.box.put_in_force(policy("block"))
        self.ask(f"{self.mark} What is the capital of India?", max_tokens=24)
        self.box.guardrails("activate", before)

    def test_04_clients_that_go_away(self):
        stream, _ = self.stream()
        stream.close()
        stream.response.close()
        raw = self.box.connection()
        raw.connect()
        raw.sock.sendall(f"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 999\r\n\r\n{self.mark}".encode())
        raw.close()
        plain = socket.socket(socket.AF_UNIX)
        plain.connect(str(self.box.socket()))
        plain.sendall(f"GET /{self.mark} HTTP/1.1\r\n\r\n".encode())
        plain.close()

    def test_05_an_engine_that_is_killed(self):
        _, deltas = self.stream()
        os.kill(self.box.pid_of("tijori-engine"), signal.SIGKILL)
        self.answers.append("".join(deltas))
        self.logged("engine-ended")
        self.ready()

    def test_06_an_engine_that_hangs(self):
        stream, _ = self.stream()
        engine = self.box.pid_of("tijori-engine")
        os.kill(engine, signal.SIGSTOP)
        self.logged("engine-silent")
        os.kill(engine, signal.SIGCONT)
        self.logged("engine-answers")
        os.kill(engine, signal.SIGSTOP)
        self.logged("engine-hung", seconds=90)
        stream.close()
        self.ready()

    def test_07_a_log_that_is_killed(self):
        _, deltas = self.stream()
        before = self.journal.count("log-connected")
        os.kill(self.box.pid_of("tijori-audit"), signal.SIGKILL)
        self.answers.append("".join(deltas))
        self.logged("log-away")
        self.logged("log-connected", before + 1)
        self.ready()

    def test_08_models_unloaded_and_loaded_and_what_is_loaded_not_kept(self):
        cli = lambda *arguments, **options: self.box.cli("models", *arguments, profile="admin", **options)
        cli("unload", "demo")
        self.logged("model-unloaded")
        kept = self.box.root / "state" / "models.json"
        kept.unlink()
        (kept / "in-its-place").mkdir(parents=True)
        cli("load", "demo")
        self.logged("models-not-kept")
        shutil.rmtree(kept)
        self.ready()
        before = self.journal.count("model-unloaded")
        cli("unload", "demo")
        self.logged("model-unloaded", before + 1)
        cli("load", "demo")
        self.ready()

    def test_09_settings_read_again(self):
        good = self.config.read_text()
        self.config.write_text(good + f"[engine]\nthreads = 'many'\n")
        self.assertNotEqual(self.box.cli("reload", profile="admin", check=False).returncode, 0)
        self.config.write_text(good + "[engine]\nthreads = 1\n")
        self.box.cli("reload", profile="admin")
        self.config.write_text(good)
        self.box.cli("reload", profile="admin")
        for code in ("setting-wrong", "reload-failed", "setting-needs-restart", "reloaded"):
            self.logged(code)

    def test_10_told_to_stop_under_an_answer(self):
        stream, deltas = self.stream()
        self.assertEqual(self.box.stop(), 0)
        self.answers.append("".join(deltas))
        for code in ("daemon-stopping", "requests-cut-off", "daemon-stopped"):
            self.logged(code)

    def test_11_models_that_are_gone_too_many_or_not_what_they_were(self):
        allowed = self.box.root / "models" / "allowed.json"
        good = allowed.read_text()
        model = json.loads(good)["models"][0]
        kept = self.box.root / "state" / "models.json"
        self.assertIn('"demo"', kept.read_text())
        kept.write_text(kept.read_text().replace('"demo"', '"gone"'))
        self.box.start(wait_for=None)
        self.logged("model-not-allowed")
        self.box.stop()
        kept.unlink()
        allowed.write_text(json.dumps(json.loads(good) | {"models": [
            model | {"alias": f"m{i}", "sha256": f"{i}" * 64, "file": f"m{i}.gguf"} for i in range(5)]}))
        self.box.start(wait_for=None)
        self.logged("models-too-many")
        self.logged("model-failed")
        self.box.stop()
        allowed.write_text(good)
        kept.unlink(missing_ok=True)

    def test_12_guardrails_that_are_damaged(self):
        with sqlite3.connect(self.box.root / "state" / "state.db") as state:
            place = state.execute("SELECT digest FROM policy_in_force WHERE place = 'active'").fetchone()[0]
            state.execute("UPDATE policy_in_force SET digest = ? WHERE place = 'active'", ("0" * len(place),))
        state.close()
        self.box.start(wait_for="blocked")
        self.assertEqual(self.ask(self.mark)[0], 503)
        self.logged("guardrails-unusable")
        self.box.stop()
        with sqlite3.connect(self.box.root / "state" / "state.db") as state:
            state.execute("UPDATE policy_in_force SET digest = ? WHERE place = 'active'", (place,))
        state.close()

    def test_13_a_log_that_cant_be_kept_then_another(self):
        audit, aside = self.box.root / "audit", self.box.root / "aside"
        audit.rename(aside)
        audit.mkdir(mode=0o700)
        (audit / "lock").mkdir()  # where a file is wanted
        self.box.start(wait_for=None)
        self.logged("audit-failed")
        self.logged("started-without-log")
        self.assertEqual(self.ask(self.mark)[0], 503)
        self.box.stop()
        shutil.rmtree(audit)
        self.assertEqual(self.box.run_logged("tijorid", "--root", self.box.root, "accept-log"), 0)
        self.logged("log-accepted")
        self.box.start()
        self.assertEqual(self.ask(self.mark, max_tokens=4)[0], 200)

        def leave_an_export():
            connection = self.box.connection("admin", "admin")
            connection.request("GET", "/admin/v1/audit/export")
            connection.close()
            return self.journal.count("export-ended-early")

        wait_until(leave_an_export, 60, "an export that nobody takes")

    def test_14_a_daemon_that_cant_run(self):
        self.assertEqual(self.box.run_logged("tijorid", "--root", self.box.root), 1)
        self.logged("daemon-failed")
        self.assertEqual(self.box.run_logged("tijorid", "--root", self.box.root / "empty"), 1)
        self.logged("no-administrator")

    def test_15_programs_that_are_spoken_to_wrongly(self):
        path = self.box.root / "inner.sock"
        engine = self.box.run_logged("tijori-engine", "serve", "--store", self.box.root / "models", "--socket", path,
                                     "--developer", wait=False)
        self.addCleanup(engine.wait, 60)
        self.addCleanup(engine.terminate)
        mark = self.mark.encode()
        hello = frame(1, 0, b'{"protocol":1,"program":"tijorid","version":"0"}')
        for count, message in enumerate((
                frame(18, 3, b'{"prompt":"' + mark + b'","' + mark + b'":1}'), frame(18, 4, b'{"prompt":"' + mark),
                frame(18, 5, b'{"messages":[{"role":"' + mark + b'","content":"' + mark + b'","x":1}]}'), frame(24, 6, mark),
                frame(16, 7, b'{"file":"' + mark + b'","x":"' + mark + b'"}'), mark * 4, frame(999, 1, mark)), 1):
            connection = socket.socket(socket.AF_UNIX)
            wait_until(lambda: path.exists(), 20, "the engine listens")
            connection.connect(str(path))
            connection.sendall(hello + message)
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while connection.recv(4096):
                    pass
            connection.close()
            self.logged("engine-connection-ended", count)
        engine.terminate()
        engine.wait(60)
        nobody = subprocess.run(["id", "-u", "nobody"], capture_output=True, text=True).stdout.strip()
        path = self.box.root / "stranger.sock"
        stranger = self.box.run_logged("tijori-engine", "serve", "--store", self.box.root / "models", "--socket", path,
                                       "--peer-user", nobody, wait=False)
        self.addCleanup(stranger.wait, 60)
        self.addCleanup(stranger.terminate)
        wait_until(lambda: path.exists(), 20, "the engine listens")
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            self.logged("peer-refused")
        self.assertNotEqual(self.box.run_logged("tijori-engine", "serve", "--store", self.box.root, "--peer-user", "nobody-such"), 0)
        self.logged("engine-failed")

    def test_16_a_log_that_keeps_ending_and_one_that_is_damaged(self):
        folder, run = self.box.root / "own-audit", self.box.root / "own-run"
        run.mkdir(mode=0o700)
        boot_us = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
        (run / "start").write_text(f"2 {boot_us}\n")
        serve = ["tijori-audit", "serve", "--folder", folder, "--socket", self.box.root / "own.sock", "--ballast-mib", "0"]
        process = self.box.run_logged(*serve, wait=False, RUNTIME_DIRECTORY=str(run))
        self.logged("start-delayed")
        wait_until(lambda: (folder / "ledger.db").exists(), 30, "it starts after its pause")
        wait_until(lambda: (self.box.root / "own.sock").exists(), 30, "it listens")
        process.terminate()
        self.assertEqual(process.wait(30), 0)
        (folder / "ledger.db").write_bytes(bytes(8192))
        process = self.box.run_logged(*serve, wait=False)
        self.addCleanup(process.wait, 60)
        self.addCleanup(process.terminate)
        self.logged("log-blocked")

    def test_98_each_has_an_id_and_a_code_and_goes_where_it_should(self):
        self.assertGreater(len(self.journal.lines), 50)
        for line in self.journal.lines:
            self.assertLessEqual({"MESSAGE", "MESSAGE_ID", "PRIORITY", "SYSLOG_IDENTIFIER", "TIJORI_CODE"}, set(line))
            self.assertEqual(line["MESSAGE_ID"], KINDS[line["TIJORI_CODE"]])
            self.assertIn(line["PRIORITY"], "346")
            self.assertIn(line["SYSLOG_IDENTIFIER"], ("tijorid", "tijori-audit", "tijori-engine"))
        self.assertEqual({line["SYSLOG_IDENTIFIER"] for line in self.journal.lines}, {"tijorid", "tijori-audit", "tijori-engine"})
        self.assertEqual(set(KINDS) - self.journal.codes() - set(NOT_PROVOKED), set(), "kinds that were not provoked")
        self.assertLessEqual(set(NOT_PROVOKED), set(KINDS))
        self.assertNotRegex(self.box.log_path.read_text(), r"(?m)^<\d>| (?:info|warning|error): ", "a line went to stderr")

    def test_99_none_holds_what_was_asked_or_answered(self):
        everything = self.box.log_path.read_text() + "\n".join(value for line in self.journal.lines for value in line.values())
        for part in (self.mark, self.mark.upper(), "lighthouse", "New Delhi"):
            self.assertNotIn(part, everything)
        runs = 0
        for answer in self.answers:
            words = answer.split()
            for run in (" ".join(words[at:at + 4]) for at in range(len(words) - 3)):
                runs += 1
                self.assertNotIn(run, everything)
        self.assertGreater(runs, 20, "too little was answered to be looked for")


class Elsewhere(unittest.TestCase):
    def test_lines_go_to_stderr_with_time_and_level(self):
        with Appliance(models=False) as box:
            box.stop()
            text = box.log_path.read_text()
        self.assertRegex(text, r"(?m)^\d{4}-\d\d-\d\dT[\d:.]+ tijorid info: ready: \S+api\.sock$")
        self.assertNotIn("<6>", text)

    def test_a_stream_that_isnt_stderr_is_not_the_journal(self):
        with Appliance(models=False) as box:
            box.environment = lambda log: {**os.environ, "JOURNAL_STREAM": "1:1"}
            box.stop()
            box.start()
            box.stop()
            self.assertNotIn("<6>", box.log_path.read_text())

    def test_without_a_socket_of_the_journal_lines_go_to_its_stream(self):
        self.assertFalse(os.path.exists(JOURNAL))
        with Appliance(models=False) as box:
            box.environment = to_journal
            box.stop()
            box.start()
            box.stop()
            self.assertRegex(box.log_path.read_text(), r"(?m)^<6>ready: \S+api\.sock$")


def enter():
    """Starts this file again where /run is its own; skips where that can't be."""
    wanted = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0:
        wanted.insert(1, "--map-root-user")
    if not shutil.which("unshare") or subprocess.run([*wanted, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: no mount namespace can be made here")
        sys.exit(SKIPPED)
    os.environ[INSIDE] = "1"
    os.execvp("unshare", [*wanted, sys.executable, __file__])


if __name__ == "__main__":
    model_or_skip()
    if not os.environ.get(INSIDE):
        enter()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    unittest.main(verbosity=2, warnings="ignore")

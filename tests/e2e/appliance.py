"""A whole appliance under a temporary folder, for the end-to-end tests: keys, register, model, daemon.

    with Appliance() as box:
        status, body, headers = box.post("/v1/chat/completions", {"messages": [...]})

Standard library only. TIJORI_BIN_DIR names the programs, TIJORI_DEMO_MODEL a GGUF file that answers; without the model
the tests skip, saying so.
"""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAMS = pathlib.Path(os.environ.get("TIJORI_BIN_DIR", "build/dev/bin"))
MODEL = os.environ.get("TIJORI_DEMO_MODEL", "")
SKIPPED = 77  # CTest's SKIP_RETURN_CODE
# Sanitizers slow everything down.
PATIENCE = float(os.environ.get("TIJORI_PATIENCE", "1"))


def model_or_skip():
    if not MODEL or not os.path.exists(MODEL):
        print("skipped: TIJORI_DEMO_MODEL names no file; tests/run.sh fetches it where PyPI can be reached")
        sys.exit(SKIPPED)
    return MODEL


def main():
    """Runs the tests of the calling file; exits with SKIPPED when there is no model."""
    model_or_skip()
    unittest.main(verbosity=2, warnings="ignore")


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds * PATIENCE:g} s: {what}")


class UnixTlsConnection(http.client.HTTPConnection):
    def __init__(self, path, context, timeout=120):
        super().__init__("localhost", timeout=timeout)
        self.path, self.context = path, context

    def connect(self):
        raw = socket.socket(socket.AF_UNIX)
        raw.settimeout(self.timeout)
        raw.connect(str(self.path))
        self.sock = self.context.wrap_socket(raw, server_hostname="localhost")


class Stream:
    """An answer as server-sent events: iterates over the JSON of each, and over text with deltas()."""

    def __init__(self, connection, response):
        self.connection, self.response = connection, response
        self.done = False
        self.error = None
        self.receipt = None

    def __iter__(self):
        name = ""
        for raw in self.response:
            line = raw.decode().rstrip("\n")
            if line.startswith(": tijori-receipt "):
                self.receipt = json.loads(line.removeprefix(": tijori-receipt "))
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if not line.startswith("data: "):
                continue
            data = line.removeprefix("data: ")
            if data == "[DONE]":
                self.done = True
                self.close()
                return
            parsed = json.loads(data)
            if name == "error":
                self.error = parsed["error"]
                continue
            yield parsed

    def deltas(self):
        for chunk in self:
            for choice in chunk["choices"]:
                if choice["delta"].get("content"):
                    yield choice["delta"]["content"]

    def close(self):
        self.connection.close()


class Appliance:
    def __init__(self, config="", models=True, wrapper=()):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="tijori.", dir="/tmp"))
        self.config, self.models, self.wrapper = config, models, list(wrapper)
        self.daemon = None
        self.log_path = self.root / "daemon.log"

    # Life

    def __enter__(self):
        try:
            self.set_up()
            self.start()
            self.cli("clients", "add", self.root / "client" / "client.crt", profile="admin")
            return self
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise

    def set_up(self):
        self.make_keys()
        if self.config:
            (self.root / "etc").mkdir()
            (self.root / "etc" / "tijorid.toml").write_text(self.config)
        if self.models:
            self.run("tijori", "models", "add", model_or_skip(), "--name", "demo")
        self.run("tijorid", "--root", self.root, "enrol", self.root / "admin" / "client.crt")

    def __exit__(self, kind, value, traceback):
        if self.daemon and self.daemon.poll() is None:
            self.stop()
        if kind and self.log_path.exists():
            print(self.log_path.read_text()[-4000:], file=sys.stderr)
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, wait_for="ready"):
        with open(self.log_path, "ab") as log:
            self.daemon = subprocess.Popen([*self.wrapper, PROGRAMS / "tijorid", "--root", self.root], stderr=log,
                                           env=self.environment(log))
        if self.models and wait_for:
            wait_until(lambda: self.health() == wait_for, 120, f"the daemon is {wait_for}")
        else:
            wait_until(lambda: self.health() != "", 60, "the daemon answers")

    def environment(self, log):
        """Of a daemon whose lines go to this file."""
        return os.environ

    def stop(self, how=signal.SIGTERM, seconds=60):
        self.daemon.send_signal(how)
        return self.daemon.wait(seconds * PATIENCE)

    def health(self):
        assert self.daemon.poll() is None, self.log_path.read_text()[-4000:]
        ended = self.cli("status", "--json", profile="admin", check=False)
        return json.loads(ended.stdout)["health"] if ended.returncode == 0 else ""

    def pid_of(self, program):
        """The process of that name which the daemon started."""
        for pid in self.children():
            try:
                if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == program[:15]:
                    return pid
            except OSError:
                continue
        return None

    def children(self):
        listed = subprocess.run(["ps", "--no-headers", "-o", "pid", "--ppid", str(self.daemon.pid)],
                                capture_output=True, text=True)
        return [int(pid) for pid in listed.stdout.split()]

    # Keys

    def make_keys(self):
        old_mask = os.umask(0o077)
        try:
            (self.root / "passphrase").write_text("correct horse battery")
            self.ca("init", self.root / "ca", "--name", "Test authority")
            self.issue("server", "tls", "--server", rename="server")
            shutil.copy(self.root / "ca" / "crl.pem", self.root / "tls" / "crl.pem")
            self.issue("front-desk", "client", "--role", "application")
            self.issue("records-office", "admin", "--role", "operator", "--role", "auditor")
        finally:
            os.umask(old_mask)

    def ca(self, *arguments):
        return self.run("tijori-ca", *arguments, "--passphrase-file", self.root / "passphrase")

    def issue(self, name, profile, *arguments, rename="client"):
        folder = self.root / profile
        folder.mkdir(exist_ok=True)
        self.ca("issue", name, *arguments, "--ca", self.root / "ca", "--out", folder)
        for suffix in ("crt", "key"):
            if rename != name:
                (folder / f"{name}.{suffix}").rename(folder / f"{rename}.{suffix}")
        shutil.copy(self.root / "ca" / "ca.crt", folder / "ca.crt")

    # Talking to it

    def run(self, program, *arguments, check=True, **options):
        ended = subprocess.run([PROGRAMS / program, *map(str, arguments)], capture_output=True, text=True,
                               env=os.environ | {"TIJORI_ROOT": str(self.root)}, timeout=600, **options)
        if check and ended.returncode != 0:
            raise AssertionError(f"{program} {' '.join(map(str, arguments))}: {ended.returncode}\n"
                                 f"{ended.stdout}{ended.stderr}")
        return ended

    def cli(self, *arguments, profile="client", check=True, **options):
        return self.run("tijori", "--profile", self.root / profile, *arguments, check=check, **options)

    def context(self, profile="client"):
        context = ssl.create_default_context(cafile=self.root / profile / "ca.crt")
        context.load_cert_chain(self.root / profile / "client.crt", self.root / profile / "client.key")
        return context

    def socket(self, name="api"):
        return self.root / "run" / f"{name}.sock"

    def connection(self, profile="client", name="api", timeout=120):
        return UnixTlsConnection(self.socket(name), self.context(profile), timeout)

    def request(self, method, path, body=None, profile="client", name="api"):
        connection = self.connection(profile, name)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {"content-type": "application/json"})
            response = connection.getresponse()
            text = response.read().decode()
            return response.status, json.loads(text) if text else None, dict(response.getheaders())
        finally:
            connection.close()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, body, **options):
        return self.request("POST", path, body, **options)

    def chat(self, question, **fields):
        return self.post("/v1/chat/completions",
                         {"messages": [{"role": "user", "content": question}], "temperature": 0} | fields)

    def stream(self, question, **fields):
        connection = self.connection()
        connection.request("POST", "/v1/chat/completions",
                           json.dumps({"messages": [{"role": "user", "content": question}], "temperature": 0,
                                       "stream": True} | fields), {"content-type": "application/json"})
        response = connection.getresponse()
        assert response.status == 200, (response.status, response.read())
        return Stream(connection, response)

    # The log

    def records(self, **wanted):
        options = [text for name, value in wanted.items() for text in (f"--{name}", str(value))]
        listed = self.cli("audit", "list", "--limit", "1000", "--json", *options, profile="admin")
        return json.loads(listed.stdout)["records"]

    def outcome_of(self, request_id):
        """The two records of a request: (received, released), None for one that is absent."""
        found = {record["event"]: record for record in self.records(request=request_id)}
        return found.get("inference.received"), found.get("inference.released")

    def verify_export(self):
        """Exports and checks with the auditor's program, trusting the key as it is now. Returns its report."""
        trust = self.root / "trust"
        trust.write_text(self.cli("audit", "trust", profile="admin").stdout)
        export = self.root / "log.export"
        self.cli("audit", "export", export, profile="admin")
        ended = self.run("tijori-audit-verify", export, "--trust", trust, "--json", check=False)
        return ended.returncode, json.loads(ended.stdout)


LONG = "Write a long story about a lighthouse keeper and the sea, with many chapters."

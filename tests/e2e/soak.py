#!/usr/bin/env python3
"""soak.py: 50 clients at once for two minutes, some vanishing in the middle; then 10,000 bad handshakes.

Every request must end with both records, nothing may be wrong with the log, a sanitizer must stay silent, and the bad
handshakes must grow the log by less than 100 kB. SOAK_SECONDS, SOAK_CLIENTS and SOAK_HANDSHAKES change the amounts.
"""
import os
import pathlib
import random
import socket
import ssl
import sys
import threading
import time

from appliance import Appliance, wait_until

SECONDS = int(os.environ.get("SOAK_SECONDS", "120"))
CLIENTS = int(os.environ.get("SOAK_CLIENTS", "50"))
HANDSHAKES = int(os.environ.get("SOAK_HANDSHAKES", "10000"))
MAX_GROWTH_BYTES = 100_000
QUESTIONS = ["Hello", "Name three fruits.", "What is the capital of India?", "Tell me about the sea."]
SANITIZER_WORDS = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "runtime error:")


class Counts:
    def __init__(self):
        self.lock = threading.Lock()
        self.answered = self.vanished = self.busy = 0
        self.faults = []

    def add(self, name):
        with self.lock:
            setattr(self, name, getattr(self, name) + 1)

    def fault(self, text):
        with self.lock:
            self.faults.append(text)


def ask(box, dice, counts):
    question, tokens = dice.choice(QUESTIONS), dice.randint(1, 24)
    if dice.random() < 0.5:
        status, body, _ = box.chat(question, max_tokens=tokens)
        if status == 200:
            counts.add("answered")
        elif status in (429, 503):
            counts.add("busy")
            time.sleep(dice.random())
        else:
            counts.fault(f"{status}: {body}")
        return
    connection = box.connection()
    connection.request("POST", "/v1/chat/completions",
                       '{"messages":[{"role":"user","content":"%s"}],"max_tokens":%d,"stream":true}' % (question, tokens),
                       {"content-type": "application/json"})
    response = connection.getresponse()
    if response.status in (429, 503):
        counts.add("busy")
        connection.close()
        time.sleep(dice.random())
        return
    if response.status != 200:
        counts.fault(f"{response.status}: {response.read()}")
    elif dice.random() < 0.4:
        response.readline()
        counts.add("vanished")
    elif b"data: [DONE]" in response.read():
        counts.add("answered")
    else:
        counts.fault("a stream ended without [DONE]")
    response.close()
    connection.close()


def client(box, seed, end, counts):
    dice = random.Random(seed)
    while time.monotonic() < end:
        try:
            ask(box, dice, counts)
        except Exception as error:  # whatever it is, the soak has failed
            counts.fault(f"{type(error).__name__}: {error}")
            return


def soak(box):
    counts = Counts()
    end = time.monotonic() + SECONDS
    threads = [threading.Thread(target=client, args=(box, seed, end, counts)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{CLIENTS} clients, {SECONDS} s: {counts.answered} answered, {counts.vanished} vanished, "
          f"{counts.busy} told to come again")
    assert not counts.faults, counts.faults[:5]
    assert counts.answered > CLIENTS and counts.vanished > 0, "too few requests to say anything"


def bad_handshake(box, context):
    raw = socket.socket(socket.AF_UNIX)
    try:
        raw.settimeout(30)
        raw.connect(str(box.socket()))
        with context.wrap_socket(raw, server_hostname="localhost") as connection:
            connection.recv(1)
        return False
    except (OSError, ssl.SSLError):
        return True
    finally:
        raw.close()


def log_bytes(box):
    return sum(path.stat().st_size for path in (box.root / "audit").rglob("*")
               if path.is_file() and "ballast" not in path.name)


def bad_handshakes(box):
    context = ssl.create_default_context(cafile=box.root / "client" / "ca.crt")  # no certificate of ours
    before, records_before = log_bytes(box), len(box.records(event="connection.refused"))
    refused = sum(bad_handshake(box, context) for _ in range(HANDSHAKES))
    assert refused == HANDSHAKES, f"{HANDSHAKES - refused} of {HANDSHAKES} handshakes were let in"
    wait_until(lambda: len(box.records(event="connection.refused")) > records_before, 20, "the refusal is recorded")
    records = len(box.records(event="connection.refused")) - records_before
    growth = log_bytes(box) - before
    print(f"{HANDSHAKES} bad handshakes: {records} records, the log grew by {growth} bytes")
    assert growth < MAX_GROWTH_BYTES, growth


def main():
    # All are one client to the register, so its own limit must not be what they meet.
    with Appliance(config="[limits]\nmax_requests = 90\nmax_requests_per_client = 90\n") as box:
        soak(box)
        bad_handshakes(box)
        assert box.stop() == 0, "the daemon did not stop cleanly"
        box.start()
        code, report = box.verify_export()
        assert code == 0, report
        assert report["requests_received"] == report["requests_released"], report
        assert report["requests_unfinished"] == 0, report
        print(f"{report['requests_received']} requests received, as many released; log {report['verdict']}")
        box.stop()
        told = [line for line in pathlib.Path(box.log_path).read_text(errors="replace").splitlines()
                if any(word in line for word in SANITIZER_WORDS)]
        assert not told, told[:10]


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    main()

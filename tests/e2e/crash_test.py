"""What happens when a process dies, is told to stop, or a client loses its right, in the middle of an answer."""
import json
import os
import signal
import threading
import time
import unittest

from appliance import LONG, PATIENCE, Appliance, main, wait_until


def first(stream, count=3):
    """Reads the first deltas and leaves the stream open."""
    deltas = stream.deltas()
    text = [next(deltas) for _ in range(count)]
    return deltas, text


class Crashes(unittest.TestCase):
    def setUp(self):
        self.box = self.enterContext(Appliance())

    def released(self, request_id):
        return wait_until(lambda: self.box.outcome_of(request_id)[1], 20, "the request has its second record")

    def test_a_killed_engine_is_a_clear_error_a_record_and_back_again(self):
        box = self.box
        stream = box.stream(LONG, max_tokens=4000)
        request_id = stream.response.getheader("x-request-id")
        deltas, _ = first(stream)
        os.kill(box.pid_of("tijori-engine"), signal.SIGKILL)
        list(deltas)
        self.assertFalse(stream.done)
        self.assertEqual(stream.error["code"], "engine_crashed")
        self.assertEqual(self.released(request_id)["outcome"], "failed")
        crashed = wait_until(lambda: box.records(event="engine.crashed"), 20, "the crash is recorded")
        self.assertEqual(crashed[0]["detail"]["signal"], signal.SIGKILL)
        wait_until(lambda: box.health() == "ready", 60, "the engine is back")
        status, _, _ = box.chat("Hello", max_tokens=4)
        self.assertEqual(status, 200)

    def test_a_stopped_engine_is_noticed_and_named(self):
        box = self.box
        engine = box.pid_of("tijori-engine")
        os.kill(engine, signal.SIGSTOP)
        try:
            wait_until(lambda: box.health() == "degraded", 10, "the stopped engine is noticed")
            state = json.loads(box.cli("status", "--json", profile="admin").stdout)
            status, body, _ = box.post("/v1/tokenize", {"text": "Hello"})
        finally:
            os.kill(engine, signal.SIGCONT)
        self.assertEqual(state["conditions"][0]["code"], "engine-unresponsive")
        self.assertEqual(status, 504, body)
        for said in (state["conditions"][0]["message"], body["error"]["message"]):
            self.assertIn("demo", said)
            self.assertIn(str(engine), said)
        wait_until(lambda: box.health() == "ready", 10, "it answers again")

    def test_nothing_is_answered_without_the_log_and_nothing_lost(self):
        box = self.box
        for _ in range(3):
            self.assertEqual(box.chat("Hello", max_tokens=2)[0], 200)
        stream = box.stream(LONG, max_tokens=4000)
        request_id = stream.response.getheader("x-request-id")
        deltas, _ = first(stream)
        before = {record["seq"]: record["leaf"] for record in box.records()}
        os.kill(box.pid_of("tijori-audit"), signal.SIGKILL)
        list(deltas)
        self.assertFalse(stream.done, "an answer ended although its second record could not be written")
        wait_until(lambda: box.health() == "ready", 60, "the log is back")
        after = {record["seq"]: record["leaf"] for record in box.records()}
        self.assertEqual({seq: after.get(seq) for seq in before}, before)
        self.assertIn(self.released(request_id)["outcome"], ("aborted", "failed"))
        self.assertEqual(box.chat("Hello", max_tokens=2)[0], 200)
        code, report = box.verify_export()
        self.assertEqual((code, report["requests_unfinished"]), (0, 0), report)

    def test_requests_are_refused_while_the_log_is_stopped(self):
        box = self.box
        audit = box.pid_of("tijori-audit")
        os.kill(audit, signal.SIGSTOP)
        try:
            status, body, headers = box.chat("Hello", max_tokens=2)
        finally:
            os.kill(audit, signal.SIGCONT)
        self.assertEqual((status, body["error"]["code"]), (503, "audit_unavailable"))
        self.assertIn("retry-after", {name.lower() for name in headers})
        wait_until(lambda: box.chat("Hello", max_tokens=2)[0] == 200, 30, "answers again")

    def test_sigterm_lets_an_answer_finish(self):
        box = self.box
        stream = box.stream(LONG, max_tokens=150)
        deltas, text = first(stream)
        box.daemon.send_signal(signal.SIGTERM)
        text += list(deltas)
        self.assertTrue(stream.done)
        self.assertEqual(box.daemon.wait(30 * PATIENCE), 0)
        box.start()
        events = [record["event"] for record in box.records()]
        self.assertIn("daemon.stopped", events)
        self.assertEqual(events.count("inference.received"), events.count("inference.released"))

    def test_after_kill_9_of_the_daemon_open_requests_are_aborted(self):
        box = self.box
        stream = box.stream(LONG, max_tokens=4000)
        request_id = stream.response.getheader("x-request-id")
        first(stream)
        box.stop(signal.SIGKILL)
        time.sleep(1)
        box.start()
        self.assertEqual(self.released(request_id)["outcome"], "aborted")
        self.assertEqual(box.chat("Hello", max_tokens=2)[0], 200)
        code, report = box.verify_export()
        self.assertEqual((code, report["requests_unfinished"]), (0, 0), report)

    def test_an_emptied_audit_folder_is_not_taken_for_the_log(self):
        box = self.box
        self.assertEqual(box.chat("Hello", max_tokens=2)[0], 200)
        old = box.records()[0]
        self.assertEqual(box.stop(), 0)
        audit, aside = box.root / "audit", box.root / "aside"
        audit.rename(aside)
        box.start(wait_for="blocked")
        status, body, _ = box.chat("Hello", max_tokens=2)
        self.assertEqual((status, body["error"]["code"]), (503, "audit_unavailable"))
        state = json.loads(box.cli("status", "--json", profile="admin").stdout)
        replaced = [condition for condition in state["conditions"] if condition["code"] == "log-replaced"]
        self.assertIn("accept-log", replaced[0]["message"])
        self.assertEqual(box.stop(), 0)
        audit.rename(box.root / "emptied")
        aside.rename(audit)
        box.start()
        self.assertEqual(box.chat("Hello", max_tokens=2)[0], 200)
        self.assertIn(old["leaf"], [record["leaf"] for record in box.records()])

        self.assertEqual(box.stop(), 0)
        audit.rename(aside)
        box.run("tijorid", "--root", box.root, "accept-log")
        box.start()
        self.assertEqual(box.chat("Hello", max_tokens=2)[0], 200)
        accepted = next(record for record in box.records(event="admin.changed")
                        if record["detail"]["verb"] == "log-accept")
        self.assertEqual(accepted["detail"]["before"][:32], accepted["object"])
        self.assertGreater(int(accepted["detail"]["before"][32:], 16), old["seq"])
        self.assertEqual(box.verify_export()[0], 0)

    def test_a_client_that_goes_away_stops_its_answer(self):
        box = self.box
        stream = box.stream(LONG, max_tokens=4000)
        request_id = stream.response.getheader("x-request-id")
        first(stream)
        stream.close()
        stream.response.close()
        released = self.released(request_id)
        self.assertEqual((released["outcome"], released["detail"]["code"]), ("aborted", "client_gone"))
        self.assertLess(released["detail"]["completion_tokens"], 3000)

    def test_revocation_cuts_an_open_stream_within_a_second(self):
        box = self.box
        stream = box.stream(LONG, max_tokens=4000)
        request_id = stream.response.getheader("x-request-id")
        first(stream)
        ended = []

        def read_on():
            try:
                for raw in stream.response:
                    pass
            except OSError:
                pass
            ended.append(time.monotonic())

        reader = threading.Thread(target=read_on)
        reader.start()
        box.cli("clients", "revoke", "front-desk", "--reason", "test", profile="admin")
        revoked = time.monotonic()
        reader.join(30)
        self.assertTrue(ended)
        self.assertLess(ended[0] - revoked, 1.0 * PATIENCE)
        self.assertEqual(self.released(request_id)["outcome"], "aborted")


if __name__ == "__main__":
    main()

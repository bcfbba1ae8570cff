"""Models come and go while the appliance runs: planned in numbers, loaded beside each other, refused when they don't fit,
cancelled, unloaded with requests under way, and there again after a crash."""
import json
import os
import signal
import unittest

from appliance import LONG, Appliance, main, model_or_skip, wait_until


def models(box):
    return {model["alias"]: model for model in json.loads(box.cli("models", "--json", profile="admin").stdout)["models"]}


def state(box, alias):
    return models(box)[alias]["state"]


def changes(box):
    return [(record["detail"]["verb"], record["outcome"], record["detail"].get("code", ""))
            for record in box.records(event="admin.changed") if record["detail"]["verb"].startswith("model-")][::-1]


class Models(unittest.TestCase):
    def setUp(self):
        self.box = self.enterContext(Appliance("[engine]\nmax_sequences = 2\n"))

    def admin(self, verb, body, alias="demo"):
        return self.box.post(f"/admin/v1/models/{alias}/{verb}", body, profile="admin", name="admin")

    def experts(self, alias):
        return self.box.get(f"/admin/v1/models/{alias}/experts", profile="admin", name="admin")[1]

    def add_with_experts(self, alias):
        file = self.box.root / "experts.gguf"
        self.box.run("tijori-engine", "make-demo", model_or_skip(), file)
        self.box.run("tijori", "models", "add", file, "--name", alias)
        file.unlink()

    def test_a_plan_says_in_numbers_what_a_load_takes(self):
        status, plan, _ = self.admin("plan", {"context_tokens": 1024, "max_sequences": 2})
        self.assertEqual(status, 200)
        self.assertTrue(plan["fits"])
        status, twice, _ = self.admin("plan", {"context_tokens": 1024, "max_sequences": 4})
        self.assertEqual(twice["kv_bytes"], 2 * plan["kv_bytes"])
        status, huge, _ = self.admin("plan", {"max_sequences": 1024})
        self.assertFalse(huge["fits"])
        needed = huge["weights_bytes"] + huge["kv_bytes"] + huge["workspace_bytes"]
        self.assertGreater(needed, huge["free_bytes"])
        self.assertLess(huge["fitting"]["max_sequences"], 1024)
        loaded = models(self.box)["demo"]
        self.assertEqual(loaded["weights_bytes"], huge["weights_bytes"])

    def test_what_does_not_fit_is_refused_with_the_numbers_and_nothing_changes(self):
        self.box.cli("models", "unload", "demo", profile="admin")
        status, body, _ = self.admin("load", {"max_sequences": 1024})
        self.assertEqual((status, body["error"]["code"]), (409, "does_not_fit"))
        self.assertRegex(body["error"]["message"], r"needs [\d.]+ GiB .* [\d.]+ GiB are free")
        self.assertEqual(state(self.box, "demo"), "allowed")
        self.assertIsNone(self.box.pid_of("tijori-engine"))
        status, body, _ = self.box.chat("Hello", model="demo", max_tokens=4)
        self.assertEqual((status, body["error"]["code"]), (503, "model_not_loaded"))
        status, body, _ = self.admin("load", {}, alias="other")
        self.assertEqual((status, body["error"]["code"]), (404, "model_not_found"))
        self.assertEqual(changes(self.box), [("model-unload", "ok", ""), ("model-load", "refused", "does_not_fit"),
                                             ("model-load", "refused", "model_not_found")])

    def test_a_second_model_is_served_beside_the_first(self):
        self.add_with_experts("second")
        self.assertEqual(state(self.box, "second"), "allowed")
        self.box.cli("models", "load", "second", "--context", "512", "--sequences", "1", profile="admin")
        self.assertEqual(models(self.box)["second"]["context_tokens"], 512)
        for alias in ("demo", "second"):
            status, answer, _ = self.box.chat("What is the capital of India?", model=alias, max_tokens=16)
            self.assertEqual(status, 200)
            self.assertIn("New Delhi", answer["choices"][0]["message"]["content"])
        status, body, _ = self.admin("load", {}, alias="second")
        self.assertEqual((status, body["error"]["code"]), (409, "already_loaded"))
        # Whether a GPU computes, and if not why, is never left open.
        for model in models(self.box).values():
            self.assertRegex(model["gpu"], "^(no )?GPU: .")
            self.assertIn(f"\n            {model['gpu']}\n", self.box.cli("status", profile="admin").stdout)

    def test_running_requests_may_end_before_their_model_goes(self):
        stream = self.box.stream(LONG, max_tokens=200)
        pieces = stream.deltas()
        next(pieces)
        status, model, _ = self.admin("unload", {"drain_s": 60})
        self.assertEqual((status, model["state"]), (202, "unloading"))
        status, body, _ = self.box.chat("Hello", max_tokens=4)
        self.assertEqual(status, 503)
        self.assertGreater(len(list(pieces)), 50)
        self.assertTrue(stream.done)
        wait_until(lambda: state(self.box, "demo") == "allowed", 30, "the model is unloaded")

    def test_without_time_to_drain_a_stream_ends_with_an_error_and_its_record(self):
        stream = self.box.stream(LONG, max_tokens=4000)
        pieces = stream.deltas()
        next(pieces)
        self.admin("unload", {"drain_s": 0})
        list(pieces)
        self.assertFalse(stream.done)
        self.assertIsNotNone(stream.error)
        wait_until(lambda: state(self.box, "demo") == "allowed", 30, "the model is unloaded")
        self.assertIsNone(self.box.pid_of("tijori-engine"))
        released = [record for record in self.box.records(event="inference.released")]
        self.assertEqual(released[0]["outcome"], "failed")

    def test_a_load_is_cancelled(self):
        self.box.cli("models", "unload", "demo", profile="admin")
        self.admin("load", {})
        status, _, _ = self.admin("unload", {})
        self.assertEqual(status, 202)
        wait_until(lambda: state(self.box, "demo") == "allowed", 30, "the load is cancelled")
        self.box.cli("models", "load", "demo", profile="admin")
        self.assertEqual(state(self.box, "demo"), "ready")

    def test_what_was_chosen_is_there_again_after_a_crash(self):
        self.box.cli("models", "unload", "demo", profile="admin")
        self.box.cli("models", "load", "demo", "--context", "1024", "--sequences", "1", profile="admin")
        self.box.stop(signal.SIGKILL)
        self.box.start()
        model = models(self.box)["demo"]
        self.assertEqual((model["context_tokens"], model["max_sequences"]), (1024, 1))
        self.box.cli("models", "unload", "demo", profile="admin")
        self.box.stop(signal.SIGKILL)
        self.box.start(wait_for="degraded")
        self.assertEqual(state(self.box, "demo"), "allowed")

    def test_experts_are_counted_exactly(self):
        self.assertEqual(self.experts("demo")["layers"], [])
        self.add_with_experts("second")
        self.box.cli("models", "load", "second", "--context", "512", profile="admin")
        before = self.experts("second")
        self.assertGreater(len(before["layers"]), 0)
        _, answer, _ = self.box.chat("Name three fruits.", model="second", max_tokens=20)
        usage = answer["usage"]
        after = self.experts("second")
        # The last token of an answer is never fed back.
        tokens = usage["prompt_tokens"] + usage["completion_tokens"] - 1
        for old, new in zip(before["layers"], after["layers"]):
            self.assertEqual(sum(new["counts"]) - sum(old["counts"]), tokens * after["experts_per_token"])

    def test_a_file_that_is_none_fails_with_its_reason_and_can_be_unloaded(self):
        bad = self.box.root / "bad.gguf"
        bad.write_bytes(b"GGUF" + os.urandom(4096))
        self.box.run("tijori", "models", "add", bad, "--name", "bad", check=False)
        if "bad" not in models(self.box):
            return  # not even let in
        status, body, _ = self.admin("load", {}, alias="bad")
        self.assertGreaterEqual(status, 400)
        self.assertIn("bad.gguf", body["error"]["message"])


if __name__ == "__main__":
    main()

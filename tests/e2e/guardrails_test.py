"""Guardrails as operators and developers meet them: the shipped policy, a policy's way into force with two persons, and
what becomes of it when the daemon dies."""
import json
import random
import signal
import subprocess
import threading
import time
import unittest

from appliance import Appliance, main

CAPITAL = "What is the capital of India?"
REFRAIN = "New Delhi, Mumbai, New Delhi, Mumbai, New Delhi, Mumbai,"  # any model goes on with it


def verhoeff_digit(digits):
    """The check digit of the dihedral group of order ten."""
    def product(a, b):
        if a < 5:
            return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
        return 5 + (a - b) % 5 if b < 5 else (a - b) % 5

    power = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    while len(power) < 8:
        power.append([power[1][d] for d in power[-1]])
    check = 0
    for place, digit in enumerate(reversed(digits), 1):
        check = product(check, power[place % 8][int(digit)])
    return str(next(d for d in range(10) if product(check, d) == 0))


def aadhaar(seed):
    """A number of the form, of UIDAI's own test range; made here, so that none stands in the tree."""
    digits = "9999" + "".join(random.Random(seed).choices("0123456789", k=7))
    return digits + verhoeff_digit(digits)


def policy(action, version=1, **rule):
    return json.dumps({
        "format": "tijori-policy-1", "name": "front-desk", "version": version,
        "message": {"en": "This can't be shown.", "hi": "यह दिखाया नहीं जा सकता।"},
        "rules": [{"id": "no-capital", "detector": {"type": "literals", "label": "CITY", "literals": ["New Delhi"]},
                   "stages": ["output_stream"], "action": action} | rule],
        "cases": [{"id": "names-it", "text": "The capital is new delhi.", "stage": "output_stream",
                   "expect": "mask" if action == "mask" else "block", "labels": ["CITY"]},
                  {"id": "another-city", "text": "The capital is Paris.", "stage": "output_stream",
                   "expect": "pass"}]}, ensure_ascii=False)


class GuardedAppliance(Appliance):
    """With two guardrail editors: `author` writes, `reviewer` approves."""

    def __enter__(self):
        super().__enter__()
        for name, profile in (("policy-desk", "author"), ("risk-office", "reviewer")):
            self.issue(name, profile, "--role", "guardrail-editor")
            self.cli("clients", "add", self.root / profile / "client.crt", profile="admin")
        return self

    def guardrails(self, *arguments, profile="author", **options):
        return self.cli("guardrails", *arguments, profile=profile, **options)

    def listed(self):
        return json.loads(self.guardrails("list", "--json").stdout)

    def active(self):
        return self.listed()["active"]["digest"]

    def save(self, document):
        file = self.root / "policy.json"
        file.write_text(document)
        return json.loads(self.guardrails("save", file, "--json").stdout)["summary"]["digest"]

    def put_in_force(self, document):
        digest = self.save(document)
        self.guardrails("approve", digest, profile="reviewer")
        self.guardrails("activate", digest)
        return digest

    def decisions(self, request_id):
        return [record for record in self.records(request=request_id) if record["event"] == "guardrail.decided"]

    def holds_anywhere(self, text):
        """Whether the log, its export or the daemon's own lines hold these bytes."""
        export = self.root / "everything.export"
        self.cli("audit", "export", export, profile="admin")
        files = [export, self.log_path, *(self.root / "audit").rglob("*"), *(self.root / "state").rglob("*")]
        return [file for file in files if file.is_file() and text.encode() in file.read_bytes()]


class ShippedPolicy(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = cls.enterClassContext(GuardedAppliance())

    def test_is_active_from_the_first_start_and_passes_its_own_cases(self):
        listed = self.box.listed()
        self.assertEqual((listed["state"], listed["active"]["author"], listed["approvals"]), ("ok", "tijori", 2))
        checked = json.loads(self.box.guardrails("check", "--json").stdout)
        self.assertTrue(checked["passed"])
        self.assertGreater(checked["cases"], 0)
        self.assertEqual(self.box.guardrails("show", "active", "--document").stdout,
                         self.box.guardrails("show", "default", "--document").stdout)

    def test_an_aadhaar_in_a_request_never_reaches_the_model_or_the_log(self):
        number = aadhaar(1)
        spaced = f"{number[:4]} {number[4:8]} {number[8:]}"
        before = "My Aadhaar number is "
        status, answer, headers = self.box.chat(f"{before}{spaced}. {CAPITAL}", max_tokens=24)
        self.assertEqual(status, 200, answer)
        # The model saw what it sees when the mask itself is sent.
        _, same, _ = self.box.chat(f"{before}[AADHAAR#1]. {CAPITAL}", max_tokens=24)
        self.assertEqual(answer["usage"], same["usage"])
        self.assertEqual(answer["choices"][0]["message"], same["choices"][0]["message"])

        decided = self.box.decisions(headers["x-request-id"])
        first = decided[-1]
        self.assertEqual((first["outcome"], first["object"]), ("ok", self.box.active()))
        self.assertEqual((first["detail"]["stage"], first["detail"]["action"]), ("request_text", "mask"))
        found = [each for each in first["detail"]["decisions"] if each["label"] == "aadhaar"]
        start = len(before.encode())
        self.assertEqual([(each["action"], each["part"], each["begin"], each["end"]) for each in found],
                         [("mask", 0, start, start + len(spaced))])
        self.assertTrue(found[0]["rule"])
        told = self.box.cli("audit", "show", first["seq"], profile="admin").stdout
        self.assertIn(f"bytes {start} to {start + len(spaced)}", told)
        for form in (number, spaced):
            self.assertNotIn(form, told + json.dumps(decided))
            self.assertEqual(self.box.holds_anywhere(form), [])
        received, released = self.box.outcome_of(headers["x-request-id"])
        self.assertLess(received["seq"], first["seq"])
        self.assertLess(decided[0]["seq"], released["seq"])
        self.assertEqual(released["detail"]["policy"], self.box.active())

    def test_a_private_key_is_refused_in_the_language_of_the_request(self):
        key = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True, text=True,
                             check=True).stdout
        for text, is_hindi in (("Please keep this key for me:\n", False), ("कृपया यह कुंजी याद रखिए:\n", True)):
            status, answer, headers = self.box.chat(text + key, max_tokens=8)
            self.assertEqual(status, 400, answer)
            error = answer["error"]
            self.assertEqual((error["code"], error["type"]), ("content_filter", "guardrail_error"))
            self.assertEqual(error["param"], "messages[0].content")
            self.assertTrue(error["rule"])
            span = next(span for span in error["spans"] if span["type"] == "PRIVATE_KEY")
            self.assertEqual((span["message"], span["start"], span["start_byte"]), (0, len(text), len(text.encode())))
            self.assertEqual(any("\u0900" <= c <= "\u097f" for c in error["message"]), is_hindi, error["message"])
            _, released = self.box.outcome_of(headers["x-request-id"])
            self.assertEqual(released["outcome"], "blocked")
            self.assertNotIn(key.splitlines()[1], json.dumps(answer))
        self.assertEqual(self.box.holds_anywhere(key.splitlines()[1]), [])

    def test_plain_questions_pass_untouched(self):
        status, answer, headers = self.box.chat(CAPITAL, max_tokens=24)
        self.assertEqual(status, 200)
        self.assertIn("New Delhi", answer["choices"][0]["message"]["content"])
        self.assertEqual(self.box.decisions(headers["x-request-id"]), [])

    def test_hits_are_counted_by_rule(self):
        self.box.chat(f"My Aadhaar number is {aadhaar(2)}.", max_tokens=1)
        hits = json.loads(self.box.guardrails("hits", "--json").stdout)["hits"]
        self.assertTrue(any(each["mask"] > 0 for each in hits), hits)
        self.assertIn("MASK", self.box.guardrails("hits").stdout)


class LifeCycle(unittest.TestCase):
    def setUp(self):
        self.box = self.enterContext(GuardedAppliance())
        self.shipped = self.box.active()

    def refused(self, *arguments, profile="author"):
        ended = self.box.guardrails(*arguments, profile=profile, check=False)
        self.assertNotEqual(ended.returncode, 0, ended.stdout)
        return ended.returncode, ended.stderr

    def test_from_draft_to_force_and_back(self):
        box = self.box
        file = box.root / "draft.json"
        file.write_text(policy("mask"))
        self.assertEqual(box.guardrails("lint", file).returncode, 0)
        file.write_text(policy("mask", stages=["image"]))
        ended = box.guardrails("lint", file, check=False)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("rules[0].stages[0]", ended.stdout)
        code, error = self.refused("save", file)
        self.assertEqual(code, 1)
        self.assertIn("rules[0].stages[0]", error)

        file.write_text(policy("mask"))
        digest = json.loads(box.guardrails("save", file, "--json").stdout)["summary"]["digest"]
        self.assertEqual(box.active(), self.shipped, "a draft changes nothing")
        texts = "".join(json.dumps({"id": i, "text": text}) + "\n"
                        for i, text in enumerate(("It is New Delhi.", "It is Paris.")))
        bench = box.guardrails("bench", "--a", "active", "--b", digest[:8], "--stage", "output_stream", "--json",
                               input=texts)
        pairs = json.loads(bench.stdout)["texts"]
        self.assertEqual([(pair["a"]["verdict"], pair["b"]["verdict"], pair["differs"]) for pair in pairs],
                         [("allow", "mask", True), ("allow", "allow", False)])
        self.assertEqual([(span["label"], span["start"], span["end"]) for span in pairs[0]["b"]["spans"]],
                         [("CITY", 6, 15)])
        self.assertIn("1 judged differently",
                      box.guardrails("bench", "--a", "active", "--b", file, "--stage", "output_stream",
                                     input=texts).stdout)

        _, error = self.refused("activate", digest[:8])
        self.assertIn("approv", error)
        _, error = self.refused("approve", digest[:8])
        self.assertEqual(box.active(), self.shipped)
        code, _ = self.refused("approve", digest, profile="admin")
        self.assertEqual(code, 4, "an operator is no guardrail editor")
        box.guardrails("approve", digest[:8], profile="reviewer")
        box.guardrails("activate", digest[:8])
        self.assertEqual(box.active(), digest)

        status, answer, headers = box.chat(CAPITAL, max_tokens=24)
        self.assertEqual(status, 200)
        self.assertIn("[CITY#1]", answer["choices"][0]["message"]["content"])
        self.assertNotIn("Delhi", answer["choices"][0]["message"]["content"])
        self.assertEqual(answer["choices"][0]["finish_reason"], "stop")
        decided, = box.decisions(headers["x-request-id"])
        self.assertEqual([(each["rule"], each["action"]) for each in decided["detail"]["decisions"]],
                         [("no-capital", "mask")])
        self.assertEqual("".join(box.stream(CAPITAL, max_tokens=24).deltas()),
                         answer["choices"][0]["message"]["content"])

        box.guardrails("rollback")
        self.assertEqual(box.active(), self.shipped)
        self.assertIn("New Delhi", box.chat(CAPITAL, max_tokens=24)[1]["choices"][0]["message"]["content"])
        self.assertEqual(box.verify_export()[0], 0)

    def test_a_block_ends_the_answer_of_every_dialect_with_the_message(self):
        box = self.box
        box.put_in_force(policy("block"))
        status, answer, _ = box.chat(CAPITAL, max_tokens=24)
        choice = answer["choices"][0]
        self.assertEqual((status, choice["finish_reason"]), (200, "content_filter"))
        self.assertTrue(choice["message"]["content"].endswith("This can't be shown."), choice)
        self.assertNotIn("Delhi", choice["message"]["content"])

        chunks = list(box.stream(CAPITAL, max_tokens=24, stream_options={"include_usage": True}))
        text = "".join(each["delta"].get("content") or "" for chunk in chunks for each in chunk["choices"])
        self.assertEqual(text, choice["message"]["content"])
        reasons = [each["finish_reason"] for chunk in chunks for each in chunk["choices"]]
        self.assertEqual([reason for reason in reasons if reason], ["content_filter"])
        self.assertGreater(chunks[-1]["usage"]["completion_tokens"], 0)

        status, answer, headers = box.post("/v1/completions", {"prompt": REFRAIN, "temperature": 0, "max_tokens": 16})
        self.assertEqual((status, answer["choices"][0]["finish_reason"]), (200, "content_filter"), answer)
        self.assertNotIn("Delhi", answer["choices"][0]["text"])
        _, released = box.outcome_of(headers["x-request-id"])
        self.assertEqual((released["outcome"], released["detail"]["code"]), ("blocked", "content_filter"))
        decided, = box.decisions(headers["x-request-id"])
        self.assertEqual((decided["outcome"], decided["detail"]["stage"]), ("blocked", "output_stream"))

    def test_a_policy_whose_own_cases_fail_stays_out(self):
        wrong = json.loads(policy("mask"))
        wrong["cases"][1]["expect"] = "block"
        digest = self.box.save(json.dumps(wrong))
        self.box.guardrails("approve", digest, profile="reviewer")
        checked = self.box.guardrails("check", digest, check=False)
        self.assertEqual(checked.returncode, 1)
        self.assertIn("another-city", checked.stdout)
        _, error = self.refused("activate", digest)
        self.assertIn("another-city", error)
        self.assertEqual(self.box.active(), self.shipped)

    def test_a_digest_needs_enough_digits(self):
        for wanted in ("abc", "no-such", "0123456789abcdef" * 4):
            code, error = self.refused("show", wanted)
            self.assertEqual(code, 1)
            self.assertIn("guardrails list", error)

    def test_killed_around_an_activation_it_comes_back_with_a_policy(self):
        box = self.box
        digests = [self.shipped, box.save(policy("mask"))]
        box.guardrails("approve", digests[1], profile="reviewer")
        for place, delay_s in enumerate((0.0, 0.01, 0.03, 0.06, 0.12, 0.25)):
            wanted = next(digest for digest in digests if digest != box.active())
            activation = threading.Thread(target=box.guardrails, args=("activate", wanted), kwargs={"check": False})
            activation.start()
            time.sleep(delay_s)
            box.stop(signal.SIGKILL)
            activation.join()
            box.start()
            listed = box.listed()
            self.assertEqual(listed["state"], "ok", place)
            self.assertIn(listed["active"]["digest"], digests, place)
            content = box.chat(CAPITAL, max_tokens=24)[1]["choices"][0]["message"]["content"]
            self.assertEqual("[CITY#1]" in content, listed["active"]["digest"] == digests[1], content)
        self.assertEqual(box.verify_export()[0], 0)


if __name__ == "__main__":
    main()

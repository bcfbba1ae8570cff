"""The official openai SDK, unchanged, over a Unix socket with a client certificate. Runs under the interpreter that
TIJORI_TEST_PYTHON names, which has the package `openai`; without it the tests skip."""
import os
import sys
import unittest

python = os.environ.get("TIJORI_TEST_PYTHON")
if python and os.path.realpath(sys.executable) != os.path.realpath(python) and os.path.exists(python):
    os.execv(python, [python, *sys.argv])
if python and sys.prefix == sys.base_prefix and os.path.exists(python):
    os.execv(python, [python, *sys.argv])
try:
    import openai
except ImportError:
    print("skipped: the Python package openai isn't there; tests/run.sh fetches it where PyPI can be reached")
    sys.exit(77)
try:
    import httpx2 as httpx  # what openai sits on since 3.0
except ImportError:
    import httpx

from appliance import LONG, Appliance, main
from guardrails_test import CAPITAL, REFRAIN, GuardedAppliance, policy


class Sdk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = cls.enterClassContext(Appliance())
        transport = httpx.HTTPTransport(uds=str(cls.box.socket()), verify=cls.box.context())
        cls.http = cls.enterClassContext(httpx.Client(transport=transport))
        cls.client = openai.OpenAI(base_url="https://localhost/v1", api_key="unused", http_client=cls.http,
                                   max_retries=0)

    def messages(self, text="What is the capital of India?"):
        return [{"role": "system", "content": "Answer in one sentence."}, {"role": "user", "content": text}]

    def test_lists_models(self):
        self.assertEqual([model.id for model in self.client.models.list()], ["demo"])
        self.assertEqual(self.client.models.retrieve("demo").id, "demo")

    def test_chats(self):
        answer = self.client.chat.completions.create(model="demo", messages=self.messages(), temperature=0,
                                                     max_tokens=40)
        self.assertIn("Delhi", answer.choices[0].message.content)
        self.assertEqual(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)

    def test_streams_with_usage(self):
        stream = self.client.chat.completions.create(model="demo", messages=self.messages(), temperature=0,
                                                     max_tokens=40, stream=True,
                                                     stream_options={"include_usage": True})
        chunks = list(stream)
        text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
        self.assertIn("Delhi", text)
        self.assertEqual([c.finish_reason for chunk in chunks for c in chunk.choices][-1], "stop")
        self.assertGreater(chunks[-1].usage.completion_tokens, 3)

    def test_leaves_a_stream_early(self):
        stream = self.client.chat.completions.create(model="demo", messages=self.messages(LONG), max_tokens=2000,
                                                     stream=True)
        with stream:
            next(iter(stream))
        self.test_chats()

    def test_completions(self):
        answer = self.client.completions.create(model="demo", prompt="The capital of France is", temperature=0,
                                                max_tokens=6)
        self.assertIn("Paris", answer.choices[0].text)

    def test_attribution_travels_in_the_fields_it_has(self):
        answer = self.client.chat.completions.with_raw_response.create(
            model="demo", messages=self.messages(), max_tokens=2, user="principal-1",
            metadata={"purpose": "help-desk", "basis": "use-a"})
        received, _ = self.box.outcome_of(answer.headers["x-request-id"])
        self.assertEqual((received["basis"], received["purpose"]), ("use-a", "unregistered"))
        self.assertEqual(len(received["subjects"]), 1)

    def test_errors_are_the_types_that_the_sdk_knows(self):
        with self.assertRaises(openai.NotFoundError):
            self.client.chat.completions.create(model="no-such-model", messages=self.messages())
        with self.assertRaises(openai.BadRequestError) as refused:
            self.client.chat.completions.create(model="demo", messages=self.messages(), n=2)
        self.assertEqual(refused.exception.param, "n")


class SdkUnderGuardrails(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = cls.enterClassContext(GuardedAppliance())
        transport = httpx.HTTPTransport(uds=str(cls.box.socket()), verify=cls.box.context())
        http = cls.enterClassContext(httpx.Client(transport=transport))
        cls.client = openai.OpenAI(base_url="https://localhost/v1", api_key="unused", http_client=http, max_retries=0)

    def chat(self, text=CAPITAL, **options):
        return self.client.chat.completions.create(model="demo", messages=[{"role": "user", "content": text}],
                                                   temperature=0, max_tokens=24, **options)

    def streamed(self):
        chunks = list(self.chat(stream=True, stream_options={"include_usage": True}))
        choices = [choice for chunk in chunks for choice in chunk.choices]
        return "".join(choice.delta.content or "" for choice in choices), choices[-1].finish_reason, chunks[-1].usage

    def test_masks_blocks_and_refuses(self):
        self.box.put_in_force(policy("mask"))
        masked = self.chat().choices[0]
        self.assertIn("[CITY#1]", masked.message.content)
        self.assertEqual(self.streamed()[:2], (masked.message.content, masked.finish_reason))

        self.box.put_in_force(policy("block"))
        answer = self.chat()
        blocked = answer.choices[0]
        self.assertEqual(blocked.finish_reason, "content_filter")
        self.assertTrue(blocked.message.content.endswith("This can't be shown."))
        text, reason, usage = self.streamed()
        self.assertEqual((text, reason), (blocked.message.content, "content_filter"))
        self.assertEqual(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)
        completed = self.client.completions.create(model="demo", prompt=REFRAIN, temperature=0, max_tokens=16)
        self.assertEqual(completed.choices[0].finish_reason, "content_filter")

        self.box.put_in_force(policy("block", version=2, stages=["request_text"]).replace("output_stream",
                                                                                          "request_text"))
        with self.assertRaises(openai.BadRequestError) as refused:
            self.chat("Tell me about New Delhi.")
        self.assertEqual((refused.exception.code, refused.exception.param), ("content_filter", "messages[0].content"))
        self.assertEqual(refused.exception.body["rule"], "no-capital")


if __name__ == "__main__":
    main()

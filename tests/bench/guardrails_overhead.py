#!/usr/bin/env python3
"""What the guardrails cost a request: time to the first text and tokens per second, with the shipped policy and with one
that has no rule, in alternating rounds through a whole appliance.

    TIJORI_BIN_DIR=build/release/bin TIJORI_DEMO_MODEL=build/demo/smollm2.gguf tests/bench/guardrails_overhead.py

The time to the first text contains all of it: judging the request, rendering and judging the prompt, and the word that is
held back until it can't become anything any more.
"""
import argparse
import json
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from appliance import Appliance, model_or_skip  # noqa: E402

NO_RULES = json.dumps({"format": "tijori-policy-1", "name": "no-rules", "version": 1,
                       "message": {"en": "This can't be shown."}, "rules": [], "cases": []})
PARAGRAPH = ("The branch in Pune opened a savings account for order 48213 on 3 March 2026, charged Rs 1,250.00 and sent "
             "invoice INV-2026-0093 by post; the customer asks when the refund of Rs 310 arrives. ")
PROMPTS = {"short": "Tell me a story about a lighthouse keeper.",
           "long": PARAGRAPH * 8 + "Summarise this in a few sentences."}


def measured(box, prompt, n_tokens):
    """Seconds to the first text, and tokens per second of the engine's own clock from there to the end."""
    began = time.monotonic()
    first = last = None
    usage = None
    stream = box.stream(prompt, max_tokens=n_tokens, stream_options={"include_usage": True})
    for chunk in stream:
        usage = chunk.get("usage") or usage
        if any(choice["delta"].get("content") for choice in chunk["choices"]):
            last = time.monotonic()
            first = first or last
    if not stream.done or first is None:
        raise SystemExit(f"no whole answer: {stream.error}")
    return first - began, (usage["completion_tokens"] - 1) / (last - first)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=4, help="in each round, of each policy and prompt")
    parser.add_argument("--tokens", type=int, default=128)
    options = parser.parse_args()
    model_or_skip()
    with Appliance(config="[guardrails]\napprovals = 1\n") as box:
        box.issue("policy-desk", "editor", "--role", "guardrail-editor")
        box.cli("clients", "add", box.root / "editor" / "client.crt", profile="admin")

        def guardrails(*arguments):
            return json.loads(box.cli("guardrails", *arguments, "--json", profile="editor").stdout)

        policies = {"rules": guardrails("list")["active"]["digest"]}
        (box.root / "policy.json").write_text(NO_RULES)
        policies["none"] = guardrails("save", box.root / "policy.json")["summary"]["digest"]
        found = {(policy, prompt): ([], []) for policy in policies for prompt in PROMPTS}
        for number in range(options.rounds + 1):
            for policy in ("none", "rules") if number % 2 == 0 else ("rules", "none"):
                if guardrails("list")["active"]["digest"] != policies[policy]:
                    box.cli("guardrails", "activate", policies[policy], profile="editor")
                for prompt, text in PROMPTS.items():
                    results = [measured(box, text, options.tokens) for _ in range(options.requests)]
                    if number == 0:
                        continue  # warms up
                    found[policy, prompt][0].append(statistics.median(one[0] for one in results))
                    found[policy, prompt][1].append(statistics.median(one[1] for one in results))
    print("| prompt | first text, no rules | shipped policy | added | tokens/s, no rules | shipped policy | less |")
    print("|---|---|---|---|---|---|---|")
    for prompt in PROMPTS:
        first = {policy: found[policy, prompt][0] for policy in policies}
        speed = {policy: found[policy, prompt][1] for policy in policies}
        added = statistics.median(b - a for a, b in zip(first["none"], first["rules"]))
        less = 1 - statistics.median(b / a for a, b in zip(speed["none"], speed["rules"]))
        print(f"| {prompt} | {statistics.median(first['none']) * 1e3:.1f} ms | "
              f"{statistics.median(first['rules']) * 1e3:.1f} ms | {added * 1e3:+.1f} ms | "
              f"{statistics.median(speed['none']):.0f} | {statistics.median(speed['rules']):.0f} | {less:.1%} |")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""peer_greedy.py MODEL.gguf OUT.json: greedy continuations by llama.cpp, the independent judge of the demo model.

Needs llama-cpp-python. For each prompt: the prompt's token ids, the 200 ids that follow (an end token does not stop it),
and at each step the gap between the two best logits, so that a different choice can be shown to be a near-tie.
"""
import json
import sys

import numpy as np
from llama_cpp import Llama

SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
QUESTIONS = ["What is the capital of India?", "Explain in a few sentences why banks keep an audit log.",
             "Write a short letter to a bank that asks for a new passbook."]
COUNT = 200


def render(question):
    return (f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n")


def main():
    model = Llama(sys.argv[1], n_ctx=1024, n_threads=2, logits_all=True, verbose=False, type_k=0, type_v=0)
    cases = []
    for question in QUESTIONS:
        prompt = model.tokenize(render(question).encode(), add_bos=False, special=True)
        model.reset()
        model.eval(prompt)
        ids, gaps = [], []
        for _ in range(COUNT):
            logits = np.array(model.scores[model.n_tokens - 1])
            second, first = np.argpartition(logits, -2)[-2:]
            if logits[second] > logits[first]:
                first, second = second, first
            ids.append(int(logits.argmax()))
            gaps.append(round(float(logits[first] - logits[second]), 4))
            model.eval([ids[-1]])
        cases.append({"question": question, "prompt": prompt, "ids": ids, "gaps": gaps})
        print(question, "->", model.detokenize(ids[:24]).decode(errors="replace"), file=sys.stderr)
    json.dump({"cases": cases}, open(sys.argv[2], "w"), separators=(",", ":"))


main()

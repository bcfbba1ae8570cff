#!/usr/bin/env python3
"""peer.py ENGINE MODEL.gguf [--rounds N] [--prompt N] [--generate N] [--threads N]: our speed as a ratio to llama.cpp's.

ENGINE is a built tijori-engine; the peer is llama-cpp-python's libllama, called without copying logits, with its default
F16 KV cache. Both run the same file in alternating rounds on the same machine, so that its noise hits both; the table
shows the median of the per-round ratios with the smallest and largest.
"""
import argparse
import ctypes
import json
import statistics
import subprocess
import time

import llama_cpp


def peer(model_path, prompt, generate, threads):
    params = llama_cpp.llama_model_default_params()
    model = llama_cpp.llama_model_load_from_file(model_path.encode(), params)
    options = llama_cpp.llama_context_default_params()
    options.n_ctx = prompt + generate + 64
    options.n_batch = options.n_ubatch = 512
    options.n_threads = options.n_threads_batch = threads
    context = llama_cpp.llama_init_from_model(model, options)

    def decode(ids):
        array = (llama_cpp.llama_token * len(ids))(*ids)
        status = llama_cpp.llama_decode(context, llama_cpp.llama_batch_get_one(array, len(ids)))
        assert status == 0, status

    ids = [100 + i % 400 for i in range(prompt)]
    decode(ids[:8])
    llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)
    start = time.perf_counter()
    for at in range(0, prompt, 512):
        decode(ids[at:at + 512])
    middle = time.perf_counter()
    for i in range(generate):
        decode([200 + i % 100])
    end = time.perf_counter()
    llama_cpp.llama_free(context)
    llama_cpp.llama_model_free(model)
    return prompt / (middle - start), generate / (end - middle)


def ours(engine, model_path, prompt, generate, threads):
    out = subprocess.run([engine, "bench", model_path, "--prompt", str(prompt), "--generate", str(generate),
                          "--threads", str(threads), "--kv", "f16", "--json"], check=True, capture_output=True, text=True)
    result = json.loads(out.stdout)
    return result["prefill_tokens_per_s"], result["decode_tokens_per_s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine")
    parser.add_argument("model")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--generate", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()

    @ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
    def quiet(_level, _text, _data):
        pass

    llama_cpp.llama_log_set(quiet, ctypes.c_void_p())
    rows = []
    for number in range(-1, args.rounds):
        a = ours(args.engine, args.model, args.prompt, args.generate, args.threads)
        b = peer(args.model, args.prompt, args.generate, args.threads)
        if number >= 0:  # the first round warms the page cache
            rows.append((*a, *b))
    print(f"{args.rounds} alternating rounds, {args.threads} threads, prompt {args.prompt}, generate {args.generate}, "
          f"llama-cpp-python {llama_cpp.__version__}")
    print("| phase | ours, tokens/s | peer, tokens/s | ratio (least .. most) |")
    print("|---|---|---|---|")
    for name, x, y in (("prefill", 0, 2), ("decode", 1, 3)):
        ratios = [row[x] / row[y] for row in rows]
        print(f"| {name} | {statistics.median(r[x] for r in rows):.0f} | {statistics.median(r[y] for r in rows):.0f} | "
              f"{statistics.median(ratios):.2f} ({min(ratios):.2f} .. {max(ratios):.2f}) |")


main()

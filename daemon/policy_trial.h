// A policy tried on texts without a request: its own regression pack, and two policies side by side. Any thread.
#pragma once

#include <chrono>
#include <memory>

#include "daemon/guardrails/compiled_policy.h"
#include "daemon/guardrails/regression_pack.h"
#include "protocol/guardrail_types.h"

namespace tijori {

// Runs every case as a request of nobody in particular; its language is the text's.
PackResult run_own_pack(const std::shared_ptr<const CompiledPolicy>& policy);

// What is still to do when the limit is over is answered with an error for each text.
BenchReply bench(const std::shared_ptr<const CompiledPolicy>& a, const std::shared_ptr<const CompiledPolicy>& b,
                 const BenchRequest& request, Stage stage, std::chrono::milliseconds limit);

}  // namespace tijori

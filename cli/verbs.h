// The verbs of `tijori`, one file each: every function adds its verb to the program and, when that is asked for, sets
// Context::verb. The context outlives the program object.
#pragma once

#include "cli/context.h"

namespace CLI {
class App;
}

namespace tijori {

void add_status(CLI::App& program, Context& context);
void add_doctor(CLI::App& program, Context& context);
void add_history(CLI::App& program, Context& context);
void add_chat(CLI::App& program, Context& context);
void add_models(CLI::App& program, Context& context);
void add_clients(CLI::App& program, Context& context);
void add_crl(CLI::App& program, Context& context);
void add_reload(CLI::App& program, Context& context);
void add_settings(CLI::App& program, Context& context);
void add_audit(CLI::App& program, Context& context);
void add_guardrails(CLI::App& program, Context& context);

// Of add_models and add_audit, in files of their own.
void add_model_adding(CLI::App& models, Context& context);
void add_model_loading(CLI::App& models, Context& context);
void add_model_showing(CLI::App& models, Context& context);
void add_audit_count(CLI::App& audit, Context& context);
void add_audit_verify(CLI::App& audit, Context& context);
void add_audit_compare(CLI::App& audit, Context& context);
void add_audit_export(CLI::App& audit, Context& context);
void add_audit_trust(CLI::App& audit, Context& context);

}  // namespace tijori

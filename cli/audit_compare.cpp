// tijori audit compare FILE: whether the log still is the one that a checkpoint kept from earlier promised.
#include <memory>

#include <CLI/CLI.hpp>

#include "audit/proof/continuity.h"
#include "cli/kept_checkpoint.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

AuditComparison altered(const Checkpoint& kept, int64_t size, std::string message) {
  return {"altered", std::move(message), static_cast<int64_t>(kept.size), size};
}

// One kept checkpoint against the log's newest one.
Answer<AuditComparison> compare(HttpClient& client, const Checkpoint& kept, const VerifierKey& key) {
  const std::string target = "/admin/v1/audit/consistency?old_size=" + std::to_string(kept.size);
  TRY_ASSIGN(const ConsistencyProof reply, get<ConsistencyProof>(client, target));
  TRY_ASSIGN(const SignedNote note, SignedNote::parse(reply.note));
  if (check_note(note, key) != NoteCheck::good)
    return altered(kept, reply.size, "the log's newest checkpoint isn't signed by its key");
  TRY_ASSIGN(const Checkpoint newest, Checkpoint::parse(note.text));
  TRY_ASSIGN(const std::vector<Digest> path, parse_path(reply.path));
  if (judge_continuity(kept, newest, path) != Continuity::continues)
    return altered(kept, reply.size,
                   "the first " + std::to_string(kept.size) + " records are not those that were signed then");
  AuditComparison holds{"continues", "", static_cast<int64_t>(kept.size), reply.size};
  holds.message = "the first " + std::to_string(kept.size) + " records are unchanged in the log, signed up to " +
                  std::to_string(reply.size);
  return holds;
}

Answer<AuditComparison> compare_all(const Context& context, const std::string& file) {
  TRY_ASSIGN(const std::string text, read_kept_file(file));
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const AuditKeys keys, get<AuditKeys>(client, "/admin/v1/audit/keys"));
  TRY_ASSIGN(const VerifierKey key, VerifierKey::parse(keys.verifier_key));
  TRY_ASSIGN(const std::vector<Checkpoint> kept, kept_checkpoints(text, key));
  TRY_ASSIGN(const DaemonStatus status, get<DaemonStatus>(client, "/admin/v1/status"));
  if (!status.audit)
    return std::unexpected(ClientError(Error{ErrorCode::unavailable, "the appliance can't reach its audit log"}));
  const int64_t signed_records = status.audit->last_checkpoint_size;
  if (kept.empty())
    return AuditComparison{"altered", "the appliance has another log, or its log another key: " + key.text(), 0,
                           signed_records};
  AuditComparison last;
  for (const Checkpoint& each : kept) {
    if (static_cast<int64_t>(each.size) > signed_records)
      return altered(each, signed_records,
                     "the log is signed up to " + std::to_string(signed_records) +
                         " records only, and once was up to " + std::to_string(each.size));
    TRY_ASSIGN(last, compare(client, each, key));
    if (last.verdict != "continues") break;
  }
  return last;
}

Answer<Exit> compare_file(const Context& context, const std::string& file, OutputForm form) {
  TRY_ASSIGN(const AuditComparison comparison, compare_all(context, file));
  print(form == OutputForm::json ? to_json(comparison) + "\n"
                                 : comparison.verdict + ": " + printable(comparison.message) + "\n");
  return comparison.verdict == "continues" ? Exit::done : Exit::altered;
}

}  // namespace

void add_audit_compare(CLI::App& audit, Context& context) {
  CLI::App* verb = audit.add_subcommand(
      "compare", "Check that the log continues a checkpoint kept from earlier: a signed note, or a trust file");
  const auto file = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  verb->add_option("FILE", *file, "The note or trust file; - is standard input")->required();
  verb->add_flag("--json", *json, "As JSON");
  verb->callback([&context, file, json] {
    context.verb = [&context, file, json] {
      return compare_file(context, *file, *json ? OutputForm::json : OutputForm::people);
    };
  });
}

}  // namespace tijori

// tijori audit verify: the appliance checks its own log; how far it is, on stderr.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

constexpr int64_t verify_quiet_timeout_ms = 3'600'000;  // a large log takes its time
constexpr std::chrono::milliseconds ask_interval{500};

// Asks over a connection of its own how far the verification is, until it is told to end. Only for a terminal.
class ProgressWatch {
 public:
  explicit ProgressWatch(const Context& context) {
    if (isatty(STDERR_FILENO) == 1) thread_ = std::thread([this, &context] { watch(context); });
  }
  ~ProgressWatch() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  ProgressWatch(const ProgressWatch&) = delete;
  ProgressWatch& operator=(const ProgressWatch&) = delete;

 private:
  void watch(const Context& context) {
    Answer<HttpClient> client = context.admin();
    if (!client) return;
    Progress progress("verifying", 0, ProgressUnit::records);
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, ask_interval, [this] { return ends_; })) return;
      }
      const Answer<DaemonStatus> status = get<DaemonStatus>(*client, "/admin/v1/status");
      if (!status) return;
      if (status->audit && status->audit->verifying_done >= 0)
        progress.update(status->audit->verifying_done, status->audit->verifying_total);
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;
};

Exit exit_of_verdict(std::string_view verdict) {
  if (verdict == "verified") return Exit::done;
  if (verdict == "consistent") return Exit::unproven;
  return verdict == "unsupported" ? Exit::failed : Exit::altered;
}

Answer<AuditVerdict> ask_verdict(const Context& context) {
  TRY_ASSIGN(HttpClient client, context.admin());
  ClientRequest request{.method = "POST", .target = "/admin/v1/audit/verify"};
  request.quiet_timeout_ms = verify_quiet_timeout_ms;
  const ProgressWatch watch(context);
  return read_answer<AuditVerdict>(call(client, request), request.target);
}

Answer<Exit> verify(const Context& context, OutputForm form) {
  TRY_ASSIGN(const AuditVerdict verdict, ask_verdict(context));
  if (form == OutputForm::json) {
    print(to_json(verdict) + "\n");
    return exit_of_verdict(verdict.verdict);
  }
  print(verdict.verdict + ": " + printable(verdict.message) + "\n");
  print("  records   " + std::to_string(verdict.records) + "\n");
  if (verdict.tail_records > 0)
    print("  unsigned  " + std::to_string(verdict.tail_records) + (verdict.tail_records == 1 ? " record" : " records") +
          " after the last checkpoint" +
          (verdict.tail_age_us >= 0 ? ", the first " + human_duration_us(verdict.tail_age_us) + " old\n" : "\n"));
  for (const std::string& anomaly : verdict.anomalies) print("  anomaly   " + printable(anomaly) + "\n");
  return exit_of_verdict(verdict.verdict);
}

}  // namespace

void add_audit_verify(CLI::App& audit, Context& context) {
  CLI::App* verb =
      audit.add_subcommand("verify", "Have the appliance check its whole log; tijori-audit-verify checks from outside");
  const auto json = std::make_shared<bool>(false);
  verb->add_flag("--json", *json, "As JSON");
  verb->callback([&context, json] {
    context.verb = [&context, json] { return verify(context, *json ? OutputForm::json : OutputForm::people); };
  });
}

}  // namespace tijori

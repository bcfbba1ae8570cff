// Answers of a daemon as the console reads them. The first byte says of what kind the answer is; what gets past the
// forms goes on into what the screens make of it.
#include <array>
#include <cstdint>
#include <string_view>

#include "admin-ui/client/answer.h"
#include "admin-ui/models/expert_load.h"
#include "admin-ui/models/finding.h"
#include "admin-ui/models/fit.h"
#include "admin-ui/models/load_progress.h"
#include "admin-ui/models/memory_line.h"
#include "admin-ui/models/model_table.h"
#include "admin-ui/models/numbers.h"
#include "base/check.h"
#include "protocol/guardrail_types.h"
#include "protocol/model_types.h"

using namespace tijori;

namespace {

constexpr int64_t some_time_us = 1'764'000'000'000'000;

void say_times(int64_t time_us) {
  (void)ist_stamp(time_us);
  (void)utc_stamp(time_us);
  (void)rfc3339_ist(time_us);
  (void)relative_text(time_us, some_time_us);
}

void show(const DaemonStatus& status) {
  (void)health_sentence(status);
  for (const Condition& condition : status.conditions) {
    (void)finding_of(condition);
    say_times(condition.since_us);
  }
  (void)memory_sentence(to_memory_line(status.memory, status.models));
  LoadProgress progress;
  int64_t now_us = 0;
  for (const ModelInfo& model : status.models) {
    progress.add(now_us += 700'000, model);
    (void)progress.sentence();
    (void)memory_text(memory_bytes(model));
  }
  say_times(status.now_us);
  (void)duration_text(status.requests.ttft_p50_us);
  (void)decimal_text(status.requests.tokens_per_second, 1);
  if (status.audit) (void)short_digest(status.audit->head);
}

void show(const ModelList& list) {
  ModelTable table;
  table.set(list.models, 1);
  table.set(list.models, 1'000'000);
  for (int row = 0; row < table.rowCount(); ++row)
    for (int column = 0; column < table.columnCount(); ++column)
      for (const int role : {static_cast<int>(Qt::DisplayRole), static_cast<int>(Qt::ToolTipRole)})
        (void)table.data(table.index(row, column), role);
}

void show(const ModelPlan& plan) {
  const Fit fit = to_fit(plan);
  (void)need_text(fit);
  (void)parts_text(fit);
  (void)refusal_text(plan);
}

void show(const ModelFile& file) {
  (void)parameters_text(file.details);
}

void show(const ExpertLoad& load) {
  const ExpertCounts counts = to_counts(load);
  (void)judge(counts);
  (void)to_csv(counts);
  ExpertWindow window;
  window.add(load.time_us, counts);
  window.add(load.time_us + 1'000'000, counts);
  (void)window.within(300'000'000);
  ExpertTable table;
  table.set(counts, 0, 0);
  for (int row = 0; row < table.rowCount(); ++row) (void)table.data(table.index(row, 1), Qt::DisplayRole);
}

template <class T>
void show(const T& /*value*/) {}

// No text that a person reads holds what it doesn't show.
void is_plain(std::string_view text) {
  for (const char c : text) CHECK(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t');
  CHECK(text.find("\u202E") == std::string_view::npos && text.find("\u2066") == std::string_view::npos);
}

template <class T>
void read(std::string_view body) {
  const auto value = from_json<T>(body, answer_limits<T>());
  if (!value) return;
  if constexpr (!std::same_as<T, StoredPolicy>) {
    const auto again = parse_json(to_json(*value));
    CHECK(again.has_value());
  }
  if constexpr (std::same_as<T, DaemonStatus>) {
    is_plain(value->sentence);
    CHECK(value->models.size() <= max_shown_list);
    CHECK(value->now_us <= INT64_MAX / 1000 && value->now_us >= INT64_MIN / 1000);
  }
  show(*value);
}

constexpr std::array readers{read<DaemonStatus>,     read<Capabilities>, read<ModelList>,    read<ModelPlan>,
                             read<ModelFile>,        read<ExpertLoad>,   read<History>,      read<ClientList>,
                             read<ClientInfo>,       read<Settings>,     read<AuditRecords>, read<AuditRecord>,
                             read<AuditCounts>,      read<AuditProof>,   read<AuditVerdict>, read<ConsistencyProof>,
                             read<GuardrailsStatus>, read<StoredPolicy>, read<LintReply>,    read<DraftReply>,
                             read<BenchReply>,       read<CheckReply>,   read<HitsReply>};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  readers.at(data[0] % readers.size())(as_text(ByteView(data + 1, size - 1)));
  return 0;
}

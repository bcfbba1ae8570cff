// What the Models screen computes: the table of models, how far a load is, whether a choice fits, where memory is, the
// load of the experts, the figures and the end of an answer.
#include "admin-ui/client/chat_stream.h"
#include "admin-ui/models/answer_meter.h"
#include "admin-ui/models/cell.h"
#include "admin-ui/models/expert_load.h"
#include "admin-ui/models/fit.h"
#include "admin-ui/models/load_progress.h"
#include "admin-ui/models/memory_line.h"
#include "admin-ui/models/model_table.h"
#include "tests/admin-ui/console_main.h"

namespace tijori {
namespace {

constexpr int64_t gib = int64_t{1} << 30;
constexpr int64_t second_us = 1'000'000;

ModelInfo model_in(const char* alias, ModelState state) {
  ModelInfo model;
  model.alias = alias;
  model.sha256 = std::string(64, alias[0]);
  model.size_bytes = 2 * gib;
  model.state = state;
  return model;
}

ModelInfo loading(int64_t done_bytes, int64_t total_bytes = 60 * gib, const char* stage = "load") {
  ModelInfo model = model_in("scout", ModelState::loading);
  model.stage = stage;
  model.done_bytes = done_bytes;
  model.total_bytes = total_bytes;
  return model;
}

ModelPlan plan_of(bool fits) {
  ModelPlan plan;
  plan.alias = "scout";
  plan.fits = fits;
  plan.context_tokens = 32'768;
  plan.max_sequences = 6;
  plan.kv_type = "f16";
  plan.weights_bytes = 60 * gib;
  plan.kv_bytes = 43 * gib;
  plan.workspace_bytes = gib;
  plan.free_bytes = 90 * gib;
  if (!fits) plan.fitting = ModelChoice{16'384, 6, "f16"};
  return plan;
}

ExpertLoad load_of(std::vector<std::vector<int64_t>> rows, int64_t top_k = 1) {
  ExpertLoad load;
  load.experts_per_token = top_k;
  for (size_t i = 0; i < rows.size(); ++i) load.layers.push_back({static_cast<int64_t>(i), std::move(rows[i])});
  return load;
}

QString cell(const ModelTable& table, int row, int column) {
  return table.index(row, column).data().toString();
}

}  // namespace

class ModelDeskTest : public QObject {
  Q_OBJECT

 private slots:
  void offers_the_one_act_that_a_state_allows_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("fits");
    QTest::addColumn<int>("act");
    QTest::addColumn<QString>("word");
    const auto row = [](const char* name, ModelState state, bool fits, ModelAct act, const char* word) {
      QTest::newRow(name) << static_cast<int>(state) << fits << static_cast<int>(act) << QString::fromLatin1(word);
    };
    row("idle", ModelState::allowed, true, ModelAct::load, "idle");
    row("too large", ModelState::allowed, false, ModelAct::plan, "does not fit");
    row("starting", ModelState::starting, true, ModelAct::cancel, "starting");
    row("loading", ModelState::loading, true, ModelAct::cancel, "loading");
    row("serving", ModelState::ready, true, ModelAct::unload, "serving");
    row("unloading", ModelState::unloading, true, ModelAct::none, "unloading");
    row("failed", ModelState::failed, true, ModelAct::load, "failed");
  }
  void offers_the_one_act_that_a_state_allows() {
    QFETCH(int, state);
    QFETCH(bool, fits);
    QFETCH(int, act);
    QFETCH(QString, word);
    ModelTable table;
    table.set({model_in("scout", static_cast<ModelState>(state))}, 0);
    table.set_plan("scout", plan_of(fits));
    QCOMPARE(static_cast<int>(table.act(0)), act);
    QCOMPARE(table.index(0, ModelTable::state_column).data(badge_role).value<BadgeText>().word, word);
  }

  void shows_what_is_known_and_a_dash_for_the_rest() {
    ModelTable table;
    ModelInfo ready = model_in("demo", ModelState::ready);
    ready.is_default = true;
    ready.weights_bytes = 60 * gib;
    ready.kv_bytes = 17 * gib;
    ready.workspace_bytes = gib;
    ready.context_tokens = 32'768;
    ready.max_sequences = 6;
    ModelInfo twin = model_in("twin", ModelState::allowed);
    twin.sha256 = ready.sha256;
    table.set({ready, twin}, 0);
    QCOMPARE(cell(table, 0, ModelTable::weights_column), QStringLiteral("60.0"));
    QCOMPARE(cell(table, 0, ModelTable::loaded_column), QStringLiteral("78.0"));
    QCOMPARE(cell(table, 0, ModelTable::shape_column), QStringLiteral("32,768 × 6"));
    QCOMPARE(cell(table, 0, ModelTable::aliases_column), QStringLiteral("default, twin"));
    QCOMPARE(cell(table, 0, ModelTable::parameters_column), QStringLiteral("–"));
    QCOMPARE(cell(table, 1, ModelTable::loaded_column), QStringLiteral("–"));
    QCOMPARE(cell(table, 1, ModelTable::aliases_column), QStringLiteral("demo"));

    ModelFile file;
    file.sha256 = ready.sha256;
    file.details.parameters = 109'000'000'000;
    file.details.active_parameters = 17'000'000'000;
    file.details.experts = 16;
    table.set_details("demo", file);
    QCOMPARE(cell(table, 0, ModelTable::parameters_column), QStringLiteral("17B active of 109B"));
    file.details = {};
    file.details.parameters = 134'515'008;
    QCOMPARE(parameters_text(file.details), QStringLiteral("135M dense"));
    // Another file under the same alias: what was known is of the file before.
    ready.sha256 = std::string(64, 'f');
    table.set({ready}, 1);
    QCOMPARE(cell(table, 0, ModelTable::parameters_column), QStringLiteral("–"));
  }

  void keeps_its_rows_while_only_states_change() {
    ModelTable table;
    table.set({model_in("a", ModelState::allowed), model_in("b", ModelState::allowed)}, 0);
    QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
    QSignalSpy changes(&table, &QAbstractItemModel::dataChanged);
    table.set({model_in("a", ModelState::ready), model_in("b", ModelState::loading)}, second_us);
    QCOMPARE(resets.count(), 0);
    QVERIFY(changes.count() > 0);
    QVERIFY(table.is_moving());
    QCOMPARE(table.count(ModelState::ready), 1);
    table.set({model_in("a", ModelState::ready)}, 2 * second_us);
    QCOMPARE(resets.count(), 1);
    QVERIFY(!table.is_moving());
  }

  void says_the_time_left_once_the_rate_is_steady() {
    LoadProgress progress;
    progress.add(0, loading(0));
    QCOMPARE(progress.sentence(), QStringLiteral("0.0 of 60.0 GiB"));
    for (int quarter = 1; quarter <= 8; ++quarter) progress.add(quarter * second_us / 4, loading(quarter * gib / 2));
    QCOMPARE(progress.sentence(), QStringLiteral("4.0 of 60.0 GiB, 2.0\u00a0GiB/s"));
    QVERIFY(!progress.left_s());
    for (int quarter = 9; quarter <= 80; ++quarter) progress.add(quarter * second_us / 4, loading(quarter * gib / 2));
    QCOMPARE(*progress.left_s(), int64_t{10});
    QCOMPARE(progress.sentence(), QStringLiteral("40.0 of 60.0 GiB, 2.0\u00a0GiB/s, 10 s left"));
    QCOMPARE(progress.share(), 40.0 / 60.0);
    // Another stage begins anew.
    progress.add(21 * second_us, loading(gib, 2 * gib, "verify"));
    QVERIFY(!progress.bytes_per_s());
    QCOMPARE(progress.share(), 0.5);
  }

  void survives_progress_that_makes_no_sense() {
    LoadProgress progress;
    QCOMPARE(progress.share(), 0.0);
    progress.add(0, loading(5, 0));
    progress.add(second_us, loading(INT64_MAX, -1));
    progress.add(second_us, loading(-7, 10));
    progress.add(0, loading(INT64_MIN, 10));
    progress.add(9 * second_us, loading(INT64_MAX, INT64_MAX));
    QVERIFY(!progress.sentence().isEmpty());
    QVERIFY(progress.share() >= 0 && progress.share() <= 1);
  }

  void says_a_refusal_in_numbers() {
    QCOMPARE(
        refusal_text(plan_of(false)),
        QStringLiteral("scout with 32,768 tokens × 6 sequences, KV f16 needs 104.0\u00a0GiB: weights 60.0\u00a0GiB, "
                       "KV 43.0\u00a0GiB, workspace 1.0\u00a0GiB. Free: 90.0\u00a0GiB. Nothing was allocated. "
                       "The nearest that fits: 16,384 tokens × 6 sequences, KV f16."));
    ModelPlan none = plan_of(false);
    none.fitting.reset();
    none.free_bytes = 0;
    QVERIFY(refusal_text(none).contains(QStringLiteral("Free: not known")));
    QVERIFY(refusal_text(none).endsWith(QStringLiteral("or add memory.")));
    const Fit fit = to_fit(plan_of(true));
    QVERIFY(fit.fits);
    QCOMPARE(fit.needed_bytes, 104 * gib);
    QCOMPARE(fit.scale_bytes, static_cast<double>(104 * gib));
    QCOMPARE(load_command(QStringLiteral("load"), QStringLiteral("scout"), {8'192, 4, "q8"}),
             QStringLiteral("tijori models load scout --context 8192 --sequences 4 --kv q8"));
    QCOMPARE(load_command(QStringLiteral("plan"), QStringLiteral("scout"), {}),
             QStringLiteral("tijori models plan scout"));
  }

  void adds_up_numbers_beyond_reason() {
    ModelPlan plan = plan_of(false);
    plan.weights_bytes = plan.kv_bytes = plan.workspace_bytes = INT64_MAX;
    plan.free_bytes = INT64_MIN;
    QVERIFY(to_fit(plan).needed_bytes > 0);
    QCOMPARE(to_fit(plan).free_bytes, int64_t{0});
  }

  void divides_the_machine_among_its_users() {
    ModelInfo serving = model_in("a", ModelState::ready);
    serving.weights_bytes = 60 * gib;
    serving.kv_bytes = 18 * gib;
    serving.resident_bytes = 62 * gib;
    MemoryUse memory;
    memory.total_bytes = 256 * gib;
    memory.available_bytes = 148 * gib;
    const MemoryLine line = to_memory_line(memory, {serving, loading(40 * gib)});
    QCOMPARE(line.serving_bytes, 62 * gib);
    QCOMPARE(line.loaded_bytes, 40 * gib);
    QCOMPARE(line.reserved_bytes, (16 + 20) * gib);
    QCOMPARE(line.other_bytes, 6 * gib);
    QCOMPARE(line.free_bytes, (148 - 36) * gib);
    QCOMPARE(line.serving_bytes + line.loaded_bytes + line.reserved_bytes + line.other_bytes + line.free_bytes,
             line.total_bytes);
    QVERIFY(memory_sentence(to_memory_line({}, {})).contains(QStringLiteral("not known")));
  }

  void judges_the_load_of_experts_data() {
    QTest::addColumn<QList<int>>("row");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("says");
    using Kind = ExpertVerdict::Kind;
    const auto row = [](const char* name, QList<int> counts, Kind kind, const char* says) {
      QTest::newRow(name) << counts << static_cast<int>(kind) << QString::fromUtf8(says);
    };
    QList<int> even(16, 1000);
    row("even", even, Kind::even_enough, "No action needed");
    row("too few", QList<int>(16, 3), Kind::nothing_yet, "Too few tokens");
    QList<int> leaning(16, 1000);
    leaning[7] = 3500;
    row("leaning", leaning, Kind::watch, "layer 0 sends 18.9\u00a0% to expert 7");
    QList<int> lopsided(16, 100);
    lopsided[3] = 20'000;
    row("one for all", lopsided, Kind::act, "Look at what is asked");
    QList<int> unused(16, 2000);
    unused[5] = 0;
    row("never chosen", unused, Kind::act, "1 expert of a layer was never chosen");
  }
  void judges_the_load_of_experts() {
    QFETCH(QList<int>, row);
    QFETCH(int, kind);
    QFETCH(QString, says);
    const ExpertVerdict verdict = judge(to_counts(load_of({std::vector<int64_t>(row.begin(), row.end())})));
    QCOMPARE(static_cast<int>(verdict.kind), kind);
    QVERIFY2(verdict.sentence.contains(says), qPrintable(verdict.sentence));
  }

  void takes_the_difference_of_two_polls_within_a_window() {
    ExpertWindow window;
    QVERIFY(window.within(60 * second_us).counts.empty());
    for (int64_t second = 0; second <= 100; ++second)
      window.add(second * second_us + 1, to_counts(load_of({{second * 3, second}, {second * 2, second * 2}})));
    QCOMPARE(window.within(0).sum(0), int64_t{400});
    const ExpertCounts minute = window.within(60 * second_us);
    QCOMPARE(minute.sum(0), minute.sum(1));
    // Polls further back are kept every five seconds.
    QVERIFY(minute.sum(0) >= 240 && minute.sum(0) <= 260);
    QCOMPARE(window.covered_us(900 * second_us), 100 * second_us);
    // Loaded anew: counts begin at nothing.
    window.add(200 * second_us, to_counts(load_of({{1, 0}, {0, 1}})));
    QCOMPARE(window.within(0).sum(0), int64_t{1});
    QCOMPARE(window.within(60 * second_us).sum(0), int64_t{0});
  }

  void refuses_counts_of_another_shape() {
    const ExpertCounts counts = to_counts(load_of({{5, 5}, {5, 5}}));
    QVERIFY(!difference(counts, to_counts(load_of({{5, 5}}))));
    QVERIFY(!difference(counts, to_counts(load_of({{5, 6}, {5, 5}}))));
    QVERIFY(to_counts(load_of({{5, 5}, {5, 5, 5}})).counts.empty());
    QVERIFY(to_counts(load_of({{}, {}})).counts.empty());
    QVERIFY(to_counts(load_of({{INT64_MAX, INT64_MAX}}, INT64_MIN)).sum(0) > 0);
    QCOMPARE(to_counts(load_of({std::vector<int64_t>(5'000, 1)})).experts(), max_layer_experts);
  }

  void keeps_little_of_what_a_daemon_exaggerates() {
    ModelTable table;
    std::vector<ModelInfo> models(10'000, model_in("x", ModelState::allowed));
    models.front().alias = std::string(size_t{1} << 20U, 'y');
    table.set(models, 0);
    QCOMPARE(table.rowCount(), static_cast<int>(max_shown_models));
    for (int row = 0; row < table.rowCount(); ++row)
      QVERIFY(cell(table, row, ModelTable::name_column).size() <= max_shown_characters);
  }

  void tabulates_a_layer_whose_sum_is_tokens_times_top_k() {
    const ExpertCounts counts = to_counts(load_of({{10, 40, 30, 120}}, 2));
    QCOMPARE(counts.tokens(), int64_t{100});
    ExpertTable table;
    table.set(counts, 0, 2);
    QCOMPARE(table.sum(), counts.tokens() * counts.top_k);
    QCOMPARE(table.index(0, ExpertTable::expert_column).data().toString(), QStringLiteral("3"));
    QCOMPARE(table.index(0, ExpertTable::share_column).data().toString(), QStringLiteral("60.00"));
    QCOMPARE(table.row_of(2), 2);
    QCOMPARE(table.row_of(9), -1);
    QCOMPARE(to_csv(counts).split(QLatin1Char('\n')).at(2), QStringLiteral("0,1,40,0.20000000000000001"));
    table.set({}, 0, 0);
    QCOMPARE(table.rowCount(), 0);
  }

  void measures_an_answer() {
    AnswerMeter meter;
    meter.begin(1 * second_us);
    QVERIFY(!meter.first_token_us());
    QVERIFY(!meter.tokens_per_s());
    meter.come(2 * second_us, 6 * second_us, 9);
    QCOMPARE(*meter.first_token_us(), second_us);
    QCOMPARE(*meter.tokens_per_s(), 2.0);
    QVERIFY(!meter.is_exact());
    // Pieces of two tokens each.
    meter.count(18);
    QCOMPARE(meter.tokens(), int64_t{18});
    QCOMPARE(*meter.tokens_per_s(), 4.0);
    meter.begin(20 * second_us);
    QCOMPARE(meter.tokens(), int64_t{0});
  }

  void says_how_an_answer_ended() {
    ChatOutcome outcome;
    QVERIFY(sentence_of(outcome).isEmpty());
    QSet<QString> sentences;
    for (const ChatEnd end : {ChatEnd::at_limit, ChatEnd::filtered, ChatEnd::stopped, ChatEnd::too_long,
                              ChatEnd::certificate, ChatEnd::cut, ChatEnd::away}) {
      outcome.end = end;
      QVERIFY(!sentence_of(outcome).isEmpty());
      sentences.insert(sentence_of(outcome));
    }
    QCOMPARE(sentences.size(), 7);
    outcome.end = ChatEnd::refused;
    outcome.message = QStringLiteral("Your question holds an Aadhaar number.");
    QCOMPARE(sentence_of(outcome), outcome.message);
    outcome.retry_after_s = 3;
    QVERIFY(sentence_of(outcome).endsWith(QStringLiteral("Try again in 3 s.")));
  }

  void writes_a_question_as_a_command() {
    ChatQuestion question;
    question.model = "demo";
    question.max_tokens = 400;
    question.temperature = 0.2;
    question.messages = {{"user", "What's UPI?"}};
    QCOMPARE(chat_command(question),
             QStringLiteral("tijori chat --model demo --max-tokens 400 --temperature 0.2 'What'\\''s UPI?'"));
    question.top_p = 0.9;
    question.messages = {{"user", "--help"}};
    QCOMPARE(chat_command(question),
             QStringLiteral("tijori chat --model demo --max-tokens 400 --temperature 0.2 --top-p 0.9 -- '--help'"));
  }
};

}  // namespace tijori

TIJORI_CONSOLE_TEST(tijori::ModelDeskTest)
#include "model_desk_test.moc"

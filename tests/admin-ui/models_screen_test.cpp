// The Models screen against the real daemon: from a plan in numbers to a loaded model, an answer, the experts that made
// it, and a daemon that dies in the middle of one.
#include <QClipboard>
#include <QComboBox>
#include <QPlainTextEdit>
#include <QSpinBox>

#include <nlohmann/json.hpp>

#include "admin-ui/models/cell.h"
#include "admin-ui/models/fit.h"
#include "admin-ui/models/model_table.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/heat_map.h"
#include "admin-ui/views/parts/segment.h"
#include "protocol/audit_messages.h"
#include "protocol/client/conversation.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/meddler.h"

namespace tijori::test {

namespace {
using nlohmann::json;
constexpr int scout_layers = 24;
constexpr int scout_experts = 16;
}  // namespace

class ModelsScreenTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    QVERIFY2(rig_.start(), qPrintable(rig_.trouble()));
    const auto bench = rig_.issue(QStringLiteral("bench-console"), {Role::operator_, Role::auditor, Role::application});
    QVERIFY(bench && rig_.add(*bench));
    bench_ = *bench;
  }
  void init() {
    set_grouping(Grouping::indian);
    QVERIFY(is_serving("scout") || load_by_command("scout"));
    user_ = std::make_unique<ConsoleUser>();
  }
  void cleanup() {
    QCOMPARE(user_->stray_windows(), QStringList());
    user_.reset();
    meddler_.reset();
  }

  void shows_what_is_there_and_what_it_takes() {
    open();
    const auto list = rig_.get<ModelList>("/admin/v1/models");
    QVERIFY(list.has_value());
    for (const ModelInfo& model : list->models) {
      const QModelIndex index = row(QString::fromStdString(model.alias));
      QVERIFY(index.isValid());
      QCOMPARE(badge(QString::fromStdString(model.alias)), QStringLiteral("serving"));
      QCOMPARE(index.siblingAtColumn(ModelTable::shape_column).data().toString(),
               QStringLiteral("%1 × %2").arg(count_text(model.context_tokens), count_text(model.max_sequences)));
    }
    QVERIFY(user_->wait_to_read(QStringLiteral("2 in the store, 2 loaded")));
    QVERIFY(user_->wait_to_read(QStringLiteral("free ")));
    QVERIFY(!user_->find(QStringLiteral("models.load"))->isEnabled());
    QCOMPARE(user_->find(QStringLiteral("models.load"))->toolTip(), QStringLiteral("Every model is loaded already."));
  }

  void unloads_after_saying_what_is_lost_and_takes_it_back() {
    open();
    const auto before = info("scout");
    QVERIFY(before && before->pid > 0);
    QVERIFY(user_->click(QStringLiteral("models.act.scout")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Unload scout?")));
    QVERIFY(user_->wait_to_read(QStringLiteral("0 requests are running.")));
    QVERIFY(user_->reads(QStringLiteral("%1 of memory become free; loading again reads %2.")
                             .arg(memory_text(memory_bytes(*before)), memory_text(before->size_bytes))));
    // The safe button has the focus: Enter keeps it.
    QTRY_COMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("models.keep")));
    user_->press(Qt::Key_Space);
    QTRY_VERIFY(!user_->sees(QStringLiteral("models.drawer")));
    QVERIFY(is_serving("scout"));

    QVERIFY(user_->click(QStringLiteral("models.act.scout")));
    QVERIFY(user_->click(QStringLiteral("models.unload-now")));
    QTRY_COMPARE_WITH_TIMEOUT(badge(QStringLiteral("scout")), QStringLiteral("idle"), patience_ms(20));
    QVERIFY(user_->wait_to_read(QStringLiteral("scout was unloaded.")));
    QCOMPARE(info("scout")->state, ModelState::allowed);
    QVERIFY(user_->wait_to_read(QStringLiteral("scout is not loaded")));  // no experts to show

    user_->press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(badge(QStringLiteral("scout")), QStringLiteral("serving"), patience_ms(30));
    const auto after = info("scout");
    QCOMPARE(after->context_tokens, before->context_tokens);
    QCOMPARE(after->max_sequences, before->max_sequences);
    QVERIFY(after->pid != before->pid);
  }

  void says_what_a_running_answer_loses_when_its_model_goes() {
    Load load(rig_, {.clients = {rig_.application()}, .models = {"scout"}, .max_tokens = 60'000});
    QVERIFY(QTest::qWaitFor([&] { return info("scout")->running == 1; }, patience_ms(20)));
    open();
    QTRY_COMPARE_WITH_TIMEOUT(
        qobject_cast<QAbstractItemView*>(user_->find(QStringLiteral("models.table")))->model()->rowCount(), 2,
        patience_ms(5));
    QTest::qWait(1'200);  // the next list, with the request in it
    QVERIFY(user_->click(QStringLiteral("models.act.scout")));
    QVERIFY(user_->wait_to_read(QStringLiteral("1 request is running. It may finish within the time below")));
    QVERIFY(user_->type_into(QStringLiteral("models.drain"), QStringLiteral("0")));
    QVERIFY(user_->click(QStringLiteral("models.unload-now")));
    QTRY_COMPARE_WITH_TIMEOUT(badge(QStringLiteral("scout")), QStringLiteral("idle"), patience_ms(20));
    QVERIFY(load.failed() > 0);
  }

  void plans_before_it_loads() {
    QVERIFY(unload_by_command("scout"));
    open();
    QVERIFY(user_->click_row(QStringLiteral("models.table"), QStringLiteral("scout")));
    QVERIFY(user_->click(QStringLiteral("models.act.scout")));
    QVERIFY(user_->wait_to_read(QStringLiteral("It fits.")));
    const auto plan = rig_.post<ModelPlan>("/admin/v1/models/scout/plan", ModelChoice{});
    QVERIFY(plan && plan->fits);
    QVERIFY(user_->reads(parts_text(to_fit(*plan))));
    QCOMPARE(spin("models.context")->value(), static_cast<int>(plan->context_tokens));
    QCOMPARE(spin("models.sequences")->value(), static_cast<int>(plan->max_sequences));
    // Nothing was allocated for it.
    QCOMPARE(info("scout")->state, ModelState::allowed);

    QVERIFY(user_->type_into(QStringLiteral("models.context"), QStringLiteral("4096")));
    QVERIFY(user_->type_into(QStringLiteral("models.sequences"), QStringLiteral("2")));
    QTRY_VERIFY_WITH_TIMEOUT(user_->find(QStringLiteral("models.load-now"))->isEnabled(), patience_ms(20));
    QVERIFY(user_->click(QStringLiteral("Copy as command")));
    QCOMPARE(QApplication::clipboard()->text(),
             QStringLiteral("tijori models load scout --context 4096 --sequences 2 --kv %1")
                 .arg(QString::fromStdString(plan->kv_type)));
    QVERIFY(user_->click(QStringLiteral("models.load-now")));
    QTRY_COMPARE_WITH_TIMEOUT(badge(QStringLiteral("scout")), QStringLiteral("serving"), patience_ms(30));
    QVERIFY(user_->wait_to_read(QStringLiteral("scout is loaded and serves.")));
    QCOMPARE(info("scout")->context_tokens, int64_t{4'096});
    QCOMPARE(info("scout")->max_sequences, int64_t{2});
    // What was just loaded is what one tries.
    QTRY_COMPARE(qobject_cast<QComboBox*>(user_->find(QStringLiteral("try.model")))->currentText(),
                 QStringLiteral("scout"));
  }

  void refuses_what_does_not_fit_in_numbers_before_anything_is_allocated() {
    QVERIFY(unload_by_command("scout"));
    open();
    QVERIFY(user_->click(QStringLiteral("models.act.scout")));
    QVERIFY(user_->wait_to_read(QStringLiteral("It fits.")));
    const ModelChoice huge = huge_choice();
    choose_in_dialog(huge);
    QVERIFY(user_->wait_to_read(QStringLiteral("It doesn't fit. The nearest that fits: ")));
    const auto plan = rig_.post<ModelPlan>("/admin/v1/models/scout/plan", huge);
    QVERIFY(plan && !plan->fits && plan->fitting);
    QVERIFY(user_->reads(QStringLiteral("Needs %1, free ").arg(memory_text(to_fit(*plan).needed_bytes))));
    QVERIFY(!user_->find(QStringLiteral("models.load-now"))->isEnabled());
    QCOMPARE(user_->find(QStringLiteral("models.load-now"))->toolTip(), QStringLiteral("It doesn't fit."));
    QCOMPARE(info("scout")->state, ModelState::allowed);
    QCOMPARE(info("scout")->pid, int64_t{0});

    QVERIFY(user_->click(QStringLiteral("models.nearest")));
    QVERIFY(user_->wait_to_read(QStringLiteral("It fits.")));
    QTRY_VERIFY_WITH_TIMEOUT(user_->find(QStringLiteral("models.load-now"))->isEnabled(), patience_ms(20));
    QVERIFY(spin("models.context")->value() * int64_t{spin("models.sequences")->value()} <
            huge.context_tokens * huge.max_sequences);
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!user_->sees(QStringLiteral("models.load-dialog")));
    QCOMPARE(info("scout")->state, ModelState::allowed);
  }

  // Between the plan and the load memory was taken by somebody else: the appliance has the last word.
  void shows_the_refusal_of_the_appliance_with_the_nearest_plan() {
    QVERIFY(unload_by_command("scout"));
    std::atomic<bool> lies = true;
    meddler_ = std::make_unique<Meddler>(rig_, [&lies](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != "/admin/v1/models/scout/plan" || !lies) return reply.pass_on();
      reply.pass_on([](const std::string& body) {
        json changed = json::parse(body);
        changed["fits"] = true;
        return changed.dump();
      });
    });
    open(meddler_->admin_socket());
    QVERIFY(user_->click(QStringLiteral("models.act.scout")));
    QVERIFY(user_->wait_to_read(QStringLiteral("It fits.")));
    choose_in_dialog(huge_choice());
    QTRY_VERIFY_WITH_TIMEOUT(user_->find(QStringLiteral("models.load-now"))->isEnabled(), patience_ms(20));
    lies = false;
    QVERIFY(user_->click(QStringLiteral("models.load-now")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Nothing was allocated. The nearest that fits: ")));
    QCOMPARE(info("scout")->state, ModelState::allowed);
    QVERIFY(user_->sees(QStringLiteral("models.notice.act")));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!user_->sees(QStringLiteral("models.notice")));
  }

  // The real load of a small model is over in no time: its answers are stretched on their way.
  void shows_how_far_a_load_is_and_cancels_it() {
    QVERIFY(unload_by_command("scout"));
    std::atomic<int64_t> done_gib = -1;
    meddler_ = std::make_unique<Meddler>(rig_, [&done_gib](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != "/admin/v1/models" || done_gib < 0) return reply.pass_on();
      reply.pass_on([&done_gib](const std::string& body) {
        json changed = json::parse(body);
        for (json& model : changed["models"])
          if (model["alias"] == "scout") {
            model["state"] = "loading";
            model["stage"] = "load";
            model["done_bytes"] = done_gib.load() << 30;
            model["total_bytes"] = int64_t{60} << 30;
          }
        return changed.dump();
      });
    });
    open(meddler_->admin_socket());
    QVERIFY(user_->click(QStringLiteral("models.act.scout")));
    QTRY_VERIFY_WITH_TIMEOUT(user_->find(QStringLiteral("models.load-now")) != nullptr &&
                                 user_->find(QStringLiteral("models.load-now"))->isEnabled(),
                             patience_ms(20));
    done_gib = 6;
    QVERIFY(user_->click(QStringLiteral("models.load-now")));
    const auto state_cell = [this] { return row(QStringLiteral("scout")).siblingAtColumn(ModelTable::state_column); };
    QTRY_COMPARE_WITH_TIMEOUT(state_cell().data().toString(), QStringLiteral("6.0 of 60.0 GiB"), patience_ms(20));
    QCOMPARE(state_cell().data(progress_role).toDouble(), 0.1);
    QVERIFY(user_->wait_to_read(QStringLiteral("1 loading")));
    done_gib = 30;
    QTRY_VERIFY_WITH_TIMEOUT(state_cell().data().toString().startsWith(QStringLiteral("30.0 of 60.0 GiB")),
                             patience_ms(20));
    QCOMPARE(qobject_cast<QAbstractButton*>(user_->find(QStringLiteral("models.act.scout")))->text(),
             QStringLiteral("Cancel"));
    QVERIFY(QTest::qWaitFor([&] { return info("scout")->state == ModelState::ready; }, patience_ms(30)));
    QVERIFY(user_->click(QStringLiteral("models.act.scout")));
    QVERIFY(QTest::qWaitFor([&] { return info("scout")->state == ModelState::allowed; }, patience_ms(20)));
    done_gib = -1;
    QTRY_COMPARE_WITH_TIMEOUT(badge(QStringLiteral("scout")), QStringLiteral("idle"), patience_ms(20));
    QVERIFY(user_->wait_to_read(QStringLiteral("Loading scout was cancelled.")));
  }

  void shows_the_details_by_keyboard() {
    open();
    QVERIFY(user_->click_row(QStringLiteral("models.table"), QStringLiteral("scout")));
    QTRY_VERIFY_WITH_TIMEOUT(
        row(QStringLiteral("scout")).siblingAtColumn(ModelTable::parameters_column).data() != QStringLiteral("–"),
        patience_ms(20));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("models.drawer")) != nullptr);
    const auto file = rig_.get<ModelFile>("/admin/v1/models/scout/details");
    QVERIFY(file.has_value());
    const ModelDetails& details = file->details;
    QCOMPARE(details.layers, int64_t{scout_layers});
    QVERIFY(user_->wait_to_read(QStringLiteral("Architecture")));
    const QString text = user_->text();
    for (const QString& words :
         {QString::fromStdString(details.architecture), QString::fromStdString(details.chat_format),
          QStringLiteral("Layers: 24"), QStringLiteral("Experts: 16, 1 for a token"),
          QStringLiteral("Attention: %1 heads of %2, KV %3")
              .arg(details.heads)
              .arg(details.head_dim)
              .arg(details.kv_heads),
          QString::fromStdString(file->sha256).left(32), QString::fromStdString(file->sha256).mid(32),
          memory_text(info("scout")->weights_bytes), memory_text(info("scout")->kv_bytes)})
      QVERIFY2(text.contains(words), qPrintable(words + QStringLiteral(" is missing in:\n") + text));
    QVERIFY(!details.tensors.empty());
    for (const TensorClass& tensor : details.tensors) {
      QVERIFY2(text.contains(QString::fromStdString(tensor.part)), tensor.part.c_str());
      QVERIFY(text.contains(QString::fromStdString(tensor.type)));
      QVERIFY(text.contains(memory_text(tensor.bytes)));
    }
    QVERIFY(user_->click(QStringLiteral("models.copy-digest")));
    QCOMPARE(QApplication::clipboard()->text(), QString::fromStdString(file->sha256));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(!user_->sees(QStringLiteral("models.drawer")));
    QTRY_COMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("models.table")));
  }

  void answers_in_the_pane_with_its_figures_and_its_record() {
    open();
    ask(QStringLiteral("What is the tide today?"), 24);
    QVERIFY(user_->wait_to_read(QStringLiteral("24 of 24 tokens")));
    QVERIFY(user_->reads(QStringLiteral("tokens/s")));
    QVERIFY(user_->reads(QStringLiteral("first token ")));
    QVERIFY(!answer().isEmpty());
    auto* const record = qobject_cast<QAbstractButton*>(user_->wait_for(QStringLiteral("try.record")));
    QVERIFY(record != nullptr);
    const AuditRecord last = last_of_bench("answered");
    QVERIFY2(record->text().endsWith(count_text(last.seq)), qPrintable(record->text()));
    QVERIFY(user_->click(QStringLiteral("try.copy")));
    QCOMPARE(QApplication::clipboard()->text(),
             QStringLiteral("tijori chat --model scout --max-tokens 24 --temperature 0.2 'What is the tide today?'"));
    QVERIFY(user_->click(QStringLiteral("try.record")));
    QTRY_COMPARE(user_->window().current_screen(), QStringLiteral("audit"));
  }

  void stops_an_answer_for_real_data() {
    QTest::addColumn<bool>("by_escape");
    QTest::newRow("with Esc") << true;
    QTest::newRow("with the button") << false;
  }
  void stops_an_answer_for_real() {
    QFETCH(bool, by_escape);
    open();
    ask(QStringLiteral("Tell me everything"), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(!answer().isEmpty(), patience_ms(20));
    QTRY_COMPARE_WITH_TIMEOUT(info("scout")->running, int64_t{1}, patience_ms(10));
    // The button to stop has the focus while the answer comes.
    QCOMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("try.stop")));
    if (by_escape) {
      user_->press(Qt::Key_Escape);
    } else {
      QVERIFY(user_->click(QStringLiteral("try.stop")));
    }
    QVERIFY(user_->wait_for(QStringLiteral("try.ask")) != nullptr);
    QVERIFY(user_->wait_to_read(QStringLiteral("Stopped.")));
    const qsizetype length = answer().size();
    QTRY_COMPARE_WITH_TIMEOUT(info("scout")->running, int64_t{0}, patience_ms(10));
    const AuditRecord last = last_of_bench("aborted");
    QVERIFY(last.seq > 0);
    QCOMPARE(answer().size(), length);
    QTRY_COMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("try.question")));
  }

  void the_table_of_experts_is_what_the_engine_counts() {
    open();
    const auto before = experts("scout");
    QVERIFY(before.has_value());
    // A question from elsewhere, whose tokens are known.
    auto client = rig_.client(rig_.application(), rig_.api_socket());
    ChatQuestion question;
    question.model = "scout";
    question.messages = {{"user", "hello there"}};
    question.max_tokens = 40;
    const auto reply = tijori::ask(*client, question, [](std::string_view) {}, nullptr);
    QVERIFY(reply.has_value());
    // The last token of an answer is never fed back.
    const int64_t tokens = reply->usage.prompt_tokens + reply->usage.completion_tokens - 1;
    const auto after = experts("scout");
    QVERIFY(after.has_value());
    QCOMPARE(after->layers.size(), size_t{scout_layers});
    const auto sum = [](const LayerExperts& layer) {
      int64_t all = 0;
      for (const int64_t count : layer.counts) all += count;
      return all;
    };
    for (size_t i = 0; i < after->layers.size(); ++i)
      QCOMPARE(sum(after->layers[i]) - sum(before->layers[i]), tokens * after->experts_per_token);

    // Live: nobody asked the console to ask again. Layer by layer with the cursor.
    QTRY_COMPARE_WITH_TIMEOUT(label("models.experts.sum"), count_text(sum(after->layers.front())), patience_ms(10));
    HeatMap* const map = heat_map();
    QVERIFY(map != nullptr);
    map->setFocus();
    user_->press(Qt::Key_Home);
    const auto* const table =
        qobject_cast<QAbstractItemView*>(user_->find(QStringLiteral("models.experts.table")))->model();
    QCOMPARE(table->rowCount(), scout_experts);
    for (size_t i = 0; i < after->layers.size(); ++i) {
      const LayerExperts& layer = after->layers[i];
      QVERIFY(user_->reads(QStringLiteral("Layer %1").arg(layer.layer)));
      int64_t shown = 0;
      for (int each = 0; each < table->rowCount(); ++each) {
        const size_t expert = table->index(each, ExpertTable::expert_column).data().toString().toUInt();
        const QString count = table->index(each, ExpertTable::tokens_column).data().toString();
        QCOMPARE(count, count_text(layer.counts.at(expert)));
        shown += QString(count).remove(QLatin1Char(',')).toLongLong();
      }
      QCOMPARE(shown, sum(layer));
      QCOMPARE(label("models.experts.sum"), count_text(shown));
      user_->press(Qt::Key_Right);
    }
    QCOMPARE(map->cursor_layer(), size_t{scout_layers - 1});
  }

  void the_cursor_of_the_heat_map_goes_by_keyboard() {
    open();
    HeatMap* const map = heat_map();
    QVERIFY(map != nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(map->counts().layers.size(), size_t{scout_layers}, patience_ms(20));
    QVERIFY(user_->click(QStringLiteral("models.experts.map")));
    QCOMPARE(QApplication::focusWidget(), map);
    user_->press(Qt::Key_Home);
    QCOMPARE(map->cursor_layer(), size_t{0});
    user_->press(Qt::Key_End);
    QCOMPARE(map->cursor_layer(), size_t{scout_layers - 1});
    user_->press(Qt::Key_Left);
    while (map->cursor_expert() > 0) user_->press(Qt::Key_Up);
    user_->press(Qt::Key_Up);
    user_->press(Qt::Key_Down);
    QCOMPARE(map->cursor_expert(), size_t{1});
    QCOMPARE(map->cursor_layer(), size_t{scout_layers - 2});
    QVERIFY(map->accessibleName().contains(QStringLiteral("layer %1, expert 1:").arg(scout_layers - 2)));
    // The table follows: the row of the cursor's expert is the current one.
    const auto* const table = qobject_cast<QAbstractItemView*>(user_->find(QStringLiteral("models.experts.table")));
    QCOMPARE(table->currentIndex().siblingAtColumn(ExpertTable::expert_column).data().toString(), QStringLiteral("1"));
    QVERIFY(user_->click(QStringLiteral("The layer before")));
    QCOMPARE(map->cursor_layer(), size_t{scout_layers - 3});
  }

  void the_scale_is_linear_or_logarithmic_and_the_verdict_says_what_to_do() {
    const Load load(rig_, {.clients = {rig_.application()}, .models = {"scout"}, .max_tokens = 400});
    open();
    HeatMap* const map = heat_map();
    QVERIFY(map != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(map->counts().tokens() > 500, patience_ms(30));
    QVERIFY(user_->click(QStringLiteral("models.experts.pause")));
    const ExpertCounts paused = map->counts();
    const QImage logarithmic = map->grab().toImage();
    auto* const scale = qobject_cast<Segment*>(user_->find(QStringLiteral("models.experts.scale")));
    QCOMPARE(scale->chosen(), 1);
    scale->setFocus();
    user_->press(Qt::Key_Left);
    QCOMPARE(scale->chosen(), 0);
    const QImage linear = map->grab().toImage();
    QVERIFY(linear != logarithmic);
    // Paused: the picture stays, the engine counts on.
    QTRY_VERIFY_WITH_TIMEOUT(experts("scout")->layers.front().counts != paused.counts.front(), patience_ms(20));
    QTest::qWait(1'200);
    QVERIFY(map->counts() == paused);
    const ExpertVerdict verdict = judge(paused);
    QCOMPARE(user_->find(QStringLiteral("models.experts.verdict"))->accessibleName(), verdict.sentence);
    QVERIFY2(verdict.sentence.startsWith(QStringLiteral("Imbalance ")), qPrintable(verdict.sentence));
    QVERIFY(user_->click(QStringLiteral("models.experts.pause")));
    QTRY_VERIFY_WITH_TIMEOUT(map->counts().tokens() > paused.tokens(), patience_ms(20));
  }

  void says_what_has_no_experts() {
    open();
    QVERIFY(user_->click_row(QStringLiteral("models.table"), QStringLiteral("scout")));
    QVERIFY(unload_by_command("scout"));
    QVERIFY(user_->wait_to_read(QStringLiteral("scout is not loaded")));
    QVERIFY(!user_->sees(QStringLiteral("models.experts.map")));
  }

  void the_pane_says_which_role_it_needs() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->open_screen(QStringLiteral("models")));
    QVERIFY(user_->wait_to_read(QStringLiteral("application")));
    QVERIFY(!user_->sees(QStringLiteral("try.question")));
  }

  void an_auditor_changes_nothing() {
    QVERIFY(user_->connect_to(rig_, rig_.auditor()));
    QVERIFY(user_->open_screen(QStringLiteral("models")));
    auto* const act = user_->wait_for(QStringLiteral("models.act.scout"), 10);
    if (act == nullptr) {
      QVERIFY(user_->wait_to_read(QStringLiteral("operator")));
      return;
    }
    QVERIFY(!act->isEnabled());
    QVERIFY(!act->toolTip().isEmpty());
  }

  void keeps_what_it_knew_while_the_daemon_is_away() {
    open();
    QVERIFY(user_->click_row(QStringLiteral("models.table"), QStringLiteral("scout")));
    const QString shape = row(QStringLiteral("scout")).siblingAtColumn(ModelTable::shape_column).data().toString();
    ask(QStringLiteral("Tell me everything"), 60'000);
    QTRY_VERIFY_WITH_TIMEOUT(!answer().isEmpty(), patience_ms(20));
    QVERIFY(rig_.kill());
    // The stream ends with a reason, and what came of it stays.
    QVERIFY(user_->wait_for(QStringLiteral("try.verdict")) != nullptr);
    QVERIFY(!plain(label("try.verdict")).isEmpty());
    QVERIFY(!answer().isEmpty());
    QVERIFY(user_->wait_for(QStringLiteral("try.ask")) != nullptr);
    QVERIFY(user_->wait_to_read(QStringLiteral("vault-1 gave no answer")));
    QVERIFY(user_->wait_to_read(QStringLiteral("No answer since")));
    QCOMPARE(row(QStringLiteral("scout")).siblingAtColumn(ModelTable::shape_column).data().toString(), shape);
    QCOMPARE(user_->window().current_screen(), QStringLiteral("models"));

    QVERIFY2(rig_.restart(), qPrintable(rig_.trouble()));
    QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->link() == Link::connected, patience_ms(30));
    QTRY_VERIFY_WITH_TIMEOUT(user_->find(QStringLiteral("models.table"))->isEnabled(), patience_ms(20));
    QTRY_COMPARE_WITH_TIMEOUT(badge(QStringLiteral("scout")), QStringLiteral("serving"), patience_ms(30));
    QVERIFY(!user_->reads(QStringLiteral("gave no answer")));
    QCOMPARE(user_->window().current_screen(), QStringLiteral("models"));
    QCOMPARE(qobject_cast<QAbstractItemView*>(user_->find(QStringLiteral("models.table")))->currentIndex().row(),
             row(QStringLiteral("scout")).row());
    ask(QStringLiteral("And now?"), 8);
    QVERIFY(user_->wait_to_read(QStringLiteral("8 of 8 tokens")));
    // The daemon that came back wrote down what became of the answer.
    QVERIFY(last_of_bench("aborted").seq > 0);
  }

 private:
  void open(const QString& socket = {}) {
    if (socket.isEmpty()) {
      QVERIFY(user_->connect_to(rig_, bench_));
    } else {
      user_->fill_connect_form(rig_, bench_, {}, socket);
      QTRY_VERIFY_WITH_TIMEOUT(user_->window().session() != nullptr && user_->window().session()->status(),
                               patience_ms(20));
    }
    QVERIFY(user_->open_screen(QStringLiteral("models")));
    QVERIFY(user_->wait_for(QStringLiteral("models.table")) != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(row(QStringLiteral("scout")).isValid(), patience_ms(20));
    QVERIFY(user_->click_row(QStringLiteral("models.table"), QStringLiteral("scout")));
  }

  QModelIndex row(const QString& alias) const { return user_->row_with(QStringLiteral("models.table"), alias); }
  QString badge(const QString& alias) const {
    return row(alias).siblingAtColumn(ModelTable::state_column).data(badge_role).value<BadgeText>().word;
  }
  QSpinBox* spin(const char* name) const { return qobject_cast<QSpinBox*>(user_->find(QLatin1String(name))); }
  QString label(const char* name) const {
    const auto* const found = qobject_cast<QLabel*>(user_->find(QLatin1String(name)));
    return found == nullptr ? QString() : found->text();
  }
  HeatMap* heat_map() const { return qobject_cast<HeatMap*>(user_->wait_for(QStringLiteral("models.experts.map"))); }
  QString answer() const {
    return qobject_cast<QPlainTextEdit*>(user_->find(QStringLiteral("try.answer")))->toPlainText();
  }

  // More than any machine that this test runs on has.
  ModelChoice huge_choice() { return {65'536, 1'024, "f32"}; }
  void choose_in_dialog(const ModelChoice& choice) {
    auto* const kv = qobject_cast<QComboBox*>(user_->find(QStringLiteral("models.kv")));
    kv->setFocus();
    user_->type(QString::fromStdString(choice.kv_type));
    QCOMPARE(kv->currentText(), QString::fromStdString(choice.kv_type));
    QVERIFY(user_->type_into(QStringLiteral("models.context"), QString::number(choice.context_tokens)));
    QVERIFY(user_->type_into(QStringLiteral("models.sequences"), QString::number(choice.max_sequences)));
    user_->press(Qt::Key_Tab);
  }

  void ask(const QString& question, int max_tokens) {
    if (!user_->sees(QStringLiteral("try.max-tokens"))) QVERIFY(user_->click(QStringLiteral("try.sliders")));
    QVERIFY(user_->type_into(QStringLiteral("try.max-tokens"), QString::number(max_tokens)));
    QVERIFY(user_->type_into(QStringLiteral("try.question"), question));
    user_->press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(user_->wait_for(QStringLiteral("try.stop")) != nullptr || user_->sees(QStringLiteral("try.record")));
  }

  std::optional<ModelInfo> info(const std::string& alias) {
    const auto list = rig_.get<ModelList>("/admin/v1/models");
    if (!list) return std::nullopt;
    for (const ModelInfo& model : list->models)
      if (model.alias == alias) return model;
    return std::nullopt;
  }
  std::optional<ExpertLoad> experts(const std::string& alias) {
    auto answer = rig_.get<ExpertLoad>("/admin/v1/models/" + alias + "/experts");
    if (!answer) return std::nullopt;
    return *std::move(answer);
  }
  bool is_serving(const std::string& alias) {
    const auto model = info(alias);
    return model && model->state == ModelState::ready && model->context_tokens != 4'096;
  }
  bool load_by_command(const std::string& alias) {
    if (info(alias)->state != ModelState::allowed && !unload_by_command(alias)) return false;
    return rig_.post<ModelInfo>("/admin/v1/models/" + alias + "/load", ModelChoice{}).has_value() &&
           QTest::qWaitFor([&] { return is_serving(alias); }, patience_ms(30));
  }
  bool unload_by_command(const std::string& alias) {
    return rig_.post<ModelInfo>("/admin/v1/models/" + alias + "/unload", UnloadModel{.drain_s = 0}).has_value() &&
           QTest::qWaitFor([&] { return info(alias)->state == ModelState::allowed; }, patience_ms(30));
  }
  // The newest record of a request of this console that ended so.
  AuditRecord last_of_bench(const std::string& outcome) {
    const auto clients = rig_.get<ClientList>("/admin/v1/clients");
    std::string id;
    if (clients)
      for (const ClientInfo& client : clients->clients)
        if (client.name == "bench-console") id = client.id;
    AuditRecord found;
    (void)QTest::qWaitFor(
        [&] {
          const auto records = rig_.get<AuditRecords>(
              "/admin/v1/audit/records?limit=1&event=inference.released&actor=" + id + "&outcome=" + outcome);
          if (records && !records->records.empty()) found = records->records.front();
          return found.seq > 0;
        },
        patience_ms(10));
    return found;
  }

  ApplianceRig rig_{RigOptions{.config = {}, .small_model = true, .experts = true}};
  Identity bench_;
  std::unique_ptr<Meddler> meddler_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::ModelsScreenTest)
#include "models_screen_test.moc"

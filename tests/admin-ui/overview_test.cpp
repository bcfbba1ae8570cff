// The Overview against a real appliance: figures, plots over the daemon's day and what comes since, what is to do, and
// what it says when it can't know.
#include <QClipboard>
#include <QMenu>

#include <nlohmann/json.hpp>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/plot.h"
#include "protocol/history_types.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/meddler.h"

namespace tijori::test {
namespace {

using nlohmann::json;

constexpr int64_t second_us = 1'000'000;

void pass_on(const MeddlerCall& /*call*/, MeddlerReply& reply) {
  reply.pass_on();
}

// A status with findings of its own.
Meddler::Behaviour with_findings(const std::vector<std::array<const char*, 3>>& findings) {
  return [findings](const MeddlerCall& call, MeddlerReply& reply) {
    if (call.path() != "/admin/v1/status") return reply.pass_on();
    reply.pass_on([&](const std::string& body) {
      json changed = json::parse(body);
      changed["conditions"] = json::array();
      for (const auto& [code, severity, message] : findings)
        changed["conditions"].push_back(
            {{"code", code}, {"severity", severity}, {"message", message}, {"since_us", changed["now_us"]}});
      changed["health"] = findings.empty() ? "ready" : "degraded";
      return changed.dump();
    });
  };
}

}  // namespace

class OverviewTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }
  void init() { user_ = std::make_unique<ConsoleUser>(); }
  void cleanup() {
    user_.reset();
    meddler_.reset();
    if (!rig_.running()) QVERIFY(rig_.restart());
  }

  void says_how_the_appliance_is() {
    const Load load(rig_, {{rig_.application()}});
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QTRY_VERIFY_WITH_TIMEOUT(load.answered() > 0, patience_ms(20));
    QVERIFY(user_->wait_to_read(QStringLiteral("reserved")));         // KV in use of what is set aside
    QVERIFY(user_->wait_to_read(QStringLiteral("in this machine")));  // process memory of all there is
    QVERIFY(user_->wait_to_read(QStringLiteral("sequences busy")));   // the loaded model
    QVERIFY(user_->wait_to_read(QStringLiteral("Unsigned tail")));    // the log
    QVERIFY(user_->wait_to_read(rig_.application().name));            // a certificate
    const auto status = rig_.get<DaemonStatus>("/admin/v1/status");
    QVERIFY(status && status->memory.daemon_bytes > 0);
    QVERIFY(user_->reads(memory_text(status->memory.total_bytes)));
    QTRY_VERIFY_WITH_TIMEOUT(latest("overview.tokens") > 0, patience_ms(20));
    QTRY_VERIFY_WITH_TIMEOUT(latest("overview.first_token") > 0, patience_ms(20));
    QVERIFY(latest("overview.kv") >= 0);
  }

  void shows_the_day_before_it_was_opened() {
    const int64_t now_us = wall_now_us();
    meddler_ = std::make_unique<Meddler>(rig_, with_day(now_us, now_us - int64_t{3'600} * second_us));
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QTRY_VERIFY_WITH_TIMEOUT(plot("overview.tokens") != nullptr && store("overview.tokens").samples().size() > 8'000,
                             patience_ms(20));
    const std::deque<Sample>& samples = store("overview.tokens").samples();
    QVERIFY(std::ranges::adjacent_find(samples, [](const Sample& one, const Sample& next) {
              return one.time_us >= next.time_us;
            }) == samples.end());
    // The hole in it is a gap, named after the daemon's mark.
    const std::deque<Gap>& gaps = store("overview.tokens").gaps();
    QVERIFY(std::ranges::any_of(
        gaps, [](const Gap& gap) { return gap.reason == QLatin1String("daemon restart") && gap.to_us > gap.from_us; }));
    // Entering again asks only for what is new, and doubles nothing.
    const size_t before = samples.size();
    QVERIFY(user_->open_screen(QStringLiteral("models")));
    QVERIFY(user_->open_screen(QStringLiteral("overview")));
    QTest::qWait(500);
    QVERIFY(samples.size() >= before && samples.size() < before + 60);
  }

  void stands_still_while_values_are_collected() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->click(QStringLiteral("overview.pause")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Paused, ")));
    QTRY_VERIFY_WITH_TIMEOUT(user_->reads(QStringLiteral(" behind")), patience_ms(10));
    // The axis of time moves with the view; a value of the paused time may still come.
    const auto axis = [this] {
      const QImage whole = picture("overview.requests");
      return whole.copy(0, whole.height() - 30, whole.width(), 30);
    };
    QImage still;  // once everything has its place
    QTRY_VERIFY_WITH_TIMEOUT(std::exchange(still, axis()) == axis(), patience_ms(10));
    still = axis();
    const size_t collected = store("overview.requests").samples().size();
    QTRY_VERIFY_WITH_TIMEOUT(store("overview.requests").samples().size() > collected + 2, patience_ms(15));
    QCOMPARE(axis(), still);
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(user_->reads(QStringLiteral("Last 30 min")), patience_ms(5));
  }

  void changes_the_range_by_arrow_keys() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QWidget* const range = user_->wait_for(QStringLiteral("overview.range"));
    QVERIFY(range != nullptr);
    range->setFocus();
    user_->press(Qt::Key_Right);
    QVERIFY(user_->wait_to_read(QStringLiteral("Last 6 h"), 5));
    user_->press(Qt::Key_End);
    QVERIFY(user_->wait_to_read(QStringLiteral("Last 24 h"), 5));
    user_->press(Qt::Key_Home);
    QVERIFY(user_->wait_to_read(QStringLiteral("Last 15 min"), 5));
  }

  void shares_the_crosshair_between_plots() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QTRY_VERIFY_WITH_TIMEOUT(store("overview.tokens").samples().size() > 3, patience_ms(20));
    QVERIFY(user_->click(QStringLiteral("overview.pause")));
    // By mouse over one plot the others show it too.
    QTest::mouseMove(plot("overview.tokens"), QPoint(4, 4));
    const QImage without = picture("overview.kv");
    QTest::mouseMove(plot("overview.tokens"), plot("overview.tokens")->rect().center());
    QVERIFY(picture("overview.kv") != without);
    QTest::mouseMove(plot("overview.tokens"), QPoint(4, 4));
    QCOMPARE(picture("overview.kv"), without);
    // By keys too, and the plot says time and values.
    plot("overview.requests")->setFocus();
    user_->press(Qt::Key_Left);
    QVERIFY(picture("overview.kv") != without);
    QVERIFY2(plot("overview.requests")->accessibleName().contains(QStringLiteral(" IST")),
             qPrintable(plot("overview.requests")->accessibleName()));
    user_->press(Qt::Key_Escape);
    QCOMPARE(picture("overview.kv"), without);
  }

  void saves_the_values_with_both_zones() {
    const int64_t now_us = wall_now_us();
    meddler_ = std::make_unique<Meddler>(rig_, with_day(now_us, now_us - int64_t{600} * second_us));
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QTRY_VERIFY_WITH_TIMEOUT(plot("overview.tokens") != nullptr && store("overview.tokens").samples().size() > 8'000,
                             patience_ms(20));
    const QString file = folder_.filePath(QStringLiteral("values.csv"));
    save_as(QStringLiteral("Values as CSV…"), file);
    QFile csv(file);
    QTRY_VERIFY_WITH_TIMEOUT(csv.exists(), patience_ms(10));
    QVERIFY(csv.open(QIODevice::ReadOnly));
    const QStringList lines = QString::fromUtf8(csv.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QVERIFY2(lines.size() > 90 && lines.size() < 400, qPrintable(QString::number(lines.size())));  // half an hour
    QCOMPARE(lines.front().split(QLatin1Char(',')).size(), 11);
    for (const QString& line : lines.mid(1)) QCOMPARE(line.split(QLatin1Char(',')).at(0).right(1), QStringLiteral("Z"));
    QVERIFY(lines.at(1).contains(QStringLiteral("+05:30")));
    QVERIFY(lines.at(1).contains(QStringLiteral("44.612345")));  // as precise as the daemon said it
    QVERIFY(lines.filter(QStringLiteral("daemon restart")).size() == 1);
  }

  void saves_a_picture_that_says_what_it_shows() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QTRY_VERIFY_WITH_TIMEOUT(store("overview.tokens").samples().size() > 2, patience_ms(20));
    const QString file = folder_.filePath(QStringLiteral("plots.png"));
    save_as(QStringLiteral("Plots as PNG…"), file);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(file), patience_ms(10));
    const QImage image(file);
    const QSize plots = plot("overview.tokens")->size();
    QVERIFY(image.width() > 2 * plots.width() && image.height() > 2 * plots.height() + 40);
    QCOMPARE(image.text(QStringLiteral("Title")), QStringLiteral("vault-1"));
    QVERIFY(image.text(QStringLiteral("Description")).contains(QStringLiteral("IST")));
    // The heading is written on it: its band isn't empty.
    QSet<QRgb> inks;
    for (int x = 0; x < image.width(); ++x)
      for (int y = 0; y < 40; ++y) inks << image.pixel(x, y);
    QVERIFY(inks.size() > 4);
  }

  void shows_a_plot_as_a_table_by_keyboard() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QTRY_VERIFY_WITH_TIMEOUT(store("overview.requests").samples().size() > 3, patience_ms(20));
    plot("overview.requests")->setFocus();
    user_->press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(qobject_cast<QMenu*>(QApplication::activePopupWidget()) != nullptr, patience_ms(5));
    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Return);
    auto* const rows = qobject_cast<QAbstractItemView*>(user_->wait_for(QStringLiteral("plot_table.rows"), 5));
    QVERIFY(rows != nullptr);
    QVERIFY(rows->model()->rowCount() > 3);
    QVERIFY(rows->model()->index(0, 0).data().toString().endsWith(QStringLiteral("IST")));
    QVERIFY(rows->model()->index(0, 1).data().toString().endsWith(QStringLiteral("UTC")));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(!user_->sees(QStringLiteral("plot_table.rows")), patience_ms(5));
  }

  void copies_the_plots_as_a_command() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    choose(QStringLiteral("Copy as command"));
    QVERIFY2(QApplication::clipboard()->text().startsWith(QStringLiteral("tijori history --csv --since 20")),
             qPrintable(QApplication::clipboard()->text()));
    QVERIFY(user_->wait_to_read(QStringLiteral("Copied: tijori history"), 5));
  }

  void names_the_gap_that_a_killed_daemon_leaves() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QTRY_VERIFY_WITH_TIMEOUT(store("overview.tokens").samples().size() > 3, patience_ms(20));
    QVERIFY(rig_.kill());
    QVERIFY(user_->wait_to_read(QStringLiteral("As of "), 15));  // old values stay, with their age
    QVERIFY(!user_->reads(QStringLiteral("Last 30 min")));
    QTest::qWait(4'000);
    QVERIFY2(rig_.restart(), qPrintable(rig_.trouble()));
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(store("overview.tokens").gaps(),
                                                 [](const Gap& gap) {
                                                   return gap.reason == QLatin1String("daemon restart") &&
                                                          gap.to_us - gap.from_us > 4 * second_us;
                                                 }),
                             patience_ms(30));
    QVERIFY(user_->wait_to_read(QStringLiteral("Last 30 min"), 10));
  }

  void leads_from_a_finding_to_its_fix() {
    meddler_ =
        std::make_unique<Meddler>(rig_, with_findings({{"certificate-expiring", "warning", "server.crt ends in 3 days"},
                                                       {"model-failed", "error", "scout: out of memory"}}));
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->wait_to_read(QStringLiteral("model-failed")));
    QVERIFY(user_->wait_to_read(QStringLiteral("2 findings")) || user_->reads(QStringLiteral("2 finding")));
    // The gravest stands in the header too.
    QVERIFY(user_->reads(QStringLiteral("A model can't be served.")));
    QVERIFY(user_->click(QStringLiteral("Copy command")));
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("tijori-ca issue server --server"));
    QVERIFY(user_->click(QStringLiteral("header.link")));
    QVERIFY(user_->wait_for(QStringLiteral("models.table"), 10) != nullptr);
    QVERIFY(user_->open_screen(QStringLiteral("overview")));
    QVERIFY(user_->click(QStringLiteral("Open Models")));
    QVERIFY(user_->wait_for(QStringLiteral("models.table"), 10) != nullptr);
    QVERIFY(user_->open_screen(QStringLiteral("overview")));
    meddler_->behave(with_findings({}));
    QVERIFY(user_->wait_to_read(QStringLiteral("Nothing to do.")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Checked at ")));
    QVERIFY(!user_->sees(QStringLiteral("header.link")));
  }

  void shows_the_first_of_very_many_findings() {
    std::vector<std::array<const char*, 3>> many(900, {"made-up", "warning", "again and again"});
    meddler_ = std::make_unique<Meddler>(rig_, with_findings(many));
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->wait_to_read(QStringLiteral("All 900 in Settings")));
  }

  void says_which_role_it_needs() {
    meddler_ = std::make_unique<Meddler>(rig_, [](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/status")
        return reply.answer(403, R"({"error":{"message":"no","code":"forbidden"}})");
      if (call.path() != "/admin/v1/capabilities") return reply.pass_on();
      reply.pass_on([](const std::string& body) {
        json changed = json::parse(body);
        changed["roles"] = {"key-custodian"};
        for (json& each : changed["routes"])
          if (each["path"] == "/admin/v1/status") each["permitted"] = false;
        return changed.dump();
      });
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QTRY_COMPARE_WITH_TIMEOUT(state(), StateView::State::no_permission, patience_ms(10));
    QVERIFY(user_->wait_to_read(QStringLiteral("key-custodian")));
  }

  void says_what_failed_and_tries_again() {
    meddler_ = std::make_unique<Meddler>(rig_, [](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/status")
        return reply.answer(500,
                            R"({"error":{"message":"disk I/O error","type":"server_error","code":"internal_error"}})");
      reply.pass_on();
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QTRY_COMPARE_WITH_TIMEOUT(state(), StateView::State::error, patience_ms(15));
    QVERIFY(user_->wait_to_read(QStringLiteral("disk I/O error")));
    meddler_->behave(pass_on);
    QTRY_COMPARE_WITH_TIMEOUT(state(), StateView::State::content, patience_ms(20));
  }

  void has_nothing_to_plot_without_the_history() {
    meddler_ = std::make_unique<Meddler>(rig_, [](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/history")
        return reply.answer(500,
                            R"({"error":{"message":"history is away","type":"server_error","code":"internal_error"}})");
      reply.pass_on();
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->wait_to_read(QStringLiteral("history is away")));
    QTRY_VERIFY_WITH_TIMEOUT(store("overview.tokens").samples().size() > 1, patience_ms(10));  // what comes is shown
  }

  void fits_a_small_window() {
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->wait_to_read(QStringLiteral("Unsigned tail")));
    for (const QSize size : {QSize(1440, 900), QSize(1090, 700), QSize(720, 450)}) {
      user_->window().resize(size);
      QTRY_COMPARE(user_->window().size(), size);
      QCoreApplication::processEvents();
      const bool one_column = size.width() < 900;
      QTRY_COMPARE(at("overview.first_token").x() > at("overview.tokens").x() + 50, !one_column);
      QTRY_COMPARE(at("overview.findings").x() > at("overview.kv").right(), size.width() >= 1100);
      QTRY_COMPARE(at("overview.figure.answers").y() > at("overview.figure.tokens").bottom(), one_column);
      for (const char* name : {"overview.tokens", "overview.kv", "overview.log", "overview.figure.answers"})
        QVERIFY2(at(name).right() <= size.width() && at(name).left() > 0, name);
    }
  }

 private:
  static int64_t wall_now_us() { return QDateTime::currentMSecsSinceEpoch() * 1'000; }

  // A whole day as the daemon would tell it, with a hole of two minutes in it.
  static Meddler::Behaviour with_day(int64_t now_us, int64_t restart_us) {
    History day;
    day.step_us = 10 * second_us;
    for (int64_t i = 8'639; i >= 0; --i) {
      HistorySample sample;
      sample.time_us = now_us - i * day.step_us;
      if (sample.time_us > restart_us && sample.time_us < restart_us + 120 * second_us) continue;
      sample.tokens_per_second = 44.612345;
      sample.ttft_p50_us = 640'000;
      sample.kv_bytes = int64_t{16} << 30;
      sample.kv_used_bytes = int64_t{11} << 30;
      day.samples.push_back(sample);
    }
    day.marks.push_back({restart_us + 60 * second_us, "daemon-started", ""});
    return [body = to_json(day)](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/history") return reply.answer(200, body);
      reply.pass_on();
    };
  }

  Plot* plot(const char* name) const { return user_->window().findChild<Plot*>(QLatin1String(name)); }
  const SeriesStore& store(const char* name) const {
    static const SeriesStore none(1, second_us);
    return plot(name) == nullptr ? none : plot(name)->store();
  }
  double latest(const char* name) const {
    const std::deque<Sample>& samples = store(name).samples();
    return samples.empty() ? -1 : samples.back().values.front().value_or(-1);
  }
  QImage picture(const char* name) const { return plot(name)->grab().toImage(); }
  QRect at(const char* name) const {
    const auto* const widget = user_->window().findChild<QWidget*>(QLatin1String(name));
    return {widget->mapTo(&user_->window(), QPoint(0, 0)), widget->size()};
  }
  StateView::State state() const {
    return user_->window().screen() == nullptr ? StateView::State::content
                                               : user_->window().screen()->findChild<StateView*>()->state();
  }

  // From the menu of the export button, by keyboard.
  void choose(const QString& action) {
    QVERIFY(user_->click(QStringLiteral("overview.export")));
    QTRY_VERIFY_WITH_TIMEOUT(qobject_cast<QMenu*>(QApplication::activePopupWidget()) != nullptr, patience_ms(5));
    auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    for (int i = 0; i < 6 && menu->activeAction() != nullptr && menu->activeAction()->text() != action; ++i)
      QTest::keyClick(menu, Qt::Key_Down);
    QVERIFY(menu->activeAction() != nullptr);
    QCOMPARE(menu->activeAction()->text(), action);
    QTest::keyClick(menu, Qt::Key_Return);
  }

  void save_as(const QString& action, const QString& file) {
    user_->name_in_next_dialog(file);
    choose(action);
  }

  ApplianceRig rig_;
  QTemporaryDir folder_;
  std::unique_ptr<Meddler> meddler_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::OverviewTest)
#include "overview_test.moc"

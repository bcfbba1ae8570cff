// A daemon that means harm, at every screen and route: the console lives, its window doesn't freeze or grow, its memory
// stays bounded, and nothing that was said is taken for markup or for another name.
//
// Rounds are drawn by a seed. TIJORI_SEED and TIJORI_ROUNDS choose others; TIJORI_FULL=1 runs many more. A failure
// names the round's seed: TIJORI_SEED=<that> TIJORI_ROUNDS=1 repeats it.
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTextDocument>
#include <QToolTip>
#include <array>
#include <atomic>
#include <fstream>
#include <mutex>
#include <set>

#include <malloc.h>
#include <unistd.h>

#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/hostile_daemon.h"
#include "tests/admin-ui/loop_watch.h"

namespace tijori::test {
namespace {

// A turn of the event loop at most, in the GUI thread's own processor time.
constexpr double frozen_s = 0.25;
// By the wall: a machine that does other things gets far more of it.
constexpr double frozen_wall_s = 5;
constexpr int64_t memory_bound_mib = 400;
constexpr int screens = 6;

constexpr std::array<const char*, 14> routes{"/admin/v1/status",          "/admin/v1/capabilities",
                                             "/admin/v1/models",          "/admin/v1/history",
                                             "/admin/v1/audit/records",   "/admin/v1/audit/count",
                                             "/admin/v1/audit/proof",     "/admin/v1/audit/consistency",
                                             "/admin/v1/guardrails",      "/admin/v1/guardrails/policies",
                                             "/admin/v1/guardrails/hits", "/admin/v1/clients",
                                             "/admin/v1/settings",        "/v1/chat/completions"};

void pass_on(const MeddlerCall& /*call*/, MeddlerReply& reply) {
  reply.pass_on();
}

int64_t resident_mib() {
  std::ifstream file("/proc/self/statm");
  int64_t all = 0;
  int64_t resident = 0;
  file >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE) >> 20;
}

// Text with what markup it was drawn as taken away: the word of hostile_markup without its brackets was markup.
bool is_markup(const QString& drawn) {
  QString rest = drawn;
  rest.remove(QLatin1String(hostile_markup));
  rest.remove(QLatin1String(">INJECTED"));  // cut at its ends
  return rest.contains(QLatin1String("INJECTED"));
}

bool misleads(const QString& drawn) {
  return std::ranges::any_of(drawn, [](QChar c) {
    const ushort u = c.unicode();
    return (u >= 0x202A && u <= 0x202E) || (u >= 0x2066 && u <= 0x2069) || u == 0x200E || u == 0x200F || u == 0x61C ||
           (u < 0x20 && u != '\n' && u != '\t') || (u >= 0x7F && u < 0xA0);
  });
}

// What a label draws.
QString drawn_text(const QLabel& label) {
  const bool rich = label.textFormat() == Qt::RichText || label.textFormat() == Qt::MarkdownText ||
                    (label.textFormat() == Qt::AutoText && Qt::mightBeRichText(label.text()));
  if (!rich) return label.text();
  QTextDocument document;
  document.setHtml(label.text());
  return document.toPlainText();
}

bool is_full() {
  return qEnvironmentVariableIsSet("TIJORI_FULL");
}

// A dialog that waits for somebody would keep the test waiting too.
class DialogCloser : public QObject {
 public:
  DialogCloser() {
    connect(&timer_, &QTimer::timeout, this, [this] {
      QWidget* const open = QApplication::activeModalWidget();
      if (open != nullptr && open == seen_) {
        if (auto* const dialog = qobject_cast<QDialog*>(open)) dialog->reject();
      }
      if (QWidget* const popup = QApplication::activePopupWidget()) popup->close();
      seen_ = open;
    });
    timer_.start(60);
  }

 private:
  QTimer timer_;
  QWidget* seen_ = nullptr;
};

}  // namespace

class HostileTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase();
  void cleanupTestCase();

  void survives_every_harm_at_every_screen();
  void survives_a_daemon_that_only_harms();
  void survives_capabilities_that_lie_data();
  void survives_capabilities_that_lie();
  void stops_an_answer_without_an_end_data();
  void stops_an_answer_without_an_end();
  void leaves_at_once_whatever_the_daemon_does_data();
  void leaves_at_once_whatever_the_daemon_does();
  void takes_no_name_for_markup_or_for_another();

 private:
  struct Round {
    uint64_t seed;
    Harm harm;
    std::vector<std::string> routes;
    int screen;
  };
  void open_console();
  // Harms from now on. What harmed nothing has shown nothing: harmed() counts the answers.
  void begin_harm(const HostilePlan& plan);
  int harmed() const { return *harmed_; }
  // False when the console isn't usable any more.
  bool recover();
  void act(const Round& round);
  void press_screen(int place);
  void run_from_palette(std::mt19937_64& random);
  void chat(std::mt19937_64& random);
  // "" when all is well.
  QString fault();
  QString check(const QString& what);
  static QString name_of_round(const Round& round);

  ApplianceRig rig_{{.config = {}, .small_model = true, .experts = true}};
  Identity everyone_;
  std::unique_ptr<Meddler> meddler_;
  std::unique_ptr<ConsoleUser> user_;
  std::unique_ptr<LoopWatch> watch_;
  DialogCloser closer_;
  std::shared_ptr<std::atomic<int>> harmed_ = std::make_shared<std::atomic<int>>(0);
  int64_t resident_before_mib_ = 0;
  double worst_cpu_ms_ = 0;
  double worst_ms_ = 0;
  QString worst_round_;
};

void HostileTest::initTestCase() {
  QVERIFY2(rig_.start(), qPrintable(rig_.trouble()));
  // Who may do everything, chat included.
  const auto everyone = rig_.issue(QStringLiteral("everyone"),
                                   {Role::application, Role::operator_, Role::auditor, Role::guardrail_editor});
  QVERIFY(everyone.has_value() && rig_.add(*everyone));
  everyone_ = *everyone;
  meddler_ = std::make_unique<Meddler>(rig_, pass_on, everyone_);
  open_console();
  malloc_trim(0);
  resident_before_mib_ = resident_mib();
}

void HostileTest::cleanupTestCase() {
  user_.reset();
  meddler_.reset();
}

void HostileTest::open_console() {
  meddler_->behave(pass_on);
  watch_.reset();
  user_.reset();
  user_ = std::make_unique<ConsoleUser>();
  QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_, everyone_));
  QVERIFY(QTest::qWaitFor([this] { return user_->window().session()->status().has_value(); }, patience_ms(20)));
  for (int place = 1; place <= screens; ++place) {
    press_screen(place);
    QTest::qWait(150);
  }
  watch_ = std::make_unique<LoopWatch>();
}

void HostileTest::begin_harm(const HostilePlan& plan) {
  harmed_ = std::make_shared<std::atomic<int>>(0);
  meddler_->behave([routes = plan.routes, harmed = harmed_, behaviour = hostile_behaviour(plan)](
                       const MeddlerCall& call, MeddlerReply& reply) {
    const std::string path(call.path());
    if (routes.empty() || std::ranges::any_of(routes, [&](const std::string& route) {
          return path == route || path.starts_with(route + "/");
        }))
      ++*harmed;
    behaviour(call, reply);
  });
}

void HostileTest::press_screen(int place) {
  user_->activate();
  QTest::keyClick(&user_->window(), static_cast<Qt::Key>(Qt::Key_0 + place), Qt::ControlModifier);
}

bool HostileTest::recover() {
  meddler_->behave(pass_on);
  return QTest::qWaitFor(
      [this] {
        Session* const session = user_->window().session();
        if (session == nullptr) return false;
        if (session->link() == Link::connected && session->permits("GET", "/admin/v1/settings")) return true;
        session->try_now();
        return false;
      },
      patience_ms(20));
}

QString HostileTest::name_of_round(const Round& round) {
  QStringList where;
  for (const std::string& route : round.routes) where << QString::fromStdString(route);
  return QStringLiteral("TIJORI_SEED=%1 (%2 at %3, screen %4)")
      .arg(round.seed)
      .arg(QLatin1String(name_of(round.harm)),
           where.isEmpty() ? QStringLiteral("everything") : where.join(QStringLiteral(", ")))
      .arg(round.screen);
}

void HostileTest::run_from_palette(std::mt19937_64& random) {
  user_->press(Qt::Key_K, Qt::ControlModifier);
  QWidget* const field = user_->find(QStringLiteral("palette.field"));
  if (field == nullptr) return;
  static const std::array typed{"a", "re", "demo", "12", "load", "", "set", "<b"};
  QTest::keyClicks(field, QLatin1String(typed.at(random() % typed.size())));
  const size_t down = random() % 12;
  for (size_t i = 0; i < down; ++i) QTest::keyClick(field, Qt::Key_Down);
  const auto* const list = qobject_cast<QAbstractItemView*>(user_->find(QStringLiteral("palette.list")));
  const QString title = list == nullptr ? QString() : list->currentIndex().data().toString();
  // What leaves the console, or asks the desktop for a file.
  static const QStringList leave{QStringLiteral("Lock the console"), QStringLiteral("Close the console"),
                                 QStringLiteral("Switch appliance")};
  QTest::keyClick(field,
                  leave.contains(title) || title.contains(QLatin1String("xport")) ? Qt::Key_Escape : Qt::Key_Return);
  user_->press(Qt::Key_Escape);
}

void HostileTest::chat(std::mt19937_64& random) {
  auto* const question = qobject_cast<QPlainTextEdit*>(user_->find(QStringLiteral("try.question")));
  if (question == nullptr || !question->isEnabled()) return;
  question->setFocus();
  if (question->toPlainText().isEmpty()) QTest::keyClicks(question, QStringLiteral("hello"));
  QTest::keyClick(question, Qt::Key_Return, Qt::ControlModifier);
  QTest::qWait(static_cast<int>(20 + random() % 120));
  if (user_->sees(QStringLiteral("try.stop"))) user_->press(Qt::Key_Escape);
}

// What somebody does in a second or so.
void HostileTest::act(const Round& round) {
  std::mt19937_64 random(round.seed);
  press_screen(round.screen);
  QTest::qWait(30);
  user_->press(Qt::Key_F5);
  QTest::qWait(40);
  for (QWidget* const widget : user_->window().findChildren<QWidget*>()) {
    auto* const table = qobject_cast<QAbstractItemView*>(widget);
    if (table == nullptr || !table->isVisible() || table->model() == nullptr || table->model()->rowCount() == 0)
      continue;
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, 0));
    user_->press(Qt::Key_End, Qt::ControlModifier);
    user_->press(Qt::Key_Return);  // a drawer
    break;
  }
  QTest::qWait(20);
  if (random() % 3 == 0) run_from_palette(random);
  if (round.screen == 2 || random() % 8 == 0) chat(random);
  QTest::qWait(static_cast<int>(20 + random() % 60));
  user_->press(Qt::Key_Escape);
}

QString HostileTest::fault() {
  if (user_->window().session() == nullptr) return QStringLiteral("the session is gone");
  const QSize size = user_->window().size();
  if (size != QSize(1440, 900))
    return QStringLiteral("the window has become %1 × %2").arg(size.width()).arg(size.height());
  for (QWidget* const top : QApplication::topLevelWidgets()) {
    if (!top->isVisible()) continue;
    for (QWidget* const widget : top->findChildren<QWidget*>()) {
      if (!widget->isVisible()) continue;
      QStringList drawn;
      if (const auto* const label = qobject_cast<QLabel*>(widget)) drawn << drawn_text(*label);
      if (const auto* const button = qobject_cast<QAbstractButton*>(widget)) drawn << button->text();
      if (const auto* const box = qobject_cast<QComboBox*>(widget)) drawn << box->currentText();
      if (const auto* const page = qobject_cast<QTextEdit*>(widget)) drawn << page->toPlainText();
      if (const auto* const table = qobject_cast<QAbstractItemView*>(widget);
          table != nullptr && table->model() != nullptr)
        for (int row = 0; row < std::min(40, table->model()->rowCount()); ++row)
          for (int column = 0; column < table->model()->columnCount(); ++column)
            drawn << table->model()->index(row, column).data().toString();
      for (const QString& text : drawn)
        if (is_markup(text) || misleads(text))
          return QStringLiteral("%1 \"%2\" shows: %3")
              .arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
                   text.left(200).toHtmlEscaped());
    }
  }
  return {};
}

QString HostileTest::check(const QString& what) {
  const double cpu_ms = watch_->worst_cpu_ms();
  const double wall_ms = watch_->worst_ms();
  watch_->suspend();
  if (cpu_ms > worst_cpu_ms_) {
    worst_cpu_ms_ = cpu_ms;
    worst_round_ = what;
  }
  worst_ms_ = std::max(worst_ms_, wall_ms);
  QString found = fault();
  if (cpu_ms > patience_ms(frozen_s) || wall_ms > patience_ms(frozen_wall_s))
    found = QStringLiteral("the window was frozen for %1 ms of processor time, %2 ms by the clock")
                .arg(cpu_ms)
                .arg(wall_ms);
  const int64_t grown = resident_mib() - resident_before_mib_;
  if (found.isEmpty() && resident_before_mib_ > 0 && grown > memory_bound_mib)
    found = QStringLiteral("%1 MiB more than before").arg(grown);
  watch_->restart();
  watch_->resume();
  return found.isEmpty() ? QString() : what + QStringLiteral(": ") + found;
}

void HostileTest::survives_every_harm_at_every_screen() {
  bool given = false;
  const uint64_t first = qEnvironmentVariable("TIJORI_SEED").toULongLong(&given);
  int rounds = is_full() ? 400 : 60;
  if (qEnvironmentVariableIsSet("TIJORI_ROUNDS")) rounds = qEnvironmentVariableIntValue("TIJORI_ROUNDS");
  int rounds_harmed = 0;
  QStringList faults;
  for (int number = 0; number < rounds; ++number) {
    const uint64_t seed = (given ? first : 1) + static_cast<uint64_t>(number);
    std::mt19937_64 random(seed * 0x9E3779B97F4A7C15ULL);
    Round round{seed, static_cast<Harm>(random() % harms), {}, 1 + static_cast<int>(random() % screens)};
    if (random() % 2 == 0) round.harm = Harm::mutated;  // what comes furthest
    const size_t targets = 1 + random() % 3;
    for (size_t i = 0; i < targets; ++i) round.routes.emplace_back(routes.at(random() % routes.size()));
    begin_harm({round.seed, round.harm, round.routes});
    act(round);
    if (harmed() > 0) ++rounds_harmed;
    const QString found = check(name_of_round(round));
    if (!found.isEmpty()) {
      faults << found;
      qWarning("%s", qPrintable(found));
    }
    QVERIFY2(recover(), qPrintable(name_of_round(round)));
  }
  qInfo(
      "%d rounds, %d with harm; a turn of the event loop took at most %.0f ms of processor time (%s), %.0f ms by the "
      "clock",
      rounds, rounds_harmed, worst_cpu_ms_, qPrintable(worst_round_), worst_ms_);
  // A round's screen may ask for none of its routes.
  QVERIFY(given || rounds_harmed * 4 >= rounds);
  QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
  // Everything works as before.
  press_screen(5);
  const auto has_client = [this] {
    return user_->row_with(QStringLiteral("clients.table"), QStringLiteral("everyone")).isValid();
  };
  QVERIFY(QTest::qWaitFor(has_client, patience_ms(20)));
}

void HostileTest::survives_a_daemon_that_only_harms() {
  for (int harm = 0; harm < harms; ++harm) {
    const Round round{1'000 + static_cast<uint64_t>(harm), static_cast<Harm>(harm), {}, 1 + harm % screens};
    begin_harm({round.seed, round.harm, {}});
    act(round);
    const auto is_harmed = [this] { return harmed() > 0; };
    QVERIFY2(QTest::qWaitFor(is_harmed, patience_ms(10)), qPrintable(name_of_round(round)));
    const QString found = check(name_of_round(round));
    QVERIFY2(found.isEmpty(), qPrintable(found));
    QVERIFY2(recover(), qPrintable(name_of_round(round)));
  }
}

void HostileTest::survives_capabilities_that_lie_data() {
  QTest::addColumn<QByteArray>("body");
  const auto say = [](const char* name, const std::string& routes, const std::string& roles,
                      const std::string& version) {
    QTest::newRow(name) << QByteArray::fromStdString(
        R"({"version":")" + version + R"(","api":9007199254740992,"client":")" + hostile_markup + R"(","roles":[)" +
        roles + R"(],"approvals":-5,"guardrail_approvals":9007199254740992,"features":[],)" + R"("routes":[)" + routes +
        "]}");
  };
  std::string all;
  for (const char* const method : {"GET", "POST"})
    for (const char* const route : routes)
      all += std::string(all.empty() ? "" : ",") + R"({"method":")" + method + R"(","path":")" + route +
             R"(","permitted":true})";
  std::string many = all;
  for (int i = 0; i < 900; ++i) many += R"(,{"method":"GET","path":"/admin/v1/clients","permitted":true})";
  const std::string everyone = R"("application","operator","auditor","guardrail-editor")";
  say("every route", all, everyone, "9.9.9");
  say("every route, many times", many, everyone, "9.9.9");
  say("no route", "", everyone, "9.9.9");
  say("no role", all, "", "");
  say("one route a second time, refused", all + R"(,{"method":"GET","path":"/admin/v1/models","permitted":false})", "",
      "0");
}

void HostileTest::survives_capabilities_that_lie() {
  QFETCH(QByteArray, body);
  meddler_->behave([body = body.toStdString()](const MeddlerCall& call, MeddlerReply& reply) {
    if (call.path() == "/admin/v1/capabilities") return reply.answer(200, body);
    // A refusal brings the console to ask for the capabilities again.
    if (call.path() == "/admin/v1/status") return reply.answer(503, "{}");
    reply.pass_on();
  });
  QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->link() == Link::lost, patience_ms(10));
  user_->window().session()->try_now();
  QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->capabilities()->client == hostile_markup, patience_ms(10));
  for (int place = 1; place <= screens; ++place) act({static_cast<uint64_t>(place), Harm::mutated, {}, place});
  const QString found = check(QLatin1String(QTest::currentDataTag()));
  QVERIFY2(found.isEmpty(), qPrintable(found));
  QVERIFY(recover());
}

void HostileTest::stops_an_answer_without_an_end_data() {
  QTest::addColumn<int>("seed");
  QTest::addColumn<bool>("by_hand");
  QTest::addColumn<QString>("verdict");
  const QString by_hand = QStringLiteral("Stopped. What was made until then");
  const QString by_console = QStringLiteral("Stopped by the console: it shows at most");
  // More than the client takes of an event, or of an answer.
  const QString by_client = QStringLiteral("closed the connection in the middle");
  // A seed of each way not to end.
  QTest::newRow("comments") << 1 << true << by_hand + QLatin1Char('|') + by_client;
  QTest::newRow("short texts") << 8 << true << by_hand + QLatin1Char('|') + by_console;
  QTest::newRow("one word") << 4 << false << by_console;
  QTest::newRow("line breaks") << 0 << false << by_console;
  QTest::newRow("an event") << 19 << false << by_client;
  for (int seed = 24; is_full() && seed < 48; ++seed)
    QTest::addRow("%d", seed) << seed << true << QStringList({by_hand, by_console, by_client}).join(QLatin1Char('|'));
}

void HostileTest::stops_an_answer_without_an_end() {
  QFETCH(int, seed);
  QFETCH(bool, by_hand);
  QFETCH(QString, verdict);
  press_screen(2);
  QWidget* const ask = user_->wait_for(QStringLiteral("try.question"));
  QVERIFY(ask != nullptr);
  QTRY_VERIFY_WITH_TIMEOUT(user_->find(QStringLiteral("try.question"))->isEnabled(), patience_ms(20));
  begin_harm({static_cast<uint64_t>(seed), Harm::endless_events, {"/v1/chat/completions"}});
  QVERIFY(user_->type_into(QStringLiteral("try.question"), QStringLiteral("hello")));
  QTRY_VERIFY_WITH_TIMEOUT(
      user_->sees(QStringLiteral("try.ask")) && user_->find(QStringLiteral("try.ask"))->isEnabled(), patience_ms(20));
  watch_->restart();
  user_->press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_VERIFY_WITH_TIMEOUT(harmed() > 0, patience_ms(10));
  QTest::qWait(300);
  // The console may have had enough by itself.
  if (by_hand && user_->sees(QStringLiteral("try.stop"))) user_->press(Qt::Key_Escape);
  QTRY_VERIFY_WITH_TIMEOUT(user_->sees(QStringLiteral("try.ask")), patience_ms(by_hand ? 3 : 10));
  QCOMPARE(harmed(), 1);
  const auto* const label = qobject_cast<QLabel*>(user_->find(QStringLiteral("try.verdict")));
  QVERIFY(label != nullptr);
  QVERIFY2(plain(label->text()).contains(QRegularExpression(verdict)), qPrintable(plain(label->text())));
  const QString found = check(QStringLiteral("chat %1").arg(seed));
  QVERIFY2(found.isEmpty(), qPrintable(found));
  meddler_->behave(pass_on);
}

void HostileTest::leaves_at_once_whatever_the_daemon_does_data() {
  QTest::addColumn<int>("harm");
  std::vector<Harm> tried{Harm::silence, Harm::endless_body, Harm::trickle};
  if (is_full()) tried = {Harm::silence, Harm::endless_header, Harm::endless_body, Harm::endless_chunks, Harm::trickle};
  for (const Harm harm : tried) QTest::newRow(name_of(harm)) << static_cast<int>(harm);
}

// The threads that talk to it end with the window.
void HostileTest::leaves_at_once_whatever_the_daemon_does() {
  QFETCH(int, harm);
  begin_harm({1, static_cast<Harm>(harm), {}});
  press_screen(2);
  user_->press(Qt::Key_F5);
  QTRY_VERIFY_WITH_TIMEOUT(harmed() > 0, patience_ms(10));  // an answer is under way
  QTest::qWait(200);
  watch_.reset();
  QElapsedTimer since;
  since.start();
  const double cpu_before_ms = thread_cpu_ms();
  user_.reset();
  QVERIFY2(since.elapsed() < patience_ms(2), qPrintable(QString::number(since.elapsed())));
  QVERIFY(thread_cpu_ms() - cpu_before_ms < patience_ms(0.5));
  open_console();
}

void HostileTest::takes_no_name_for_markup_or_for_another() {
  const std::string name = std::string("admin\u202Egnitfard ") + hostile_markup;
  struct Changed {
    std::mutex mutex;
    std::set<std::string, std::less<>> paths;
  };
  const auto changed = std::make_shared<Changed>();
  meddler_->behave([name, changed](const MeddlerCall& call, MeddlerReply& reply) {
    if (!call.path().starts_with("/admin/")) return reply.pass_on();
    reply.pass_on([&](std::string body) {
      const std::string before = body;
      // Every alias, name, message and code.
      for (const char* const field : {"\"alias\":\"", "\"name\":\"", "\"message\":\"", "\"code\":\"", "\"file\":\"",
                                      "\"client\":\"", "\"value\":\"", "\"actor_type\":\"", "\"license\":\""}) {
        for (size_t at = 0; (at = body.find(field, at)) != std::string::npos;) {
          at += std::string_view(field).size();
          const size_t end = body.find('"', at);
          if (end == std::string::npos) break;
          body.replace(at, end - at, name);
          at += name.size();
        }
      }
      const std::lock_guard lock(changed->mutex);
      if (body != before) changed->paths.emplace(call.path());
      return body;
    });
  });
  bool read = false;
  for (int place = 1; place <= screens; ++place) {
    press_screen(place);
    user_->press(Qt::Key_F5);
    QTest::qWait(patience_ms(0.4));
    watch_->suspend();
    read = read || user_->reads(QString::fromLatin1(hostile_markup));
    const QString found = fault();
    QVERIFY2(found.isEmpty(), qPrintable(QStringLiteral("screen %1: %2").arg(place).arg(found)));
    watch_->restart();
    watch_->resume();
  }
  // The names did arrive.
  QVERIFY(read);
  for (const char* const path : {"/admin/v1/models", "/admin/v1/guardrails", "/admin/v1/clients", "/admin/v1/settings",
                                 "/admin/v1/audit/records"}) {
    const std::lock_guard lock(changed->mutex);
    QVERIFY2(changed->paths.contains(path), path);
  }
  // A tooltip is a label that finds out by itself what it holds.
  QToolTip::showText(QPoint(100, 100), QString::fromLatin1(hostile_markup), &user_->window());
  bool seen = false;
  for (QWidget* const top : QApplication::topLevelWidgets())
    if (const auto* const tip = qobject_cast<QLabel*>(top); tip != nullptr && tip->inherits("QTipLabel")) {
      seen = true;
      QVERIFY(!is_markup(drawn_text(*tip)));
    }
  QVERIFY(seen);
  QToolTip::hideText();
  QVERIFY(recover());
}

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::HostileTest)
#include "hostile_test.moc"

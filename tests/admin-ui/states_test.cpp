// What every screen shows while it waits, when it is refused, when there is nothing, and when the role doesn't reach.
#include <nlohmann/json.hpp>

#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/loop_watch.h"
#include "tests/admin-ui/meddler.h"

namespace tijori::test {
namespace {

using State = StateView::State;
using nlohmann::json;

std::string refusal() {
  return json{{"error",
               {{"message", "the register can't be read: disk I/O error"},
                {"type", "server_error"},
                {"code", "internal_error"},
                {"param", nullptr}}}}
      .dump();
}

// The route that fills each screen.
struct Subject {
  const char* screen;
  const char* route;
};
constexpr Subject subjects[] = {{"overview", "/admin/v1/status"},     {"models", "/admin/v1/models"},
                                {"audit", "/admin/v1/audit/records"}, {"guardrails", "/admin/v1/guardrails"},
                                {"clients", "/admin/v1/clients"},     {"settings", "/admin/v1/settings"}};

void pass_on(const MeddlerCall& /*call*/, MeddlerReply& reply) {
  reply.pass_on();
}

}  // namespace

class StatesTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }
  void init() {
    meddler_ = std::make_unique<Meddler>(rig_, pass_on);
    user_ = std::make_unique<ConsoleUser>();
  }
  void cleanup() {
    user_.reset();
    meddler_.reset();
  }

  void says_that_it_waits_data() { rows({"overview", "models", "guardrails", "clients"}); }
  void says_that_it_waits() {
    QFETCH(QString, screen);
    QFETCH(QString, route);
    meddler_->behave([route](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == route.toStdString()) return reply.hold();
      reply.pass_on();
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->open_screen(screen));
    QTRY_COMPARE_WITH_TIMEOUT(state(), State::loading, patience_ms(5));
    QVERIFY(user_->wait_to_read(QStringLiteral("vault-1")));
    LoopWatch watch;
    QTest::qWait(400);
    QVERIFY2(watch.worst_ms() < patience_ms(0.25), qPrintable(QString::number(watch.worst_ms())));
    // And the next screen opens all the same.
    QVERIFY(user_->open_screen(screen == QLatin1String("clients") ? QStringLiteral("settings")
                                                                  : QStringLiteral("clients")));
  }

  void says_what_failed_and_tries_again_data() { rows({"models", "guardrails", "clients"}); }
  void says_what_failed_and_tries_again() {
    QFETCH(QString, screen);
    QFETCH(QString, route);
    meddler_->behave([route](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == route.toStdString()) return reply.answer(500, refusal());
      reply.pass_on();
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->open_screen(screen));
    QTRY_COMPARE_WITH_TIMEOUT(state(), State::error, patience_ms(10));
    QVERIFY(user_->wait_to_read(QStringLiteral("disk I/O error")));
    meddler_->behave(pass_on);
    QVERIFY(user_->click(QStringLiteral("Try now")));
    QTRY_COMPARE_WITH_TIMEOUT(state(), State::content, patience_ms(15));
  }

  void says_which_role_it_needs_data() { rows({"models", "audit", "guardrails", "clients"}); }
  void says_which_role_it_needs() {
    QFETCH(QString, screen);
    QFETCH(QString, route);
    meddler_->behave([route](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != "/admin/v1/capabilities") return reply.pass_on();
      reply.pass_on([route](const std::string& body) {
        json changed = json::parse(body);
        changed["roles"] = {"key-custodian"};
        for (json& each : changed["routes"])
          if (each["path"] == route.toStdString()) each["permitted"] = false;
        return changed.dump();
      });
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->open_screen(screen));
    QTRY_COMPARE_WITH_TIMEOUT(state(), State::no_permission, patience_ms(5));
    QVERIFY(user_->wait_to_read(QStringLiteral("key-custodian")));  // the role one has
  }

  void says_that_there_is_nothing_data() {
    QTest::addColumn<QString>("screen");
    QTest::addColumn<QString>("route");
    QTest::addColumn<QString>("field");
    QTest::newRow("models") << "models" << "/admin/v1/models" << "/models";
    QTest::newRow("clients") << "clients" << "/admin/v1/clients" << "/clients";
  }
  void says_that_there_is_nothing() {
    QFETCH(QString, screen);
    QFETCH(QString, route);
    QFETCH(QString, field);
    meddler_->behave([route, field](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != route.toStdString()) return reply.pass_on();
      reply.pass_on([field](const std::string& body) {
        json changed = json::parse(body);
        changed[json::json_pointer(field.toStdString())] = json::array();
        return changed.dump();
      });
    });
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->open_screen(screen));
    QTRY_COMPARE_WITH_TIMEOUT(state(), State::empty, patience_ms(10));
  }

 private:
  static void rows(const QStringList& screens) {
    QTest::addColumn<QString>("screen");
    QTest::addColumn<QString>("route");
    for (const Subject& subject : subjects)
      if (screens.contains(QLatin1String(subject.screen)))
        QTest::newRow(subject.screen) << subject.screen << subject.route;
  }
  State state() const { return user_->window().screen()->findChild<StateView*>()->state(); }

  ApplianceRig rig_;
  std::unique_ptr<Meddler> meddler_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::StatesTest)
#include "states_test.moc"

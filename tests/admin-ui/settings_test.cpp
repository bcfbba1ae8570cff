// Settings: found by search in both languages, changed and reset, read from the appliance with their source; health
// findings with their fix.
#include <QClipboard>
#include <QComboBox>
#include <QSpinBox>

#include <nlohmann/json.hpp>

#include "admin-ui/client/appliance.h"
#include "admin-ui/client/catalogue.h"
#include "admin-ui/client/preferences.h"
#include "admin-ui/views/parts/data_table.h"
#include "admin-ui/views/section_list.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/meddler.h"

namespace tijori::test {
namespace {

using nlohmann::json;

void pass_on(const MeddlerCall& /*call*/, MeddlerReply& reply) {
  reply.pass_on();
}

}  // namespace

class SettingsTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }
  void init() {
    Preferences().save();
    Catalogue::install(QStringLiteral("en"));
    meddler_ = std::make_unique<Meddler>(rig_, pass_on);
    user_ = std::make_unique<ConsoleUser>();
  }
  void cleanup() {
    user_.reset();
    meddler_.reset();
  }

  void goes_through_the_sections_by_keyboard() {
    open();
    auto* const list = qobject_cast<SectionList*>(user_->find(QStringLiteral("settings.sections")));
    QVERIFY(list != nullptr);
    QCOMPARE(list->count(), 9);
    list->setFocus();
    user_->press(Qt::Key_Home);
    QSet<QString> seen;
    for (int i = 0; i < list->count(); ++i) {
      const QString section = QStringLiteral("settings.section.") + list->chosen();
      QVERIFY2(user_->sees(section), qPrintable(section));
      seen << section;
      int shown = 0;
      for (const QWidget* each : user_->window().screen()->findChildren<QWidget*>())
        if (each->objectName().startsWith(QLatin1String("settings.section.")) && each->isVisible()) ++shown;
      QCOMPARE(shown, 1);
      user_->press(Qt::Key_Down);
    }
    QCOMPARE(seen.size(), 9);
  }

  void changes_and_resets_a_setting() {
    open();
    user_->window().screen()->show_at(QStringLiteral("lock"));
    auto* const minutes = qobject_cast<QSpinBox*>(user_->wait_for(QStringLiteral("settings.lock")));
    QVERIFY(minutes != nullptr);
    QVERIFY(!user_->sees(QStringLiteral("Reset Lock when idle for")));
    minutes->setFocus();
    QTest::keyClick(minutes, Qt::Key_Up);
    QCOMPARE(Preferences::load().lock_minutes, 11);
    QVERIFY(user_->reads(QStringLiteral("Default: 10 min")));
    QCOMPARE(user_->window().findChild<QTimer*>(QStringLiteral("idle"))->interval(), 11 * 60'000);  // in force
    QVERIFY(user_->click(QStringLiteral("Reset Lock when idle for")));
    QCOMPARE(Preferences::load().lock_minutes, 10);
    QVERIFY(!user_->sees(QStringLiteral("Reset Lock when idle for")));
  }

  void tells_the_window_of_another_language_and_look() {
    open();
    QSignalSpy spoken(&user_->window(), &MainWindow::language_chosen);
    choose("language", "settings.language", 2);
    QCOMPARE(spoken.size(), 1);
    QCOMPARE(spoken.front().front().toString(), QStringLiteral("hi"));
    choose("appearance", "settings.look", 2);
    QCOMPARE(Theme::instance().look(), Look::dark);
    choose("appearance", "settings.look", 1);
    QCOMPARE(Theme::instance().look(), Look::light);
    choose("language", "settings.grouping", 1);
    QCOMPARE(grouping(), Grouping::international);
    QCOMPARE(Preferences::load().grouping, Grouping::international);
    set_grouping(Grouping::indian);
    choose("plots", "settings.range", 3);
    QCOMPARE(Preferences::load().plot_minutes, 1'440);
  }

  void speaks_hindi() {
    dress(*qApp, QStringLiteral("hi"));
    Catalogue::install(QStringLiteral("hi"));
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QVERIFY(user_->open_screen(QStringLiteral("settings")));
    QVERIFY(user_->wait_to_read(QStringLiteral("सेटिंग्स"), 5));
    QVERIFY(user_->wait_to_read(QStringLiteral("भाषा"), 5));
    // An English word finds it all the same.
    QVERIFY(user_->type_into(QStringLiteral("settings.search"), QStringLiteral("language")));
    QVERIFY(user_->wait_for(QStringLiteral("settings.language"), 5) != nullptr);
    dress(*qApp);
  }

  void searches_across_sections() {
    open();
    user_->press(Qt::Key_F, Qt::ControlModifier);
    QTRY_COMPARE(QApplication::focusWidget(), user_->find(QStringLiteral("settings.search")));
    user_->type(QStringLiteral("approvals"));
    // A sentence in one section, a name in another.
    QVERIFY(user_->wait_for(QStringLiteral("settings.section.approvals"), 5) != nullptr);
    QVERIFY(user_->wait_for(QStringLiteral("settings.table"), 10) != nullptr);
    QVERIFY(user_->row_with(QStringLiteral("settings.table"), QStringLiteral("guardrails.approvals")).isValid());
    QVERIFY(!user_->row_with(QStringLiteral("settings.table"), QStringLiteral("limits.drain_s")).isValid());
    QVERIFY(!user_->sees(QStringLiteral("settings.section.lock")));

    QVERIFY(user_->type_into(QStringLiteral("settings.search"), QStringLiteral("no such thing")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Nothing fits “no such thing”"), 5));
    QVERIFY(user_->click(QStringLiteral("Clear the search")));
    QVERIFY(user_->wait_for(QStringLiteral("settings.sections"), 5) != nullptr);
    QVERIFY(user_->type_into(QStringLiteral("settings.search"), QStringLiteral("LICENCE")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Apache-2.0"), 5));
    user_->press(Qt::Key_Escape);
    QTRY_VERIFY(qobject_cast<QLineEdit*>(user_->find(QStringLiteral("settings.search")))->text().isEmpty());
  }

  void shows_where_each_value_comes_from() {
    open();
    user_->window().screen()->show_at(QStringLiteral("appliance"));
    QTRY_VERIFY_WITH_TIMEOUT(
        user_->row_with(QStringLiteral("settings.table"), QStringLiteral("limits.drain_s")).isValid(), patience_ms(10));
    // All rows are seen, whole.
    const auto* const table = qobject_cast<DataTable*>(user_->find(QStringLiteral("settings.table")));
    QVERIFY(table != nullptr);
    const QModelIndex last = table->model()->index(table->model()->rowCount() - 1, 0);
    QTRY_VERIFY_WITH_TIMEOUT(table->viewport()->rect().contains(table->visualRect(last)), patience_ms(5));
    QVERIFY(user_->row_with(QStringLiteral("settings.table"), QStringLiteral("default")).isValid());
    QVERIFY(user_->row_with(QStringLiteral("settings.table"), QStringLiteral("tijorid.toml:")).isValid());
    // The command line says the same.
    const QString profile = rig_.root() + QStringLiteral("/profile");
    QVERIFY(QDir().mkpath(profile));
    QVERIFY(QFile::copy(rig_.authority(), profile + QStringLiteral("/ca.crt")));
    QVERIFY(QFile::copy(rig_.admin().certificate, profile + QStringLiteral("/client.crt")));
    QVERIFY(QFile::copy(rig_.admin().key, profile + QStringLiteral("/client.key")));
    QVERIFY2(rig_.run(QStringLiteral("tijori"), {QStringLiteral("--profile"), profile, QStringLiteral("settings")}),
             qPrintable(rig_.trouble()));
  }

  void says_what_a_reload_changed() {
    open();
    user_->window().screen()->show_at(QStringLiteral("appliance"));
    QTRY_VERIFY_WITH_TIMEOUT(
        user_->row_with(QStringLiteral("settings.table"), QStringLiteral("limits.drain_s")).isValid(), patience_ms(10));
    QVERIFY(user_->click(QStringLiteral("settings.reload")));
    QVERIFY(user_->wait_to_read(QStringLiteral("Nothing in the configuration has changed"), 10));
    meddler_->behave([](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/config/reload")
        return reply.answer(200, R"({"changed":["limits.drain_s"],"needs_restart":["engine.threads"]})");
      if (call.path() != "/admin/v1/settings") return reply.pass_on();
      reply.pass_on([](const std::string& body) {
        json changed = json::parse(body);
        for (json& each : changed["settings"])
          if (each["name"] == "limits.drain_s") each["value"] = "77";
        return changed.dump();
      });
    });
    QVERIFY(user_->click(QStringLiteral("settings.reload")));
    QVERIFY(user_->wait_to_read(QStringLiteral("→ 77"), 10));
    QVERIFY(user_->reads(QStringLiteral("engine.threads: after a restart of the daemon")));
    // A file that is wrong changes nothing, and is said.
    meddler_->behave([](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/config/reload")
        return reply.answer(
            400,
            R"({"error":{"message":"tijorid.toml:4: expected an integer","type":"invalid_request_error","code":"invalid_argument"}})");
      reply.pass_on();
    });
    QVERIFY(user_->click(QStringLiteral("settings.reload")));
    QVERIFY(user_->wait_to_read(QStringLiteral("tijorid.toml:4"), 10));
  }

  void waits_fails_and_is_refused_in_place() {
    meddler_->behave([](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/settings") return reply.hold();
      reply.pass_on();
    });
    open();
    user_->window().screen()->show_at(QStringLiteral("appliance"));
    QTRY_COMPARE_WITH_TIMEOUT(state("settings.section.appliance"), StateView::State::loading, patience_ms(5));
    // What is the console's own can be changed all the while.
    user_->window().screen()->show_at(QStringLiteral("lock"));
    QVERIFY(user_->sees(QStringLiteral("settings.lock")));

    meddler_ = std::make_unique<Meddler>(rig_, [](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() == "/admin/v1/settings")
        return reply.answer(500,
                            R"({"error":{"message":"disk I/O error","type":"server_error","code":"internal_error"}})");
      reply.pass_on();
    });
    user_ = std::make_unique<ConsoleUser>();
    open();
    user_->window().screen()->show_at(QStringLiteral("appliance"));
    QTRY_COMPARE_WITH_TIMEOUT(state("settings.section.appliance"), StateView::State::error, patience_ms(10));
    QVERIFY(user_->wait_to_read(QStringLiteral("disk I/O error")));
    meddler_->behave(pass_on);
    QVERIFY(user_->click(QStringLiteral("Try now")));
    QTRY_COMPARE_WITH_TIMEOUT(state("settings.section.appliance"), StateView::State::content, patience_ms(10));

    meddler_ = std::make_unique<Meddler>(rig_, [](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != "/admin/v1/capabilities") return reply.pass_on();
      reply.pass_on([](const std::string& body) {
        json changed = json::parse(body);
        for (json& each : changed["routes"])
          if (each["path"] == "/admin/v1/settings" || each["path"] == "/admin/v1/config/reload")
            each["permitted"] = false;
        return changed.dump();
      });
    });
    user_ = std::make_unique<ConsoleUser>();
    open();
    user_->window().screen()->show_at(QStringLiteral("appliance"));
    QTRY_COMPARE_WITH_TIMEOUT(state("settings.section.appliance"), StateView::State::no_permission, patience_ms(10));
    QVERIFY(!user_->find(QStringLiteral("settings.reload"))->isEnabled());
    QVERIFY(user_->find(QStringLiteral("settings.reload"))->toolTip().contains(QStringLiteral("operator")));
  }

  void shows_findings_with_their_fix() {
    meddler_->behave([](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != "/admin/v1/status") return reply.pass_on();
      reply.pass_on([](const std::string& body) {
        json changed = json::parse(body);
        changed["conditions"] = json::array(
            {{{"code", "crl-stale"}, {"severity", "warning"}, {"message", "crl.pem is 9 days old"}, {"since_us", 1}},
             {{"code", "model-failed"}, {"severity", "error"}, {"message", "scout: no memory"}, {"since_us", 2}}});
        return changed.dump();
      });
    });
    open();
    user_->window().screen()->show_at(QStringLiteral("findings"));
    QVERIFY(user_->click_row(QStringLiteral("settings.findings"), QStringLiteral("crl-stale")));
    QVERIFY(user_->reads(QStringLiteral("crl.pem is 9 days old")));
    QVERIFY(user_->click(QStringLiteral("Copy")));
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("tijori crl crl.pem"));
    QVERIFY(user_->click_row(QStringLiteral("settings.findings"), QStringLiteral("model-failed")));
    QVERIFY(user_->reads(QStringLiteral("scout: no memory")));
    QVERIFY(user_->click(QStringLiteral("settings.finding.open")));
    QVERIFY(user_->wait_for(QStringLiteral("models.table"), 10) != nullptr);
    // The search finds them by what they mean.
    QVERIFY(user_->open_screen(QStringLiteral("settings")));
    QVERIFY(user_->type_into(QStringLiteral("settings.search"), QStringLiteral("revocation list")));
    QVERIFY(user_->wait_for(QStringLiteral("settings.section.findings"), 5) != nullptr);
    meddler_->behave([](const MeddlerCall& call, MeddlerReply& reply) {
      if (call.path() != "/admin/v1/status") return reply.pass_on();
      reply.pass_on([](const std::string& body) {
        json changed = json::parse(body);
        changed["conditions"] = json::array();
        return changed.dump();
      });
    });
    user_->window().screen()->show_at(QStringLiteral("findings"));
    QVERIFY(user_->wait_to_read(QStringLiteral("The appliance has no finding."), 10));
  }

  void forgets_an_appliance_and_brings_it_back() {
    const ApplianceStore store(ApplianceStore::default_file());
    Appliance other;
    other.name = QStringLiteral("vault-9");
    other.admin_socket = QStringLiteral("/run/elsewhere/admin.sock");
    QVERIFY(store.put(other));
    open();
    user_->window().screen()->show_at(QStringLiteral("connections"));
    QVERIFY(user_->wait_to_read(QStringLiteral("vault-9"), 5));
    QVERIFY(!user_->find(QStringLiteral("settings.forget.vault-1"))->isEnabled());  // connected now
    QVERIFY(user_->click(QStringLiteral("settings.forget.vault-9")));
    QTRY_VERIFY(!user_->sees(QStringLiteral("settings.forget.vault-9")));
    QCOMPARE(std::ranges::count(*store.load(), QStringLiteral("vault-9"), &Appliance::name), 0);
    user_->press(Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(user_->sees(QStringLiteral("settings.forget.vault-9")));
    QCOMPARE(std::ranges::count(*store.load(), QStringLiteral("vault-9"), &Appliance::name), 1);
  }

  void claims_no_compliance() {
    open();
    user_->window().screen()->show_at(QStringLiteral("about"));
    QVERIFY(user_->wait_to_read(QStringLiteral("supports DPDP duties"), 5));
    for (const char* licence : {"Apache-2.0", "LGPL-3.0", "MIT", "OFL-1.1"})
      QVERIFY2(user_->reads(QLatin1String(licence)), licence);
    QVERIFY(!user_->text().contains(QStringLiteral("compliant"), Qt::CaseInsensitive));
    const auto status = rig_.get<DaemonStatus>("/admin/v1/status");
    QVERIFY(status && user_->reads(QStringLiteral("tijorid ") + QString::fromStdString(status->version)));
  }

  void fits_a_small_window() {
    open();
    for (const QSize size : {QSize(1440, 900), QSize(720, 450)}) {
      user_->window().resize(size);
      QTRY_COMPARE(user_->window().size(), size);
      for (const char* id : {"appearance", "language", "connections", "appliance", "findings", "about"}) {
        user_->window().screen()->show_at(QLatin1String(id));
        const auto* const section = user_->wait_for(QStringLiteral("settings.section.") + QLatin1String(id), 5);
        QVERIFY2(section != nullptr, id);
        QTRY_VERIFY(section->mapTo(&user_->window(), QPoint(section->width(), 0)).x() <= size.width());
      }
    }
  }

 private:
  void open() {
    QVERIFY(user_->connect_through(meddler_->admin_socket(), rig_));
    QTRY_VERIFY_WITH_TIMEOUT(user_->window().session()->status().has_value(), patience_ms(20));
    QVERIFY(user_->open_screen(QStringLiteral("settings")));
  }
  void choose(const char* section, const char* box, int index) {
    user_->window().screen()->show_at(QLatin1String(section));
    auto* const choices = qobject_cast<QComboBox*>(user_->wait_for(QLatin1String(box), 5));
    QVERIFY(choices != nullptr);
    choices->setFocus();
    QTest::keyClick(choices, Qt::Key_Home);
    for (int i = 0; i < index; ++i) QTest::keyClick(choices, Qt::Key_Down);
    QCOMPARE(choices->currentIndex(), index);
  }
  StateView::State state(const char* section) const {
    return user_->window().findChild<QWidget*>(QLatin1String(section))->findChild<StateView*>()->state();
  }

  ApplianceRig rig_{RigOptions{.config = QStringLiteral("[limits]\nmax_requests = 32\n")}};
  std::unique_ptr<Meddler> meddler_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::SettingsTest)
#include "settings_test.moc"

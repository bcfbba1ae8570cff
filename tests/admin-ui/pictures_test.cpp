// Takes a picture of every screen in both languages, light and dark, of a real appliance with the demo model under a
// small load, and looks for what can't be read on them.
//
// TIJORI_PICTURES is the folder for the pictures (docs/images); without it they go to a temporary one. TIJORI_LOAD_S is
// how long the load runs before the first picture: ten minutes fill the plots.
#include <QBuffer>
#include <QDoubleSpinBox>
#include <QImage>

#include "admin-ui/client/appliance.h"
#include "base/clock.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"
#include "tests/admin-ui/legibility.h"

namespace tijori::test {
namespace {

constexpr qint64 max_picture_bytes = 300 * 1024;
constexpr int default_load_s = 12;
constexpr const char* screens[] = {"connect",    "first-run", "overview", "models",  "audit",
                                   "guardrails", "clients",   "settings", "palette", "lock"};

struct Application {
  const char* name;
  int days;
};
constexpr Application applications[] = {
    {"loan-desk", 41}, {"kyc-extract", 318}, {"grievance-bot", 318}, {"branch-helpdesk", 9}};

// Few colours in a picture of a window: enough for PNG to be small.
QByteArray as_png(const QPixmap& picture) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  picture.toImage().convertToFormat(QImage::Format_RGB888).save(&buffer, "PNG", 0);
  return bytes;
}

// Of all pixels, those that aren't of the commonest colour.
double ink(const QImage& picture) {
  std::map<QRgb, int> counts;
  int all = 0;
  int most = 0;
  for (int y = 0; y < picture.height(); y += 3)
    for (int x = 0; x < picture.width(); x += 3) {
      most = std::max(most, ++counts[picture.pixel(x, y)]);
      ++all;
    }
  return 1.0 - static_cast<double>(most) / all;
}

}  // namespace

class PicturesTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    folder_ = qEnvironmentVariable("TIJORI_PICTURES");
    if (folder_.isEmpty()) folder_ = temporary_.path();
    QVERIFY(QDir().mkpath(folder_));
    QVERIFY(models_.isValid());
    const QString dense = qEnvironmentVariable("TIJORI_DEMO_MODEL");
    if (dense.isEmpty() || !QFile::exists(dense)) QSKIP("the demo model isn't here (TIJORI_DEMO_MODEL)");
    const QString demo = models_.filePath(QStringLiteral("smollm2-llama4-layout.gguf"));
    QVERIFY2(rig_.run(QStringLiteral("tijori-engine"),
                      {QStringLiteral("make-demo"), dense, demo, QStringLiteral("--experts"), QStringLiteral("16")}),
             qPrintable(rig_.trouble()));
    qputenv("TIJORI_DEMO_MODEL", demo.toUtf8());
    QVERIFY2(rig_.start(), qPrintable(rig_.trouble()));
    qputenv("TIJORI_DEMO_MODEL", dense.toUtf8());

    constexpr Role duties[] = {Role::operator_, Role::auditor, Role::guardrail_editor, Role::application};
    const auto officer = rig_.issue(QStringLiteral("anita.rao"), {std::begin(duties), std::end(duties)}, 200 * day_us);
    QVERIFY(officer && rig_.add(*officer));
    officer_ = *officer;
    Load::Plan plan;
    for (const Application& one : applications) {
      const auto made = rig_.issue(QString::fromLatin1(one.name), {Role::application}, one.days * day_us + day_us / 2);
      QVERIFY(made && rig_.add(*made));
      plan.clients.push_back(*made);
    }
    plan.questions = {
        "What is the capital of India?",
        "A customer writes: my PAN is ABCPE1234F, please update it. Answer in one sentence.",
        "Summarise: the loan was sanctioned on 3 March and the first instalment is due on 5 April.",
        "Aadhaar 9999 4105 7058 belongs to Asha. Write a polite reply.",
        "Call me on 98765 43210 after five. What will you need from me?",
        "Name three documents for opening a savings account.",
    };
    plan.max_tokens = 48;
    plan.pause_ms = 900;
    load_ = std::make_unique<Load>(rig_, std::move(plan));
    bool is_number = false;
    const int seconds = qEnvironmentVariableIntValue("TIJORI_LOAD_S", &is_number);
    QTest::qWait((is_number ? seconds : default_load_s) * 1000);
    QVERIFY(load_->answered() > 0);
  }

  void cleanupTestCase() { load_.reset(); }

  void shows_every_screen_data() {
    QTest::addColumn<QString>("language");
    QTest::addColumn<Look>("look");
    QTest::addColumn<QString>("suffix");
    QTest::newRow("English, light") << "en" << Look::light << "en-light";
    QTest::newRow("English, dark") << "en" << Look::dark << "en-dark";
    QTest::newRow("Hindi, light") << "hi" << Look::light << "hi-light";
    QTest::newRow("Hindi, dark") << "hi" << Look::dark << "hi-dark";
  }
  void shows_every_screen() {
    QFETCH(QString, language);
    QFETCH(Look, look);
    QFETCH(QString, suffix);
    suffix_ = suffix;
    dress(*qApp, language, look);
    save_appliances();
    user_ = std::make_unique<ConsoleUser>();
    const auto leave = qScopeGuard([this] { user_.reset(); });
    shoot_before_connecting();
    if (QTest::currentTestFailed()) return;
    QVERIFY(user_->connect_to(rig_, officer_));
    shoot_overview();
    shoot_models();
    shoot_audit();
    shoot_guardrails();
    shoot_clients();
    shoot_settings();
    shoot_palette();
    shoot_lock();
    dress(*qApp);
  }

  void takes_pictures_of_all() {
    for (const char* screen : screens)
      for (const char* suffix : {"en-light", "en-dark", "hi-light", "hi-dark"}) {
        const QFileInfo file(folder_ + QStringLiteral("/%1-%2.png").arg(QLatin1String(screen), QLatin1String(suffix)));
        QVERIFY2(file.exists(), qPrintable(file.filePath()));
        QVERIFY2(file.size() < max_picture_bytes, qPrintable(file.filePath()));
        const QImage picture(file.filePath());
        QCOMPARE(picture.size(), QSize(1440, 900));
        QVERIFY2(ink(picture) > 0.002, qPrintable(file.filePath()));
      }
  }

 private:
  void save_appliances() {
    const ApplianceStore store(ApplianceStore::default_file());
    Appliance mumbai;
    mumbai.name = QStringLiteral("vault-mumbai");
    mumbai.site = QStringLiteral("Mumbai BKC");
    mumbai.admin_socket = QStringLiteral("/run/tijori/admin.sock");
    mumbai.ssh = QStringLiteral("anita@bom-admin");
    mumbai.certificate = QStringLiteral("/srv/tijori/anita.p12");
    mumbai.authority = QStringLiteral("/srv/tijori/ca.crt");
    mumbai.health = QStringLiteral("ready");
    mumbai.version = QStringLiteral(TIJORI_VERSION);
    mumbai.last_seen_us = wall_clock_us() - 3 * day_us;
    QVERIFY(store.put(mumbai));
    Appliance bengaluru = mumbai;
    bengaluru.name = QStringLiteral("vault-bengaluru");
    bengaluru.site = QStringLiteral("Bengaluru DC");
    bengaluru.ssh.clear();
    bengaluru.last_seen_us = wall_clock_us() - 40 * 60 * int64_t{1'000'000};
    QVERIFY(store.put(bengaluru));
    // The one of the test itself, from the language before.
    (void)store.forget(QStringLiteral("vault-1"));
  }

  void shoot(const char* screen) {
    QTest::qWait(500);
    QWidget& window = user_->window();
    const QStringList faults = cut_off(window);
    QVERIFY2(faults.isEmpty(), qPrintable(QLatin1String(screen) + QStringLiteral("-%1:\n").arg(suffix_) +
                                          faults.join(QLatin1Char('\n'))));
    QFile file(folder_ + QStringLiteral("/%1-%2.png").arg(QLatin1String(screen), suffix_));
    const QByteArray bytes = as_png(window.grab());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
  }

  bool press_button(const char* name) { return user_->click(QLatin1String(name)); }

  void shoot_before_connecting() {
    shoot("connect");
    QVERIFY(press_button("connect.add"));
    QVERIFY(press_button("connect.set-up"));
    QVERIFY(user_->wait_for(QStringLiteral("firstrun.go")) != nullptr);
    shoot("first-run");
    QVERIFY(press_button("firstrun.leave"));
  }

  void shoot_overview() {
    QVERIFY(user_->open_screen(QStringLiteral("overview")));
    QTest::qWait(2'500);
    shoot("overview");
  }

  void shoot_models() {
    QVERIFY(user_->open_screen(QStringLiteral("models")));
    QVERIFY(user_->type_into(QStringLiteral("try.question"), QStringLiteral("What is the capital of India?")));
    // The same answer in every picture.
    user_->window().findChild<QDoubleSpinBox*>(QStringLiteral("try.temperature"))->setValue(0);
    QVERIFY(press_button("try.ask"));
    QVERIFY(user_->wait_for(QStringLiteral("try.stop"), 20) != nullptr);
    QVERIFY(QTest::qWaitFor([this] { return !user_->sees(QStringLiteral("try.stop")); }, patience_ms(60)));
    QTest::qWait(2'500);
    shoot("models");
  }

  void shoot_audit() {
    QVERIFY(user_->open_screen(QStringLiteral("audit")));
    QVERIFY(press_button("audit.verify"));
    QVERIFY(user_->click_row(QStringLiteral("audit.table"), QStringLiteral("inference.released")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("audit.drawer")) != nullptr);
    QTest::qWait(2'000);
    shoot("audit");
    user_->press(Qt::Key_Escape);
  }

  void shoot_guardrails() {
    QVERIFY(user_->open_screen(QStringLiteral("guardrails")));
    QVERIFY(user_->wait_for(QStringLiteral("guardrails.rules")) != nullptr);
    QVERIFY(press_button("guardrails.bench"));
    QTest::qWait(1'500);
    shoot("guardrails");
  }

  void shoot_clients() {
    QVERIFY(user_->open_screen(QStringLiteral("clients")));
    QVERIFY(user_->click_row(QStringLiteral("clients.table"), QStringLiteral("branch-helpdesk")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->wait_for(QStringLiteral("clients.drawer")) != nullptr);
    shoot("clients");
    user_->press(Qt::Key_Escape);
  }

  void shoot_settings() {
    QVERIFY(user_->open_screen(QStringLiteral("settings")));
    user_->window().show_screen_at(QStringLiteral("settings"), QStringLiteral("appliance"));
    shoot("settings");
  }

  void shoot_palette() {
    QVERIFY(user_->open_screen(QStringLiteral("overview")));
    user_->press(Qt::Key_K, Qt::ControlModifier);
    QVERIFY(user_->wait_for(QStringLiteral("palette.field")) != nullptr);
    user_->type(QStringLiteral("re"));
    shoot("palette");
    user_->press(Qt::Key_Escape);
  }

  void shoot_lock() {
    user_->press(Qt::Key_L, Qt::ControlModifier);
    QVERIFY(user_->wait_for(QStringLiteral("lock.unlock")) != nullptr);
    shoot("lock");
  }

  ApplianceRig rig_{{.config = {}, .small_model = false}};
  QTemporaryDir temporary_;
  QTemporaryDir models_;
  QString folder_;
  QString suffix_;
  Identity officer_;
  std::unique_ptr<Load> load_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::PicturesTest)
#include "pictures_test.moc"

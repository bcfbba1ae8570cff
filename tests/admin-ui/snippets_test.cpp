// The programs that a new application starts from, run as its people would run them, and certificates issued from
// requests.
#include <QComboBox>
#include <QPlainTextEdit>
#include <QProcess>

#include "admin-ui/models/numbers.h"
#include "base/certificate.h"
#include "base/file.h"
#include "cli/ca/authority.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"

namespace tijori::test {

class SnippetsTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    QVERIFY2(rig_.start(), qPrintable(rig_.trouble()));
    user_ = std::make_unique<ConsoleUser>();
    QVERIFY(user_->connect_to(rig_, rig_.admin()));
    QVERIFY(user_->open_screen(QStringLiteral("clients")));
    QVERIFY(user_->wait_to_read(QStringLiteral("front-desk")));
    make_by_dialog();
  }
  void cleanupTestCase() {
    QCOMPARE(user_->stray_windows(), QStringList());
    user_.reset();
  }

  void the_folder_holds_what_is_needed_and_keeps_the_key_to_its_owner() {
    for (const char* name : {"client.crt", "client.key", "ca.crt", "ask.sh", "ask.py", "ask.cpp"})
      QVERIFY2(QFileInfo::exists(file(name)), name);
    QCOMPARE(QFile::permissions(file("client.key")) &
                 (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
             QFile::Permissions());
    QCOMPARE(QFile::permissions(folder()) & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther),
             QFile::Permissions());
  }

  void curl_is_answered() { is_answered(QStringLiteral("./ask.sh"), {}); }

  void python_is_answered() {
    const QString python = qEnvironmentVariable("TIJORI_TEST_PYTHON");
    if (python.isEmpty() || run(python, {QStringLiteral("-c"), QStringLiteral("import openai")}).first != 0)
      QSKIP("the Python package openai isn't there; tests/run.sh fetches it where PyPI can be reached");
    is_answered(python, {QStringLiteral("ask.py")});
  }

  void cpp_is_answered() {
    // Its first line says how it is built.
    QFile source(file("ask.cpp"));
    QVERIFY(source.open(QIODevice::ReadOnly));
    QVERIFY(source.readLine().contains("g++ -std=c++17 ask.cpp -lcurl && ./a.out"));
    const auto there = run(QStringLiteral("g++"),
                           {QStringLiteral("-E"), QStringLiteral("-x"), QStringLiteral("c++"),
                            QStringLiteral("-include"), QStringLiteral("curl/curl.h"), QStringLiteral("/dev/null")});
    if (there.first != 0) QSKIP("the headers of libcurl aren't there: apt-get install libcurl4-openssl-dev");
    const auto built =
        run(QStringLiteral("g++"), {QStringLiteral("-std=c++17"), QStringLiteral("-Wall"), QStringLiteral("-Wextra"),
                                    QStringLiteral("-Werror"), QStringLiteral("ask.cpp"), QStringLiteral("-lcurl")});
    QVERIFY2(built.first == 0, qPrintable(built.second));
    is_answered(QStringLiteral("./a.out"), {});
  }

  // A program that fails must say so: with a certificate that was revoked none of them is answered.
  void none_is_answered_once_it_is_revoked() {
    QVERIFY(rig_.post<ClientInfo>("/admin/v1/clients/loan-desk/revoke", RevokeClient{"tested", std::nullopt}));
    const auto [code, said] = run(QStringLiteral("./ask.sh"), {});
    QVERIFY2(code != 0, qPrintable(said));
  }

  void issues_from_a_request_and_shows_what_it_asks_for_beside_what_is_signed() {
    const QString request = rig_.root() + QStringLiteral("/kyc.csr");
    const QString key = rig_.root() + QStringLiteral("/kyc.key");
    // Made by somebody else's tool, with more wishes than are granted.
    const auto made = run(QStringLiteral("openssl"),
                          {QStringLiteral("req"), QStringLiteral("-new"), QStringLiteral("-newkey"),
                           QStringLiteral("ec"), QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"),
                           QStringLiteral("-nodes"), QStringLiteral("-keyout"), key, QStringLiteral("-out"), request,
                           QStringLiteral("-subj"), QStringLiteral("/O=Sahyadri Bank/CN=kyc-extract"),
                           QStringLiteral("-addext"), QStringLiteral("subjectAltName=DNS:everything.example"),
                           QStringLiteral("-addext"), QStringLiteral("basicConstraints=critical,CA:TRUE")});
    QVERIFY2(made.first == 0, qPrintable(made.second));

    QVERIFY(user_->click(QStringLiteral("clients.request")));
    QVERIFY(user_->wait_for(QStringLiteral("new_application.request")) != nullptr);
    QVERIFY(!user_->find(QStringLiteral("new_application.make"))->isEnabled());
    QVERIFY(user_->type_into(QStringLiteral("new_application.request"), rig_.authority()));
    QVERIFY(!user_->find(QStringLiteral("new_application.make"))->isEnabled());  // not a request
    QVERIFY(user_->type_into(QStringLiteral("new_application.request"), request));
    const QString asked = text_of("new_application.asked");
    QVERIFY2(asked.contains(QStringLiteral("CN=kyc-extract")) || asked.contains(QStringLiteral("kyc-extract")),
             qPrintable(asked));
    QVERIFY2(asked.contains(QStringLiteral("everything.example")), qPrintable(asked));
    QCOMPARE(field("new_application.name")->text(), QStringLiteral("kyc-extract"));
    const QString signed_text = text_of("new_application.signed");
    QVERIFY2(signed_text.contains(QStringLiteral("Name: kyc-extract")), qPrintable(signed_text));
    QVERIFY2(signed_text.contains(QStringLiteral("Role: application")), qPrintable(signed_text));
    QVERIFY2(signed_text.contains(QStringLiteral("left out")), qPrintable(signed_text));
    QVERIFY(!signed_text.contains(QStringLiteral("everything.example")));

    const QString out = rig_.root() + QStringLiteral("/kyc-extract");
    QVERIFY(user_->type_into(QStringLiteral("new_application.authority"), rig_.authority_folder()));
    QVERIFY(user_->type_into(QStringLiteral("new_application.folder"), out));
    QVERIFY(user_->type_into(QStringLiteral("new_application.passphrase"), QLatin1String(ApplianceRig::passphrase())));
    QVERIFY(user_->click(QStringLiteral("new_application.make")));
    QVERIFY(user_->wait_for(QStringLiteral("new_application.close"), 30) != nullptr);
    QVERIFY(!user_->find(QStringLiteral("new_application.test"))->isEnabled());  // the key isn't here
    QVERIFY(user_->click(QStringLiteral("new_application.close")));

    // What was signed is what was said.
    const auto pem = read_file((out + QStringLiteral("/client.crt")).toStdString(), max_pem_bytes);
    QVERIFY(pem.has_value());
    const auto certificate = Certificate::from_pem(*pem);
    QVERIFY(certificate.has_value());
    QCOMPARE(certificate->info().client_name, std::string("kyc-extract"));
    QVERIFY(!QFileInfo::exists(out + QStringLiteral("/client.key")));
    const auto shown = run(QStringLiteral("openssl"),
                           {QStringLiteral("x509"), QStringLiteral("-in"), out + QStringLiteral("/client.crt"),
                            QStringLiteral("-noout"), QStringLiteral("-text")});
    QVERIFY2(!shown.second.contains(QStringLiteral("everything.example")), qPrintable(shown.second));
    QVERIFY2(!shown.second.contains(QStringLiteral("CA:TRUE")), qPrintable(shown.second));

    // And with the key that never left its people it is answered.
    QVERIFY(QFile::copy(key, out + QStringLiteral("/client.key")));
    const auto [code, said] = run(QStringLiteral("./ask.sh"), {}, out);
    QVERIFY2(code == 0 && said.contains(QStringLiteral("\"choices\"")), qPrintable(said));
    QVERIFY(user_->wait_to_read(QStringLiteral("kyc-extract")));
  }

  void renews_and_both_certificates_work() {
    const auto client = rig_.issue(QStringLiteral("atm-complaints"), {Role::application}, 5 * day_us);
    QVERIFY(client && rig_.add(*client));
    user_->press(Qt::Key_F5);
    QVERIFY(user_->click_row(QStringLiteral("clients.table"), QStringLiteral("atm-complaints")));
    QVERIFY(user_->wait_to_read(QStringLiteral("expires soon")));
    user_->press(Qt::Key_Return);
    QVERIFY(user_->click(QStringLiteral("clients.renew")));
    QVERIFY(user_->wait_for(QStringLiteral("new_application.passphrase")) != nullptr);
    QVERIFY(user_->wait_to_read(QStringLiteral("Renew the certificate of atm-complaints")));
    const QString out = rig_.root() + QStringLiteral("/atm-complaints");
    QVERIFY(user_->type_into(QStringLiteral("new_application.authority"), rig_.authority_folder()));
    QVERIFY(user_->type_into(QStringLiteral("new_application.folder"), out));
    QVERIFY(user_->type_into(QStringLiteral("new_application.passphrase"), QLatin1String(ApplianceRig::passphrase())));
    QVERIFY(user_->click(QStringLiteral("new_application.make")));
    QVERIFY(user_->click(QStringLiteral("new_application.close"), 30));
    const auto [code, said] = run(QStringLiteral("./ask.sh"), {}, out);
    QVERIFY2(code == 0, qPrintable(said));
    auto old = rig_.client(*client, rig_.api_socket());
    QVERIFY(tijori::get<ModelList>(*old, "/v1/models").has_value() || old.has_value());
    const auto list = rig_.get<ClientList>("/admin/v1/clients");
    for (const ClientInfo& each : list->clients)
      if (each.name == "atm-complaints") QCOMPARE(each.certificates.size(), size_t{2});
  }

 private:
  QString folder() const { return rig_.root() + QStringLiteral("/loan-desk"); }
  QString file(const char* name) const { return folder() + QLatin1Char('/') + QLatin1String(name); }
  QLineEdit* field(const char* name) const { return qobject_cast<QLineEdit*>(user_->find(QLatin1String(name))); }
  QString text_of(const char* name) const {
    const auto* const label = qobject_cast<QLabel*>(user_->find(QLatin1String(name)));
    return label == nullptr ? QString() : plain(label->text());
  }

  void make_by_dialog() {
    QVERIFY(user_->click(QStringLiteral("clients.new")));
    QVERIFY(user_->type_into(QStringLiteral("new_application.name"), QStringLiteral("loan-desk")));
    QVERIFY(user_->type_into(QStringLiteral("new_application.authority"), rig_.authority_folder()));
    QVERIFY(user_->type_into(QStringLiteral("new_application.folder"), folder()));
    QVERIFY(user_->type_into(QStringLiteral("new_application.passphrase"), QLatin1String(ApplianceRig::passphrase())));
    QVERIFY(user_->click(QStringLiteral("new_application.make")));
    // The passphrase doesn't stay in the field.
    QVERIFY(field("new_application.passphrase")->text().isEmpty());
    QVERIFY(user_->click(QStringLiteral("new_application.close"), 30));
  }

  std::pair<int, QString> run(const QString& program, const QStringList& arguments, const QString& in = {}) {
    QProcess process;
    process.setWorkingDirectory(in.isEmpty() ? folder() : in);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program.startsWith(QLatin1String("./")) ? process.workingDirectory() + program.mid(1) : program,
                  arguments);
    if (!process.waitForFinished(patience_ms(60))) return {-1, process.errorString()};
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
  }

  void is_answered(const QString& program, const QStringList& arguments) {
    const int64_t before = answered_of_loan_desk();
    const auto [code, said] = run(program, arguments);
    QVERIFY2(code == 0, qPrintable(said));
    QVERIFY2(!said.trimmed().isEmpty(), "it printed nothing");
    // The appliance says so too: an answer to this very client.
    QTRY_COMPARE_WITH_TIMEOUT(answered_of_loan_desk(), before + 1, patience_ms(10));
  }
  int64_t answered_of_loan_desk() {
    const auto list = rig_.get<ClientList>("/admin/v1/clients");
    if (!list) return -1;
    for (const ClientInfo& each : list->clients)
      if (each.name == "loan-desk") {
        const auto counted =
            rig_.get<AuditCounts>("/admin/v1/audit/count?event=inference.released&outcome=answered&actor=" + each.id);
        return counted ? counted->matching : -1;
      }
    return -1;
  }

  ApplianceRig rig_;
  std::unique_ptr<ConsoleUser> user_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::SnippetsTest)
#include "snippets_test.moc"

// How an administrator comes in, is kept out, and comes back.
#include <QProcess>
#include <QTemporaryDir>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "admin-ui/client/appliance.h"
#include "admin-ui/models/finding.h"
#include "admin-ui/views/parts/command_box.h"
#include "base/certificate.h"
#include "base/file.h"
#include "tests/admin-ui/console_main.h"
#include "tests/admin-ui/console_user.h"

namespace tijori::test {

namespace {

constexpr uid_t nobody = 65534;

UniqueFd listen_at(const QString& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const QByteArray name = QFile::encodeName(path);
  if (!fd || static_cast<size_t>(name.size()) >= sizeof address.sun_path) return UniqueFd();
  std::memcpy(address.sun_path, name.constData(), static_cast<size_t>(name.size()));
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd.get(), 16) != 0)
    return UniqueFd();
  return fd;
}

// Carries bytes from one socket to another, as `ssh -L` does, and leaves its file behind when it ends, as ssh does too.
class Tunnel {
 public:
  Tunnel(QString here, QString there) : here_(std::move(here)), there_(std::move(there)) {
    QFile::remove(here_);
    listener_ = listen_at(here_);
    if (listener_) thread_ = std::thread([this] { run(); });
  }
  ~Tunnel() {
    ending_ = true;
    if (thread_.joinable()) thread_.join();
    for (std::thread& each : carriers_) each.join();
  }
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
  bool is_open() const { return thread_.joinable(); }
  int64_t carried_bytes() const { return carried_bytes_; }

 private:
  static constexpr int step_ms = 50;

  void run() {
    while (!ending_) {
      pollfd waiting{listener_.get(), POLLIN, 0};
      if (::poll(&waiting, 1, step_ms) <= 0) continue;
      UniqueFd near(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (near) carriers_.emplace_back([this, near = std::move(near)]() mutable { carry(std::move(near)); });
    }
  }
  void carry(UniqueFd near) {
    UniqueFd far(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(there_);
    std::memcpy(address.sun_path, name.constData(), static_cast<size_t>(name.size()));
    if (::connect(far.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    std::array<pollfd, 2> ends{pollfd{near.get(), POLLIN, 0}, pollfd{far.get(), POLLIN, 0}};
    std::array<char, 16'384> bytes{};
    while (!ending_) {
      if (::poll(ends.data(), ends.size(), step_ms) <= 0) continue;
      for (size_t from = 0; from < ends.size(); ++from) {
        if (ends.at(from).revents == 0) continue;
        const ssize_t count = ::read(ends.at(from).fd, bytes.data(), bytes.size());
        if (count <= 0 || ::write(ends.at(1 - from).fd, bytes.data(), static_cast<size_t>(count)) != count) return;
        carried_bytes_ += count;
      }
    }
  }

  QString here_;
  QString there_;
  UniqueFd listener_;
  std::atomic<bool> ending_ = false;
  std::atomic<int64_t> carried_bytes_ = 0;
  std::thread thread_;
  std::list<std::thread> carriers_;
};

// A passphrase that stands nowhere in this process but where the console puts it: the parts of the program that know it
// hold its complement.
class HiddenWords {
 public:
  HiddenWords() {
    for (size_t i = 0; i < masked_.size(); ++i)
      masked_.at(i) = static_cast<uint8_t>(~static_cast<uint8_t>('a' + (i * 7 + static_cast<size_t>(::getpid())) % 26));
  }
  size_t size() const { return masked_.size(); }
  char at(size_t i) const { return static_cast<char>(~masked_.at(i)); }
  Secret secret() const {
    Bytes bytes;
    bytes.reserve(size());
    for (size_t i = 0; i < size(); ++i) bytes.push_back(static_cast<uint8_t>(at(i)));
    return Secret(std::move(bytes));
  }

  // Places in the memory of this process that may be written to where the words stand, one or two bytes a character.
  int64_t found_in_memory() const {
    int64_t found = 0;
    QFile maps(QStringLiteral("/proc/self/maps"));
    UniqueFd memory(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
    if (!maps.open(QIODevice::ReadOnly) || !memory) return -1;
    const QList<QByteArray> lines = maps.readAll().split('\n');
    std::vector<uint8_t> piece;
    for (const QByteArray& line : lines) {
      const QList<QByteArray> fields = line.simplified().split(' ');
      if (fields.size() < 2 || !fields.at(1).startsWith("rw")) continue;
      const QList<QByteArray> ends = fields.at(0).split('-');
      uint64_t at = ends.at(0).toULongLong(nullptr, 16);
      const uint64_t end = ends.at(1).toULongLong(nullptr, 16);
      while (at < end) {
        piece.assign(std::min<uint64_t>(end - at, piece_bytes), 0);
        const ssize_t count = ::pread(memory.get(), piece.data(), piece.size(), static_cast<off_t>(at));
        if (count > 0) found += found_in({piece.data(), static_cast<size_t>(count)});
        std::fill(piece.begin(), piece.end(), uint8_t{0});
        at += piece_bytes - 2 * size();
      }
    }
    return found;
  }

 private:
  static constexpr uint64_t piece_bytes = 1U << 20;
  int64_t found_in(ByteView bytes) const {
    int64_t found = 0;
    for (size_t stride = 1; stride <= 2; ++stride)
      for (size_t start = 0; start + stride * size() <= bytes.size(); ++start) {
        size_t same = 0;
        while (same < size() && bytes[start + stride * same] == static_cast<uint8_t>(~masked_.at(same))) ++same;
        if (same == size()) ++found;
      }
    return found;
  }
  std::array<uint8_t, 20> masked_{};
};

}  // namespace

class ConnectTest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QVERIFY2(rig_.start(), qPrintable(rig_.trouble())); }

  void comes_in_by_typing() {
    ConsoleUser user;
    QVERIFY(user.connect_to(rig_, rig_.admin()));
    QVERIFY(user.wait_to_read(QStringLiteral("vault-1")));
    QVERIFY(user.wait_to_read(QStringLiteral("records-office")));
    QVERIFY(user.wait_to_read(health_sentence(*rig_.get<DaemonStatus>("/admin/v1/status"))));
  }

  void comes_in_with_every_form_of_key_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::newRow("PKCS#12") << rig_.admin_pkcs12() << QString();
    QTest::newRow("PEM with a sealed key") << rig_.admin().certificate << rig_.admin_sealed_key();
  }
  void comes_in_with_every_form_of_key() {
    QFETCH(QString, certificate);
    QFETCH(QString, key);
    QVERIFY(QFileInfo::exists(certificate));
    ConsoleUser user;
    const Identity identity{QStringLiteral("records-office"), certificate, key};
    user.fill_connect_form(rig_, identity, QStringLiteral("wrong horse battery"));
    QVERIFY(user.wait_to_read(
        QStringLiteral("passphrase of %1 is wrong").arg(QFileInfo(key.isEmpty() ? certificate : key).fileName())));
    QVERIFY(user.window().session() == nullptr);
    // The field is empty again and has the focus: only the passphrase is typed anew.
    QTRY_COMPARE(QApplication::focusWidget(), user.find(QStringLiteral("connect.passphrase")));
    QVERIFY(qobject_cast<QLineEdit*>(user.find(QStringLiteral("connect.passphrase")))->text().isEmpty());
    user.type(QLatin1String(ApplianceRig::passphrase()));
    user.press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(user.window().session() != nullptr, patience_ms(20));
    QVERIFY(user.wait_to_read(QStringLiteral("records-office")));
  }

  void says_why_nobody_comes_in_data() {
    QTest::addColumn<QString>("who");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("expired") << "expired" << QStringList{"expired on"};
    QTest::newRow("revoked") << "revoked" << QStringList{"has been revoked"};
    QTest::newRow("of another authority") << "stranger" << QStringList{"another CA"};
    QTest::newRow("not in the register") << "unregistered" << QStringList{"register", "tijori clients add"};
    QTest::newRow("an application's") << "application" << QStringList{"can't administer this appliance"};
    QTest::newRow("another one's key") << "mixed" << QStringList{"not that of this certificate"};
    QTest::newRow("no passphrase") << "no passphrase" << QStringList{"needs its passphrase"};
    QTest::newRow("wrong passphrase") << "wrong passphrase" << QStringList{"passphrase", "is wrong"};
    QTest::newRow("no certificate at all") << "not one" << QStringList{"holds no certificate"};
    QTest::newRow("a file that is gone") << "gone" << QStringList{"is not there"};
  }
  void says_why_nobody_comes_in() {
    QFETCH(QString, who);
    QFETCH(QStringList, words);
    ConsoleUser user;
    Identity identity = rig_.admin();
    QString passphrase;
    if (who == QLatin1String("expired")) identity = rig_.expired();
    if (who == QLatin1String("revoked")) identity = rig_.revoked();
    if (who == QLatin1String("stranger")) identity = rig_.stranger();
    if (who == QLatin1String("unregistered")) identity = rig_.unregistered();
    if (who == QLatin1String("application")) identity = rig_.application();
    if (who == QLatin1String("mixed")) identity.key = rig_.second().key;
    if (who.endsWith(QLatin1String("passphrase"))) identity = {{}, rig_.admin_pkcs12(), {}};
    if (who == QLatin1String("wrong passphrase")) passphrase = QStringLiteral("nearly right");
    if (who == QLatin1String("not one")) identity.certificate = rig_.admin().key;
    if (who == QLatin1String("gone")) identity.certificate += QStringLiteral(".bak");
    user.fill_connect_form(rig_, identity, passphrase);
    for (const QString& word : words) QVERIFY(user.wait_to_read(word));
    remember(user, who);
  }

  void says_why_the_way_is_closed_data() {
    QTest::addColumn<QString>("way");
    QTest::addColumn<QString>("words");
    QTest::newRow("no socket") << "absent" << "is not there";
    QTest::newRow("nobody listens") << "left behind" << "nobody listens";
    QTest::newRow("something that is no appliance") << "parrot" << "not a Tijori appliance";
    QTest::newRow("the group is missing") << "denied" << "may not open";
  }
  void says_why_the_way_is_closed() {
    QFETCH(QString, way);
    QFETCH(QString, words);
    QTemporaryDir folder(QStringLiteral("/tmp/tijori-way-XXXXXX"));
    const QString socket = folder.filePath(QStringLiteral("admin.sock"));
    UniqueFd listener;
    std::thread parrot;
    Identity identity = rig_.admin();
    QString authority = rig_.authority();
    const auto back = qScopeGuard([&] {
      if (::getuid() == 0) (void)::seteuid(0);
      listener = UniqueFd();
      if (parrot.joinable()) parrot.join();
    });
    if (way == QLatin1String("left behind")) listen_at(socket);  // bound, and closed again
    if (way == QLatin1String("parrot")) {
      listener = listen_at(socket);
      parrot = std::thread([fd = listener.get()] {
        pollfd waiting{fd, POLLIN, 0};
        if (::poll(&waiting, 1, patience_ms(20)) <= 0) return;
        const UniqueFd one(::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC));
        std::array<char, 512> heard{};
        (void)::read(one.get(), heard.data(), heard.size());
        (void)::write(one.get(), "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
      });
    }
    ConsoleUser user;
    if (way == QLatin1String("denied")) {
      // The superuser may open everything, so that somebody else tries; with files that they can read.
      listener = listen_at(socket);
      QVERIFY(::chmod(QFile::encodeName(socket).constData(), 0600) == 0);
      const QString open = folder.filePath(QStringLiteral("files"));
      QVERIFY(QDir().mkpath(open));
      for (QString* const file : {&identity.certificate, &identity.key, &authority}) {
        const QString copy = open + QLatin1Char('/') + QFileInfo(*file).fileName();
        QVERIFY(QFile::copy(*file, copy));
        QVERIFY(::chmod(QFile::encodeName(copy).constData(), 0644) == 0);
        *file = copy;
      }
      QVERIFY(::chmod(QFile::encodeName(folder.path()).constData(), 0755) == 0);
      QVERIFY(::chmod(QFile::encodeName(open).constData(), 0755) == 0);
      if (::getuid() == 0) {
        QVERIFY(::seteuid(nobody) == 0);
      } else {
        QVERIFY(::chmod(QFile::encodeName(socket).constData(), 0) == 0);
      }
    }
    user.fill_connect_form(rig_, identity, {}, socket);
    if (authority != rig_.authority()) {
      QVERIFY(user.wait_to_read(QStringLiteral("ca.crt can't be read by you")));
      QVERIFY(user.type_into(QStringLiteral("connect.authority"), authority));
      user.press(Qt::Key_Return);
    }
    QVERIFY(user.wait_to_read(words));
    if (way == QLatin1String("denied")) QVERIFY(user.reads(QStringLiteral("sudo usermod -aG tijori-admin")));
    remember(user, way);
  }

  void a_file_that_is_somebody_elses_is_said_to_be() {
    if (::getuid() != 0) QSKIP("only the superuser can become somebody else");
    ConsoleUser user;
    const auto back = qScopeGuard([] { (void)::seteuid(0); });
    QVERIFY(::seteuid(nobody) == 0);
    user.fill_connect_form(rig_, rig_.admin());
    QVERIFY(user.wait_for(QStringLiteral("connect.failure")) != nullptr);
    const QString said = plain(qobject_cast<QLabel*>(user.find(QStringLiteral("connect.failure")))->text());
    QVERIFY2(said.contains(QStringLiteral("can't be read by you")) || said.contains(QStringLiteral("is not there")),
             qPrintable(said));
  }

  // Refused first, let in later, with what was typed before.
  void comes_in_once_it_is_in_the_register() {
    const auto late = rig_.issue(QStringLiteral("night-shift"), {Role::operator_});
    QVERIFY(late.has_value());
    ConsoleUser user;
    user.fill_connect_form(rig_, *late);
    QVERIFY(user.wait_to_read(QStringLiteral("not in the appliance's register")));
    QVERIFY(rig_.add(*late));
    QVERIFY(user.click(QStringLiteral("connect.connect")));
    QTRY_VERIFY_WITH_TIMEOUT(user.window().session() != nullptr, patience_ms(20));
  }

  void comes_in_through_a_tunnel_and_says_when_that_ends() {
    ConsoleUser user;
    const QString name = QStringLiteral("tijori-blr-01");
    QVERIFY(user.click(QStringLiteral("connect.add")) || user.sees(QStringLiteral("connect.name")));
    QVERIFY(user.type_into(QStringLiteral("connect.name"), name));
    QWidget* const way = user.find(QStringLiteral("connect.way"));
    QVERIFY(way != nullptr);
    way->setFocus();
    user.press(Qt::Key_Right);
    // The socket's place is chosen, below this user's own run-time folder.
    const QString here = qobject_cast<QLineEdit*>(user.find(QStringLiteral("connect.socket")))->text();
    QCOMPARE(here, forwarded_socket(name));
    QVERIFY(here.startsWith(qEnvironmentVariable("XDG_RUNTIME_DIR")));
    QVERIFY(user.type_into(QStringLiteral("connect.ssh"), QStringLiteral("anita@blr-admin")));
    const auto* const tunnel_box = qobject_cast<CommandBox*>(user.find(QStringLiteral("connect.tunnel")));
    QVERIFY(tunnel_box != nullptr);
    const QString folder = QFileInfo(here).path();
    QCOMPARE(tunnel_box->command(),
             QStringLiteral("mkdir -p -m 700 %1 && ssh -N -o StreamLocalBindUnlink=yes "
                            "-L %1/admin.sock:/run/tijori/admin.sock -L %1/api.sock:/run/tijori/api.sock "
                            "anita@blr-admin")
                 .arg(folder));
    QVERIFY(user.type_into(QStringLiteral("connect.authority"), rig_.authority()));
    QVERIFY(user.type_into(QStringLiteral("connect.certificate"), rig_.admin().certificate));
    QVERIFY(user.type_into(QStringLiteral("connect.key"), rig_.admin().key));
    user.press(Qt::Key_Return);
    QVERIFY(user.wait_to_read(QStringLiteral("admin.sock is not there")));
    QVERIFY(user.reads(QStringLiteral("open the tunnel first")));

    QVERIFY(QDir().mkpath(folder));
    auto tunnel = std::make_unique<Tunnel>(here, rig_.admin_socket());
    QVERIFY(tunnel->is_open());
    QVERIFY(user.click(QStringLiteral("connect.connect")));
    QTRY_VERIFY_WITH_TIMEOUT(user.window().session() != nullptr && user.window().session()->status(), patience_ms(20));
    QVERIFY(tunnel->carried_bytes() > 0);
    QVERIFY(user.open_screen(QStringLiteral("clients")));
    QVERIFY(user.wait_to_read(QStringLiteral("front-desk")));

    tunnel.reset();
    QTRY_VERIFY_WITH_TIMEOUT(user.window().session()->link() == Link::lost, patience_ms(20));
    QVERIFY(user.wait_to_read(QStringLiteral("No answer since")));
    QVERIFY(user.reads(QStringLiteral("front-desk")));  // what was read stays
    tunnel = std::make_unique<Tunnel>(here, rig_.admin_socket());
    QTRY_VERIFY_WITH_TIMEOUT(user.window().session()->link() == Link::connected, patience_ms(40));
    QCOMPARE(user.window().current_screen(), QStringLiteral("clients"));
  }

  void remembers_the_appliance_and_forgets_it_when_asked() {
    QFile::remove(ApplianceStore::default_file());
    {
      ConsoleUser user;
      QVERIFY(user.connect_to(rig_, {{}, rig_.admin_pkcs12(), {}}, QLatin1String(ApplianceRig::passphrase())));
    }
    ConsoleUser user;
    QVERIFY(user.wait_to_read(QStringLiteral("Connect to vault-1")));
    QVERIFY(!user.sees(QStringLiteral("connect.socket")));
    QVERIFY(user.type_into(QStringLiteral("connect.passphrase"), QLatin1String(ApplianceRig::passphrase())));
    user.press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(user.window().session() != nullptr, patience_ms(20));
    QFile saved(ApplianceStore::default_file());
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QVERIFY(!saved.readAll().contains(ApplianceRig::passphrase()));

    user.window().show_connect();
    QVERIFY(user.click(QStringLiteral("connect.forget")));
    QVERIFY(user.wait_to_read(QStringLiteral("Forget vault-1?")));
    QVERIFY(user.click(QStringLiteral("connect.forget-sure")));
    QVERIFY(user.wait_to_read(QStringLiteral("None yet.")));
    QVERIFY(ApplianceStore(ApplianceStore::default_file()).load()->empty());
  }

  void leaves_no_passphrase_in_memory() {
    const HiddenWords words;
    const auto pem = read_file(rig_.admin().key.toStdString(), max_pem_bytes);
    QVERIFY(pem.has_value());
    const auto key = CertificateKey::from_pem(*pem, nullptr);
    QVERIFY(key.has_value());
    Identity identity = rig_.admin();
    identity.key = rig_.root() + QStringLiteral("/people/hidden.key");
    {
      const auto sealed = key->to_encrypted_pem(words.secret());
      QVERIFY(sealed.has_value());
      QVERIFY(write_file_atomic(identity.key.toStdString(), as_bytes(*sealed), 0600).has_value());
    }
    QCOMPARE(words.found_in_memory(), int64_t{0});
    ConsoleUser user;
    user.fill_connect_form(rig_, identity);
    QVERIFY(user.wait_to_read(QStringLiteral("needs its passphrase")));
    QWidget* const field = user.find(QStringLiteral("connect.passphrase"));
    field->setFocus();
    for (size_t i = 0; i < words.size(); ++i) QTest::keyClick(field, words.at(i));
    QVERIFY(words.found_in_memory() > 0);  // the search finds it while it is there
    user.press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(user.window().session() != nullptr && user.window().session()->status(), patience_ms(20));
    QCOMPARE(words.found_in_memory(), int64_t{0});
  }

 private:
  // The sentence of the last failure, without its time.
  static QString failure(const ConsoleUser& user) {
    const QWidget* const label = user.find(QStringLiteral("connect.failure"));
    if (label == nullptr) return {};
    const QString text = plain(qobject_cast<const QLabel*>(label)->text());
    return text.mid(text.indexOf(QStringLiteral("IST: ")) + 5);
  }
  void remember(ConsoleUser& user, const QString& what) {
    QVERIFY(user.wait_for(QStringLiteral("connect.failure")) != nullptr);
    const QString said = failure(user);
    QVERIFY(!said.isEmpty());
    for (const auto& [other, sentence] : said_)
      if (other != what) QVERIFY2(sentence != said, qPrintable(other + QStringLiteral(" is told the same: ") + said));
    said_[what] = said;
    QVERIFY(user.window().session() == nullptr);
  }

  ApplianceRig rig_;
  std::map<QString, QString> said_;
};

}  // namespace tijori::test

TIJORI_CONSOLE_TEST(tijori::test::ConnectTest)
#include "connect_test.moc"

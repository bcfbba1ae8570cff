// The OpenAPI pages against the route table: same addresses, methods, roles and recording, both ways.
#include <QTest>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "daemon/routes.h"

using namespace tijori;

namespace {

struct Described {
  std::string operation;
  std::string roles;
  std::string audit;
};

std::string after(const std::string& line, std::string_view key) {
  return line.substr(line.find(key) + key.size());
}

// "METHOD PATH" → what the page says. Reads the few lines it needs: a path stands at two spaces, a method at four, the
// fields of an operation at six.
std::map<std::string, Described> read_page(const std::string& name) {
  const char* source = std::getenv("TIJORI_SOURCE_DIR");
  std::ifstream page(std::filesystem::path(source == nullptr ? "." : source) / "docs" / name);
  std::map<std::string, Described> found;
  std::string path;
  std::string key;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("components:")) break;
    if (line.starts_with("  /")) path = line.substr(2, line.size() - 3);
    if (line == "    get:") key = "GET " + path;
    if (line == "    post:") key = "POST " + path;
    if (line.starts_with("      operationId: ")) found[key].operation = after(line, "operationId: ");
    if (line.starts_with("      x-roles: ")) found[key].roles = after(line, "x-roles: ");
    if (line.starts_with("      x-audit: ")) found[key].audit = after(line, "x-audit: ");
  }
  return found;
}

std::string roles_of(const Route& route) {
  std::string names;
  for (const Role role : all_roles)
    if (route.roles.has(role)) names += (names.empty() ? "" : ", ") + std::string(name_of(role));
  return "[" + names + "]";
}

std::string audit_of(const Route& route) {
  static const char* const names[] = {"inference", "hourly", "reading", "change"};
  return names[static_cast<int>(route.audit)];
}

}  // namespace

class ApiPagesTest : public QObject {
  Q_OBJECT

 private slots:
  void each_page_says_what_the_table_does_data() {
    QTest::addColumn<bool>("admin");
    QTest::addColumn<QString>("page");
    QTest::newRow("inference") << false << "api.yaml";
    QTest::newRow("administration") << true << "admin-api.yaml";
  }
  void each_page_says_what_the_table_does() {
    QFETCH(bool, admin);
    QFETCH(QString, page);
    auto described = read_page(page.toStdString());
    QVERIFY(!described.empty());
    for (const Route& route : route_table()) {
      if ((route.listener == Listener::admin) != admin) continue;
      const std::string key = std::string(route.method) + " " + std::string(route.path);
      QVERIFY2(described.contains(key), key.c_str());
      QCOMPARE(described[key].roles, roles_of(route));
      QCOMPARE(described[key].audit, audit_of(route));
      if (route.audit != AuditKind::hourly) QCOMPARE(described[key].operation, std::string(route.label));
      described.erase(key);
    }
    QVERIFY2(described.empty(), described.empty() ? "" : described.begin()->first.c_str());
  }
};

QTEST_GUILESS_MAIN(ApiPagesTest)
#include "api_pages_test.moc"

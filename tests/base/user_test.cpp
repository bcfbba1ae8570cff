// Users by name and by number.
#include "base/user.h"

#include <QtTest>

#include <unistd.h>

using namespace tijori;

class UserTest : public QObject {
  Q_OBJECT

 private slots:
  void is_found_by_name_and_by_number() {
    QCOMPARE(user_id("root").value(), uid_t{0});
    QCOMPARE(user_id("0").value(), uid_t{0});
    QCOMPARE(user_id("4711").value(), uid_t{4711});  // also when nobody has it
  }

  void is_named_when_there_is_none() {
    for (const char* text : {"no-such-user", "", "-1", "4294967295", "12x", "99999999999"}) {
      const auto id = user_id(text);
      QVERIFY2(!id, text);
      QCOMPARE(id.error().code, ErrorCode::not_found);
      QVERIFY(id.error().message.find("\"" + std::string(text) + "\"") != std::string::npos);
    }
  }

  void has_a_text_for_messages() {
    QCOMPARE(user_text(0), std::string("root (uid 0)"));
    QCOMPARE(user_text(4711), std::string("uid 4711"));
  }
};

QTEST_GUILESS_MAIN(UserTest)
#include "user_test.moc"

// The main function of the console's tests: an application that looks and speaks like tijori-console, whose files lie
// in a temporary folder of its own.
//
//   TIJORI_CONSOLE_TEST(AuditTest)
//   #include "audit_test.moc"
#pragma once

#include <QApplication>
#include <QLocale>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTranslator>
#include <QtTest>

#include "admin-ui/theme/theme.h"
#include "admin-ui/views/parts/focus_ring.h"

namespace tijori::test {

// Before the application object: the folders of settings, data and sockets are the test's own.
class PrivateFolders {
 public:
  PrivateFolders() {
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) {
      const QString folder = folder_.filePath(QString::fromLatin1(name));
      QDir().mkpath(folder);
      QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
      qputenv(name, folder.toUtf8());
    }
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  }

 private:
  QTemporaryDir folder_;
};

// What tijori-console does before it shows its window.
inline void dress(QApplication& application, const QString& language = QStringLiteral("en"), Look look = Look::light) {
  static QTranslator translator;
  QCoreApplication::setOrganizationName(QStringLiteral("tijori"));
  QCoreApplication::setApplicationName(QStringLiteral("tijori-console"));
  const bool hindi = language == QLatin1String("hi");
  QLocale::setDefault(QLocale(hindi ? QLocale::Hindi : QLocale::English, QLocale::India));
  QCoreApplication::removeTranslator(&translator);
  if (translator.load(QStringLiteral(":/i18n/tijori-console_%1.qm").arg(language)))
    QCoreApplication::installTranslator(&translator);
  Theme::instance().apply(application, look, hindi ? Script::devanagari : Script::latin);
}

template <class Test>
int run_console_test(int argc, char** argv) {
  const PrivateFolders folders;
  QApplication application(argc, argv);
  dress(application);
  FocusRing::install(application);
  Test test;
  return QTest::qExec(&test, argc, argv);
}

}  // namespace tijori::test

#define TIJORI_CONSOLE_TEST(Test)                            \
  int main(int argc, char** argv) {                          \
    return tijori::test::run_console_test<Test>(argc, argv); \
  }

#include "admin-ui/client/catalogue.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThread>

namespace tijori {
namespace {
QPointer<Catalogue> installed;
}

void Catalogue::install(const QString& language) {
  auto* made = new Catalogue(QCoreApplication::instance());
  made->hindi_ = language == QLatin1String("hi");
  const QString english = QStringLiteral(":/i18n/tijori-console_en.qm");
  const QString hindi = QStringLiteral(":/i18n/tijori-console_hi.qm");
  (void)made->load(made->hindi_ ? hindi : english);
  (void)made->other_.load(made->hindi_ ? english : hindi);
  if (installed) QCoreApplication::removeTranslator(installed);
  delete installed;
  installed = made;
  QCoreApplication::installTranslator(made);
}

QString Catalogue::translate(const char* context, const char* source, const char* disambiguation, int n) const {
  QString found = QTranslator::translate(context, source, disambiguation, n);
  if (n < 0 && QThread::currentThread() == thread())
    sources_.insert(found.isEmpty() ? QString::fromUtf8(source) : found, {context, source});
  return found;
}

QString in_other_language(const QString& shown) {
  if (!installed) return {};
  const auto found = installed->sources_.constFind(shown);
  if (found == installed->sources_.constEnd()) return {};
  const Catalogue::Source source = *found;
  return installed->hindi_ ? QString::fromUtf8(source.text)
                           : installed->other_.translate(source.context.constData(), source.text.constData());
}

}  // namespace tijori

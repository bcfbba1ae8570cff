// The strings of the interface in the language chosen, and what they are called in the other one: a person who knows a
// word in English finds the act in Hindi, and the other way round.
#pragma once

#include <QHash>
#include <QTranslator>

namespace tijori {

class Catalogue : public QTranslator {
  Q_OBJECT

 public:
  // "en" or "hi". Belongs to the application from then on; GUI thread.
  static void install(const QString& language);

  QString translate(const char* context, const char* source, const char* disambiguation, int n) const override;

 private:
  friend QString in_other_language(const QString& shown);
  explicit Catalogue(QObject* parent) : QTranslator(parent) {}

  struct Source {
    QByteArray context;
    QByteArray text;
  };
  QTranslator other_;
  bool hindi_ = false;
  mutable QHash<QString, Source> sources_;  // by what was shown
};

// Of a whole string that was shown before; "" when it isn't known.
QString in_other_language(const QString& shown);

}  // namespace tijori

#include "admin-ui/models/numbers.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>
#include <cmath>

namespace tijori {
namespace {

Grouping chosen = Grouping::indian;
constexpr int64_t second_us = 1'000'000;

struct Numbers {
  Q_DECLARE_TR_FUNCTIONS(tijori::Numbers)
};

QString grouped(QString digits) {
  const bool negative = digits.startsWith(QLatin1Char('-'));
  if (negative) digits.remove(0, 1);
  qsizetype place = digits.size() - 3;
  const qsizetype step = chosen == Grouping::indian ? 2 : 3;
  for (; place > 0; place -= step) digits.insert(place, QLatin1Char(','));
  return negative ? QLatin1Char('-') + digits : digits;
}

QDateTime india(int64_t time_us) {
  static const QTimeZone zone("Asia/Kolkata");
  return QDateTime::fromMSecsSinceEpoch(time_us / 1000, Qt::UTC).toTimeZone(zone);
}

}  // namespace

void set_grouping(Grouping grouping) {
  chosen = grouping;
}

Grouping grouping() {
  return chosen;
}

QString count_text(int64_t number) {
  return grouped(QString::number(number));
}

QString decimal_text(double number, int decimals) {
  if (!std::isfinite(number)) return Numbers::tr("not known");
  QString digits = QString::number(number, 'f', decimals);
  const qsizetype point = digits.indexOf(QLatin1Char('.'));
  const QString fraction = point < 0 ? QString() : digits.mid(point);
  if (point >= 0) digits.truncate(point);
  return grouped(digits) + fraction;
}

QString gib_text(int64_t bytes) {
  const double gib = static_cast<double>(bytes) / (1LL << 30);
  return decimal_text(gib, gib < 1 ? 2 : 1);
}

QString memory_text(int64_t bytes) {
  if (bytes < (1LL << 30)) {
    const double mib = static_cast<double>(bytes) / (1 << 20);
    return decimal_text(mib, bytes > 0 && mib < 10 ? 1 : 0) + QStringLiteral("\u00a0MiB");
  }
  return gib_text(bytes) + QStringLiteral("\u00a0GiB");
}

QString percent_text(double share, int decimals) {
  return decimal_text(share * 100, decimals) + QStringLiteral("\u00a0%");
}

QString duration_text(int64_t us) {
  if (us < 1000) return Numbers::tr("%1 µs").arg(us);
  if (us < second_us) return Numbers::tr("%1 ms").arg(us / 1000);
  if (us < 60 * second_us)
    return Numbers::tr("%1 s").arg(decimal_text(static_cast<double>(us) / second_us, us < 10 * second_us ? 2 : 1));
  const int64_t minutes = us / (60 * second_us);
  if (minutes < 120) return Numbers::tr("%n min", nullptr, static_cast<int>(minutes));
  const int64_t hours = minutes / 60;
  if (hours < 48) return Numbers::tr("%n h", nullptr, static_cast<int>(hours));
  return Numbers::tr("%n day(s)", nullptr, static_cast<int>(hours / 24));
}

QString ist_time(int64_t time_us) {
  return india(time_us).toString(QStringLiteral("HH:mm:ss"));
}

QString ist_date(int64_t time_us) {
  return QLocale().toString(india(time_us).date(), QStringLiteral("d MMM yyyy"));
}

QString ist_stamp(int64_t time_us) {
  return ist_date(time_us) + QStringLiteral(", ") + ist_time(time_us) + QStringLiteral(" IST");
}

QString utc_stamp(int64_t time_us) {
  return QDateTime::fromMSecsSinceEpoch(time_us / 1000, Qt::UTC).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) +
         QStringLiteral(" UTC");
}

QString rfc3339_utc(int64_t time_us) {
  return QDateTime::fromMSecsSinceEpoch(time_us / 1000, Qt::UTC).toString(Qt::ISODateWithMs);
}

QString rfc3339_ist(int64_t time_us) {
  return india(time_us).toOffsetFromUtc(5 * 3600 + 1800).toString(Qt::ISODateWithMs);
}

QString relative_text(int64_t time_us, int64_t now_us) {
  // The two clocks that are compared are read up to a second apart.
  if (std::abs(time_us - now_us) < 2 * second_us) return Numbers::tr("just now");
  if (time_us > now_us) return Numbers::tr("in %1").arg(duration_text(time_us - now_us));
  return Numbers::tr("%1 ago").arg(duration_text(now_us - time_us));
}

QString short_digest(const std::string& hex) {
  const QString all = QString::fromStdString(hex);
  if (all.size() <= 16) return all;
  return all.left(4) + QLatin1Char(' ') + all.mid(4, 4) + QStringLiteral(" … ") + all.right(4);
}

}  // namespace tijori

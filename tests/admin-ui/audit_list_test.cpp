// The audit log's models against a log made up here: pages, growth, filters, search, bars, verdicts, exported lines.
#include "admin-ui/models/audit_list.h"

#include <QTemporaryDir>
#include <QtTest>

#include "admin-ui/client/log_export.h"
#include "admin-ui/models/audit_search.h"
#include "admin-ui/models/audit_verdict.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/models/record_counts.h"
#include "admin-ui/models/record_detail.h"

using namespace tijori;

namespace {

constexpr int64_t start_us = 1'764'300'000'000'000;  // 28 Nov 2025, 03:20 UTC
constexpr int64_t minute_us = 60'000'000;

AuditRecord record_of(int64_t seq) {
  AuditRecord record;
  record.seq = seq;
  record.event = seq % 3 == 0 ? "inference.received" : "inference.released";
  record.outcome = seq % 3 == 0 ? "ok" : "answered";
  record.time_us = start_us + seq * 1'000'000;
  record.actor_type = "app";
  record.actor = std::string(32, seq % 2 == 0 ? 'a' : 'b');
  record.leaf = std::string(64, 'c');
  return record;
}

// Answers when told to, as an appliance would that holds so many records.
struct FakeLog {
  int64_t records = 0;
  int asked = 0;
  bool fails = false;
  std::string last{};
  std::vector<std::function<void()>> waiting{};
  std::vector<AuditRecord> extra{};  // stand in for the records of their numbers

  AuditList::Fetch fetch() {
    return [this](const std::string& target, std::function<void(const Answer<AuditRecords>&)> done) {
      ++asked;
      last = target;
      waiting.push_back([this, target, done = std::move(done)] {
        if (fails) return done(std::unexpected(ClientError(Error{ErrorCode::unavailable, "away"})));
        done(answer(target));
      });
    };
  }
  AuditRecords answer(const std::string& target) const {
    const auto number = [&](const char* name) {
      const size_t at = target.find(std::string(name) + "=");
      return at == std::string::npos ? int64_t{-1}
                                     : static_cast<int64_t>(std::stoll(target.substr(at + std::strlen(name) + 1)));
    };
    const bool only_received = target.find("event=inference.received") != std::string::npos;
    AuditRecords made;
    for (int64_t seq = std::min(records, number("before_seq") < 0 ? records : number("before_seq")) - 1;
         seq >= 0 && static_cast<int64_t>(made.records.size()) < number("limit"); --seq) {
      AuditRecord record = record_of(seq);
      for (const AuditRecord& other : extra)
        if (other.seq == seq) record = other;
      if (!only_received || record.event == "inference.received") made.records.push_back(record);
    }
    return made;
  }
  void answer_all() {
    while (!waiting.empty()) {
      auto now = std::move(waiting);
      waiting.clear();
      for (auto& each : now) each();
    }
  }
};

ClientInfo client_of(const char* name, char digit, const char* certificate) {
  ClientInfo client;
  client.name = name;
  client.id = std::string(32, digit);
  client.certificates.push_back({certificate, 0, 0, false});
  return client;
}

WitnessAlarm alarm_of(AlarmKind kind) {
  const auto seen = [](uint64_t size, int64_t at_us) {
    return Witnessed{Checkpoint{Id{}, size, Digest{}}, "the note over " + std::to_string(size), at_us, true};
  };
  WitnessAlarm alarm;
  alarm.kind = kind;
  alarm.seen_us = start_us + 9 * minute_us;
  alarm.holds = seen(40, start_us);
  alarm.broken = seen(60, start_us + 5 * minute_us);
  alarm.seen = seen(70, start_us + 9 * minute_us);
  alarm.first_seq = 40;
  alarm.last_seq = 59;
  return alarm;
}

}  // namespace

class AuditListTest : public QObject {
  Q_OBJECT

 private slots:
  void init() { set_grouping(Grouping::indian); }

  void fetches_the_page_in_view_and_says_so_where_none_came() {
    FakeLog log{.records = 1'000'000};
    AuditList list(log.fetch());
    list.set_size(1'000'000, 999'990);
    QCOMPARE(list.rowCount(), 1'000'000);
    QCOMPARE(list.index(500'000, AuditList::seq_column).data().toString(), QStringLiteral("4,99,999"));
    QCOMPARE(list.index(500'000, AuditList::event_column).data().toString(), QString());
    QTRY_VERIFY(!log.waiting.empty());
    log.answer_all();
    QCOMPARE(list.index(500'000, AuditList::event_column).data().toString(), QStringLiteral("inference.released"));
    QCOMPARE(list.record(500'000)->seq, 499'999);
  }

  void asks_only_for_where_a_fast_scroll_ends() {
    FakeLog log{.records = 1'000'000};
    AuditList list(log.fetch());
    list.set_size(1'000'000, 0);
    QTRY_VERIFY(!log.waiting.empty());
    log.answer_all();
    const int before = log.asked;
    for (int row = 0; row < 900'000; row += 1'000) (void)list.index(row, AuditList::event_column).data();
    QTRY_VERIFY(!log.waiting.empty());
    log.answer_all();
    QCOMPARE(log.asked, before + 1);
    QVERIFY(list.record(899'000) != nullptr);
  }

  void keeps_a_bounded_number_of_pages() {
    FakeLog log{.records = 100'000};
    AuditList list(log.fetch());
    list.set_size(100'000, 0);
    int there = 0;
    for (int row = 0; row < 100'000; row += static_cast<int>(AuditList::page_records)) {
      (void)list.record(row);
      QTRY_VERIFY(!log.waiting.empty() || list.record(row) != nullptr);
      log.answer_all();
    }
    for (int row = 0; row < 100'000; row += static_cast<int>(AuditList::page_records))
      if (list.record(row) != nullptr) ++there;
    QVERIFY2(there <= 81, qPrintable(QString::number(there)));
  }

  void grows_at_the_top_and_fetches_only_what_it_lacks() {
    FakeLog log{.records = 1'010};
    AuditList list(log.fetch());
    list.set_size(1'010, 1'000);
    QTRY_VERIFY(!log.waiting.empty());
    log.answer_all();
    QCOMPARE(list.record(0)->seq, 1'009);
    const QPersistentModelIndex looked_at = list.index(3, 0);
    log.records = 1'015;
    list.set_size(1'015, 1'000);
    QCOMPARE(list.rowCount(), 1'015);
    QCOMPARE(looked_at.row(), 8);
    QVERIFY(list.record(5) != nullptr);  // what was there stays
    QVERIFY(list.record(0) == nullptr);
    QTRY_VERIFY(!log.waiting.empty());
    QVERIFY(log.last.find("limit=5&") != std::string::npos);
    log.answer_all();
    QCOMPARE(list.record(0)->seq, 1'014);
    QCOMPARE(list.record(5)->seq, 1'009);
  }

  // Each reading is a record: without this a console that lies open would write one a second.
  void its_own_readings_do_not_make_it_read_again() {
    FakeLog log{.records = 100};
    AuditList list(log.fetch());
    list.set_size(100, 100);
    QTRY_VERIFY(!log.waiting.empty());
    log.answer_all();
    log.records += log.asked;
    list.set_size(log.records, 100);
    QCOMPARE(list.rowCount(), 100);
    list.note_reading();
    ++log.records;
    list.set_size(log.records, 100);
    QCOMPARE(list.rowCount(), 100);
    ++log.records;  // somebody else's
    list.set_size(log.records, 100);
    QCOMPARE(list.rowCount(), static_cast<int>(log.records));
  }

  void others_readings_make_it_look_ever_more_rarely() {
    FakeLog log{.records = 100};
    AuditList list(log.fetch());
    list.set_size(100, 100);
    QTRY_VERIFY(!log.waiting.empty());
    log.answer_all();
    list.set_size(log.records += 1, 100);
    for (int i = 0; i < 2; ++i) {
      AuditRecord reading = record_of(log.records);
      reading.event = "log.read";
      log.extra.push_back(reading);
      reading.seq = log.records + 1;
      log.extra.push_back(reading);
      log.records += 2;
      list.set_size(log.records, 100);
      if (list.record(0) == nullptr) {
        QTRY_VERIFY(!log.waiting.empty());
        log.answer_all();
      }
    }
    const int before = list.rowCount();
    list.set_size(log.records += 5, 100);
    QCOMPARE(list.rowCount(), before);  // within two seconds of nothing but readings
    list.reload();
    QCOMPARE(list.rowCount(), static_cast<int>(log.records));
  }

  void a_filter_gives_what_matches_and_pages_on() {
    FakeLog log{.records = 3'000};
    AuditList list(log.fetch());
    list.set_size(3'000, 3'000);
    AuditFilter filter;
    filter.event = "inference.received";
    list.set_filter(filter);
    log.answer_all();
    QCOMPARE(list.rowCount(), static_cast<int>(AuditList::page_records));
    while (list.canFetchMore({})) {
      list.fetchMore({});
      log.answer_all();
    }
    QVERIFY(list.complete());
    QCOMPARE(list.rowCount(), 1'000);
    QCOMPARE(list.record(999)->seq, 0);
    QCOMPARE(list.record(0)->seq, 2'997);
    // New ones that match come in at the top.
    log.records = 3'010;
    list.set_size(3'010, 3'000);
    log.answer_all();
    QCOMPARE(list.rowCount(), 1'004);
    QCOMPARE(list.record(0)->seq, 3'009);
    QCOMPARE(list.record(1'003)->seq, 0);
    QCOMPARE(list.row_of(2'997), 4);
  }

  void a_log_that_shrank_is_read_anew() {
    FakeLog log{.records = 500};
    AuditList list(log.fetch());
    list.set_size(500, 500);
    QSignalSpy reset(&list, &QAbstractItemModel::modelReset);
    list.set_size(300, 300);
    QCOMPARE(list.rowCount(), 300);
    QCOMPARE(reset.count(), 1);
  }

  // More records than rows: the newest have them.
  void a_log_longer_than_the_list_shows_its_newest_records() {
    constexpr int most = 50'000'000;
    FakeLog log{.records = 60'000'000};
    AuditList list(log.fetch());
    QSignalSpy changed(&list, &QAbstractItemModel::dataChanged);
    list.set_size(60'000'000, 59'999'990);
    QCOMPARE(list.rowCount(), most);
    QCOMPARE(list.records(), 60'000'000);
    QCOMPARE(list.seq_of(0), 59'999'999);
    QCOMPARE(list.index(0, AuditList::seq_column).data().toString(), QStringLiteral("5,99,99,999"));
    QCOMPARE(list.seq_of(most - 1), 10'000'000);
    QCOMPARE(list.seq_of(most), -1);
    QCOMPARE(list.row_of(10'000'000), most - 1);
    QCOMPARE(list.row_of(9'999'999), -1);
    QCOMPARE(list.row_of(0), -1);
    QCOMPARE(list.row_of(60'000'000), -1);
    QTRY_VERIFY(!log.waiting.empty());
    QVERIFY2(log.last.find("before_seq=60000000") != std::string::npos, log.last.c_str());
    log.answer_all();
    QVERIFY(list.record(0) != nullptr);
    QCOMPARE(list.record(0)->seq, 59'999'999);

    // At every step there are as many rows as were said, and each stands for one record.
    const QPersistentModelIndex newest = list.index(0, 0);
    const QPersistentModelIndex falls_off = list.index(most - 1, 0);
    const QPersistentModelIndex stays = list.index(most - 101, 0);
    int rows = list.rowCount();
    QStringList steps;
    connect(&list, &QAbstractItemModel::rowsRemoved, this, [&](const QModelIndex&, int first, int last) {
      steps << QStringLiteral("-%1 at %2").arg(last - first + 1).arg(first);
      QCOMPARE(list.rowCount(), rows -= last - first + 1);
      QCOMPARE(list.seq_of(first), -1);
      QCOMPARE(list.row_of(list.seq_of(first - 1)), first - 1);
    });
    connect(&list, &QAbstractItemModel::rowsInserted, this, [&](const QModelIndex&, int first, int last) {
      steps << QStringLiteral("+%1 at %2").arg(last - first + 1).arg(first);
      QCOMPARE(list.rowCount(), rows += last - first + 1);
    });
    QSignalSpy reset(&list, &QAbstractItemModel::modelReset);
    log.records += 100;
    list.set_size(log.records, 59'999'990);
    QCOMPARE(steps, QStringList({QStringLiteral("-100 at 49999900"), QStringLiteral("+100 at 0")}));
    QCOMPARE(reset.count(), 0);
    QCOMPARE(list.rowCount(), most);
    QCOMPARE(list.records(), 60'000'100);
    for (const int row : {0, 99, 100, 25'000'000, most - 1}) QCOMPARE(list.row_of(list.seq_of(row)), row);
    QCOMPARE(list.seq_of(0), 60'000'099);
    QCOMPARE(newest.row(), 100);
    QCOMPARE(list.seq_of(newest.row()), 59'999'999);
    QCOMPARE(list.seq_of(stays.row()), 10'000'100);
    QVERIFY(!falls_off.isValid());
    QCOMPARE(list.row_of(10'000'099), -1);

    // Half of the last row's page has no rows.
    changed.clear();
    QVERIFY(list.record(most - 1) == nullptr);
    QTRY_VERIFY(!log.waiting.empty());
    log.answer_all();
    QVERIFY(list.record(most - 1) != nullptr);
    QCOMPARE(list.record(most - 1)->seq, 10'000'100);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.front().at(0).toModelIndex().row(), most - 150);
    QCOMPARE(changed.front().at(1).toModelIndex().row(), most - 1);
  }

  void a_log_grows_past_what_the_list_shows() {
    FakeLog log{.records = 49'999'990};
    AuditList list(log.fetch());
    list.set_size(log.records, 0);
    QCOMPARE(list.rowCount(), 49'999'990);
    QSignalSpy removed(&list, &QAbstractItemModel::rowsRemoved);
    list.set_size(50'000'005, 0);
    QCOMPARE(removed.count(), 1);
    QCOMPARE(list.rowCount(), 50'000'000);
    QCOMPARE(list.seq_of(0), 50'000'004);
    QCOMPARE(list.row_of(5), 49'999'999);
    QCOMPARE(list.row_of(4), -1);
    QSignalSpy reset(&list, &QAbstractItemModel::modelReset);
    list.set_size(200'000'000, 0);
    QCOMPARE(reset.count(), 1);
    QCOMPARE(list.rowCount(), 50'000'000);
    QCOMPARE(list.seq_of(0), 199'999'999);
  }

  void an_answer_of_nonsense_harms_nothing() {
    AuditList list([](const std::string&, std::function<void(const Answer<AuditRecords>&)> done) {
      AuditRecords nonsense;
      for (int64_t seq : {int64_t{-5}, INT64_MAX, int64_t{7}, int64_t{7}}) {
        AuditRecord record = record_of(0);
        record.seq = seq;
        record.time_us = INT64_MAX;
        record.event = std::string(100'000, 'x');
        record.detail.set("total_us", INT64_MIN);
        nonsense.records.push_back(record);
      }
      QMetaObject::invokeMethod(qApp, [done, nonsense] { done(nonsense); }, Qt::QueuedConnection);
    });
    list.set_size(INT64_MAX, INT64_MAX);
    QVERIFY(list.rowCount() <= 50'000'000);
    QSignalSpy loaded(&list, &AuditList::loaded);
    QTRY_VERIFY(loaded.count() > 0);
    for (int column = 0; column < AuditList::column_count; ++column)
      QVERIFY(list.index(0, column).data().toString().size() < 400);
    AuditFilter filter;
    filter.outcome = "ok";
    list.set_filter(filter);
    QTRY_VERIFY(loaded.count() > 1);
    for (int row = 0; row < list.rowCount(); ++row)
      for (int column = 0; column < AuditList::column_count; ++column)
        QVERIFY(list.index(row, column).data().toString().size() < 400);
  }

  void understands_what_is_searched_data() {
    using Kind = AuditSearch::Kind;
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("found");
    const auto row = [](const char* typed, Kind kind, const QString& found) {
      QTest::newRow(typed) << QString::fromUtf8(typed) << static_cast<int>(kind) << found;
    };
    row("", Kind::nothing, {});
    row("8,41,214", Kind::record, QStringLiteral("841214"));
    row("loan-desk", Kind::client, QStringLiteral("loan-desk"));
    row("LOAN", Kind::client, QStringLiteral("loan-desk"));
    row("front", Kind::client, QStringLiteral("front-desk"));
    row("desk", Kind::several, QStringLiteral("loan-desk, front-desk"));
    row("beef77", Kind::client, QStringLiteral("front-desk"));
    row("1111", Kind::record, QStringLiteral("1111"));
    row("cccccc", Kind::client, QStringLiteral("cafe"));
    row("0123456789abcdef0123456789ABCDEF", Kind::request, QStringLiteral("0123456789abcdef0123456789abcdef"));
    row("cafe", Kind::client, QStringLiteral("cafe"));  // a name before a digest
    row("nobody", Kind::unknown, {});
  }
  void understands_what_is_searched() {
    QFETCH(QString, typed);
    QFETCH(int, kind);
    QFETCH(QString, found);
    const std::vector<ClientInfo> clients{client_of("loan-desk", 'a', "dead00"), client_of("front-desk", 'b', "beef77"),
                                          client_of("cafe", 'c', "cafe99"), client_of("teller", 'd', "cafe98")};
    const AuditSearch meant = read_search(typed, clients);
    QCOMPARE(static_cast<int>(meant.kind), kind);
    QString said = meant.name;
    if (meant.kind == AuditSearch::Kind::record) said = QString::number(meant.seq);
    if (meant.kind == AuditSearch::Kind::request) said = QString::fromStdString(meant.id);
    if (meant.kind == AuditSearch::Kind::several) said = meant.candidates.join(QStringLiteral(", "));
    QCOMPARE(said, found);
  }

  void fits_bars_to_a_span() {
    const CountSpan hour = fit_span(start_us, start_us + 60 * minute_us);
    QCOMPARE(hour.bucket_us, minute_us);
    QVERIFY(hour.from_us <= start_us && hour.to_us > start_us + 60 * minute_us);
    const CountSpan day = fit_span(start_us, start_us + 24 * 60 * minute_us);
    QCOMPARE(day.bucket_us, 10 * minute_us);
    QCOMPARE((day.from_us + 330 * minute_us) % day.bucket_us, 0);  // round in India
    const CountSpan ages = fit_span(INT64_MIN, INT64_MAX);
    QVERIFY(ages.bars() > 0 && ages.bars() <= 2'000);
    QVERIFY(ticks_of(day).size() >= 4 && ticks_of(day).size() <= 8);
    QCOMPARE(ticks_of(day).front().text.size(), 5);

    AuditCounts counts;
    counts.buckets = {{hour.from_us, 5, 2},
                      {hour.from_us + 3 * minute_us, 7, 99},
                      {hour.from_us - 1, 1, 0},
                      {INT64_MAX, 1, 1},
                      {hour.to_us - minute_us, INT64_MAX, -4}};
    const std::vector<CountBar> bars = bars_of(counts, hour);
    QCOMPARE(static_cast<int>(bars.size()), hour.bars());
    QCOMPARE(bars.front().records, 5);
    QCOMPARE(bars.at(3).turned_away, 7);
    QCOMPARE(records_between(bars, 0, 3), 12);
    QVERIFY(records_between(bars, -9, 1'000'000) > 0);
  }

  void says_how_far_the_log_is_proven() {
    AuditStatusReply log;
    log.records = 841'230;
    log.last_checkpoint_size = 841'218;
    log.last_checkpoint_us = start_us;
    WitnessView witness;
    witness.kept = 1'318;
    const auto words = [&](const AuditVerdict* own = nullptr, bool checking = false,
                           const VerifyMeter* meter = nullptr) {
      return verdict_words({.log = log,
                            .now_us = start_us + 28'000'000,
                            .witness = &witness,
                            .checking = checking,
                            .meter = meter,
                            .own = own,
                            .trouble = {}});
    };
    QVERIFY(words().title.contains(QStringLiteral("8,41,217")));
    QCOMPARE(words().tone, Tone::plain);
    log.verified = "verified";
    log.verified_up_to = 841'217;
    QCOMPARE(words().tone, Tone::ok);
    QCOMPARE(words().title, QStringLiteral("Verified up to record 8,41,217"));
    QVERIFY(words().when.contains(QStringLiteral("IST")) && words().when.contains(QStringLiteral("UTC")));
    QVERIFY(words().note.contains(QStringLiteral("28.0 s")));

    VerifyMeter meter;
    for (int second = 0; second <= 5; ++second) meter.add(second * 1'000'000, second * 48'200, 841'218);
    const VerdictWords checking = words(nullptr, true, &meter);
    QCOMPARE(checking.when, QStringLiteral("2,41,000 of 8,41,218 records"));
    QVERIFY2(checking.pace.contains(QStringLiteral("48,200")), qPrintable(checking.pace));
    QVERIFY2(checking.pace.contains(QStringLiteral("13.0 s left")), qPrintable(checking.pace));
    QVERIFY(checking.note.contains(QStringLiteral("No alteration found so far")));

    AuditVerdict altered;
    altered.verdict = "altered";
    altered.message = "record 41: the chain breaks";
    altered.first_bad_seq = 41;
    QCOMPARE(words(&altered).tone, Tone::danger);
    QCOMPARE(breaches({.log = log, .own = &altered, .trouble = {}}).front().title,
             QStringLiteral("The log was altered at record 41."));
    altered.last_bad_seq = 60;
    QCOMPARE(breaches({.log = log, .own = &altered, .trouble = {}}).front().title,
             QStringLiteral("The log was altered in records 41 to 60."));
    log.verified = "altered";
    QCOMPARE(breaches({.log = log, .trouble = {}}).size(), size_t{1});
  }

  void names_the_interval_a_log_broke_in_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("title");
    QTest::addColumn<bool>("interval");
    QTest::newRow("shrunk") << static_cast<int>(AlarmKind::shrunk) << "shrank" << true;
    QTest::newRow("forked") << static_cast<int>(AlarmKind::forked) << "forked" << true;
    QTest::newRow("replaced") << static_cast<int>(AlarmKind::replaced) << "another log" << true;
    QTest::newRow("key") << static_cast<int>(AlarmKind::key_changed) << "another key" << false;
    QTest::newRow("signature") << static_cast<int>(AlarmKind::bad_signature) << "never made" << false;
  }
  void names_the_interval_a_log_broke_in() {
    QFETCH(int, kind);
    QFETCH(QString, title);
    QFETCH(bool, interval);
    AuditStatusReply log;
    WitnessView witness;
    witness.alarms = {alarm_of(static_cast<AlarmKind>(kind))};
    const std::vector<Breach> all = breaches({.log = log, .witness = &witness, .trouble = {}});
    QCOMPARE(all.size(), size_t{1});
    QVERIFY2(all.front().title.contains(title), qPrintable(all.front().title));
    QCOMPARE(all.front().interval.contains(QStringLiteral("records 40 to 59")), interval);
    QCOMPARE(all.front().interval.contains(QStringLiteral("over 40 record")), interval);
    QCOMPARE(all.front().note, std::string("the note over 60"));
    QVERIFY(all.front().command.startsWith(QStringLiteral("tijori audit compare")));
    QCOMPARE(verdict_words({.log = log, .witness = &witness, .trouble = {}}).tone, Tone::danger);
  }

  void decodes_a_record() {
    AuditRecord record = record_of(1);
    record.object = std::string(64, '7');
    record.detail.set("total_us", int64_t{13'400'000});
    record.detail.set("http_status", int64_t{2'000});
    record.detail.set("policy", std::string(64, '5'));
    record.detail.set("decisions", std::vector<AuditDecision>{{"pan", "pan", "mask", 0, 4, 14, 990}});
    AuditNames names;
    names.clients[record.actor] = QStringLiteral("kyc-extract");
    names.models[record.object] = QStringLiteral("scout");
    const DecodedRecord decoded = decode_record(record, names);
    const auto value = [&](const std::vector<DetailLine>& lines, const char* name) {
      for (const DetailLine& line : lines)
        if (line.name == QLatin1String(name)) return line.value + (line.is_looked_up ? "*" : "");
      return QString();
    };
    QCOMPARE(value(decoded.facts, "Actor"), QStringLiteral("kyc-extract*"));
    QCOMPARE(value(decoded.facts, "Object"), QStringLiteral("scout*"));
    QCOMPARE(value(decoded.facts, "Object's digest"), QString(64, QLatin1Char('7')));
    QCOMPARE(value(decoded.details, "Took"), QStringLiteral("13.4 s"));
    QCOMPARE(value(decoded.details, "HTTP status"), QStringLiteral("2000"));
    QCOMPARE(decoded.decisions.size(), size_t{1});
    QCOMPARE(object_text(record, names), QStringLiteral("scout"));
    QCOMPARE(took_text(record), QStringLiteral("13.4 s"));
  }

  void writes_what_a_spreadsheet_reads_as_text_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("plain") << QByteArray("loan-desk") << QByteArray("loan-desk");
    QTest::newRow("comma") << QByteArray("a,b") << QByteArray("\"a,b\"");
    QTest::newRow("quote") << QByteArray("a\"b") << QByteArray("\"a\"\"b\"");
    QTest::newRow("line") << QByteArray("a\nb") << QByteArray("\"a\nb\"");
    QTest::newRow("formula") << QByteArray("=1+1") << QByteArray("'=1+1");
    QTest::newRow("plus") << QByteArray("+9,1") << QByteArray("\"'+9,1\"");
    QTest::newRow("minus") << QByteArray("-x") << QByteArray("'-x");
    QTest::newRow("at") << QByteArray("@SUM(A1)") << QByteArray("'@SUM(A1)");
    QTest::newRow("tab") << QByteArray("\t=1") << QByteArray("'\t=1");
    QTest::newRow("return") << QByteArray("\r=1") << QByteArray("\"'\r=1\"");
  }
  void writes_what_a_spreadsheet_reads_as_text() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, field);
    QCOMPARE(QByteArray::fromStdString(csv_field(text.toStdString())), field);
  }

  void exports_every_row_or_no_file() {
    FakeLog log{.records = 2'500};
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("rows.csv"));
    RowOrder order;
    order.target = [](std::optional<int64_t> before) { return records_target({}, before, max_records_per_list); };
    order.before_seq = 2'400;
    order.signed_records = 1'000;
    order.names[std::string(32, 'a')] = "=cmd";
    int steps = 0;
    const auto step = [&](int64_t, int64_t) { ++steps; };
    const auto done = write_rows(order, file, [&](const std::string& target) { return log.answer(target); }, step);
    QVERIFY(done.has_value());
    QCOMPARE(done->rows, 2'400);
    QCOMPARE(steps, 3);
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = written.readAll().split('\n');
    QCOMPARE(lines.size(), 2'402);
    QVERIFY(lines.at(0).startsWith("seq,signed,time_utc,time_ist,event,"));
    QVERIFY(lines.at(1).startsWith("2399,no,2025-11-28T03:59:59.000Z,2025-11-28T09:29:59.000+05:30,"));
    QVERIFY(lines.at(2).contains(",'=cmd,"));
    QVERIFY(lines.at(2'400).startsWith("0,yes,"));
    QVERIFY(lines.at(2'400).endsWith('\r'));

    const QString other = folder.filePath(QStringLiteral("cut.csv"));
    int pages = 0;
    const auto cut = write_rows(
        order, other,
        [&](const std::string& target) -> Answer<AuditRecords> {
          if (++pages == 2) return std::unexpected(ClientError(Error{ErrorCode::unavailable, "away"}));
          return log.answer(target);
        },
        step);
    QVERIFY(!cut.has_value());
    QVERIFY(!QFile::exists(other));
    QVERIFY(QDir(folder.path()).entryList(QDir::Files).size() == 1);

    const auto circle = write_rows(order, other, [&](const std::string&) { return log.answer("limit=1000"); }, step);
    QVERIFY(!circle.has_value());
  }

  void says_the_filter_as_a_command() {
    AuditFilter filter;
    filter.event = "inference.released";
    filter.since_us = start_us;
    filter.until_us = start_us + minute_us - 1;
    QCOMPARE(records_command(filter),
             QStringLiteral("tijori audit list --event inference.released --since 2025-11-28T03:20:00Z "
                            "--until 2025-11-28T03:21:00Z"));
    QCOMPARE(count_command({}, 300'000'000), QStringLiteral("tijori audit count --every 300"));
  }
};

QTEST_GUILESS_MAIN(AuditListTest)
#include "audit_list_test.moc"

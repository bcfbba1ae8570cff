// What `audit compare` takes from a note or a trust file.
#include "cli/kept_checkpoint.h"

#include <QtTest>

#include "audit/proof/trust.h"
#include "tests/audit/log_builder.h"

using namespace tijori;

class KeptCheckpointTest : public QObject {
  Q_OBJECT

  static std::string note_of(const LogBuilder& log) {
    const Bytes& note = log.items().back().payload;
    return {note.begin(), note.end()};
  }
  static LogBuilder signed_log(uint8_t key_byte = 7) {
    LogBuilder log(key_byte);
    log.open_segment();
    log.add(LogBuilder::heartbeat());
    log.checkpoint();
    return log;
  }

 private slots:
  void takes_a_note_of_this_log() {
    const LogBuilder log = signed_log();
    const auto kept = kept_checkpoints(note_of(log), log.key());
    QVERIFY(kept.has_value());
    QCOMPARE(kept->size(), 1U);
    QCOMPARE(kept->front().size, 2U);
    QCOMPARE(kept->front().root, log.head().root);
  }

  void takes_what_a_trust_file_saw() {
    const LogBuilder log = signed_log();
    const Trust trust{{log.key()}, {{1, Digest{}}, log.head()}};
    const auto kept = kept_checkpoints(trust.format(), log.key());
    QVERIFY(kept.has_value());
    QCOMPARE(kept->size(), 2U);
    QCOMPARE(kept->back().size, 2U);
  }

  void another_key_has_none_of_them() {
    const LogBuilder log = signed_log();
    const LogBuilder other = signed_log(8);
    QVERIFY(kept_checkpoints(note_of(log), other.key())->empty());
    QVERIFY(kept_checkpoints(Trust{{log.key()}, {log.head()}}.format(), other.key())->empty());
  }

  void refuses_a_wrong_signature_and_what_is_neither() {
    const LogBuilder log = signed_log();
    std::string note = note_of(log);
    note.replace(note.find("\n2\n"), 3, "\n3\n");
    QCOMPARE(kept_checkpoints(note, log.key()).error().code, ErrorCode::corrupted);
    QCOMPARE(kept_checkpoints("hello", log.key()).error().code, ErrorCode::malformed);
    QCOMPARE(kept_checkpoints(Trust{{log.key()}, {}}.format(), log.key()).error().code, ErrorCode::malformed);
    QVERIFY(!read_kept_file("/nonexistent/note").has_value());
  }
};

QTEST_GUILESS_MAIN(KeptCheckpointTest)
#include "kept_checkpoint_test.moc"

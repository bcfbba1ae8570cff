// tijori-audit and tijori-audit-verify as programs: the inner protocol from hello to exported, signals, exit codes.
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/proof/checkpoint.h"
#include "audit/proof/continuity.h"
#include "audit/proof/merkle.h"
#include "audit/proof/signed_note.h"
#include "base/file.h"
#include "base/frame.h"
#include "base/socket.h"
#include "protocol/audit_messages.h"
#include "protocol/inner_messages.h"
#include "tests/audit/memory_folder.h"

using namespace tijori;

namespace {

QString program(const char* name) {
  return qEnvironmentVariable("TIJORI_BIN_DIR") + "/" + name;
}

AuditDraft received(int number) {
  AuditDraft draft;
  draft.event = "inference.received";
  draft.outcome = "ok";
  draft.actor_type = "app";
  draft.actor = std::string(32, 'a');
  draft.subject = "asha";
  draft.purpose = "support";
  draft.request_id = QString("%1").arg(number, 32, 16, QChar('0')).toStdString();
  draft.detail.set("endpoint", std::string("chat-completions"));
  draft.detail.set("number", int64_t{number});
  return draft;
}

AuditDraft released(int number) {
  AuditDraft draft = received(number);
  draft.event = "inference.released";
  draft.outcome = "answered";
  draft.object = std::string(64, '1');
  draft.detail = {};
  draft.detail.set("completion_tokens", int64_t{7});
  return draft;
}

AuditDraft decided(int number) {
  AuditDraft draft = released(number);
  draft.event = "guardrail.decided";
  draft.outcome = "ok";
  draft.detail = {};
  draft.detail.set("count", int64_t{2});
  draft.detail.set("stage", std::string("request_text"));
  draft.detail.set("action", std::string("mask"));
  draft.detail.set("decisions", std::vector<AuditDecision>{{"pan", "pan", "mask", 1, 5, 15, 900},
                                                           {"words", "code_name", "failed-open", 0, 0, 0, 0}});
  return draft;
}

}  // namespace

class ProgramTest : public QObject {
  Q_OBJECT

  std::unique_ptr<QTemporaryDir> folder_;
  QProcess server_;
  std::unique_ptr<FrameChannel> channel_;
  uint64_t next_id_ = 1;

  std::string socket_path() const { return folder_->filePath("audit.sock").toStdString(); }
  QString path(const char* name) const { return folder_->filePath(name); }

  void start() {
    server_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    server_.start(program("tijori-audit"), {"serve", "--folder", path("audit"), "--socket", path("audit.sock"),
                                            "--ballast-mib", "0", "--purpose", "support"});
    QVERIFY(server_.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(connect(), 20'000);
  }
  bool connect() {
    auto socket = connect_unix(socket_path());
    if (!socket) return false;
    channel_ = std::make_unique<FrameChannel>(std::move(*socket));
    return ask(MessageType::hello, to_json(Hello{1, "test", "0"})).type == number_of(MessageType::hello);
  }
  int stop() {
    ::kill(static_cast<pid_t>(server_.processId()), SIGTERM);
    return server_.waitForFinished(20'000) ? server_.exitCode() : -1;
  }
  // The next frame that is no progress.
  Frame ask(MessageType type, const std::string& payload) {
    const uint64_t id = next_id_++;
    if (!channel_->write(number_of(type), id, payload)) return {};
    for (;;) {
      auto frame = channel_->read();
      if (!frame) return {};
      if (frame->type == number_of(MessageType::progress)) continue;
      if (frame->request_id != id && frame->request_id != 0) return {};
      return std::move(*frame);
    }
  }
  template <class Reply, class Request>
  Reply expect(MessageType type, const Request& request, MessageType reply) {
    const Frame frame = ask(type, to_json(request));
    if (frame.type != number_of(reply)) qFatal("%d: %s", frame.type, frame.payload.c_str());
    auto parsed = from_json<Reply>(frame.payload);
    if (!parsed) qFatal("%s", parsed.error().message.c_str());
    return *parsed;
  }
  std::string code_of(const Frame& frame) {
    if (frame.type != number_of(MessageType::error)) return "type " + std::to_string(frame.type);
    return from_json<PeerError>(frame.payload)->code;
  }
  AuditStatusReply status() {
    return expect<AuditStatusReply>(MessageType::status, Nothing{}, MessageType::status_reply);
  }
  AppendedReply append(std::vector<AuditDraft> drafts) {
    return expect<AppendedReply>(MessageType::append, AppendRequest{std::move(drafts)}, MessageType::appended);
  }
  // Receives an export with one frame of credit at a time.
  Bytes exported() {
    ExportRequest request;
    request.credit = 1;
    const uint64_t id = next_id_++;
    Bytes file;
    if (!channel_->write(number_of(MessageType::export_log), id, to_json(request))) return {};
    for (;;) {
      auto frame = channel_->read();
      if (!frame) return {};
      if (frame->type == number_of(MessageType::exported)) {
        const auto reply = from_json<ExportedReply>(frame->payload);
        if (reply->bytes != static_cast<int64_t>(file.size()) || reply->sha256 != to_hex(sha256(file))) return {};
        return file;
      }
      if (frame->type != number_of(MessageType::chunk)) return {};
      tijori::append(file, as_bytes(frame->payload));
      if (!channel_->write(number_of(MessageType::credit), id, to_json(Credit{1}))) return {};
    }
  }
  std::pair<int, QByteArray> run_verify(const QStringList& arguments) {
    QProcess verify;
    verify.start(program("tijori-audit-verify"), arguments);
    verify.waitForFinished();
    return {verify.exitCode(), verify.readAllStandardOutput()};
  }

 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>(memory_folder());
    start();
  }
  void cleanup() {
    channel_.reset();
    if (server_.state() != QProcess::NotRunning) QCOMPARE(stop(), 0);
  }

  void appends_and_shows_what_it_was_given() {
    const AppendedReply reply = append({received(1), decided(1), released(1)});
    QCOMPARE(reply.records.size(), 3U);
    const int64_t seq = reply.records[2].seq;
    const AuditRecords shown = expect<AuditRecords>(MessageType::show, SeqRequest{seq}, MessageType::records);
    QCOMPARE(shown.records.size(), 1U);
    const AuditRecord& record = shown.records[0];
    QCOMPARE(record.event, std::string("inference.released"));
    QCOMPARE(record.leaf, reply.records[2].leaf);
    QCOMPARE(record.leaf, to_hex(leaf_hash(from_hex(record.core).value())));
    QCOMPARE(record.subjects.size(), 1U);
    QCOMPARE(record.purpose, std::string("support"));
    QCOMPARE(std::get<int64_t>(*record.detail.find("completion_tokens")), 7);
    ListRequest list;
    list.limit = 10;
    list.request_id = record.request_id;
    QCOMPARE(expect<AuditRecords>(MessageType::list, list, MessageType::records).records.size(), 3U);
    const AuditRecords judged =
        expect<AuditRecords>(MessageType::show, SeqRequest{reply.records[1].seq}, MessageType::records);
    QCOMPARE(judged.records.at(0).detail, decided(1).detail);
    QCOMPARE(status().records, seq + 1);
  }

  void proves_a_record_to_a_signed_checkpoint() {
    const AppendedReply reply = append({received(1)});
    const AuditProof proof =
        expect<AuditProof>(MessageType::prove, SeqRequest{reply.records[0].seq}, MessageType::proof);
    const AuditKeys keys = expect<AuditKeys>(MessageType::keys, Nothing{}, MessageType::keys_reply);
    const auto digest = [](const std::string& hex) {
      Digest out{};
      std::ranges::copy(from_hex(hex).value(), out.begin());
      return out;
    };
    std::vector<Digest> path;
    for (const std::string& hash : proof.path) path.push_back(digest(hash));
    QCOMPARE(proof.leaf, reply.records[0].leaf);
    QVERIFY(verify_inclusion(digest(proof.leaf), static_cast<uint64_t>(proof.seq), static_cast<uint64_t>(proof.size),
                             path, digest(proof.root)));
    const SignedNote note = SignedNote::parse(proof.note).value();
    QCOMPARE(check_note(note, VerifierKey::parse(keys.verifier_key).value()), NoteCheck::good);
    QCOMPARE(to_hex(Checkpoint::parse(note.text)->root), proof.root);
  }

  void an_export_verifies_on_another_machine() {
    append({received(1), released(1)});
    expect<CheckpointReply>(MessageType::checkpoint, Nothing{}, MessageType::checkpoint_reply);
    append({received(2)});
    const Bytes file = exported();
    QVERIFY(!file.empty());
    const QString export_path = path("log.export");
    const QString trust_path = path("trust");
    QVERIFY(write_file_atomic(export_path.toStdString(), file, 0600).has_value());

    QCOMPARE(run_verify({export_path}).first, 6);
    const auto [code, trust] = run_verify({export_path, "--print-trust"});
    QCOMPARE(code, 0);
    QVERIFY(write_file_atomic(trust_path.toStdString(), as_bytes(trust.toStdString()), 0600).has_value());
    const auto [verified, text] = run_verify({export_path, "--trust", trust_path});
    QCOMPARE(verified, 0);
    QVERIFY2(text.startsWith("verified: verified up to record 3; record 4 not signed yet"), text.constData());
    const auto [json_code, json] = run_verify({export_path, "--trust", trust_path, "--json"});
    QCOMPARE(json_code, 0);
    QVERIFY2(json.contains("\"verdict\":\"verified\"") && json.contains("\"tail_records\":1"), json.constData());

    Bytes bad = file;
    bad[bad.size() / 2] ^= 1;
    QVERIFY(write_file_atomic(export_path.toStdString(), bad, 0600).has_value());
    QCOMPARE(run_verify({export_path, "--trust", trust_path}).first, 5);
    QCOMPARE(run_verify({path("absent")}).first, 1);
    QCOMPARE(run_verify({}).first, 2);
    QCOMPARE(run_verify({export_path, "--nonsense"}).first, 2);
    QCOMPARE(run_verify({"--help"}).first, 0);
  }

  void proves_that_it_continues_an_earlier_checkpoint() {
    const AuditStatusReply before = status();
    const Checkpoint older = Checkpoint::parse(SignedNote::parse(before.last_checkpoint)->text).value();
    append({received(1), released(1)});
    const ConsistencyProof early = expect<ConsistencyProof>(
        MessageType::compare, ConsistencyRequest{before.last_checkpoint_size, 0}, MessageType::comparison);
    QCOMPARE(early.size, before.last_checkpoint_size);
    const CheckpointReply signed_now =
        expect<CheckpointReply>(MessageType::checkpoint, Nothing{}, MessageType::checkpoint_reply);
    QCOMPARE(status().last_checkpoint, signed_now.note);
    const ConsistencyProof proof = expect<ConsistencyProof>(
        MessageType::compare, ConsistencyRequest{before.last_checkpoint_size, 0}, MessageType::comparison);
    QCOMPARE(proof.note, signed_now.note);
    const Checkpoint newer = Checkpoint::parse(SignedNote::parse(proof.note)->text).value();
    const std::vector<Digest> path = parse_path(proof.path).value();
    QCOMPARE(judge_continuity(older, newer, path), Continuity::continues);
    Checkpoint other = older;
    other.root[0] ^= 1;
    QCOMPARE(judge_continuity(other, newer, path), Continuity::forked);
    QCOMPARE(code_of(ask(MessageType::compare, R"({"old_size":1,"size":99})")), std::string("not_found"));
    QCOMPARE(code_of(ask(MessageType::compare, R"({"old_size":3,"size":2})")), std::string("invalid_argument"));
    QCOMPARE(code_of(ask(MessageType::compare, R"({"old_size":0,"size":2})")), std::string("invalid_argument"));
  }

  void counts_what_matches() {
    append({received(1), released(1), received(2)});
    CountRequest count;
    count.bucket_us = 3'600'000'000;
    const AuditCounts all = expect<AuditCounts>(MessageType::count, count, MessageType::counts);
    QCOMPARE(all.matching, status().records);
    QCOMPARE(all.records, all.matching);
    QVERIFY(all.buckets.size() == 1 || all.buckets.size() == 2);
    count.event = "inference.received";
    count.bucket_us = 0;
    const AuditCounts some = expect<AuditCounts>(MessageType::count, count, MessageType::counts);
    QCOMPARE(some.matching, 2);
    QVERIFY(some.buckets.empty() && some.first_us > 0 && some.first_us <= some.last_us);
    QCOMPARE(code_of(ask(MessageType::count, R"({"bucket_us":7})")), std::string("invalid_argument"));
  }

  void says_how_far_a_verification_is_and_how_the_last_one_ended() {
    append({received(1)});
    QCOMPARE(status().verifying_done, -1);
    QCOMPARE(status().verified, std::string());
    expect<AuditVerdict>(MessageType::verify, Nothing{}, MessageType::verdict);
    const AuditStatusReply after = status();
    QCOMPARE(after.verified, std::string("verified"));
    QCOMPARE(after.verified_up_to, after.last_checkpoint_size - 1);
    QVERIFY(after.verified_us > 0);
    QCOMPARE(after.verifying_done, -1);
  }

  void a_verification_can_be_cancelled() {
    for (int i = 0; i < 200; ++i) {
      std::vector<AuditDraft> drafts;
      for (int j = 0; j < 100; ++j) drafts.push_back(received(i * 100 + j));
      append(std::move(drafts));
    }
    const uint64_t id = next_id_++;
    QVERIFY(channel_->write(number_of(MessageType::verify), id, "{}").has_value());
    const auto first = channel_->read();
    QVERIFY(first.has_value());
    QCOMPARE(first->type, number_of(MessageType::progress));
    // In another connection's sight too.
    const std::unique_ptr<FrameChannel> verifying = std::move(channel_);
    QVERIFY(connect());
    const AuditStatusReply during = status();
    QVERIFY(during.verifying_done >= 0 && during.verifying_total > 20'000);
    QVERIFY(verifying->write(number_of(MessageType::cancel), id, "{}").has_value());
    for (;;) {
      const auto frame = verifying->read();
      QVERIFY(frame.has_value());
      if (frame->type == number_of(MessageType::progress)) continue;
      QCOMPARE(code_of(*frame), std::string("cancelled"));
      break;
    }
    QTRY_COMPARE(status().verifying_done, -1);
    QCOMPARE(status().verified, std::string());
  }

  void verifies_itself_with_progress() {
    append({received(1)});
    const AuditVerdict verdict = expect<AuditVerdict>(MessageType::verify, Nothing{}, MessageType::verdict);
    QCOMPARE(verdict.verdict, std::string("verified"));
    QCOMPARE(verdict.first_bad_seq, -1);
    QCOMPARE(verdict.records, status().records);
  }

  void refuses_what_breaks_a_rule_and_goes_on_data() {
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QByteArray>("code");
    const auto append = static_cast<int>(MessageType::append);
    QTest::newRow("unknown event") << append << QByteArray(R"({"records":[{"event":"x","outcome":"ok"}]})")
                                   << QByteArray("invalid_argument");
    QTest::newRow("own event") << append << QByteArray(R"({"records":[{"event":"heartbeat","outcome":"ok"}]})")
                               << QByteArray("invalid_argument");
    QTest::newRow("unknown field") << append << QByteArray(R"({"records":[],"x":1})") << QByteArray("invalid_argument");
    QTest::newRow("no records") << append << QByteArray(R"({"records":[]})") << QByteArray("invalid_argument");
    QTest::newRow("wrong detail") << append
                                  << QByteArray(
                                         R"({"records":[{"event":"log.read","outcome":"ok","detail":{"what":7}}]})")
                                  << QByteArray("invalid_argument");
    QTest::newRow("bad hex") << append
                             << QByteArray(R"({"records":[{"event":"log.read","outcome":"ok","actor":"zz"}]})")
                             << QByteArray("invalid_argument");
    QTest::newRow("not open") << append << QByteArray::fromStdString(to_json(AppendRequest{{released(9)}}))
                              << QByteArray("not_found");
    QTest::newRow("no such record") << static_cast<int>(MessageType::show) << QByteArray(R"({"seq":99})")
                                    << QByteArray("not_found");
    QTest::newRow("limit") << static_cast<int>(MessageType::list) << QByteArray(R"({"limit":0})")
                           << QByteArray("invalid_argument");
    QTest::newRow("type") << 999 << QByteArray("{}") << QByteArray("unsupported");
  }
  void refuses_what_breaks_a_rule_and_goes_on() {
    QFETCH(int, type);
    QFETCH(QByteArray, payload);
    QFETCH(QByteArray, code);
    const int64_t before = status().records;
    QCOMPARE(code_of(ask(static_cast<MessageType>(type), payload.toStdString())), code.toStdString());
    QCOMPARE(status().records, before);
  }

  void wants_hello_first_and_its_own_version() {
    channel_ = std::make_unique<FrameChannel>(std::move(*connect_unix(socket_path())));
    QCOMPARE(code_of(ask(MessageType::status, "{}")), std::string("malformed"));
    QVERIFY(!channel_->read().has_value());
    channel_ = std::make_unique<FrameChannel>(std::move(*connect_unix(socket_path())));
    QCOMPARE(code_of(ask(MessageType::hello, to_json(Hello{2, "test", "0"}))), std::string("unsupported"));
    QVERIFY(!channel_->read().has_value());
  }

  void cancels_an_export_that_gets_no_credit() {
    append({received(1)});
    const uint64_t id = next_id_++;
    QVERIFY(channel_->write(number_of(MessageType::export_log), id, "{\"credit\":0}").has_value());
    QVERIFY(channel_->write(number_of(MessageType::cancel), id, "{}").has_value());
    const auto frame = channel_->read();
    QVERIFY(frame.has_value());
    QCOMPARE(code_of(*frame), std::string("cancelled"));
  }

  void sigterm_seals_and_the_next_start_goes_on() {
    append({received(1)});
    QCOMPARE(stop(), 0);
    start();
    const AuditStatusReply after = status();
    QCOMPARE(after.segment, 1);
    QCOMPARE(after.unfinished, 0);
    ListRequest aborted;
    aborted.outcome = "aborted";
    const AuditRecords found = expect<AuditRecords>(MessageType::list, aborted, MessageType::records);
    QCOMPARE(found.records.size(), 1U);
    QCOMPARE(expect<AuditVerdict>(MessageType::verify, Nothing{}, MessageType::verdict).verdict,
             std::string("verified"));
  }

  void kill_9_loses_nothing_and_is_recorded() {
    const AppendedReply before = append({received(1)});
    server_.kill();
    QVERIFY(server_.waitForFinished());
    start();
    const AuditRecords shown =
        expect<AuditRecords>(MessageType::show, SeqRequest{before.records[0].seq}, MessageType::records);
    QCOMPARE(shown.records[0].leaf, before.records[0].leaf);
    ListRequest recovered;
    recovered.event = "log.recovered";
    QCOMPARE(expect<AuditRecords>(MessageType::list, recovered, MessageType::records).records.size(), 1U);
    QCOMPARE(code_of(ask(MessageType::append, to_json(AppendRequest{{released(1)}}))), std::string("not_found"));
  }

  void a_second_process_on_the_same_log_is_refused() {
    QProcess second;
    second.start(program("tijori-audit"), {"serve", "--folder", path("audit"), "--socket", path("other.sock")});
    QVERIFY(second.waitForFinished());
    QCOMPARE(second.exitCode(), 1);
    QVERIFY(second.readAllStandardError().contains("another process writes this log"));
  }

  void serves_a_socket_that_is_handed_over() {
    QCOMPARE(stop(), 0);
    auto listener = listen_unix(socket_path(), 0600);
    QVERIFY(listener.has_value());
    const int fd = listener->get();
    server_.setChildProcessModifier([fd] {
      ::dup2(fd, 3);
      const std::string pid = std::to_string(::getpid());
      ::setenv("LISTEN_PID", pid.c_str(), 1);
      ::setenv("LISTEN_FDS", "1", 1);
      ::fcntl(3, F_SETFD, 0);
    });
    server_.start(program("tijori-audit"), {"serve", "--folder", path("audit"), "--ballast-mib", "0"});
    QVERIFY(server_.waitForStarted());
    server_.setChildProcessModifier({});
    QTRY_VERIFY_WITH_TIMEOUT(connect(), 20'000);
    QCOMPARE(status().state, std::string("normal"));
    QCOMPARE(stop(), 0);
  }

  void says_where_its_keys_come_from() {
    QCOMPARE(status().keys.size(), 2U);
    for (const KeyOrigin& key : status().keys) QCOMPARE(key.from, std::string("file"));
    QCOMPARE(stop(), 0);
    // Handed over by the service manager, and gone from the log's own folder.
    QVERIFY(QDir(folder_->path()).mkdir("credentials"));
    QVERIFY(QFile::rename(path("audit/keys/signing.key"), path("credentials/audit-signing.key")));
    QVERIFY(QFile::rename(path("audit/keys/subject.key"), path("credentials/audit-subject.key")));
    QProcessEnvironment with_credentials = QProcessEnvironment::systemEnvironment();
    with_credentials.insert("CREDENTIALS_DIRECTORY", path("credentials"));
    server_.setProcessEnvironment(with_credentials);
    start();
    server_.setProcessEnvironment(QProcessEnvironment::systemEnvironment());
    const AuditStatusReply after = status();
    QCOMPARE(after.state, std::string("normal"));
    QCOMPARE(after.keys[0].name, std::string("audit-signing.key"));
    QCOMPARE(after.keys[1].name, std::string("audit-subject.key"));
    for (const KeyOrigin& key : after.keys) QCOMPARE(key.from, std::string("credential"));
    QCOMPARE(append({received(1)}).records.size(), 1U);
    QCOMPARE(stop(), 0);
    // A log whose keys are gone makes no new ones.
    server_.setProcessChannelMode(QProcess::SeparateChannels);
    server_.start(program("tijori-audit"), {"serve", "--folder", path("audit"), "--socket", path("audit.sock")});
    QVERIFY(server_.waitForFinished());
    QCOMPARE(server_.exitCode(), 1);
  }

  void takes_its_peer_by_name_and_refuses_one_that_is_nobody() {
    QCOMPARE(stop(), 0);
    const QStringList arguments{"serve",         "--folder", path("audit"), "--socket", path("audit.sock"),
                                "--ballast-mib", "0"};
    server_.setProcessChannelMode(QProcess::SeparateChannels);
    server_.start(program("tijori-audit"), arguments + QStringList{"--peer-user", "no-such-user"});
    QVERIFY(server_.waitForFinished());
    QCOMPARE(server_.exitCode(), 1);
    QVERIFY(server_.readAllStandardError().contains("user \"no-such-user\""));
    server_.start(program("tijori-audit"), arguments + QStringList{"--peer-user", QString::number(::geteuid())});
    QVERIFY(server_.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(connect(), 20'000);
  }

  void closes_a_peer_of_another_uid_unread() {
    if (::geteuid() != 0) QSKIP("needs root to become another user");
    // Past the modes of folder and socket, which would keep it out already.
    ::chmod(folder_->path().toStdString().c_str(), 0711);
    ::chmod(socket_path().c_str(), 0666);
    const pid_t child = ::fork();
    QVERIFY(child >= 0);
    if (child == 0) {
      if (::setresuid(65534, 65534, 65534) != 0) ::_exit(2);
      auto socket = connect_unix(socket_path());
      if (!socket) ::_exit(3);
      FrameChannel channel(std::move(*socket));
      static_cast<void>(channel.write(number_of(MessageType::hello), 1, to_json(Hello{1, "test", "0"})));
      ::_exit(channel.read().has_value() ? 4 : 0);
    }
    int state = 0;
    ::waitpid(child, &state, 0);
    QVERIFY2(WIFEXITED(state) && WEXITSTATUS(state) == 0, qPrintable(QString::number(state)));
    QCOMPARE(status().state, std::string("normal"));
  }
};

QTEST_GUILESS_MAIN(ProgramTest)
#include "program_test.moc"

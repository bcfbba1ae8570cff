// The program tijori-engine serve, over its socket, with a tiny model.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <map>
#include <set>

#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/file.h"
#include "base/frame.h"
#include "base/socket.h"
#include "protocol/engine_messages.h"
#include "protocol/inner_messages.h"
#include "tests/support/tiny_models.h"
#include "tests/support/tokenizers.h"

using namespace tijori;
using namespace tijori::test;

namespace {

constexpr const char* model_file = "tiny.gguf";

// What a request was told until its end.
struct Answer {
  std::string text;
  int deltas = 0;
  std::optional<Finish> finish;
  std::optional<PeerError> error;
};

class Engine {
 public:
  Engine() {
    const Bytes model = with_tokenizer(tiny_model(Tiny::scout), tiny_tokenizer(), llama4_template);
    digest_ = to_hex(sha256(model));
    if (!write_file_atomic(path(model_file), model, 0600)) qFatal("can't write the model");
  }
  ~Engine() { stop(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  std::string path(const std::string& name) const { return folder_.path().toStdString() + "/" + name; }
  const std::string& digest() const { return digest_; }

  bool start(const QStringList& more = {}) {
    const QString program = qEnvironmentVariable("TIJORI_BIN_DIR") + "/tijori-engine";
    process_.setProcessChannelMode(QProcess::ForwardedOutputChannel);
    process_.start(program, QStringList{"serve", "--socket", socket(), "--store", folder_.path()} + more);
    if (!process_.waitForStarted()) return false;
    return QTest::qWaitFor([this] { return connect_unix(socket().toStdString()).has_value(); }, 10000);
  }
  void stop() {
    if (process_.state() == QProcess::NotRunning) return;
    process_.kill();
    process_.waitForFinished();
  }
  QProcess& process() { return process_; }
  QString socket() const { return folder_.path() + "/engine.sock"; }

 private:
  QTemporaryDir folder_;
  std::string digest_;
  QProcess process_;
};

class Daemon {
 public:
  explicit Daemon(const Engine& engine) {
    auto fd = connect_unix(engine.socket().toStdString());
    if (!fd) return;
    const timeval limit{.tv_sec = 30, .tv_usec = 0};
    setsockopt(fd->get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    channel_ = std::make_unique<FrameChannel>(*std::move(fd));
  }
  bool shake_hands() {
    send(MessageType::hello, 0, to_json(Hello{inner_protocol_version, "test", "0"}));
    const auto frame = read();
    return frame && frame->type == number_of(MessageType::hello);
  }
  void send(MessageType type, uint64_t id, std::string_view payload) {
    if (channel_) std::ignore = channel_->write(number_of(type), id, payload);
  }
  void send_raw(std::string_view bytes) { std::ignore = write_all(channel_->fd(), as_bytes(bytes), "raw"); }
  std::optional<Frame> read() {
    if (!channel_) return std::nullopt;
    auto frame = channel_->read();
    if (!frame) return std::nullopt;
    return *std::move(frame);
  }
  // The next frame that is no progress.
  std::optional<Frame> read_reply() {
    auto frame = read();
    while (frame && frame->type == number_of(MessageType::progress)) {
      ++n_progress;
      frame = read();
    }
    return frame;
  }
  // The error that the next frame is; its code is "" when it is another frame.
  PeerError read_error() {
    const auto frame = read_reply();
    if (!frame || frame->type != number_of(MessageType::error)) return {};
    return *from_json<PeerError>(frame->payload);
  }
  bool load(const Engine& engine) {
    send(MessageType::load, 1, to_json(load_request(engine)));
    const auto frame = read_reply();
    if (!frame || frame->type != number_of(MessageType::loaded)) return false;
    loaded = *from_json<LoadedReply>(frame->payload);
    return true;
  }
  static LoadRequest load_request(const Engine& engine) {
    return {.file = model_file,
            .sha256 = engine.digest(),
            .backend = "reference",
            .threads = 1,
            .context_tokens = 256,
            .max_sequences = 4,
            .kv_type = "f32",
            .chat_format = ""};
  }
  // Reads until all of these requests have ended.
  std::map<uint64_t, Answer> read_answers(std::set<uint64_t> open) {
    std::map<uint64_t, Answer> answers;
    while (!open.empty()) {
      const auto frame = read();
      if (!frame) break;
      Answer& answer = answers[frame->request_id];
      switch (static_cast<MessageType>(frame->type)) {
        case MessageType::delta:
          answer.text += from_json<Delta>(frame->payload)->text;
          ++answer.deltas;
          break;
        case MessageType::finish:
          answer.finish = *from_json<Finish>(frame->payload);
          open.erase(frame->request_id);
          break;
        case MessageType::error:
          answer.error = *from_json<PeerError>(frame->payload);
          open.erase(frame->request_id);
          break;
        default:
          break;
      }
    }
    return answers;
  }
  EngineStatusReply status() {
    send(MessageType::status, 900, "{}");
    for (auto frame = read(); frame; frame = read()) {
      if (frame->type == number_of(MessageType::status_reply)) return *from_json<EngineStatusReply>(frame->payload);
    }
    return {};
  }
  void close() { channel_.reset(); }

  LoadedReply loaded;
  int n_progress = 0;

 private:
  std::unique_ptr<FrameChannel> channel_;
};

GenerateRequest greedy(const std::string& text, int64_t max_tokens) {
  GenerateRequest request;
  request.messages = std::vector<EngineMessage>{{"user", text}};
  request.max_tokens = max_tokens;
  request.temperature = 0;
  request.credit = 10000;
  return request;
}

}  // namespace

class ServeTest : public QObject {
  Q_OBJECT

 private slots:
  void loads_and_answers_several_requests_together() {
    Engine engine;
    QVERIFY(engine.start());
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    QCOMPARE(daemon.status().state, "empty");
    QVERIFY(daemon.load(engine));
    QVERIFY(daemon.n_progress >= 2);
    QCOMPARE(daemon.loaded.architecture, "llama4");
    QCOMPARE(daemon.loaded.chat_format, "llama4");
    QCOMPARE(daemon.loaded.sha256, engine.digest());
    QCOMPARE(daemon.loaded.template_sha256, to_hex(sha256(as_bytes(llama4_template))));
    QCOMPARE(daemon.loaded.context_tokens, 256);
    QCOMPARE(daemon.loaded.max_sequences, 4);
    QCOMPARE(daemon.loaded.vocabulary, int64_t{tiny_vocabulary});
    QCOMPARE(daemon.loaded.backend, "reference");
    QCOMPARE(daemon.loaded.gpu, "");  // nobody asked for one
    QVERIFY(daemon.loaded.experts > 0);

    for (uint64_t id = 10; id < 16; ++id) {
      daemon.send(MessageType::generate, id, to_json(greedy(id == 15 ? "other" : "the same", 20)));
    }
    const auto answers = daemon.read_answers({10, 11, 12, 13, 14, 15});
    for (uint64_t id = 10; id < 16; ++id) {
      QVERIFY(answers.at(id).finish);
      if (id < 15) QCOMPARE(answers.at(id).text, answers.at(10).text);
    }
    const EngineStatusReply status = daemon.status();
    QCOMPARE(status.state, "ready");
    QCOMPARE(status.running + status.waiting, 0);
    QCOMPARE(status.kv_blocks_used, 0);
    QVERIFY(status.completion_tokens > 0);
    QVERIFY(status.resident_bytes > 0);
  }

  void counts_tokens() {
    Engine engine;
    QVERIFY(engine.start());
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    QVERIFY(daemon.load(engine));
    TokenizeRequest text;
    text.text = "the cat";
    daemon.send(MessageType::tokenize, 2, to_json(text));
    auto reply = from_json<TokensReply>(daemon.read()->payload);
    QCOMPARE(reply->count, 5);
    TokenizeRequest chat;
    chat.messages = std::vector<EngineMessage>{{"user", "the cat"}};
    daemon.send(MessageType::tokenize, 3, to_json(chat));
    reply = from_json<TokensReply>(daemon.read()->payload);
    QCOMPARE(reply->ids.front(), 0);
    QVERIFY(reply->count > 5);
    chat.messages = std::vector<EngineMessage>{{"tool", "x"}};
    daemon.send(MessageType::tokenize, 4, to_json(chat));
    QCOMPARE(daemon.read_error().code, "unsupported");
  }

  void renders_a_prompt_in_pieces() {
    Engine engine;
    QVERIFY(engine.start());
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    RenderRequest request;
    request.messages = std::vector<EngineMessage>{{"system", " be brief"}, {"user", "the cat"}};
    daemon.send(MessageType::render, 2, to_json(request));
    QCOMPARE(daemon.read_error().code, "unavailable");
    QVERIFY(daemon.load(engine));
    daemon.send(MessageType::render, 3, to_json(request));
    const auto reply = from_json<RenderedReply>(daemon.read()->payload);
    QVERIFY(reply.has_value());
    std::string printed;
    for (const RenderedPiece& piece : reply->pieces) {
      printed += piece.text;
      if (piece.text == "be brief") QCOMPARE(piece.begin, 1);
      QCOMPARE(piece.message, piece.text == "be brief" ? 0 : piece.text == "the cat" ? 1 : -1);
    }
    QCOMPARE(
        QString::fromStdString(printed),
        "<|begin_of_text|><|header_start|>system<|header_end|>\n\nbe brief<|eot|><|header_start|>user<|header_end|>"
        "\n\nthe cat<|eot|><|header_start|>assistant<|header_end|>\n\n");
    request.prompt = "both";
    daemon.send(MessageType::render, 4, to_json(request));
    QCOMPARE(daemon.read_error().code, "invalid_argument");
  }

  void tells_how_often_experts_were_chosen() {
    Engine engine;
    QVERIFY(engine.start());
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    daemon.send(MessageType::experts, 2, "{}");
    QCOMPARE(daemon.read_error().code, "unavailable");
    QVERIFY(daemon.load(engine));
    daemon.send(MessageType::experts, 3, "{}");
    const auto reply = from_json<ExpertCountsReply>(daemon.read()->payload);
    QVERIFY(reply.has_value());
    QVERIFY(!reply->layers.empty());
    for (const LayerExperts& layer : reply->layers) {
      QVERIFY(!layer.counts.empty());
      for (const int64_t count : layer.counts) QCOMPARE(count, int64_t{0});
    }
  }

  void refuses_a_load_data() {
    QTest::addColumn<int>("fault");
    QTest::addColumn<QString>("code");
    QTest::newRow("wrong digest") << 0 << "corrupted";
    QTest::newRow("no digest") << 1 << "invalid_argument";
    QTest::newRow("no such file") << 2 << "not_found";
    QTest::newRow("a path out of the store") << 3 << "invalid_argument";
    QTest::newRow("an absolute path") << 4 << "invalid_argument";
    QTest::newRow("unknown backend") << 5 << "invalid_argument";
    QTest::newRow("unknown chat format") << 6 << "invalid_argument";
    QTest::newRow("negative threads") << 7 << "invalid_argument";
  }

  void refuses_a_load() {
    QFETCH(int, fault);
    QFETCH(QString, code);
    static Engine engine;
    if (engine.process().state() == QProcess::NotRunning) QVERIFY(engine.start());
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    LoadRequest request = Daemon::load_request(engine);
    switch (fault) {
      case 0:
        request.sha256.front() = request.sha256.front() == '0' ? '1' : '0';
        break;
      case 1:
        request.sha256.clear();
        break;
      case 2:
        request.file = "other.gguf";
        break;
      case 3:
        request.file = "../tiny.gguf";
        break;
      case 4:
        request.file = engine.path(model_file);
        break;
      case 5:
        request.backend = "abacus";
        break;
      case 6:
        request.chat_format = "alpaca";
        break;
      default:
        request.threads = -1;
        break;
    }
    daemon.send(MessageType::load, 1, to_json(request));
    QCOMPARE(QString::fromStdString(daemon.read_error().code), code);
    QCOMPARE(daemon.status().state, "empty");
    if (fault == 7) QVERIFY(daemon.load(engine));  // after all of these
  }

  void developer_mode_takes_any_path_without_a_digest() {
    Engine engine;
    QVERIFY(engine.start({"--developer"}));
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    LoadRequest request = Daemon::load_request(engine);
    request.file = engine.path(model_file);
    request.sha256.clear();
    daemon.send(MessageType::load, 1, to_json(request));
    const auto frame = daemon.read_reply();
    QCOMPARE(frame->type, number_of(MessageType::loaded));
    QCOMPARE(from_json<LoadedReply>(frame->payload)->sha256, engine.digest());
  }

  void refuses_requests_one_by_one() {
    Engine engine;
    QVERIFY(engine.start());
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    daemon.send(MessageType::generate, 2, to_json(greedy("early", 1)));
    QCOMPARE(daemon.read_error().code, "unavailable");
    QVERIFY(daemon.load(engine));
    daemon.send(MessageType::generate, 3, to_json(greedy(std::string(400, 'a'), 1)));
    const PeerError overflow = daemon.read_error();
    QCOMPARE(overflow.code, "context_length_exceeded");
    QCOMPARE(overflow.limit_tokens, std::optional<int64_t>(256));
    QVERIFY(overflow.asked_tokens > 400);
    GenerateRequest hot = greedy("x", 1);
    hot.temperature = -1;
    daemon.send(MessageType::generate, 4, to_json(hot));
    QCOMPARE(daemon.read_error().code, "invalid_argument");
    GenerateRequest both = greedy("x", 1);
    both.prompt = "y";
    daemon.send(MessageType::generate, 5, to_json(both));
    QCOMPARE(daemon.read_error().code, "invalid_argument");
    daemon.send(MessageType::generate, 6, to_json(greedy("still here", 2)));
    QVERIFY(daemon.read_answers({6}).at(6).finish);
  }

  void sends_no_more_than_the_credit_and_can_be_cancelled() {
    Engine engine;
    QVERIFY(engine.start());
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    QVERIFY(daemon.load(engine));
    GenerateRequest request = greedy("the", 0);
    request.temperature = 1;
    request.seed = 11;
    request.credit = 2;
    daemon.send(MessageType::generate, 2, to_json(request));
    daemon.send(MessageType::generate, 3, to_json(greedy("other", 10)));
    const auto answers = daemon.read_answers({3});
    QVERIFY(answers.at(3).finish);
    QVERIFY(answers.at(2).deltas <= 2);
    QVERIFY(!answers.at(2).finish);
    daemon.send(MessageType::cancel, 2, "{}");
    daemon.send(MessageType::cancel, 777, "{}");  // nothing of that name: no error
    const auto rest = daemon.read_answers({2});
    QCOMPARE(rest.at(2).finish->reason, "cancelled");
  }

  void a_new_connection_finds_nothing_of_the_old_one() {
    Engine engine;
    QVERIFY(engine.start());
    Daemon first(engine);
    QVERIFY(first.shake_hands());
    QVERIFY(first.load(engine));
    GenerateRequest request = greedy("long", 0);
    request.credit = 1;
    first.send(MessageType::generate, 2, to_json(request));
    QVERIFY(first.read());
    first.close();
    Daemon second(engine);
    QVERIFY(second.shake_hands());
    const EngineStatusReply status = second.status();
    QCOMPARE(status.state, "ready");
    QCOMPARE(status.running + status.waiting, 0);
    QVERIFY(second.load(engine));  // the same model: it is there already
    LoadRequest other = Daemon::load_request(engine);
    other.sha256 = std::string(64, '0');
    second.send(MessageType::load, 3, to_json(other));
    QCOMPARE(second.read_error().code, "already_exists");
    second.send(MessageType::generate, 2, to_json(greedy("again", 3)));
    QVERIFY(second.read_answers({2}).at(2).finish);
  }

  void a_broken_frame_ends_the_connection_alone_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("after_hello");
    const auto frame = [](MessageType type, uint64_t id, std::string_view payload) {
      return QByteArray::fromStdString(encode_frame(number_of(type), id, payload));
    };
    QByteArray huge(16, '\0');
    huge[3] = '\x7F';
    QByteArray reserved = frame(MessageType::status, 1, "{}");
    reserved[6] = 1;
    QTest::newRow("a length beyond the limit") << huge << true;
    QTest::newRow("reserved bytes in use") << reserved << true;
    QTest::newRow("no JSON") << frame(MessageType::status, 1, "{") << true;
    QTest::newRow("not UTF-8") << frame(MessageType::tokenize, 1, "{\"text\":\"\xFF\"}") << true;
    QTest::newRow("an unknown field") << frame(MessageType::status, 1, "{\"x\":1}") << true;
    QTest::newRow("a type of another program") << frame(MessageType::append, 1, "{}") << true;
    QTest::newRow("negative credit") << frame(MessageType::credit, 1, "{\"frames\":-1}") << true;
    QTest::newRow("no hello") << frame(MessageType::status, 1, "{}") << false;
    QTest::newRow("another protocol") << frame(MessageType::hello, 0, R"({"protocol":2,"program":"x","version":"0"})")
                                      << false;
  }

  void a_broken_frame_ends_the_connection_alone() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, after_hello);
    static Engine engine;
    if (engine.process().state() == QProcess::NotRunning) QVERIFY(engine.start());
    Daemon daemon(engine);
    if (after_hello) QVERIFY(daemon.shake_hands());
    daemon.send_raw(bytes.toStdString());
    const auto frame = daemon.read();
    QVERIFY(frame);
    QCOMPARE(frame->type, number_of(MessageType::error));
    QCOMPARE(frame->request_id, uint64_t{0});
    QVERIFY(!daemon.read());
    Daemon next(engine);
    QVERIFY(next.shake_hands());
  }

  void a_frame_cut_by_the_end_is_survived() {
    Engine engine;
    QVERIFY(engine.start());
    {
      Daemon daemon(engine);
      QVERIFY(daemon.shake_hands());
      daemon.send_raw(std::string_view("\x10\0\0\0\x07", 5));
    }
    Daemon next(engine);
    QVERIFY(next.shake_hands());
  }

  void terminating_lets_running_answers_finish() {
    Engine engine;
    QVERIFY(engine.start());
    Daemon daemon(engine);
    QVERIFY(daemon.shake_hands());
    QVERIFY(daemon.load(engine));
    daemon.send(MessageType::generate, 2, to_json(greedy("the end", 100)));
    QVERIFY(daemon.read());  // accepted
    QCOMPARE(::kill(static_cast<pid_t>(engine.process().processId()), SIGTERM), 0);
    const auto answers = daemon.read_answers({2});
    QVERIFY(answers.at(2).finish);
    QVERIFY(answers.at(2).finish->reason != "cancelled");
    QVERIFY(!daemon.read());
    QVERIFY(engine.process().waitForFinished(10000));
    QCOMPARE(engine.process().exitStatus(), QProcess::NormalExit);
    QCOMPARE(engine.process().exitCode(), 0);
  }

  void another_uid_is_closed_unread() {
    Engine engine;
    QVERIFY(engine.start({"--peer-user", QString::number(::geteuid() + 1)}));
    Daemon daemon(engine);
    QVERIFY(!daemon.shake_hands());
  }

  void tokenize_reads_lists_of_strings_alone() {
    const Engine engine;
    const auto run = [&engine](const QByteArray& input) {
      QProcess process;
      process.start(qEnvironmentVariable("TIJORI_BIN_DIR") + "/tijori-engine",
                    {"tokenize", QString::fromStdString(engine.path(model_file))});
      process.write(input);
      process.closeWriteChannel();
      process.waitForFinished();
      return std::pair(process.exitCode(), process.readAllStandardOutput().trimmed());
    };
    QCOMPARE(run(R"(["the", "<|eot|>"])").second,
             QByteArray(R"([{"text":"the","ids":[47]},{"text":"<|eot|>","ids":[10,20,25]}])"));
    QCOMPARE(run("[1]").first, 1);
    QCOMPARE(run("[\"a\"").first, 1);
    QCOMPARE(run("{}").first, 1);
  }
};

QTEST_GUILESS_MAIN(ServeTest)
#include "serve_test.moc"

// Files, frames and sockets against the operating system.
#include "base/file.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <thread>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/socket.h"

using namespace tijori;
namespace fs = std::filesystem;

class FileTest : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  fs::path path(const char* name) const { return fs::path(folder_.path().toStdString()) / name; }

  static std::pair<FrameChannel, UniqueFd> channel() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) qFatal("socketpair");
    return {std::piecewise_construct, std::forward_as_tuple(UniqueFd(ends[0])), std::forward_as_tuple(ends[1])};
  }

 private slots:
  void an_atomic_write_replaces_and_keeps_the_mode() {
    const auto file = path("state");
    QVERIFY(write_file_atomic(file, as_bytes("one"), 0600).has_value());
    QVERIFY(write_file_atomic(file, as_bytes("two"), 0640).has_value());
    QCOMPARE(*read_file(file, 100), std::string("two"));
    QCOMPARE(static_cast<unsigned>(fs::status(file).permissions()), 0640U);
    QCOMPARE(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()), 1);
  }
  void a_failed_write_leaves_nothing_behind() {
    const auto missing = path("no such folder") / "file";
    QCOMPARE(write_file_atomic(missing, as_bytes("x"), 0600).error().code, ErrorCode::not_found);
    fs::create_directory(path("taken"));
    QVERIFY(!write_file_atomic(path("taken"), as_bytes("x"), 0600).has_value());
    for (const auto& entry : fs::directory_iterator(path("."))) {
      QVERIFY2(entry.path().string().find("taken.") == std::string::npos, entry.path().c_str());
    }
  }
  void a_read_stops_at_its_limit() {
    QVERIFY(write_file_atomic(path("big"), Bytes(1001), 0600).has_value());
    QCOMPARE(read_file(path("big"), 1000).error().code, ErrorCode::resource_exhausted);
    QVERIFY(read_file(path("big"), 1001).has_value());
  }
  void a_map_refuses_what_is_no_file() {
    QCOMPARE(MappedFile::open(path(".")).error().code, ErrorCode::invalid_argument);
    QCOMPARE(MappedFile::open(path("absent")).error().code, ErrorCode::not_found);
    std::ofstream(path("empty")).close();
    const auto empty = MappedFile::open(path("empty"));
    QVERIFY(empty.has_value() && empty->bytes().empty());
  }

  void frames_arrive_as_they_were_sent() {
    auto [channel_end, other] = channel();
    FrameChannel peer(std::move(other));
    QVERIFY(channel_end.write(24, 7, R"({"text":"hi"})").has_value());
    const auto frame = peer.read();
    QVERIFY(frame.has_value());
    QCOMPARE(frame->type, uint16_t{24});
    QCOMPARE(frame->request_id, uint64_t{7});
    QCOMPARE(frame->payload, std::string(R"({"text":"hi"})"));
  }
  void a_frame_has_the_bytes_of_the_documented_vector() {
    QCOMPARE(to_hex(as_bytes(encode_frame(24, 7, R"({"text":"hi"})"))),
             std::string("0d0000001800000007000000000000007b2274657874223a226869227d"));
  }
  void a_bad_frame_is_refused_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("too long") << QByteArray("ffffffff180000000700000000000000")
                              << QByteArray("frame: payload of 4294967295 bytes, the limit is 8388608");
    QTest::newRow("reserved") << QByteArray("00000000180001000700000000000000")
                              << QByteArray("frame: reserved field is not zero");
    QTest::newRow("cut header") << QByteArray("0000") << QByteArray("connection closed inside a frame");
    QTest::newRow("cut payload") << QByteArray("0100000018000000070000000000000000").left(32)
                                 << QByteArray("connection closed inside a frame");
    QTest::newRow("nothing") << QByteArray("") << QByteArray("connection closed");
  }
  void a_bad_frame_is_refused() {
    QFETCH(QByteArray, hex);
    QFETCH(QByteArray, message);
    auto [channel_end, other] = channel();
    QVERIFY(write_all(other.get(), *from_hex(hex.toStdString()), "test").has_value());
    other.reset();
    const auto frame = channel_end.read();
    QVERIFY(!frame.has_value());
    QCOMPARE(frame.error().message, message.toStdString());
  }
  void too_long_a_payload_is_an_error_of_the_sender() {
    auto [channel_end, other] = channel();
    const std::string huge(max_frame_payload_bytes + 1, ' ');
    QCOMPARE(channel_end.write(24, 1, huge).error().code, ErrorCode::resource_exhausted);
  }

  void a_socket_works_at_a_path_longer_than_sockaddr_un() {
    const auto deep = path(std::string(150, 'd').c_str());
    fs::create_directories(deep);
    const auto listener = listen_unix(deep / "a.sock", 0600);
    QVERIFY2(listener.has_value(), listener ? "" : listener.error().message.c_str());
    const auto client = connect_unix(deep / "a.sock");
    QVERIFY(client.has_value());
    const auto accepted = accept_from_uid(listener->get(), ::getuid());
    QVERIFY(accepted.has_value());
    QCOMPARE(peer_credentials(accepted->get())->pid, ::getpid());
  }
  void a_stale_socket_is_replaced_and_another_file_is_not() {
    QVERIFY(listen_unix(path("stale.sock"), 0600).has_value());
    QCOMPARE(connect_unix(path("stale.sock")).error().code, ErrorCode::unavailable);
    QVERIFY(listen_unix(path("stale.sock"), 0600).has_value());
    std::ofstream(path("file.sock")) << "kept";
    QCOMPARE(listen_unix(path("file.sock"), 0600).error().code, ErrorCode::already_exists);
    QCOMPARE(*read_file(path("file.sock"), 10), std::string("kept"));
  }
  void another_uid_is_closed_unread() {
    const auto listener = listen_unix(path("inner.sock"), 0600);
    QVERIFY(listener.has_value());
    std::thread waiting([&] { (void)accept_from_uid(listener->get(), ::getuid() + 1); });
    const auto client = connect_unix(path("inner.sock"));
    char byte = 0;
    QCOMPARE(::read(client->get(), &byte, 1), ssize_t{0});
    ::shutdown(listener->get(), SHUT_RDWR);
    waiting.join();
  }
  void accepting_ends_when_told_and_leaves_the_listener_to_the_next() {
    const auto listener = listen_unix(path("kept.sock"), 0600);
    QVERIFY(listener.has_value());
    const UniqueFd stop(::eventfd(0, EFD_CLOEXEC));
    Result<UniqueFd> accepted = UniqueFd();
    // Of another uid, so that it is told while it waits again.
    std::thread waiting([&] { accepted = accept_from_uid(listener->get(), ::getuid() + 1, stop.get()); });
    const auto other = connect_unix(path("kept.sock"));
    char byte = 0;
    QCOMPARE(::read(other->get(), &byte, 1), ssize_t{0});
    ::eventfd_write(stop.get(), 1);
    waiting.join();
    QCOMPARE(accepted.error().code, ErrorCode::unavailable);
    const auto client = connect_unix(path("kept.sock"));
    QVERIFY(client.has_value());
    const UniqueFd go_on(::eventfd(0, EFD_CLOEXEC));
    QVERIFY(accept_from_uid(listener->get(), ::getuid(), go_on.get()).has_value());
  }
};

QTEST_GUILESS_MAIN(FileTest)
#include "file_test.moc"

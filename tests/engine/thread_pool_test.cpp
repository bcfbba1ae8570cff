// The thread pool and the book-keeping of the KV cache.
#include "engine/thread_pool.h"

#include <QTest>
#include <atomic>
#include <string>
#include <vector>

#include "engine/kv_cache.h"

using namespace tijori;

class ThreadPoolTest : public QObject {
  Q_OBJECT

 private slots:
  void does_every_piece_once_in_every_round_data() {
    QTest::addColumn<quint32>("n_threads");
    for (const quint32 n : {1U, 2U, 3U, 8U}) QTest::newRow(std::to_string(n).c_str()) << n;
  }
  void does_every_piece_once_in_every_round() {
    QFETCH(quint32, n_threads);
    ThreadPool pool(n_threads);
    QCOMPARE(pool.n_threads(), n_threads);
    std::vector<uint32_t> counts(64);
    uint64_t expected = 0;
    for (uint32_t round = 0; round < 2000; ++round) {
      const uint32_t n = round % 64;
      // Plain increments: each piece has its own, and rounds see each other's writes.
      pool.run(n, [&](uint32_t piece) { ++counts[piece]; });
      expected += n;
    }
    uint64_t sum = 0;
    for (const uint32_t count : counts) sum += count;
    QCOMPARE(sum, expected);
    QVERIFY(std::ranges::is_sorted(counts, std::greater<>()));
  }

  void wakes_threads_that_slept() {
    ThreadPool pool(4);
    for (int round = 0; round < 5; ++round) {
      QTest::qWait(3);
      std::atomic<uint32_t> done{0};
      pool.run(100, [&](uint32_t) { ++done; });
      QCOMPARE(done.load(), 100U);
    }
  }

  void gives_blocks_and_takes_them_back() {
    KvCache cache(4, 3 * kv_block_positions, 2);
    const SequenceId a = cache.open().value();
    const SequenceId b = cache.open().value();
    QCOMPARE(cache.open().error().code, ErrorCode::resource_exhausted);
    QVERIFY(cache.reserve(a, 1).has_value());
    QVERIFY(cache.reserve(a, kv_block_positions).has_value());
    QCOMPARE(cache.n_used_blocks(), 1U);
    QVERIFY(cache.reserve(a, kv_block_positions + 1).has_value());
    QCOMPARE(cache.blocks(a).size(), 2U);
    const Status too_much = cache.reserve(b, 3 * kv_block_positions);
    QVERIFY(!too_much);
    QCOMPARE(too_much.error().message, std::string("the KV cache has 2 of 4 blocks free, 3 are needed"));
    QCOMPARE(cache.blocks(b).size(), 0U);
    const Status too_long = cache.reserve(a, 3 * kv_block_positions + 1);
    QCOMPARE(too_long.error().message, std::string("a sequence of 97 tokens, the context has 96"));
    cache.advance(a, 40);
    QCOMPARE(cache.length(a), 40U);
    cache.truncate(a, 33);
    QCOMPARE(cache.blocks(a).size(), 2U);
    cache.truncate(a, 32);
    QCOMPARE(cache.blocks(a).size(), 1U);
    QCOMPARE(cache.length(a), 32U);
    QVERIFY(cache.reserve(b, 3 * kv_block_positions).has_value());
    cache.close(a);
    cache.close(b);
    QCOMPARE(cache.n_used_blocks(), 0U);
    QVERIFY(!cache.is_open(a));
    QCOMPARE(cache.length(cache.open().value()), 0U);
  }
};

QTEST_GUILESS_MAIN(ThreadPoolTest)
#include "thread_pool_test.moc"

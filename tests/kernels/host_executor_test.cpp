// The host executor: right kernels give what plain loops give, under every order of threads; what is enqueued runs at
// the wait; and each misuse ends a child process with words that tell what and where.
#include <QCoreApplication>
#include <QProcess>
#include <QTest>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "kernels/cpu/half.h"
#include "tests/kernels/host_probe.h"

using namespace tijori;
using namespace tijori::test;

namespace {

#if defined(__SANITIZE_THREAD__)
constexpr bool finds_races = true;
#else
constexpr bool finds_races = false;
#endif

// A runtime with arrays that come and go by value.
class Device {
 public:
  Device() : runtime_(Runtime::open(0, message_)) {
    if (runtime_ == nullptr) qFatal("%s", message_);
  }
  Runtime& runtime() { return *runtime_; }
  template <class T>
  DeviceAddress put(const std::vector<T>& values) {
    const size_t size_bytes = values.size() * sizeof(T);
    const DeviceAddress address = runtime_->allocate(size_bytes);
    void* staging = runtime_->allocate_pinned(size_bytes);
    std::memcpy(staging, values.data(), size_bytes);
    runtime_->copy_in(address, staging, size_bytes);
    return address;
  }
  template <class T>
  DeviceAddress space(size_t count) {
    return runtime_->allocate(count * sizeof(T));
  }
  template <class T>
  std::vector<T> get(DeviceAddress from, size_t count) {
    void* staging = runtime_->allocate_pinned(count * sizeof(T));
    runtime_->copy_out(staging, from, count * sizeof(T));
    if (!runtime_->synchronize(message_)) qFatal("%s", message_);
    std::vector<T> values(count);
    std::memcpy(values.data(), staging, count * sizeof(T));
    return values;
  }
  std::string error() { return runtime_->synchronize(message_) ? "" : message_; }

 private:
  char message_[cuda::message_bytes] = {};
  std::unique_ptr<Runtime> runtime_;
};

class Environment {
 public:
  Environment(const char* name, const QByteArray& value) : name_(name), before_(qgetenv(name)) {
    value.isEmpty() ? qunsetenv(name) : qputenv(name, value);
  }
  ~Environment() { before_.isEmpty() ? qunsetenv(name_) : qputenv(name_, before_); }

 private:
  const char* name_;
  QByteArray before_;
};

std::vector<float> whole_numbers(size_t count) {
  std::vector<float> values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>((i * 37 + 11) % 101) - 50;
  return values;
}

uint16_t half_bits(__float128 value) {
  return std::bit_cast<uint16_t>(static_cast<_Float16>(value));
}
bool same_half(uint16_t a, uint16_t b) {
  const auto is_nan = [](uint16_t bits) { return (bits & 0x7FFF) > 0x7C00; };
  return a == b || (is_nan(a) && is_nan(b));
}

struct Ended {
  bool died;
  QByteArray words;
};
Ended run_child(const QStringList& arguments) {
  QProcess child;
  child.setProcessChannelMode(QProcess::MergedChannels);
  child.start(QCoreApplication::applicationFilePath(), arguments);
  if (!child.waitForFinished(60000)) return {};
  return {child.exitStatus() == QProcess::CrashExit || child.exitCode() != 0, child.readAll()};
}

int child_main(const char* what, const char* name) {
  Device device;
  if (std::strcmp(what, "misuse") == 0) misuse(device.runtime(), name);
  if (std::strcmp(what, "race") == 0) race(device.runtime(), name);
  return 0;
}

}  // namespace

class HostExecutorTest : public QObject {
  Q_OBJECT

 private slots:
  void sums_are_those_of_loops_at_every_block_size_and_order() {
    for (const char* seed : {"", "1", "2", "77"}) {
      for (const char* workers : {"1", "3"}) {
        if (finds_races && *workers != '1') continue;
        const Environment by("TIJORI_CUDA_HOST_SEED", seed), with("TIJORI_CUDA_HOST_WORKERS", workers);
        Device device;
        for (const unsigned threads : {1U, 2U, 31U, 32U, 33U, 95U, 127U, 256U, 257U, 1024U}) {
          if (finds_races && threads > 257) continue;
          constexpr unsigned blocks = 5;
          const std::vector<float> values = whole_numbers(size_t{blocks} * threads);
          const DeviceAddress in = device.put(values), one = device.space<float>(blocks),
                              other = device.space<float>(blocks);
          sum_by_shuffles(device.runtime(), one, in, blocks, threads);
          sum_in_shared(device.runtime(), other, in, blocks, threads);
          const std::vector<float> sums = device.get<float>(one, blocks), again = device.get<float>(other, blocks);
          for (unsigned block = 0; block < blocks; ++block) {
            const auto first = values.begin() + ptrdiff_t{block} * threads;
            const float wanted = std::accumulate(first, first + threads, 0.0F);
            QCOMPARE(sums[block], wanted);
            QCOMPARE(again[block], wanted);
          }
        }
      }
    }
  }

  void threads_know_where_they_are() {
    Device device;
    const dim3 grid(3, 2, 4), block(5, 3, 2);
    constexpr unsigned count = 24 * 30;
    const DeviceAddress out = device.space<unsigned>(count);
    name_threads(device.runtime(), out, grid, block);
    const std::vector<unsigned> names = device.get<unsigned>(out, count);
    for (unsigned i = 0; i < count; ++i) {
      const unsigned t = i % 30, b = i / 30;
      unsigned name = 0;
      for (const unsigned part : {t % 5, t / 5 % 3, t / 15, b % 3, b / 3 % 2, b / 6, 5U, 3U, 2U, 3U, 2U, 4U})
        name = name * 31 + part;
      QCOMPARE(names[i], name);
    }
  }

  void lanes_shuffle_and_vote() {
    for (const char* seed : {"", "4", "5"}) {
      const Environment by("TIJORI_CUDA_HOST_SEED", seed);
      Device device;
      const DeviceAddress out = device.space<unsigned>(256);
      try_warp(device.runtime(), out);
      const std::vector<unsigned> got = device.get<unsigned>(out, 256);
      for (unsigned lane = 0; lane < 32; ++lane) {
        const unsigned* own = &got[size_t{lane} * 8];
        QCOMPARE(own[0], 15U);
        QCOMPARE(own[1], (lane / 8 * 8 + 5) * 3);
        QCOMPARE(own[2], (lane % 16 >= 4 ? lane - 4 : lane) * 3);
        QCOMPARE(own[3], (lane ^ 9U) * 3);
        QCOMPARE(own[4], lane + 7 < 32 ? lane + 7 : lane);
        QCOMPARE(own[5], 0x49249249U);
        QCOMPARE(own[6], lane < 12 ? 0xAAAU : 31U);
        QCOMPARE(own[7], 5U);
      }
    }
  }

  void atomics_lose_nothing() {
    for (const char* workers : {"1", "4"}) {
      if (finds_races && *workers != '1') continue;
      const Environment with("TIJORI_CUDA_HOST_WORKERS", workers);
      Device device;
      constexpr unsigned blocks = 24, threads = 70, count = blocks * threads;
      const DeviceAddress out = device.put(std::vector<unsigned>{0, 0, 0, 1000}),
                          of = device.put(std::vector<float>{0});
      count_atomically(device.runtime(), out, of, blocks, threads);
      const std::vector<unsigned> got = device.get<unsigned>(out, 4);
      constexpr unsigned sum = count * (count - 1) / 2;
      QCOMPARE(got[0], sum);
      QCOMPARE(got[1], count - 1 - 5);
      QCOMPARE(got[2], sum);
      QCOMPARE(got[3], 7U);
      QCOMPARE(device.get<float>(of, 1)[0], static_cast<float>(sum));
    }
  }

  void asynchronous_copies_arrive_at_their_wait() {
    Device device;
    std::vector<float> values(16);
    std::iota(values.begin(), values.end(), 0.0F);
    const DeviceAddress in = device.put(values), out = device.space<float>(16), bare = device.space<float>(4);
    copy_in_groups(device.runtime(), out, in);
    copy_and_not_wait(device.runtime(), bare, in);
    const std::vector<float> got = device.get<float>(out, 16);
    for (int moment = 0; moment < 4; ++moment)
      for (int part = 0; part < 4; ++part)
        if (part <= moment)
          QCOMPARE(got[4 * moment + part], values[4 * part + 3]);
        else
          QVERIFY(std::isnan(got[4 * moment + part]));
    for (const float value : device.get<float>(bare, 4)) QVERIFY(std::isnan(value));
  }

  void mma_multiplies_as_doubles_do() {
    std::mt19937 generator(5);
    std::uniform_real_distribution<float> any(-3, 3);
    for (int round = 0; round < 20; ++round) {
      std::vector<uint16_t> a(256), b(128);
      std::vector<float> d(128);
      for (uint16_t& value : a) value = half_of_float(any(generator));
      for (uint16_t& value : b) value = half_of_float(any(generator) * (round % 2 ? 1.0F : 1e-5F));
      for (float& value : d) value = any(generator);
      Device device;
      const DeviceAddress sums = device.put(d);
      multiply(device.runtime(), sums, device.put(a), device.put(b));
      const std::vector<float> got = device.get<float>(sums, 128);
      for (int row = 0; row < 16; ++row)
        for (int column = 0; column < 8; ++column) {
          double wanted = d[row * 8 + column], size = std::abs(wanted);
          for (int k = 0; k < 16; ++k) {
            const double product = static_cast<double>(float_of_half(a[row * 16 + k])) *
                                   static_cast<double>(float_of_half(b[k * 8 + column]));
            wanted += product;
            size += std::abs(product);
          }
          QVERIFY(std::abs(got[row * 8 + column] - wanted) <= size * 17 * 0x1p-24);
        }
    }
  }

  void halves_convert_as_the_reference_does() {
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
      const half value = __ushort_as_half(static_cast<unsigned short>(bits));
      const float wide = float_of_half(static_cast<uint16_t>(bits));
      QVERIFY(std::isnan(wide) ? std::isnan(__half2float(value)) : __half2float(value) == wide);
      for (const float moved : {wide, wide * 1.0004F, wide * 1.00048828125F, wide * 0.9996F})
        QVERIFY(same_half(__half_as_ushort(__float2half_rn(moved)), half_of_float(moved)));
    }
  }

  void half_arithmetic_rounds_once() {
    constexpr unsigned count = finds_races ? 2000 : 100000;
    std::mt19937 generator(9);
    std::vector<uint32_t> a(count), b(count), c(count);
    for (unsigned i = 0; i < count; ++i) {
      a[i] = static_cast<uint32_t>(generator());
      b[i] = static_cast<uint32_t>(generator());
      c[i] = static_cast<uint32_t>(generator());
      // Small exponents meet more often: sums that cancel, ties, results below the normal range.
      if (i % 2) a[i] &= 0xBFFFBFFFU, b[i] &= 0xBFFFBFFFU, c[i] &= 0x9FFF9FFFU;
    }
    Device device;
    const DeviceAddress out = device.space<uint32_t>(4 * size_t{count});
    half_arithmetic(device.runtime(), out, device.put(a), device.put(b), device.put(c), count);
    const std::vector<uint32_t> got = device.get<uint32_t>(out, 4 * size_t{count});
    for (size_t i = 0; i < count; ++i)
      for (const unsigned shift : {0U, 16U}) {
        const auto part = [&](uint32_t pair) { return static_cast<uint16_t>(pair >> shift); };
        const auto wide = [&](uint32_t pair) { return static_cast<__float128>(float_of_half(part(pair))); };
        const __float128 x = wide(a[i]), y = wide(b[i]), z = wide(c[i]);
        QVERIFY(same_half(part(got[4 * i]), half_bits(x + y)));
        QVERIFY(same_half(part(got[4 * i + 1]), half_bits(x - y)));
        QVERIFY(same_half(part(got[4 * i + 2]), half_bits(x * y)));
        QVERIFY2(same_half(part(got[4 * i + 3]), half_bits(x * y + z)),
                 qPrintable(QString::asprintf("%04x * %04x + %04x", part(a[i]), part(b[i]), part(c[i]))));
      }
  }

  void nothing_runs_before_its_wait() {
    Device device;
    Runtime& runtime = device.runtime();
    const DeviceAddress values = device.space<float>(4);
    auto* staging = static_cast<float*>(runtime.allocate_pinned(16));
    auto* result = static_cast<float*>(runtime.allocate_pinned(16));
    for (int i = 0; i < 4; ++i) staging[i] = 1;
    runtime.copy_in(values, staging, 16);
    add_one(runtime, values, 4);
    runtime.copy_out(result, values, 16);
    const uint64_t moment = runtime.mark();
    add_one(runtime, values, 4);
    runtime.copy_out(result, values, 16);
    QVERIFY(std::isnan(result[0]));
    staging[2] = 50;  // too early: the copy has not been made
    runtime.wait(moment);
    QCOMPARE(result[0], 2.0F);
    QCOMPARE(result[2], 51.0F);
    QCOMPARE(device.error(), std::string());
    QCOMPARE(result[0], 3.0F);
    runtime.fill_zero(values + 4, 8);
    QCOMPARE((device.get<float>(values, 4)), (std::vector<float>{3, 0, 0, 3}));
  }

  void new_memory_is_nan() {
    Device device;
    for (const float value : device.get<float>(device.space<float>(100), 100)) QVERIFY(std::isnan(value));
    QCOMPARE(device.space<float>(100) % 256, 0U);
  }

  void first_error_stays_until_synchronize() {
    const Environment small("TIJORI_CUDA_HOST_MEMORY", "65536");
    const auto fails_with = [](const char* words, auto act) {
      Device device;
      act(device);
      const std::string error = device.error();
      device.runtime().allocate(1U << 30);
      return error.find(words) != std::string::npos && device.error() == error;
    };
    QVERIFY(fails_with("out of device memory: 65000", [](Device& device) {
      if (device.space<char>(1000) == 0) qFatal("there was room");
      if (device.space<char>(65000) != 0) qFatal("there was no room");
    }));
    QVERIFY(fails_with("copy_in: 64 bytes of the CPU's are not inside pinned", [](Device& device) {
      const float here[16] = {};
      device.runtime().copy_in(device.space<float>(16), here, 64);
    }));
    QVERIFY(fails_with("copy_out: 64 bytes of the CPU's", [](Device& device) {
      device.runtime().copy_out(device.runtime().allocate_pinned(60), device.space<float>(16), 64);
    }));
    QVERIFY(fails_with("fill_zero: 65 bytes are not inside",
                       [](Device& device) { device.runtime().fill_zero(device.space<float>(16), 65); }));
    QVERIFY(fails_with("name_threads_kernel: invalid launch: more threads",
                       [](Device& device) { name_threads(device.runtime(), device.space<unsigned>(1025), 1, 1025); }));
    QVERIFY(fails_with("invalid launch: a larger grid",
                       [](Device& device) { name_threads(device.runtime(), 0, dim3(1, 65536, 1), 1); }));
    QVERIFY(fails_with("invalid launch: empty", [](Device& device) { name_threads(device.runtime(), 0, 0, 32); }));
  }

  void there_is_one_device() {
    char message[cuda::message_bytes];
    QVERIFY(Runtime::open(1, message) == nullptr);
    QVERIFY(std::string(message).find("one device") != std::string::npos);
  }

  void missing_barrier_shows_under_another_order() {
    if (finds_races) QSKIP("ThreadSanitizer finds it under any order");
    const auto is_right = [](const char* seed, bool with_barrier) {
      const Environment by("TIJORI_CUDA_HOST_SEED", seed);
      Device device;
      const DeviceAddress out = device.space<float>(64);
      shift(device.runtime(), out, 64, with_barrier);
      const std::vector<float> got = device.get<float>(out, 64);
      for (unsigned i = 1; i < 64; ++i)
        if (got[i] != static_cast<float>(i - 1)) return false;
      return true;
    };
    QVERIFY(is_right("", false));
    int wrong = 0;
    for (const char* seed : {"1", "2", "3"}) {
      QVERIFY(is_right(seed, true));
      wrong += !is_right(seed, false);
    }
    QVERIFY(wrong > 0);
  }

  void races_are_found_data() {
    QTest::addColumn<bool>("found");
    for (const char* name :
         {"no barrier", "shuffle for a barrier", "one barrier of two", "two blocks", "copy without a barrier"})
      QTest::newRow(name) << true;
    QTest::newRow("none") << false;
  }
  void races_are_found() {
    if (!finds_races) QSKIP("built without ThreadSanitizer");
    QFETCH(bool, found);
    const Ended ended = run_child({"race", QTest::currentDataTag()});
    QCOMPARE(ended.died, found);
    QVERIFY2(ended.words.contains("WARNING: ThreadSanitizer: data race") == found, ended.words);
    QVERIFY2(ended.words.contains("host_probe.cu") == found, ended.words);
  }

  void misuse_ends_the_process_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QList<QByteArray>>("words");
    const auto row = [](const char* name, const QList<QByteArray>& words) {
      QTest::newRow(name) << QString(name) << words;
    };
    row("divergent barrier",
        {"deadlock: 16 threads wait at __syncthreads, ", "; 16 threads wait in a warp collective, "});
    row("left barrier", {"left_barrier_kernel, block (0,0,0), thread (40,0,0), ", "has ended without it"});
    row("two barriers", {"__syncthreads is reached, but 32 threads of the block wait at another one, "});
    row("exited lane", {"exited_lane_kernel", "lane 3 has exited"});
    row("other line", {"thread (16,0,0)", "lanes 0xffff of its mask are in another one, "});
    row("other mask", {"in a warp collective of mask 0xffffffff, but lanes 0xffff are in one of mask 0x1ffff, "});
    row("outside mask", {"lane 0 shuffles from lane 16, which is not in the mask 0xffff"});
    row("not in mask", {"lane 16 calls a warp collective whose mask 0xffff leaves it out"});
    row("global bounds",
        {"global_bounds_kernel, block (", "thread (2,0,0), ", "index 16 is out of bounds of a Global of 16 elements"});
    row("global plus", {"index -9 is out of bounds of a Global of 16 elements (8 of them before"});
    row("global alignment", {"not aligned to 16 bytes"});
    row("nowhere", {"a Global that points nowhere"});
    row("array bounds", {"thread (2,0,0), ", "index 32 is out of bounds of an Array of 32"});
    row("shared bytes", {"4096 bytes of shared memory are used; the launch gave 4092"});
    row("part of mma", {"mma in a warp that has not all its 32 lanes"});
    row("copy outside", {"index 3 is out of bounds of a Global of 10 elements (8 of them before"});
    row("host pointer", {"is not a device address"});
    row("stale address", {"is stale or wild"});
    row("too many elements", {"16 elements of 4 bytes from device address", "of 64 bytes has 60 left"});
  }
  void misuse_ends_the_process() {
    QFETCH(QList<QByteArray>, words);
    const Ended ended = run_child({"misuse", QTest::currentDataTag()});
    QVERIFY(ended.died);
    QVERIFY2(ended.words.startsWith("cuda-host: "), ended.words);
    QVERIFY2(ended.words.contains("host_probe.cu:"), ended.words);
    for (const QByteArray& word : words) QVERIFY2(ended.words.contains(word), ended.words);
  }

  void device_addresses_fault_on_the_cpu() { QVERIFY(run_child({"misuse", "looked at by the CPU"}).died); }
};

int main(int argc, char** argv) {
  if (argc == 3 && (std::strcmp(argv[1], "misuse") == 0 || std::strcmp(argv[1], "race") == 0))
    return child_main(argv[1], argv[2]);
  QCoreApplication application(argc, argv);
  HostExecutorTest test;
  return QTest::qExec(&test, argc, argv);
}

#include "host_executor_test.moc"

// Each thing that can be wrong with a machine is found, and nothing else is.
#include <QtTest>
#include <algorithm>
#include <functional>

#include "doctor/certificates.h"
#include "doctor/core_dumps.h"
#include "doctor/disk.h"
#include "doctor/examination.h"
#include "doctor/explanation.h"
#include "doctor/gpu.h"
#include "doctor/process.h"
#include "doctor/sandbox.h"
#include "doctor/secure_boot.h"
#include "doctor/sockets.h"
#include "doctor/swap.h"
#include "doctor/text.h"
#include "tests/doctor/fake_machine.h"

namespace tijori::test {

namespace {

using Change = std::function<void(FakeMachine&)>;
using Codes = std::vector<std::string>;  // in the order of Examination::sort

struct Case {
  const char* name;
  Change change;
  Codes found;
};

constexpr DiskSpace scarce_disk{uint64_t{100} << 30, uint64_t{3} << 30, 1000, 500};
constexpr DiskSpace full_disk{uint64_t{100} << 30, uint64_t{1} << 20, 1000, 500};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"a sound appliance", [](FakeMachine&) {}, {}},

      {"certificate: ends in 29 days",
       [](FakeMachine& m) {
         m.issue("etc/tijori/tls/server.crt", CertificateKind::server, today_us - day_us, today_us + 29 * day_us);
       },
       {"certificate-expiring"}},
      {"certificate: ends in 31 days",
       [](FakeMachine& m) {
         m.issue("etc/tijori/tls/server.crt", CertificateKind::server, today_us - day_us, today_us + 31 * day_us);
       },
       {}},
      {"certificate: has ended",
       [](FakeMachine& m) {
         m.issue("etc/tijori/tls/server.crt", CertificateKind::server, today_us - 9 * day_us, today_us - day_us);
       },
       {"certificate-expiring"}},
      {"certificate: a client's",
       [](FakeMachine& m) {
         m.issue("etc/tijori/tls/server.crt", CertificateKind::client, today_us - day_us, today_us + 300 * day_us);
       },
       {"certificate-unusable"}},
      {"certificate: none", [](FakeMachine& m) { m.remove("etc/tijori/tls/server.crt"); }, {"certificate-missing"}},
      {"certificate: no folder for them",
       [](FakeMachine& m) { m.remove("etc/tijori/tls"); },
       {"certificate-missing", "certificate-missing"}},
      {"certificate: rubbish",
       [](FakeMachine& m) { m.write("etc/tijori/tls/server.crt", std::string(5000, '\xff')); },
       {"certificate-unusable"}},
      {"authority: ends in 80 days",
       [](FakeMachine& m) { m.make_authority_until(today_us + 80 * day_us); },
       {"authority-expiring"}},
      {"revocation list: late", [](FakeMachine& m) { m.write_list_until(today_us - day_us); }, {"crl-stale"}},
      {"revocation list: none", [](FakeMachine& m) { m.remove("etc/tijori/tls/crl.pem"); }, {}},
      {"revocation list: rubbish",
       [](FakeMachine& m) { m.write("etc/tijori/tls/crl.pem", "-----BEGIN X509 CRL-----\n"); },
       {"certificate-unusable"}},
      {"key: for everybody", [](FakeMachine& m) { m.set_mode("etc/tijori/tls/server.key", 0604); }, {"key-exposed"}},
      {"key: sealed", [](FakeMachine& m) { m.remove("etc/tijori/tls/server.key"); }, {}},

      {"socket: for everybody", [](FakeMachine& m) { m.set_mode("run/tijori/api.sock", 0666); }, {"socket-open"}},
      {"socket: not for its group", [](FakeMachine& m) { m.set_mode("run/tijori/api.sock", 0600); }, {"socket-group"}},
      {"socket: of another group",
       [](FakeMachine& m) { m.write("etc/group", "tijori-api:x:4242:\ntijori-admin:x:4242:\n"); },
       {"socket-group", "socket-group"}},
      {"socket: there is no such group",
       [](FakeMachine& m) { m.write("etc/group", "tijori-api:x:99999999999999999999:\n:::\n"); },
       {"socket-group", "socket-group"}},
      {"socket: none", [](FakeMachine& m) { m.remove("run/tijori/admin.sock"); }, {"socket-missing"}},
      {"socket: a file",
       [](FakeMachine& m) {
         m.remove("run/tijori/admin.sock");
         m.write("run/tijori/admin.sock", "");
       },
       {"socket-missing"}},
      {"socket: the inner ones open", [](FakeMachine& m) { m.set_mode("run/tijori/private", 0755); }, {"socket-open"}},
      {"socket: of a checkout, of any group",
       [](FakeMachine& m) {
         m.machine.checkout = true;
         m.write("etc/group", "");
       },
       {}},

      {"disk: state's is scarce", [](FakeMachine& m) { m.disks["state"] = scarce_disk; }, {"disk-low"}},
      {"disk: state's is full", [](FakeMachine& m) { m.disks["state"] = full_disk; }, {"disk-low"}},
      {"disk: state's holds no more files",
       [](FakeMachine& m) { m.disks["state"] = {uint64_t{1} << 40, uint64_t{1} << 39, 1'000'000, 20}; },
       {"disk-low"}},
      {"disk: a file system that counts no files",
       [](FakeMachine& m) { m.disks["state"] = {uint64_t{1} << 40, uint64_t{1} << 39, 0, 0}; },
       {}},
      {"disk: the log's is scarce", [](FakeMachine& m) { m.disks["audit"] = scarce_disk; }, {"log-tight"}},
      {"disk: the log's is full", [](FakeMachine& m) { m.disks["audit"] = full_disk; }, {"log-reserve"}},
      {"disk: 3 GiB of a small one are enough",
       [](FakeMachine& m) { m.disks["state"] = {uint64_t{10} << 30, uint64_t{3} << 30, 0, 0}; },
       {}},
      {"disk: sizes no disk has",
       [](FakeMachine& m) { m.disks["state"] = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}; },
       {}},

      {"clock: before the release", [](FakeMachine& m) { m.machine.now_us = 1'600'000'000'000'000; }, {"clock-wrong"}},
      {"clock: decades later",
       [](FakeMachine& m) { m.machine.now_us = int64_t{4'000'000'000} * 1'000'000; },
       {"authority-expiring", "certificate-expiring", "clock-wrong", "crl-stale"}},
      {"clock: of a checkout, before the release",
       [](FakeMachine& m) {
         m.machine.now_us = 1'600'000'000'000'000;
         m.machine.checkout = true;
         m.set_time("var/lib/tijori/state/state.db", 0);
         m.remove("etc/tijori/tls");
       },
       {"certificate-missing", "certificate-missing"}},
      {"clock: behind the log", [](FakeMachine& m) { m.machine.log_reached_us = today_us + day_us; }, {"clock-wrong"}},
      {"clock: a minute behind the log", [](FakeMachine& m) { m.machine.log_reached_us = today_us + 60'000'000; }, {}},
      {"clock: behind the state",
       [](FakeMachine& m) { m.set_time("var/lib/tijori/state/state.db", today_us + day_us); },
       {"clock-wrong"}},
      {"clock: behind the certificate",
       [](FakeMachine& m) {
         m.issue("etc/tijori/tls/server.crt", CertificateKind::server, today_us + day_us, today_us + 300 * day_us);
       },
       {"clock-wrong"}},

      {"sandbox: privileges can be gained",
       [](FakeMachine& m) { m.write("proc/812/status", "CapEff:\t0\nCapBnd:\t0\nNoNewPrivs:\t0\nSeccomp:\t2\n"); },
       {"sandbox-off"}},
      {"sandbox: capabilities",
       [](FakeMachine& m) {
         m.write("proc/812/status", "CapEff:\t000001ffffffffff\nCapBnd:\t0\nNoNewPrivs:\t1\nSeccomp:\t2\n");
       },
       {"sandbox-off"}},
      {"sandbox: a status that says nothing",
       [](FakeMachine& m) { m.write("proc/812/status", "\0"); },
       {"sandbox-off"}},
      {"sandbox: a network",
       [](FakeMachine& m) { m.write("proc/812/net/dev", std::string(lone_network) + "  eth0: 1\n"); },
       {"sandbox-off"}},
      {"sandbox: the file system can be written",
       [](FakeMachine& m) {
         m.write("proc/812/mountinfo",
                 "1 0 8:1 / / ro,relatime - ext4 /dev/sda1 rw\n"
                 "2 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n");
       },
       {"sandbox-off"}},
      {"sandbox: an engine's, under the hierarchy of systemd",
       [](FakeMachine& m) {
         m.write("proc/77/cgroup",
                 "12:pids:/\n1:name=systemd:/system.slice/system-tijori\\x2dengine.slice/tijori-engine@0.service\n");
         m.write("proc/77/status", "NoNewPrivs:\t1\n");
         m.write("proc/77/limits", sound_limits);
         m.write("proc/77/net/dev", lone_network);
         m.write("proc/77/mountinfo", sound_mounts);
       },
       {"sandbox-off"}},
      {"sandbox: of a checkout",
       [](FakeMachine& m) {
         m.machine.checkout = true;
         m.write("proc/812/status", "");
         m.write("proc/812/limits", "");
         m.add_swap("/dev/sda2");
       },
       {}},

      {"core dumps: unlimited",
       [](FakeMachine& m) { m.write("proc/812/limits", "Max core file size  unlimited  unlimited  bytes\n"); },
       {"core-dumps"}},
      {"core dumps: it may raise its limit",
       [](FakeMachine& m) { m.write("proc/812/limits", "Max core file size  0  unlimited  bytes\n"); },
       {"core-dumps"}},
      {"core dumps: a program gets them all",
       [](FakeMachine& m) { m.write("proc/sys/kernel/core_pattern", "|/usr/local/bin/keep %p"); },
       {"core-dumps"}},

      {"swap: a disk", [](FakeMachine& m) { m.add_swap("/dev/sda2"); }, {"swap-on"}},
      {"swap: compressed memory", [](FakeMachine& m) { m.add_swap("/dev/zram0"); }, {}},
      {"swap: encrypted",
       [](FakeMachine& m) {
         m.add_swap("/dev/dm-1");
         m.write("sys/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap\n");
       },
       {}},
      {"swap: a logical volume",
       [](FakeMachine& m) {
         m.add_swap("/dev/dm-1");
         m.write("sys/block/dm-1/dm/uuid", "LVM-abc\n");
       },
       {"swap-on"}},
      {"swap: not for the service",
       [](FakeMachine& m) {
         m.add_swap("/dev/sda2");
         m.write("sys/fs/cgroup/system.slice/tijorid.service/memory.swap.max", "0\n");
       },
       {}},
      {"swap: some for the service",
       [](FakeMachine& m) {
         m.add_swap("/dev/sda2");
         m.write("sys/fs/cgroup/system.slice/tijorid.service/memory.swap.max", "max\n");
       },
       {"swap-on"}},
      {"swap: not for the slice above",
       [](FakeMachine& m) {
         m.add_swap("/dev/sda2");
         m.write("sys/fs/cgroup/system.slice/memory.swap.max", "0\n");
       },
       {}},

      {"driver: a card of another maker", [](FakeMachine& m) { m.add_card("0x1002", "0x030000"); }, {}},
      {"driver: NVIDIA, but not for display", [](FakeMachine& m) { m.add_card("0x10de", "0x0c0330"); }, {}},
      {"driver: none", [](FakeMachine& m) { m.add_card("0x10de", "0x030200"); }, {"nvidia-driver-missing"}},
      {"driver: old",
       [](FakeMachine& m) {
         m.add_card("0x10de", "0x030200");
         m.write("sys/module/nvidia/version", "535.261.03\n");
       },
       {"nvidia-driver-old"}},
      {"driver: new enough",
       [](FakeMachine& m) {
         m.add_card("0x10de", "0x030200");
         m.write("sys/module/nvidia/version", "580.65.06\n");
       },
       {}},
      {"driver: old, by its other file",
       [](FakeMachine& m) {
         m.add_card("0x10de", "0x030000");
         m.write("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  525.147.05  Wed Oct\n");
       },
       {"nvidia-driver-old"}},
      {"driver: kept out by Secure Boot",
       [](FakeMachine& m) {
         m.add_card("0x10de", "0x030200");
         m.turn_secure_boot(1);
         m.install_driver();
       },
       {"secure-boot-blocks-driver"}},
      {"driver: none, with Secure Boot",
       [](FakeMachine& m) {
         m.add_card("0x10de", "0x030200");
         m.turn_secure_boot(1);
       },
       {"nvidia-driver-missing"}},
      {"driver: installed, Secure Boot off",
       [](FakeMachine& m) {
         m.add_card("0x10de", "0x030200");
         m.turn_secure_boot(0);
         m.install_driver();
       },
       {"nvidia-driver-missing"}},
      {"Secure Boot without a card", [](FakeMachine& m) { m.turn_secure_boot(1); }, {}},

      {"models: a file is gone",
       [](FakeMachine& m) { m.remove("var/lib/tijori/models/model.gguf"); },
       {"model-missing"}},
      {"models: a file is longer",
       [](FakeMachine& m) { m.write("var/lib/tijori/models/model.gguf", "GGUF, but longer than it was"); },
       {"model-altered"}},
      {"models: a file has other bytes",
       [](FakeMachine& m) { m.write("var/lib/tijori/models/model.gguf", "GGUF and so ON"); },
       {"model-altered"}},
      {"models: a link in place of a file",
       [](FakeMachine& m) {
         m.remove("var/lib/tijori/models/model.gguf");
         std::filesystem::create_symlink("/dev/zero", m.path("var/lib/tijori/models/model.gguf"));
       },
       {"model-altered"}},
      {"models: one that isn't allowed",
       [](FakeMachine& m) { m.write("var/lib/tijori/models/other.gguf", "GGUF"); },
       {"model-unlisted"}},
      {"models: the list is rubbish",
       [](FakeMachine& m) { m.write("var/lib/tijori/models/allowed.json", "{\"version\":1,\"models\":[{}]}"); },
       {"model-list-unusable"}},
      {"models: no list",
       [](FakeMachine& m) {
         m.remove("var/lib/tijori/models/allowed.json");
         m.remove("var/lib/tijori/models/model.gguf");
       },
       {}},

      {"several things, the gravest first",
       [](FakeMachine& m) {
         m.write("var/lib/tijori/models/other.gguf", "GGUF");
         m.add_swap("/dev/sda2");
         m.set_mode("run/tijori/api.sock", 0666);
       },
       {"socket-open", "swap-on", "model-unlisted"}},
  };
  return all;
}

Codes codes_of(const std::vector<Condition>& findings) {
  Codes codes;
  for (const Condition& finding : findings) codes.push_back(finding.code);
  return codes;
}

std::string text_of(const Codes& codes) {
  std::string text;
  for (const std::string& code : codes) text += code + " ";
  return text;
}

bool is_missed(const Examination& examination, std::string_view what) {
  return std::ranges::find(examination.unseen, what, &Unseen::what) != examination.unseen.end();
}

}  // namespace

class DoctorTest : public QObject {
  Q_OBJECT

 private slots:
  void finds_what_is_wrong_and_nothing_else_data() {
    QTest::addColumn<size_t>("index");
    for (size_t i = 0; i < cases().size(); ++i) QTest::newRow(cases()[i].name) << i;
  }
  void finds_what_is_wrong_and_nothing_else() {
    QFETCH(size_t, index);
    const Case& wanted = cases()[index];
    FakeMachine fake;
    wanted.change(fake);
    Examination examination = examine(fake.machine, ModelDepth::digests);
    examination.sort();
    QCOMPARE(text_of(codes_of(examination.findings)), text_of(wanted.found));
    for (const Condition& finding : examination.findings) {
      QVERIFY2(explanation_of(finding.code) != nullptr, finding.code.c_str());
      QVERIFY2(finding.message.ends_with('.'), finding.message.c_str());
    }
  }

  void says_what_it_checked_and_what_it_could_not() {
    FakeMachine fake;
    Examination sound = examine(fake.machine, ModelDepth::digests);
    QCOMPARE(sound.checked.size(), size_t{10});
    QVERIFY(sound.unseen.empty());
    QVERIFY(is_missed(examine(fake.machine, ModelDepth::sizes), "digests of the models"));

    // What is no file can't be read.
    for (const char* file : {"proc/812/limits", "proc/812/net/dev", "etc/tijori/tls/ca.crt", "etc/group"}) {
      fake.remove(file);
      std::filesystem::create_directories(fake.path(file));
    }
    const Examination blind = examine(fake.machine, ModelDepth::digests);
    QCOMPARE(text_of(codes_of(blind.findings)), std::string());
    QVERIFY(is_missed(blind, "core dumps of tijorid.service (process 812)"));
    QVERIFY(is_missed(blind, "sandbox of tijorid.service (process 812)"));
    QVERIFY(is_missed(blind, fake.path("etc/tijori/tls/ca.crt").string()));
    QVERIFY(is_missed(blind, "groups of " + fake.path("run/tijori/api.sock").string()));

    fake.remove("proc/812");
    fake.machine.checkout = true;
    const Examination checkout = examine(fake.machine, ModelDepth::digests);
    for (const char* subject : {"sandbox", "core dumps", "swap"}) {
      QVERIFY2(is_missed(checkout, subject), subject);
      QVERIFY(std::ranges::find(checkout.checked, subject) == checkout.checked.end());
    }
    fake.machine.checkout = false;
    QVERIFY(is_missed(examine(fake.machine, ModelDepth::digests), "sandbox"));
  }

  void compares_digests_only_when_told_to() {
    FakeMachine fake;
    fake.write("var/lib/tijori/models/model.gguf", "GGUF and so ON");
    QVERIFY(examine(fake.machine, ModelDepth::sizes).findings.empty());
    std::vector<int64_t> steps;
    const Examination deep = examine(fake.machine, ModelDepth::digests,
                                     [&](const std::string& file, int64_t done_bytes, int64_t total_bytes) {
                                       QCOMPARE(file, std::string("model.gguf"));
                                       QCOMPARE(total_bytes, int64_t{14});
                                       steps.push_back(done_bytes);
                                     });
    QCOMPARE(steps, (std::vector<int64_t>{14}));
    QVERIFY(deep.findings.at(0).message.find(to_hex(sha256(as_bytes(model_text)))) != std::string::npos);
  }

  void the_daemon_sees_itself_and_no_other_process() {
    FakeMachine fake;
    fake.machine.examiner = Examiner::daemon;
    fake.write("proc/812/status", "");
    fake.disks["audit"] = full_disk;
    for (const char* file : {"status", "limits", "mountinfo", "net/dev", "cgroup"})
      std::filesystem::create_directories(fake.path(std::string("proc/self/") + file).parent_path());
    fake.write("proc/self/status", sound_status);
    fake.write("proc/self/limits", sound_limits);
    fake.write("proc/self/mountinfo", sound_mounts);
    fake.write("proc/self/net/dev", lone_network);
    QCOMPARE(text_of(codes_of(examine_from_inside(fake.machine))), std::string());
    fake.write("proc/self/status", "");
    const auto found = examine_from_inside(fake.machine);
    QCOMPARE(text_of(codes_of(found)), std::string("sandbox-off "));
    QVERIFY(found[0].message.starts_with("tijorid runs without these lines of its unit: NoNewPrivileges=, "));
  }

  void what_the_daemon_says_itself_stands() {
    FakeMachine fake;
    fake.set_mode("run/tijori/api.sock", 0666);
    fake.add_swap("/dev/sda2");
    Examination examination = examine(fake.machine, ModelDepth::digests);
    const auto found = std::ranges::find(examination.findings, "socket-open", &Condition::code);
    QVERIFY(found != examination.findings.end());
    const Condition open = *found;
    // The same socket once; another process's swap beside the daemon's own; the certificate in force, not the file's.
    examination.findings.push_back({"crl-stale", Severity::warning, "The file's list.", 0});
    examination.take_daemon({open,
                             {"no-model", Severity::warning, "No model.", 5},
                             {"swap-on", Severity::warning, "The daemon's.", 5},
                             {"crl-stale", Severity::warning, "The list in force.", 5}});
    examination.sort();
    QCOMPARE(text_of(codes_of(examination.findings)), std::string("socket-open crl-stale no-model swap-on swap-on "));
    QCOMPARE(examination.findings[1].message, std::string("The list in force."));
  }

  void a_clients_certificate_is_looked_at() {
    FakeMachine fake;
    const auto file = fake.path("client.crt");
    QVERIFY(!examine_client_certificate(file, fake.machine).unseen.empty());
    fake.issue("client.crt", CertificateKind::client, today_us - day_us, today_us + 20 * day_us);
    const auto ends = examine_client_certificate(file, fake.machine);
    QCOMPARE(text_of(codes_of(ends.findings)), std::string("client-certificate-expiring "));
    QVERIFY(ends.findings[0].severity == Severity::warning);
    fake.machine.now_us += 21 * day_us;
    QVERIFY(examine_client_certificate(file, fake.machine).findings.at(0).severity == Severity::error);
    fake.write("client.crt", "no certificate");
    QCOMPARE(text_of(codes_of(examine_client_certificate(file, fake.machine).findings)),
             std::string("client-certificate-unusable "));
  }

  void reads_what_the_kernel_writes() {
    QCOMPARE(value_of("A: 1\nBA: 2\nB:\t3 \n", "B:").value(), std::string_view("3"));
    QVERIFY(!value_of("", "B:"));
    QCOMPARE(number_of("ff", 16).value(), uint64_t{255});
    for (const char* bad : {"", " 1", "1 ", "-1", "0x1", "18446744073709551616"}) QVERIFY2(!number_of(bad), bad);
    QCOMPARE(swaps_on_disk("Filename Type\n/dev/zram0 x\n/swap\\040file file 1 0 -2\n\n").size(), size_t{1});
    QCOMPARE(unified_cgroup("1:name=systemd:/a\n0::/system.slice/x.service\n"), std::string("/system.slice/x.service"));
    QVERIFY(!has_network(lone_network));
    QVERIFY(!may_dump_core(sound_limits));
    QCOMPARE(careless_dump_handler("core"), std::string_view());
    QCOMPARE(careless_dump_handler("|/usr/lib/systemd/systemd-coredump %P"), std::string_view());
    QCOMPARE(careless_dump_handler("|/bin/keep"), std::string_view("/bin/keep"));
    QCOMPARE(driver_version("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release\nGCC 12.2.0"),
             std::string("580.65.06"));
    QVERIFY(is_secure_boot_on(std::string_view("\x06\0\0\0\x01", 5)));
    QVERIFY(!is_secure_boot_on(std::string_view("\x06\0\0\0\x01\x01", 6)));
    QVERIFY(has_nvidia_module("extra/nvidia.ko.xz: a\n"));
    QVERIFY(!has_nvidia_module("drivers/i2c-nvidia-gpu.ko: nvidia.ko\n"));
    QVERIFY(is_group_member("tijori-admin:x:5:anita,bela\n", "tijori-admin", "bela"));
    QVERIFY(!is_group_member("tijori-admin:x:5:anita,bela\n", "tijori-admin", "bel"));
  }

  // Whatever bytes a machine shows, there is an answer.
  void absurd_bytes_are_an_answer_too_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a NUL") << QByteArray(1, '\0');
    QTest::newRow("line ends") << QByteArray(4096, '\n');
    QTest::newRow("separators") << QByteArray("::::\n|\n/ / / / / /\n0::\n0::..\n0::/../../..\n:x:\n");
    QTest::newRow("one long line") << QByteArray(1 << 20, 'a');
    QTest::newRow("bytes that are no text") << QByteArray(65536, '\xff');
    QTest::newRow("numbers too large") << QByteArray("NoNewPrivs: 99999999999999999999\nMax core file size 9e99 -0\n");
    QTest::newRow("larger than any such file") << QByteArray(5 << 20, '1');
  }
  void absurd_bytes_are_an_answer_too() {
    QFETCH(QByteArray, bytes);
    FakeMachine fake;
    fake.add_card("0x10de", "0x030000");
    fake.turn_secure_boot(1);
    const std::string_view text(bytes.constData(), static_cast<size_t>(bytes.size()));
    std::vector<std::string> all;
    for (const char* file :
         {"proc/swaps", "proc/812/cgroup", "proc/812/status", "proc/812/limits", "proc/812/net/dev",
          "proc/812/mountinfo", "proc/sys/kernel/core_pattern", "proc/sys/kernel/osrelease", "etc/group",
          "etc/tijori/tls/ca.crt", "etc/tijori/tls/server.crt", "etc/tijori/tls/crl.pem", "sys/module/nvidia/version",
          "lib/modules/6.1.0-44-amd64/modules.dep",
          "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
          "sys/bus/pci/devices/0000:01:00.0/vendor", "var/lib/tijori/models/allowed.json"}) {
      const auto before = read_file(fake.path(file), max_kernel_text_bytes);
      fake.write(file, text);
      (void)examine(fake.machine, ModelDepth::digests);
      if (before)
        fake.write(file, *before);
      else
        fake.remove(file);
      all.emplace_back(file);
    }
    for (const std::string& file : all) fake.write(file, text);
    QVERIFY(!examine(fake.machine, ModelDepth::digests).findings.empty());
  }
};

}  // namespace tijori::test

QTEST_GUILESS_MAIN(tijori::test::DoctorTest)
#include "doctor_test.moc"

// A machine in a temporary folder: an installed appliance in which nothing is wrong, until a test changes it.
#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/check.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/socket.h"
#include "doctor/machine.h"
#include "protocol/model_catalog.h"

namespace tijori::test {

inline constexpr int64_t day_us = int64_t{86'400} * 1'000'000;
inline constexpr int64_t today_us = int64_t{1'800'000'000} * 1'000'000;  // 2027-01-15
inline constexpr const char* model_text = "GGUF and so on";

inline constexpr const char* sound_status =
    "Name:\ttijorid\nUid:\t990\t990\t990\t990\nCapInh:\t0000000000000000\nCapEff:\t0000000000000000\n"
    "CapBnd:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t12\n";
inline constexpr const char* sound_limits =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max core file size        0                    0                    bytes     \n";
inline constexpr const char* lone_network = "Inter-|   Receive\n face |bytes\n    lo:  10 0 0\n  sit0:  0 0 0\n";
inline constexpr const char* sound_mounts =
    "500 400 8:1 / / ro,nosuid,relatime master:1 - ext4 /dev/sda1 rw\n"
    "501 500 8:1 /var/lib/tijori/state /var/lib/tijori/state rw,relatime - ext4 /dev/sda1 rw\n";
inline constexpr const char* swap_head = "Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n";

class FakeMachine {
 public:
  FakeMachine() {
    machine.proc = path("proc");
    machine.sys = path("sys");
    machine.etc = path("etc");
    machine.kernel_modules = path("lib/modules");
    machine.run = path("run/tijori");
    machine.state = path("var/lib/tijori/state");
    machine.audit = path("var/lib/tijori/audit");
    machine.models = path("var/lib/tijori/models");
    machine.tls = path("etc/tijori/tls");
    machine.now_us = today_us;
    machine.disk_space = [this](const std::filesystem::path& folder) -> Result<DiskSpace> {
      const auto given = disks.find(folder.filename().string());
      return given == disks.end() ? DiskSpace{100U << 20, 50U << 20, 1000, 500} : given->second;
    };
    add_processes();
    add_sockets();
    add_certificates();
    write("var/lib/tijori/state/state.db", "state");
    set_time("var/lib/tijori/state/state.db", today_us - day_us);
    write("var/lib/tijori/models/model.gguf", model_text);
    list_model({"model", "model.gguf", to_hex(sha256(as_bytes(model_text))), int64_t{14}});
    write("proc/sys/kernel/osrelease", "6.1.0-44-amd64\n");
  }

  std::filesystem::path path(const std::string& below) const { return root_ / below; }

  void write(const std::string& below, std::string_view text) const {
    std::filesystem::create_directories(path(below).parent_path());
    std::ofstream(path(below), std::ios::binary | std::ios::trunc) << text;
    set_mode(below, 0600);
  }
  void remove(const std::string& below) const { std::filesystem::remove_all(path(below)); }
  void set_mode(const std::string& below, unsigned mode) const { CHECK(::chmod(path(below).c_str(), mode) == 0); }
  void set_time(const std::string& below, int64_t time_us) const {
    const timespec times[2] = {{time_us / 1'000'000, 0}, {time_us / 1'000'000, 0}};
    CHECK(::utimensat(AT_FDCWD, path(below).c_str(), times, 0) == 0);
  }
  void list_model(const CatalogModel& model) const {
    write("var/lib/tijori/models/allowed.json", to_catalog_text({{model}}));
  }
  void add_swap(const std::string& device) const {
    write("proc/swaps", swap_head + device + "                               partition\t999420\t0\t-2\n");
  }
  void add_card(const std::string& vendor, const std::string& kind) const {
    write("sys/bus/pci/devices/0000:01:00.0/vendor", vendor + "\n");
    write("sys/bus/pci/devices/0000:01:00.0/class", kind + "\n");
  }
  void turn_secure_boot(char on) const {
    write("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
          std::string("\x06\0\0\0", 4) + on);
  }
  void install_driver() const {
    write("lib/modules/6.1.0-44-amd64/modules.dep",
          "kernel/fs/ext4/ext4.ko: kernel/lib/crc16.ko\nupdates/dkms/nvidia-current.ko:\n");
  }
  void issue(const std::string& name, CertificateKind kind, int64_t from_us, int64_t to_us) const {
    const auto key = CertificateKey::generate();
    CertificateOrder order{kind, "name", {}, {"localhost"}, from_us, to_us};
    if (kind == CertificateKind::client) order.dns_names.clear();
    write(name, issue_certificate(*authority_, authority_key_, key, order)->to_pem());
  }
  void make_authority_until(int64_t to_us) {
    authority_ = *make_authority("Our site", authority_key_, today_us - 100 * day_us, to_us);
    write("etc/tijori/tls/ca.crt", authority_->to_pem());
  }
  void write_list_until(int64_t to_us) const {
    write("etc/tijori/tls/crl.pem",
          RevocationList::make(*authority_, authority_key_, {}, 7, today_us - 100 * day_us, to_us)->to_pem());
  }

  Machine machine;
  std::map<std::string, DiskSpace> disks;  // by the folder's name

 private:
  void add_processes() const {
    write("proc/swaps", swap_head);
    write("proc/sys/kernel/core_pattern", "|/lib/systemd/systemd-coredump %P %u %g %s %t %c %h\n");
    write("proc/812/cgroup", "0::/system.slice/tijorid.service\n");
    write("proc/812/status", sound_status);
    write("proc/812/limits", sound_limits);
    write("proc/812/net/dev", lone_network);
    write("proc/812/mountinfo", sound_mounts);
    // One of a checkout beside, which is in no sandbox.
    write("proc/900/cgroup", "0::/user.slice/user-1000.slice/session-2.scope\n");
    write("proc/900/status", "NoNewPrivs:\t0\n");
  }
  void add_sockets() {
    std::filesystem::create_directories(machine.run / "private");
    set_mode("run/tijori/private", 0700);
    for (const char* name : {"api.sock", "admin.sock"}) listeners_.push_back(*listen_unix(machine.run / name, 0660));
    const std::string number = std::to_string(::getegid());
    write("etc/group", "root:x:0:\ntijori-api:x:" + number + ":www-data\ntijori-admin:x:" + number + ":anita,bela\n");
  }
  void add_certificates() {
    make_authority_until(today_us + 1000 * day_us);
    issue("etc/tijori/tls/server.crt", CertificateKind::server, today_us - day_us, today_us + 300 * day_us);
    write_list_until(today_us + 30 * day_us);
    write("etc/tijori/tls/server.key", "a key");
  }

  QTemporaryDir folder_;
  std::filesystem::path root_ = folder_.path().toStdString();
  CertificateKey authority_key_ = CertificateKey::generate();
  std::optional<Certificate> authority_;
  std::vector<UniqueFd> listeners_;
};

}  // namespace tijori::test

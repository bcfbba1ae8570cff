#include "doctor/sockets.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <sys/stat.h>

#include "doctor/text.h"

namespace tijori {
namespace {

constexpr mode_t others = 0007;
constexpr mode_t group_access = 0060;  // connecting takes the right to write
constexpr mode_t everybody_else = 0077;

struct Socket {
  const char* file;
  const char* group;
};
constexpr Socket sockets[] = {{"api.sock", "tijori-api"}, {"admin.sock", "tijori-admin"}};

std::vector<std::string_view> fields_of(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  for (;;) {
    const size_t end = line.find(separator);
    fields.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

// name:password:number:member,member
std::vector<std::string_view> group_entry(std::string_view group_file, std::string_view name) {
  for (const std::string_view line : lines_of(group_file)) {
    auto fields = fields_of(line, ':');
    if (fields.size() == 4 && fields[0] == name) return fields;
  }
  return {};
}

std::string octal(mode_t mode) {
  char text[16];
  std::snprintf(text, sizeof text, "%04o", static_cast<unsigned>(mode & 07777));
  return text;
}

void judge_group(const std::filesystem::path& path, const struct stat& info, const char* group, const Machine& machine,
                 SubjectReport& report) {
  const auto wrong = [&](const std::string& why) {
    report.find("socket-group", Severity::error, path.string() + why + ", so members of " + group + " can't connect.");
  };
  if ((info.st_mode & group_access) != group_access) return wrong(": mode " + octal(info.st_mode) + ", not 0660");
  const auto groups = read_kernel_text(machine.etc / "group");
  if (!groups) return report.miss("groups of " + path.string(), groups.error());
  const auto wanted = group_id(*groups, group);
  if (!wanted) return wrong(": there is no group " + std::string(group) + " on this machine");
  if (info.st_gid != *wanted) wrong(": its group has the number " + std::to_string(info.st_gid));
}

}  // namespace

std::optional<gid_t> group_id(std::string_view group_file, std::string_view name) {
  const auto entry = group_entry(group_file, name);
  const auto number = entry.empty() ? std::nullopt : number_of(entry[2]);
  return number && *number < UINT32_MAX ? std::optional(static_cast<gid_t>(*number)) : std::nullopt;
}

bool is_group_member(std::string_view group_file, std::string_view name, std::string_view user) {
  const auto entry = group_entry(group_file, name);
  return !entry.empty() &&
         std::ranges::any_of(fields_of(trimmed(entry[3]), ','), [&](auto member) { return member == user; });
}

SubjectReport examine_sockets(const Machine& machine) {
  SubjectReport report("sockets");
  for (const Socket& socket : sockets) {
    const auto path = machine.run / socket.file;
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) {
      if (errno == ENOENT)
        report.find("socket-missing", Severity::error, path.string() + " isn't there.");
      else
        report.miss(path.string(), fail_errno("stat", path.string()).error());
      continue;
    }
    if (!S_ISSOCK(info.st_mode)) {
      report.find("socket-missing", Severity::error, path.string() + " is no socket.");
      continue;
    }
    if ((info.st_mode & others) != 0)
      report.find("socket-open", Severity::error,
                  path.string() + ": mode " + octal(info.st_mode) + " lets every account of this machine connect.");
    if (!machine.checkout) judge_group(path, info, socket.group, machine, report);
  }
  const auto inner = machine.run / "private";
  struct stat info{};
  if (::stat(inner.c_str(), &info) == 0 && (info.st_mode & everybody_else) != 0)
    report.find(
        "socket-open", Severity::error,
        inner.string() + ": mode " + octal(info.st_mode) + " opens the inner sockets to others than the daemon.");
  return report;
}

}  // namespace tijori

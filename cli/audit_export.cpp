// tijori audit export FILE: the log, or a part of it, for tijori-audit-verify.
#include <memory>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/file.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

constexpr uint64_t max_export_bytes = uint64_t{1} << 42;

struct ExportArguments {
  std::string file;
  int64_t first_seq = -1;
  int64_t last_seq = -1;
};

std::string export_target(const ExportArguments& arguments) {
  std::string target = "/admin/v1/audit/export";
  if (arguments.first_seq >= 0) target += "?first_seq=" + std::to_string(arguments.first_seq);
  if (arguments.last_seq >= 0)
    target += (arguments.first_seq >= 0 ? "&last_seq=" : "?last_seq=") + std::to_string(arguments.last_seq);
  return target;
}

struct Received {
  int64_t size_bytes = 0;
  std::string sha256;
};

Answer<Received> receive(const Context& context, const ExportArguments& arguments, int fd, std::string_view place) {
  TRY_ASSIGN(HttpClient client, context.admin());
  ClientRequest request{.target = export_target(arguments)};
  request.max_body_bytes = max_export_bytes;
  Progress progress("exporting");
  Sha256 hash;
  Received received;
  const auto response = client.stream(request, [&](std::string_view piece) -> Status {
    TRY(write_all(fd, as_bytes(piece), place));
    hash.update(as_bytes(piece));
    received.size_bytes += static_cast<int64_t>(piece.size());
    progress.update(received.size_bytes);
    return {};
  });
  if (!response) return std::unexpected(ClientError(response.error()));
  if (response->status != 200) return std::unexpected(refused(*response));
  received.sha256 = to_hex(hash.finish());
  return received;
}

// Under its name only once it is complete.
Answer<Received> receive_file(const Context& context, const ExportArguments& arguments) {
  const std::filesystem::path final_path = arguments.file;
  const std::filesystem::path part_path = arguments.file + ".part";
  TRY_ASSIGN(const UniqueFd fd, open_file(part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  auto received = receive(context, arguments, fd.get(), part_path.string());
  if (!received) {
    unlink(part_path.c_str());
    return received;
  }
  if (fsync(fd.get()) != 0) return fail_errno("fsync", part_path.string());
  if (rename(part_path.c_str(), final_path.c_str()) != 0) return fail_errno("rename", final_path.string());
  return received;
}

Answer<Exit> export_log(const Context& context, const ExportArguments& arguments) {
  const bool to_stdout = arguments.file == "-";
  TRY_ASSIGN(const Received received, to_stdout ? receive(context, arguments, STDOUT_FILENO, "standard output")
                                                : receive_file(context, arguments));
  const std::string line = received.sha256 + "  " + arguments.file + "  " + human_bytes(received.size_bytes) + "\n";
  if (to_stdout)
    print_note(line);
  else
    print(line);
  return Exit::done;
}

}  // namespace

void add_audit_export(CLI::App& audit, Context& context) {
  CLI::App* verb = audit.add_subcommand("export", "Write the log, or a part of it, to a file for tijori-audit-verify");
  const auto arguments = std::make_shared<ExportArguments>();
  verb->add_option("FILE", arguments->file, "Where to; - is standard output")->required();
  verb->add_option("--first", arguments->first_seq, "First record")->check(CLI::NonNegativeNumber);
  verb->add_option("--last", arguments->last_seq, "Last record")->check(CLI::NonNegativeNumber);
  verb->callback(
      [&context, arguments] { context.verb = [&context, arguments] { return export_log(context, *arguments); }; });
}

}  // namespace tijori

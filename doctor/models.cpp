#include "doctor/models.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/file.h"
#include "protocol/model_catalog.h"

namespace tijori {
namespace {

constexpr size_t piece_bytes = 1U << 20;

Result<std::string> digest_of(const std::filesystem::path& path, const CatalogModel& model,
                              const HashProgress& progress) {
  TRY_ASSIGN(const UniqueFd fd, open_file(path, O_RDONLY | O_CLOEXEC));
  Sha256 hash;
  std::vector<uint8_t> piece(piece_bytes);
  int64_t done_bytes = 0;
  for (;;) {
    const ssize_t size = ::read(fd.get(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno("read", path.string());
    if (size == 0) return to_hex(hash.finish());
    hash.update(ByteView(piece.data(), static_cast<size_t>(size)));
    done_bytes += size;
    if (progress) progress(model.file, done_bytes, model.size_bytes);
  }
}

// True when it looks as it should, from outside.
bool judge_file(const std::filesystem::path& path, const CatalogModel& model, SubjectReport& report) {
  struct stat info{};
  const std::string place = "Model " + model.alias + ": " + path.string();
  if (::lstat(path.c_str(), &info) != 0) {
    if (errno == ENOENT)
      report.find("model-missing", Severity::error, place + " isn't there.");
    else
      report.miss("model " + model.alias, fail_errno("stat", path.string()).error());
    return false;
  }
  if (!S_ISREG(info.st_mode))
    report.find("model-altered", Severity::error, place + " is no regular file.");
  else if (info.st_size != model.size_bytes)
    report.find("model-altered", Severity::error,
                place + " has " + std::to_string(info.st_size) + " bytes, the list says " +
                    std::to_string(model.size_bytes) + ".");
  else
    return true;
  return false;
}

void find_unlisted(const std::filesystem::path& store, const ModelCatalog& catalog, SubjectReport& report) {
  std::error_code error;
  std::filesystem::directory_iterator entries(store, error);
  if (error.value() == ENOENT) return;
  if (error) {
    report.miss("files beside the models",
                Error{error.value() == EACCES ? ErrorCode::permission_denied : ErrorCode::io_error,
                      store.string() + ": " + error.message()});
    return;
  }
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (!name.ends_with(".gguf") ||
        std::ranges::find(catalog.models, name, &CatalogModel::file) != catalog.models.end())
      continue;
    report.find("model-unlisted", Severity::info, entries->path().string() + " isn't on the list of models.");
  }
}

std::optional<ModelCatalog> read_list(const std::filesystem::path& file, SubjectReport& report) {
  const auto text = read_file(file, max_catalog_bytes);
  if (!text && text.error().code == ErrorCode::not_found) return ModelCatalog();
  if (!text && text.error().code == ErrorCode::permission_denied) {
    report.miss(report.subject, text.error());
    return std::nullopt;
  }
  auto catalog = text ? parse_model_catalog(*text) : fail(text.error());
  if (catalog) return *std::move(catalog);
  report.find("model-list-unusable", Severity::error, file.string() + ": " + catalog.error().message + ".");
  return std::nullopt;
}

}  // namespace

SubjectReport examine_models(const Machine& machine, ModelDepth depth, const HashProgress& progress) {
  SubjectReport report("models");
  const auto catalog = read_list(machine.models / model_catalog_file, report);
  if (!catalog) return report;
  for (const CatalogModel& model : catalog->models) {
    const auto path = machine.models / model.file;
    if (!judge_file(path, model, report) || depth == ModelDepth::sizes) continue;
    const auto digest = digest_of(path, model, progress);
    if (!digest)
      report.miss("digest of model " + model.alias, digest.error());
    else if (*digest != model.sha256)
      report.find("model-altered", Severity::error,
                  "Model " + model.alias + ": " + path.string() + " has the SHA-256 " + *digest + ", the list says " +
                      model.sha256 + ".");
  }
  if (depth == ModelDepth::sizes && !catalog->models.empty())
    report.miss("digests of the models", "--deep reads each file whole; an engine does before it loads one");
  find_unlisted(machine.models, *catalog, report);
  return report;
}

}  // namespace tijori

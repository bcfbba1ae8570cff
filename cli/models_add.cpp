// tijori models add FILE: copies a model into the store and puts it on the allow-list, by digest. Works on the
// appliance itself, as the store's owner or root.
#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/file.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/model_catalog.h"

namespace tijori {

namespace {

constexpr size_t copy_bytes = 1U << 20;
constexpr std::string_view gguf_magic = "GGUF";
constexpr mode_t model_mode = 0640;
constexpr size_t max_alias_bytes = 64;

// "Some Model-Q4.gguf" → "some-model-q4"
std::string alias_from(const std::filesystem::path& file) {
  std::string alias;
  for (const char c : file.stem().string()) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (plain || ((lower == '.' || lower == '_' || lower == '-') && !alias.empty()))
      alias += lower;
    else if (!alias.empty() && alias.back() != '-')
      alias += '-';
  }
  alias.resize(std::min(alias.size(), max_alias_bytes));
  return alias;
}

Result<ModelCatalog> read_catalog(const std::filesystem::path& file) {
  const auto text = read_file(file, max_catalog_bytes);
  if (!text && text.error().code == ErrorCode::not_found) return ModelCatalog();
  if (!text) return fail(text.error());
  auto catalog = parse_model_catalog(*text);
  if (!catalog) return fail(catalog.error().in(file.string()));
  return catalog;
}

Status check_room(const std::filesystem::path& store, int64_t needed_bytes) {
  struct statvfs room{};
  if (statvfs(store.c_str(), &room) != 0) return fail_errno("statvfs", store.string());
  const auto free_bytes = static_cast<int64_t>(room.f_bavail) * static_cast<int64_t>(room.f_frsize);
  if (free_bytes >= needed_bytes) return {};
  return fail(ErrorCode::resource_exhausted, store.string() + ": the model needs " + human_bytes(needed_bytes) + ", " +
                                                 human_bytes(free_bytes) + " are free");
}

// Copies and hashes in one reading; removes what it made unless keep() is called.
class IncomingFile {
 public:
  IncomingFile(std::filesystem::path path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  IncomingFile(const IncomingFile&) = delete;
  IncomingFile& operator=(const IncomingFile&) = delete;
  ~IncomingFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }

  // The digest, hex.
  Result<std::string> copy(int from, const std::filesystem::path& source, int64_t size_bytes) {
    Progress progress("copying " + source.filename().string(), size_bytes);
    Sha256 hash;
    std::vector<uint8_t> piece(copy_bytes);
    int64_t done_bytes = 0;
    for (;;) {
      const ssize_t size = read(from, piece.data(), piece.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return fail_errno("read", source.string());
      if (size == 0) break;
      const ByteView bytes(piece.data(), static_cast<size_t>(size));
      if (done_bytes == 0 && !as_text(bytes).starts_with(gguf_magic))
        return fail(ErrorCode::malformed, source.string() + ": not a GGUF file");
      hash.update(bytes);
      TRY(write_all(fd_.get(), bytes, path_.string()));
      done_bytes += size;
      progress.update(done_bytes);
    }
    if (done_bytes != size_bytes)
      return fail(ErrorCode::io_error, source.string() + ": changed while it was copied; try again");
    if (fsync(fd_.get()) != 0) return fail_errno("fsync", path_.string());
    return to_hex(hash.finish());
  }

  Status keep(const std::filesystem::path& as) {
    if (rename(path_.c_str(), as.c_str()) != 0) return fail_errno("rename", as.string());
    path_.clear();
    return sync_directory(as.parent_path());
  }

  int fd() const { return fd_.get(); }

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
};

struct AddArguments {
  std::string file;
  std::string alias;
  std::string sha256;
};

Status check_names(const AddArguments& arguments, const std::string& file_name) {
  if (!is_model_alias(arguments.alias))
    return fail(ErrorCode::invalid_argument,
                "\"" + arguments.alias +
                    "\": not an alias (1 to 64 of a-z 0-9 . _ -, a letter or digit first); "
                    "choose one with --name");
  if (!is_store_file_name(file_name))
    return fail(ErrorCode::invalid_argument, "\"" + file_name + "\": not a name for a file in the store; rename it");
  return {};
}

Status check_new(const ModelCatalog& catalog, const AddArguments& arguments) {
  if (catalog.find(arguments.alias) != nullptr)
    return fail(ErrorCode::already_exists, arguments.alias + ": there is a model of that alias; choose another --name");
  if (catalog.models.size() >= max_catalog_models)
    return fail(ErrorCode::resource_exhausted,
                "the store holds " + std::to_string(max_catalog_models) + " models, which is the most");
  return {};
}

Result<CatalogModel> add_model(const std::filesystem::path& store, AddArguments arguments) {
  const std::filesystem::path source = arguments.file;
  if (arguments.alias.empty()) arguments.alias = alias_from(source);
  const std::string file_name = arguments.alias + ".gguf";
  TRY(check_names(arguments, file_name));
  TRY_ASSIGN(const UniqueFd from, open_file(source, O_RDONLY | O_CLOEXEC));
  struct stat info{};
  if (fstat(from.get(), &info) != 0) return fail_errno("stat", source.string());
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::invalid_argument, source.string() + ": not a regular file");
  TRY(make_directories(store, 0700));
  struct stat owner{};
  if (stat(store.c_str(), &owner) != 0) return fail_errno("stat", store.string());

  TRY_ASSIGN(const UniqueFd lock, open_file(store / "allowed.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (flock(lock.get(), LOCK_EX) != 0) return fail_errno("flock", store.string());
  const auto catalog_file = store / model_catalog_file;
  TRY_ASSIGN(ModelCatalog catalog, read_catalog(catalog_file));
  TRY(check_new(catalog, arguments));
  if (std::filesystem::exists(store / file_name))
    return fail(ErrorCode::already_exists, (store / file_name).string() + ": there already, though not on the list");
  TRY(check_room(store, info.st_size));

  const auto incoming_path = store / (".incoming-" + std::to_string(getpid()));
  TRY_ASSIGN(UniqueFd incoming_fd, open_file(incoming_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  IncomingFile incoming(incoming_path, std::move(incoming_fd));
  CatalogModel model{arguments.alias, file_name, "", static_cast<int64_t>(info.st_size)};
  TRY_ASSIGN(model.sha256, incoming.copy(from.get(), source, info.st_size));
  if (!arguments.sha256.empty() && arguments.sha256 != model.sha256)
    return fail(ErrorCode::corrupted, source.string() + ": its SHA-256 is " + model.sha256 + ", not the one given");
  for (const CatalogModel& known : catalog.models)
    if (known.sha256 == model.sha256)
      return fail(ErrorCode::already_exists, source.string() + ": the store has it already, as " + known.alias);
  // Root fills the store for its owner.
  if (geteuid() == 0 && fchown(incoming.fd(), owner.st_uid, owner.st_gid) != 0)
    return fail_errno("chown", incoming_path.string());
  if (fchmod(incoming.fd(), model_mode) != 0) return fail_errno("chmod", incoming_path.string());
  TRY(incoming.keep(store / file_name));

  catalog.models.push_back(model);
  TRY(write_file_atomic(catalog_file, as_bytes(to_catalog_text(catalog)), 0644));
  if (geteuid() == 0 && chown(catalog_file.c_str(), owner.st_uid, owner.st_gid) != 0)
    return fail_errno("chown", catalog_file.string());
  return model;
}

}  // namespace

void add_model_adding(CLI::App& models, Context& context) {
  CLI::App* verb = models.add_subcommand(
      "add", "Copy a GGUF file into the store and allow it; on the appliance itself, as the store's owner or root");
  const auto arguments = std::make_shared<AddArguments>();
  verb->add_option("FILE", arguments->file, "GGUF file, in one piece")->required();
  verb->add_option("--name", arguments->alias, "What clients ask for; else made from the file's name")
      ->type_name("ALIAS");
  verb->add_option("--sha256", arguments->sha256, "Refuse the file unless it has this digest")->type_name("HEX");
  verb->callback([&context, arguments] {
    context.verb = [&context, arguments]() -> Answer<Exit> {
      TRY_ASSIGN(const CatalogModel model, add_model(context.model_store(), *arguments));
      print(model.alias + "  " + model.sha256 + "  " + human_bytes(model.size_bytes) + "\n");
      print_note("allowed; load it with tijori models load " + model.alias + "\n");
      return Exit::done;
    };
  });
}

}  // namespace tijori

#include "daemon/guardrails/scanner.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <dlfcn.h>
#include <hs/hs.h>

namespace tijori {
namespace {

constexpr size_t max_idle_scratches = 16;

// The library holds its engines several times, for SSE, AVX2 and AVX-512, and takes the widest that the processor has.
// In version 5.4.9 the wider two lose matches (of as little as "ka|ab", in about one text of a thousand) when they are
// given more than one vector of text at once; the SSE one doesn't. So it is called by its own name, and databases are
// compiled for it. A library that was built without names gets a vector at a time.
struct Engine {
  decltype(&hs_open_stream) open_stream;
  decltype(&hs_scan_stream) scan_stream;
  decltype(&hs_close_stream) close_stream;
  size_t max_bytes;  // that it can be trusted with at once
};

template <class Call>
bool find_call(const char* name, Call& call) {
  void* const found = dlsym(RTLD_DEFAULT, name);
  if (found == nullptr) return false;
  call = reinterpret_cast<Call>(found);
  return true;
}

const Engine& engine() {
  static const Engine chosen = [] {
    Engine sse{nullptr, nullptr, nullptr, size_t{1} << 20};
    if (find_call("corei7_hs_open_stream", sse.open_stream) && find_call("corei7_hs_scan_stream", sse.scan_stream) &&
        find_call("corei7_hs_close_stream", sse.close_stream))
      return sse;
    return Engine{hs_open_stream, hs_scan_stream, hs_close_stream, 16};
  }();
  return chosen;
}

bool is_supported() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2") == 0) return false;
#endif
  return hs_valid_platform() == HS_SUCCESS;
}

struct FreeDatabase {
  void operator()(hs_database_t* database) const { hs_free_database(database); }
};
struct FreeScratch {
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};
using Database = std::unique_ptr<hs_database_t, FreeDatabase>;
using Scratch = std::unique_ptr<hs_scratch_t, FreeScratch>;

std::unexpected<Error> fail_call(std::string_view call, hs_error_t error) {
  const auto code = error == HS_NOMEM ? ErrorCode::resource_exhausted : ErrorCode::internal;
  return fail(code,
              std::string(call) + ": " + (error == HS_NOMEM ? "out of memory" : "error " + std::to_string(error)));
}

int on_match(unsigned expression, unsigned long long /*from*/, unsigned long long to, unsigned /*flags*/,
             void* context) {
  auto& ends = *static_cast<std::vector<ScannedEnd>*>(context);
  if (ends.size() >= max_scanned_ends) return 1;
  ends.push_back({static_cast<size_t>(to), expression});
  return 0;
}

}  // namespace

struct Scanner::Impl {
  Database database;
  Scratch prototype;
  size_t memory_bytes = 0;
  std::mutex mutex;  // of `scratches`
  std::vector<Scratch> scratches;

  Result<Scratch> take_scratch() {
    {
      const std::lock_guard lock(mutex);
      if (!scratches.empty()) {
        Scratch scratch = std::move(scratches.back());
        scratches.pop_back();
        return scratch;
      }
    }
    hs_scratch_t* scratch = nullptr;
    if (const hs_error_t error = hs_clone_scratch(prototype.get(), &scratch); error != HS_SUCCESS)
      return fail_call("hs_clone_scratch", error);
    return Scratch(scratch);
  }
  void give_back(Scratch scratch) {
    const std::lock_guard lock(mutex);
    if (scratches.size() < max_idle_scratches) scratches.push_back(std::move(scratch));
  }

  Status measure() {
    hs_scratch_t* scratch = nullptr;
    if (const hs_error_t error = hs_alloc_scratch(database.get(), &scratch); error != HS_SUCCESS)
      return fail_call("hs_alloc_scratch", error);
    prototype.reset(scratch);
    size_t database_bytes = 0;
    size_t scratch_bytes = 0;
    if (hs_database_size(database.get(), &database_bytes) != HS_SUCCESS ||
        hs_scratch_size(prototype.get(), &scratch_bytes) != HS_SUCCESS)
      return fail(ErrorCode::internal, "hs_database_size failed");
    memory_bytes = database_bytes + scratch_bytes;
    return {};
  }
};

struct Scanner::Stream::Impl {
  Scanner::Impl& scanner;
  hs_stream_t* stream = nullptr;

  ~Impl() { engine().close_stream(stream, nullptr, nullptr, nullptr); }
};

Scanner::Scanner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Scanner::~Scanner() = default;
Scanner::Stream::Stream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Scanner::Stream::~Stream() = default;
Scanner::Stream::Stream(Stream&&) noexcept = default;

size_t Scanner::memory_bytes() const {
  return impl_->memory_bytes;
}

std::expected<std::unique_ptr<const Scanner>, Scanner::Refusal> Scanner::compile(
    const std::vector<std::string>& expressions) {
  if (!is_supported())
    return std::unexpected(
        Refusal{{ErrorCode::unsupported, "patterns need a processor with SSE4.2 (or NEON on Arm)"}, std::nullopt});
  std::vector<const char*> texts;
  const std::vector<unsigned> flags(expressions.size(), 0);
  std::vector<unsigned> numbers(expressions.size());
  for (size_t i = 0; i < expressions.size(); ++i) {
    texts.push_back(expressions[i].c_str());
    numbers[i] = static_cast<unsigned>(i);
  }
  const hs_platform_info_t platform{};  // what every engine has
  hs_database_t* database = nullptr;
  hs_compile_error_t* problem = nullptr;
  const hs_error_t error =
      hs_compile_multi(texts.data(), flags.data(), numbers.data(), static_cast<unsigned>(texts.size()), HS_MODE_STREAM,
                       &platform, &database, &problem);
  if (error != HS_SUCCESS) {
    Refusal refusal;
    const std::string why = problem != nullptr && problem->message != nullptr ? problem->message : "no reason given";
    if (problem != nullptr && problem->expression >= 0) {
      refusal.expression = static_cast<size_t>(problem->expression);
      refusal.error = {
          ErrorCode::invalid_argument,
          "the scanner can't take it (" + why + "): use fewer repetitions, narrower classes or fewer alternatives"};
    } else {
      refusal.error = {error == HS_COMPILER_ERROR ? ErrorCode::resource_exhausted : ErrorCode::internal,
                       "the patterns can't be compiled together (" + why + ")"};
    }
    hs_free_compile_error(problem);
    return std::unexpected(std::move(refusal));
  }
  auto impl = std::make_unique<Impl>();
  impl->database.reset(database);
  if (const auto measured = impl->measure(); !measured) return std::unexpected(Refusal{measured.error(), std::nullopt});
  return std::unique_ptr<const Scanner>(new Scanner(std::move(impl)));
}

Result<Scanner::Stream> Scanner::open() const {
  hs_stream_t* stream = nullptr;
  if (const hs_error_t error = engine().open_stream(impl_->database.get(), 0, &stream); error != HS_SUCCESS)
    return fail_call("hs_open_stream", error);
  return Stream(std::make_unique<Stream::Impl>(*impl_, stream));
}

Status Scanner::Stream::scan(std::string_view bytes, std::vector<ScannedEnd>& ends) {
  ends.clear();
  TRY_ASSIGN(Scratch scratch, impl_->scanner.take_scratch());
  hs_error_t error = HS_SUCCESS;
  while (!bytes.empty() && error == HS_SUCCESS) {
    const std::string_view piece = bytes.substr(0, engine().max_bytes);
    bytes.remove_prefix(piece.size());
    error = engine().scan_stream(impl_->stream, piece.data(), static_cast<unsigned>(piece.size()), 0, scratch.get(),
                                 on_match, &ends);
  }
  impl_->scanner.give_back(std::move(scratch));
  if (error == HS_SCAN_TERMINATED)
    return fail(ErrorCode::resource_exhausted,
                "more than " + std::to_string(max_scanned_ends) + " ends of matches in one piece of text");
  if (error != HS_SUCCESS) return fail_call("hs_scan_stream", error);
  std::ranges::sort(ends);
  const auto repeated = std::ranges::unique(ends);
  ends.erase(repeated.begin(), repeated.end());
  return {};
}

}  // namespace tijori

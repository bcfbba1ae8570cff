// A model as the program serves it: verified file, tokenizer, chat format, weights.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/file.h"
#include "engine/chat_format.h"
#include "engine/gguf.h"
#include "engine/model.h"
#include "engine/programs/model_file.h"
#include "engine/tokenizer.h"
#include "protocol/engine_messages.h"

namespace tijori {

struct LoadedModel {
  std::string sha256;  // of the file, of all parts one after the other when it is split
  std::string template_sha256;
  std::string license;
  std::optional<MappedFile> map;  // of a single file; GgufModel holds the maps of a split one
  std::optional<GgufModel> files;
  std::optional<Tokenizer> tokenizer;
  std::optional<ChatFormat> chat_format;
  std::unique_ptr<Model> model;  // used only by the thread that loaded it, but for its tally

  LoadedReply describe() const;
};

// Stage ("verify", "load"), bytes done and in all; returning false cancels.
using LoadStageProgress = std::function<bool(std::string_view stage, uint64_t done_bytes, uint64_t total_bytes)>;

// Digest first, then parsing. corrupted when the digest is another, cancelled when the progress says so; everything
// else is as the parts of the engine report it.
Result<std::unique_ptr<LoadedModel>> load_model(const std::filesystem::path& store, const LoadRequest& request,
                                                StoreMode mode, const LoadStageProgress& progress);

// `text` with U+FFFD where it isn't UTF-8: what a file says may go into JSON only so.
std::string whole_utf8(std::string_view text);

}  // namespace tijori

// The tokenizer and the chat format of a GGUF file.
#pragma once

#include "base/error.h"
#include "engine/chat_format.h"
#include "engine/gguf.h"
#include "engine/tokenizer.h"

namespace tijori {

// unsupported when tokenizer.ggml.model isn't "gpt2" or the pre-tokenizer is unknown; not_found without a tokenizer.
Result<Tokenizer> load_tokenizer(const GgufMetadata& metadata);

// The file's template, "" when it has none.
Result<std::string_view> chat_template_of(const GgufMetadata& metadata);

}  // namespace tijori

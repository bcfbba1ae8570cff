// Frames of the inner sockets: the header, then the message its type names. What parses writes back to what parses the
// same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/frame.h"
#include "protocol/audit_messages.h"
#include "protocol/engine_messages.h"
#include "protocol/inner_messages.h"

namespace {

using namespace tijori;

template <class T>
void round_trip(std::string_view payload) {
  const auto message = from_json<T>(payload);
  if (!message) {
    CHECK(!message.error().message.empty());
    return;
  }
  const std::string text = to_json(*message);
  const auto again = from_json<T>(text);
  CHECK(again.has_value() && to_json(*again) == text);
}

void parse(MessageType type, std::string_view payload) {
  switch (type) {
    case MessageType::hello:
      return round_trip<Hello>(payload);
    case MessageType::error:
      return round_trip<PeerError>(payload);
    case MessageType::progress:
      return round_trip<Progress>(payload);
    case MessageType::credit:
      return round_trip<Credit>(payload);
    case MessageType::load:
      return round_trip<LoadRequest>(payload);
    case MessageType::loaded:
      return round_trip<LoadedReply>(payload);
    case MessageType::generate:
      return round_trip<GenerateRequest>(payload);
    case MessageType::delta:
      return round_trip<Delta>(payload);
    case MessageType::finish:
      return round_trip<Finish>(payload);
    case MessageType::tokenize:
      return round_trip<TokenizeRequest>(payload);
    case MessageType::tokens:
      return round_trip<TokensReply>(payload);
    case MessageType::append:
      return round_trip<AppendRequest>(payload);
    case MessageType::appended:
      return round_trip<AppendedReply>(payload);
    case MessageType::list:
      return round_trip<ListRequest>(payload);
    case MessageType::records:
      return round_trip<AuditRecords>(payload);
    case MessageType::proof:
      return round_trip<AuditProof>(payload);
    case MessageType::export_log:
      return round_trip<ExportRequest>(payload);
    case MessageType::verdict:
      return round_trip<AuditVerdict>(payload);
    default:
      return round_trip<Nothing>(payload);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteView bytes(data, size);
  while (bytes.size() >= frame_header_bytes) {
    const auto header = decode_frame_header(bytes.first(frame_header_bytes));
    if (!header) return 0;
    bytes = bytes.subspan(frame_header_bytes);
    const size_t length = std::min<size_t>(header->payload_bytes, bytes.size());
    parse(static_cast<MessageType>(header->type), as_text(bytes.first(length)));
    bytes = bytes.subspan(length);
  }
  return 0;
}

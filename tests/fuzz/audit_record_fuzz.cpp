// Whatever decodes as a record or a segment header must encode to the same bytes: there is one encoding of each.
#include <cstdint>

#include "audit/proof/record.h"
#include "audit/proof/segment_header.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const tijori::ByteView bytes(data, size);
  if (const auto record = tijori::decode_core(bytes)) {
    const auto core = tijori::encode_core(*record);
    CHECK(core.has_value() && std::ranges::equal(*core, bytes));
  }
  if (const auto header = tijori::SegmentHeader::decode(bytes)) CHECK(std::ranges::equal(header->encode(), bytes));
  return 0;
}

// Shared by the files of base/certificate.h only: libcrypto's objects as owners, its errors and times as ours.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/asn1.h>
#include <openssl/bio.h>

#include "base/bytes.h"
#include "base/error.h"

namespace tijori::certificate_detail {

template <auto function>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};
template <class T, auto function>
using Owned = std::unique_ptr<T, FreeWith<function>>;

using Bio = Owned<BIO, BIO_free_all>;

// Reads from `text`, which must outlive it.
Bio bio_over(std::string_view text);
Bio bio_to_memory();
std::string_view text_of(BIO* memory);

// "WHAT: reason by libcrypto", and empties libcrypto's queue of errors.
std::unexpected<Error> fail_crypto(ErrorCode code, std::string_view what);

Result<int64_t> to_wall_us(const ASN1_TIME* time);
// Cut to whole seconds, which is all the format holds.
Owned<ASN1_TIME, ASN1_TIME_free> from_wall_us(int64_t wall_us);

// Lower-case hex without leading zeros, "0" for zero.
std::string to_serial(const ASN1_INTEGER* serial);

}  // namespace tijori::certificate_detail

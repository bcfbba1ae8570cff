// Small policy documents for the tests of their life cycle.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/crypto.h"

namespace tijori::test {

// One rule that blocks a word in what applications send and in answers, with a pack of one case each way. `extra` goes
// into the rule.
inline std::string blocking_policy(const std::string& name, const std::string& word, const std::string& extra = "") {
  return R"({"format":"tijori-policy-1","name":")" + name +
         R"(","version":1,"message":{"en":"That can't be answered here.","hi":"यहाँ इसका उत्तर नहीं दिया जा सकता।"},)"
         R"("rules":[{"id":"no-)" +
         word + R"(","detector":{"type":"literals","label":"WORD","literals":[")" + word +
         R"("]},"stages":["request_text","output_stream"],"action":"block")" + extra +
         R"(}],"cases":[{"id":"blocks","text":"a )" + word +
         R"( here","expect":"block"},{"id":"passes","text":"nothing of note","expect":"pass"}]})";
}

// Its pack expects what its rule doesn't do.
inline std::string failing_policy(const std::string& name) {
  std::string document = blocking_policy(name, "mango");
  const std::string wanted = "nothing of note\",\"expect\":\"pass";
  document.replace(document.find(wanted), wanted.size(), "nothing of note\",\"expect\":\"block");
  return document;
}

inline std::string digest_of(const std::string& document) {
  return to_hex(sha256(as_bytes(document)));
}

}  // namespace tijori::test

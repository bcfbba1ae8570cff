#include "daemon/guardrails/policy_json.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

#include <nlohmann/json.hpp>

namespace tijori {
namespace {

// Walks the document for nlohmann's lexer and keeps how far it has read: the only way to learn where a value stands.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** reached) : at_(at), reached_(reached) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

std::string place_text(std::string_view document, size_t offset) {
  const TextPlace place = TextPlaces(document).at(offset);
  return "line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ": ";
}

// Builds the tree from nlohmann's events and stops at the first broken limit.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::string_view document, const char* const& reached) : document_(document), reached_(reached) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(int64_t{value}); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<uint64_t>(INT64_MAX)) return add(static_cast<int64_t>(value));
    return add(static_cast<double>(value));
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return add(double{value}); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return refuse(ErrorCode::malformed, "not JSON"); }
  bool start_object(size_t /*elements*/) override { return open(PolicyNode::Object()); }
  bool start_array(size_t /*elements*/) override { return open(PolicyNode::List()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    start_ = token_start();
    const auto& object = std::get<PolicyNode::Object>(stack_.back().value);
    if (object.size() >= max_policy_json_members)
      return refuse(ErrorCode::resource_exhausted,
                    "an object has more than " + std::to_string(max_policy_json_members) + " fields");
    if (std::ranges::any_of(object, [&name](const auto& member) { return member.first == name; }))
      return refuse(ErrorCode::malformed, "this field stands twice in its object: remove one");
    keys_.push_back(std::move(name));
    previous_end_ = reached_;
    return true;
  }

  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    start_ = std::min(position == 0 ? 0 : position - 1, document_.size());
    return refuse(ErrorCode::malformed, "not valid JSON from here");
  }

  PolicyNode take_root() { return std::move(root_); }
  const std::optional<Error>& error() const { return error_; }

 private:
  bool refuse(ErrorCode code, std::string_view message) {
    if (!error_) error_ = Error{code, place_text(document_, start_) + std::string(message)};
    return false;
  }

  // The lexer stands behind the token that it reports; between it and the one before are only separators.
  size_t token_start() const {
    const auto from =
        static_cast<size_t>((previous_end_ == nullptr ? document_.data() : previous_end_) - document_.data());
    const size_t start = document_.find_first_not_of(" \t\r\n,:]}", from);
    return start == std::string_view::npos ? document_.size() : start;
  }

  template <class T>
  bool admit(PolicyNode& node, T&& value) {
    start_ = token_start();
    if (++values_ > max_policy_json_values)
      return refuse(ErrorCode::resource_exhausted,
                    "more than " + std::to_string(max_policy_json_values) + " values in all");
    node.value = std::forward<T>(value);
    node.offset = start_;
    // A number ends where the lexer has read one byte more; that byte is a separator, so nothing is lost.
    previous_end_ = reached_;
    return true;
  }

  template <class T>
  bool add(T&& value) {
    PolicyNode node;
    if (!admit(node, std::forward<T>(value))) return false;
    attach(std::move(node));
    return true;
  }

  template <class T>
  bool open(T&& container) {
    PolicyNode node;
    if (!admit(node, std::forward<T>(container))) return false;
    if (stack_.size() >= max_policy_json_depth)
      return refuse(ErrorCode::resource_exhausted, "nested deeper than " + std::to_string(max_policy_json_depth));
    stack_.push_back(std::move(node));
    return true;
  }

  bool close() {
    PolicyNode done = std::move(stack_.back());
    stack_.pop_back();
    attach(std::move(done));
    return true;
  }

  void attach(PolicyNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    PolicyNode& parent = stack_.back();
    if (auto* list = std::get_if<PolicyNode::List>(&parent.value)) {
      list->push_back(std::move(node));
    } else {
      std::get<PolicyNode::Object>(parent.value).emplace_back(std::move(keys_.back()), std::move(node));
      keys_.pop_back();
    }
  }

  std::string_view document_;
  const char* const& reached_;
  const char* previous_end_ = nullptr;
  size_t start_ = 0;  // of the token at hand
  size_t values_ = 0;
  std::vector<PolicyNode> stack_;
  std::vector<std::string> keys_;
  PolicyNode root_;
  std::optional<Error> error_;
};

}  // namespace

std::string_view PolicyNode::kind() const {
  static constexpr std::string_view kinds[] = {"null", "true or false", "a number", "a number",
                                               "text", "a list",        "an object"};
  return kinds[value.index()];
}

Result<PolicyNode> parse_policy_json(std::string_view document) {
  if (document.starts_with("\xEF\xBB\xBF"))
    return fail(ErrorCode::malformed, "line 1, column 1: a byte order mark: save the document as UTF-8 without it");
  // nlohmann takes a NUL byte for the end of the text.
  if (const size_t nul = document.find('\0'); nul != std::string_view::npos)
    return fail(ErrorCode::malformed, place_text(document, nul) + "a NUL byte");
  const char* reached = document.data();
  Builder builder(document, reached);
  bool complete = false;
  try {
    const char* const begin = document.data();
    complete = nlohmann::json::sax_parse(CountingIterator(begin, &reached),
                                         CountingIterator(begin + document.size(), &reached), &builder);
  } catch (const std::exception&) {
    return fail(ErrorCode::malformed, "line 1, column 1: not valid JSON");
  }
  if (builder.error()) return fail(*builder.error());
  if (!complete) return fail(ErrorCode::malformed, "line 1, column 1: not valid JSON");
  return builder.take_root();
}

TextPlaces::TextPlaces(std::string_view document) : document_(document), line_begins_{0} {
  for (size_t end = document.find('\n'); end != std::string_view::npos; end = document.find('\n', end + 1))
    line_begins_.push_back(end + 1);
}

TextPlace TextPlaces::at(size_t offset) const {
  const auto next = std::ranges::upper_bound(line_begins_, std::min(offset, document_.size()));
  const size_t begin = *(next - 1);
  const std::string_view before = document_.substr(begin, std::min(offset, document_.size()) - begin);
  const auto is_first_byte = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; };
  return {static_cast<size_t>(next - line_begins_.begin()),
          static_cast<size_t>(std::ranges::count_if(before, is_first_byte)) + 1};
}

void append_quoted(std::string& out, std::string_view text) {
  try {
    out += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } catch (const nlohmann::json::exception&) {
    out += "\"\"";
  }
}

}  // namespace tijori

#include "daemon/guardrails/pattern_regex.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace tijori {
namespace {

using Kind = PatternNode::Kind;

void append_byte(std::string& out, uint8_t byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\x";
  out += digits[byte >> 4U];
  out += digits[byte & 0xFU];
}

void append_range(std::string& out, ByteRange range) {
  append_byte(out, range.first);
  if (range.first == range.last) return;
  out += '-';
  append_byte(out, range.last);
}

void append_class(std::string& out, const std::vector<ByteRange>& ranges) {
  if (ranges.size() == 1 && ranges[0].first == ranges[0].last) return append_byte(out, ranges[0].first);
  out += '[';
  for (const ByteRange range : ranges) append_range(out, range);
  out += ']';
}

// Whether each of its bytes, taken for itself, may be written as one class.
bool is_exact_by_byte(const CodePointSet& set) {
  const auto sequences = set.byte_sequences();
  return sequences.size() == 1 ||
         std::ranges::all_of(sequences, [](const ByteSequence& sequence) { return sequence.length == 1; });
}

void append_set(std::string& out, const CodePointSet& set) {
  const auto sequences = set.byte_sequences();
  if (sequences[0].length == 1) {
    std::vector<ByteRange> ranges;
    ranges.reserve(sequences.size());
    for (const ByteSequence& sequence : sequences) ranges.push_back(sequence.bytes[0]);
    return append_class(out, ranges);
  }
  for (size_t i = 0; i < sequences[0].length; ++i) append_class(out, {sequences[0].bytes[i]});
}

void add_bytes_of(const PatternNode& node, CodePointSet& bytes) {
  for (const ByteSequence& sequence : node.set.byte_sequences())
    for (size_t i = 0; i < sequence.length; ++i) bytes.add(sequence.bytes[i].first, sequence.bytes[i].last);
  for (const PatternNode& child : node.children) add_bytes_of(child, bytes);
}

std::string bounds(size_t least, size_t most) {
  return '{' + std::to_string(least) + ',' + std::to_string(most) + '}';
}

// As many of the node's bytes, in any order, as its matches are wide.
void append_byte_run(std::string& out, const PatternNode& node) {
  CodePointSet bytes;
  add_bytes_of(node, bytes);
  std::vector<ByteRange> ranges;
  for (const auto& [first, last] : bytes.ranges())
    ranges.push_back({static_cast<uint8_t>(first), static_cast<uint8_t>(last)});
  const PatternSize size = size_of(node);
  append_class(out, ranges);
  out += bounds(size.min_width, size.max_width);
}

void append_node(std::string& out, const PatternNode& node, Pattern::Precision precision) {
  switch (node.kind) {
    case Kind::set:
      if (is_exact_by_byte(node.set)) return append_set(out, node.set);
      return append_byte_run(out, node);
    case Kind::sequence:
      for (const PatternNode& child : node.children) append_node(out, child, precision);
      return;
    case Kind::choice:
      out += "(?:";
      for (size_t i = 0; i < node.children.size(); ++i) {
        if (i > 0) out += '|';
        append_node(out, node.children[i], precision);
      }
      out += ')';
      return;
    case Kind::repeat: {
      const PatternNode& child = node.children[0];
      if (precision == Pattern::Precision::loose || (child.kind == Kind::set && !is_exact_by_byte(child.set)))
        return append_byte_run(out, node);
      out += "(?:";
      append_node(out, child, precision);
      out += ')' + bounds(node.min, node.max);
      return;
    }
  }
}

}  // namespace

std::string write_byte_regex(const PatternNode& root, Pattern::Precision precision) {
  std::string out;
  append_node(out, root, precision);
  return out;
}

std::string write_byte_regex(std::string_view literal) {
  std::string out;
  for (const char byte : literal) append_byte(out, static_cast<uint8_t>(byte));
  return out;
}

}  // namespace tijori

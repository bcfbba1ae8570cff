// Where the golden files lie, and how far logits are from each other.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tijori::test {

// The folder of the golden files: TIJORI_GOLDEN_DIR, else ../shared/golden beside the source tree; none when absent.
inline std::optional<std::filesystem::path> golden_directory() {
  std::filesystem::path directory;
  if (const char* const named = std::getenv("TIJORI_GOLDEN_DIR")) {
    directory = named;
  } else if (const char* const source = std::getenv("TIJORI_SOURCE_DIR")) {
    directory = std::filesystem::path(source) / ".." / "shared" / "golden";
  }
  std::error_code ignored;
  if (directory.empty() || !std::filesystem::is_directory(directory, ignored)) return std::nullopt;
  return directory;
}

inline constexpr const char* golden_absent = "the golden files are absent; set TIJORI_GOLDEN_DIR to their folder";

// Every float of a file; empty when it can't be read.
inline std::vector<float> read_floats(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return {};
  std::vector<float> values(static_cast<size_t>(in.tellg()) / sizeof(float));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
  return values;
}

// White-space separated token ids.
inline std::vector<uint32_t> read_ids(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<uint32_t> ids;
  for (uint32_t id = 0; in >> id;) ids.push_back(id);
  return ids;
}

struct Distance {
  double max_abs = 0;  // of the logits
  double mean_kl = 0;  // of softmax(exact) to softmax(other), over the rows
  double max_kl = 0;
};

inline double log_sum_exp(std::span<const float> row) {
  const double most = *std::ranges::max_element(row);
  double sum = 0;
  for (const float value : row) sum += std::exp(value - most);
  return most + std::log(sum);
}

// Both [n, width]. A NaN anywhere makes every figure NaN.
inline Distance distance(std::span<const float> exact, std::span<const float> other, size_t width) {
  Distance result;
  const size_t rows = exact.size() / width;
  for (size_t row = 0; row < rows; ++row) {
    const auto p = exact.subspan(row * width, width);
    const auto q = other.subspan(row * width, width);
    const double p_total = log_sum_exp(p);
    const double q_total = log_sum_exp(q);
    double kl = 0;
    for (size_t i = 0; i < width; ++i) {
      const double log_p = p[i] - p_total;
      kl += std::exp(log_p) * (log_p - (q[i] - q_total));
      const double error = std::abs(static_cast<double>(p[i]) - q[i]);
      if (!(error <= result.max_abs)) result.max_abs = error;
    }
    result.mean_kl += kl / static_cast<double>(rows);
    if (!(kl <= result.max_kl)) result.max_kl = kl;
  }
  return result;
}

}  // namespace tijori::test

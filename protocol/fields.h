// How a struct and its JSON object correspond, said once for both directions:
//
//   template <class Form>
//   void describe(Form& form, Is<Proof> auto& proof) {
//     form.required("seq", proof.seq);
//     form.optional("note", proof.note);   // reading: may be absent or null; writing: left out when empty
//   }
//   TIJORI_JSON_FORM(Proof)                // in the .cpp: makes from_json<Proof> and to_json<Proof>
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "protocol/json.h"
#include "protocol/json_form.h"
#include "protocol/role.h"

namespace tijori {

template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

enum class FieldFault { unknown, missing, wrong_type, bad_value, unsupported };

struct FieldError {
  FieldFault fault = FieldFault::bad_value;
  std::string path;     // "messages[2].content"; empty for the whole
  std::string message;  // without the path
};

// One name of an enum's value; enums with a JSON form have names_of(Enum) found by argument-dependent lookup.
template <class E>
struct EnumName {
  E value;
  std::string_view name;
};

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E value) { names_of(value); };

template <NamedEnum E>
std::string_view enum_name(E value) {
  for (const EnumName<E>& entry : names_of(value))
    if (entry.value == value) return entry.name;
  return "";
}

template <NamedEnum E>
std::optional<E> enum_from_name(std::string_view name) {
  for (const EnumName<E>& entry : names_of(E{}))
    if (entry.name == name) return entry.value;
  return std::nullopt;
}

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

// Reads one object. The first error sticks; finish() adds "unknown field" for what nobody asked for.
class FormReader {
 public:
  FormReader(const JsonValue& value, std::string path, std::optional<FieldError>& error)
      : path_(std::move(path)), error_(error) {
    object_ = value.get_if<JsonObject>();
    if (object_ == nullptr)
      refuse_at(path_, FieldFault::wrong_type, "expected an object, found " + std::string(value.kind()));
    else
      used_.resize(object_->size());
  }

  template <class T>
  void required(std::string_view name, T& field) {
    const JsonValue* value = find(name);
    if (value == nullptr) return refuse(name, FieldFault::missing, "missing");
    read(*value, path_of(name), field);
  }

  template <class T>
  void optional(std::string_view name, T& field) {
    const JsonValue* value = find(name);
    if (value != nullptr && !value->is_null()) read(*value, path_of(name), field);
  }

  // May be absent or null; written as null when empty, as OpenAI's clients expect.
  template <class T>
  void nullable(std::string_view name, std::optional<T>& field) {
    optional(name, field);
  }

  // The raw value for forms that aren't one type ("stop": text or list); marks it as known. Null counts as absent.
  const JsonValue* raw(std::string_view name) {
    const JsonValue* value = find(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  template <class T>
  void read(const JsonValue& value, const std::string& path, T& field);

  // For maps whose names aren't known beforehand: visit(name, value, path) for every member, all known afterwards.
  template <class Visitor>
  void read_members(Visitor visit) {
    for (size_t i = 0; i < used_.size() && !failed(); ++i) {
      used_[i] = true;
      const auto& [name, value] = (*object_)[i];
      visit(name, value, path_of(name));
    }
  }

  void refuse(std::string_view name, FieldFault fault, std::string message) {
    refuse_at(path_of(name), fault, std::move(message));
  }
  void refuse_at(std::string path, FieldFault fault, std::string message) {
    if (!error_) error_ = FieldError{fault, std::move(path), std::move(message)};
  }
  bool failed() const { return error_.has_value(); }
  std::optional<FieldError>& error() { return error_; }

  void finish() {
    if (failed()) return;
    for (size_t i = 0; i < used_.size(); ++i)
      if (!used_[i]) return refuse((*object_)[i].first, FieldFault::unknown, "unknown field");
  }

  std::string path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }

 private:
  const JsonValue* find(std::string_view name) {
    if (object_ == nullptr) return nullptr;
    for (size_t i = 0; i < object_->size(); ++i) {
      if ((*object_)[i].first != name) continue;
      used_[i] = true;
      return &(*object_)[i].second;
    }
    return nullptr;
  }

  const JsonObject* object_ = nullptr;
  std::string path_;
  std::vector<bool> used_;
  std::optional<FieldError>& error_;
};

// Writes one object in the order in which its fields are named.
class FormWriter {
 public:
  explicit FormWriter(std::string& out) : out_(out) { out_ += '{'; }
  void finish() { out_ += '}'; }

  template <class T>
  void required(std::string_view name, const T& field) {
    key(name);
    write(field);
  }

  template <class T>
  void optional(std::string_view name, const T& field) {
    if constexpr (is_optional<T>::value) {
      if (field) required(name, *field);
    } else if constexpr (is_vector<T>::value || std::same_as<T, std::string>) {
      if (!field.empty()) required(name, field);
    } else {
      required(name, field);
    }
  }

  void key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
  }
  template <class T>
  void nullable(std::string_view name, const std::optional<T>& field) {
    if (field)
      required(name, *field);
    else
      null(name);
  }
  void null(std::string_view name) {
    key(name);
    out_ += "null";
  }
  // Text that is JSON already.
  void raw(std::string_view name, std::string_view json) {
    key(name);
    out_ += json;
  }

  template <class T>
  void write(const T& value);

 private:
  std::string& out_;
  bool first_ = true;
};

template <class T>
void FormReader::read(const JsonValue& value, const std::string& path, T& field) {
  const auto wrong_type = [&](std::string_view expected) {
    refuse_at(path, FieldFault::wrong_type,
              "expected " + std::string(expected) + ", found " + std::string(value.kind()));
  };
  if constexpr (std::same_as<T, bool>) {
    const bool* flag = value.get_if<bool>();
    if (flag == nullptr) return wrong_type("true or false");
    field = *flag;
  } else if constexpr (std::integral<T>) {
    const auto assign = [&](auto number) {
      if (!std::in_range<T>(number)) return refuse_at(path, FieldFault::bad_value, "out of range");
      field = static_cast<T>(number);
    };
    if (const int64_t* number = value.get_if<int64_t>()) return assign(*number);
    if (const uint64_t* number = value.get_if<uint64_t>()) return assign(*number);
    wrong_type("an integer");
  } else if constexpr (std::floating_point<T>) {
    if (const double* number = value.get_if<double>())
      field = static_cast<T>(*number);
    else if (const int64_t* integer = value.get_if<int64_t>())
      field = static_cast<T>(*integer);
    else if (const uint64_t* unsigned_integer = value.get_if<uint64_t>())
      field = static_cast<T>(*unsigned_integer);
    else
      wrong_type("a number");
  } else if constexpr (std::same_as<T, std::string>) {
    const std::string* text = value.get_if<std::string>();
    if (text == nullptr) return wrong_type("text");
    field = *text;
  } else if constexpr (NamedEnum<T>) {
    const std::string* text = value.get_if<std::string>();
    if (text == nullptr) return wrong_type("text");
    const auto found = enum_from_name<T>(*text);
    if (found) {
      field = *found;
      return;
    }
    std::string choices;
    for (const EnumName<T>& entry : names_of(T{})) choices += (choices.empty() ? "" : ", ") + std::string(entry.name);
    refuse_at(path, FieldFault::bad_value, "expected one of " + choices);
  } else if constexpr (std::same_as<T, RoleSet>) {
    std::vector<std::string> names;
    read(value, path, names);
    field = RoleSet();
    for (const std::string& name : names) {
      const auto role = role_from_name(name);
      if (!role) return refuse_at(path, FieldFault::bad_value, "names a role that doesn't exist");
      field.add(*role);
    }
  } else if constexpr (is_vector<T>::value) {
    const JsonArray* array = value.get_if<JsonArray>();
    if (array == nullptr) return wrong_type("a list");
    field.clear();
    field.reserve(array->size());
    for (size_t i = 0; i < array->size() && !failed(); ++i) {
      typename T::value_type element{};
      read((*array)[i], path + "[" + std::to_string(i) + "]", element);
      field.push_back(std::move(element));
    }
  } else if constexpr (is_optional<T>::value) {
    read(value, path, field.emplace());
  } else {
    FormReader inner(value, path, error_);
    describe(inner, field);
    inner.finish();
  }
}

template <class T>
void FormWriter::write(const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out_ += value ? "true" : "false";
  } else if constexpr (std::integral<T>) {
    out_ += std::to_string(value);
  } else if constexpr (std::floating_point<T>) {
    append_json_number(out_, double{value});
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
    append_json_string(out_, value);
  } else if constexpr (NamedEnum<T>) {
    append_json_string(out_, enum_name(value));
  } else if constexpr (std::same_as<T, RoleSet>) {
    std::vector<std::string> names;
    for (const Role role : all_roles)
      if (value.has(role)) names.emplace_back(name_of(role));
    write(names);
  } else if constexpr (is_vector<T>::value) {
    out_ += '[';
    bool first = true;
    for (const auto& element : value) {
      if (!first) out_ += ',';
      first = false;
      write(element);
    }
    out_ += ']';
  } else {
    FormWriter inner(out_);
    describe(inner, value);
    inner.finish();
  }
}

// The whole text as one T, with the field at fault kept apart from the message.
template <class T>
std::optional<FieldError> read_form(const JsonValue& value, T& out) {
  std::optional<FieldError> error;
  FormReader reader(value, "", error);
  describe(reader, out);
  reader.finish();
  return error;
}

template <class T>
Result<T> from_json(std::string_view text, const JsonLimits& limits) {
  TRY_ASSIGN(const JsonValue value, parse_json(text, limits));
  T out;
  if (const auto error = read_form(value, out)) {
    const std::string place = error->path.empty() ? "" : error->path + ": ";
    return fail(ErrorCode::invalid_argument, place + error->message);
  }
  return out;
}

template <class T>
Result<T> from_json(std::string_view text) {
  return from_json<T>(text, JsonLimits());
}

template <class T>
std::string to_json(const T& value) {
  std::string text;
  FormWriter writer(text);
  describe(writer, value);
  writer.finish();
  return text;
}

// Instantiates from_json<T> and to_json<T> for the describe() of this file.
#define TIJORI_JSON_FORM(T)                                             \
  template Result<T> from_json<T>(std::string_view);                    \
  template Result<T> from_json<T>(std::string_view, const JsonLimits&); \
  template std::string to_json<T>(const T&);

}  // namespace tijori

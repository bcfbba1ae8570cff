// What the verbs of `tijori` share: where the appliance is, who we are to it, and how a verb ends.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "protocol/client/client_error.h"
#include "protocol/client/http_client.h"

namespace tijori {

// Exit codes of every program of the product.
enum class Exit : uint8_t {
  done = 0,
  failed = 1,
  usage = 2,
  unreachable = 3,
  not_permitted = 4,
  altered = 5,
  unproven = 6
};
Exit exit_of(const ClientError& error);

// Options and environment, as given. Everything empty: an installed appliance, and ~/.config/tijori.
struct Context {
  std::string root;       // a checkout's folder, as tijorid --root has it
  std::string run;        // folder of api.sock and admin.sock
  std::string profile;    // folder of ca.crt, client.crt, client.key
  std::string authority;  // the files themselves, over the profile's
  std::string certificate;
  std::string key;
  std::string passphrase_file;

  // Set by the verb that was asked for.
  std::function<Answer<Exit>()> verb;

  Answer<HttpClient> api() const { return connect("api.sock"); }
  Answer<HttpClient> admin() const { return connect("admin.sock"); }
  std::filesystem::path model_store() const;
  std::filesystem::path run_folder() const;
  std::filesystem::path certificate_file() const;

 private:
  Answer<HttpClient> connect(const char* socket) const;
  std::filesystem::path profile_folder() const;
};

enum class OutputForm : uint8_t { people, json };

}  // namespace tijori

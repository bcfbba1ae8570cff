#include "admin-ui/client/new_application.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/ca/authority.h"
#include "protocol/role.h"

namespace tijori {
namespace {

std::string filled(std::string text, const std::string& socket) {
  static constexpr std::string_view mark = "@SOCKET@";
  for (size_t place = text.find(mark); place != std::string::npos; place = text.find(mark, place + socket.size()))
    text.replace(place, mark.size(), socket);
  return text;
}

}  // namespace

std::string curl_snippet(const std::string& api_socket) {
  return filled(R"(#!/bin/sh
# Asks the appliance one question with curl. Run it in this folder.
exec curl -sS --fail-with-body --unix-socket '@SOCKET@' --cacert ca.crt --cert client.crt --key client.key \
  https://localhost/v1/chat/completions -H 'content-type: application/json' \
  -d '{"messages":[{"role":"user","content":"What is the capital of India?"}],"max_tokens":64}'
)",
                api_socket);
}

std::string python_snippet(const std::string& api_socket) {
  return filled(
      R"(# Asks the appliance one question with OpenAI's own package: pip install openai. Run it in this folder.
import ssl

import openai

try:
    import httpx2 as httpx  # what openai 3 sits on
except ImportError:
    import httpx

context = ssl.create_default_context(cafile="ca.crt")
context.load_cert_chain("client.crt", "client.key")
transport = httpx.HTTPTransport(uds="@SOCKET@", verify=context)
client = openai.OpenAI(base_url="https://localhost/v1", api_key="none", http_client=httpx.Client(transport=transport))
answer = client.chat.completions.create(
    model="", max_tokens=64, messages=[{"role": "user", "content": "What is the capital of India?"}])
print(answer.choices[0].message.content)
)",
      api_socket);
}

std::string cpp_snippet(const std::string& api_socket) {
  return filled(
      R"(// Asks the appliance one question with libcurl: g++ -std=c++17 ask.cpp -lcurl && ./a.out. Run it in this folder.
#include <cstdio>
#include <curl/curl.h>

int main() {
  CURL* call = curl_easy_init();
  if (call == nullptr) return 1;
  curl_slist* headers = curl_slist_append(nullptr, "content-type: application/json");
  curl_easy_setopt(call, CURLOPT_UNIX_SOCKET_PATH, "@SOCKET@");
  curl_easy_setopt(call, CURLOPT_URL, "https://localhost/v1/chat/completions");
  curl_easy_setopt(call, CURLOPT_CAINFO, "ca.crt");
  curl_easy_setopt(call, CURLOPT_SSLCERT, "client.crt");
  curl_easy_setopt(call, CURLOPT_SSLKEY, "client.key");
  curl_easy_setopt(call, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(call, CURLOPT_POSTFIELDS,
                   "{\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of India?\"}],\"max_tokens\":64}");
  const CURLcode done = curl_easy_perform(call);  // prints the answer
  if (done != CURLE_OK) std::fprintf(stderr, "%s\n", curl_easy_strerror(done));
  curl_slist_free_all(headers);
  curl_easy_cleanup(call);
  return done == CURLE_OK ? 0 : 1;
}
)",
      api_socket);
}

Result<ApplicationFolder> make_application(const ApplicationOrder& order, const Secret& passphrase) {
  TRY(check_client_name(order.name));
  if (order.roles.empty()) return fail(ErrorCode::invalid_argument, "roles: choose at least one");
  for (const std::string& role : order.roles)
    if (!role_from_name(role)) return fail(ErrorCode::invalid_argument, "roles: \"" + role + "\" is unknown");
  if (order.days < 1 || order.days > max_days)
    return fail(ErrorCode::invalid_argument, "days: choose between 1 and " + std::to_string(max_days));
  std::error_code error;
  if (std::filesystem::exists(order.out, error) && !std::filesystem::is_empty(order.out, error))
    return fail(ErrorCode::already_exists, order.out.string() + ": holds something already; choose another folder");

  TRY_ASSIGN(AuthorityFolder authority, AuthorityFolder::open(order.authority, AuthorityAccess::change));
  if (order.kind != IssueKind::renewal && authority.live(order.name, CertificateKind::client) != nullptr)
    return fail(ErrorCode::already_exists, "\"" + order.name + "\" has a valid certificate of this authority already");
  auto key = CertificateKey::generate();
  if (!order.request.empty()) {
    TRY_ASSIGN(const std::string pem, read_file(order.request, max_pem_bytes));
    auto requested = read_certificate_request(pem);
    if (!requested) return fail(requested.error().in(order.request.string()));
    key = *std::move(requested);
  }
  TRY(authority.unlock(passphrase));
  TRY(make_directories(order.out, 0700));

  CertificateOrder wanted;
  wanted.kind = CertificateKind::client;
  wanted.name = order.name;
  wanted.role_names = order.roles;
  wanted.not_after_us = wall_clock_us() + order.days * day_us;
  TRY_ASSIGN(const Certificate certificate, authority.issue(key, std::move(wanted)));

  ApplicationFolder made;
  made.folder = order.out;
  made.certificate_pem = certificate.to_pem();
  made.sha256 = certificate.info().sha256;
  made.not_after_us = certificate.info().not_after_us;
  const auto write = [&](const char* name, ByteView bytes, mode_t mode) -> Status {
    TRY(write_file_atomic(order.out / name, bytes, mode));
    made.files.emplace_back(name);
    return {};
  };
  TRY(write("client.crt", as_bytes(made.certificate_pem), 0600));
  if (order.request.empty()) TRY(write("client.key", key.to_pem().bytes(), 0600));
  TRY(write("ca.crt", as_bytes(authority.certificate().to_pem()), 0600));
  TRY(write("ask.sh", as_bytes(curl_snippet(order.api_socket)), 0700));
  TRY(write("ask.py", as_bytes(python_snippet(order.api_socket)), 0600));
  TRY(write("ask.cpp", as_bytes(cpp_snippet(order.api_socket)), 0600));
  return made;
}

}  // namespace tijori

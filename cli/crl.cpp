// tijori crl FILE: brings a revocation list of tijori-ca to the appliance.
#include <memory>

#include <CLI/CLI.hpp>

#include "base/certificate.h"
#include "base/file.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "protocol/admin_types.h"
#include "protocol/client/api_client.h"

namespace tijori {

namespace {

Answer<Exit> upload(const Context& context, const std::string& file) {
  UploadCrl body;
  TRY_ASSIGN(body.crl, read_file(file, max_crl_bytes));
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const CrlReply reply, post<CrlReply>(client, "/admin/v1/crl", body));
  print("revocation list " + std::to_string(reply.number) + " is in force: " + std::to_string(reply.revoked) +
        " certificates revoked; the next is due by " + human_time(reply.next_update_us) + "\n");
  return Exit::done;
}

}  // namespace

void add_crl(CLI::App& program, Context& context) {
  CLI::App* verb = program.add_subcommand("crl", "Put a revocation list of tijori-ca into force, at once");
  const auto file = std::make_shared<std::string>();
  verb->add_option("FILE", *file, "crl.pem of the authority's folder")->required();
  verb->callback([&context, file] { context.verb = [&context, file] { return upload(context, *file); }; });
}

}  // namespace tijori

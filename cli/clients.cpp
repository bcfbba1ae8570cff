// tijori clients: the register of who may ask.
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

constexpr std::string_view clients_path = "/admin/v1/clients";

std::string names_of(RoleSet roles) {
  std::string names;
  for (const Role role : all_roles)
    if (roles.has(role)) names.append(names.empty() ? "" : ",").append(name_of(role));
  return names.empty() ? "-" : names;
}

size_t live_certificates(const ClientInfo& client) {
  size_t live = 0;
  for (const CertificateEntry& each : client.certificates) live += each.revoked ? 0 : 1;
  return live;
}

Answer<Exit> list_clients(const Context& context, OutputForm form) {
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ClientList list, get<ClientList>(client, std::string(clients_path)));
  if (form == OutputForm::json) {
    print(to_json(list) + "\n");
    return Exit::done;
  }
  Table table({"NAME", "STATE", "ROLES", "CERTIFICATES", "RUNNING", "TOKENS TODAY", "TOKENS/DAY", "LAST SEEN", "ID"});
  for (const ClientInfo& each : list.clients)
    table.add({printable(each.name), each.revoked ? "revoked" : "valid", names_of(each.roles),
               std::to_string(live_certificates(each)), std::to_string(each.running), std::to_string(each.tokens_today),
               each.quota_tokens_per_day == 0 ? "no limit" : std::to_string(each.quota_tokens_per_day),
               human_time(each.last_seen_us.value_or(0)), each.id});
  table.print();
  return Exit::done;
}

void print_client(const ClientInfo& client) {
  print(printable(client.name) + ": " + (client.revoked ? "revoked" : "valid") + ", roles " + names_of(client.roles) +
        ", id " + client.id + "\n");
  for (const CertificateEntry& each : client.certificates)
    print("  certificate " + each.sha256 + " until " + human_time(each.not_after_us) +
          (each.revoked ? ", revoked\n" : "\n"));
}

struct AddArguments {
  std::string file;
  std::vector<std::string> roles;
  int64_t quota_tokens_per_day = 0;
};

Answer<Exit> add_client(const Context& context, const AddArguments& arguments) {
  AddClient body;
  TRY_ASSIGN(body.certificate, read_file(arguments.file, max_pem_bytes));
  if (arguments.quota_tokens_per_day > 0) body.quota_tokens_per_day = arguments.quota_tokens_per_day;
  if (!arguments.roles.empty()) body.roles.emplace();
  for (const std::string& name : arguments.roles) {
    const auto role = role_from_name(name);
    if (!role) return fail(ErrorCode::invalid_argument, "--role " + name + ": there is no such role");
    body.roles->add(*role);
  }
  TRY_ASSIGN(HttpClient client, context.admin());
  TRY_ASSIGN(const ClientInfo added, post<ClientInfo>(client, std::string(clients_path), body));
  print_client(added);
  return Exit::done;
}

Answer<Exit> renew_client(const Context& context, const std::string& file) {
  AddCertificate body;
  TRY_ASSIGN(body.certificate, read_file(file, max_pem_bytes));
  TRY_ASSIGN(const Certificate certificate, Certificate::from_pem(body.certificate));
  TRY_ASSIGN(HttpClient client, context.admin());
  const std::string target =
      std::string(clients_path) + "/" + percent_encode(certificate.info().client_name) + "/certificates";
  TRY_ASSIGN(const ClientInfo changed, post<ClientInfo>(client, target, body));
  print_client(changed);
  return Exit::done;
}

struct RevokeArguments {
  std::string name;
  std::string reason;
  std::string certificate_sha256;
};

Answer<Exit> revoke_client(const Context& context, const RevokeArguments& arguments) {
  RevokeClient body{arguments.reason, std::nullopt};
  if (!arguments.certificate_sha256.empty()) body.certificate_sha256 = arguments.certificate_sha256;
  TRY_ASSIGN(HttpClient client, context.admin());
  const std::string target = std::string(clients_path) + "/" + percent_encode(arguments.name) + "/revoke";
  TRY_ASSIGN(const ClientInfo changed, post<ClientInfo>(client, target, body));
  print_client(changed);
  return Exit::done;
}

void add_adding(CLI::App& clients, Context& context) {
  CLI::App* verb = clients.add_subcommand("add", "Take a client into the register, by its certificate");
  const auto arguments = std::make_shared<AddArguments>();
  verb->add_option("CERT", arguments->file, "PEM file; its name and roles count")->required();
  verb->add_option("--role", arguments->roles, "Grant this role only, of those in the certificate; repeatable")
      ->allow_extra_args(false);
  verb->add_option("--tokens-per-day", arguments->quota_tokens_per_day, "Quota; else no limit")
      ->check(CLI::PositiveNumber);
  verb->callback(
      [&context, arguments] { context.verb = [&context, arguments] { return add_client(context, *arguments); }; });
}

void add_renewing(CLI::App& clients, Context& context) {
  CLI::App* verb = clients.add_subcommand("renew", "Accept a further certificate of a client in the register");
  const auto file = std::make_shared<std::string>();
  verb->add_option("CERT", *file, "PEM file")->required();
  verb->callback([&context, file] { context.verb = [&context, file] { return renew_client(context, *file); }; });
}

void add_revoking(CLI::App& clients, Context& context) {
  CLI::App* verb = clients.add_subcommand("revoke", "Shut a client out at once, open answers included");
  const auto arguments = std::make_shared<RevokeArguments>();
  verb->add_option("NAME", arguments->name, "The client")->required();
  verb->add_option("--reason", arguments->reason, "For people; no personal data");
  verb->add_option("--certificate", arguments->certificate_sha256, "Only this certificate, by its SHA-256")
      ->type_name("HEX");
  verb->callback(
      [&context, arguments] { context.verb = [&context, arguments] { return revoke_client(context, *arguments); }; });
}

}  // namespace

void add_clients(CLI::App& program, Context& context) {
  CLI::App* clients = program.add_subcommand("clients", "List, add, renew and revoke clients");
  clients->require_subcommand(0, 1);
  const auto json = std::make_shared<bool>(false);
  const auto list = [&context, json] {
    context.verb = [&context, json] { return list_clients(context, *json ? OutputForm::json : OutputForm::people); };
  };
  clients->add_flag("--json", *json, "As JSON");
  clients->callback([clients, list] {
    if (clients->get_subcommands().empty()) list();
  });
  CLI::App* verb = clients->add_subcommand("list", "Who is in the register");
  verb->add_flag("--json", *json, "As JSON");
  verb->callback(list);
  add_adding(*clients, context);
  add_renewing(*clients, context);
  add_revoking(*clients, context);
}

}  // namespace tijori

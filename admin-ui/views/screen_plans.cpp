// Which screens there are. A screen is added here and nowhere else.
#include <QCoreApplication>

#include "admin-ui/views/audit_screen.h"
#include "admin-ui/views/clients_screen.h"
#include "admin-ui/views/guardrails_screen.h"
#include "admin-ui/views/main_window.h"
#include "admin-ui/views/models_screen.h"
#include "admin-ui/views/overview_screen.h"
#include "admin-ui/views/settings_screen.h"

namespace tijori {
namespace {

struct ScreenPlans {
  Q_DECLARE_TR_FUNCTIONS(tijori::ScreenPlans)
};

}  // namespace

std::vector<ScreenPlan> screen_plans() {
  return {
      {QStringLiteral("overview"), QStringLiteral("speedometer2"), ScreenPlans::tr("Overview"), "GET",
       "/admin/v1/status", "operator", [](Session& session) -> Screen* { return new OverviewScreen(session); }},
      {QStringLiteral("models"), QStringLiteral("cpu"), ScreenPlans::tr("Models"), "GET", "/admin/v1/models",
       "operator", [](Session& session) -> Screen* { return new ModelsScreen(session); }},
      {QStringLiteral("audit"), QStringLiteral("journal-check"), ScreenPlans::tr("Audit"), "GET",
       "/admin/v1/audit/records", "auditor", [](Session& session) -> Screen* { return new AuditScreen(session); }},
      {QStringLiteral("guardrails"), QStringLiteral("shield-check"), ScreenPlans::tr("Guardrails"), "GET",
       "/admin/v1/guardrails", "guardrail-editor",
       [](Session& session) -> Screen* { return new GuardrailsScreen(session); }},
      {QStringLiteral("clients"), QStringLiteral("people"), ScreenPlans::tr("Clients"), "GET", "/admin/v1/clients",
       "operator", [](Session& session) -> Screen* { return new ClientsScreen(session); }},
      {QStringLiteral("settings"), QStringLiteral("gear"), ScreenPlans::tr("Settings"), "GET", "/admin/v1/status",
       "operator", [](Session& session) -> Screen* { return new SettingsScreen(session); }},
  };
}

}  // namespace tijori

// Which screens there are. A screen is added here and nowhere else.
#include <QCoreApplication>

#include "admin-ui/views/audit_screen.h"
#include "admin-ui/views/clients_screen.h"
#include "admin-ui/views/guardrails_screen.h"
#include "admin-ui/views/main_window.h"
#include "admin-ui/views/overview_screen.h"
#include "admin-ui/views/settings_screen.h"

namespace tijori {

std::vector<ScreenPlan> screen_plans() {
  const auto tr = [](const char* text) { return QCoreApplication::translate("screens", text); };
  return {
      {QStringLiteral("overview"), QStringLiteral("speedometer2"), tr(QT_TRANSLATE_NOOP("screens", "Overview")), "GET",
       "/admin/v1/status", "operator", [](Session& session) -> Screen* { return new OverviewScreen(session); }},
      {QStringLiteral("audit"), QStringLiteral("journal-check"), tr(QT_TRANSLATE_NOOP("screens", "Audit")), "GET",
       "/admin/v1/audit/records", "auditor", [](Session& session) -> Screen* { return new AuditScreen(session); }},
      {QStringLiteral("guardrails"), QStringLiteral("shield-check"), tr(QT_TRANSLATE_NOOP("screens", "Guardrails")),
       "GET", "/admin/v1/guardrails", "guardrail-editor",
       [](Session& session) -> Screen* { return new GuardrailsScreen(session); }},
      {QStringLiteral("clients"), QStringLiteral("people"), tr(QT_TRANSLATE_NOOP("screens", "Clients")), "GET",
       "/admin/v1/clients", "operator", [](Session& session) -> Screen* { return new ClientsScreen(session); }},
      {QStringLiteral("settings"), QStringLiteral("gear"), tr(QT_TRANSLATE_NOOP("screens", "Settings")), "GET",
       "/admin/v1/status", "operator", [](Session& session) -> Screen* { return new SettingsScreen(session); }},
  };
}

}  // namespace tijori

#include "admin-ui/views/about_section.h"

namespace tijori {

AboutSection::AboutSection(Session& session)
    : SettingsSection(QStringLiteral("about"), tr("About and licences"), tr("Tijori: Llama 4 inside your own walls")),
      session_(session),
      appliance_(nullptr) {
  auto* console = add_row(tr("This console"), tr("Made with Qt %1.").arg(QLatin1String(qVersion())), nullptr,
                          QStringLiteral("version tijori-console"));
  console->set_value(QStringLiteral("tijori-console %1").arg(QLatin1String(TIJORI_VERSION)));
  appliance_ = add_row(tr("The appliance"), tr("The daemon that answers."), nullptr, QStringLiteral("version tijorid"));
  auto* duties = add_row(tr("Data protection"),
                         tr("Supports duties under India’s Digital Personal Data Protection Act: a tamper-evident "
                            "record of each request, purposes, guardrails for personal data. Whether they are met is "
                            "for the organisation that runs it to say."),
                         nullptr, QStringLiteral("DPDP privacy डीपीडीपी"));
  duties->set_value(tr("supports DPDP duties"));
  const auto licence = [this](const QString& part, const QString& sentence, const QString& name) {
    SettingRow* const row = add_row(part, sentence, nullptr, QStringLiteral("licence license लाइसेंस"));
    row->set_value(name);
  };
  licence(tr("Tijori"), tr("The text lies in /usr/share/doc/tijori-console."), QStringLiteral("Apache-2.0"));
  licence(QStringLiteral("Qt"), tr("Linked dynamically: it can be replaced by another build of the same version."),
          QStringLiteral("LGPL-3.0"));
  licence(QStringLiteral("Bootstrap Icons 1.10.3"), tr("The icons of the interface."), QStringLiteral("MIT"));
  licence(QStringLiteral("Inter, Noto Sans, JetBrains Mono"), tr("The fonts, where they are installed."),
          QStringLiteral("OFL-1.1"));
  connect(&session_, &Session::capabilities_changed, this, &AboutSection::show_versions);
  show_versions();
}

void AboutSection::show_versions() {
  constexpr int max_version_chars = 60;
  const auto& capabilities = session_.capabilities();
  appliance_->set_value(
      capabilities
          ? QStringLiteral("tijorid %1").arg(QString::fromStdString(capabilities->version).left(max_version_chars))
          : tr("not known"));
}

}  // namespace tijori

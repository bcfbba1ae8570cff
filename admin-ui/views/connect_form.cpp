#include "admin-ui/views/connect_form.h"

#include <QFileInfo>

#include "admin-ui/client/credentials.h"

namespace tijori {
namespace {

constexpr const char* local_socket = "/run/tijori/admin.sock";
constexpr const char* certificate_files = "(*.p12 *.pfx *.pem *.crt *.cer)";

}  // namespace

ConnectForm::ConnectForm(QWidget* parent)
    : QWidget(parent),
      column_(new QVBoxLayout(this)),
      name_(new QLineEdit),
      site_(new QLineEdit),
      way_(new Segment({tr("This machine"), tr("Through ssh")}, tr("How it is reached"))),
      ssh_(new QLineEdit),
      socket_(new PathEdit(PathEdit::Wanted::socket, tr("Admin socket"))),
      api_socket_(new PathEdit(PathEdit::Wanted::socket, tr("Socket of the applications, for try it"))),
      authority_(new PathEdit(
          PathEdit::Wanted::file, tr("The site's CA certificate"),
          tr("CA certificates") + QStringLiteral(" (*.crt *.pem);;") + tr("All files") + QStringLiteral(" (*)"))),
      certificate_(new PathEdit(PathEdit::Wanted::file, tr("Certificate (PKCS#12 or PEM)"),
                                tr("Certificates") + QLatin1Char(' ') + QLatin1String(certificate_files) +
                                    QStringLiteral(";;") + tr("All files") + QStringLiteral(" (*)"))),
      key_(new PathEdit(PathEdit::Wanted::file, tr("Its key (PEM)"),
                        tr("Keys") + QStringLiteral(" (*.key *.pem);;") + tr("All files") + QStringLiteral(" (*)"))),
      passphrase_(new PassphraseEdit),
      tunnel_note_(new TextLabel(Type::label, Colour::text2)),
      tunnel_(new CommandBox(CommandBox::Buttons::below)),
      wiped_(new TextLabel(tr("Wiped from memory as soon as the key is read."), Type::label, Colour::text2)),
      open_file_(new Notice(Tone::warn)) {
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(8);
  name_->setPlaceholderText(QStringLiteral("tijori-blr-01"));
  site_->setPlaceholderText(tr("Bengaluru DC"));
  ssh_->setPlaceholderText(QStringLiteral("anita@blr-admin"));
  whole_only_.push_back(add(tr("Name"), "connect.name", name_));
  whole_only_.push_back(add(tr("Site (may be empty)"), "connect.site", site_));
  whole_only_.push_back(add(tr("How it is reached"), "connect.way", way_));
  ssh_box_ = add(tr("Account and machine"), "connect.ssh", ssh_);
  whole_only_.push_back(add(tr("Admin socket"), "connect.socket", socket_));
  whole_only_.push_back(add(tr("Socket of the applications, for try it"), "connect.api-socket", api_socket_));
  tunnel_note_->set_paragraph(tr("Open the tunnel first, in a terminal that stays open:"));
  column_->addWidget(tunnel_note_);
  tunnel_->setObjectName(QStringLiteral("connect.tunnel"));
  column_->addWidget(tunnel_);
  whole_only_.push_back(add(tr("The site's CA certificate"), "connect.authority", authority_));
  add(tr("Certificate (PKCS#12 or PEM)"), "connect.certificate", certificate_);
  key_box_ = add(tr("Its key (PEM)"), "connect.key", key_);
  add(tr("Passphrase"), "connect.passphrase", passphrase_);
  auto* wiped = new QHBoxLayout;
  wiped->setSpacing(8);
  auto* shield = new QLabel;
  shield->setPixmap(icon_pixmap(QStringLiteral("shield-lock"), Colour::text2, *this));
  connect(&Theme::instance(), &Theme::changed, shield,
          [this, shield] { shield->setPixmap(icon_pixmap(QStringLiteral("shield-lock"), Colour::text2, *this)); });
  wiped->addWidget(shield);
  wiped->addWidget(wiped_, 1);
  column_->addLayout(wiped);
  open_file_->setObjectName(QStringLiteral("connect.open-file"));
  column_->addWidget(open_file_);

  for (QLineEdit* const field :
       {name_, site_, ssh_, static_cast<QLineEdit*>(socket_), static_cast<QLineEdit*>(api_socket_),
        static_cast<QLineEdit*>(authority_), static_cast<QLineEdit*>(certificate_), static_cast<QLineEdit*>(key_),
        static_cast<QLineEdit*>(passphrase_)})
    connect(field, &QLineEdit::returnPressed, this, &ConnectForm::submitted);
  connect(way_, &Segment::chosen_changed, this, &ConnectForm::take_way);
  for (QLineEdit* const field : {name_, ssh_, static_cast<QLineEdit*>(socket_), static_cast<QLineEdit*>(api_socket_)})
    connect(field, &QLineEdit::textChanged, this, &ConnectForm::refill);
  connect(key_, &QLineEdit::textChanged, this, &ConnectForm::look_at_files);
  connect(certificate_, &QLineEdit::textChanged, this, [this] {
    propose_key();
    look_at_files();
  });
  show_appliance({}, Extent::whole);
}

QWidget* ConnectForm::add(const QString& label, const char* name, QWidget* field) {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(3);
  auto* words = new TextLabel(label, Type::label, Colour::text2);
  words->setBuddy(field);
  field->setAccessibleName(label);
  field->setObjectName(QLatin1String(name));
  column->addWidget(words);
  column->addWidget(field);
  column_->addWidget(box);
  return box;
}

void ConnectForm::show_appliance(const Appliance& appliance, Extent extent) {
  base_ = appliance;
  extent_ = extent;
  const QSignalBlocker quiet(way_);
  name_->setText(appliance.name);
  site_->setText(appliance.site);
  way_->choose(appliance.ssh.isEmpty() ? 0 : 1);
  ssh_->setText(appliance.ssh);
  socket_->setText(appliance.admin_socket.isEmpty() ? QLatin1String(local_socket) : appliance.admin_socket);
  api_socket_->setText(appliance.api_socket);
  authority_->setText(appliance.authority);
  certificate_->setText(appliance.certificate);
  key_->setText(appliance.key);
  passphrase_->forget();
  for (QWidget* const box : whole_only_) box->setVisible(extent == Extent::whole);
  refill();
  look_at_files();
}

Appliance ConnectForm::appliance() const {
  Appliance made = base_;
  made.name = name_->text().trimmed();
  made.site = site_->text().trimmed();
  made.ssh = way_->chosen() == 1 ? ssh_->text().trimmed() : QString();
  made.admin_socket = socket_->path();
  made.api_socket = api_socket_->path();
  made.authority = authority_->path();
  made.certificate = certificate_->path();
  made.key = key_box_->isHidden() ? QString() : key_->path();
  return made;
}

void ConnectForm::focus_first() {
  if (extent_ == Extent::whole && name_->text().isEmpty()) return name_->setFocus();
  if (certificate_->text().isEmpty()) return certificate_->setFocus();
  passphrase_->setFocus();
}

void ConnectForm::take_way(int way) {
  const QString local = QLatin1String(local_socket);
  if (way == 1 && socket_->text() == local) socket_->setText(forwarded_socket(name_->text()));
  if (way == 0 && socket_->text() == forwarded_socket(name_->text())) socket_->setText(local);
  refill();
}

void ConnectForm::refill() {
  const bool by_ssh = way_->chosen() == 1;
  const bool whole = extent_ == Extent::whole;
  ssh_box_->setVisible(whole && by_ssh);
  const bool tunnel_is_missing = by_ssh && !QFileInfo::exists(socket_->path());
  tunnel_note_->setVisible(by_ssh && (whole || tunnel_is_missing));
  tunnel_->setVisible(by_ssh && (whole || tunnel_is_missing));
  const Appliance shown = appliance();
  if (by_ssh) tunnel_->set_command(ssh_command(shown));
  Appliance derived = shown;
  derived.api_socket.clear();
  api_socket_->setPlaceholderText(api_socket_of(derived));
}

// The one beside the certificate, as tijori-ca writes them; what was chosen before stays.
void ConnectForm::propose_key() {
  if (!key_->text().isEmpty() || look_at(certificate_->path().toStdString()).form != CertificateForm::pem_alone) return;
  const QFileInfo file(certificate_->path());
  const QString beside = file.path() + QLatin1Char('/') + file.completeBaseName() + QStringLiteral(".key");
  if (QFileInfo::exists(beside)) key_->setText(beside);
}

void ConnectForm::look_at_files() {
  const CertificateFileView view = look_at(certificate_->path().toStdString());
  const bool key_is_elsewhere = view.form == CertificateForm::pem_alone || view.form == CertificateForm::unknown;
  // Without a certificate chosen yet, a key is not asked for unless all of the form is there.
  key_box_->setVisible(view.form == CertificateForm::pem_alone || (key_is_elsewhere && extent_ == Extent::whole));
  const bool key_encrypted =
      view.form == CertificateForm::pem_alone ? is_key_encrypted(key_->path().toStdString()) : view.key_encrypted;
  const bool known =
      view.form != CertificateForm::unknown && (view.form != CertificateForm::pem_alone || !key_->text().isEmpty());
  passphrase_->setPlaceholderText(known && !key_encrypted ? tr("none: the key is not encrypted") : QString());
  const QString secret_file = view.form == CertificateForm::pem_alone ? key_->path() : certificate_->path();
  const bool open = view.form != CertificateForm::unknown && is_open_to_others(secret_file.toStdString());
  open_file_->setVisible(open);
  if (open)
    open_file_->say(tr("Others on this machine can read %1.").arg(QFileInfo(secret_file).fileName()),
                    tr("It holds your key. Close it to them with this command."),
                    QStringLiteral("chmod 600 %1").arg(shell_word(secret_file)));
}

}  // namespace tijori

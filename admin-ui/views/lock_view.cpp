#include "admin-ui/views/lock_view.h"

#include <QVBoxLayout>

#include "protocol/client/tls_connection.h"

namespace tijori {
namespace {

Secret take_passphrase(QLineEdit& field) {
  const QByteArray text = field.text().toUtf8();
  field.clear();
  Bytes bytes(text.begin(), text.end());
  return Secret(std::move(bytes));
}

}  // namespace

LockView::LockView(QWidget* parent)
    : QWidget(parent),
      title_(new TextLabel(Type::page_title)),
      passphrase_(new QLineEdit),
      failure_(new TextLabel(Type::label, Colour::danger)) {
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addStretch(2);
  auto* picture = new QLabel;
  picture->setPixmap(icon_pixmap(QStringLiteral("lock"), Colour::text2, *this, 32));
  column->addWidget(picture, 0, Qt::AlignHCenter);
  column->addWidget(title_, 0, Qt::AlignHCenter);
  auto* note = new TextLabel(tr("Give the passphrase of your certificate to go on."), Type::body, Colour::text2);
  column->addWidget(note, 0, Qt::AlignHCenter);
  setObjectName(QStringLiteral("lock"));
  passphrase_->setObjectName(QStringLiteral("lock.passphrase"));
  failure_->setObjectName(QStringLiteral("lock.failure"));
  passphrase_->setEchoMode(QLineEdit::Password);
  passphrase_->setFixedWidth(320);
  passphrase_->setAccessibleName(tr("Passphrase"));
  passphrase_->setPlaceholderText(tr("Passphrase"));
  column->addWidget(passphrase_, 0, Qt::AlignHCenter);
  failure_->setAlignment(Qt::AlignHCenter);
  column->addWidget(failure_, 0, Qt::AlignHCenter);
  auto* unlock = new Button(tr("Unlock"), ButtonKind::primary, QStringLiteral("unlock"));
  unlock->setObjectName(QStringLiteral("lock.unlock"));
  auto* leave = new Button(tr("Other appliance"), ButtonKind::quiet);
  leave->setObjectName(QStringLiteral("lock.leave"));
  column->addWidget(unlock, 0, Qt::AlignHCenter);
  column->addWidget(leave, 0, Qt::AlignHCenter);
  column->addStretch(3);
  connect(unlock, &Button::clicked, this, &LockView::try_unlock);
  connect(passphrase_, &QLineEdit::returnPressed, this, &LockView::try_unlock);
  connect(leave, &Button::clicked, this, &LockView::left);
}

void LockView::open(const Appliance& appliance) {
  appliance_ = appliance;
  title_->setText(tr("%1 is locked").arg(appliance.name));
  failure_->setText({});
  passphrase_->clear();
  passphrase_->setFocus();
}

void LockView::try_unlock() {
  const Secret passphrase = take_passphrase(*passphrase_);
  const auto context =
      TlsClientContext::create({appliance_.authority.toStdString(), appliance_.certificate.toStdString(),
                                appliance_.key.toStdString(), passphrase.bytes().empty() ? nullptr : &passphrase});
  if (!context) {
    failure_->setText(tr("That is not the passphrase of this certificate."));
    return;
  }
  emit unlocked();
}

}  // namespace tijori

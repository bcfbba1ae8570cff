#include "admin-ui/views/lock_view.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "admin-ui/client/background.h"
#include "admin-ui/client/connect_failure.h"
#include "base/clock.h"

namespace tijori {
namespace {

constexpr int column_px = 360;
constexpr int picture_px = 32;

}  // namespace

LockView::LockView(QWidget* parent)
    : QWidget(parent),
      picture_(new QLabel),
      title_(new TextLabel(Type::page_title)),
      note_(new TextLabel(Type::body, Colour::text2)),
      passphrase_(new PassphraseEdit),
      unlock_(new Button(tr("Unlock"), ButtonKind::primary, QStringLiteral("unlock"))),
      failure_(new Notice(Tone::danger)) {
  setObjectName(QStringLiteral("lock"));
  auto* outer = new QVBoxLayout(this);
  outer->addStretch(2);
  auto* middle = new QWidget;
  middle->setFixedWidth(column_px);
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  picture_->setAlignment(Qt::AlignHCenter);
  column->addWidget(picture_);
  title_->setAlignment(Qt::AlignHCenter);
  title_->set_elide(Qt::ElideMiddle);
  column->addWidget(title_);
  note_->setAlignment(Qt::AlignHCenter);
  column->addWidget(note_);
  passphrase_->setObjectName(QStringLiteral("lock.passphrase"));
  passphrase_->setAccessibleName(tr("Passphrase"));
  passphrase_->setPlaceholderText(tr("Passphrase"));
  column->addWidget(passphrase_);
  unlock_->setObjectName(QStringLiteral("lock.unlock"));
  column->addWidget(unlock_);
  auto* leave = new Button(tr("Other appliance"), ButtonKind::quiet);
  leave->setObjectName(QStringLiteral("lock.leave"));
  column->addWidget(leave);
  failure_->setObjectName(QStringLiteral("lock.notice"));
  failure_->title()->setObjectName(QStringLiteral("lock.failure"));
  column->addWidget(failure_);
  auto* row = new QHBoxLayout;
  row->addStretch();
  row->addWidget(middle);
  row->addStretch();
  outer->addLayout(row);
  outer->addStretch(3);
  connect(unlock_, &Button::clicked, this, &LockView::try_unlock);
  connect(passphrase_, &QLineEdit::returnPressed, this, &LockView::try_unlock);
  connect(leave, &Button::clicked, this, &LockView::left);
  connect(&timer_, &QTimer::timeout, this, &LockView::tick);
  connect(&Theme::instance(), &Theme::changed, this, &LockView::restyle);
  restyle();
}

void LockView::open(const Session& session) {
  appliance_ = session.appliance();
  sha256_ = session.credentials().certificate.sha256;
  passphrase_kind_ = session.credentials().passphrase;
  const bool asked = passphrase_kind_ == Passphrase::used;
  title_->setText(tr("%1 is locked").arg(appliance_.name));
  note_->set_paragraph(asked
                           ? tr("Give the passphrase of your certificate to go on.")
                           : tr("Your key has no passphrase: this only hides the window. What protects it is the lock "
                                "of your desktop."));
  passphrase_->forget();
  passphrase_->setVisible(asked);
  failure_->hide();
  tick();
  if (asked) {
    passphrase_->setFocus();
  } else {
    unlock_->setFocus();
  }
}

void LockView::try_unlock() {
  if (trying_ || guard_.wait_us(boot_clock_us()) > 0) return;
  auto passphrase = std::make_shared<Secret>(passphrase_->take());
  if (passphrase_kind_ == Passphrase::used && passphrase->bytes().empty()) return passphrase_->setFocus();
  trying_ = true;
  failure_->hide();
  unlock_->set_pending(tr("Reading the key"));
  in_background<std::expected<Credentials, ConnectFailure>>(
      this, [files = files_of(appliance_), passphrase] { return load_credentials(files, *passphrase); },
      [this](std::expected<Credentials, ConnectFailure>& credentials) { take(credentials); });
}

void LockView::take(std::expected<Credentials, ConnectFailure>& credentials) {
  trying_ = false;
  unlock_->end_pending();
  // A certificate that has ended meanwhile was opened all the same: the appliance judges it.
  const bool opened = credentials ? credentials->certificate.sha256 == sha256_
                                  : credentials.error().fault == ConnectFault::certificate_expired;
  if (opened) {
    guard_.succeeded();
    timer_.stop();
    return emit unlocked();
  }
  if (credentials) {
    failure_->say(tr("The file holds another certificate now."), tr("Choose Other appliance and connect anew."));
  } else if (credentials.error().fault == ConnectFault::passphrase_wrong) {
    guard_.failed(boot_clock_us());
    failure_->say(tr("That is not the passphrase of this certificate."));
  } else {
    const FailureText text = words_of(credentials.error());
    failure_->say(text.title, text.advice, text.command);
  }
  tick();
  passphrase_->setFocus();
}

void LockView::tick() {
  const int64_t wait_us = guard_.wait_us(boot_clock_us());
  passphrase_->setEnabled(wait_us == 0);
  unlock_->setEnabled(wait_us == 0);
  if (wait_us == 0) {
    if (timer_.isActive()) failure_->hide();
    timer_.stop();
    return;
  }
  if (!timer_.isActive()) timer_.start(1'000);
  failure_->say(tr("That is not the passphrase of this certificate."),
                tr("Wrong %n time(s): wait %1 s before the next try.", nullptr, guard_.failures())
                    .arg((wait_us + 999'999) / 1'000'000));
}

void LockView::restyle() {
  picture_->setPixmap(icon_pixmap(QStringLiteral("lock"), Colour::text2, *this, picture_px));
}

}  // namespace tijori

#include "admin-ui/views/verdict_band.h"

#include <QAccessible>
#include <QHBoxLayout>

#include "admin-ui/views/parts/panel.h"

namespace tijori {
namespace {

constexpr int icon_px = 20;
constexpr int bar_steps = 1'000;
constexpr size_t most_notices = 3;

}  // namespace

VerdictBand::VerdictBand(QWidget* parent)
    : QWidget(parent),
      notices_(new QVBoxLayout),
      picture_(new QLabel),
      title_(new TextLabel(Type::body_strong)),
      when_(new TextLabel(Type::label, Colour::text2)),
      pace_(new TextLabel(Type::body_strong)),
      note_(new TextLabel(Type::label, Colour::text2)),
      badge_(new Badge),
      bar_(new QProgressBar),
      verify_(new Button(tr("Verify"), ButtonKind::standard, QStringLiteral("shield-check"))) {
  title_->setObjectName(QStringLiteral("audit.verdict_line"));
  when_->setObjectName(QStringLiteral("audit.verdict_when"));
  note_->setObjectName(QStringLiteral("audit.verdict_note"));
  badge_->setObjectName(QStringLiteral("audit.verdict"));
  pace_->setObjectName(QStringLiteral("audit.verify_pace"));
  bar_->setObjectName(QStringLiteral("audit.verify_bar"));
  verify_->setObjectName(QStringLiteral("audit.verify"));
  bar_->setAccessibleName(tr("Records verified"));
  bar_->setRange(0, bar_steps);
  bar_->setTextVisible(false);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metric::gap);
  notices_->setSpacing(8);
  column->addLayout(notices_);
  auto* panel = new Panel;
  auto* row = new QHBoxLayout;
  row->setContentsMargins(14, 10, 12, 10);
  row->setSpacing(12);
  picture_->setFixedSize(icon_px, icon_px);
  row->addWidget(picture_);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  auto* first = new QHBoxLayout;
  first->setSpacing(8);
  title_->set_elide(Qt::ElideRight);
  when_->set_elide(Qt::ElideRight);
  first->addWidget(title_);
  first->addWidget(when_, 1);
  first->addWidget(pace_);
  words->addLayout(first);
  words->addWidget(bar_);
  words->addWidget(note_);
  row->addLayout(words, 1);
  row->addWidget(badge_);
  row->addWidget(verify_);
  panel->body()->addLayout(row);
  column->addWidget(panel);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  bar_->hide();
  connect(&Theme::instance(), &Theme::changed, this, &VerdictBand::paint_icon);
}

void VerdictBand::show_words(const VerdictWords& words) {
  if (words == words_) return;
  words_ = words;
  title_->setText(words.title);
  title_->set_role(words.tone == Tone::danger ? Colour::danger : Colour::text);
  when_->setText(words.when);
  pace_->setText(words.pace);
  pace_->setVisible(!words.pace.isEmpty());
  note_->set_paragraph(words.note);
  badge_->set({words.tone, words.icon, words.state});
  bar_->setVisible(words.share.has_value());
  if (words.share) {
    bar_->setValue(static_cast<int>(*words.share * bar_steps));
    // Screen readers are told every tenth.
    const int tenth = static_cast<int>(*words.share * 10);
    if (tenth != announced_tenth_) {
      announced_tenth_ = tenth;
      bar_->setAccessibleDescription(words.when);
      QAccessibleValueChangeEvent event(bar_, bar_->value());
      QAccessible::updateAccessibility(&event);
    }
  } else {
    announced_tenth_ = -1;
  }
  setAccessibleName(words.title);
  setAccessibleDescription(words.note);
  paint_icon();
}

void VerdictBand::show_breaches(const std::vector<Breach>& breaches) {
  if (breaches == breaches_) return;
  breaches_ = breaches;
  while (QLayoutItem* const item = notices_->takeAt(0)) {
    if (item->widget() != nullptr) {
      item->widget()->hide();
      item->widget()->deleteLater();
    }
    delete item;
  }
  for (size_t i = 0; i < breaches.size() && i < most_notices; ++i) {
    const Breach& breach = breaches.at(i);
    auto* notice = new Notice(Tone::danger);
    notice->setObjectName(QStringLiteral("audit.breach"));
    if (!breach.note.empty()) {
      auto* save = new Button(tr("Save the kept checkpoint…"), ButtonKind::standard, QStringLiteral("download"),
                              ButtonSize::compact);
      save->setObjectName(QStringLiteral("audit.save_checkpoint"));
      connect(save, &Button::clicked, this,
              [this, note = QByteArray::fromStdString(breach.note)] { emit checkpoint_wanted(note); });
      notice->add_button(save);
    }
    notices_->addWidget(notice);
    notice->say(breach.title, breach.interval + QLatin1Char('\n') + breach.advice, breach.command);
  }
  if (breaches.size() > most_notices) {
    auto* more = new TextLabel(
        tr("%n more alarm(s) of this console are older.", nullptr, static_cast<int>(breaches.size() - most_notices)),
        Type::label, Colour::danger);
    notices_->addWidget(more);
  }
}

void VerdictBand::paint_icon() {
  if (words_.icon.isEmpty()) return;
  picture_->setPixmap(icon_pixmap(words_.icon, ink_of(words_.tone), *this, icon_px));
}

}  // namespace tijori

#include "admin-ui/views/expiry_panel.h"

#include "admin-ui/models/numbers.h"

namespace tijori {

ExpiryPanel::ExpiryPanel(QWidget* parent) : Panel(tr("Certificates"), {}, parent) {
  setObjectName(QStringLiteral("overview.certificates"));
}

QVBoxLayout* ExpiryPanel::fresh_rows() {
  delete rows_;
  rows_ = new QWidget;
  auto* column = new QVBoxLayout(rows_);
  column->setContentsMargins(16, 10, 16, 12);
  column->setSpacing(4);
  body()->addWidget(rows_);
  return column;
}

void ExpiryPanel::show_expiries(const std::vector<Expiry>& expiries, int64_t now_us) {
  QVBoxLayout* column = fresh_rows();
  if (expiries.empty()) column->addWidget(new TextLabel(tr("No certificate is valid."), Type::body, Colour::text2));
  for (const Expiry& each : expiries) {
    const bool over = each.not_after_us <= now_us;
    const bool soon = each.not_after_us - now_us < expiry_soon_us;
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    auto* picture = new QLabel;
    picture->setFixedWidth(metric::icon);
    picture->setPixmap(over   ? icon_pixmap(QStringLiteral("x-octagon-fill"), Colour::danger, *this)
                       : soon ? icon_pixmap(QStringLiteral("exclamation-triangle-fill"), Colour::warn, *this)
                              : icon_pixmap(QStringLiteral("check-circle"), Colour::ok, *this));
    row->addWidget(picture);
    auto* name = new TextLabel(each.client, soon ? Type::body_strong : Type::body);
    name->set_elide(Qt::ElideRight);
    row->addWidget(name, 1);
    row->addWidget(new TextLabel(ist_date(each.not_after_us), Type::label, Colour::text2));
    const QString left = over ? tr("over") : duration_text(each.not_after_us - now_us);
    auto* days = new TextLabel(left, soon ? Type::body_strong : Type::label,
                               over   ? Colour::danger
                               : soon ? Colour::warn
                                      : Colour::text2);
    days->setMinimumWidth(54);
    days->setAlignment(Qt::AlignRight);
    row->addWidget(days);
    column->addLayout(row);
  }
}

void ExpiryPanel::show_trouble(const QString& sentence) {
  auto* words = new TextLabel(Type::label, Colour::danger);
  words->set_paragraph(sentence);
  fresh_rows()->addWidget(words);
}

}  // namespace tijori

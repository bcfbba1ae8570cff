#include "admin-ui/views/screen.h"

namespace tijori {

Screen::Screen(Session& session, const QString& title, QWidget* parent)
    : QWidget(parent),
      session_(session),
      title_(new TextLabel(title, Type::page_title)),
      context_(new TextLabel(Type::label, Colour::text2)),
      title_row_(new QHBoxLayout),
      layout_(new QVBoxLayout(this)) {
  layout_->setContentsMargins(metric::content_padding, 0, metric::content_padding, 20);
  layout_->setSpacing(0);
  auto* row = new QWidget;
  row->setFixedHeight(52 + 2 * Theme::instance().script_growth());
  row->setLayout(title_row_);
  title_row_->setContentsMargins(0, 0, 0, 0);
  title_row_->setSpacing(10);
  context_->set_elide(Qt::ElideRight);
  title_row_->addWidget(title_);
  title_row_->addWidget(context_, 1);
  layout_->addWidget(row);
  setAccessibleName(title);
}

void Screen::set_context(const QString& line) {
  context_->setText(line);
}

void Screen::add_to_title_row(QWidget* control) {
  title_row_->addWidget(control);
}

void Screen::set_content(QWidget* content) {
  Q_ASSERT(states_ == nullptr);
  states_ = new StateView(content);
  layout_->addWidget(states_, 1);
}

void Screen::show_failure(const ClientError& error, std::function<void()> again) {
  states_->show_error(tr("%1 gave no answer to use").arg(session_.appliance().name), sentence_of(error),
                      {{tr("Try now"), std::move(again)}});
}

QString sentence_of(const ClientError& error) {
  return QString::fromStdString(error.error.message);
}

}  // namespace tijori

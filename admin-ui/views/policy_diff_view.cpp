#include "admin-ui/views/policy_diff_view.h"

#include <QSyntaxHighlighter>
#include <QTabBar>
#include <QVBoxLayout>

#include "admin-ui/models/numbers.h"
#include "admin-ui/theme/theme.h"

namespace tijori {
namespace {

// Lines by their first sign.
class DiffHighlighter : public QSyntaxHighlighter {
 public:
  using QSyntaxHighlighter::QSyntaxHighlighter;

 protected:
  void highlightBlock(const QString& text) override {
    QTextCharFormat format;
    if (text.startsWith(QLatin1Char('-'))) {
      format.setBackground(paint(Colour::danger_soft));
    } else if (text.startsWith(QLatin1Char('+'))) {
      format.setBackground(paint(Colour::ok_soft));
    } else if (text.startsWith(QLatin1Char('@'))) {
      format.setForeground(paint(Colour::text3));
    } else {
      return;
    }
    setFormat(0, static_cast<int>(text.size()), format);
  }
};

}  // namespace

PolicyDiffView::PolicyDiffView(QWidget* parent)
    : QWidget(parent),
      model_(new PolicyDiffTable(this)),
      sentence_(new TextLabel(Type::body)),
      tabs_(new QTabWidget),
      table_(new DataTable(DataTable::Rows::one_line, tr("Differences by rule"))),
      lines_(new QPlainTextEdit) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  sentence_->setObjectName(QStringLiteral("guardrails.diff_sentence"));
  column->addWidget(sentence_);
  table_->setObjectName(QStringLiteral("guardrails.diff_rules"));
  table_->setModel(model_);
  table_->set_columns({110, 150, 150, 0, 0});
  lines_->setObjectName(QStringLiteral("guardrails.diff_lines"));
  lines_->setReadOnly(true);
  lines_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  lines_->setAccessibleName(tr("Differences by line"));
  lines_->setTabChangesFocus(true);
  lines_->setLineWrapMode(QPlainTextEdit::NoWrap);
  lines_->setFont(type(Type::mono));
  lines_->setFrameShape(QFrame::NoFrame);
  new DiffHighlighter(lines_->document());
  tabs_->setObjectName(QStringLiteral("guardrails.diff_tabs"));
  tabs_->addTab(table_, tr("By rule"));
  tabs_->addTab(lines_, tr("By line"));
  tabs_->setDocumentMode(true);
  tabs_->tabBar()->setDrawBase(false);
  column->addWidget(tabs_, 1);
  connect(tabs_, &QTabWidget::currentChanged, this, &PolicyDiffView::show_lines);
}

void PolicyDiffView::show_difference(const QString& old_document, const QString& new_document) {
  old_ = old_document;
  new_ = new_document;
  lines_shown_ = false;
  difference_ = compare_policies(old_, new_);
  model_->set(difference_);
  sentence_->setText(difference_.is_cut ? tr("%1. The first %2 fields are listed.")
                                              .arg(difference_text(difference_), count_text(max_listed_differences))
                                        : difference_text(difference_));
  tabs_->show();
  show_lines();
}

void PolicyDiffView::clear(const QString& why) {
  difference_ = {};
  model_->set(difference_);
  lines_->clear();
  sentence_->setText(why);
  tabs_->hide();
}

// The comparison by line takes its time on large documents: only when it is looked at.
void PolicyDiffView::show_lines() {
  if (lines_shown_ || tabs_->currentIndex() != 1) return;
  lines_shown_ = true;
  QStringList texts;
  for (const DiffLine& line : diff_lines(indented(old_), indented(new_))) {
    switch (line.kind) {
      case DiffLine::Kind::same:
        texts << QStringLiteral("  ") + line.text;
        break;
      case DiffLine::Kind::only_old:
        texts << QStringLiteral("- ") + line.text;
        break;
      case DiffLine::Kind::only_new:
        texts << QStringLiteral("+ ") + line.text;
        break;
      case DiffLine::Kind::skipped:
        texts << QStringLiteral("@ ") + tr("%1 lines alike").arg(line.text);
        break;
    }
  }
  lines_->setPlainText(texts.join(QLatin1Char('\n')));
}

}  // namespace tijori

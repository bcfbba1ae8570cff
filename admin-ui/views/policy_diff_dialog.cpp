#include "admin-ui/views/policy_diff_dialog.h"

#include <QJsonDocument>
#include <QTextEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <vector>

#include "admin-ui/theme/theme.h"
#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {
namespace {

// Both in one form, so that only what differs in meaning shows.
QString indented(const QString& document) {
  return QString::fromUtf8(QJsonDocument::fromJson(document.toUtf8()).toJson(QJsonDocument::Indented));
}

}  // namespace

QList<DiffLine> diff_lines(const QString& old_text, const QString& new_text) {
  const QStringList before = old_text.split(QLatin1Char('\n'));
  const QStringList after = new_text.split(QLatin1Char('\n'));
  QList<DiffLine> lines;
  if (before.size() > max_diff_lines || after.size() > max_diff_lines) {
    for (const QString& line : before) lines.append({DiffLine::Kind::only_old, line});
    for (const QString& line : after) lines.append({DiffLine::Kind::only_new, line});
    return lines;
  }
  // lengths[i][j]: of the common subsequence of before[i…] and after[j…].
  const auto columns = static_cast<size_t>(after.size()) + 1;
  std::vector<uint16_t> lengths((static_cast<size_t>(before.size()) + 1) * columns, 0);
  const auto at = [&](qsizetype i, qsizetype j) -> uint16_t& {
    return lengths[static_cast<size_t>(i) * columns + static_cast<size_t>(j)];
  };
  for (qsizetype i = before.size(); i-- > 0;)
    for (qsizetype j = after.size(); j-- > 0;)
      at(i, j) = before.at(i) == after.at(j) ? static_cast<uint16_t>(at(i + 1, j + 1) + 1)
                                             : std::max(at(i + 1, j), at(i, j + 1));
  qsizetype i = 0;
  qsizetype j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before.at(i) == after.at(j)) {
      lines.append({DiffLine::Kind::same, before.at(i)});
      ++i;
      ++j;
    } else if (j < after.size() && (i == before.size() || at(i, j + 1) > at(i + 1, j))) {
      lines.append({DiffLine::Kind::only_new, after.at(j++)});
    } else {
      lines.append({DiffLine::Kind::only_old, before.at(i++)});
    }
  }
  return lines;
}

PolicyDiffDialog::PolicyDiffDialog(const QString& active, const QString& draft, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Differences"));
  resize(820, 620);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(20, 16, 20, 16);
  auto* view = new QTextEdit;
  view->setReadOnly(true);
  view->setAccessibleName(tr("Differences"));
  view->setLineWrapMode(QTextEdit::NoWrap);
  view->setFont(type(Type::mono));
  int removed = 0;
  int added = 0;
  QString html = QStringLiteral("<pre style=\"margin:0\">");
  for (const DiffLine& line : diff_lines(indented(active), indented(draft))) {
    if (line.kind == DiffLine::Kind::only_old) {
      ++removed;
      html += QStringLiteral("<span style=\"background:%1\">- %2</span>\n")
                  .arg(paint(Colour::danger_soft).name(), line.text.toHtmlEscaped());
    } else if (line.kind == DiffLine::Kind::only_new) {
      ++added;
      html += QStringLiteral("<span style=\"background:%1\">+ %2</span>\n")
                  .arg(paint(Colour::ok_soft).name(), line.text.toHtmlEscaped());
    } else {
      html += QStringLiteral("  %1\n").arg(line.text.toHtmlEscaped());
    }
  }
  view->setHtml(html + QStringLiteral("</pre>"));
  column->addWidget(new TextLabel(
      tr("%1 lines only in the active policy, %2 only in the draft").arg(removed).arg(added), Type::body));
  column->addWidget(view, 1);
  auto* close = new Button(tr("Close"), ButtonKind::primary);
  connect(close, &Button::clicked, this, &QDialog::accept);
  column->addWidget(close, 0, Qt::AlignRight);
}

}  // namespace tijori

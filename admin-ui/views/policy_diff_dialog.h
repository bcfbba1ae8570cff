// Two versions of a policy, line by line: what is only in the active one, what is only in the draft.
#pragma once

#include <QDialog>
#include <QPlainTextEdit>

namespace tijori {

class PolicyDiffDialog : public QDialog {
  Q_OBJECT

 public:
  PolicyDiffDialog(const QString& active, const QString& draft, QWidget* parent);
};

struct DiffLine {
  enum class Kind : uint8_t { same, only_old, only_new } kind = Kind::same;
  QString text;
};
// The longest common subsequence of lines; documents of more than max_diff_lines are compared as a whole.
inline constexpr qsizetype max_diff_lines = 4000;
QList<DiffLine> diff_lines(const QString& old_text, const QString& new_text);

}  // namespace tijori

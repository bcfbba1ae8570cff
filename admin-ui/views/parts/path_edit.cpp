#include "admin-ui/views/parts/path_edit.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include "admin-ui/theme/theme.h"

namespace tijori {

PathEdit::PathEdit(Wanted wanted, const QString& title, const QString& filter, QWidget* parent)
    : QLineEdit(parent),
      wanted_(wanted),
      title_(title),
      filter_(filter),
      folder_(addAction(QIcon(), QLineEdit::TrailingPosition)) {
  setAccessibleName(title);
  folder_->setToolTip(tr("Browse… (Ctrl+O)"));
  folder_->setShortcut(QKeySequence(QStringLiteral("Ctrl+O")));
  folder_->setShortcutContext(Qt::WidgetShortcut);
  connect(folder_, &QAction::triggered, this, &PathEdit::browse);
  connect(&Theme::instance(), &Theme::changed, this, &PathEdit::restyle);
  restyle();
}

QString PathEdit::path() const {
  const QString typed = text().trimmed();
  return typed.startsWith(QLatin1String("~/")) ? QDir::homePath() + typed.mid(1) : typed;
}

void PathEdit::browse() {
  const QString start = path().isEmpty() ? QDir::homePath() : path();
  QString found;
  if (wanted_ == Wanted::folder) {
    found = QFileDialog::getExistingDirectory(window(), title_, start);
  } else {
    // A desktop's own dialog hides sockets.
    const auto options = wanted_ == Wanted::socket ? QFileDialog::DontUseNativeDialog : QFileDialog::Options();
    QFileDialog dialog(window(), title_, start, filter_);
    dialog.setOptions(options);
    dialog.setFileMode(QFileDialog::ExistingFile);
    if (wanted_ == Wanted::socket) dialog.setFilter(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
    if (QFileInfo(start).isFile()) dialog.selectFile(start);
    if (dialog.exec() == QDialog::Accepted) found = dialog.selectedFiles().value(0);
  }
  if (found.isEmpty()) return;
  setText(found);
  emit chosen(found);
}

void PathEdit::restyle() {
  setFont(type(Type::mono));
  folder_->setIcon(QIcon(icon_pixmap(QStringLiteral("folder2-open"), Colour::text2, *this)));
}

}  // namespace tijori

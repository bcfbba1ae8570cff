// A field for a path, with a folder to browse by (Ctrl+O in the field).
#pragma once

#include <QLineEdit>

namespace tijori {

class PathEdit : public QLineEdit {
  Q_OBJECT

 public:
  enum class Wanted : uint8_t { file, socket, folder };

  // `filter` is QFileDialog's: "Certificates (*.crt *.pem)".
  PathEdit(Wanted wanted, const QString& title, const QString& filter = {}, QWidget* parent = nullptr);
  // "~/x" as a whole path.
  QString path() const;
  void browse();

 signals:
  void chosen(const QString& path);  // by browsing

 private:
  void restyle();

  Wanted wanted_;
  QString title_;
  QString filter_;
  QAction* folder_;
};

}  // namespace tijori

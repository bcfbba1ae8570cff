// The least that a Qt Widgets program can do: what tijori-console's first paint is measured against.
#include <QApplication>
#include <QMainWindow>

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  QMainWindow window;
  window.resize(1440, 900);
  window.show();
  return QApplication::exec();
}

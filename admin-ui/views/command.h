// Something a person can do in the console: found in the palette, bound to a key, and shown as the command that does
// the same on a command line.
#pragma once

#include <QKeySequence>
#include <QString>
#include <functional>
#include <vector>

namespace tijori {

struct Command {
  QString id;      // "models.load", stable; also what tests press
  QString group;   // "Actions", "Screens", …, translated
  QString title;   // "Load a model…", translated
  QString search;  // further words by which it is found, in both languages
  QKeySequence keys;
  std::function<void()> run;              // what can't be undone asks first
  std::function<QString()> command_line;  // "tijori models load scout"; empty when there is none
  QString refusal;                        // why it can't be run now; "" when it can
  QString note = {};                      // behind the title, smaller
  QString icon = {};                      // name in admin-ui/icons
  // What it can be done to, each as a command of its own: Tab in the palette shows them. Empty when there is no choice.
  std::function<std::vector<Command>()> objects = {};
};

}  // namespace tijori

// One screen of the console: what the side rail opens. Made when it is first shown; told when it is shown and hidden,
// so that it polls only while somebody looks.
#pragma once

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <QWidget>
#include <vector>

#include "admin-ui/client/session.h"
#include "admin-ui/views/command.h"
#include "admin-ui/views/parts/state_view.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

class Screen : public QWidget {
  Q_OBJECT

 public:
  // The session must outlive it.
  Screen(Session& session, const QString& title, QWidget* parent = nullptr);

  Session& session() const { return session_; }
  // What the palette offers while this screen is open, and what its keys do.
  virtual std::vector<Command> commands() { return {}; }
  virtual void entered() {}
  virtual void left() {}
  virtual void refresh() {}                                             // F5
  virtual void focus_search() {}                                        // Ctrl+F
  virtual void show_at(const QString& argument) { Q_UNUSED(argument) }  // something on this screen: a record, a client
  virtual bool step_back() { return false; }  // Esc: closes a drawer or clears a filter; false when nothing was open

 signals:
  // The window shows it in the title row: past tense, with an undo when there is one.
  void toast(const QString& sentence, const std::function<void()>& undo);
  void open_screen(const QString& id, const QString& argument);  // another screen, at something

 protected:
  // The row above the content: title, one line of context, controls at the right.
  void set_context(const QString& line);
  void add_to_title_row(QWidget* control);
  // Takes the place below the title row.
  void set_content(QWidget* content);
  StateView& states() { return *states_; }
  // Shows the error state with what is known, and tries again when the button is pressed.
  void show_failure(const ClientError& error, std::function<void()> again);

 private:
  Session& session_;
  TextLabel* title_;
  TextLabel* context_;
  QHBoxLayout* title_row_;
  QVBoxLayout* layout_;
  StateView* states_ = nullptr;
};

// A refusal in the words of the interface: what, where, what to do.
QString sentence_of(const ClientError& error);

}  // namespace tijori

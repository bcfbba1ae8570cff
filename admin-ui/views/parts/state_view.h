// What a screen or panel shows in place of its content: it is empty, it is being loaded, it failed, or the role doesn't
// reach. Content that was there stays visible, dimmed, below an error.
#pragma once

#include <QElapsedTimer>
#include <QStackedLayout>
#include <QTimer>
#include <QWidget>
#include <functional>

#include "admin-ui/views/parts/button.h"
#include "admin-ui/views/parts/text_label.h"

namespace tijori {

struct StateAction {
  QString text;
  std::function<void()> run;
};

class StateView : public QWidget {
  Q_OBJECT

 public:
  enum class State { content, empty, loading, error, no_permission };

  // Takes `content` over.
  explicit StateView(QWidget* content, QWidget* parent = nullptr);

  State state() const { return state_; }
  void show_content();
  void show_empty(const QString& icon, const QString& title, const QString& what_to_do,
                  QList<StateAction> actions = {});
  // Nothing is shown for 300 ms; then grey bars and who is asked, since when; after 5 s `cancel` is offered.
  void show_loading(const QString& asked, std::function<void()> cancel = {});
  void show_error(const QString& title, const QString& explanation, QList<StateAction> actions);
  void show_no_permission(const QString& needed_role, const QString& own_roles);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void show_card(const QString& icon, Colour ink, const QString& title, const QString& text,
                 QList<StateAction> actions);
  void tick();

  State state_ = State::content;
  QStackedLayout* stack_;
  QWidget* content_;
  QWidget* card_;
  QVBoxLayout* card_layout_;
  QTimer timer_;
  QElapsedTimer since_;
  QString asked_;
  std::function<void()> cancel_;
  Button* cancel_button_ = nullptr;
};

}  // namespace tijori

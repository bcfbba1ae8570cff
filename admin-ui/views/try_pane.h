// Try it: one question to a model over the inference socket, as any application would ask it, with the answer as it
// comes, its figures and the record it was written under.
#pragma once

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QPlainTextEdit>
#include <QSpinBox>

#include "admin-ui/client/chat_stream.h"
#include "admin-ui/models/answer_meter.h"
#include "admin-ui/views/command.h"
#include "admin-ui/views/parts/answer_view.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/parts/state_view.h"

namespace tijori {

class TryPane : public Panel {
  Q_OBJECT

 public:
  // The session must outlive it.
  explicit TryPane(Session& session, QWidget* parent = nullptr);

  // The aliases that answer now, the default first.
  void set_models(const QStringList& ready);
  void choose_model(const QString& alias);
  // Shows what the role allows.
  void refresh();
  void focus_question();
  // Esc: true when there was an answer to stop.
  bool stop();
  std::vector<Command> commands();

  // As large as its place: text that wraps inside must not make the screen scroll.
  bool hasHeightForWidth() const override { return false; }
  QSize sizeHint() const override { return {376, minimumHeight()}; }

 signals:
  void record_asked(qint64 seq);
  void copied(const QString& command);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* make_sampler();
  QWidget* make_foot();
  void ask();
  void take_text(const QString& text, qint64 first_us, qint64 last_us, qint64 pieces);
  void take_end(const ChatOutcome& outcome, const ChatHead& head);
  void say_sampler();
  void say_figures();
  void say_recorded(const ChatHead& head);
  void set_running(bool running);
  void copy_command();
  ChatQuestion question() const;
  bool may_ask() const;

  Session& session_;
  ChatStream* stream_;
  AnswerMeter meter_;
  StateView* states_;
  QComboBox* model_;
  TextLabel* sampler_text_;
  QWidget* sampler_;
  QDoubleSpinBox* temperature_;
  QDoubleSpinBox* top_p_;
  QSpinBox* max_tokens_;
  TextLabel* asked_;
  AnswerView* answer_;
  TextLabel* verdict_;
  TextLabel* figures_;
  QPlainTextEdit* question_;
  Button* ask_button_;
  Button* stop_button_;
  Button* record_;
  Button* copy_;
  qint64 record_seq_ = -1;
};

}  // namespace tijori

// One question at a time to the appliance's inference socket, in a thread of its own; the answer arrives in the GUI
// thread as it is made. No widgets.
#pragma once

#include <QObject>
#include <memory>
#include <optional>

#include "admin-ui/client/session.h"
#include "protocol/client/conversation.h"

namespace tijori {

// How an answer ended.
enum class ChatEnd : uint8_t {
  complete,
  at_limit,     // the longest answer asked for
  filtered,     // a guardrail ended it; what it lets pass was shown
  stopped,      // by the person at this console
  too_long,     // longer than max_answer_bytes: stopped by the console
  refused,      // with a code and a message of the appliance, before the text or in the middle of it
  certificate,  // the appliance no longer knows the certificate, or it lacks the role
  cut,          // the connection broke while the appliance is still there
  away,         // nobody answers
};

struct ChatOutcome {
  ChatEnd end = ChatEnd::complete;
  QString message;   // of a refusal, in the appliance's words
  QString api_code;  // "guardrail_blocked"; "" when there is none
  int retry_after_s = 0;
  Usage usage;  // all 0 unless the answer came to its end
};
// What to say about it; "" when the answer is whole.
QString sentence_of(const ChatOutcome& outcome);
// "tijori chat --model demo 'What is …'", for a shell.
QString chat_command(const ChatQuestion& question);

class ChatStream : public QObject {
  Q_OBJECT

 public:
  static constexpr size_t max_answer_bytes = 1U << 20;  // a line break counts as many

  explicit ChatStream(const Session& session, QObject* parent = nullptr);
  ~ChatStream() override;

  // Must not be running.
  void ask(ChatQuestion question);
  void stop();
  bool running() const { return inbox_ != nullptr; }

 signals:
  void recorded(const ChatHead& head);
  // Text since the last time, and when the first and the last of all pieces so far came (steady clock).
  void text_came(const QString& text, qint64 first_us, qint64 last_us, qint64 pieces);
  // The receipt is whole when both records are known.
  void ended(const ChatOutcome& outcome, const ChatHead& head);

 private:
  struct Inbox;
  static void run(HttpClient& client, const Cancellation& cancellation, const ChatQuestion& question,
                  const std::shared_ptr<Inbox>& inbox);
  void take(const std::shared_ptr<Inbox>& inbox);

  const Session& session_;
  std::unique_ptr<Lane> lane_;    // opened at the first question
  std::shared_ptr<Inbox> inbox_;  // of the running answer
};

int64_t steady_us();

}  // namespace tijori

Q_DECLARE_METATYPE(tijori::ChatOutcome)
Q_DECLARE_METATYPE(tijori::ChatHead)

#include "admin-ui/client/chat_stream.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

namespace tijori {

// What the worker puts in and the GUI thread takes out.
struct ChatStream::Inbox {
  QPointer<ChatStream> owner;  // looked at in the GUI thread alone
  std::atomic<bool> stopped = false;

  std::mutex mutex;
  bool told = false;  // a call to take() is under way
  std::string text;
  size_t text_bytes = 0;  // of the whole answer
  int64_t first_us = 0;
  int64_t last_us = 0;
  int64_t pieces = 0;
  std::optional<ChatHead> head;
  bool head_told = false;
  std::optional<ChatOutcome> outcome;
};

namespace {

constexpr qsizetype max_message_characters = 2'000;
// What a line costs to lay out, however short: a million of them would hold the window up for seconds.
constexpr size_t line_bytes = 64;

QString message_text(const std::string& message) {
  return QString::fromStdString(message).left(max_message_characters);
}

}  // namespace

int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

ChatStream::ChatStream(const Session& session, QObject* parent) : QObject(parent), session_(session) {}

ChatStream::~ChatStream() {
  stop();
}

void ChatStream::ask(ChatQuestion question) {
  Q_ASSERT(!running());
  inbox_ = std::make_shared<Inbox>();
  inbox_->owner = this;
  const auto give_up = [this](const Error& error) {
    const auto inbox = inbox_;
    inbox->outcome.emplace();
    inbox->outcome->end = ChatEnd::away;
    inbox->outcome->message = message_text(error.message);
    QMetaObject::invokeMethod(this, [this, inbox] { take(inbox); }, Qt::QueuedConnection);
  };
  if (lane_ == nullptr) {
    auto opened = session_.open_lane(Session::Door::api);
    if (!opened) return give_up(opened.error());
    lane_ = *std::move(opened);
  }
  const bool taken = lane_->post(
      [question = std::move(question), inbox = inbox_](HttpClient& client, const Cancellation& cancellation) {
        run(client, cancellation, question, inbox);
      });
  if (!taken) give_up({ErrorCode::resource_exhausted, "too many questions wait for the appliance"});
}

void ChatStream::stop() {
  if (inbox_ == nullptr) return;
  // The job looks at the flag when it begins, and from then on it can be cancelled.
  inbox_->stopped = true;
  if (lane_ != nullptr) lane_->cancel_running();
}

namespace {

// Why a connection broke in the middle: the appliance says so when asked anything else.
ChatEnd reason_of_break(HttpClient& client, const Cancellation& cancellation, QString& message) {
  const auto models = ask_appliance<ModelObjects>(
      client, {.target = "/v1/models", .total_timeout_ms = default_connect_timeout_ms, .cancellation = &cancellation});
  if (models) return ChatEnd::cut;
  const ClientError& error = models.error();
  if (error.error.code == ErrorCode::unauthenticated || error.http_status == 401 || error.http_status == 403) {
    message = message_text(error.error.message);
    return ChatEnd::certificate;
  }
  return error.http_status != 0 ? ChatEnd::cut : ChatEnd::away;
}

ChatOutcome outcome_of(const ChatReply& reply) {
  ChatOutcome outcome;
  outcome.usage = reply.usage;
  if (reply.finish_reason == "length") outcome.end = ChatEnd::at_limit;
  if (reply.finish_reason == "content_filter") outcome.end = ChatEnd::filtered;
  return outcome;
}

}  // namespace

void ChatStream::run(HttpClient& client, const Cancellation& cancellation, const ChatQuestion& question,
                     const std::shared_ptr<Inbox>& inbox) {
  // With the lock held.
  const auto tell = [&inbox] {
    if (std::exchange(inbox->told, true)) return;
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [inbox] {
          if (inbox->owner) inbox->owner->take(inbox);
        },
        Qt::QueuedConnection);
  };
  bool too_long = false;
  const auto take_text = [&](std::string_view delta) {
    const std::lock_guard lock(inbox->mutex);
    inbox->text_bytes += delta.size() + line_bytes * static_cast<size_t>(std::ranges::count(delta, '\n'));
    if (inbox->text_bytes > max_answer_bytes) {
      too_long = true;
      cancellation.cancel();
      return;
    }
    inbox->text += delta;
    inbox->last_us = steady_us();
    if (inbox->pieces++ == 0) inbox->first_us = inbox->last_us;
    tell();
  };
  const auto take_head = [&](const ChatHead& head) {
    const std::lock_guard lock(inbox->mutex);
    inbox->head = head;
    tell();
  };
  ChatOutcome outcome;
  if (inbox->stopped) {
    outcome.end = ChatEnd::stopped;
  } else {
    const auto reply = tijori::ask(client, question, take_text, &cancellation, take_head);
    if (reply) {
      outcome = outcome_of(*reply);
      const std::lock_guard lock(inbox->mutex);
      if (reply->receipt && inbox->head) inbox->head->receipt = reply->receipt;
    } else {
      const ClientError& error = reply.error();
      outcome.message = message_text(error.error.message);
      outcome.api_code = QString::fromStdString(error.api_code);
      outcome.retry_after_s = error.retry_after_s;
      if (too_long) {
        outcome.end = ChatEnd::too_long;
      } else if (inbox->stopped || error.error.code == ErrorCode::cancelled) {
        outcome.end = ChatEnd::stopped;
      } else if (error.error.code == ErrorCode::unauthenticated || error.http_status == 401) {
        outcome.end = ChatEnd::certificate;
      } else if (error.http_status != 0 || !error.api_code.empty()) {
        outcome.end = ChatEnd::refused;
      } else if (inbox->head || inbox->text_bytes > 0) {
        outcome.end = reason_of_break(client, cancellation, outcome.message);
      } else {
        outcome.end = ChatEnd::away;
      }
    }
  }
  const std::lock_guard lock(inbox->mutex);
  inbox->outcome = std::move(outcome);
  tell();
}

void ChatStream::take(const std::shared_ptr<Inbox>& inbox) {
  if (inbox != inbox_) return;
  QString text;
  qint64 first_us = 0;
  qint64 last_us = 0;
  qint64 pieces = 0;
  std::optional<ChatHead> head;
  bool head_is_new = false;
  std::optional<ChatOutcome> outcome;
  {
    const std::lock_guard lock(inbox->mutex);
    inbox->told = false;
    text = QString::fromStdString(std::exchange(inbox->text, {}));
    first_us = inbox->first_us;
    last_us = inbox->last_us;
    pieces = inbox->pieces;
    head = inbox->head;
    if (head) head_is_new = !std::exchange(inbox->head_told, true);
    outcome = inbox->outcome;
  }
  if (head_is_new) emit recorded(*head);
  if (!text.isEmpty()) emit text_came(text, first_us, last_us, pieces);
  if (!outcome) return;
  inbox_.reset();
  emit ended(*outcome, head.value_or(ChatHead{}));
}

QString sentence_of(const ChatOutcome& outcome) {
  switch (outcome.end) {
    case ChatEnd::complete:
      return {};
    case ChatEnd::at_limit:
      return ChatStream::tr("Ended at the longest answer asked for.");
    case ChatEnd::filtered:
      return ChatStream::tr("A guardrail ended this answer. What it lets pass is shown.");
    case ChatEnd::stopped:
      return ChatStream::tr("Stopped. What was made until then is recorded.");
    case ChatEnd::too_long:
      return ChatStream::tr("Stopped by the console: it shows at most 1 MiB of an answer.");
    case ChatEnd::refused:
      if (outcome.retry_after_s > 0)
        return ChatStream::tr("%1 Try again in %n s.", nullptr, outcome.retry_after_s).arg(outcome.message);
      return outcome.message;
    case ChatEnd::certificate:
      return ChatStream::tr("The appliance no longer accepts this console's certificate, so the answer was cut: %1")
          .arg(outcome.message);
    case ChatEnd::cut:
      return ChatStream::tr(
          "The appliance closed the connection in the middle of the answer. It is still there: ask "
          "again.");
    case ChatEnd::away:
      return ChatStream::tr("Nobody answers at the inference socket: %1").arg(outcome.message);
  }
  return {};
}

QString chat_command(const ChatQuestion& question) {
  QString line = QStringLiteral("tijori chat");
  if (!question.model.empty()) line += QStringLiteral(" --model ") + shell_word(QString::fromStdString(question.model));
  if (question.max_tokens) line += QStringLiteral(" --max-tokens %1").arg(*question.max_tokens);
  if (question.temperature) line += QStringLiteral(" --temperature %1").arg(*question.temperature);
  if (question.top_p) line += QStringLiteral(" --top-p %1").arg(*question.top_p);
  if (question.seed) line += QStringLiteral(" --seed %1").arg(*question.seed);
  QString text = question.messages.empty() ? QString() : QString::fromStdString(question.messages.back().content);
  text.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
  // A question that begins with a dash is no option.
  if (text.startsWith(QLatin1Char('-'))) line += QStringLiteral(" --");
  return line + QStringLiteral(" '") + text + QLatin1Char('\'');
}

}  // namespace tijori

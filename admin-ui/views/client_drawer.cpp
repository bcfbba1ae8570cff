#include "admin-ui/views/client_drawer.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStackedWidget>

#include "admin-ui/client/new_application.h"
#include "admin-ui/models/client_table.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/life_bar.h"
#include "admin-ui/views/parts/segment.h"

namespace tijori {
namespace {

constexpr int64_t one_day_us = int64_t{86'400} * 1'000'000;
constexpr int64_t soon_days = 30;
constexpr int snippet_px = 132;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(tijori::ClientDrawer)
};

const CertificateEntry* longest(const ClientInfo& client) {
  const CertificateEntry* found = nullptr;
  for (const CertificateEntry& each : client.certificates)
    if (!each.revoked && (found == nullptr || each.not_after_us > found->not_after_us)) found = &each;
  return found;
}

QWidget* row_of(QWidget* left, QWidget* right) {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(10);
  row->addWidget(left);
  row->addStretch();
  row->addWidget(right);
  return box;
}

void show_life(Drawer& drawer, const CertificateEntry& certificate, int64_t now_us) {
  const int64_t left_us = certificate.not_after_us - now_us;
  const int64_t whole_us = std::max<int64_t>(1, certificate.not_after_us - certificate.added_us);
  const auto days = static_cast<int>(left_us / one_day_us);
  const auto of_days = static_cast<int>((whole_us + one_day_us / 2) / one_day_us);
  const Colour ink = left_us <= 0 ? Colour::danger : days < soon_days ? Colour::warn : Colour::accent;
  const QString words =
      left_us <= 0 ? Words::tr("expired") : Words::tr("%n day(s) of %1 left", nullptr, days).arg(of_days);
  drawer.add(row_of(new TextLabel(Words::tr("Certificate"), Type::body_strong),
                    new TextLabel(words, Type::label, left_us <= 0 || days < soon_days ? ink : Colour::text2)));
  drawer.add(new LifeBar(1.0 - static_cast<double>(left_us) / static_cast<double>(whole_us), ink, words));
  drawer.add(row_of(new TextLabel(ist_date(certificate.added_us), Type::label, Colour::text2),
                    new TextLabel(ist_stamp(certificate.not_after_us), Type::label, Colour::text2)));
}

void show_programs(Drawer& drawer, const QString& api_socket) {
  drawer.section(Words::tr("How it asks"));
  const std::string socket = api_socket.toStdString();
  auto* choice = new Segment({QStringLiteral("curl"), QStringLiteral("Python"), QStringLiteral("C++")},
                             Words::tr("Language of the program"));
  choice->setObjectName(QStringLiteral("clients.snippet"));
  auto* copy = new Button(Words::tr("Copy"), ButtonKind::quiet, QStringLiteral("clipboard"), ButtonSize::compact);
  copy->setAccessibleName(Words::tr("Copy the program"));
  drawer.add(row_of(choice, copy));
  auto* text = new QPlainTextEdit;
  text->setObjectName(QStringLiteral("clients.snippet_text"));
  text->setReadOnly(true);
  text->setFont(type(Type::mono));
  text->setFixedHeight(snippet_px);
  text->setLineWrapMode(QPlainTextEdit::NoWrap);
  text->setTabChangesFocus(true);
  text->setAccessibleName(Words::tr("Program"));
  const auto show = [text, socket](int index) {
    const std::string program = index == 0   ? curl_snippet(socket)
                                : index == 1 ? python_snippet(socket)
                                             : cpp_snippet(socket);
    text->setPlainText(QString::fromStdString(program).trimmed());
  };
  QObject::connect(choice, &Segment::chosen_changed, text, show);
  QObject::connect(copy, &Button::clicked, text,
                   [text] { QApplication::clipboard()->setText(text->toPlainText() + QLatin1Char('\n')); });
  show(0);
  drawer.add(text);
}

}  // namespace

ClientActs show_client(Drawer& drawer, const ClientInfo& client, const BadgeText& standing, int64_t now_us,
                       const QString& api_socket) {
  ClientActs acts{nullptr, nullptr, nullptr};
  drawer.begin(QString::fromStdString(client.name), roles_text(client.roles), standing);
  if (const CertificateEntry* const certificate = longest(client); certificate != nullptr && !client.revoked) {
    show_life(drawer, *certificate, now_us);
    acts.renew = new Button(Words::tr("Renew…"), ButtonKind::standard, QStringLiteral("arrow-repeat"));
    acts.renew->setObjectName(QStringLiteral("clients.renew"));
    drawer.add(
        row_of(acts.renew, new TextLabel(Words::tr("the old one works until it expires"), Type::label, Colour::text2)));
  }
  drawer.section(Words::tr("In the register"));
  if (client.revoked) drawer.pair(Words::tr("Revoked because"), QString::fromStdString(client.revoked_reason));
  drawer.pair(Words::tr("Role"), roles_text(client.roles));
  drawer.pair(Words::tr("Added"), ist_stamp(client.created_us));
  drawer.pair(Words::tr("Last seen"), client.last_seen_us ? ist_stamp(*client.last_seen_us) : Words::tr("not yet"));
  drawer.pair(Words::tr("Under way"), Words::tr("%n request(s)", nullptr, static_cast<int>(client.running)));
  drawer.pair(
      Words::tr("Tokens today"),
      client.quota_tokens_per_day == 0
          ? Words::tr("%1, no limit").arg(count_text(client.tokens_today))
          : Words::tr("%1 of %2").arg(count_text(client.tokens_today), count_text(client.quota_tokens_per_day)));
  drawer.pair(QStringLiteral("URI"), QStringLiteral("urn:tijori:client:") + QString::fromStdString(client.name),
              Type::mono);
  drawer.pair(Words::tr("Id in records"), QString::fromStdString(client.id), Type::mono);
  for (const CertificateEntry& certificate : client.certificates)
    drawer.pair(certificate.revoked ? Words::tr("Revoked certificate") : Words::tr("Fingerprint"),
                QString::fromStdString(certificate.sha256), Type::mono);
  if (!client.revoked && client.roles.has(Role::application)) show_programs(drawer, api_socket);
  acts.records = drawer.action(Words::tr("Its records"), ButtonKind::standard, QStringLiteral("journal-check"));
  acts.records->setObjectName(QStringLiteral("clients.records"));
  if (!client.revoked) {
    acts.revoke = drawer.action(Words::tr("Revoke…"), ButtonKind::danger, QStringLiteral("slash-circle"));
    acts.revoke->setObjectName(QStringLiteral("clients.revoke"));
  }
  return acts;
}

QString under_way_words(const ClientInfo& client) {
  if (client.running == 0) return Words::tr("No answer is under way now; one that begins meanwhile is cut.");
  return Words::tr("%n answer(s) under way are cut; their users see an error.", nullptr,
                   static_cast<int>(std::min<int64_t>(client.running, 1'000'000'000)));
}

RevokeQuestion show_revoke(Drawer& drawer, const ClientInfo& client) {
  const QString name = QString::fromStdString(client.name);
  drawer.begin(Words::tr("Revoke %1?").arg(name), Words::tr("This can't be undone"),
               {Tone::danger, QStringLiteral("exclamation-triangle-fill"), Words::tr("for good")});
  int live = 0;
  for (const CertificateEntry& each : client.certificates) live += each.revoked ? 0 : 1;
  auto* running = new TextLabel(Type::body, Colour::text);
  running->setObjectName(QStringLiteral("clients.revoke_running"));
  running->set_paragraph(under_way_words(client));
  drawer.add(running);
  drawer.paragraph(Words::tr("%n certificate(s) stop working and can't be restored.", nullptr, live), Colour::text);
  auto* history = new TextLabel(Type::body);
  history->setObjectName(QStringLiteral("clients.revoke_history"));
  history->hide();
  drawer.add(history);
  drawer.paragraph(
      Words::tr("To let it in again, issue a new certificate and add it to the register under another name."));
  drawer.add(new TextLabel(Words::tr("Type the name to confirm"), Type::label, Colour::text2));
  auto* typed = new QLineEdit;
  typed->setObjectName(QStringLiteral("clients.revoke_name"));
  typed->setAccessibleName(Words::tr("Name of the client to revoke"));
  drawer.add(typed);
  Button* const keep = drawer.action(Words::tr("Keep it"), ButtonKind::standard);
  keep->setObjectName(QStringLiteral("clients.revoke_keep"));
  Button* const confirm = drawer.action(Words::tr("Revoke"), ButtonKind::confirm, QStringLiteral("slash-circle"));
  confirm->setObjectName(QStringLiteral("clients.revoke_confirm"));
  const QString first = Words::tr("Type the name first.");
  confirm->set_refusal(first);
  QObject::connect(typed, &QLineEdit::textChanged, confirm, [confirm, name, first](const QString& text) {
    confirm->set_refusal(text == name ? QString() : first);
  });
  // Enter keeps it until the name is right.
  QObject::connect(typed, &QLineEdit::returnPressed, confirm,
                   [keep, confirm, typed, name] { (typed->text() == name ? confirm : keep)->setFocus(); });
  return {keep, confirm, typed, running, history};
}

}  // namespace tijori

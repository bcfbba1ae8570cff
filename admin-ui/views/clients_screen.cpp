#include "admin-ui/views/clients_screen.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <algorithm>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/client_drawer.h"

namespace tijori {
namespace {

constexpr qint64 max_certificate_file_bytes = 256 << 10;
constexpr int drawer_over_below_px = 1'000;
constexpr int words_from_px = 700;
constexpr int one_bar_from_px = 760;
// Columns go as the table gets narrower, the least needed first.
constexpr int tokens_from_px = 860;
constexpr int roles_from_px = 720;
constexpr int seen_from_px = 560;

}  // namespace

ClientsScreen::ClientsScreen(Session& to_session)
    : Screen(to_session, tr("Clients")),
      clients_(new ClientTable(this)),
      table_(new DataTable(DataTable::Rows::two_lines, tr("Clients"))),
      drawer_(new Drawer),
      content_(new QWidget),
      across_(new QHBoxLayout(content_)),
      bar_(new QBoxLayout(QBoxLayout::LeftToRight)),
      add_(new Button(tr("Add certificate…"), ButtonKind::standard, QStringLiteral("plus-lg"))),
      request_(new Button(tr("Issue from CSR…"), ButtonKind::standard, QStringLiteral("file-earmark-arrow-up"))),
      filter_(new Segment({tr("All"), tr("Applications"), tr("People"), tr("Expiring"), tr("Revoked")},
                          tr("Which clients"))),
      summary_(new TextLabel(Type::label, Colour::text2)),
      read_at_(new TextLabel(Type::label, Colour::text2)),
      search_(new QLineEdit) {
  auto* make = new Button(tr("New application…"), ButtonKind::primary, QStringLiteral("plus-lg"));
  for (Button* button : {add_, request_, make}) {
    button->setAccessibleName(button->text());
    button->setToolTip(button->text());
    button->set_refusal(may_change() ? QString() : tr("Changing the register needs the role operator."));
  }
  request_->setObjectName(QStringLiteral("clients.request"));
  add_->setObjectName(QStringLiteral("clients.add"));
  make->setObjectName(QStringLiteral("clients.new"));
  table_->setObjectName(QStringLiteral("clients.table"));
  drawer_->setObjectName(QStringLiteral("clients.drawer"));
  filter_->setObjectName(QStringLiteral("clients.filter"));
  search_->setObjectName(QStringLiteral("clients.search"));
  add_to_title_row(add_);
  add_to_title_row(request_);
  add_to_title_row(make);
  connect(add_, &Button::clicked, this, &ClientsScreen::add_certificate_file);
  connect(request_, &Button::clicked, this, [this] { issue(IssueKind::request, {}); });
  connect(make, &Button::clicked, this, [this] { issue(IssueKind::application, {}); });

  across_->setContentsMargins(0, 0, 0, 0);
  across_->setSpacing(20);
  auto* panel = new Panel;
  bar_->setContentsMargins(12, 8, 12, 8);
  search_->setPlaceholderText(tr("Search name, role, fingerprint"));
  search_->setAccessibleName(tr("Search clients"));
  search_->setClearButtonEnabled(true);
  search_->addAction(QIcon(icon_pixmap(QStringLiteral("search"), Colour::text3, *this)), QLineEdit::LeadingPosition);
  search_->setMinimumWidth(140);
  bar_->setSpacing(metric::gap);
  bar_->addWidget(search_, 1);
  bar_->addWidget(filter_);
  panel->body()->addLayout(bar_);
  panel->add_divider();
  panel->body()->addWidget(table_, 1);
  panel->add_divider();
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(16, 6, 16, 6);
  summary_->set_elide(Qt::ElideRight);
  foot->addWidget(summary_, 1);
  foot->addWidget(read_at_);
  panel->body()->addLayout(foot);
  auto* column = new QVBoxLayout;
  column->setContentsMargins(0, 4, 0, 0);
  column->addWidget(panel);
  across_->addLayout(column, 1);
  drawer_->setParent(content_);
  content_->installEventFilter(this);
  set_content(content_);

  table_->setModel(clients_);
  table_->setSortingEnabled(true);
  table_->sortByColumn(ClientTable::name_column, Qt::AscendingOrder);
  const auto filter = [this] {
    clients_->set_filter(static_cast<ClientTable::Show>(filter_->chosen()), search_->text());
  };
  connect(filter_, &Segment::chosen_changed, this, filter);
  connect(search_, &QLineEdit::textChanged, this, filter);
  connect(table_, &DataTable::opened, this, [this](const QModelIndex& index) { show_client(index.row()); });
  connect(table_, &DataTable::chosen, this, [this](const QModelIndex& index) {
    if (drawer_->isVisible() && index.isValid()) show_client(index.row());
  });
  connect(drawer_, &Drawer::closed, this, &ClientsScreen::close_drawer);
  place();
}

void ClientsScreen::close_drawer() {
  drawer_->hide();
  open_.clear();
  place();
  table_->setFocus();
}

void ClientsScreen::place() {
  const int wide = content_->width();
  const bool over = wide < drawer_over_below_px;
  const bool beside = across_->indexOf(drawer_) >= 0;
  if (!over && !beside) across_->addWidget(drawer_);
  if (over && beside) across_->removeWidget(drawer_);
  if (over) {
    const int drawer_px = std::min(metric::drawer_width, wide);
    drawer_->setGeometry(wide - drawer_px, 0, drawer_px, content_->height());
    drawer_->raise();
  }
  const bool narrowed = !over && !drawer_->isHidden();
  const int table_px = wide - (narrowed ? metric::drawer_width + across_->spacing() : 0);
  const int growth = Theme::instance().script_growth();
  add_->setText(wide < words_from_px + 20 * growth ? QString() : add_->accessibleName());
  request_->setText(wide < words_from_px + 20 * growth ? QString() : request_->accessibleName());
  for (Button* const button : {add_, request_})
    button->set_icon(button == add_ ? QStringLiteral("plus-lg") : QStringLiteral("file-earmark-arrow-up"));
  bar_->setDirection(table_px < one_bar_from_px ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  table_->setColumnHidden(ClientTable::tokens_column, table_px < tokens_from_px);
  table_->setColumnHidden(ClientTable::roles_column, table_px < roles_from_px);
  table_->setColumnHidden(ClientTable::seen_column, table_px < seen_from_px);
  table_->set_columns({0, 0, 130 + 4 * growth, 136 + 4 * growth, 126 + 6 * growth, 112 + 2 * growth});
}

bool ClientsScreen::eventFilter(QObject* watched, QEvent* event) {
  if (watched == content_ && event->type() == QEvent::Resize) place();
  return Screen::eventFilter(watched, event);
}

bool ClientsScreen::may_change() const {
  return session().permits("POST", "/admin/v1/clients");
}

void ClientsScreen::entered() {
  if (!session().permits("GET", "/admin/v1/clients"))
    return states().show_no_permission(
        QStringLiteral("operator"), session().capabilities() ? roles_text(session().capabilities()->roles) : QString());
  refresh();
  table_->setFocus();
}

void ClientsScreen::refresh() {
  if (clients_->count(ClientTable::Show::all) == 0)
    states().show_loading(tr("Asking %1 for the register").arg(session().appliance().name));
  session().get<ClientList>("/admin/v1/clients", this, [this](const Answer<ClientList>& answer) { take(answer); });
}

void ClientsScreen::take(const Answer<ClientList>& answer) {
  if (!answer) {
    if (clients_->count(ClientTable::Show::all) == 0) return show_failure(answer.error(), [this] { refresh(); });
    // What was read stays, with its time.
    return read_at_->setText(tr("No answer; register as read at %1 IST").arg(ist_time(read_us_)));
  }
  const int64_t now = now_us();
  read_us_ = now;
  const QString chosen = current() == nullptr ? QString() : QString::fromStdString(current()->name);
  clients_->set(answer->clients, now);
  if (const int row = clients_->row_of(chosen); row >= 0) table_->selectRow(row);
  using Show = ClientTable::Show;
  filter_->set_choices(
      {tr("All %1").arg(clients_->count(Show::all)), tr("Applications %1").arg(clients_->count(Show::applications)),
       tr("People %1").arg(clients_->count(Show::people)), tr("Expiring %1").arg(clients_->count(Show::expiring)),
       tr("Revoked %1").arg(clients_->count(Show::revoked))});
  set_context(tr("certificates and the register of %1").arg(session().appliance().name));
  const int expiring = clients_->count(Show::expiring);
  summary_->setText(
      tr("%n client(s) in the register", nullptr, clients_->count(Show::all)) + QStringLiteral(" · ") +
      (expiring == 0 ? tr("none expires within 30 days") : tr("%n expire(s) within 30 days", nullptr, expiring)));
  read_at_->setText(tr("Register read at %1 IST").arg(ist_time(now)));
  if (answer->clients.empty()) {
    states().show_empty(QStringLiteral("people"), tr("No clients yet"),
                        tr("An application needs a certificate of the site's authority and a place in this register."),
                        {{tr("New application…"), [this] { issue(IssueKind::application, {}); }}});
    return;
  }
  states().show_content();
  if (!wanted_.isEmpty()) return show_at(wanted_);
  if (!open_.isEmpty() && !asking_)
    if (const int row = clients_->row_of(open_); row >= 0) {
      table_->selectRow(row);
      show_client(row);
    }
}

void ClientsScreen::focus_search() {
  search_->setFocus();
  search_->selectAll();
}

bool ClientsScreen::step_back() {
  if (drawer_->isVisible()) {
    close_drawer();
    return true;
  }
  if (search_->text().isEmpty() && filter_->chosen() == 0) return false;
  search_->clear();
  filter_->choose(0);
  return true;
}

void ClientsScreen::show_at(const QString& argument) {
  static const QString to_revoke = QStringLiteral("revoke:");
  const bool asks = argument.startsWith(to_revoke);
  const QString name = asks ? argument.mid(to_revoke.size()) : argument;
  // Nothing but a filter hides a client.
  if (clients_->row_of(name) < 0) {
    search_->clear();
    filter_->choose(0);
  }
  const int row = clients_->row_of(name);
  if (row < 0) {
    wanted_ = argument;  // once the register has come
    return;
  }
  wanted_.clear();
  table_->selectRow(row);
  if (asks) {
    ask_revoke(name);
  } else {
    show_client(row);
  }
}

int64_t ClientsScreen::now_us() const {
  return session().status() ? session().status()->now_us : QDateTime::currentMSecsSinceEpoch() * 1000;
}

void ClientsScreen::show_client(int row) {
  const ClientInfo client = clients_->client(row);
  open_ = QString::fromStdString(client.name);
  asking_ = false;
  const ClientActs acts = tijori::show_client(
      *drawer_, client, clients_->index(row, ClientTable::state_column).data(badge_role).value<BadgeText>(), now_us(),
      session().appliance().api_socket);
  connect(acts.records, &Button::clicked, this,
          [this, id = QString::fromStdString(client.id)] { emit open_screen(QStringLiteral("audit"), id); });
  if (!session().permits("GET", "/admin/v1/audit/records")) acts.records->set_refusal(tr("Needs the role auditor."));
  const QString refusal = may_change() ? QString() : tr("Changing the register needs the role operator.");
  if (acts.renew != nullptr) {
    acts.renew->set_refusal(refusal);
    connect(acts.renew, &Button::clicked, this, [this, client] { issue(IssueKind::renewal, client); });
  }
  if (acts.revoke != nullptr) {
    acts.revoke->set_refusal(refusal);
    connect(acts.revoke, &Button::clicked, this, [this, name = open_] { ask_revoke(name); });
  }
  drawer_->end();
  place();
}

// In the drawer: what will be lost, and the name typed before the button works.
void ClientsScreen::ask_revoke(const QString& name) {
  const int row = clients_->row_of(name);
  if (row < 0) return;
  const ClientInfo client = clients_->client(row);
  if (client.revoked) return emit toast(tr("%1 is revoked already.").arg(name), {});
  open_ = name;
  asking_ = true;
  const RevokeQuestion question = show_revoke(*drawer_, client);
  connect(question.keep, &Button::clicked, this, [this, name] { show_at(name); });
  connect(question.confirm, &Button::clicked, this, [this, name] { revoke(name); });
  drawer_->end();
  place();
  question.typed->setFocus();
  // What is under way was read when the list was.
  session().get<ClientList>("/admin/v1/clients", question.running,
                            [running = question.running, name](const Answer<ClientList>& answer) {
                              if (!answer) return;
                              const auto& clients = answer->clients;
                              const auto found = std::ranges::find(clients, name.toStdString(), &ClientInfo::name);
                              if (found != clients.end()) running->set_paragraph(under_way_words(*found));
                            });
  if (!session().permits("GET", "/admin/v1/audit/count")) return;
  session().get<AuditCounts>(
      "/admin/v1/audit/count?event=inference.received&actor=" + client.id, question.history,
      [history = question.history](const Answer<AuditCounts>& answer) {
        if (!answer || answer->matching == 0) return;
        history->set_paragraph(tr("%1 requests since %2 came from it; their records stay.")
                                   .arg(count_text(answer->matching), ist_date(answer->first_us)));
        history->show();
      });
}

void ClientsScreen::revoke(const QString& name) {
  session().post<ClientInfo>("/admin/v1/clients/" + percent_encode(name.toStdString()) + "/revoke",
                             RevokeClient{.reason = "revoked at the console", .certificate_sha256 = {}}, this,
                             [this, name](const Answer<ClientInfo>& answer) {
                               if (!answer) return emit toast(sentence_of(answer.error()), {});
                               asking_ = false;
                               emit toast(tr("%1 was revoked and its streams were cut.").arg(name), {});
                               refresh();
                             });
}

void ClientsScreen::add_certificate_file() {
  const QString path =
      QFileDialog::getOpenFileName(this, tr("Choose the client's certificate"), {}, tr("Certificates (*.crt *.pem)"));
  if (path.isEmpty()) return;
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly) || file.size() > max_certificate_file_bytes)
    return emit toast(tr("%1 can't be read as a certificate.").arg(path), {});
  session().post<ClientInfo>(
      "/admin/v1/clients",
      AddClient{.certificate = file.readAll().toStdString(), .roles = {}, .quota_tokens_per_day = {}}, this,
      [this](const Answer<ClientInfo>& answer) {
        if (!answer) return emit toast(sentence_of(answer.error()), {});
        emit toast(tr("%1 is in the register.").arg(QString::fromStdString(answer->name)), {});
        open_ = QString::fromStdString(answer->name);
        refresh();
      });
}

void ClientsScreen::issue(IssueKind kind, const ClientInfo& client) {
  auto* dialog = new NewApplicationDialog(session(), kind, client, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &NewApplicationDialog::added, this, [this, kind](const QString& name) {
    emit toast(kind == IssueKind::renewal ? tr("%1 has a new certificate; the old one still works.").arg(name)
                                          : tr("%1 is in the register.").arg(name),
               {});
    open_ = name;
    refresh();
  });
  dialog->open();
}

const ClientInfo* ClientsScreen::current() const {
  const QModelIndex index = table_->currentIndex();
  return index.isValid() && index.row() < clients_->rowCount() ? &clients_->client(index.row()) : nullptr;
}

std::vector<Command> ClientsScreen::commands() {
  const QString group = tr("Actions");
  const QString no_role = may_change() ? QString() : tr("needs the role operator");
  const ClientInfo* const client = current();
  const QString name = client == nullptr ? QString() : QString::fromStdString(client->name);
  const QString in_shell = client == nullptr ? QStringLiteral("NAME") : shell_word(name);
  const QString of_one = !no_role.isEmpty()  ? no_role
                         : client == nullptr ? tr("choose a client first")
                         : client->revoked   ? tr("it is revoked already")
                                             : QString();
  const auto line = [](const QString& text) { return [text] { return text; }; };
  return {
      {QStringLiteral("clients.list"),
       group,
       tr("Ask for the register again"),
       QStringLiteral("refresh list"),
       QKeySequence(Qt::Key_F5),
       [this] { refresh(); },
       line(QStringLiteral("tijori clients list")),
       {},
       {},
       QStringLiteral("arrow-repeat")},
      {QStringLiteral("clients.add"),
       group,
       tr("Add a client by its certificate…"),
       QStringLiteral("add enrol certificate"),
       {},
       [this] { add_certificate_file(); },
       line(QStringLiteral("tijori clients add FILE")),
       no_role,
       {},
       QStringLiteral("plus-lg")},
      {QStringLiteral("clients.new"),
       group,
       tr("New application…"),
       QStringLiteral("issue certificate"),
       QKeySequence(QStringLiteral("Ctrl+N")),
       [this] { issue(IssueKind::application, {}); },
       line(QStringLiteral("tijori-ca issue NAME --role application --out NAME && tijori clients add NAME/NAME.crt")),
       no_role,
       {},
       QStringLiteral("plus-lg")},
      {QStringLiteral("clients.request"),
       group,
       tr("Issue from CSR…"),
       QStringLiteral("request pkcs10 sign certificate"),
       {},
       [this] { issue(IssueKind::request, {}); },
       line(QStringLiteral("tijori-ca issue NAME --role application --csr FILE --out NAME")),
       no_role,
       {},
       QStringLiteral("file-earmark-arrow-up")},
      {QStringLiteral("clients.renew"),
       group,
       client == nullptr ? tr("Renew a certificate…") : tr("Renew %1…").arg(name),
       QStringLiteral("renew certificate expiry नवीनीकृत"),
       {},
       [this] {
         if (const ClientInfo* const now = current()) issue(IssueKind::renewal, *now);
       },
       line(QStringLiteral("tijori-ca issue %1 --force --out %1 && tijori clients renew %1/%1.crt").arg(in_shell)),
       of_one,
       {},
       QStringLiteral("arrow-repeat")},
      {QStringLiteral("clients.revoke"), group, client == nullptr ? tr("Revoke a client…") : tr("Revoke %1…").arg(name),
       QStringLiteral("revoke delete निरस्त"), QKeySequence(Qt::Key_Delete),
       [this] {
         if (const ClientInfo* const now = current()) ask_revoke(QString::fromStdString(now->name));
       },
       line(QStringLiteral("tijori clients revoke %1").arg(in_shell)), of_one, tr("asks first, says what is lost"),
       QStringLiteral("slash-circle")},
  };
}

}  // namespace tijori

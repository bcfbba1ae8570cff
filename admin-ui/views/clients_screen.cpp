#include "admin-ui/views/clients_screen.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/new_application_dialog.h"

namespace tijori {
namespace {
constexpr qint64 max_certificate_file_bytes = 256 << 10;
}

ClientsScreen::ClientsScreen(Session& to_session)
    : Screen(to_session, tr("Clients")),
      clients_(new ClientTable(this)),
      table_(new DataTable(DataTable::Rows::two_lines, tr("Clients"))),
      drawer_(new Drawer),
      filter_(new Segment({tr("All"), tr("Active"), tr("Expiring"), tr("Revoked")}, tr("Which clients"))),
      search_(new QLineEdit) {
  auto* add = new Button(tr("Add certificate…"), ButtonKind::standard, QStringLiteral("plus-lg"));
  auto* make = new Button(tr("New application…"), ButtonKind::primary, QStringLiteral("plus-lg"));
  add->set_refusal(may_change() ? QString() : tr("Changing the register needs the role operator."));
  make->set_refusal(may_change() ? QString() : tr("Changing the register needs the role operator."));
  add->setObjectName(QStringLiteral("clients.add"));
  make->setObjectName(QStringLiteral("clients.new"));
  table_->setObjectName(QStringLiteral("clients.table"));
  drawer_->setObjectName(QStringLiteral("clients.drawer"));
  filter_->setObjectName(QStringLiteral("clients.filter"));
  search_->setObjectName(QStringLiteral("clients.search"));
  add_to_title_row(add);
  add_to_title_row(make);
  connect(add, &Button::clicked, this, &ClientsScreen::add_certificate_file);
  connect(make, &Button::clicked, this, &ClientsScreen::new_application);

  auto* content = new QWidget;
  auto* across = new QHBoxLayout(content);
  across->setContentsMargins(0, 0, 0, 0);
  across->setSpacing(20);
  auto* panel = new Panel;
  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(12, 8, 12, 8);
  bar->addWidget(filter_);
  bar->addStretch();
  search_->setPlaceholderText(tr("Name or role"));
  search_->setAccessibleName(tr("Search clients"));
  search_->setClearButtonEnabled(true);
  search_->setFixedWidth(260);
  bar->addWidget(search_);
  panel->body()->addLayout(bar);
  panel->add_divider();
  panel->body()->addWidget(table_, 1);
  auto* column = new QVBoxLayout;
  column->setContentsMargins(0, 4, 0, 0);
  column->addWidget(panel);
  across->addLayout(column, 1);
  across->addWidget(drawer_);
  set_content(content);

  table_->setModel(clients_);
  table_->set_columns({240, 0, 140, 140, 150, 120});
  const auto filter = [this] {
    clients_->set_filter(static_cast<ClientTable::Show>(filter_->chosen()), search_->text());
  };
  connect(filter_, &Segment::chosen_changed, this, filter);
  connect(search_, &QLineEdit::textChanged, this, filter);
  connect(table_, &DataTable::opened, this, [this](const QModelIndex& index) { show_client(index.row()); });
  connect(table_, &DataTable::chosen, this, [this](const QModelIndex& index) {
    if (drawer_->isVisible() && index.isValid()) show_client(index.row());
  });
  connect(drawer_, &Drawer::closed, this, [this] {
    open_.clear();
    table_->setFocus();
  });
}

bool ClientsScreen::may_change() const {
  return session().permits("POST", "/admin/v1/clients");
}

void ClientsScreen::entered() {
  if (!session().permits("GET", "/admin/v1/clients"))
    return states().show_no_permission(QStringLiteral("operator"), {});
  refresh();
  table_->setFocus();
}

void ClientsScreen::refresh() {
  if (clients_->count(ClientTable::Show::all) == 0)
    states().show_loading(tr("Asking %1 for the register").arg(session().appliance().name));
  session().get<ClientList>("/admin/v1/clients", this, [this](const Answer<ClientList>& answer) { take(answer); });
}

void ClientsScreen::take(const Answer<ClientList>& answer) {
  if (!answer) return show_failure(answer.error(), [this] { refresh(); });
  const int64_t now = session().status() ? session().status()->now_us : QDateTime::currentMSecsSinceEpoch() * 1000;
  clients_->set(answer->clients, now);
  using Show = ClientTable::Show;
  filter_->set_choices({tr("All %1").arg(clients_->count(Show::all)), tr("Active %1").arg(clients_->count(Show::live)),
                        tr("Expiring %1").arg(clients_->count(Show::expiring)),
                        tr("Revoked %1").arg(clients_->count(Show::revoked))});
  set_context(tr("%n client(s) in the register", nullptr, clients_->count(Show::all)));
  if (answer->clients.empty()) {
    states().show_empty(QStringLiteral("people"), tr("No clients yet"),
                        tr("An application needs a certificate of the site's authority and a place in this register."),
                        {{tr("New application…"), [this] { new_application(); }}});
    return;
  }
  states().show_content();
  if (!open_.isEmpty())
    if (const int row = clients_->row_of(open_); row >= 0) show_client(row);
}

void ClientsScreen::focus_search() {
  search_->setFocus();
  search_->selectAll();
}

bool ClientsScreen::step_back() {
  if (drawer_->isVisible()) {
    drawer_->hide();
    open_.clear();
    table_->setFocus();
    return true;
  }
  if (search_->text().isEmpty() && filter_->chosen() == 0) return false;
  search_->clear();
  filter_->choose(0);
  return true;
}

void ClientsScreen::show_at(const QString& argument) {
  const int row = clients_->row_of(argument);
  if (row < 0) return;
  table_->selectRow(row);
  show_client(row);
}

void ClientsScreen::show_client(int row) {
  const ClientInfo client = clients_->client(row);
  open_ = QString::fromStdString(client.name);
  const int64_t now = session().status() ? session().status()->now_us : 0;
  drawer_->begin(open_, roles_text(client.roles),
                 clients_->index(row, ClientTable::state_column).data(badge_role).value<BadgeText>());
  drawer_->section(tr("In the register"));
  drawer_->pair(tr("Added"), ist_stamp(client.created_us));
  drawer_->pair(tr("Last seen"), client.last_seen_us ? ist_stamp(*client.last_seen_us) : tr("not yet"));
  drawer_->pair(tr("Tokens a day"),
                client.quota_tokens_per_day == 0 ? tr("no limit") : count_text(client.quota_tokens_per_day));
  drawer_->pair(tr("Id in records"), QString::fromStdString(client.id), Type::mono);
  if (client.revoked) drawer_->pair(tr("Revoked because"), QString::fromStdString(client.revoked_reason));
  for (const CertificateEntry& certificate : client.certificates) {
    drawer_->section(certificate.revoked ? tr("Certificate, revoked") : tr("Certificate"));
    drawer_->pair(QStringLiteral("SHA-256"), QString::fromStdString(certificate.sha256), Type::mono);
    drawer_->pair(tr("Added"), ist_stamp(certificate.added_us));
    drawer_->pair(tr("Valid until"), ist_stamp(certificate.not_after_us));
    if (!certificate.revoked)
      drawer_->pair(tr("Left"),
                    certificate.not_after_us > now ? duration_text(certificate.not_after_us - now) : tr("over"));
  }
  Button* const records = drawer_->action(tr("Its records"), ButtonKind::standard, QStringLiteral("journal-check"));
  connect(records, &Button::clicked, this, [this] { emit open_screen(QStringLiteral("audit"), {}); });
  if (!client.revoked) {
    Button* const revoke_button = drawer_->action(tr("Revoke…"), ButtonKind::danger, QStringLiteral("slash-circle"));
    revoke_button->setObjectName(QStringLiteral("clients.revoke"));
    revoke_button->set_refusal(may_change() ? QString() : tr("Revoking needs the role operator."));
    connect(revoke_button, &Button::clicked, this, [this, name = open_] { ask_revoke(name); });
  }
  drawer_->end();
}

// In the drawer: what will be lost, and the name typed before the button works.
void ClientsScreen::ask_revoke(const QString& name) {
  drawer_->begin(tr("Revoke %1?").arg(name), tr("This can't be undone"));
  drawer_->paragraph(
      tr("Every open stream of this client is cut at once, and its certificates are refused from now on."),
      Colour::text);
  drawer_->paragraph(tr("To let it in again, issue a new certificate and add it to the register under another name."));
  drawer_->paragraph(tr("Type the client's name to confirm:"));
  auto* typed = new QLineEdit;
  typed->setObjectName(QStringLiteral("clients.revoke_name"));
  typed->setAccessibleName(tr("Name of the client to revoke"));
  drawer_->add(typed);
  Button* const keep = drawer_->action(tr("Keep"), ButtonKind::standard);
  Button* const confirm = drawer_->action(tr("Revoke"), ButtonKind::confirm, QStringLiteral("slash-circle"));
  confirm->setObjectName(QStringLiteral("clients.revoke_confirm"));
  confirm->set_refusal(tr("Type the name first."));
  connect(typed, &QLineEdit::textChanged, confirm, [confirm, name](const QString& text) {
    confirm->set_refusal(text == name ? QString() : tr("Type the name first."));
  });
  connect(keep, &Button::clicked, this, [this, name] { show_at(name); });
  connect(confirm, &Button::clicked, this, [this, name] { revoke(name); });
  drawer_->end();
  typed->setFocus();
}

void ClientsScreen::revoke(const QString& name) {
  session().post<ClientInfo>("/admin/v1/clients/" + percent_encode(name.toStdString()) + "/revoke",
                             RevokeClient{.reason = "revoked at the console", .certificate_sha256 = {}}, this,
                             [this, name](const Answer<ClientInfo>& answer) {
                               if (!answer) return emit toast(sentence_of(answer.error()), {});
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

void ClientsScreen::new_application() {
  auto* dialog = new NewApplicationDialog(session(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &NewApplicationDialog::added, this, [this](const QString& name) {
    emit toast(tr("%1 is in the register.").arg(name), {});
    open_ = name;
    refresh();
  });
  dialog->open();
}

std::vector<Command> ClientsScreen::commands() {
  const QString group = tr("Actions");
  const QString refusal = may_change() ? QString() : tr("needs the role operator");
  return {
      {QStringLiteral("clients.list"),
       group,
       tr("Ask for the register again"),
       QStringLiteral("refresh list"),
       QKeySequence(Qt::Key_F5),
       [this] { refresh(); },
       [] { return QStringLiteral("tijori clients list"); },
       {}},
      {QStringLiteral("clients.add"),
       group,
       tr("Add a client by its certificate…"),
       QStringLiteral("add enrol certificate"),
       {},
       [this] { add_certificate_file(); },
       [] { return QStringLiteral("tijori clients add FILE"); },
       refusal},
      {QStringLiteral("clients.new"),
       group,
       tr("New application…"),
       QStringLiteral("issue certificate application"),
       {},
       [this] { new_application(); },
       [] { return QStringLiteral("tijori-ca issue NAME --role application"); },
       refusal},
      {QStringLiteral("clients.revoke"),
       group,
       tr("Revoke the chosen client…"),
       QStringLiteral("revoke निरस्त"),
       {},
       [this] {
         if (table_->currentIndex().isValid())
           ask_revoke(QString::fromStdString(clients_->client(table_->currentIndex().row()).name));
       },
       [this] {
         return table_->currentIndex().isValid()
                    ? QStringLiteral("tijori clients revoke %1")
                          .arg(QString::fromStdString(clients_->client(table_->currentIndex().row()).name))
                    : QString();
       },
       refusal},
  };
}

}  // namespace tijori

#include "admin-ui/views/new_application_dialog.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QPlainTextEdit>
#include <QPointer>
#include <QProcess>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

#include "admin-ui/models/client_table.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/screen.h"
#include "base/certificate.h"
#include "protocol/role.h"

namespace tijori {
namespace {

constexpr int width_px = 620;
constexpr int label_px = 148;
constexpr int margin_px = 16;  // to the window's edge
constexpr int test_limit_ms = 60'000;
constexpr qint64 max_test_output_bytes = 64 << 10;

QString title_of(IssueKind kind, const ClientInfo& client) {
  switch (kind) {
    case IssueKind::application:
      return NewApplicationDialog::tr("New application");
    case IssueKind::request:
      return NewApplicationDialog::tr("Issue from a certificate request");
    case IssueKind::renewal:
      return NewApplicationDialog::tr("Renew the certificate of %1").arg(QString::fromStdString(client.name));
  }
  return {};
}

QWidget* path_field(QLineEdit* field, const QString& name, QFileDialog::FileMode mode) {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  field->setAccessibleName(name);
  row->addWidget(field, 1);
  auto* choose = new Button(NewApplicationDialog::tr("Choose…"));
  choose->setAccessibleName(NewApplicationDialog::tr("Choose %1").arg(name));
  QObject::connect(choose, &Button::clicked, field, [field, name, mode] {
    const QString chosen = mode == QFileDialog::Directory
                               ? QFileDialog::getExistingDirectory(field, name, field->text())
                               : QFileDialog::getOpenFileName(field, name, field->text());
    if (!chosen.isEmpty()) field->setText(chosen);
  });
  row->addWidget(choose);
  return box;
}

QGridLayout* make_grid() {
  auto* grid = new QGridLayout;
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(8);
  grid->setColumnMinimumWidth(0, label_px);
  grid->setColumnStretch(1, 1);
  return grid;
}

void add_row(QGridLayout* grid, const QString& label, QWidget* field) {
  const int row = grid->rowCount();
  grid->addWidget(new TextLabel(label, Type::label, Colour::text2), row, 0);
  grid->addWidget(field, row, 1);
}

QString joined(const std::vector<std::string>& words) {
  QStringList list;
  for (const std::string& word : words) list << QString::fromStdString(word);
  return list.join(QStringLiteral(", "));
}

}  // namespace

NewApplicationDialog::NewApplicationDialog(Session& session, IssueKind kind, const ClientInfo& client, QWidget* parent)
    : QDialog(parent),
      session_(session),
      kind_(kind),
      client_(client),
      pages_(new QStackedWidget),
      name_(new QLineEdit),
      role_(new QComboBox),
      days_(new QSpinBox),
      authority_(new QLineEdit(QDir::homePath() + QStringLiteral("/tijori-ca"))),
      passphrase_(new PassphraseEdit),
      request_(new QLineEdit),
      out_(new QLineEdit),
      failure_(new TextLabel(Type::body, Colour::danger)),
      make_(new Button(kind == IssueKind::renewal ? tr("Issue and renew") : tr("Issue and add"), ButtonKind::primary)) {
  setWindowTitle(title_of(kind, client));
  name_->setObjectName(QStringLiteral("new_application.name"));
  role_->setObjectName(QStringLiteral("new_application.role"));
  days_->setObjectName(QStringLiteral("new_application.days"));
  authority_->setObjectName(QStringLiteral("new_application.authority"));
  passphrase_->setObjectName(QStringLiteral("new_application.passphrase"));
  request_->setObjectName(QStringLiteral("new_application.request"));
  out_->setObjectName(QStringLiteral("new_application.folder"));
  failure_->setObjectName(QStringLiteral("new_application.failure"));
  make_->setObjectName(QStringLiteral("new_application.make"));
  setMinimumWidth(width_px);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* title = new TextLabel(title_of(kind, client), Type::dialog_title);
  title->setContentsMargins(24, 16, 24, 4);
  column->addWidget(title);
  column->addWidget(make_steps());
  column->addWidget(make_divider(Qt::Horizontal));
  column->addWidget(pages_);
  QWidget* const form = make_form();
  pages_->addWidget(form);
  fit(*form->findChild<QScrollArea*>());
  mark_step(0);
  (kind_ == IssueKind::application ? name_ : kind_ == IssueKind::request ? request_ : passphrase_)->setFocus();
}

NewApplicationDialog::~NewApplicationDialog() = default;

// As tall as its form, or as the window leaves room for: the form is scrolled then.
void NewApplicationDialog::fit(const QScrollArea& scroll) {
  const QWidget& fields = *scroll.widget();
  const int fields_px = std::max(fields.sizeHint().height(), fields.heightForWidth(width_px));
  const int whole_px = sizeHint().height() - scroll.sizeHint().height() + fields_px;
  const int room_px = parentWidget() == nullptr ? whole_px : parentWidget()->window()->height() - 2 * margin_px;
  resize(width_px, std::min(whole_px, room_px));
}

QWidget* NewApplicationDialog::make_steps() {
  auto* strip = new QWidget;
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(24, 0, 24, 12);
  row->setSpacing(20);
  for (const QString& name : {tr("1 Who it is for"), tr("2 Who signs"), tr("3 Its folder")}) {
    steps_.append(new TextLabel(name, Type::body, Colour::text3));
    row->addWidget(steps_.back());
  }
  row->addStretch();
  return strip;
}

void NewApplicationDialog::mark_step(int step) {
  for (int i = 0; i < steps_.size(); ++i) {
    const bool form = step == 0 && i < 2;
    steps_.at(i)->set_role(form || i == step ? Colour::accent : i < step ? Colour::text2 : Colour::text3);
  }
}

QWidget* NewApplicationDialog::make_request_part() {
  auto* part = new QWidget;
  auto* column = new QVBoxLayout(part);
  column->setContentsMargins(0, 0, 0, 4);
  column->setSpacing(8);
  auto* grid = make_grid();
  add_row(grid, tr("Certificate request"), path_field(request_, tr("Certificate request"), QFileDialog::ExistingFile));
  column->addLayout(grid);
  auto* panel = new Panel;
  auto* sides = new QHBoxLayout;
  sides->setSpacing(0);
  const auto side = [sides](const QString& name, const char* object) {
    auto* words = new QVBoxLayout;
    words->setContentsMargins(12, 8, 12, 10);
    words->setSpacing(4);
    words->addWidget(new TextLabel(name, Type::body_strong));
    auto* text = new TextLabel(Type::label, Colour::text2);
    text->setObjectName(QLatin1String(object));
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    text->setFixedHeight(6 * Theme::instance().line_height(Type::label) + 8);
    words->addWidget(text);
    words->addStretch();
    sides->addLayout(words, 1);
    return text;
  };
  asked_ = side(tr("It asks for"), "new_application.asked");
  sides->addWidget(make_divider(Qt::Vertical));
  signed_ = side(tr("Will be signed"), "new_application.signed");
  panel->body()->addLayout(sides);
  column->addWidget(panel);
  connect(request_, &QLineEdit::textChanged, this, &NewApplicationDialog::read_request);
  return part;
}

QWidget* NewApplicationDialog::make_form() {
  auto* page = new QWidget;
  auto* outer = new QVBoxLayout(page);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  auto* fields = new QWidget;
  auto* column = new QVBoxLayout(fields);
  column->setContentsMargins(24, 14, 24, 8);
  column->setSpacing(8);
  column->addWidget(new TextLabel(tr("1 Who it is for"), Type::step_title));
  if (kind_ == IssueKind::request) column->addWidget(make_request_part());
  auto* who = make_grid();
  name_->setAccessibleName(tr("Name"));
  name_->setPlaceholderText(QStringLiteral("loan-desk"));
  add_row(who, tr("Name"), name_);
  for (const Role role : all_roles) role_->addItem(QString::fromStdString(std::string(name_of(role))));
  role_->setAccessibleName(tr("Role"));
  if (kind_ == IssueKind::renewal) {
    name_->setText(QString::fromStdString(client_.name));
    name_->setReadOnly(true);
    auto* roles = new QLineEdit(roles_text(client_.roles));
    roles->setReadOnly(true);
    roles->setAccessibleName(tr("Role"));
    add_row(who, tr("Role"), roles);
    role_->hide();
  } else {
    add_row(who, tr("Role"), role_);
  }
  days_->setRange(1, 3650);
  days_->setValue(365);
  days_->setAccessibleName(tr("Days it is valid"));
  add_row(who, tr("Days it is valid"), days_);
  column->addLayout(who);
  column->addSpacing(8);
  column->addWidget(new TextLabel(tr("2 Who signs"), Type::step_title));
  auto* note = new TextLabel(Type::label, Colour::text2);
  note->set_paragraph(
      tr("Signed on this machine, with the authority's key; the appliance only learns the certificate."));
  column->addWidget(note);
  auto* signer = make_grid();
  add_row(signer, tr("Authority's folder"), path_field(authority_, tr("Authority's folder"), QFileDialog::Directory));
  passphrase_->setAccessibleName(tr("Passphrase of the authority's key"));
  add_row(signer, tr("Its passphrase"), passphrase_);
  add_row(signer, tr("New folder"), path_field(out_, tr("New folder"), QFileDialog::Directory));
  column->addLayout(signer);
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->setWidget(fields);
  outer->addWidget(scroll, 1);
  auto* foot = new QVBoxLayout;
  foot->setContentsMargins(24, 8, 24, 16);
  foot->setSpacing(8);
  failure_->setWordWrap(true);
  failure_->hide();
  foot->addWidget(failure_);
  auto* buttons = new QHBoxLayout;
  auto* cancel = new Button(tr("Cancel"));
  cancel->setObjectName(QStringLiteral("new_application.cancel"));
  buttons->addStretch();
  buttons->addWidget(cancel);
  buttons->addWidget(make_);
  foot->addLayout(buttons);
  outer->addLayout(foot);
  const auto suggest = [this](const QString& name) {
    if (!out_->isModified()) out_->setText(QDir::homePath() + QLatin1Char('/') + name);
  };
  connect(name_, &QLineEdit::textChanged, this, suggest);
  if (kind_ == IssueKind::renewal)
    out_->setText(
        QStringLiteral("%1/%2-%3")
            .arg(QDir::homePath(), name_->text(), QDate::currentDate().toString(QStringLiteral("yyyy-MM-dd"))));
  if (kind_ == IssueKind::request) {
    connect(name_, &QLineEdit::textChanged, this, &NewApplicationDialog::say_what_is_signed);
    connect(role_, &QComboBox::currentTextChanged, this, &NewApplicationDialog::say_what_is_signed);
    connect(days_, &QSpinBox::valueChanged, this, &NewApplicationDialog::say_what_is_signed);
    read_request();
  }
  connect(cancel, &Button::clicked, this, &QDialog::reject);
  connect(make_, &Button::clicked, this, &NewApplicationDialog::make);
  make_->setDefault(true);
  return page;
}

void NewApplicationDialog::read_request() {
  facts_.reset();
  const QString path = request_->text();
  QFile file(path);
  if (path.isEmpty()) {
    asked_->set_paragraph(tr("Choose the file that the application's people sent."));
  } else if (!file.open(QIODevice::ReadOnly) || file.size() > static_cast<qint64>(max_pem_bytes)) {
    asked_->set_paragraph(tr("%1 can't be read.").arg(path));
  } else {
    auto facts = read_request_facts(file.readAll().toStdString());
    if (!facts) {
      asked_->set_paragraph(QString::fromStdString(facts.error().message));
    } else {
      facts_ = *std::move(facts);
      QStringList lines{
          tr("Subject: %1").arg(facts_->subject.empty() ? tr("none") : QString::fromStdString(facts_->subject)),
          tr("Key: %1, %2").arg(QString::fromStdString(facts_->key), short_digest(facts_->key_sha256))};
      if (!facts_->alternatives.empty()) lines << tr("Names: %1").arg(joined(facts_->alternatives));
      if (!facts_->other_extensions.empty()) lines << tr("Further wishes: %1").arg(joined(facts_->other_extensions));
      asked_->set_paragraph(lines.join(QLatin1Char('\n')));
      const QString wanted = QString::fromStdString(facts_->common_name);
      if (!name_->isModified() && check_client_name(facts_->common_name)) name_->setText(wanted);
    }
  }
  say_what_is_signed();
}

void NewApplicationDialog::say_what_is_signed() {
  if (signed_ == nullptr) return;
  if (!facts_) {
    signed_->set_paragraph(tr("Nothing yet."));
    make_->set_refusal(tr("Choose a certificate request first."));
    return;
  }
  make_->set_refusal({});
  const QString name = name_->text().isEmpty() ? tr("no name yet") : name_->text();
  QStringList lines{
      tr("Name: %1").arg(name), tr("Role: %1").arg(role_->currentText()),
      tr("Key: %1, %2").arg(QString::fromStdString(facts_->key), short_digest(facts_->key_sha256)),
      tr("Until: %1").arg(ist_date(QDateTime::currentDateTimeUtc().addDays(days_->value()).toMSecsSinceEpoch() * 1000)),
      tr("Use: as a client of this appliance, nothing else")};
  if (!facts_->alternatives.empty() || !facts_->other_extensions.empty())
    lines << tr("What else it asks for is left out.");
  signed_->set_paragraph(lines.join(QLatin1Char('\n')));
}

void NewApplicationDialog::fail_with(const QString& sentence) {
  make_->end_pending();
  failure_->set_paragraph(sentence);
  failure_->show();
}

// Unlocking takes a while on purpose: not in the GUI thread.
void NewApplicationDialog::make() {
  failure_->hide();
  ApplicationOrder order;
  order.kind = kind_;
  order.authority = authority_->text().toStdString();
  order.name = name_->text().toStdString();
  if (kind_ == IssueKind::renewal) {
    for (const Role role : all_roles)
      if (client_.roles.has(role)) order.roles.emplace_back(name_of(role));
  } else {
    order.roles = {role_->currentText().toStdString()};
  }
  order.days = days_->value();
  order.out = out_->text().toStdString();
  order.api_socket = session_.appliance().api_socket.toStdString();
  if (kind_ == IssueKind::request) order.request = request_->text().toStdString();
  auto passphrase = std::make_shared<Secret>(passphrase_->take());
  make_->set_pending(tr("Issuing"));
  const QPointer<NewApplicationDialog> self(this);
  maker_ = std::jthread([self, order, passphrase] {
    auto folder = std::make_shared<Result<ApplicationFolder>>(make_application(order, *passphrase));
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [self, folder] {
          if (self) self->take_folder(*folder);
        },
        Qt::QueuedConnection);
  });
}

void NewApplicationDialog::take_folder(const Result<ApplicationFolder>& folder) {
  if (!folder) return fail_with(QString::fromStdString(folder.error().message));
  const auto done = [this, folder = *folder](const Answer<ClientInfo>& answer) {
    if (!answer)
      return fail_with(tr("The certificate is in %1, but the appliance did not take it: %2")
                           .arg(QString::fromStdString(folder.folder.string()), sentence_of(answer.error())));
    emit added(QString::fromStdString(answer->name));
    show_done(folder);
  };
  if (kind_ == IssueKind::renewal) {
    session_.post<ClientInfo>("/admin/v1/clients/" + percent_encode(client_.name) + "/certificates",
                              AddCertificate{folder->certificate_pem}, this, done);
  } else {
    session_.post<ClientInfo>(
        "/admin/v1/clients", AddClient{.certificate = folder->certificate_pem, .roles = {}, .quota_tokens_per_day = {}},
        this, done);
  }
}

void NewApplicationDialog::show_done(const ApplicationFolder& folder) {
  mark_step(2);
  folder_ = QString::fromStdString(folder.folder.string());
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(24, 14, 24, 16);
  column->setSpacing(8);
  column->addWidget(new TextLabel(tr("3 Its folder"), Type::step_title));
  auto* facts = make_grid();
  auto* place = new TextLabel(folder_, Type::mono);
  place->setObjectName(QStringLiteral("new_application.place"));
  place->setTextInteractionFlags(Qt::TextSelectableByMouse);
  place->set_elide(Qt::ElideMiddle);
  add_row(facts, tr("Folder"), place);
  const auto files = [&](const QString& what, const QStringList& names) {
    QStringList there;
    for (const QString& name : names)
      if (std::ranges::find(folder.files, name.toStdString()) != folder.files.end()) there << name;
    if (!there.isEmpty()) add_row(facts, what, new TextLabel(there.join(QStringLiteral("  ")), Type::mono));
  };
  files(tr("Certificate"), {QStringLiteral("client.crt")});
  files(tr("Its key, keep it secret"), {QStringLiteral("client.key")});
  files(tr("The site's CA"), {QStringLiteral("ca.crt")});
  files(tr("Programs to start from"), {QStringLiteral("ask.sh"), QStringLiteral("ask.py"), QStringLiteral("ask.cpp")});
  add_row(facts, tr("Valid until"), new TextLabel(ist_stamp(folder.not_after_us), Type::body));
  column->addLayout(facts);
  output_ = new QPlainTextEdit;
  output_->setObjectName(QStringLiteral("new_application.test_output"));
  output_->setReadOnly(true);
  output_->setTabChangesFocus(true);
  output_->setFont(type(Type::mono));
  output_->setAccessibleName(tr("What the test printed"));
  output_->setPlaceholderText(tr("Run test asks the appliance one question as this application."));
  column->addWidget(output_, 1);
  auto* buttons = new QHBoxLayout;
  auto* test = new Button(tr("Run test"), ButtonKind::standard, QStringLiteral("play"));
  test->setObjectName(QStringLiteral("new_application.test"));
  const bool has_key = std::ranges::find(folder.files, "client.key") != folder.files.end();
  test->set_refusal(has_key ? QString() : tr("The key is with those who made the request: they run ask.sh there."));
  auto* open = new Button(tr("Open folder"), ButtonKind::quiet, QStringLiteral("folder2-open"));
  auto* close = new Button(tr("Close"), ButtonKind::primary);
  close->setObjectName(QStringLiteral("new_application.close"));
  buttons->addWidget(test);
  buttons->addWidget(open);
  buttons->addStretch();
  buttons->addWidget(close);
  column->addLayout(buttons);
  connect(test, &Button::clicked, this, &NewApplicationDialog::run_test);
  connect(open, &Button::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder_)); });
  connect(close, &Button::clicked, this, &QDialog::accept);
  pages_->addWidget(page);
  pages_->setCurrentWidget(page);
  (has_key ? test : close)->setFocus();
}

void NewApplicationDialog::run_test() {
  auto* process = new QProcess(this);
  process->setWorkingDirectory(folder_);
  process->setProcessChannelMode(QProcess::MergedChannels);
  output_->setPlainText(tr("Asking …"));
  connect(process, &QProcess::finished, this, [this, process](int status) {
    const QString said = QString::fromUtf8(process->read(max_test_output_bytes)).trimmed();
    output_->setPlainText(said + QLatin1Char('\n') +
                          (status == 0 ? tr("It works.") : tr("ask.sh ended with code %1.").arg(status)));
    process->deleteLater();
  });
  connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;
    output_->setPlainText(tr("ask.sh could not be run: %1").arg(process->errorString()));
    process->deleteLater();
  });
  QTimer::singleShot(test_limit_ms, process, &QProcess::kill);
  process->start(QStringLiteral("/bin/sh"), {QStringLiteral("ask.sh")});
}

}  // namespace tijori

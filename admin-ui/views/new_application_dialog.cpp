#include "admin-ui/views/new_application_dialog.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QGridLayout>
#include <QPlainTextEdit>
#include <QPointer>
#include <QProcess>
#include <QVBoxLayout>

#include "admin-ui/models/numbers.h"
#include "admin-ui/views/screen.h"
#include "protocol/role.h"

namespace tijori {
namespace {

constexpr int width_px = 560;
constexpr int test_limit_ms = 60'000;

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

}  // namespace

NewApplicationDialog::NewApplicationDialog(Session& session, QWidget* parent)
    : QDialog(parent),
      session_(session),
      pages_(new QStackedWidget),
      name_(new QLineEdit),
      role_(new QComboBox),
      days_(new QSpinBox),
      authority_(new QLineEdit(QDir::homePath() + QStringLiteral("/tijori-ca"))),
      passphrase_(new QLineEdit),
      request_(new QLineEdit),
      out_(new QLineEdit),
      failure_(new TextLabel(Type::body, Colour::danger)),
      make_(new Button(tr("Issue and add"), ButtonKind::primary)) {
  setWindowTitle(tr("New application"));
  setMinimumWidth(width_px);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(pages_);
  pages_->addWidget(make_form());
}

NewApplicationDialog::~NewApplicationDialog() = default;

QWidget* NewApplicationDialog::make_form() {
  auto* page = new QWidget;
  auto* grid = new QGridLayout(page);
  grid->setContentsMargins(24, 20, 24, 20);
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(10);
  int row = 0;
  const auto add = [&](const QString& label, QWidget* field) {
    grid->addWidget(new TextLabel(label, Type::label, Colour::text2), row, 0);
    grid->addWidget(field, row++, 1);
  };
  auto* note = new TextLabel(Type::body, Colour::text2);
  note->set_paragraph(
      tr("The certificate is signed on this machine, with the authority's key; the appliance only learns the "
         "certificate."));
  grid->addWidget(note, row++, 0, 1, 2);
  name_->setObjectName(QStringLiteral("new_application.name"));
  role_->setObjectName(QStringLiteral("new_application.role"));
  authority_->setObjectName(QStringLiteral("new_application.authority"));
  passphrase_->setObjectName(QStringLiteral("new_application.passphrase"));
  request_->setObjectName(QStringLiteral("new_application.request"));
  out_->setObjectName(QStringLiteral("new_application.folder"));
  failure_->setObjectName(QStringLiteral("new_application.failure"));
  make_->setObjectName(QStringLiteral("new_application.make"));
  name_->setAccessibleName(tr("Name"));
  name_->setPlaceholderText(QStringLiteral("loan-desk"));
  add(tr("Name"), name_);
  for (const Role role : all_roles) role_->addItem(QString::fromStdString(std::string(name_of(role))));
  role_->setAccessibleName(tr("Role"));
  add(tr("Role"), role_);
  days_->setRange(1, 3650);
  days_->setValue(365);
  days_->setAccessibleName(tr("Days it is valid"));
  add(tr("Days it is valid"), days_);
  add(tr("Authority's folder"), path_field(authority_, tr("Authority's folder"), QFileDialog::Directory));
  passphrase_->setEchoMode(QLineEdit::Password);
  passphrase_->setAccessibleName(tr("Passphrase of the authority's key"));
  add(tr("Its passphrase"), passphrase_);
  request_->setPlaceholderText(tr("none: a key is made"));
  add(tr("Certificate request"), path_field(request_, tr("Certificate request"), QFileDialog::ExistingFile));
  add(tr("New folder"), path_field(out_, tr("New folder"), QFileDialog::Directory));
  connect(name_, &QLineEdit::textEdited, this, [this](const QString& name) {
    if (!out_->isModified()) out_->setText(QDir::homePath() + QLatin1Char('/') + name);
  });
  failure_->setWordWrap(true);
  failure_->hide();
  grid->addWidget(failure_, row++, 0, 1, 2);
  auto* buttons = new QHBoxLayout;
  auto* cancel = new Button(tr("Cancel"));
  buttons->addStretch();
  buttons->addWidget(cancel);
  buttons->addWidget(make_);
  grid->addLayout(buttons, row, 0, 1, 2);
  connect(cancel, &Button::clicked, this, &QDialog::reject);
  connect(make_, &Button::clicked, this, &NewApplicationDialog::make);
  make_->setDefault(true);
  return page;
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
  order.authority = authority_->text().toStdString();
  order.name = name_->text().toStdString();
  order.roles = {role_->currentText().toStdString()};
  order.days = days_->value();
  order.out = out_->text().toStdString();
  order.api_socket = session_.appliance().api_socket.toStdString();
  order.request = request_->text().toStdString();
  const QByteArray typed = passphrase_->text().toUtf8();
  passphrase_->clear();
  auto passphrase = std::make_shared<Secret>(Bytes(typed.begin(), typed.end()));
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
  session_.post<ClientInfo>(
      "/admin/v1/clients", AddClient{.certificate = folder->certificate_pem, .roles = {}, .quota_tokens_per_day = {}},
      this, [this, folder = *folder](const Answer<ClientInfo>& answer) {
        if (!answer)
          return fail_with(tr("The certificate is in %1, but the appliance did not take it: %2")
                               .arg(QString::fromStdString(folder.folder.string()), sentence_of(answer.error())));
        emit added(QString::fromStdString(answer->name));
        show_done(folder);
      });
}

void NewApplicationDialog::show_done(const ApplicationFolder& folder) {
  folder_ = QString::fromStdString(folder.folder.string());
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(24, 20, 24, 20);
  column->setSpacing(8);
  column->addWidget(new TextLabel(tr("The application's folder is ready"), Type::dialog_title));
  column->addWidget(new TextLabel(folder_, Type::mono));
  for (const std::string& file : folder.files)
    column->addWidget(new TextLabel(QString::fromStdString(file), Type::mono, Colour::text2));
  column->addWidget(
      new TextLabel(tr("Valid until %1").arg(ist_stamp(folder.not_after_us)), Type::label, Colour::text2));
  auto* output = new QPlainTextEdit;
  output->setObjectName(QStringLiteral("new_application.test_output"));
  output->setReadOnly(true);
  output->setAccessibleName(tr("What the test printed"));
  output->setPlaceholderText(tr("Run test asks the appliance one question as this application."));
  column->addWidget(output);
  auto* buttons = new QHBoxLayout;
  auto* test = new Button(tr("Run test"), ButtonKind::standard, QStringLiteral("play"));
  auto* close = new Button(tr("Close"), ButtonKind::primary);
  test->setObjectName(QStringLiteral("new_application.test"));
  close->setObjectName(QStringLiteral("new_application.close"));
  buttons->addStretch();
  buttons->addWidget(test);
  buttons->addWidget(close);
  column->addLayout(buttons);
  connect(test, &Button::clicked, this, &NewApplicationDialog::run_test);
  connect(close, &Button::clicked, this, &QDialog::accept);
  pages_->addWidget(page);
  pages_->setCurrentWidget(page);
}

void NewApplicationDialog::run_test() {
  auto* output = findChild<QPlainTextEdit*>(QStringLiteral("new_application.test_output"));
  auto* process = new QProcess(this);
  process->setWorkingDirectory(folder_);
  process->setProcessChannelMode(QProcess::MergedChannels);
  output->setPlainText(tr("Asking …"));
  connect(process, &QProcess::finished, this, [process, output] {
    output->setPlainText(QString::fromUtf8(process->readAll()));
    process->deleteLater();
  });
  connect(process, &QProcess::errorOccurred, this, [output, process] {
    output->setPlainText(tr("ask.sh could not be run: %1").arg(process->errorString()));
    process->deleteLater();
  });
  QTimer::singleShot(test_limit_ms, process, &QProcess::kill);
  process->start(QStringLiteral("/bin/sh"), {QStringLiteral("ask.sh")});
}

}  // namespace tijori

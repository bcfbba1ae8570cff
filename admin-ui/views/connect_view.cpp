#include "admin-ui/views/connect_view.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/views/parts/panel.h"
#include "admin-ui/views/screen.h"

namespace tijori {
namespace {

constexpr int column_px = 456;

Secret take_secret(QLineEdit& field) {
  const QByteArray text = field.text().toUtf8();
  field.clear();
  return Secret(Bytes(text.begin(), text.end()));
}

}  // namespace

ConnectView::ConnectView(QWidget* parent)
    : QWidget(parent),
      store_(ApplianceStore::default_file()),
      list_(new QListWidget),
      name_(new QLineEdit),
      socket_(new QLineEdit),
      authority_(new QLineEdit),
      certificate_(new QLineEdit),
      key_(new QLineEdit),
      passphrase_(new QLineEdit),
      failure_(new TextLabel(Type::body, Colour::danger)),
      connect_(new Button(tr("Connect"), ButtonKind::primary)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  auto* left = new QWidget;
  left->setProperty("fill", "rail");
  left->setAttribute(Qt::WA_StyledBackground);
  left->setFixedWidth(column_px);
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(32, 32, 32, 24);
  column->setSpacing(6);
  column->addWidget(new TextLabel(QStringLiteral("Tijori"), Type::page_title));
  column->addWidget(new TextLabel(tr("Version %1").arg(QStringLiteral(TIJORI_VERSION)), Type::label, Colour::text2));
  column->addSpacing(12);
  column->addWidget(new TextLabel(tr("Appliances"), Type::body_strong));
  list_->setAccessibleName(tr("Appliances"));
  list_->setMaximumHeight(150);
  column->addWidget(list_);
  list_->setObjectName(QStringLiteral("connect.list"));
  const auto add = [column](const QString& label, const char* name, QLineEdit* field) {
    column->addWidget(new TextLabel(label, Type::label, Colour::text2));
    field->setAccessibleName(label);
    field->setObjectName(QLatin1String(name));
    column->addWidget(field);
  };
  add(tr("Name"), "connect.name", name_);
  add(tr("Socket"), "connect.socket", socket_);
  add(tr("CA certificate"), "connect.authority", authority_);
  add(tr("Your certificate"), "connect.certificate", certificate_);
  add(tr("Its key (not for PKCS#12)"), "connect.key", key_);
  add(tr("Passphrase"), "connect.passphrase", passphrase_);
  passphrase_->setEchoMode(QLineEdit::Password);
  failure_->setWordWrap(true);
  failure_->setObjectName(QStringLiteral("connect.failure"));
  connect_->setObjectName(QStringLiteral("connect.connect"));
  column->addWidget(failure_);
  column->addWidget(connect_);
  column->addStretch();
  row->addWidget(left);
  row->addStretch(1);
  connect(connect_, &Button::clicked, this, &ConnectView::try_connect);
  for (QLineEdit* field : {name_, socket_, authority_, certificate_, key_, passphrase_})
    connect(field, &QLineEdit::returnPressed, this, &ConnectView::try_connect);
  connect(list_, &QListWidget::currentRowChanged, this, [this](int index) {
    if (index >= 0) set_appliance(appliances_.at(static_cast<size_t>(index)));
  });
}

void ConnectView::reopen() {
  connect_->end_pending();
  fill_list();
}

void ConnectView::fill_list() {
  list_->clear();
  auto loaded = store_.load();
  if (!loaded) return show_failure(QString::fromStdString(loaded.error().message));
  appliances_ = *std::move(loaded);
  for (const Appliance& appliance : appliances_) list_->addItem(appliance.name);
  if (!appliances_.empty()) list_->setCurrentRow(0);
}

void ConnectView::set_appliance(const Appliance& appliance) {
  name_->setText(appliance.name);
  socket_->setText(appliance.admin_socket);
  authority_->setText(appliance.authority);
  certificate_->setText(appliance.certificate);
  key_->setText(appliance.key);
  passphrase_->clear();
  failure_->clear();
}

Appliance ConnectView::form() const {
  Appliance made;
  const auto known = std::ranges::find(appliances_, name_->text(), &Appliance::name);
  if (known != appliances_.end()) made = *known;
  made.name = name_->text();
  made.admin_socket = socket_->text();
  if (made.api_socket.isEmpty())
    made.api_socket = QFileInfo(made.admin_socket).absolutePath() + QStringLiteral("/api.sock");
  made.authority = authority_->text();
  made.certificate = certificate_->text();
  made.key = key_->text();
  return made;
}

void ConnectView::show_failure(const QString& sentence) {
  failure_->set_paragraph(sentence);
  connect_->end_pending();
}

void ConnectView::try_connect() {
  if (name_->text().isEmpty() || socket_->text().isEmpty())
    return show_failure(tr("Give the appliance a name and the path of its admin socket."));
  auto credentials = load_credentials(files_of(form()), take_secret(*passphrase_));
  if (!credentials) {
    const FailureText text = words_of(credentials.error());
    return show_failure(text.title + QLatin1Char(' ') + text.advice);
  }
  auto session = Session::create(form(), *std::move(credentials));
  if (!session) return show_failure(QString::fromStdString(session.error().message));
  session_ = *std::move(session);
  connect_->set_pending(tr("Connecting"));
  connect(session_.get(), &Session::capabilities_changed, this, [this] {
    auto appliances = appliances_;
    const Appliance& used = session_->appliance();
    const auto known = std::ranges::find(appliances, used.name, &Appliance::name);
    if (known == appliances.end()) {
      appliances.push_back(used);
    } else {
      *known = used;
    }
    (void)store_.save(appliances);
    connect_->end_pending();
    emit connected();
  });
  connect(session_.get(), &Session::link_changed, this, [this] {
    if (session_ && session_->last_error() != nullptr) {
      const FailureText text = words_of(classify(*session_->last_error(), session_->appliance()));
      show_failure(text.title + QLatin1Char(' ') + text.advice);
      session_.release()->deleteLater();
    }
  });
  session_->start();
}

std::unique_ptr<Session> ConnectView::take_session() {
  disconnect(session_.get(), nullptr, this, nullptr);
  return std::move(session_);
}

}  // namespace tijori

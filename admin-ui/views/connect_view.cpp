#include "admin-ui/views/connect_view.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QResizeEvent>
#include <QVBoxLayout>
#include <algorithm>

#include "admin-ui/client/background.h"
#include "admin-ui/client/connect_failure.h"
#include "admin-ui/client/credentials.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/appliance_list.h"
#include "admin-ui/views/connect_form.h"
#include "admin-ui/views/first_run_view.h"
#include "admin-ui/views/parts/panel.h"
#include "base/clock.h"

namespace tijori {
namespace {

constexpr int column_px = 456;
constexpr int one_column_below_px = 900;
constexpr int widest_right_px = 880;

}  // namespace

ConnectView::ConnectView(QWidget* parent)
    : QWidget(parent),
      store_(ApplianceStore::default_file()),
      scroll_(new QScrollArea),
      list_(new ApplianceList),
      none_saved_(new TextLabel(Type::label, Colour::text2)),
      form_title_(new TextLabel(Type::body_strong)),
      edit_(new Button(tr("Edit…"), ButtonKind::link)),
      forget_(new Button(tr("Forget…"), ButtonKind::link)),
      form_(new ConnectForm),
      connect_(new Button(tr("Connect"), ButtonKind::primary, QStringLiteral("box-arrow-in-right"))),
      save_(new Button(tr("Save"))),
      failure_(new Notice(Tone::danger)),
      forgetting_(new Notice(Tone::danger)),
      right_(new QStackedWidget),
      first_run_(new FirstRunView) {
  setObjectName(QStringLiteral("connect"));
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  auto* page = new QWidget;
  columns_ = new QBoxLayout(QBoxLayout::LeftToRight, page);
  columns_->setContentsMargins(0, 0, 0, 0);
  columns_->setSpacing(0);
  columns_->addWidget(make_left());
  columns_->addWidget(make_divider(Qt::Vertical));
  columns_->addWidget(make_right(), 1);
  scroll_->setWidget(page);
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setFocusPolicy(Qt::NoFocus);
  outer->addWidget(scroll_);

  connect(connect_, &Button::clicked, this, &ConnectView::try_connect);
  connect(save_, &Button::clicked, this, &ConnectView::save_form);
  connect(form_, &ConnectForm::submitted, this, &ConnectView::try_connect);
  connect(edit_, &Button::clicked, this, [this] { show_form(form_->appliance(), true); });
  connect(forget_, &Button::clicked, this, &ConnectView::ask_to_forget);
  connect(list_, &QListWidget::currentRowChanged, this, [this](int row) {
    if (row >= 0) show_form(appliances_.at(static_cast<size_t>(row)), false);
  });
  connect(list_, &QListWidget::itemActivated, this, [this] { form_->focus_first(); });
  connect(first_run_, &FirstRunView::left, this, [this] { right_->setCurrentIndex(1); });
  connect(first_run_, &FirstRunView::connect_asked, this,
          [this](const Appliance& appliance, std::shared_ptr<Secret> passphrase) {
            by_first_run_ = true;
            connect_with(appliance, std::move(passphrase));
          });
}

QWidget* ConnectView::make_left() {
  left_ = new QWidget;
  left_->setProperty("fill", "rail");
  left_->setAttribute(Qt::WA_StyledBackground);
  auto* column = new QVBoxLayout(left_);
  column->setContentsMargins(32, 28, 32, 24);
  column->setSpacing(8);
  auto* head = new QHBoxLayout;
  head->setSpacing(12);
  auto* picture = new QLabel;
  const auto draw = [this, picture] {
    picture->setPixmap(icon_pixmap(QStringLiteral("safe2"), Colour::accent, *this, 28));
  };
  draw();
  connect(&Theme::instance(), &Theme::changed, picture, draw);
  head->addWidget(picture);
  auto* names = new QVBoxLayout;
  names->setSpacing(0);
  names->addWidget(new TextLabel(tr("Tijori console"), Type::page_title));
  names->addWidget(new TextLabel(tr("Version %1, works without any network").arg(QStringLiteral(TIJORI_VERSION)),
                                 Type::label, Colour::text2));
  head->addLayout(names, 1);
  column->addLayout(head);
  column->addSpacing(16);

  auto* saved = new QHBoxLayout;
  saved->addWidget(new TextLabel(tr("Saved appliances"), Type::label, Colour::text2), 1);
  auto* add = new Button(tr("Add…"), ButtonKind::link);
  add->setObjectName(QStringLiteral("connect.add"));
  connect(add, &Button::clicked, this, [this] {
    list_->setCurrentRow(-1);
    show_form({}, true);
    form_->focus_first();
  });
  saved->addWidget(add);
  column->addLayout(saved);
  none_saved_->set_paragraph(tr("None yet. Fill in the form if you have a certificate, or set one up at the right."));
  column->addWidget(none_saved_);
  list_->setObjectName(QStringLiteral("connect.list"));
  list_->setAccessibleName(tr("Saved appliances"));
  column->addWidget(list_);
  column->addSpacing(8);

  auto* title = new QHBoxLayout;
  title->setSpacing(4);
  form_title_->set_elide(Qt::ElideRight);
  title->addWidget(form_title_, 1);
  edit_->setObjectName(QStringLiteral("connect.edit"));
  forget_->setObjectName(QStringLiteral("connect.forget"));
  title->addWidget(edit_);
  title->addWidget(forget_);
  column->addLayout(title);
  column->addWidget(form_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  connect_->setObjectName(QStringLiteral("connect.connect"));
  connect_->setToolTip(tr("Enter"));
  save_->setObjectName(QStringLiteral("connect.save"));
  buttons->addWidget(connect_, 1);
  buttons->addWidget(save_);
  column->addLayout(buttons);
  failure_->setObjectName(QStringLiteral("connect.notice"));
  failure_->title()->setObjectName(QStringLiteral("connect.failure"));
  column->addWidget(failure_);
  forgetting_->setObjectName(QStringLiteral("connect.forgetting"));
  auto* keep = new Button(tr("Keep it"));
  keep->setObjectName(QStringLiteral("connect.keep"));
  auto* sure = new Button(tr("Forget it"), ButtonKind::danger);
  sure->setObjectName(QStringLiteral("connect.forget-sure"));
  forgetting_->add_button(keep);
  forgetting_->add_button(sure);
  connect(keep, &Button::clicked, forgetting_, &QWidget::hide);
  connect(sure, &Button::clicked, this, [this] {
    forgetting_->hide();
    if (const Status gone = store_.forget(form_->appliance().name); !gone)
      return show_notice(tr("The list could not be written."), QString::fromStdString(gone.error().message));
    fill_list({});
  });
  column->addWidget(forgetting_);
  column->addStretch();
  column->addSpacing(16);
  column->addWidget(make_foot());
  return left_;
}

QWidget* ConnectView::make_foot() {
  auto* foot = new QWidget;
  auto* row = new QHBoxLayout(foot);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  const Preferences now = Preferences::load();
  // The names of languages are said in themselves.
  auto* language = new Segment({QStringLiteral("English"), QStringLiteral("हिन्दी")}, tr("Language"));
  language->setObjectName(QStringLiteral("connect.language"));
  language->choose(Theme::instance().script() == Script::devanagari ? 1 : 0);
  connect(language, &Segment::chosen_changed, this, [this](int chosen) {
    Preferences wanted = Preferences::load();
    wanted.language = chosen == 1 ? QStringLiteral("hi") : QStringLiteral("en");
    wanted.save();
    emit language_chosen(wanted.language);
  });
  auto* theme = new QComboBox;
  theme->setObjectName(QStringLiteral("connect.theme"));
  theme->setAccessibleName(tr("Theme"));
  theme->addItems({tr("System"), tr("Light"), tr("Dark"), tr("Contrast, black"), tr("Contrast, white")});
  theme->setCurrentIndex(static_cast<int>(now.look));
  connect(theme, &QComboBox::activated, this, [this](int chosen) {
    Preferences wanted = Preferences::load();
    wanted.look = static_cast<LookChoice>(chosen);
    wanted.save();
    emit preferences_changed(wanted);
  });
  row->addWidget(new TextLabel(tr("Language"), Type::label, Colour::text2));
  row->addWidget(language);
  row->addStretch();
  row->addWidget(new TextLabel(tr("Theme"), Type::label, Colour::text2));
  row->addWidget(theme);
  return foot;
}

QWidget* ConnectView::make_right() {
  auto* side = new QWidget;
  auto* row = new QHBoxLayout(side);
  row->setContentsMargins(32, 36, 32, 24);
  row->addStretch(1);
  right_->setMaximumWidth(widest_right_px);
  right_->addWidget(first_run_);
  right_->addWidget(make_seen_page());
  row->addWidget(right_, 100);
  row->addStretch(1);
  return side;
}

QWidget* ConnectView::make_seen_page() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(12);
  seen_ = new QVBoxLayout;
  seen_->setSpacing(4);
  column->addLayout(seen_);
  set_up_ = new Button(tr("Set up another appliance…"), ButtonKind::standard, QStringLiteral("plus-lg"));
  set_up_->setObjectName(QStringLiteral("connect.set-up"));
  connect(set_up_, &Button::clicked, this, [this] {
    first_run_->begin();
    right_->setCurrentWidget(first_run_);
  });
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(set_up_);
  buttons->addStretch();
  column->addLayout(buttons);
  column->addStretch();
  return page;
}

void ConnectView::reopen() {
  end_attempt();
  failure_->hide();
  fill_list(form_->appliance().name);
  show_right();
}

void ConnectView::fill_list(const QString& choose) {
  auto loaded = store_.load();
  if (!loaded) {
    appliances_.clear();
    show_notice(tr("The saved appliances can't be read."), QString::fromStdString(loaded.error().message));
  } else {
    appliances_ = *std::move(loaded);
  }
  {
    const QSignalBlocker quiet(list_);
    list_->fill(appliances_);
  }
  none_saved_->setVisible(appliances_.empty());
  if (appliances_.empty()) return show_form({}, true);
  list_->choose(choose);
  if (list_->currentRow() < 0) list_->setCurrentRow(0);
  show_form(appliances_.at(static_cast<size_t>(list_->currentRow())), false);
}

void ConnectView::show_form(const Appliance& appliance, bool editing) {
  failure_->hide();
  forgetting_->hide();
  form_->show_appliance(appliance, editing ? ConnectForm::Extent::whole : ConnectForm::Extent::credentials_alone);
  const bool saved = std::ranges::find(appliances_, appliance.name, &Appliance::name) != appliances_.end();
  form_title_->setText(appliance.name.isEmpty() ? tr("Connect to an appliance")
                       : editing                ? tr("Edit %1").arg(appliance.name)
                                                : tr("Connect to %1").arg(appliance.name));
  edit_->setVisible(saved && !editing);
  forget_->setVisible(saved);
  save_->setVisible(editing);
  if (saved) fill_seen(appliance);
}

void ConnectView::show_right() {
  const bool begun = first_run_->is_begun();
  if (appliances_.empty() || begun) {
    first_run_->begin();
    right_->setCurrentWidget(first_run_);
    if (appliances_.empty()) fill_seen({});
    return;
  }
  right_->setCurrentIndex(1);
}

void ConnectView::fill_seen(const Appliance& appliance) {
  delete seen_content_;
  seen_content_ = new QWidget;
  auto* column = new QVBoxLayout(seen_content_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  if (appliance.name.isEmpty()) {
    column->addWidget(new TextLabel(tr("No appliance yet"), Type::page_title));
    auto* note = new TextLabel(Type::body, Colour::text2);
    note->set_paragraph(tr("Set one up from here, or connect with a certificate that somebody gave you."));
    column->addWidget(note);
    set_up_->setText(tr("Set up an appliance…"));
    seen_->addWidget(seen_content_);
    return;
  }
  set_up_->setText(first_run_->is_begun() ? tr("Go on with the set-up…") : tr("Set up another appliance…"));
  column->addWidget(new TextLabel(appliance.name, Type::page_title));
  auto* note = new TextLabel(Type::body, Colour::text2);
  note->set_paragraph(appliance.last_seen_us == 0
                          ? tr("This console has not been connected to it yet.")
                          : tr("As it was when this console last saw it. Connect to see how it is now."));
  column->addWidget(note);
  column->addSpacing(12);
  auto* panel = new Panel(tr("Last seen"), {});
  panel->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  auto* facts = new QVBoxLayout;
  facts->setContentsMargins(16, 12, 16, 12);
  facts->setSpacing(6);
  panel->body()->addLayout(facts);
  const auto fact = [facts](const QString& name, const QString& value, Type kind = Type::body) {
    auto* row = new QHBoxLayout;
    auto* label = new TextLabel(name, Type::label, Colour::text2);
    label->setFixedWidth(144);
    auto* shown = new TextLabel(value, kind);
    shown->set_elide(Qt::ElideMiddle);
    shown->setAccessibleName(name + QStringLiteral(": ") + value);
    row->addWidget(label);
    row->addWidget(shown, 1);
    facts->addLayout(row);
  };
  fact(tr("State"), seen_text(appliance));
  if (!appliance.version.isEmpty())
    fact(tr("Version"), appliance.version == QLatin1String(TIJORI_VERSION)
                            ? appliance.version
                            : tr("%1; this console is %2").arg(appliance.version, QStringLiteral(TIJORI_VERSION)));
  fact(tr("Reached by"), reach_text(appliance));
  fact(tr("Admin socket"), appliance.admin_socket, Type::mono);
  fact(tr("Socket there now"), QFileInfo::exists(appliance.admin_socket) ? tr("yes") : tr("no"));
  fact(tr("Certificate"), appliance.certificate, Type::mono);
  fact(tr("CA"), appliance.authority.isEmpty() ? tr("in the PKCS#12 file") : appliance.authority, Type::mono);
  column->addWidget(panel);
  seen_->addWidget(seen_content_);
}

void ConnectView::set_appliance(const Appliance& appliance) {
  const bool saved = std::ranges::find(appliances_, appliance.name, &Appliance::name) != appliances_.end();
  if (saved) {
    const QSignalBlocker quiet(list_);
    list_->choose(appliance.name);
  }
  show_form(appliance, !saved);
}

void ConnectView::ask_to_forget() {
  const Appliance appliance = form_->appliance();
  failure_->hide();
  forgetting_->say(tr("Forget %1?").arg(appliance.name),
                   tr("1 entry of this list goes. The appliance, your certificate and its file stay as they are."));
}

void ConnectView::save_form() {
  const Appliance appliance = form_->appliance();
  if (appliance.name.isEmpty() || appliance.admin_socket.isEmpty())
    return show_notice(tr("A name and a socket are needed."), tr("Fill in both fields, then save."));
  if (const Status saved = store_.put(appliance); !saved)
    return show_notice(tr("The list could not be written."), QString::fromStdString(saved.error().message));
  fill_list(appliance.name);
}

void ConnectView::try_connect() {
  if (!connect_->isEnabled()) return;
  const Appliance appliance = form_->appliance();
  auto passphrase = std::make_shared<Secret>(form_->take_passphrase());
  if (appliance.name.isEmpty() || appliance.admin_socket.isEmpty())
    return show_notice(tr("A name and a socket are needed."), tr("Fill in both fields, then connect."));
  by_first_run_ = false;
  connect_with(appliance, std::move(passphrase));
}

// Deriving the key from the passphrase takes its time.
void ConnectView::connect_with(const Appliance& appliance, std::shared_ptr<Secret> passphrase) {
  failure_->hide();
  forgetting_->hide();
  connect_->set_pending(tr("Connecting"));
  in_background<std::expected<Credentials, ConnectFailure>>(
      this, [files = files_of(appliance), passphrase] { return load_credentials(files, *passphrase); },
      [this, appliance](std::expected<Credentials, ConnectFailure>& credentials) {
        take_credentials(appliance, credentials);
      });
}

void ConnectView::take_credentials(const Appliance& appliance,
                                   std::expected<Credentials, ConnectFailure>& credentials) {
  if (!credentials) return show_failure(credentials.error());
  auto session = Session::create(appliance, *std::move(credentials));
  if (!session)
    return show_failure(
        {ConnectFault::other, appliance.admin_socket, 0, QString::fromStdString(session.error().message)});
  session_ = *std::move(session);
  connect(session_.get(), &Session::capabilities_changed, this, &ConnectView::take_first_answer);
  connect(session_.get(), &Session::link_changed, this, [this] {
    if (!session_ || session_->last_error() == nullptr) return;
    const ConnectFailure failure = classify(*session_->last_error(), session_->appliance());
    session_->pause();
    session_.release()->deleteLater();
    show_failure(failure);
  });
  session_->start();
}

void ConnectView::take_first_answer() {
  const Fitness fitness = judge(*session_->capabilities());
  if (fitness != Fitness::fit) {
    const ConnectFailure failure{
        fitness == Fitness::protocol_mismatch ? ConnectFault::protocol_mismatch : ConnectFault::role_too_small,
        session_->appliance().admin_socket,
        0,
        {}};
    session_->pause();
    session_.release()->deleteLater();
    return show_failure(failure);
  }
  remember(*session_);
  end_attempt();
  if (by_first_run_) first_run_->finish();
  emit connected();
}

void ConnectView::remember(const Session& session) {
  Appliance seen = session.appliance();
  // What is derived stays so when the other socket changes.
  Appliance derived = seen;
  derived.api_socket.clear();
  if (seen.api_socket == api_socket_of(derived)) seen.api_socket.clear();
  if (session.capabilities()) {
    seen.last_seen_us = wall_clock_us();
    seen.version = QString::fromStdString(session.capabilities()->version);
  }
  if (session.status()) {
    const std::string_view health = name_of(session.status()->health);
    seen.health = QString::fromUtf8(health.data(), static_cast<qsizetype>(health.size()));
    seen.last_seen_us = wall_clock_us() - session.status_age_ms() * 1'000;
  }
  (void)ApplianceStore(ApplianceStore::default_file()).put(seen);
}

void ConnectView::end_attempt() {
  connect_->end_pending();
}

void ConnectView::show_failure(const ConnectFailure& failure) {
  const FailureText text = words_of(failure);
  end_attempt();
  if (by_first_run_) return first_run_->say_failure(text.title, text.advice);
  show_notice(tr("Last try, %1: %2").arg(ist_time(wall_clock_us()) + QStringLiteral(" IST"), text.title), text.advice,
              text.command);
  form_->focus_first();
}

void ConnectView::show_notice(const QString& title, const QString& advice, const QString& command) {
  end_attempt();
  failure_->say(title, advice, command);
  scroll_->ensureWidgetVisible(failure_);
}

std::unique_ptr<Session> ConnectView::take_session() {
  disconnect(session_.get(), nullptr, this, nullptr);
  return std::move(session_);
}

void ConnectView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  const bool narrow = width() < one_column_below_px;
  columns_->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  left_->setMinimumWidth(narrow ? 0 : column_px);
  left_->setMaximumWidth(narrow ? QWIDGETSIZE_MAX : column_px);
}

}  // namespace tijori

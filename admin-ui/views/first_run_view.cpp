#include "admin-ui/views/first_run_view.h"

#include <QDir>
#include <QFileDialog>
#include <QGridLayout>
#include <QRegularExpressionValidator>
#include <QTimer>

#include "admin-ui/client/background.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/views/parts/panel.h"
#include "base/certificate.h"

namespace tijori {
namespace {

constexpr int step_count = 4;
constexpr int max_days = 3650;
constexpr int default_days = 365;
// What the first administrator needs to see and try everything; a second person comes later.
constexpr const char* first_roles[] = {"operator", "auditor", "guardrail-editor", "application"};

struct Made {
  Status status;
  FirstRun run;
};

QRegularExpressionValidator* name_validator(QObject* owner) {
  static const QRegularExpression allowed(QStringLiteral("[a-z0-9][a-z0-9._-]{0,63}"));
  return new QRegularExpressionValidator(allowed, owner);
}

QString login_name() {
  QString name = qEnvironmentVariable("USER").toLower();
  static const QRegularExpression unfit(QStringLiteral("[^a-z0-9._-]"));
  return name.remove(unfit);
}

// Fields with their labels above, two side by side.
class FieldGrid : public QWidget {
 public:
  FieldGrid() : grid_(new QGridLayout(this)) {
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(16);
    grid_->setVerticalSpacing(4);
    grid_->setColumnStretch(0, 1);
    grid_->setColumnStretch(1, 1);
  }
  void add(const QString& label, const char* name, QWidget* field, int columns = 1) {
    if (column_ + columns > 2) next_line();
    auto* words = new TextLabel(label, Type::label, Colour::text2);
    words->setBuddy(field);
    field->setAccessibleName(label);
    field->setObjectName(QLatin1String(name));
    grid_->addWidget(words, line_, column_, 1, columns);
    grid_->addWidget(field, line_ + 1, column_, 1, columns);
    column_ += columns;
  }

 private:
  void next_line() {
    line_ += 3;
    column_ = 0;
    grid_->setRowMinimumHeight(line_ - 1, 4);
  }
  QGridLayout* grid_;
  int line_ = 0;
  int column_ = 0;
};

}  // namespace

FirstRunView::FirstRunView(QWidget* parent)
    : QWidget(parent), store_(FirstRunStore::default_folder()), outer_(new QVBoxLayout(this)) {
  setObjectName(QStringLiteral("firstrun"));
  outer_->setContentsMargins(0, 0, 0, 0);
}

void FirstRunView::begin() {
  const auto begun = store_.load();
  run_ = begun ? *begun : FirstRun{};
  if (run_.authority_folder.isEmpty()) run_.authority_folder = QDir::homePath() + QStringLiteral("/tijori-ca");
  if (run_.administrator.isEmpty()) run_.administrator = login_name();
  if (run_.roles.isEmpty())
    for (const char* const role : first_roles) run_.roles << QLatin1String(role);
  rebuild();
}

void FirstRunView::save() {
  const Status saved = store_.save(run_);
  if (!saved && notice_ != nullptr)
    notice_->say(tr("What was done so far can't be remembered."), QString::fromStdString(saved.error().message));
}

// The page holds the button whose click we are in.
void FirstRunView::rebuild_soon() {
  QTimer::singleShot(0, this, [this] { rebuild(); });
}

void FirstRunView::rebuild() {
  delete page_;
  roles_.clear();
  go_ = nullptr;
  page_ = new QWidget;
  auto* column = new QVBoxLayout(page_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->addWidget(
      new TextLabel(run_.appliance.isEmpty() ? tr("Set up an appliance") : tr("Set up %1").arg(run_.appliance),
                    Type::page_title),
      1);
  auto* leave = new Button(tr("Leave set-up"), ButtonKind::quiet);
  leave->setObjectName(QStringLiteral("firstrun.leave"));
  connect(leave, &Button::clicked, this, &FirstRunView::left);
  head->addWidget(leave);
  column->addLayout(head);
  const int at = static_cast<int>(run_.step);
  auto* note = new TextLabel(Type::body, Colour::text2);
  note->set_paragraph(tr("Step %1 of %2. You can close this window and go on later; nothing is half made.")
                          .arg(at + 1)
                          .arg(step_count));
  column->addWidget(note);
  column->addSpacing(12);

  auto* panel = new Panel;
  auto* steps = new QVBoxLayout;
  steps->setContentsMargins(24, 24, 24, 24);
  steps->setSpacing(0);
  panel->body()->addLayout(steps);
  const QString titles[2][step_count] = {
      {tr("Certificate authority made on this machine"), tr("Your certificate made"),
       tr("The command was run on the appliance"), tr("Connected")},
      {tr("Make the certificate authority, on this machine"), tr("Make your certificate, on this machine"),
       tr("Run one command on the appliance, as root"), tr("Connect")}};
  notice_ = new Notice(Tone::danger);
  notice_->setObjectName(QStringLiteral("firstrun.notice"));
  notice_->title()->setObjectName(QStringLiteral("firstrun.failure"));
  for (int i = 0; i < step_count; ++i) {
    const auto state = i < at ? StepRow::State::done : i == at ? StepRow::State::current : StepRow::State::coming;
    auto* row = new StepRow(i + 1, state, titles[i < at ? 0 : 1][i],
                            i + 1 == step_count ? StepRow::Place::last : StepRow::Place::before_others);
    steps->addWidget(row);
    if (state == StepRow::State::done) add_facts(*row, static_cast<FirstStep>(i));
    if (state != StepRow::State::current) continue;
    switch (run_.step) {
      case FirstStep::authority:
        fill_authority(*row);
        break;
      case FirstStep::certificate:
        fill_certificate(*row);
        break;
      case FirstStep::command:
        fill_command(*row);
        break;
      case FirstStep::connect:
        fill_connect(*row);
        break;
    }
    row->add(notice_);
  }
  column->addWidget(panel);
  column->addSpacing(8);
  auto* shell = new QHBoxLayout;
  shell->setSpacing(8);
  auto* picture = new QLabel;
  picture->setPixmap(icon_pixmap(QStringLiteral("terminal"), Colour::text2, *this));
  shell->addWidget(picture);
  shell->addWidget(new TextLabel(tr("The same from a shell:"), Type::label, Colour::text2));
  auto* command = new TextLabel(shell_way(run_), Type::mono, Colour::text2);
  command->set_elide(Qt::ElideRight);
  shell->addWidget(command, 1);
  column->addLayout(shell);
  column->addStretch();
  outer_->addWidget(page_);
}

void FirstRunView::add_facts(StepRow& row, FirstStep step) {
  switch (step) {
    case FirstStep::authority:
      row.add_fact(tr("Name"), run_.authority_name);
      row.add_fact(tr("Key"), tr("EC P-256, held by your passphrase, never sent to an appliance"));
      row.add_fact(tr("Folder"), run_.authority_folder, Type::mono);
      row.add_fact(tr("Valid until"), ist_date(run_.authority_not_after_us));
      break;
    case FirstStep::certificate:
      row.add_fact(tr("Name"), run_.administrator);
      row.add_fact(tr("Roles"), run_.roles.join(QStringLiteral(", ")));
      row.add_fact(tr("File"), run_.identity, Type::mono);
      row.add_fact(tr("Valid"), tr("%1 to %2").arg(ist_date(run_.not_before_us), ist_date(run_.not_after_us)));
      break;
    case FirstStep::command:
      row.add_fact(tr("Fingerprint"), tr("compared, it matches"));
      break;
    case FirstStep::connect:
      break;
  }
}

void FirstRunView::fill_authority(StepRow& row) {
  row.add_paragraph(
      tr("The CA says whose certificates are believed, at your site alone. Its key stays here, encrypted: an appliance "
         "never sees it. Keep the folder and the passphrase as you keep the keys of the safe."));
  auto* grid = new FieldGrid;
  appliance_ = new QLineEdit(run_.appliance);
  appliance_->setPlaceholderText(QStringLiteral("tijori-mum-02"));
  appliance_->setValidator(name_validator(appliance_));
  grid->add(tr("Name of the appliance"), "firstrun.appliance", appliance_);
  name_ = new QLineEdit(run_.authority_name);
  name_->setPlaceholderText(tr("Sahyadri Co-operative Bank, Tijori CA"));
  name_->setMaxLength(static_cast<int>(max_client_name_bytes));
  grid->add(tr("Name of the CA: your organisation"), "firstrun.authority-name", name_);
  folder_ = new PathEdit(PathEdit::Wanted::folder, tr("Folder of the CA"));
  folder_->setText(run_.authority_folder);
  grid->add(tr("Folder of the CA"), "firstrun.authority-folder", folder_, 2);
  new_passphrase_ = new PassphraseEdit;
  grid->add(tr("New passphrase, at least 8 characters"), "firstrun.new-passphrase", new_passphrase_);
  again_ = new PassphraseEdit;
  grid->add(tr("The same passphrase again"), "firstrun.again", again_);
  row.add(grid);
  auto* known = new Notice(Tone::info);
  known->setObjectName(QStringLiteral("firstrun.known"));
  row.add(known);
  go_ = new Button(tr("Make the CA"), ButtonKind::primary);
  go_->setObjectName(QStringLiteral("firstrun.go"));
  const auto look = [this, known] {
    const auto there = find_authority(folder_->path());
    known->setVisible(there.has_value());
    if (there)
      known->say(tr("There is a CA in this folder already: %1").arg(there->name),
                 tr("Valid until %1. It can be used for this appliance too.").arg(ist_date(there->not_after_us)));
    for (QWidget* const field :
         {static_cast<QWidget*>(name_), static_cast<QWidget*>(new_passphrase_), static_cast<QWidget*>(again_)})
      field->setEnabled(!there);
    go_->setText(there ? tr("Use this CA") : tr("Make the CA"));
  };
  connect(folder_, &QLineEdit::textChanged, this, look);
  look();
  connect(go_, &Button::clicked, this, &FirstRunView::make_authority);
  for (QLineEdit* const field : {appliance_, name_, static_cast<QLineEdit*>(folder_),
                                 static_cast<QLineEdit*>(new_passphrase_), static_cast<QLineEdit*>(again_)})
    connect(field, &QLineEdit::returnPressed, go_, &Button::click);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(0, 8, 0, 0);
  buttons->addWidget(go_);
  buttons->addStretch();
  row.body()->addLayout(buttons);
}

void FirstRunView::make_authority() {
  const auto one = std::make_shared<Secret>(new_passphrase_->take());
  const Secret again = again_->take();
  run_.appliance = appliance_->text();
  run_.authority_name = name_->text().trimmed();
  run_.authority_folder = folder_->path();
  if (run_.appliance.isEmpty())
    return notice_->say(tr("Give the appliance a name."),
                        tr("Small letters, digits, dots and dashes: it is shown here and in its certificate."));
  const bool known = find_authority(run_.authority_folder).has_value();
  if (!known) {
    if (run_.authority_name.isEmpty())
      return notice_->say(tr("Give the CA a name."), tr("The name of your organisation does well."));
    const PassphraseFault fault = check_new_passphrase(*one, again);
    if (fault == PassphraseFault::too_short)
      return notice_->say(tr("The passphrase is too short."),
                          tr("It needs at least 8 characters; four words are good."));
    if (fault == PassphraseFault::too_long)
      return notice_->say(tr("The passphrase is too long."), tr("1024 bytes are the most."));
    if (fault == PassphraseFault::differs)
      return notice_->say(tr("The two passphrases differ."), tr("Type the same one in both fields."));
  }
  go_->set_pending(tr("Making the key"));
  in_background<Made>(
      this,
      [run = run_, one, known] {
        Made made{{}, run};
        made.status = known ? use_site_authority(made.run) : make_site_authority(made.run, *one);
        return made;
      },
      [this](Made& made) { take(made.status, made.run); });
}

void FirstRunView::fill_certificate(StepRow& row) {
  row.add_paragraph(
      tr("It says who you are to the appliance. It lies in one file, encrypted with a passphrase of yours, which the "
         "console asks for whenever you connect."));
  auto* grid = new FieldGrid;
  name_ = new QLineEdit(run_.administrator);
  name_->setPlaceholderText(QStringLiteral("anita.rao"));
  name_->setValidator(name_validator(name_));
  grid->add(tr("Your name in it"), "firstrun.administrator", name_);
  days_ = new QSpinBox;
  days_->setRange(1, max_days);
  days_->setValue(default_days);
  grid->add(tr("Days it is valid"), "firstrun.days", days_);
  auto* roles = new QWidget;
  auto* boxes = new QHBoxLayout(roles);
  boxes->setContentsMargins(0, 0, 0, 0);
  boxes->setSpacing(16);
  for (const char* const role : first_roles) {
    auto* box = new QCheckBox(QLatin1String(role));
    box->setObjectName(QStringLiteral("firstrun.role.") + QLatin1String(role));
    box->setChecked(run_.roles.contains(QLatin1String(role)));
    if (qstrcmp(role, "operator") == 0) {
      box->setToolTip(tr("The first administrator has to be an operator."));
      connect(box, &QCheckBox::toggled, box, [box] { box->setChecked(true); });
    }
    roles_.push_back(box);
    boxes->addWidget(box);
  }
  boxes->addStretch();
  grid->add(tr("Roles"), "firstrun.roles", roles, 2);
  passphrase_ = new PassphraseEdit;
  grid->add(tr("Passphrase of the CA"), "firstrun.passphrase", passphrase_, 2);
  new_passphrase_ = new PassphraseEdit;
  grid->add(tr("New passphrase for your certificate"), "firstrun.new-passphrase", new_passphrase_);
  again_ = new PassphraseEdit;
  grid->add(tr("The same passphrase again"), "firstrun.again", again_);
  row.add(grid);
  auto* known = new Notice(Tone::info);
  row.add(known);
  const auto look = [this, known] {
    run_.administrator = name_->text();
    const bool there = has_identity(run_, store_.folder());
    known->setVisible(there);
    if (there)
      known->say(tr("%1 has a certificate of this CA already.").arg(name_->text()),
                 tr("It is used for this appliance too; only the CA's passphrase is needed."));
    new_passphrase_->setEnabled(!there);
    again_->setEnabled(!there);
  };
  connect(name_, &QLineEdit::textChanged, this, look);
  look();
  go_ = new Button(tr("Make the certificate"), ButtonKind::primary);
  go_->setObjectName(QStringLiteral("firstrun.go"));
  connect(go_, &Button::clicked, this, &FirstRunView::make_certificate);
  for (QLineEdit* const field : {name_, static_cast<QLineEdit*>(passphrase_), static_cast<QLineEdit*>(new_passphrase_),
                                 static_cast<QLineEdit*>(again_)})
    connect(field, &QLineEdit::returnPressed, go_, &Button::click);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(0, 8, 0, 0);
  buttons->addWidget(go_);
  buttons->addStretch();
  row.body()->addLayout(buttons);
}

void FirstRunView::make_certificate() {
  const auto authority = std::make_shared<Secret>(passphrase_->take());
  const auto own = std::make_shared<Secret>(new_passphrase_->take());
  const Secret again = again_->take();
  run_.administrator = name_->text();
  run_.roles.clear();
  for (const QCheckBox* const box : roles_)
    if (box->isChecked()) run_.roles << box->text();
  if (run_.administrator.isEmpty())
    return notice_->say(tr("Give yourself a name."), tr("Small letters, digits, dots and dashes, as in anita.rao."));
  if (authority->bytes().empty())
    return notice_->say(tr("The CA's passphrase is needed."), tr("It is the one you chose in the first step."));
  if (!has_identity(run_, store_.folder())) {
    const PassphraseFault fault = check_new_passphrase(*own, again);
    if (fault == PassphraseFault::differs)
      return notice_->say(tr("The two passphrases differ."), tr("Type the same one in both fields."));
    if (fault != PassphraseFault::none)
      return notice_->say(tr("The passphrase is too short."),
                          tr("It needs at least 8 characters; four words are good."));
  }
  go_->set_pending(tr("Making the certificate"));
  in_background<Made>(
      this,
      [run = run_, folder = store_.folder(), days = days_->value(), authority, own] {
        Made made{{}, run};
        made.status = make_certificates(made.run, folder, days, *authority, *own);
        return made;
      },
      [this](Made& made) { take(made.status, made.run); });
}

void FirstRunView::take(const Status& status, const FirstRun& made) {
  if (go_ != nullptr) go_->end_pending();
  if (!status) {
    const QString detail = QString::fromStdString(status.error().message);
    switch (status.error().code) {
      case ErrorCode::permission_denied:
        return run_.step == FirstStep::certificate ? notice_->say(tr("That is not the CA's passphrase."),
                                                                  tr("Type it again: capital and small letters count."))
                                                   : notice_->say(tr("The folder can't be written to."), detail);
      case ErrorCode::already_exists:
        return notice_->say(tr("It is there already."), detail);
      default:
        return notice_->say(tr("It could not be made."), detail);
    }
  }
  run_ = made;
  save();
  rebuild_soon();
}

void FirstRunView::fill_command(StepRow& row) {
  row.add_paragraph(
      tr("Carry the folder %1 to %2 on a USB stick and run this there. It works only while no administrator is "
         "registered, and it is written to the audit log.")
          .arg(QLatin1String(carried_folder_name), run_.appliance));
  command_ = new CommandBox;
  command_->set_command(enrol_command(run_));
  command_->setObjectName(QStringLiteral("firstrun.command"));
  auto* write = new Button(tr("Write to USB…"), ButtonKind::standard, QStringLiteral("usb-drive"), ButtonSize::compact);
  write->setObjectName(QStringLiteral("firstrun.write"));
  connect(write, &Button::clicked, this, &FirstRunView::write_to_stick);
  command_->add_button(write);
  row.add(command_);
  auto* grid = new FieldGrid;
  auto* there = new QLineEdit(run_.folder_there);
  there->setFont(type(Type::mono));
  grid->add(tr("Where the folder is on the appliance"), "firstrun.folder-there", there);
  auto* root = new QLineEdit(run_.root_there);
  root->setFont(type(Type::mono));
  root->setPlaceholderText(tr("none: an installed appliance"));
  grid->add(tr("tijorid's root folder, for a trial"), "firstrun.root-there", root);
  row.add(grid);
  const auto follow = [this, there, root] {
    run_.folder_there = there->text().trimmed();
    run_.root_there = root->text().trimmed();
    command_->set_command(enrol_command(run_));
    save();
  };
  connect(there, &QLineEdit::textEdited, this, follow);
  connect(root, &QLineEdit::textEdited, this, follow);
  if (!run_.carried_copy.isEmpty())
    row.add_paragraph(
        tr("Written to %1. Erase it from the stick afterwards: it holds the appliance's key.").arg(run_.carried_copy));
  row.add_paragraph(tr("The command prints a fingerprint. It must be this one, or somebody has changed the files:"));
  auto* box = new QFrame;
  box->setProperty("panel", true);
  auto* lines = new QVBoxLayout(box);
  lines->setContentsMargins(14, 8, 14, 8);
  lines->setSpacing(0);
  for (const QString& line : fingerprint_lines(run_.sha256)) lines->addWidget(new TextLabel(line, Type::mono));
  box->setObjectName(QStringLiteral("firstrun.fingerprint"));
  box->setAccessibleName(tr("Fingerprint: %1").arg(fingerprint_lines(run_.sha256).join(QLatin1Char(' '))));
  row.add(box);
  auto* matches = new Button(tr("It matches, go on"), ButtonKind::primary, QStringLiteral("check-lg"));
  matches->setObjectName(QStringLiteral("firstrun.matches"));
  auto* differs = new Button(tr("It differs"));
  differs->setObjectName(QStringLiteral("firstrun.differs"));
  connect(matches, &Button::clicked, this, &FirstRunView::it_matches);
  connect(differs, &Button::clicked, this, &FirstRunView::it_differs);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(0, 4, 0, 0);
  buttons->setSpacing(8);
  buttons->addWidget(matches);
  buttons->addWidget(differs);
  buttons->addStretch();
  row.body()->addLayout(buttons);
}

void FirstRunView::write_to_stick() {
  const QString target =
      QFileDialog::getExistingDirectory(this, tr("Where to write the folder"), QStringLiteral("/media"));
  if (target.isEmpty()) return;
  const auto written = copy_carried(run_, target);
  if (!written)
    return notice_->say(tr("The folder could not be written."), QString::fromStdString(written.error().message));
  run_.carried_copy = *written;
  save();
  rebuild_soon();
}

void FirstRunView::it_matches() {
  run_.step = FirstStep::connect;
  save();
  rebuild_soon();
}

void FirstRunView::it_differs() {
  notice_->say(tr("Then do not go on: the files were changed on the way."),
               tr("On the appliance: stop tijorid, delete its state and tls folders. Then write the folder to another "
                  "stick and run the command again."));
}

void FirstRunView::fill_connect(StepRow& row) {
  row.add_paragraph(tr("Start tijorid on the appliance if it isn't running. Then connect, here or through ssh."));
  const Appliance proposed = appliance_of(run_);
  auto* grid = new FieldGrid;
  way_ = new Segment({tr("This machine"), tr("Through ssh")}, tr("How it is reached"));
  grid->add(tr("How it is reached"), "firstrun.way", way_);
  ssh_ = new QLineEdit;
  ssh_->setPlaceholderText(QStringLiteral("anita@%1").arg(run_.appliance));
  grid->add(tr("Account and machine, for ssh"), "firstrun.ssh", ssh_);
  socket_ = new QLineEdit(proposed.admin_socket);
  socket_->setFont(type(Type::mono));
  grid->add(tr("Admin socket"), "firstrun.socket", socket_);
  passphrase_ = new PassphraseEdit;
  grid->add(tr("Passphrase of your certificate"), "firstrun.passphrase", passphrase_);
  row.add(grid);
  auto* tunnel = new TextLabel(tr("Open the tunnel first, in a terminal that stays open:"), Type::label, Colour::text2);
  row.add(tunnel);
  command_ = new CommandBox;
  command_->setObjectName(QStringLiteral("firstrun.tunnel"));
  row.add(command_);
  const auto follow = [this, tunnel, proposed] {
    const bool by_ssh = way_->chosen() == 1;
    ssh_->setEnabled(by_ssh);
    tunnel->setVisible(by_ssh);
    command_->setVisible(by_ssh);
    command_->set_command(ssh_command(chosen_appliance()));
  };
  connect(way_, &Segment::chosen_changed, this, [this, proposed, follow](int way) {
    socket_->setText(way == 1 ? forwarded_socket(run_.appliance) : proposed.admin_socket);
    follow();
  });
  connect(ssh_, &QLineEdit::textChanged, this, follow);
  connect(socket_, &QLineEdit::textChanged, this, follow);
  follow();
  go_ = new Button(tr("Connect"), ButtonKind::primary, QStringLiteral("box-arrow-in-right"));
  go_->setObjectName(QStringLiteral("firstrun.go"));
  connect(go_, &Button::clicked, this, &FirstRunView::ask_to_connect);
  connect(passphrase_, &QLineEdit::returnPressed, go_, &Button::click);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(0, 8, 0, 0);
  buttons->addWidget(go_);
  buttons->addStretch();
  row.body()->addLayout(buttons);
}

Appliance FirstRunView::chosen_appliance() const {
  Appliance made = appliance_of(run_);
  made.admin_socket = socket_->text().trimmed();
  if (way_->chosen() == 1)
    made.ssh = ssh_->text().trimmed().isEmpty() ? ssh_->placeholderText() : ssh_->text().trimmed();
  return made;
}

void FirstRunView::ask_to_connect() {
  notice_->hide();
  go_->set_pending(tr("Connecting"));
  emit connect_asked(chosen_appliance(), std::make_shared<Secret>(passphrase_->take()));
}

void FirstRunView::say_failure(const QString& title, const QString& advice) {
  if (go_ != nullptr) go_->end_pending();
  if (notice_ != nullptr) notice_->say(title, advice);
}

void FirstRunView::finish() {
  if (go_ != nullptr) go_->end_pending();
  store_.finish(run_);
  run_ = {};
}

}  // namespace tijori

#include "admin-ui/views/record_drawer.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>

#include "admin-ui/models/audit_verdict.h"
#include "admin-ui/models/numbers.h"
#include "admin-ui/models/record_detail.h"
#include "admin-ui/views/parts/chain_view.h"

namespace tijori {
namespace {

constexpr qsizetype digest_line = 40;  // eight groups of four

Type type_of(DetailLine::Form form) {
  return form == DetailLine::Form::mono ? Type::mono : Type::body;
}

}  // namespace

RecordDrawer::RecordDrawer(QWidget* parent) : Drawer(parent) {
  set_steps(true);
}

void RecordDrawer::show_record(const AuditRecord& record, const AuditNames& names, const RecordPlace& place) {
  begin(tr("Record %1").arg(count_text(record.seq)), shown(record.event), outcome_badge(record.outcome));
  show_facts(record, names);
  show_place(record, place);
  show_leaf(record);
  Button* const proof = action(tr("Copy proof"), ButtonKind::standard, QStringLiteral("clipboard"));
  proof->setObjectName(QStringLiteral("audit.copy_proof"));
  const bool is_signed = record.seq < place.signed_records;
  proof->set_refusal(is_signed ? place.refusal : tr("There is no proof before the next checkpoint."));
  connect(proof, &Button::clicked, this, [this, seq = record.seq] { emit proof_wanted(seq); });
  Button* const command = action(tr("Copy as command"), ButtonKind::standard, QStringLiteral("terminal"));
  command->setObjectName(QStringLiteral("audit.copy_command"));
  connect(command, &Button::clicked, this, [this, seq = record.seq] {
    QGuiApplication::clipboard()->setText(QStringLiteral("tijori audit show %1").arg(seq));
    emit copied(tr("Copied as a command."));
  });
  end();
}

void RecordDrawer::show_facts(const AuditRecord& record, const AuditNames& names) {
  const DecodedRecord decoded = decode_record(record, names);
  bool any_looked_up = false;
  const auto put = [&](const DetailLine& line) {
    if (line.is_looked_up)
      looked_up(line.name, line.value);
    else
      pair(line.name, line.value, type_of(line.form));
    any_looked_up = any_looked_up || line.is_looked_up;
  };
  section(tr("Decoded record"), new TextLabel(QStringLiteral("CBOR"), Type::label, Colour::text3));
  for (const DetailLine& line : decoded.facts) put(line);
  if (!decoded.details.empty()) section(tr("What its event says"));
  for (const DetailLine& line : decoded.details) put(line);
  if (any_looked_up) {
    auto* note = new QWidget;
    auto* row = new QHBoxLayout(note);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    auto* book = new QLabel;
    book->setPixmap(icon_pixmap(QStringLiteral("book"), Colour::text2, *this, 14));
    row->addWidget(book, 0, Qt::AlignTop);
    auto* words = new TextLabel(Type::label, Colour::text2);
    words->set_paragraph(tr("A name from the register of today; the record holds an id or a digest."));
    row->addWidget(words, 1);
    add(note);
  }
  if (!decoded.decisions.empty()) show_decisions(decoded.decisions);
}

void RecordDrawer::show_decisions(const std::vector<AuditDecision>& decisions) {
  section(tr("What the guardrails decided"));
  auto* table = new QWidget;
  table->setObjectName(QStringLiteral("audit.decisions"));
  auto* grid = new QGridLayout(table);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(10);
  grid->setVerticalSpacing(2);
  const auto put = [&](int row, int column, const QString& text, Type kind, Colour role) {
    auto* label = new TextLabel(text, kind, role);
    if (column < 3) label->set_elide(Qt::ElideRight);
    if (column >= 3) label->setAlignment(Qt::AlignRight);
    grid->addWidget(label, row, column);
  };
  const QStringList head{tr("Rule"), tr("Found"), tr("Action"), tr("Bytes"), tr("Score")};
  for (int column = 0; column < head.size(); ++column) put(0, column, head.at(column), Type::label, Colour::text2);
  int row = 1;
  for (const AuditDecision& decision : decisions) {
    put(row, 0, shown(decision.rule), Type::mono, Colour::text);
    put(row, 1, shown(decision.label), Type::mono, Colour::text);
    put(row, 2, shown(decision.action), Type::mono, Colour::text);
    put(row, 3, QStringLiteral("%1–%2").arg(count_text(decision.begin), count_text(decision.end)), Type::label,
        Colour::text);
    put(row, 4, decimal_text(static_cast<double>(decision.score) / 1000, 2), Type::label, Colour::text);
    ++row;
  }
  for (int column = 0; column < 3; ++column) grid->setColumnStretch(column, 1);
  add(table);
}

void RecordDrawer::show_place(const AuditRecord& record, const RecordPlace& place) {
  using Knot = ChainView::Knot;
  section(tr("Place in the chain"));
  std::vector<ChainView::Link> links;
  const auto digest_of = [](const AuditRecord* other) {
    return other == nullptr ? QString() : short_digest(other->leaf);
  };
  if (record.seq > 0)
    links.push_back({Knot::open, tr("Previous"), count_text(record.seq - 1), digest_of(place.previous)});
  links.push_back({Knot::here, tr("This record"), count_text(record.seq), short_digest(record.leaf)});
  if (record.seq + 1 < place.log_records)
    links.push_back({Knot::open, tr("Next"), count_text(record.seq + 1), digest_of(place.next)});
  if (record.seq < place.signed_records)
    links.push_back({Knot::sealed, tr("Signed checkpoint"), tr("up to %1").arg(count_text(place.signed_records - 1)),
                     ist_time(place.signed_us) + QStringLiteral(" IST")});
  else
    links.push_back({Knot::missing, tr("Not signed yet"), {}, {}});
  add(new ChainView(std::move(links)));
  pair(tr("Segment"), count_text(record.segment));
  pair(tr("Chain value"), shown(record.chain), Type::mono);
}

void RecordDrawer::show_leaf(const AuditRecord& record) {
  auto* copy = new Button({}, ButtonKind::quiet, QStringLiteral("clipboard"), ButtonSize::compact);
  copy->setObjectName(QStringLiteral("audit.copy_leaf"));
  copy->setAccessibleName(tr("Copy the leaf hash"));
  copy->setToolTip(tr("Copy the leaf hash"));
  connect(copy, &Button::clicked, this, [this, leaf = shown(record.leaf)] {
    QGuiApplication::clipboard()->setText(leaf);
    emit copied(tr("The leaf hash is on the clipboard."));
  });
  section(tr("Leaf hash"), copy);
  const QString all = grouped_digest(record.leaf);
  auto* lines = new QWidget;
  auto* column = new QVBoxLayout(lines);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  for (qsizetype at = 0; at < all.size(); at += digest_line) {
    auto* line = new TextLabel(all.mid(at, digest_line).trimmed(), Type::mono);
    line->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    column->addWidget(line);
  }
  lines->setAccessibleName(shown(record.leaf));
  add(lines);
}

}  // namespace tijori

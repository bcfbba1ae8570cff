// What a cell of a table shows beside its text: the roles that models answer and views/parts/data_table.h draws.
#pragma once

#include <QMetaType>
#include <QString>
#include <cstdint>

namespace tijori {

enum class Tone : uint8_t { plain, info, ok, warn, danger };

// A state in a word and an icon; the tone is never the only sign.
struct BadgeText {
  Tone tone = Tone::plain;
  QString icon;  // name in admin-ui/icons; "" for none
  QString word;
  bool operator==(const BadgeText&) const = default;
};

enum CellRole : int {
  badge_role = Qt::UserRole + 100,  // BadgeText: drawn in place of the text
  second_line_role,                 // QString: a smaller line below
  icon_role,                        // QString: icon before the text
  icon_colour_role,                 // int(Colour)
  type_role,                        // int(Type), for text other than body
  colour_role,                      // int(Colour)
  progress_role,                    // double 0 … 1: a bar below the text
  elide_middle_role,                // bool: digests
};

}  // namespace tijori

Q_DECLARE_METATYPE(tijori::BadgeText)

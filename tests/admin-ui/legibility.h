// What a person couldn't read on a window although it is there: texts that are cut off.
#pragma once

#include <QStringList>
#include <QWidget>

namespace tijori::test {

// One line for each visible label, button, choice or column head whose text doesn't fit and isn't shortened with an
// ellipsis on purpose, or which lies partly outside the widget it is in. What can be scrolled to counts as readable.
QStringList cut_off(const QWidget& window);

}  // namespace tijori::test

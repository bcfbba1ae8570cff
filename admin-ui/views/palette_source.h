// What the palette finds beside the acts of the screens: clients, models, settings and records, each opening the screen
// that it is on. Asks the appliance when the palette opens; what comes back is there from the next letter on.
#pragma once

#include <QObject>
#include <vector>

#include "admin-ui/client/session.h"
#include "admin-ui/views/command.h"

namespace tijori {

class PaletteSource : public QObject {
  Q_OBJECT

 public:
  // Opens a screen at something on it.
  using Open = std::function<void(const QString& screen, const QString& argument)>;
  PaletteSource(Session& session, Open open, QObject* parent = nullptr);

  void ask();
  std::vector<Command> commands(const QString& typed) const;
  // One a client, for Tab on an act that needs one.
  std::vector<Command> revocations() const;

 signals:
  void changed();

 private:
  Command open_command(const QString& screen, const QString& argument) const;
  std::vector<Command> revocations_of(const std::vector<const ClientInfo*>& clients) const;

  Session& session_;
  Open open_;
  std::vector<ClientInfo> clients_;
  std::vector<Setting> settings_;
};

}  // namespace tijori

// From nothing to a connected appliance, in four steps: an authority on this machine, certificates of it, one command
// on the appliance, and the connection. What has been done is kept in a file without secrets, so that it can be left
// and gone on with. No window here; making keys takes its time, so it is called in worker threads.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "admin-ui/client/appliance.h"
#include "base/crypto.h"
#include "base/error.h"

namespace tijori {

enum class FirstStep : uint8_t { authority, certificate, command, connect };

struct FirstRun {
  FirstStep step = FirstStep::authority;
  QString appliance;         // "tijori-mum-02"
  QString authority_name;    // "Sahyadri Co-operative Bank, Tijori CA"
  QString authority_folder;  // of tijori-ca
  int64_t authority_not_after_us = 0;
  QString administrator;  // "anita.rao"
  QStringList roles;
  int64_t not_before_us = 0;
  int64_t not_after_us = 0;
  QString sha256;          // of the administrator's certificate
  QString identity;        // PKCS#12 file with the administrator's key
  QString authority_file;  // ca.crt, beside it
  QString carried;         // folder to carry, on this machine
  QString carried_copy;    // where it was last written to; may be empty
  QString folder_there;    // where the appliance will find it: "/mnt/tijori-enrol"
  QString root_there;      // tijorid --root; empty: an installed appliance
  bool operator==(const FirstRun&) const = default;
};

inline constexpr const char* carried_folder_name = "tijori-enrol";
inline constexpr int default_authority_days = 3650;

// The file in the user's data folder.
class FirstRunStore {
 public:
  // Everything lies below `folder`; default_folder() is the user's.
  explicit FirstRunStore(QString folder);
  static QString default_folder();
  const QString& folder() const { return folder_; }

  // Nothing when none was begun. A file that can't be read, or speaks of files that are gone, is begun anew from the
  // step whose files are there.
  std::optional<FirstRun> load() const;
  Status save(const FirstRun& run) const;
  // Also removes the folder to carry, which holds the appliance's key. The authority and the certificate stay.
  void finish(const FirstRun& run) const;

 private:
  QString file() const;
  QString carry_place(const FirstRun& run) const;
  QString folder_;
};

struct KnownAuthority {
  QString name;
  int64_t not_after_us = 0;
};
// The authority that lies in the folder already, if one does.
std::optional<KnownAuthority> find_authority(const QString& folder);

enum class PassphraseFault : uint8_t { none, too_short, too_long, differs };
PassphraseFault check_new_passphrase(const Secret& one, const Secret& again);

// Step 1. already_exists when there is an authority in the folder.
Status make_site_authority(FirstRun& run, const Secret& passphrase);
// Takes the one that is there.
Status use_site_authority(FirstRun& run);

// Step 2: the administrator's certificate and key as PKCS#12 under `own`, the appliance's certificate, and the folder
// to carry. A certificate of that name that is still valid is used again when its PKCS#12 file is there, and `own` is
// not needed. permission_denied for a wrong passphrase of the authority; then nothing is written.
bool has_identity(const FirstRun& run, const QString& folder);
Status make_certificates(FirstRun& run, const QString& folder, int days, const Secret& authority, const Secret& own);

// Step 3. Copies the folder into `target` (a stick) as carried_folder_name and says what it is called there.
Result<QString> copy_carried(const FirstRun& run, const QString& target);
// `sudo tijorid enrol /mnt/tijori-enrol`; with root_there `tijorid --root DIR enrol FOLDER`.
QString enrol_command(const FirstRun& run);
// The same steps on a command line, for people who prefer one.
QString shell_way(const FirstRun& run);

// "7C4E 19B2  A0D3 5F18 …", half of it a line.
QStringList fingerprint_lines(const QString& sha256);

// Step 4.
Appliance appliance_of(const FirstRun& run);

}  // namespace tijori

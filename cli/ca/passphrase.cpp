#include "cli/ca/passphrase.h"

#include <cerrno>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/file.h"

namespace tijori {

namespace {

// Byte by byte, so that nothing behind the line is taken from a descriptor that others go on reading.
Result<Secret> read_line(int fd, std::string_view place) {
  Bytes line;
  line.reserve(max_passphrase_bytes + 1);  // never moves, so that no copy stays behind
  for (;;) {
    uint8_t byte = 0;
    const ssize_t size = read(fd, &byte, 1);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail_errno("read", place);
    if (size == 0 || byte == '\n') break;
    if (line.size() == max_passphrase_bytes) {
      wipe(line);
      return fail(ErrorCode::invalid_argument, std::string(place) + ": the passphrase is longer than " +
                                                   std::to_string(max_passphrase_bytes) + " bytes");
    }
    line.push_back(byte);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) return fail(ErrorCode::invalid_argument, std::string(place) + ": the passphrase is empty");
  return Secret(std::move(line));
}

class SilentTerminal {
 public:
  static Result<SilentTerminal> open() {
    Result<UniqueFd> fd = open_file("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    termios shown{};
    if (!fd || tcgetattr(fd->get(), &shown) != 0)
      return fail(ErrorCode::invalid_argument,
                  "passphrase: there is no terminal to ask on; give --passphrase-file or --passphrase-fd");
    termios silent = shown;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (tcsetattr(fd->get(), TCSAFLUSH, &silent) != 0) return fail_errno("tcsetattr", "/dev/tty");
    return SilentTerminal(*std::move(fd), shown);
  }
  SilentTerminal(SilentTerminal&&) = default;
  SilentTerminal& operator=(SilentTerminal&&) = delete;
  ~SilentTerminal() {
    if (fd_) tcsetattr(fd_.get(), TCSAFLUSH, &shown_);
  }

  Result<Secret> ask(std::string_view prompt) const {
    TRY(write_all(fd_.get(), as_bytes(prompt), "/dev/tty"));
    Result<Secret> line = read_line(fd_.get(), "/dev/tty");
    TRY(write_all(fd_.get(), as_bytes("\n"), "/dev/tty"));
    return line;
  }

 private:
  SilentTerminal(UniqueFd fd, const termios& shown) : fd_(std::move(fd)), shown_(shown) {}
  UniqueFd fd_;
  termios shown_;
};

Result<Secret> ask(std::string_view prompt, PassphraseUse use) {
  TRY_ASSIGN(const SilentTerminal terminal, SilentTerminal::open());
  TRY_ASSIGN(Secret first, terminal.ask(std::string(prompt) + ": "));
  if (use == PassphraseUse::open) return first;
  TRY_ASSIGN(const Secret second, terminal.ask(std::string(prompt) + ", once more: "));
  if (!equal_secrets(first.bytes(), second.bytes()))
    return fail(ErrorCode::invalid_argument, "passphrase: the two are not the same");
  return first;
}

Result<Secret> read_from(const PassphraseSource& source, std::string_view prompt, PassphraseUse use) {
  if (!source.file.empty()) {
    TRY_ASSIGN(const UniqueFd fd, open_file(source.file, O_RDONLY | O_CLOEXEC));
    return read_line(fd.get(), source.file);
  }
  if (source.descriptor >= 0) return read_line(source.descriptor, "descriptor " + std::to_string(source.descriptor));
  return ask(prompt, use);
}

}  // namespace

Result<Secret> read_passphrase(const PassphraseSource& source, std::string_view prompt, PassphraseUse use) {
  TRY_ASSIGN(Secret passphrase, read_from(source, prompt, use));
  if (use == PassphraseUse::choose && passphrase.bytes().size() < min_passphrase_bytes)
    return fail(ErrorCode::invalid_argument,
                "passphrase: at least " + std::to_string(min_passphrase_bytes) + " bytes are needed");
  return passphrase;
}

}  // namespace tijori

#include "doctor/explanation.h"

#include <algorithm>
#include <iterator>

namespace tijori {
namespace {

constexpr Explanation table[] = {
    {"audit-away", FoundBy::status,
     "tijori-audit doesn't answer. Without the log no request is answered; what is running ends with an error.",
     "journalctl -u tijori-audit says why it ended; systemctl restart tijori-audit starts it. The daemon finds it "
     "again by "
     "itself."},
    {"authority-expiring", FoundBy::status,
     "The certificate of the site's authority (ca.crt) ends soon or has ended. From then on no certificate that it "
     "issued "
     "is believed, neither the appliance's nor any client's.",
     "Make a new authority (tijori-ca init) where the old one is, issue the appliance's and every client's certificate "
     "anew, and put ca.crt, server.crt and server.key into /etc/tijori/tls together; then systemctl restart tijorid."},
    {"certificate-expiring", FoundBy::status,
     "The appliance's own certificate (server.crt) ends within 30 days or has ended. Clients refuse one that has "
     "ended.",
     "Where the authority is: tijori-ca renew server --ca CA. Put server.crt and server.key into /etc/tijori/tls and "
     "ask "
     "for systemctl reload tijorid; nobody is interrupted."},
    {"certificate-missing", FoundBy::status,
     "The appliance has no certificate of its own or of its authority: it was not set up yet, or the files were "
     "removed. "
     "The daemon doesn't start without them.",
     "Not set up yet: make them with tijori-ca or the console's First run, carry the folder here and take it in, "
     "tijorid "
     "enrol FOLDER. Lost: copy them from the authority's folder back into /etc/tijori/tls, or run the bundle's "
     "install.sh "
     "again."},
    {"certificate-unusable", FoundBy::status,
     "A certificate or the revocation list in /etc/tijori/tls can't be read as one, or isn't one for this use. The "
     "daemon "
     "goes on with what it had and doesn't start again.",
     "Put back the file that tijori-ca wrote: server.crt of tijori-ca issue server --server, ca.crt and crl.pem of the "
     "authority's folder."},
    {"client-certificate-expiring", FoundBy::doctor,
     "The certificate that this account shows to the appliance ends within 30 days or has ended; then the appliance "
     "refuses it.",
     "Have it renewed where the authority is (tijori-ca renew NAME --ca CA), let an administrator register it (tijori "
     "clients renew CERT), and put it into the profile's folder."},
    {"client-certificate-unusable", FoundBy::doctor, "The file that should hold this account's certificate holds none.",
     "Put client.crt, as tijori-ca issued it, into the profile's folder (~/.config/tijori, or what --profile names)."},
    {"client-refused", FoundBy::doctor,
     "The daemon runs but doesn't take this certificate: it was revoked, has ended, comes from another authority, or "
     "isn't "
     "in the register of clients.",
     "An administrator sees it with tijori clients, and takes it in with tijori clients add CERT or tijori clients "
     "renew "
     "CERT. The first administrator of an appliance is taken in by root: tijorid enrol CERT."},
    {"clock-wrong", FoundBy::status,
     "The clock can't be right. Valid certificates look as if they had ended or not begun, and records of the log get "
     "times "
     "that nobody can rely on.",
     "Set it as root, from a clock that is right: timedatectl set-time 'YYYY-MM-DD HH:MM:SS', then hwclock --systohc. "
     "When "
     "it is wrong again after each start, the battery of the board is flat."},
    {"core-dumps", FoundBy::status, "A crash of this process may write its memory to the disk: prompts, answers, keys.",
     "Put LimitCORE=0 back into the unit (systemctl revert UNIT drops what was changed; then systemctl restart UNIT). "
     "For "
     "the whole machine: sysctl kernel.core_pattern=core."},
    {"crl-stale", FoundBy::status,
     "The revocation list is older than its authority promised to let it become. It is still enforced, but whoever was "
     "revoked since isn't in it.",
     "Where the authority is, tijori-ca crl signs a new one, crl.pem. An administrator puts it into force: tijori crl "
     "crl.pem."},
    {"daemon-away", FoundBy::doctor,
     "The socket is there but tijorid doesn't answer on it: it isn't running, can't start, or hangs.",
     "systemctl status tijorid and journalctl -u tijorid say why; tijorid check-config checks the settings. In a "
     "checkout: "
     "start tijorid --root DIR."},
    {"disk-low", FoundBy::status,
     "The disk of the appliance's state is nearly full. Without room no client can be added, no policy changed, and no "
     "model chosen.",
     "Free room on it, or move what fills it: df -h and du -xsh /var/* say what that is."},
    {"draining", FoundBy::status, "The daemon was told to stop: it ends what is running and takes nothing new.",
     "Wait; a stop takes limits.drain_s at most, and a restart answers again as soon as a model is loaded."},
    {"engine-unresponsive", FoundBy::status, "The process that computes a model says nothing. Requests for it wait.",
     "It is ended and started again after 30 s. When it happens again: journalctl -u 'tijori-engine@*'."},
    {"guardrail-fails-open", FoundBy::status,
     "The policy in force lets text pass when some of its rules can't judge it, as its author chose.",
     "If that isn't wanted, give these rules \"fail\": \"closed\" in a new version of the policy; tijori guardrails "
     "show "
     "prints them."},
    {"guardrails-unavailable", FoundBy::status,
     "No policy can be relied on, so nothing is answered: the one in force can't be read or doesn't pass its own "
     "tests.",
     "tijori guardrails list shows what there is; tijori guardrails rollback goes back to the one before, tijori "
     "guardrails "
     "activate puts another approved one into force."},
    {"key-exposed", FoundBy::status,
     "Every account of this machine may read the appliance's private key, and then pretend to be the appliance.",
     "chmod o= the file. If others were on this machine, issue a new one: tijori-ca renew server --ca CA."},
    {"log-blocked", FoundBy::status,
     "The audit log can't write a record, so nothing is answered. The message has the reason: a full or failing disk, "
     "or a "
     "file that isn't as the log left it.",
     "Make room or mend the disk under /var/lib/tijori/audit; it goes on by itself. When a file was altered, put it "
     "back "
     "from a copy: the log doesn't repair evidence."},
    {"log-replaced", FoundBy::status,
     "The audit log is another one than the daemon's, or an older state of it, so nothing is answered.",
     "Put the right folder back to /var/lib/tijori/audit and restart both. Only when it is lost for good: stop "
     "tijorid, "
     "tijorid accept-log, and tell the auditor."},
    {"log-reserve", FoundBy::status,
     "The disk of the audit log is nearly full: questions are refused, so that administration can still be recorded.",
     "Make room under /var/lib/tijori/audit or give it a larger disk. Don't remove files of the log: export it, and "
     "keep it "
     "whole."},
    {"log-tight", FoundBy::status, "The disk of the audit log is filling up; at 5 % questions are refused.",
     "Make room under /var/lib/tijori/audit or give it a larger disk."},
    {"model-altered", FoundBy::status,
     "A file of the model store isn't the one that was allowed: its size or its SHA-256 differs. No engine loads it.",
     "Remove the file, and its line in /var/lib/tijori/models/allowed.json, and add the model again from the medium it "
     "came "
     "on: tijori models add FILE --sha256 HEX. Ask who could write there."},
    {"model-failed", FoundBy::status,
     "A model can't be served; the message says why: too little memory, a file that can't be read, or an engine that "
     "ends.",
     "tijori models plan MODEL says what it needs; load it with fewer sequences or a shorter context, or unload "
     "another."},
    {"model-list-unusable", FoundBy::doctor,
     "The list of allowed models can't be read as one, so the daemon doesn't start.",
     "Put /var/lib/tijori/models/allowed.json back from a copy; without one, move it and the model files away and add "
     "each "
     "again with tijori models add."},
    {"model-loading", FoundBy::status, "A model is being read, checked and put into memory.",
     "Wait: tijori models shows how far it is."},
    {"model-missing", FoundBy::doctor, "The list allows a model whose file isn't in the store.",
     "Put the file back, or remove its line in /var/lib/tijori/models/allowed.json and add it again: tijori models add "
     "FILE."},
    {"model-unlisted", FoundBy::doctor,
     "The store holds a model file that isn't on the list; no engine loads it, and it takes room.",
     "Remove it, or allow it: move it out of the store and tijori models add FILE."},
    {"no-model", FoundBy::status, "No model is loaded, so no question can be answered.",
     "tijori models lists what the store allows; tijori models load MODEL loads one; tijori models add FILE, as root "
     "on the "
     "appliance, allows one."},
    {"not-in-group", FoundBy::doctor,
     "This account may not connect: members of tijori-api ask models, members of tijori-admin administer.",
     "As root: usermod -a -G tijori-admin,tijori-api USER (applications need tijori-api alone). It counts from the "
     "next "
     "login on."},
    {"nvidia-driver-missing", FoundBy::status,
     "There is an NVIDIA card, and no NVIDIA driver is loaded. Models are computed on the CPU.",
     "To use the card later, install NVIDIA's driver 580 or newer, of the kernel that runs; nothing has to be done to "
     "go on "
     "without."},
    {"nvidia-driver-old", FoundBy::status,
     "The NVIDIA driver is older than CUDA 13 needs. Models are computed on the CPU.",
     "To use the card later, install driver 580 or newer and start the machine again; nothing has to be done to go on "
     "without."},
    {"reload-failed", FoundBy::status,
     "Settings, certificate or revocation list were to be read again and something was wrong; what was in force stays.",
     "Mend what the message names (tijorid check-config names all of it), then systemctl reload tijorid."},
    {"sandbox-off", FoundBy::status,
     "A process runs without part of its sandbox: whoever takes it over by a flaw gets further than the units allow.",
     "systemctl revert UNIT drops what was changed, then systemctl restart UNIT; systemd-analyze security UNIT shows "
     "the "
     "lines. tijorid started by hand has no sandbox: let systemd start it."},
    {"secure-boot-blocks-driver", FoundBy::status,
     "The NVIDIA driver is installed, but the kernel loads only signed modules and doesn't know its key.",
     "Enrol the key with which the driver was signed (mokutil --import KEY.der, then confirm at the next start), or "
     "take a "
     "driver that the distribution signed. Secure Boot may stay on."},
    {"server-unproven", FoundBy::doctor,
     "Who answers on the socket can't prove to be the appliance: its certificate isn't of the authority in ca.crt, or "
     "isn't "
     "for localhost.",
     "Take ca.crt from the authority that issued the appliance's certificate; if that one is right already, somebody "
     "else "
     "answers: ask who."},
    {"socket-group", FoundBy::status,
     "A socket doesn't belong to the group whose members should reach it, so they can't.",
     "systemctl restart tijorid-api.socket tijorid-admin.socket makes them anew; systemd-sysusers makes missing "
     "groups."},
    {"socket-missing", FoundBy::status,
     "A socket isn't there, so nobody can connect: its unit is stopped, or in a checkout tijorid isn't running.",
     "systemctl restart tijorid-api.socket tijorid-admin.socket; in a checkout, start tijorid --root DIR."},
    {"socket-open", FoundBy::status,
     "Accounts that belong to no group of Tijori can reach a socket. They still need a certificate, but not even that "
     "much "
     "should be open to them.",
     "systemctl restart tijorid-api.socket tijorid-admin.socket makes the sockets anew; systemd-tmpfiles --create "
     "tijori.conf mends /run/tijori/private."},
    {"swap-on", FoundBy::status,
     "Memory of this process may be written to a swap area that isn't encrypted: prompts, answers, keys.",
     "Put MemorySwapMax=0 back into the unit (systemctl revert UNIT, systemctl restart UNIT), or turn swap off: "
     "swapoff -a, "
     "and its lines out of /etc/fstab. Encrypted swap is fine too."},
};

static_assert(std::ranges::is_sorted(table, {}, &Explanation::code));

}  // namespace

std::span<const Explanation> explanations() {
  return table;
}

const Explanation* explanation_of(std::string_view code) {
  const auto* const found = std::ranges::lower_bound(table, code, {}, &Explanation::code);
  return found == std::end(table) || found->code != code ? nullptr : found;
}

}  // namespace tijori

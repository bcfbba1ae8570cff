#include "audit/store/ledger.h"

namespace tijori {

namespace {

constexpr const char* schema = R"(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS identity(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS segment(segment INTEGER PRIMARY KEY, header BLOB NOT NULL, signature BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS checkpoint(size INTEGER PRIMARY KEY, made_us INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS carried(request_id BLOB NOT NULL) STRICT;
CREATE TRIGGER IF NOT EXISTS segment_no_update BEFORE UPDATE ON segment BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS segment_no_delete BEFORE DELETE ON segment BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS checkpoint_no_update BEFORE UPDATE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER IF NOT EXISTS checkpoint_no_delete BEFORE DELETE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
COMMIT;
)";

}  // namespace

Result<Ledger> Ledger::create(const std::filesystem::path& path, const Ed25519Public& key) {
  TRY_ASSIGN(LogDatabase database, LogDatabase::open(path, LogDatabase::Access::create));
  TRY(database.execute(schema));
  Ledger ledger(std::move(database));
  TRY_ASSIGN(const int64_t named, ledger.database_.query_integer("SELECT count(*) FROM identity"));
  if (named == 0) {
    Id log_id{};
    random_bytes(log_id);
    const VerifierKey verifier{checkpoint_origin(log_id), key};
    TRY_ASSIGN(Statement insert, ledger.database_.prepare("INSERT INTO identity VALUES('verifier_key', ?)"));
    const std::string text = verifier.text();
    TRY(insert.bind(1, std::string_view(text)));
    TRY(insert.run());
  }
  TRY(ledger.load_identity());
  if (ledger.key_.key != key) {
    return fail(ErrorCode::corrupted, path.string() +
                                          ": the signing key is not this log's; put back the key with fingerprint " +
                                          ledger.key_.fingerprint());
  }
  return ledger;
}

Result<Ledger> Ledger::open(const std::filesystem::path& path) {
  TRY_ASSIGN(LogDatabase database, LogDatabase::open(path, LogDatabase::Access::read_only));
  Ledger ledger(std::move(database));
  TRY(ledger.load_identity());
  return ledger;
}

Status Ledger::load_identity() {
  TRY_ASSIGN(const std::string text, database_.query_text("SELECT value FROM identity WHERE name = 'verifier_key'"));
  TRY_ASSIGN(key_, VerifierKey::parse(text));
  TRY_ASSIGN(log_id_, log_id_of_origin(key_.name));
  return {};
}

Result<std::vector<StoredHeader>> Ledger::headers() {
  TRY_ASSIGN(Statement select, database_.prepare("SELECT segment, header, signature FROM segment ORDER BY segment"));
  std::vector<StoredHeader> headers;
  for (;;) {
    TRY_ASSIGN(const bool row, select.step());
    if (!row) return headers;
    const std::string place = "ledger, segment " + std::to_string(select.integer(0));
    const ByteView bytes = select.blob(1);
    const ByteView signature = select.blob(2);
    const Result<SegmentHeader> header = SegmentHeader::decode(bytes);
    if (!header) return fail(ErrorCode::corrupted, place + ": " + header.error().message);
    if (header->segment != static_cast<uint64_t>(select.integer(0))) {
      return fail(ErrorCode::corrupted, place + ": holds the header of another");
    }
    if (signature.size() != ed25519_signature_bytes) return fail(ErrorCode::corrupted, place + ": no signature");
    headers.push_back({*header, Bytes(bytes.begin(), bytes.end()), Bytes(signature.begin(), signature.end())});
  }
}

Status Ledger::add_header(ByteView header, ByteView signature, uint64_t segment, const std::vector<Id>& open_requests) {
  TRY(database_.execute("BEGIN IMMEDIATE"));
  TRY_ASSIGN(Statement insert, database_.prepare("INSERT INTO segment VALUES(?,?,?)"));
  TRY(insert.bind(1, static_cast<int64_t>(segment)));
  TRY(insert.bind(2, header));
  TRY(insert.bind(3, signature));
  TRY(insert.run());
  TRY(database_.execute("DELETE FROM carried"));
  TRY_ASSIGN(Statement carry, database_.prepare("INSERT INTO carried VALUES(?)"));
  for (const Id& request : open_requests) {
    TRY(carry.bind(1, ByteView(request)));
    TRY(carry.run());
  }
  return database_.execute("COMMIT");
}

Result<std::vector<Id>> Ledger::carried_requests() {
  TRY_ASSIGN(Statement select, database_.prepare("SELECT request_id FROM carried"));
  std::vector<Id> requests;
  for (;;) {
    TRY_ASSIGN(const bool row, select.step());
    if (!row) return requests;
    Id request{};
    if (select.blob(0).size() != request.size())
      return fail(ErrorCode::corrupted, "ledger: a carried request has no id");
    std::ranges::copy(select.blob(0), request.begin());
    requests.push_back(request);
  }
}

Result<std::vector<StoredCheckpoint>> Ledger::checkpoints(uint64_t from_size) {
  TRY_ASSIGN(Statement select,
             database_.prepare("SELECT size, made_us, note FROM checkpoint WHERE size >= ? ORDER BY size"));
  TRY(select.bind(1, static_cast<int64_t>(from_size)));
  std::vector<StoredCheckpoint> checkpoints;
  for (;;) {
    TRY_ASSIGN(const bool row, select.step());
    if (!row) return checkpoints;
    checkpoints.push_back({static_cast<uint64_t>(select.integer(0)), select.integer(1), std::string(select.text(2))});
  }
}

Status Ledger::add_checkpoint(const StoredCheckpoint& checkpoint) {
  TRY_ASSIGN(Statement insert, database_.prepare("INSERT INTO checkpoint VALUES(?,?,?)"));
  TRY(insert.bind(1, static_cast<int64_t>(checkpoint.size)));
  TRY(insert.bind(2, checkpoint.made_us));
  TRY(insert.bind(3, std::string_view(checkpoint.note)));
  return insert.run();
}

Status Ledger::check_integrity() {
  if (const Status sound = database_.check_integrity(); !sound) return fail(sound.error().in("ledger"));
  return {};
}

}  // namespace tijori

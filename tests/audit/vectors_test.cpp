// Holds the code against vectors.json, which make_vectors.py wrote from docs/audit-record.md without this code.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include "audit/proof/checkpoint.h"
#include "audit/proof/export.h"
#include "audit/proof/merkle.h"
#include "audit/proof/record.h"
#include "audit/proof/segment_header.h"
#include "audit/proof/signed_note.h"
#include "audit/proof/verifier.h"
#include "tests/audit/log_builder.h"

using namespace tijori;

class VectorsTest : public QObject {
  Q_OBJECT

  QJsonObject vectors_;

  Bytes hex(const char* name) const { return from_hex(vectors_[name].toString().toStdString()).value(); }
  Bytes hex(const char* list, int index) const {
    return from_hex(vectors_[list][index].toString().toStdString()).value();
  }
  Digest digest(const QJsonValue& value) const {
    Digest out{};
    std::ranges::copy(from_hex(value.toString().toStdString()).value(), out.begin());
    return out;
  }
  std::vector<Digest> digests(const QJsonValue& value) const {
    std::vector<Digest> out;
    for (const QJsonValue& one : value.toArray()) out.push_back(digest(one));
    return out;
  }
  qsizetype count() const { return vectors_["cores"].toArray().size(); }
  TreeRange range(uint64_t first, uint64_t next) const {
    TreeRange built(first);
    for (uint64_t i = first; i < next; ++i) built.append(digest(vectors_["leaves"][static_cast<int>(i)]));
    return built;
  }

 private slots:
  void initTestCase() {
    QFile file(qEnvironmentVariable("TIJORI_SOURCE_DIR") + "/tests/audit/vectors.json");
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
    vectors_ = QJsonDocument::fromJson(file.readAll()).object();
    QVERIFY(count() > 0);
  }

  void decodes_each_core_and_encodes_the_same_bytes() {
    for (int i = 0; i < count(); ++i) {
      const Bytes core = hex("cores", i);
      const Result<Record> record = decode_core(core);
      QVERIFY2(record.has_value(), record ? "" : record.error().message.c_str());
      QCOMPARE(record->seq, static_cast<uint64_t>(i));
      QCOMPARE(encode_core(*record).value(), core);
    }
  }

  void hashes_leaves_chain_and_roots() {
    Id log_id{};
    std::iota(log_id.begin(), log_id.end(), uint8_t{0});
    Digest chain = chain_start(log_id);
    TreeRange tree;
    QCOMPARE(chain, digest(vectors_["chains"][0]));
    QCOMPARE(tree.root(), digest(vectors_["roots"][0]));
    for (int i = 0; i < count(); ++i) {
      const Digest leaf = leaf_hash(hex("cores", i));
      QCOMPARE(leaf, digest(vectors_["leaves"][i]));
      chain = chain_next(chain, leaf);
      QCOMPARE(chain, digest(vectors_["chains"][i + 1]));
      tree.append(leaf);
      QCOMPARE(tree.root(), digest(vectors_["roots"][i + 1]));
    }
  }

  void covers_every_range_with_the_same_hashes() {
    for (const QJsonValue& value : vectors_["ranges"].toArray()) {
      const auto first = static_cast<uint64_t>(value["first"].toInt());
      const auto next = static_cast<uint64_t>(value["next"].toInt());
      const TreeRange built = range(first, next);
      const std::vector<Digest> expected = digests(value["hashes"]);
      QVERIFY(std::ranges::equal(built.hashes(), expected));
      // Every way to cut it in two joins to the same.
      for (uint64_t cut = first; cut <= next; ++cut) {
        TreeRange joined = range(first, cut);
        joined.append(range(cut, next));
        QVERIFY(joined == built);
      }
      QVERIFY(TreeRange::from_hashes(first, next, expected).value() == built);
      QVERIFY(!TreeRange::from_hashes(first, next + (next == first ? 1 : 0), {}).has_value() || expected.empty());
    }
  }

  void makes_and_checks_inclusion_paths() {
    const auto source = [&](uint64_t first, uint64_t next) -> Result<TreeRange> { return range(first, next); };
    for (const QJsonValue& value : vectors_["inclusion"].toArray()) {
      const auto index = static_cast<uint64_t>(value["index"].toInt());
      const auto size = static_cast<uint64_t>(value["size"].toInt());
      const std::vector<Digest> path = inclusion_path(index, size, source).value();
      QCOMPARE(path, digests(value["path"]));
      const Digest leaf = digest(vectors_["leaves"][static_cast<int>(index)]);
      const Digest root = digest(vectors_["roots"][static_cast<int>(size)]);
      QVERIFY(verify_inclusion(leaf, index, size, path, root));
      QVERIFY(size == 1 || !verify_inclusion(root, index, size, path, leaf));
      QVERIFY(size == 1 || !verify_inclusion(leaf, (index + 1) % size, size, path, root));
      for (size_t i = 0; i < path.size(); ++i) {
        std::vector<Digest> bent = path;
        bent[i][0] ^= 1;
        QVERIFY(!verify_inclusion(leaf, index, size, bent, root));
      }
    }
  }

  void makes_and_checks_consistency_paths() {
    // Sizes up to 70 cross several powers of two.
    constexpr uint64_t most = 70;
    std::vector<TreeRange> trees(1);
    std::vector<Digest> leaves;
    for (uint64_t i = 0; i < most; ++i) {
      leaves.push_back(sha256(ByteView(reinterpret_cast<const uint8_t*>(&i), sizeof i)));
      trees.push_back(trees.back());
      trees.back().append(leaves.back());
    }
    const auto source = [&](uint64_t first, uint64_t next) -> Result<TreeRange> {
      TreeRange built(first);
      for (uint64_t i = first; i < next; ++i) built.append(leaves[i]);
      return built;
    };
    for (uint64_t size = 1; size <= most; ++size) {
      for (uint64_t old_size = 0; old_size <= size; ++old_size) {
        const std::vector<Digest> path = consistency_path(old_size, size, source).value();
        const Digest old_root = trees[old_size].root();
        const Digest root = trees[size].root();
        QVERIFY(verify_consistency(old_size, old_root, size, root, path));
        Digest other = old_root;
        other[31] ^= 1;
        if (old_size > 0) QVERIFY(!verify_consistency(old_size, other, size, root, path));
        if (old_size > 0 && old_size < size) QVERIFY(!verify_consistency(old_size, old_root, size, other, path));
      }
    }
  }

  void encodes_hashes_and_signs_the_header() {
    const QJsonValue vector = vectors_["header"];
    const Bytes bytes = from_hex(vector["bytes"].toString().toStdString()).value();
    const Bytes signature = from_hex(vector["signature"].toString().toStdString()).value();
    const Result<SegmentHeader> header = SegmentHeader::decode(bytes);
    QVERIFY2(header.has_value(), header ? "" : header.error().message.c_str());
    QCOMPARE(header->encode(), bytes);
    QCOMPARE(header_hash(bytes), digest(vector["hash"]));
    const Ed25519Key key = Ed25519Key::from_seed(hex("seed")).value();
    QVERIFY(std::ranges::equal(sign_header(bytes, key), signature));
    QVERIFY(verify_header(bytes, signature, key.public_key()));
  }

  void signs_the_checkpoint_as_a_note() {
    const std::string note = vectors_["checkpoint"].toString().toStdString();
    const SignedNote parsed = SignedNote::parse(note).value();
    QCOMPARE(parsed.format(), note);
    const Checkpoint head = Checkpoint::parse(parsed.text).value();
    QCOMPARE(head.text(), parsed.text);
    const Ed25519Key key = Ed25519Key::from_seed(hex("seed")).value();
    QCOMPARE(sign_note(head.text(), checkpoint_origin(head.log_id), key).format(), note);
    const std::string key_text = vectors_["verifier_key"].toString().toStdString();
    const VerifierKey verifier = VerifierKey::parse(key_text).value();
    QCOMPARE(verifier.text(), key_text);
    QCOMPARE(check_note(parsed, verifier), NoteCheck::good);
  }

  void refers_to_a_data_principal_by_hmac() {
    const QJsonValue vector = vectors_["subject"];
    const Bytes key = from_hex(vector["key"].toString().toStdString()).value();
    QCOMPARE(to_hex(subject_reference(key, vector["text"].toString().toStdString())),
             vector["reference"].toString().toStdString());
  }

  void verifies_the_export_with_its_trust_file() {
    const Result<Trust> trust = Trust::parse(vectors_["trust"].toString().toStdString());
    QVERIFY2(trust.has_value(), trust ? "" : trust.error().message.c_str());
    QCOMPARE(trust->format(), vectors_["trust"].toString().toStdString());
    const VerifyReport report = verify_bytes(hex("export"), *trust);
    QVERIFY2(report.verdict == Verdict::verified, report.message.c_str());
    QCOMPARE(report.verified_up_to, count() - 1);
    QCOMPARE(report.tail_records, 0U);
    QCOMPARE(report.anomaly_count, 0U);
    QCOMPARE(verify_bytes(hex("export"), std::nullopt).verdict, Verdict::consistent);
  }
};

QTEST_GUILESS_MAIN(VectorsTest)
#include "vectors_test.moc"

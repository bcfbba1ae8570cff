// Known answers: FIPS 180-2 for SHA-256, RFC 4231 for HMAC, RFC 8032 §7.1 for Ed25519.
#include "base/crypto.h"

#include <QtTest>

using namespace tijori;

namespace {

Bytes hex(std::string_view text) {
  return from_hex(text).value();
}
QByteArray shown(ByteView bytes) {
  return QByteArray::fromStdString(to_hex(bytes));
}

}  // namespace

class CryptoTest : public QObject {
  Q_OBJECT

 private slots:
  void hashes_the_standard_strings() {
    QCOMPARE(shown(sha256(as_bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QCOMPARE(shown(sha256(ByteView{})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  void hashes_parts_like_the_whole() {
    QCOMPARE(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}), sha256(as_bytes("abc")));
    Sha256 hash;
    hash.update(as_bytes("ab"));
    QCOMPARE(hash.peek(), sha256(as_bytes("ab")));
    hash.update(as_bytes("c"));
    QCOMPARE(hash.finish(), sha256(as_bytes("abc")));
    QCOMPARE(hash.finish(), sha256(ByteView{}));
  }

  void authenticates_like_rfc_4231() {
    QCOMPARE(shown(hmac_sha256(as_bytes("Jefe"), {as_bytes("what do ya want "), as_bytes("for nothing?")})),
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  void signs_like_rfc_8032() {
    const auto key = Ed25519Key::from_seed(hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    QVERIFY(key.has_value());
    QCOMPARE(shown(key->public_key()), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const Bytes message = {0x72};
    const Ed25519Signature signature = key->sign(message);
    QCOMPARE(
        shown(signature),
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
        "2aeeb00d291612bb0c00");
    QVERIFY(ed25519_verify(key->public_key(), message, signature));
  }

  void refuses_a_signature_with_any_byte_changed() {
    const Ed25519Key key = Ed25519Key::generate();
    const ByteView message = as_bytes("message");
    const Ed25519Signature good = key.sign(message);
    for (size_t i = 0; i < good.size(); ++i) {
      Ed25519Signature bad = good;
      bad[i] ^= 1;
      QVERIFY(!ed25519_verify(key.public_key(), message, bad));
    }
    QVERIFY(!ed25519_verify(key.public_key(), as_bytes("massage"), good));
    QVERIFY(!ed25519_verify(key.public_key(), message, ByteView(good).first(63)));
    QVERIFY(!ed25519_verify(Ed25519Key::generate().public_key(), message, good));
  }

  void gives_back_the_seed_it_was_made_from() {
    const Ed25519Key key = Ed25519Key::generate();
    const auto same = Ed25519Key::from_seed(key.seed().bytes());
    QVERIFY(same.has_value());
    QCOMPARE(same->public_key(), key.public_key());
    QVERIFY(!Ed25519Key::from_seed(Bytes(31)).has_value());
  }

  void compares_secrets_by_length_and_content() {
    QVERIFY(equal_secrets(as_bytes("abc"), as_bytes("abc")));
    QVERIFY(!equal_secrets(as_bytes("abc"), as_bytes("abd")));
    QVERIFY(!equal_secrets(as_bytes("abc"), as_bytes("ab")));
    QVERIFY(equal_secrets({}, {}));
  }

  void fills_with_random_bytes() {
    Bytes a(32);
    Bytes b(32);
    random_bytes(a);
    random_bytes(b);
    QVERIFY(a != b);
  }
};

QTEST_GUILESS_MAIN(CryptoTest)
#include "crypto_test.moc"

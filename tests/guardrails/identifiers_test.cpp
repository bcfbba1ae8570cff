#include "daemon/guardrails/identifiers.h"

#include <QTest>
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "daemon/guardrails/folded_text.h"

using namespace tijori;

namespace {

constexpr double acted_on = 0.5;
const LabelSet all_wanted = LabelSet().set();

std::vector<Finding> find_all(const std::string& source, LabelSet wanted = all_wanted) {
  FoldedText text;
  text.append(source);
  text.finish();
  std::vector<Finding> found;
  find_identifiers(text, 0, TextEnd::final, wanted, found);
  return found;
}

// What a policy would act on: "AADHAAR 9999 3775 9456", one a line.
QString acted_upon(const std::string& source, LabelSet wanted = all_wanted) {
  FoldedText text;
  text.append(source);
  text.finish();
  QStringList list;
  for (const Finding& finding : find_all(source, wanted)) {
    if (finding.score < acted_on) continue;
    const TextSpan span = text.source_span(finding.begin, finding.end);
    list << QString::fromStdString(std::string(name_of(finding.label)) + ' ' +
                                   source.substr(span.begin.byte, span.end.byte - span.begin.byte));
  }
  return list.join('\n');
}

struct Example {
  const char* source;
  const char* found;  // by acted_upon(); "" for nothing
};
void add_rows(std::initializer_list<Example> examples) {
  QTest::addColumn<QString>("source");
  QTest::addColumn<QString>("found");
  for (const Example& example : examples)
    QTest::newRow(example.source) << QString::fromUtf8(example.source) << QString::fromUtf8(example.found);
}
void check_row() {
  QFETCH(QString, source);
  QFETCH(QString, found);
  QCOMPARE(acted_upon(source.toStdString()), found);
}

// Every piece in its own call, as a guard does it.
std::vector<Finding> find_in_pieces(const std::string& source, std::mt19937& random, size_t max_piece,
                                    size_t& max_held) {
  FoldedText text;
  std::vector<Finding> found;
  size_t settled = 0;
  for (size_t at = 0; at < source.size();) {
    const size_t length = std::min(source.size() - at, 1 + random() % max_piece);
    text.append(std::string_view(source).substr(at, length));
    at += length;
    const size_t before = settled;
    settled = find_identifiers(text, settled, TextEnd::open, all_wanted, found);
    if (settled < before || settled > text.end()) qFatal("settled runs backwards or beyond the text");
    max_held = std::max(max_held, text.end() - settled);
    if (settled > identifier_context_bytes && random() % 4 == 0) {
      size_t keep = settled - identifier_context_bytes;
      while ((static_cast<uint8_t>(text.view()[keep - text.begin()]) & 0xC0U) == 0x80) --keep;
      text.forget(keep);
    }
  }
  text.finish();
  settled = find_identifiers(text, settled, TextEnd::final, all_wanted, found);
  if (settled != text.end()) qFatal("a finished text is settled");
  return found;
}

QString described(const std::vector<Finding>& found) {
  QStringList list;
  for (const Finding& f : found)
    list << QString("%1 [%2, %3) %4")
                .arg(QString::fromStdString(std::string(name_of(f.label))))
                .arg(f.begin)
                .arg(f.end)
                .arg(f.score);
  return list.join('\n');
}

const std::vector<std::string> snippets = {
    "9999 3775 9456",
    "९९९९ ३७७५ ९४५६",
    "9999-3775-9456",
    "999937759456",
    "+91 98765 43210",
    "9876543210",
    "(+91) 98765-43210",
    "4111 1111 1111 1111",
    "3782 822463 10005",
    "27ZZZCM8617P1Z3",
    "27 ZZZCM 8617 P 1Z3",
    "ABCPE1234F",
    "ABCPE 1234 F",
    "SBIN0001234",
    "sbin 0001234",
    "rahul.k@gmail.com",
    "a9876543210@ybl",
    "rahul@okaxis",
    "राहुल@उदाहरण.भारत",
    "git@github.com:a/b",
    "Aadhaar",
    "आधार संख्या",
    "order no.",
    "PAN",
    "mobile",
    "खाता",
    "upi id",
    "है",
    "hai",
    "api key",
    "api_key=",
    "the",
    "नमस्ते",
    "9f8d7c6b5a4e3f2d1c0b9a8f7e6d5c4b",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "-----BEGIN RSA PRIVATE KEY-----\n",
    "MIIEpAIBAAKCAQEA1c7+9z5Pad7OejecsQ0bu3aumN4v4Vb6u3bWb6u3bWb6u3bW\n",
    "-----END RSA PRIVATE KEY-----",
    "\u200b\u200b\u200b\u200b",
    "\u200d",
    "\u202e",
    "\U000e0041",
    "🏴\U000e0067\U000e007f",
    "é",
    "\xff",
    "12",
    "7",
    "2024",
    "15/08/2024",
    "1,23,456.00",
    "v1.2.3",
    "https://x.com/a/",
    "550e8400-e29b-41d4-a716-446655440000",
    "--",
    "-",
    "@",
    ".",
    ",",
    "/",
    "+",
    "(",
    ")",
    "_",
    "=",
    "।",
    "\n",
    "\r\n",
    " - ",
    "\u00a0",
    "\u2011",
    "０９",
    "abcde",
    "hdfc",
    "x"};

std::string random_text(std::mt19937& random) {
  std::string text;
  for (size_t n = 1 + random() % 24; n > 0; --n) {
    const std::string& snippet = snippets[random() % snippets.size()];
    for (size_t times = random() % 50 == 0 ? 1 + random() % 80 : 1; times > 0; --times) text += snippet;
    if (random() % 3 != 0) text += ' ';
    if (random() % 16 == 0 && !text.empty()) text.resize(text.size() - 1 - random() % std::min<size_t>(text.size(), 5));
  }
  return text;
}

}  // namespace

class IdentifiersTest : public QObject {
  Q_OBJECT

 private slots:
  void finds_numbers_with_valid_checks_data() {
    add_rows({
        {"9999 3775 9456", "AADHAAR 9999 3775 9456"},
        {"9999 8079 8695", "AADHAAR 9999 8079 8695"},
        {"9999 4111 5105", "AADHAAR 9999 4111 5105"},
        {"9999 9549 4134", "AADHAAR 9999 9549 4134"},
        {"9999 4826 9052", "AADHAAR 9999 4826 9052"},
        {"07ZZZCU4764N1Z1", "GSTIN 07ZZZCU4764N1Z1"},
        {"19ZZZPE0038F1ZJ", "GSTIN 19ZZZPE0038F1ZJ"},
        {"27ZZZCM8617P1Z3", "GSTIN 27ZZZCM8617P1Z3"},
        {"29ZZZCA4386P1Z9", "GSTIN 29ZZZCA4386P1Z9"},
        {"38ZZZCY8670Q1ZH", "GSTIN 38ZZZCY8670Q1ZH"},
        {"4111 1111 1111 1111", "PAYMENT_CARD 4111 1111 1111 1111"},
        {"5555 5555 5555 4444", "PAYMENT_CARD 5555 5555 5555 4444"},
        {"6074 0072 5775 5382", "PAYMENT_CARD 6074 0072 5775 5382"},
        {"6522 0070 2723 3197", "PAYMENT_CARD 6522 0070 2723 3197"},
        {"8172 0047 8598 1413", "PAYMENT_CARD 8172 0047 8598 1413"},
        {"3782 822463 10005", "PAYMENT_CARD 3782 822463 10005"},
    });
  }
  void finds_numbers_with_valid_checks() { check_row(); }

  void leaves_numbers_with_wrong_checks_data() {
    add_rows({
        {"9999 9228 1885", ""},
        {"9999 4718 7280", ""},
        {"1743 9616 2717", ""},
        {"9999 1890 079", ""},
        {"9999 1221 9999", ""},
        {"27ZZZFF4465L1ZJ", ""},
        {"33ZZZCF2459L1ZW", ""},
        {"45ZZZFF4465L1ZG", ""},
        {"09ZZZFJ1709Q1YB", ""},
        {"29ZZZCE2675Y1Z", ""},
        {"4111 1111 1111 1112", ""},
        {"5555 5555 5554 5444", ""},
        {"6074 0043 1990 0778", ""},
        {"6522 0066 0472 124", ""},
        {"3782 822463 10015", ""},
        {"9999 5199 3921 9478", ""},
        {"91-0000-7624-0696", ""},
        {"1802 9119 2974 3475", ""},
    });
  }
  void leaves_numbers_with_wrong_checks() { check_row(); }

  void knows_every_way_to_write_them_data() {
    add_rows({
        {"Aadhaar: 9999-3775-9456.", "AADHAAR 9999-3775-9456"},
        {"mera aadhar number ९९९९ ३७७५ ९४५६ hai", "AADHAAR ९९९९ ३७७५ ९४५६"},
        {"aadhar९९९९३७७५9456", "AADHAAR ९९९९३७७५9456"},
        {"आधार संख्या \uff19\uff19\uff19\uff19\u3000\uff13\uff17\uff17\uff15\u3000\uff19\uff14\uff15\uff16 है।",
         "AADHAAR \uff19\uff19\uff19\uff19\u3000\uff13\uff17\uff17\uff15\u3000\uff19\uff14\uff15\uff16"},
        {"UID 9999\u00a03775\u202f9456", "AADHAAR 9999\u00a03775\u202f9456"},
        {"UID 9999.3775.9456", "AADHAAR 9999.3775.9456"},
        {"UID 9999_3775_9456", "AADHAAR 9999_3775_9456"},
        {"UID 9999/3775/9456", "AADHAAR 9999/3775/9456"},
        {"UID 9999\u00b73775\u00b79456", "AADHAAR 9999\u00b73775\u00b79456"},
        {"UID 9999\u20113775\u20139456", "AADHAAR 9999\u20113775\u20139456"},
        {"UID 9999 - 3775 - 9456", "AADHAAR 9999 - 3775 - 9456"},
        {"UID 9999 3775\n9456", "AADHAAR 9999 3775\n9456"},
        {"UID 9\u200b9\u200d99\ufeff 37\u00ad75 \u20669456\u2069",
         "AADHAAR 9\u200b9\u200d99\ufeff 37\u00ad75 \u20669456\nBIDI_CONTROL \u2066\nBIDI_CONTROL \u2069"},
        {"9 9 9 9 3 7 7 5 9 4 5 6", "AADHAAR 9 9 9 9 3 7 7 5 9 4 5 6"},
        {"(9999 3775 9456)", "AADHAAR 9999 3775 9456"},
        {"ஆதார் ௯௯௯௯ ௩௭௭௫ ௯௪௫௬", "AADHAAR ௯௯௯௯ ௩௭௭௫ ௯௪௫௬"},
        {"कार्ड ४१११-११११-११११-११११", "PAYMENT_CARD ४१११-११११-११११-११११"},
        {"ABCPE1234F", "PAN ABCPE1234F"},
        {"my pan is abcpe1234f.", "PAN abcpe1234f"},
        {"panABCPE1234Fhai", "PAN ABCPE1234F"},
        {"पैन ABCPE१२३४F", "PAN ABCPE१२३४F"},
        {"ＰＡＮ：ＡＢＣＰ\u200bＥ１２３４Ｆ", "PAN ＡＢＣＰ\u200bＥ１２３４Ｆ"},
        {"PAN: ABCPE 1234 F", "PAN ABCPE 1234 F"},
        {"GST 27 ZZZCM 8617 P 1Z3", "GSTIN 27 ZZZCM 8617 P 1Z3"},
        {"gstin27zzzcm8617p1z3", "GSTIN 27zzzcm8617p1z3"},
        {"SBIN0001234", "IFSC SBIN0001234"},
        {"IFSC hdfc0000123,", "IFSC hdfc0000123"},
        {"SBIN 0001234", "IFSC SBIN 0001234"},
        {"IFSC code QQQQ0123456", "IFSC QQQQ0123456"},
        {"+91 98765 43210", "PHONE_MOBILE +91 98765 43210"},
        {"(+91) 98765-43210", "PHONE_MOBILE (+91) 98765-43210"},
        {"+91 (98765) 43210", "PHONE_MOBILE +91 (98765) 43210"},
        {"09876543210", "PHONE_MOBILE 09876543210"},
        {"0091-9876543210", "PHONE_MOBILE 0091-9876543210"},
        {"91 9876543210", "PHONE_MOBILE 91 9876543210"},
        {"mob.९८७६५ ४३२१०", "PHONE_MOBILE ९८७६५ ४३२१०"},
        {"9876543210/9123456789", "PHONE_MOBILE 9876543210\nPHONE_MOBILE 9123456789"},
        {"call987-654-3210ko", "PHONE_MOBILE 987-654-3210"},
        {"9876543210", "PHONE_MOBILE 9876543210"},
        {"<rahul.k@Gmail.com>", "EMAIL rahul.k@Gmail.com"},
        {"ईमेलrahul@x.co.in।", "EMAIL rahul@x.co.in"},
        {"राहुल@उदाहरण.भारत", "EMAIL राहुल@उदाहरण.भारत"},
        {"mailto:a_b+c@example.com.", "EMAIL a_b+c@example.com"},
        {"rahul@okaxis.", "UPI_VPA rahul@okaxis"},
        {"upi://pay?pa=rahul@jio&am=250", "UPI_VPA rahul@jio"},
        {"UPI/507413883762/rahul.k@pthdfc/rent", "UPI_VPA rahul.k@pthdfc"},
        {"UPI-rahul@sbi-Payment", "UPI_VPA rahul@sbi"},
        {"UPI ID-rahul@okaxis", "UPI_VPA rahul@okaxis"},
        {"Email ID-rahul@gmail.com", "EMAIL rahul@gmail.com"},
        {"_rahul@gmail.com_", "EMAIL rahul@gmail.com"},
        {"https://portal.example/reset?user=rahul@gmail.com&t=1", "EMAIL rahul@gmail.com"},
        {"ABCPE1234F/27ZZZCM8617P1Z3/MAHB0000506", "PAN ABCPE1234F\nGSTIN 27ZZZCM8617P1Z3\nIFSC MAHB0000506"},
        {"९८७६५४३२१०＠ybl", "UPI_VPA ९८७६५४३२१०＠ybl"},
        {"upi:rahul.k@newbank", "UPI_VPA rahul.k@newbank"},
        {"919876543210", "PHONE_MOBILE 919876543210"},
    });
  }
  void knows_every_way_to_write_them() { check_row(); }

  void leaves_what_only_looks_like_them_data() {
    add_rows({
        {"550e8400-e29b-41d4-a716-999937759456", ""},
        {"Listen on 223.190.209.249:4769", ""},
        {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ""},
        {"Rs 98,76,54,321.00", ""},
        {"₹9876543210", ""},
        {"lat 12.9715987654, 77.5945627123", ""},
        {"2024-01-15T10:30:00.123456789Z", ""},
        {"v9876.543.210", ""},
        {"1234 9999 3775 9456", ""},
        {"9999 3775 9456 1234", ""},
        {"19999 3775 9456", ""},
        {"+1 987 654 3210", ""},
        {"080-67891234", ""},
        {"1800-987-6543", ""},
        {"BATCH1234X", ""},
        {"XABCPE1234F", ""},
        {"ABCDE0000F", ""},
        {"ABCDZ1234F", ""},
        {"with0123456", ""},
        {"about 2024 a", ""},
        {"git@github.com:org/repo", ""},
        {"@scope/pkg and @Override", ""},
        {"react@18.2.0 actions/checkout@v4", ""},
        {"ssh root@web01", ""},
        {"https://user:word@example.com/", ""},
        {"https://x.com/orders/9876543210", ""},
    });
  }
  void leaves_what_only_looks_like_them() { check_row(); }

  void listens_to_the_words_around_data() {
    add_rows({
        {"order no 999937759456", ""},
        {"invoice 9999 3775 9456", ""},
        {"UTR: 999937759456", ""},
        {"ऑर्डर नंबर ९९९९३७७५९४५६", ""},
        {"consumer no. 9876543210", ""},
        {"PNR 6543217890", ""},
        {"9876543210 mera order number hai", ""},
        {"ref 4111111111111111", ""},
        {"999937759456 is my aadhaar", "AADHAAR 999937759456"},
        {"order 4521, aadhaar 999937759456", "AADHAAR 999937759456"},
        {"txn 55. Call 9876543210", "PHONE_MOBILE 9876543210"},
        {"Your order is late. 9876543210", "PHONE_MOBILE 9876543210"},
        {"Aadhaar\n9999 3775 9456", "AADHAAR 9999 3775 9456"},
        {"order id\n9999 3775 9456", ""},
        {"order id\n\n9999 3775 9456", "AADHAAR 9999 3775 9456"},
        {"aadhaar 919999377599", ""},
        {"आधार क्रमांक 999937759456", "AADHAAR 999937759456"},
        {"क्रमांक 999937759456", ""},
        {"a/c 9876543210", ""},
        {"consumer no. 8405134656, mobile no. 9876543210", "PHONE_MOBILE 9876543210"},
        {"OTP is not coming on 9876543210", "PHONE_MOBILE 9876543210"},
        {"mera number hai 9876543210, order 4521 ke liye", "PHONE_MOBILE 9876543210"},
        {"| ABCPE1234F | INR 3,76,118.00 |", "PAN ABCPE1234F"},
        {"acct;999937759456;Rs. 18,44,992", ""},
        {"customer id 9876543210", ""},
        {"customer #9876543210", ""},
        {"customer no. is 9876543210", ""},
        {"customer Ravi, 9876543210", "PHONE_MOBILE 9876543210"},
        {"9876543210 is the account number", ""},
        {"ID proof 999937759456", "AADHAAR 999937759456"},
        {"शिकायतकर्ता: रवि (9876543210)", "PHONE_MOBILE 9876543210"},
        {"loan applicant ABCPE1234F", "PAN ABCPE1234F"},
        {"(3782 822463 10005)", "PAYMENT_CARD 3782 822463 10005"},
        {"use 3743 076312 34561 to pay", "PAYMENT_CARD 3743 076312 34561"},
        {"EWB No. 999937759456", ""},
        {"file of 9876543210 bytes", ""},
        {"{\"phone\": \"9876543210\", \"order\": \"9876543210\"}", "PHONE_MOBILE 9876543210"},
    });
  }
  void listens_to_the_words_around() { check_row(); }

  void finds_secrets_and_hidden_characters_data() {
    add_rows({
        {"AKIAIOSFODNN7EXAMPLE", "SECRET_TOKEN AKIAIOSFODNN7EXAMPLE"},
        {"ghp_16C7e42F292c6912E7710c838347Ae178B4a", "SECRET_TOKEN ghp_16C7e42F292c6912E7710c838347Ae178B4a"},
        {"api_key=9f8d7c6b5a4e3f2d1c0b9a8f7e6d5c4b", "SECRET_TOKEN 9f8d7c6b5a4e3f2d1c0b9a8f7e6d5c4b"},
        {"commit 9f8d7c6b5a4e3f2d1c0b9a8f7e6d5c4b", ""},
        {"token 550e8400-e29b-41d4-a716-446655440000", ""},
        {"-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA1c7\n", ""},
        {"-----BEGIN PRIVATE KEY----- is a header", "PRIVATE_KEY -----BEGIN PRIVATE KEY-----"},
        {"क्\u200dष और नमस्\u200cते", ""},
        {"👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", ""},
        {"a\u200b\u200b\u200b\u200bb", "HIDDEN_UNICODE \u200b\u200b\u200b\u200b"},
        {"a\U000e0041", "HIDDEN_UNICODE \U000e0041"},
        {"\u200fa\u200e", ""},
        {"a\u202eb", "BIDI_CONTROL \u202e"},
    });
  }
  void finds_secrets_and_hidden_characters() { check_row(); }

  void finds_all_of_a_long_key() {
    std::string key = "-----BEGIN RSA PRIVATE KEY-----\n";
    std::mt19937 random(3);
    for (int line = 0; line < 50; ++line) {
      for (int i = 0; i < 64; ++i)
        key += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[random() % 64];
      key += '\n';
    }
    key += "-----END RSA PRIVATE KEY-----";
    const std::vector<Finding> found = find_all("Key: " + key + " done, call 9876543210");
    size_t at = 5;
    for (const Finding& piece : found) {
      if (piece.label != Label::private_key) break;
      QCOMPARE(piece.begin, at);
      at = piece.end;
    }
    QCOMPARE(at, 5 + key.size());
    QCOMPARE(found.back().label, Label::phone_mobile);
  }

  void reports_only_what_is_wanted() {
    QCOMPARE(acted_upon("27ZZZCM8617P1Z3", LabelSet().set(static_cast<size_t>(Label::pan))), "");
    QCOMPARE(acted_upon("9876543210@ybl", LabelSet().set(static_cast<size_t>(Label::phone_mobile))), "");
  }

  void finds_the_same_however_the_text_is_cut() {
    std::mt19937 random(7);
    for (int round = 0; round < 4000; ++round) {
      const std::string source = random_text(random);
      const std::vector<Finding> whole = find_all(source);
      size_t max_held = 0;
      const size_t max_piece = round % 3 == 0 ? 1 : 1 + random() % 40;
      const std::vector<Finding> pieces = find_in_pieces(source, random, max_piece, max_held);
      if (pieces != whole)
        QFAIL(qPrintable(QString("%1\nwhole:\n%2\nin pieces:\n%3")
                             .arg(QString::fromStdString(source), described(whole), described(pieces))));
      QVERIFY2(max_held <= 640, qPrintable(QString("%1 bytes held").arg(max_held)));
      for (size_t i = 1; i < whole.size(); ++i) QVERIFY(whole[i].begin >= whole[i - 1].begin);
    }
  }

  void holds_back_the_last_word_of_prose() {
    FoldedText text;
    std::vector<Finding> found;
    text.append("Plain prose goes straight thro");
    QCOMPARE(find_identifiers(text, 0, TextEnd::open, all_wanted, found), 26);
    text.append("ugh ");
    QCOMPARE(find_identifiers(text, 26, TextEnd::open, all_wanted, found), text.end());
    QVERIFY(found.empty());
  }
};

QTEST_GUILESS_MAIN(IdentifiersTest)
#include "identifiers_test.moc"

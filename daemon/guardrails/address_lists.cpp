#include "daemon/guardrails/address_lists.h"

#include <algorithm>
#include <vector>

namespace tijori {
namespace {

constexpr std::string_view upi_handles =
    "upi ybl ibl axl okaxis okhdfcbank okicici oksbi paytm ptaxis pthdfc ptsbi ptyes apl yapl rapl waaxis wahdfcbank "
    "waicici wasbi axisb axisbank axis icici sbi hdfcbank hdfc kotak kotak811 barodampay cnrb pnb boi unionbank uboi "
    "ubi "
    "unionbankofindia idfcbank idfcfirst idfc idfcnetc federal fbl indus yesbank yesbankltd yespay yesg rbl aubank dbs "
    "idbi "
    "iob uco mahb kbl sib postbank airtel jio freecharge ikwik jupiteraxis slc slice sliceaxis fam yescred axisgo cred "
    "credpay superyes timecosmos tapicici sliceicici pingpay omni niyoicici nsdl naviaxis myicici mbk kphdfc kvb ktb "
    "karb jkb jsb indianbank indbank hsbc goaxis fifederal finobank dlb dcb csbpay cub cmsidfc citi citigold cboi cbin "
    "centralbank canarabank bandhan axisfinance abfspay abcdicici allbank andb equitas esaf eazypay ezeepay hdfcbankjd "
    "icicibank icicipay imobile kaypay lvb lime mairtel obc oxigen payzapp pockets psb pz purz rajgovhdfcbank "
    "rmhdfcbank "
    "sc scb scbl scmobile srcb syndbank synd tjsb tmb trans ujjivan united utbi utib utkarshbank vjb vijayabank wsbi "
    "yblupi zoicici bhim bpunity axisgo axb amazonpay apay appl bajaj bajajpay bhdfc dhani digikhata "
    "eqt mahbank nyes oneyes payu rzp razorpay spicepay shriramhdfcbank stok tatapay yestransact ";

// Names of countries are two letters; of the others, those that people write.
constexpr std::string_view country_domains =
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc "
    "cd "
    "cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd "
    "ge "
    "gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh "
    "ki "
    "km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx "
    "my "
    "mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd "
    "se "
    "sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy "
    "uz "
    "va vc ve vg vi vn vu wf ws ye yt za zm zw ";
constexpr std::string_view other_domains =
    "com org net edu gov mil int info biz name pro mobi tel travel jobs coop aero museum cat asia post bank insurance "
    "app "
    "dev cloud online site store shop tech space website live news blog club email world today life work works company "
    "agency digital media design studio systems solutions services support network group global international center "
    "academy education school college university institute training health care clinic hospital doctor dental fitness "
    "finance financial capital fund money loans loan credit cash tax legal law lawyer consulting consultant management "
    "ventures partners holdings industries engineering technology software computer codes games art music photo photos "
    "gallery video film theater events expo tours holiday flights hotel restaurant cafe coffee pizza kitchen recipes "
    "farm "
    "garden house homes land estate properties property construction builders contractors plumbing cleaning supply "
    "supplies equipment tools parts auto cars bike taxi delivery express foundation charity ngo ong community social "
    "chat "
    "team zone city town india delhi mumbai xyz top icu vip one fun page link click guru ninja rocks expert plus gold "
    "ltd llc inc gmbh wiki science bio eco energy solar green earth google microsoft apple amazon sbi icici hdfc axis "
    "tata "
    "reliance bharti example test invalid ";

std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    words.push_back(list.substr(0, list.find(' ')));
    list.remove_prefix(words.back().size() + 1);
  }
  std::ranges::sort(words);
  return words;
}

}  // namespace

bool is_upi_handle(std::string_view name) {
  static const std::vector<std::string_view> known = words_of(upi_handles);
  // Receivers under regulation: broker.mf@validhdfc.
  if (name.size() > 7 && name.starts_with("valid")) return true;
  return std::ranges::binary_search(known, name);
}

bool is_mail_domain(std::string_view name) {
  static const std::vector<std::string_view> countries = words_of(country_domains);
  static const std::vector<std::string_view> others = words_of(other_domains);
  if (name.empty()) return false;
  if (static_cast<unsigned char>(name[0]) >= 0x80) return true;  // .भारत and the like
  if (name.starts_with("xn--")) return name.size() > 4;
  return std::ranges::binary_search(name.size() == 2 ? countries : others, name);
}

}  // namespace tijori

#include "daemon/guardrails/bank_codes.h"

#include <algorithm>
#include <array>
#include <vector>

namespace tijori {
namespace {

// Merged banks too: their codes live on in old documents.
constexpr std::string_view codes =
    "abhy abna adcb agvb airp alla amcb amdn andb anzb apbl apgb apgv apmc asbl atbk aubl auca axis bacb barb barc "
    "bbkm "
    "bcbm bdbl bkdn bkid bnpa bofa botm bscb bhub cbin ccbl cclb chas citi ciub clbl cnrb corp cosb cres crub csbk "
    "csbx "
    "ctba ctcb curs cvbl dbss dcbl deob deut dicg dlsc dlxb dmkb dnsb durg ebil eibi esaf esfb esmf fdrl fino firn "
    "fsfb "
    "gbcb gdcb ggbk gscb hcbl hdfc hpsc hsbc hvbk ibbk ibkl ibko icbk icic idfb idib idub indb ioba ipos itcb jaka "
    "jana "
    "janb jasb jiop jjsb jpcb jsbl jsbp jsfb jtsc kacb kaij kang karb karx kbkb kbsb kccb kcob kdcb kjsb kkbk klgb "
    "kncb "
    "knsb krth kscb ksbk kspb kucb kvbl kvgb lavb mahb mcbl mdcb mdbk mhcb mkpb msbl mscb mshq msnu mslm mubl mvcb "
    "nata "
    "nbad nbrd ncub nesf nicb nkgs nmcb nmgb nnsb nosc nspb ntbl nucb nvnm orbc orcb otbk pjsb pkgb pmcb pmec prth "
    "psib "
    "puls punb pusd pytm qnba rabo ratn rbih rbis rmgb rncb rnsb rrbp rscb rssb sabr sahe sant sbbj sbhy sbin sbls "
    "sbmy "
    "sbtr scbl sccb sdcb sdce shbk sibl sidb sjsb skgb smbc smcb soge spcb srcb stbp stcb sucb sunb sury sutb svbl "
    "svcb "
    "svsh synb tbsb tcub tdcb tehr tgmb tjsb tmbl tmsc tncb tnsc tsab tscb ttcb ubin ucba ucbs uget ujvn uobb uovb "
    "upcb "
    "urbn utbi utib utks uucb vara vasj vcob vera vicb vijb vsbl vvsb wbsc wpac yesb zcbl zsbl akjb bara mahg nrbu "
    "pssb";

const std::vector<std::string_view>& sorted_codes() {
  static const std::vector<std::string_view> sorted = [] {
    std::vector<std::string_view> list;
    for (size_t i = 0; i < codes.size(); i += 5) list.push_back(codes.substr(i, 4));
    std::ranges::sort(list);
    return list;
  }();
  return sorted;
}

}  // namespace

bool is_bank_code(std::string_view code) {
  return std::ranges::binary_search(sorted_codes(), code);
}

}  // namespace tijori

// Never linked: symbols.py is shown this object and has to refuse every name that it lacks. What comes from libraries
// that may not even be installed here is declared, which makes the same names.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

class QHostInfo {
 public:
  static void fromName(const char* name);
};
class QNetworkAccessManager {
 public:
  QNetworkAccessManager();
};
class QTcpSocket {
 public:
  QTcpSocket();
};
namespace boost::asio::ip {
struct tcp_endpoint {
  tcp_endpoint();
};
}  // namespace boost::asio::ip
extern "C" {
int ares_init(void** channel);
void* BIO_new_connect(const char* host_and_port);
void* curl_easy_init(void);
}

int network_user(const char* name) {
  addrinfo* found = nullptr;
  int faults = getaddrinfo(name, "443", nullptr, &found);
  freeaddrinfo(found);
  faults += gethostbyname(name) == nullptr;
  faults += getservbyname("https", "tcp") == nullptr;
  faults += getnameinfo(nullptr, 0, nullptr, 0, nullptr, 0, 0);
  unsigned char answer[512];
  faults += res_query(name, 1, 1, answer, sizeof answer);
  faults += res_ninit(nullptr);
  in_addr address{};
  faults += inet_pton(AF_INET, name, &address);
  ifaddrs* interfaces = nullptr;
  faults += getifaddrs(&interfaces);
  faults += static_cast<int>(if_nametoindex(name));
  faults += dlopen(name, 0) == nullptr;
  void* channel = nullptr;
  faults += ares_init(&channel);
  faults += BIO_new_connect(name) == nullptr;
  faults += curl_easy_init() == nullptr;
  QHostInfo::fromName(name);
  const QNetworkAccessManager manager;
  const QTcpSocket socket;
  const boost::asio::ip::tcp_endpoint endpoint;
  return faults;
}

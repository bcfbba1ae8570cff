// Names that tell one kind of address from another.
#pragma once

#include <string_view>

namespace tijori {

// Lower case. Handles of payment service providers: what stands behind the @ of a UPI address.
bool is_upi_handle(std::string_view name);

// The last label of a host name that mail goes to, without the dot.
bool is_mail_domain(std::string_view name);

}  // namespace tijori

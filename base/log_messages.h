// The kinds of log lines of tijorid, tijori-audit and tijori-engine. A line's words may change, its kind doesn't:
// packaging/journal explains it to whoever runs the appliance. tests/structure/log_messages.py holds the two together.
#pragma once

#include <string_view>

namespace tijori {

struct LogMessage {
  std::string_view code;  // TIJORI_CODE of the journal
  std::string_view id;    // MESSAGE_ID: 128 bits, never given to another kind of line
};

namespace message {

// Any of the programs
inline constexpr LogMessage start_delayed{"start-delayed", "69b2d721d56c46f1b4bf53f9980f169c"};
inline constexpr LogMessage unexpected_failure{"unexpected-failure", "5bb97cf2a177478389253e10107da7a5"};

// tijorid: its life
inline constexpr LogMessage daemon_ready{"daemon-ready", "8c4f46a038d64457af95e62d9d0b4fcb"};
inline constexpr LogMessage daemon_stopping{"daemon-stopping", "e0eb418adfab4ca9a82542a7b510c833"};
inline constexpr LogMessage daemon_stopped{"daemon-stopped", "566bc001493d4f22bd4aee6cd666395d"};
inline constexpr LogMessage daemon_failed{"daemon-failed", "169c20f72a2443d6ac29102740711e26"};
inline constexpr LogMessage requests_cut_off{"requests-cut-off", "0cc9b67615f1460fb3389b9c15cc30ea"};
inline constexpr LogMessage no_administrator{"no-administrator", "5e63baa4bff74ff0b9fc14761229d734"};

// tijorid: what it is given
inline constexpr LogMessage setting_wrong{"setting-wrong", "d7b603d1cf534475a6123beb1808ea96"};
inline constexpr LogMessage setting_needs_restart{"setting-needs-restart", "975481123a0f4000a83ea8223c41edee"};
inline constexpr LogMessage reloaded{"reloaded", "e56c0891f3ec44f690a7e1bab3f55fce"};
inline constexpr LogMessage reload_failed{"reload-failed", "2e1cbac0be514359a6e4dcb2b7cb945a"};
inline constexpr LogMessage revocation_list_not_kept{"revocation-list-not-kept", "500781cea16c4aa6bb7a11427e50debf"};
inline constexpr LogMessage guardrails_unusable{"guardrails-unusable", "502be7c94d764b65a7148cb3bebcb15a"};

// tijorid: the audit log
inline constexpr LogMessage started_without_log{"started-without-log", "7ac4618fc8234c13a44a193655067f8d"};
inline constexpr LogMessage log_away{"log-away", "ae65232462394eb38d510af83b2098f9"};
inline constexpr LogMessage log_connected{"log-connected", "2ebf48fdc1b144b0861132209c465961"};
inline constexpr LogMessage log_state_not_kept{"log-state-not-kept", "80f9ee9283084a318e6baf9103a238a1"};
inline constexpr LogMessage log_accepted{"log-accepted", "5213baba56804a1a9c163ad08e71a965"};
inline constexpr LogMessage late_record_refused{"late-record-refused", "fe74197cee3f44bcbd4cffa15a9549d2"};
inline constexpr LogMessage record_dropped{"record-dropped", "e958b3d65bf84726b4b428fd84ca1597"};
inline constexpr LogMessage export_ended_early{"export-ended-early", "2010307573b043de9ea044f9a1d23b18"};

// tijorid: the models
inline constexpr LogMessage model_ready{"model-ready", "fa475ba8fc8b424a9d51544b13d4e1e6"};
inline constexpr LogMessage model_unloaded{"model-unloaded", "e56f8960671d4169852666250b006bc3"};
inline constexpr LogMessage model_failed{"model-failed", "5971e4a404ba45458656293d83251863"};
inline constexpr LogMessage model_not_allowed{"model-not-allowed", "1124801038d044ad9137629eaebc7277"};
inline constexpr LogMessage models_too_many{"models-too-many", "c46429c8606c498a949d8af5caf97f86"};
inline constexpr LogMessage models_not_kept{"models-not-kept", "d7e5db7bca9845d6b190ef96ec43ca01"};
inline constexpr LogMessage slot_occupied{"slot-occupied", "a399bd2edee041bb9a09393f6035859e"};
inline constexpr LogMessage engine_ended{"engine-ended", "19ad4ab80ab345159f036ebd7b39f768"};
inline constexpr LogMessage engine_silent{"engine-silent", "30e8c19c14e5470aa0b3aed799133c8a"};
inline constexpr LogMessage engine_answers{"engine-answers", "aba79ae5eec141ff9dd0d9e65c7838d2"};
inline constexpr LogMessage engine_hung{"engine-hung", "07c3ecfa074a46488d64f0d466968ed3"};

// tijori-engine
inline constexpr LogMessage engine_failed{"engine-failed", "c6a1705e59a447d2ab6837c91188a271"};
inline constexpr LogMessage engine_not_woken{"engine-not-woken", "07e8e6b7f4be4dcbaab4789df2b7d771"};
inline constexpr LogMessage engine_step_failed{"engine-step-failed", "04d3d04853de443399f68a22923626c7"};
inline constexpr LogMessage engine_connection_ended{"engine-connection-ended", "9e550a1e075e4359a45961aa64c6a126"};
inline constexpr LogMessage peer_refused{"peer-refused", "31136f832353470fa496ef6941731277"};
inline constexpr LogMessage slot_freed{"slot-freed", "964c04b9b48b4fc58a0bbf98ea8bb124"};

// tijori-audit
inline constexpr LogMessage audit_failed{"audit-failed", "a77a29a2c5804d0488e14527203decf2"};
inline constexpr LogMessage log_open{"log-open", "455eeccffc5147c3a2cd39a5854f9fd0"};
inline constexpr LogMessage log_blocked{"log-blocked", "e059154d876747c6a1eccfcf77aefc6d"};

}  // namespace message
}  // namespace tijori

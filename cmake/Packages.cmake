# Packages, by CPack, into packages/ of the build folder. `cmake --build … --target packages` makes all of Debian's and
# `appliance-package` the appliance's alone; cmake/RpmPackages.cmake has those of the EL family. The same sources give the
# same packages, byte for byte, wherever they lie.
include_guard()

# The version and the time of a package are those of the newest entry of its changelog.
set(changelog ${CMAKE_SOURCE_DIR}/packaging/debian/changelog)
file(STRINGS ${changelog} changes REGEX "^tijori \\(|^ -- ")
list(GET changes 0 newest)
list(GET changes 1 signature)
if(NOT newest MATCHES "\\(${PROJECT_VERSION}-([0-9]+)\\)" OR NOT signature MATCHES "^ -- .*>  (.*)$")
  message(FATAL_ERROR "packaging/debian/changelog: expected an entry for ${PROJECT_VERSION}-N, signed and dated")
endif()
string(REGEX MATCH "\\(${PROJECT_VERSION}-([0-9]+)\\)" newest "${newest}")
set(CPACK_DEBIAN_PACKAGE_RELEASE ${CMAKE_MATCH_1})
set(TIJORI_PACKAGE_RELEASE ${CPACK_DEBIAN_PACKAGE_RELEASE})
set(TIJORI_PACKAGE_VERSION ${PROJECT_VERSION}-${TIJORI_PACKAGE_RELEASE})
string(REGEX REPLACE "^ -- .*>  " "" written "${signature}")
execute_process(COMMAND date -u -d "${written}" +%s OUTPUT_VARIABLE written OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${changelog})

# What the scripts of every package manager know.
set(TIJORI_SOCKETS "tijorid-api.socket tijorid-admin.socket tijori-audit.socket")
set(TIJORI_SERVICES "tijorid.service tijori-audit.service 'tijori-engine@*.service'")
set(guard ${CMAKE_BINARY_DIR}/packaging/state_guard.sh)
configure_file(${CMAKE_SOURCE_DIR}/packaging/scripts/state_guard.sh.in ${guard} @ONLY)
file(READ ${guard} TIJORI_STATE_GUARD)

# The scripts that dpkg runs.
set(scripts ${CMAKE_BINARY_DIR}/packaging/debian)
foreach(script preinst postinst prerm postrm)
  configure_file(${CMAKE_SOURCE_DIR}/packaging/debian/${script}.in ${scripts}/${script} @ONLY
    FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endforeach()
file(WRITE ${scripts}/conffiles "/etc/tijori/tijorid.toml\n")
file(CHMOD ${scripts}/conffiles PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tijori)
set(CPACK_PACKAGE_VENDOR "Tijori maintainers")
# Each package has a summary of its own, the first line of its description.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_PACKAGE_CONTACT "Tijori maintainers <maintainers@tijori.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX ${TIJORI_PREFIX})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_BINARY_DIR}/package_time.cmake)
file(WRITE ${CPACK_PROJECT_CONFIG_FILE} "set(ENV{SOURCE_DATE_EPOCH} ${written})
include(${CMAKE_SOURCE_DIR}/cmake/rpm_tree.cmake)\n")
set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/debug_packages.cmake)
# What is packed is named by the targets below, and is built before; the tests are not.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENTS_ALL)
foreach(part ${package_parts})
  foreach(component ${part} ${part}_deb)
    list(APPEND CPACK_COMPONENTS_ALL ${component})
    string(TOUPPER ${component} upper)
    set(CPACK_COMPONENT_${upper}_GROUP ${part})
  endforeach()
endforeach()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Packs the symbols by themselves and strips the programs; CPACK_STRIP_FILES would leave it none.
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_APPLIANCE_PACKAGE_NAME tijori)
set(CPACK_DEBIAN_APPLIANCE_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_APPLIANCE_PACKAGE_DEPENDS "systemd (>= 252), passwd")
set(CPACK_DEBIAN_APPLIANCE_PACKAGE_SUGGESTS tijori-console)
set(CPACK_DEBIAN_APPLIANCE_PACKAGE_CONTROL_EXTRA
  ${scripts}/preinst ${scripts}/postinst ${scripts}/prerm ${scripts}/postrm ${scripts}/conffiles)
set(CPACK_DEBIAN_APPLIANCE_DESCRIPTION "language models on the record, behind mutual TLS
Tijori serves language models of its own to applications on the same machine,
over an OpenAI-compatible API on a local socket that asks both sides for a
certificate. Every request is on a tamper-evident, signed audit log before it
is answered. It uses no network at all.

This package holds the daemon, the engine, the audit log and its verifier, the
command line and the tool that issues certificates.")

set(CPACK_DEBIAN_CONSOLE_PACKAGE_NAME tijori-console)
set(CPACK_DEBIAN_CONSOLE_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_CONSOLE_PACKAGE_DEPENDS "fonts-inter, fonts-noto-core, fonts-jetbrains-mono")
set(CPACK_DEBIAN_CONSOLE_PACKAGE_SUGGESTS qt6-wayland)
set(CPACK_DEBIAN_CONSOLE_DESCRIPTION "desktop console of a Tijori appliance
For the people who are answerable for a Tijori appliance: its health and load,
its models, its signed audit log, its guardrails and the register of its
clients, in English and Hindi. It speaks to the appliance's administration
socket, here or through one that ssh forwards, and to nothing else.")

include(RpmPackages)
include(CPack)

# packages_target(NAME PART…)
function(packages_target name)
  set(components)
  foreach(part ${ARGN})
    list(APPEND components ${part} ${part}_deb)
  endforeach()
  add_custom_target(${name} VERBATIM WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
    COMMAND ${CMAKE_CPACK_COMMAND} -G DEB -D "CPACK_COMPONENTS_ALL=${components}"
    COMMENT "Packing ${ARGN}")
  add_dependencies(${name} ${ARGN})
endfunction()
packages_target(appliance-package appliance)
packages_target(packages ${package_parts})

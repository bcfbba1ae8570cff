# Packages for EL 10, out of what the build on Debian made: `rpm-packages` makes them all, with the source package, and
# `appliance-rpm-package` the appliance's alone. packaging/rpm/tijori.spec.in says what is in them.
include_guard()

# Debian's changelog is the one that is written; its newest entry is what rpm shows.
file(READ ${changelog} entry)
string(FIND "${entry}" "\n  * " from)
string(FIND "${entry}" "\n -- " to)
math(EXPR length "${to} - ${from}")
string(SUBSTRING "${entry}" ${from} ${length} entry)
string(REPLACE "\n  * " "\n- " entry "${entry}")
string(STRIP "${entry}" entry)
execute_process(COMMAND env LC_ALL=C date -u -d "@${written}" "+%a %b %d %Y" OUTPUT_VARIABLE day OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)
set(TIJORI_RPM_CHANGES "* ${day} ${CPACK_PACKAGE_CONTACT} - ${TIJORI_PACKAGE_VERSION}\n${entry}")
set(TIJORI_RPM_DIST .el10)
set(spec ${made}/rpm/tijori.spec)
configure_file(${CMAKE_SOURCE_DIR}/packaging/rpm/tijori.spec.in ${spec} @ONLY)

# What cmake/rpm_tree.cmake needs to know when cpack runs.
set(CPACK_TIJORI_BINARY_DIR ${CMAKE_BINARY_DIR})
set(CPACK_TIJORI_RPM_SPEC ${spec})
set(CPACK_TIJORI_RPM_DIST ${TIJORI_RPM_DIST})
set(CPACK_TIJORI_RPM_PRIVATE ${private}/libraries)
set(CPACK_TIJORI_RPM_SPLIT ${CMAKE_SOURCE_DIR}/packaging/rpm/split_symbols.sh)
set(CPACK_TIJORI_RPM_PARTS ${package_parts})
set(CPACK_RPM_PACKAGE_ARCHITECTURE x86_64)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)

# rpm_target(NAME PART…)
function(rpm_target name)
  list(JOIN ARGN ";" parts)
  set(source_package)
  if(name STREQUAL "rpm-packages")
    set(source_package COMMAND ${CMAKE_COMMAND} -E env SOURCE_DATE_EPOCH=${written} DIST=${TIJORI_RPM_DIST}
      ${CMAKE_SOURCE_DIR}/packaging/rpm/source.sh ${spec} ${CMAKE_BINARY_DIR}/packages)
  endif()
  add_custom_target(${name} VERBATIM WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
    COMMAND ${CMAKE_CPACK_COMMAND} -G RPM -D "CPACK_TIJORI_RPM_PARTS=${parts}"
    ${source_package}
    DEPENDS ${private_stamp}
    COMMENT "Packing ${ARGN} for EL 10")
  add_dependencies(${name} ${ARGN})
endfunction()
if(TIJORI_PRIVATE_LIBRARIES)
  rpm_target(appliance-rpm-package appliance)
  rpm_target(rpm-packages ${package_parts})
endif()

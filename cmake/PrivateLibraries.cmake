# The libraries that a system of EL 10 lacks are packed for it, where nothing but our programs finds them. Computed from what
# the programs need; a build on EL itself has no use for them.
include_guard()

find_program(DPKG_QUERY dpkg-query)
set(from_debian OFF)
if(DPKG_QUERY)
  set(from_debian ON)
endif()
option(TIJORI_PRIVATE_LIBRARIES "Pack for EL 10 the libraries that it lacks" ${from_debian})
set(private ${made}/rpm/private)
set(private_stamp)
if(NOT TIJORI_PRIVATE_LIBRARIES)
  return()
endif()

# An RPATH proper, which holds for what our libraries need in turn; they stay as Debian built them. It is linked as it is
# installed, since CMake pads the one that it would replace with a separator, which means the current folder to the loader.
foreach(program tijori tijorid tijori-engine)
  set_target_properties(${program} PROPERTIES INSTALL_RPATH ${TIJORI_PRIVATE_DIR} BUILD_WITH_INSTALL_RPATH ON)
  set_property(TARGET ${program} APPEND PROPERTY LINK_OPTIONS -Wl,--disable-new-dtags)
endforeach()

set(private_stamp ${made}/rpm/private.stamp)
set(files)
foreach(program ${programs})
  list(APPEND files $<TARGET_FILE:${program}>)
endforeach()
add_custom_command(OUTPUT ${private_stamp} VERBATIM
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/rpm/private_libraries.sh --into ${private}
    ${CMAKE_CURRENT_SOURCE_DIR}/rpm/el10.provides ${files}
  COMMAND ${GZIP} -9nf ${private}/notices
  COMMAND ${CMAKE_COMMAND} -E touch ${private_stamp}
  DEPENDS ${programs} rpm/private_libraries.sh rpm/el10.provides)
install(DIRECTORY ${private}/lib/ DESTINATION ${TIJORI_PRIVATE_DIR} USE_SOURCE_PERMISSIONS COMPONENT appliance_rpm)
install(FILES ${private}/libraries DESTINATION share/licenses/tijori RENAME private-libraries COMPONENT appliance_rpm)
install(FILES ${private}/notices.gz DESTINATION share/licenses/tijori RENAME private-libraries-notices.gz
  COMPONENT appliance_rpm)

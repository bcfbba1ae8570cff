# Run by cpack once the packages are made: see packaging/debug_package.sh.
foreach(package ${CPACK_PACKAGE_FILES})
  if(package MATCHES "\\.ddeb$")
    execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/../packaging/debug_package.sh ${package} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()

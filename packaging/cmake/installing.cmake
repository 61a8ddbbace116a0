# cmake --install build: programs, assets, man pages.
include(GNUInstallDirs)

function(relais_install)
    foreach(program syncd kiosk)
        if(TARGET ${program})
            install(TARGETS ${program} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
        endif()
    endforeach()
    install(DIRECTORY assets/ DESTINATION "${CMAKE_INSTALL_DATADIR}/relais-ix"
        FILES_MATCHING PATTERN "*" PATTERN ".*" EXCLUDE)
    if(EXISTS "${CMAKE_SOURCE_DIR}/packaging/man")
        install(DIRECTORY packaging/man/ DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" FILES_MATCHING PATTERN "*.1")
    endif()
endfunction()

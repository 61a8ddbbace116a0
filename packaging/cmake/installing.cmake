# cmake --install build: programs, assets, man pages.
include(GNUInstallDirs)

# Man pages come from the option tables of the programs: `ninja man` writes build/man, installing does the same.
function(relais_manual)
    set(generate "${CMAKE_SOURCE_DIR}/packaging/man/generate")
    set(pages "${CMAKE_BINARY_DIR}/man")
    add_custom_target(man COMMAND "${generate}" "${CMAKE_BINARY_DIR}/bin" "${pages}" VERBATIM)
    foreach(program syncd kiosk)
        if(TARGET ${program})
            add_dependencies(man ${program})
        endif()
    endforeach()
    install(CODE "execute_process(COMMAND \"${generate}\" \"${CMAKE_BINARY_DIR}/bin\" \"${pages}\" COMMAND_ERROR_IS_FATAL ANY)")
    install(DIRECTORY "${pages}/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" FILES_MATCHING PATTERN "*.1")
endfunction()

function(relais_install)
    foreach(program syncd kiosk)
        if(TARGET ${program})
            install(TARGETS ${program} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
        endif()
    endforeach()
    install(DIRECTORY assets/ DESTINATION "${CMAKE_INSTALL_DATADIR}/relais-ix"
        FILES_MATCHING PATTERN "*" PATTERN ".*" EXCLUDE)
    relais_manual()
endfunction()

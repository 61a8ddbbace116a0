# Tests are found by their names: tests/unit/common/str_test.c becomes bin/tests/unit_common_str_test with the label unit.
enable_testing()

# What reports are made of: a sanitizer's finding ends a test, and says where.
set(RELAIS_TEST_ENVIRONMENT
    "BIN=${CMAKE_BINARY_DIR}/bin"
    "SOURCE=${CMAKE_SOURCE_DIR}"
    "BUILD=${CMAKE_BINARY_DIR}"
    "ASAN_OPTIONS=abort_on_error=0:detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/harness/leaks.supp:print_suppressions=0"
    "SDL_VIDEODRIVER=dummy"
    "TZ=UTC")

# The libraries whose names begin with one of the prefixes.
function(relais_libraries_of out)
    set(found "")
    foreach(prefix IN LISTS ARGN)
        set(some ${RELAIS_LIBRARIES})
        list(FILTER some INCLUDE REGEX "^${prefix}_")
        list(APPEND found ${some})
    endforeach()
    set(${out} ${found} PARENT_SCOPE)
endfunction()

function(relais_harness)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/harness/*.c")
    if(sources)
        add_library(harness STATIC ${sources})
        target_link_libraries(harness PUBLIC relais_flags foreign_cmocka foreign_curl)
    else()
        add_library(harness INTERFACE)
        target_link_libraries(harness INTERFACE relais_flags foreign_cmocka)
    endif()
endfunction()

# relais_test_programs(unit/common LABEL unit PARTS common): PARTS says which libraries the tests of the folder may use. What is
# named *_suite.c is linked into every test of its folder.
function(relais_test_programs folder)
    cmake_parse_arguments(test "UNREGISTERED" "LABEL" "PARTS;SUITES" ${ARGN})
    relais_libraries_of(libraries ${test_PARTS})
    if(test_UNREGISTERED)
        file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${folder}/*.c")
    else()
        file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${folder}/*_test.c")
    endif()
    file(GLOB suites CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${folder}/*_suite.c")
    list(TRANSFORM test_SUITES PREPEND "${CMAKE_SOURCE_DIR}/tests/" OUTPUT_VARIABLE more_suites)
    list(APPEND suites ${more_suites})
    string(REPLACE "/" "_" prefix "${folder}")
    foreach(source IN LISTS sources)
        get_filename_component(base "${source}" NAME_WE)
        set(name "${prefix}_${base}")
        add_executable(${name} "${source}" ${suites})
        target_link_libraries(${name} PRIVATE harness ${libraries} relais_flags foreign_cmocka)
        target_compile_definitions(${name} PRIVATE RELAIS_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
            RELAIS_ASSETS_DIR="${CMAKE_SOURCE_DIR}/assets")
        set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin/tests")
        if(NOT test_UNREGISTERED)
            add_test(NAME ${name} COMMAND ${name})
            set_tests_properties(${name} PROPERTIES LABELS ${test_LABEL} TIMEOUT 400
                ENVIRONMENT "${RELAIS_TEST_ENVIRONMENT}")
        endif()
    endforeach()
endfunction()

function(relais_test_scripts folder usual_label usual_timeout_seconds)
    file(GLOB scripts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/${folder}/*.sh")
    foreach(script IN LISTS scripts)
        set(label ${usual_label})
        set(timeout_seconds ${usual_timeout_seconds})
        get_filename_component(base "${script}" NAME_WE)
        if(base STREQUAL "tidy") # minutes when much has changed: by name only
            set(label tidy)
            set(timeout_seconds 1800)
        endif()
        add_test(NAME ${folder}_${base} COMMAND bash "${script}" WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
        set_tests_properties(${folder}_${base} PROPERTIES LABELS ${label} TIMEOUT ${timeout_seconds}
            ENVIRONMENT "${RELAIS_TEST_ENVIRONMENT}")
    endforeach()
endfunction()

# tests/fuzz/json.c becomes replay_json, which runs tests/corpus/json as a unit test, and with RELAIS_FUZZ fuzz/json.
function(relais_fuzz_targets)
    relais_libraries_of(libraries syncd common)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/fuzz/*.c")
    list(FILTER sources EXCLUDE REGEX "/replay\\.c$")
    foreach(source IN LISTS sources)
        get_filename_component(base "${source}" NAME_WE)
        add_executable(replay_${base} "${source}" "${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c")
        target_link_libraries(replay_${base} PRIVATE ${libraries} relais_flags)
        set_target_properties(replay_${base} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin/tests")
        add_test(NAME replay_${base} COMMAND replay_${base} "${CMAKE_SOURCE_DIR}/tests/corpus/${base}")
        set_tests_properties(replay_${base} PROPERTIES LABELS unit TIMEOUT 120 ENVIRONMENT "${RELAIS_TEST_ENVIRONMENT}")
        if(RELAIS_FUZZ)
            add_executable(fuzz_${base} "${source}")
            target_link_libraries(fuzz_${base} PRIVATE ${libraries} relais_flags)
            target_link_options(fuzz_${base} PRIVATE -fsanitize=fuzzer)
            set_target_properties(fuzz_${base} PROPERTIES
                RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin/fuzz" RUNTIME_OUTPUT_NAME ${base})
        endif()
    endforeach()
endfunction()

# One program of tests/sim; ids, tokens and incarnations come from the seed, so random_secret is another one there.
function(relais_simulation)
    relais_libraries_of(libraries syncd common)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/sim/*.c")
    add_executable(sim ${sources})
    target_link_libraries(sim PRIVATE ${libraries} relais_flags foreign_sqlite)
    target_link_options(sim PRIVATE -Wl,--wrap=random_secret)
    set_target_properties(sim PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin/tests")
    add_test(NAME sim_seeds COMMAND sim --seeds 1..1000 --seconds 45 --counts)
    add_test(NAME sim_short_pages COMMAND sim --seeds 5001..5400 --seconds 15 --pages 1)
    add_test(NAME sim_replay COMMAND sim --seeds 1..8 --replay)
    add_test(NAME sim_rules_stand COMMAND bash "${CMAKE_SOURCE_DIR}/tests/sim/mutations" --stand)
    set_tests_properties(sim_seeds sim_short_pages sim_replay sim_rules_stand PROPERTIES LABELS sim TIMEOUT 300
        ENVIRONMENT "${RELAIS_TEST_ENVIRONMENT}")
endfunction()

function(relais_tests)
    relais_harness()
    relais_test_programs(unit/common LABEL unit PARTS common)
    relais_test_programs(unit/syncd LABEL unit PARTS syncd common)
    relais_test_programs(unit/kiosk LABEL unit PARTS kiosk common)
    relais_test_programs(contract LABEL contract PARTS syncd common)
    relais_test_programs(golden LABEL golden PARTS kiosk common)
    relais_simulation()
    relais_test_programs(bench UNREGISTERED PARTS syncd kiosk common)
    relais_fuzz_targets()
    relais_test_programs(integration UNREGISTERED PARTS common)
    if(RELAIS_POSTGRES) # its scripts start the server that the programs need
        relais_test_programs(pg UNREGISTERED PARTS syncd common
            SUITES contract/store_suite.c contract/store_tables_suite.c contract/records_suite.c)
        relais_test_scripts(pg pg 300)
    endif()
    relais_test_scripts(lint lint 300)
    relais_test_scripts(integration integration 300)
endfunction()

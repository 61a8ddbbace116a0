# relais_flags: what every file of ours is compiled with.
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

add_library(relais_flags INTERFACE)
target_include_directories(relais_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_definitions(relais_flags INTERFACE _GNU_SOURCE=1 RELAIS_VERSION="${PROJECT_VERSION}")
target_compile_options(relais_flags INTERFACE
    -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wold-style-definition -Wvla -Wformat=2 -Wswitch-enum -Wcast-qual -Wpointer-arith -Wwrite-strings -Wundef
    -Wimplicit-fallthrough -fno-strict-aliasing -fno-common -fstack-protector-strong)

if(RELAIS_WERROR)
    target_compile_options(relais_flags INTERFACE -Werror)
endif()

if(RELAIS_FUZZ)
    target_compile_options(relais_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(RELAIS_SANITIZE)
    target_compile_options(relais_flags INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(relais_flags INTERFACE -fsanitize=address,undefined)
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(relais_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    target_link_options(relais_flags INTERFACE -Wl,-z,relro,-z,now)
endif()

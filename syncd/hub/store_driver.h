/* What a backend gives to store.c: how its stores are opened, made and taken away. Everything else goes
 * through StoreVerbs. */
#pragma once

#include "syncd/hub/store.h"

typedef struct StoreDriver {
    Status (*open)(Store **out, const char *spec, Err *err); /* E_NOTFOUND where there is no store */
    Status (*create)(Store **out, const char *spec,
                     Err *err);                    /* empty, without an epoch; E_EXISTS where there is one */
    Status (*discard)(const char *spec, Err *err); /* everything in it is gone; none there: OK */
} StoreDriver;

extern const StoreDriver store_driver_sqlite;
CHECKED Status sqlite_open_copy(Store **out, const char *path, Err *err);
extern const StoreDriver store_driver_postgres; /* only in a build with RELAIS_POSTGRES */

/* What every backend of syncd/hub/store.h must do. A backend says how to get a store that is empty and new:
 *
 *     static const StoreOpener opener = {"SQLite", spec_new, spec_done, .shared = false};
 *     int main(void) { return store_suite_run(&opener); }                                   */
#pragma once

#include "syncd/hub/store.h"

typedef struct StoreOpener {
    const char *name;
    const char *(*spec_new)(void **owner); /* of a store that does not exist yet */
    void (*spec_done)(void *owner);
    bool shared; /* many processes may open one store; else a second is refused */
} StoreOpener;

int store_suite_run(const StoreOpener *opener); /* with the following */
int store_tables_suite_run(const StoreOpener *opener);

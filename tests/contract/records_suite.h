/* What every implementation of Records must do. A backend gives an opener and runs it:
 *
 *     static const RecordsOpener opener = {"memory", open_it, close_it};
 *     int main(void) { return records_suite_run(&opener); }                                   */
#pragma once

#include "common/records/records.h"

typedef struct RecordsOpener {
    const char *name;
    Records *(*open)(void **owner); /* empty, inside a transaction where the backend needs one */
    void (*close)(void *owner);
    bool refuses_facts; /* it shows those that are there, and takes none */
} RecordsOpener;

int records_suite_run(const RecordsOpener *opener);

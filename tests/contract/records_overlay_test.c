/* The kiosk's drafts over its replica are an implementation of Records like the hub's stores. */
#include "common/replica/view_inside.h"
#include "tests/contract/records_suite.h"
#include "tests/harness/check.h"

#include <stdlib.h>

typedef struct Owner {
    TestDir dir;
    HandClock clock;
    View *view;
} Owner;

static Records *open_overlay(void **owner_out) {
    Owner *owner = calloc(1, sizeof(*owner));
    Err err = {0};
    owner->dir = test_dir_new();
    owner->clock = hand_clock(1764064800000);
    check_ok(view_open(&owner->view, owner->dir.path, &owner->clock.base, &err));
    *owner_out = owner;
    return &owner->view->writing.records;
}

static void close_overlay(void *data) {
    Owner *owner = data;
    view_close(owner->view);
    test_dir_remove(&owner->dir);
    free(owner);
}

static const RecordsOpener opener = {"overlay", open_overlay, close_overlay, false};

int main(void) {
    return records_suite_run(&opener);
}

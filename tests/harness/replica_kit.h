/* A replica's folder with a writer, a view and an outbox in it, fed from a hub in memory. */
#pragma once

#include "common/replica/replica.h"
#include "common/replica/view.h"
#include "tests/harness/check.h"
#include "tests/harness/fake_hub.h"

typedef struct Kit {
    TestDir dir;
    HandClock clock;
    Arena *arena;
    FakeHub *hub;
    Replica *replica;
} Kit;

/* A hub in epoch "1-aa" that grants public, org:olivet and device:d1; a paired, empty replica of device d1.
 */
Kit *kit_new(void);
void kit_free(Kit *kit);
void kit_free_auto(Kit **kit);
void kit_reopen(Kit *kit); /* as after a crash: what was not flushed is gone */

/* One page, cut after `lines` lines (header and trailer count; SIZE_MAX = whole). Returns the status of the
 * last step. */
Status kit_take_page(Kit *kit, size_t lines, PageOutcome *outcome, Err *err);
/* Pages until a complete one; fails the test after too many. */
PageOutcome kit_pull(Kit *kit);
void kit_push(Kit *kit); /* everything from what the hub has decided on; the hub must take it */

/* The local records of every granted scope are the hub's, by hash and by number; nothing else is there. */
void kit_check_equal(Kit *kit);
int64_t kit_ask(Kit *kit, const char *sql); /* of replica.db, by a connection of its own */
Str kit_ask_text(Kit *kit, const char *sql);

void kit_damage(Kit *kit, const char *sql); /* behind the writer's back, while it is closed */

/* An op in the outbox, as a kiosk would write it; returns its id. */
Str kit_outbox_add(Kit *kit, const char *op, const char *args);
void kit_outbox_run(Kit *kit, const char *sql);

/* The pictures of the sample content have come down. */
void kit_load_pictures(Kit *kit);

/* A small town in memory, for the tests of rules: two communes (olivet, saran) of the pool agglo, their
 * people, an event and a path. */
#pragma once

#include "common/rules/rules.h"
#include "tests/harness/memory_records.h"

#define TOWN_START ((Millis)1764064800000) /* 2025-11-25 10:00 UTC */
#define TOWN_EVENT STR("0192f0c1-7a00-7000-8000-000000000001")
#define TOWN_EVENT_STARTS (TOWN_START + 7 * DAY_MS)

typedef struct Town {
    MemoryRecords *memory;
    Records *records;
    Arena *arena;
    RuleContext context; /* of a kiosk at Olivet: now = TOWN_START */
    Millis at;           /* when the next op was made; unless set, when it arrives */
    Str auth;            /* of the next op */
    int op;              /* number of the next op, in its id */
} Town;

Town town_open(void);
void town_close(Town *town);

/* The id of an agent of that org, who exists from now on. */
Str town_person(Town *town, const char *org, int number);
Str town_person_with_role(Town *town, const char *org, int number, const char *role);

Event town_event(Town *town); /* as it stands */
void town_put(Town *town, Kind kind, const void *record);
void town_put_doc(Town *town, Kind kind, const char *id, const char *scope, const char *doc);
Str town_doc(Town *town, Kind kind, Str id);    /* absent: there is none */
void town_set_seats(Town *town, int64_t seats); /* of the event */

void town_grant_all(Town *town); /* as if it were a device that sees both communes */

/* One op by somebody, judged; whatever the outcome the store must not fail. */
Verdict town_do(Town *town, const char *op, Str by, const char *args_format, ...) PRINTF(4, 5);
Verdict town_register(Town *town, Str person);
Verdict town_cancel(Town *town, Str person);

const char *town_op_id(Town *town); /* of the op that was judged last */

bool town_registration(Town *town, Str person, Registration *out); /* false: there is none */
Seats town_seats(Town *town);
int64_t town_place(Town *town, Str person); /* in the waiting list */

/* taken ≤ seats, taken = confirmed, waiting = those who wait, by_org adds up, nobody waits while a seat is
 * free, the queue is in the order of ranks and names each waiting registration once. For a view of
 * everything. */
void town_check_invariants(Town *town);

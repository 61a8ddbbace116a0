/* Who stands in front of the kiosk (PRODUCT, Personal data): a badge, or a name with a PIN. Failures are
 * counted per person on disk (outbox.db): 3 → 15 minutes, doubling; a restart does not reset them. No list of
 * names is ever given out. The slow hashes take 20 to 25 ms each: call identify_* off the frame's path (they
 * only need the View's thread to fetch, see below). */
#pragma once

#include "common/replica/view.h"

typedef enum IdentifyResult {
    IDENTIFY_OK,
    IDENTIFY_UNKNOWN,       /* no such badge; or no such name, or the PIN is wrong: not told apart */
    IDENTIFY_WHICH_SERVICE, /* two people of that name: ask for the service, then the PIN */
    IDENTIFY_LOCKED         /* until *locked_until */
} IdentifyResult;

typedef struct Identified {
    IdentifyResult result;
    Person person;       /* IDENTIFY_OK */
    const char *auth;    /* "badge", "badge+pin", "name+pin" */
    Millis locked_until; /* IDENTIFY_LOCKED */
    Str *services;       /* IDENTIFY_WHICH_SERVICE: ids, sorted by name */
    size_t service_count;
} Identified;

CHECKED Status identify_by_badge(View *view, Str badge, Arena *arena, Identified *out, Err *err);

/* service may be absent. */
CHECKED Status identify_by_name(View *view, Str name, Str service, Str pin, Arena *arena, Identified *out,
                                Err *err);

/* Whether a technician's PIN was set by the hub (keyring of this device's org). */
CHECKED Status identify_technician_has_pin(View *view, bool *out, Err *err);
/* Failures count as those of a person do. */
CHECKED Status identify_technician(View *view, Str pin, Identified *out, Err *err);

/* The PIN besides the badge, for « mon espace » and for acting for others. */
CHECKED Status identify_pin(View *view, const Person *person, Str pin, Arena *arena, Identified *out,
                            Err *err);

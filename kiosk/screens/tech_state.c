#include "kiosk/screens/tech_state.h"

enum { REVOKED = 3 /* STANDING_REVOKED of replica.h */, PAIRED = 1 };

static bool asks_for_hub(const ViewAnswer *answer) {
    return str_is(answer->verb, "pair") || str_is(answer->verb, "hub");
}

Millis pairing_left(const ViewHealth *health, Millis now) {
    if (!health->pairing_code[0] || health->pairing_expires == INT_ABSENT) return 0;
    return health->pairing_expires > now ? health->pairing_expires - now : 0;
}

static PairingStep step_of_code(const ViewHealth *health, Millis now) {
    bool ends = health->pairing_expires != INT_ABSENT;
    return ends && !pairing_left(health, now) ? PAIRING_EXPIRED : PAIRING_WAITING;
}

static PairingStep step_without_code(const ViewHealth *health, const ViewAnswer *answer) {
    if (asks_for_hub(answer) && !answer->state.len) return PAIRING_ASKED;
    if (asks_for_hub(answer) && str_is(answer->state, "failed")) return PAIRING_WRONG_HUB;
    if (!health->hubs[0]) return PAIRING_NO_HUB;
    return health->last_error[0] ? PAIRING_NO_ANSWER : PAIRING_ASKING;
}

PairingStep pairing_step(const ViewHealth *health, const ViewAnswer *answer, bool has_device, Millis now) {
    Str state = str_of(health->pairing_state);
    bool fresh_request = asks_for_hub(answer) && !answer->state.len;
    if (health->standing == PAIRED && has_device && !fresh_request) return PAIRING_DONE;
    if (str_is(state, "denied") && !fresh_request) return PAIRING_DENIED;
    if (str_is(state, "waiting") && health->pairing_code[0]) return step_of_code(health, now);
    if (health->standing == REVOKED && !fresh_request) return PAIRING_REVOKED;
    return step_without_code(health, answer);
}

/* ---- the link ---- */

static void mark_away(Millis from, Millis until, Millis now, bool good[LINK_HOURS]) {
    for (int i = 0; i < LINK_HOURS; i++) {
        Millis begin = now - (Millis)(LINK_HOURS - i) * HOUR_MS, end = begin + HOUR_MS;
        if (from < end && until > begin) good[i] = false;
    }
}

void link_hours(const ViewLink *links, size_t count, bool ever, Millis now, bool good[LINK_HOURS]) {
    Millis until = now;
    for (int i = 0; i < LINK_HOURS; i++) good[i] = ever;
    for (size_t i = 0; i < count; i++) {
        if (links[i].text.len) mark_away(links[i].at, until, now, good);
        until = links[i].at;
    }
}

/* What a success or a failure means for the rest: which address, when again, who is told. */
#include "syncd/agent/inside.h"

#include <stdio.h>
#include <string.h>

/* Full jitter: all kiosks of a hub that comes back do not come back at once. */
static Millis back_off(Session *session, int failures) {
    Millis cap = BACK_OFF_FIRST_MS;
    for (int i = 1; i < failures && cap < BACK_OFF_MAX_MS; i++) cap *= 2;
    if (cap > BACK_OFF_MAX_MS) cap = BACK_OFF_MAX_MS;
    return BACK_OFF_LEAST_MS + (Millis)rng_below(&session->rng, (uint64_t)cap);
}

void lane_back_off(Session *session, Lane *lane, bool of_network) {
    Millis wait = back_off(session, ++lane->failures);
    if (lane->retry_after_ms > wait)
        wait = lane->retry_after_ms < RETRY_AFTER_MAX_MS ? lane->retry_after_ms : RETRY_AFTER_MAX_MS;
    lane->not_before = session->now + wait;
    lane->back_off_of_network = of_network && lane->retry_after_ms < 0;
    session->gave_up_once = true;
}

static bool is_all_well(const Session *session) {
    for (int i = 0; i < LANE_COUNT; i++)
        if (session->lanes[i].failures > 0 && i != LANE_BLOB) return false;
    return true;
}

void lane_succeeded(Session *session, Lane *lane) {
    lane->failures = 0;
    session->addresses_failed = 0;
    for (int i = 0; i < LANE_COUNT; i++) {
        Lane *other = &session->lanes[i];
        if (!other->back_off_of_network) continue;
        other->not_before = session->now;
        other->back_off_of_network = false;
        other->failures = 0;
    }
    if (is_all_well(session) && session->standing != STANDING_REVOKED) session_note_error(session, "");
}

/* ---- addresses ---- */
/* Would another server be of more use? Not where our own disk failed. */
static bool is_of_the_server(const Lane *lane, const Err *err) {
    static const char *const codes[] = {"behind", "old_epoch", "not_here"};
    for (size_t i = 0; i < COUNT(codes); i++)
        if (strcmp(err->code, codes[i]) == 0) return true;
    return err->status == E_NETWORK || lane->http_status >= 500;
}

/* True: there is another one that has not failed yet. */
static bool next_address(Session *session, const Lane *lane) {
    size_t count = session->identity.hub_count;
    if (lane->address != session->address) return true; /* it has been left already */
    session->addresses_failed++;
    if (count < 2) return false;
    if (session->address == 0) session->preferred_at = session->now;
    session->address = (session->address + 1) % count;
    session_start_over(session);
    return session->addresses_failed < count;
}

/* ---- tokens ---- */
static void revoked(Session *session) {
    Err err = {0};
    if (replica_revoked(session->replica, &err) != OK) session_say(session, true, "%s", err.text);
    session->standing = STANDING_REVOKED;
    session->pairing_count++; /* a page that is still under way would bring back what was erased */
    session->caught_up = false;
    session_note_error(
        session, "this device was revoked: personal data is erased, operations are kept; pair it again");
}

/* A hub that was restored from before the enrolment: everything is kept, and a new code is asked for
 * (PROTOCOL 6). */
static void token_unknown(Session *session) {
    Err err = {0};
    if (replica_set_standing(session->replica, STANDING_UNKNOWN, &err) != OK)
        session_say(session, true, "%s", err.text);
    session->standing = STANDING_UNKNOWN;
    session_note_error(session, "the hub does not know this device: it asks to be paired again");
}

static bool is_about_token(const Lane *lane, const Err *err) {
    return lane->http_status == 401 && (!strcmp(err->code, "revoked") || !strcmp(err->code, "unknown_token"));
}

/* ---- storage ---- */
/* Another file is put in place of a damaged one, and the session begins again on it. */
static void heal_storage(Session *session, const Err *why) {
    Err err = {0};
    session_say(session, true, "replica.db is set aside: %s", why->text);
    Status status = replica_set_aside(session->replica, why->text, &err);
    if (status == OK && session->identity.token.at)
        status = replica_paired(session->replica, session->identity.device, &err);
    if (status != OK) session_say(session, true, "%s", err.text);
    session->caught_up = false;
    session_start_over(session);
}

static bool is_of_storage(const Err *err) {
    return err->status == E_CORRUPT && err->code[0] == '\0';
}

void storage_failed(Session *session, const Err *err) {
    if (is_of_storage(err)) heal_storage(session, err);
    session_note_error(session, err->text);
}

void lane_failed(Session *session, Lane *lane, const Err *err) {
    if (is_about_token(lane, err)) {
        if (!strcmp(err->code, "revoked"))
            revoked(session);
        else
            token_unknown(session);
        return;
    }
    if (is_of_storage(err)) heal_storage(session, err);
    session_note_error(session, err->text);
    bool of_server = is_of_the_server(lane, err);
    if (of_server && lane->retry_after_ms < 0 && next_address(session, lane)) return;
    session->addresses_failed = 0;
    lane_back_off(session, lane, of_server);
}

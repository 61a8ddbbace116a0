/* What the technician asks of syncd through the kiosk (outbox.request), answered in replica.db. */
#include "syncd/agent/inside.h"

#include <string.h>

/* Somebody stands there and waits: no lane sits out what failed before. */
static void try_at_once(Session *session) {
    for (int i = 0; i < LANE_COUNT; i++) session->lanes[i].not_before = INT64_MIN;
}

static Status set_hubs(Session *session, const Json *args, Err *err) {
    Str list = json_get_text(args, "hub");
    Identity identity = session->identity;
    if (!list.at) return OK;
    identity.insecure_lan = json_get_bool(args, "insecure_lan", identity.insecure_lan);
    TRY(identity_set_hubs(&identity, session->identity_arena, list, err));
    TRY(identity_write(replica_dir(session->replica), &identity, err));
    session->identity = identity;
    session->address = 0;
    session_note_hubs(session);
    session_start_over(session);
    try_at_once(session);
    return OK;
}

static Status ask_pair(Session *session, const Json *args, Err *err) {
    TRY(set_hubs(session, args, err));
    if (session->identity.hub_count == 0) return err_set(err, E_INVALID, "which hub? no address is known");
    return pairing_begin(session, err);
}

static Status ask_hub(Session *session, const Json *args, Err *err) {
    return set_hubs(session, args, err);
}

static Status ask_unpair(Session *session, const Json *args, Err *err) {
    TRY(replica_unpair(session->replica, json_get_bool(args, "force", false), err));
    session->identity.token = session->identity.device = (Str){0};
    session->identity.hub_count = 0;
    session->pairing = (Pairing){0};
    session->pairing_count++;
    session->standing = STANDING_UNPAIRED;
    session->caught_up = false;
    session_note_hubs(session);
    session_note_error(session, "");
    TRY(replica_show_pairing(session->replica, &(PairingShown){.state = ""}, err));
    return identity_write(replica_dir(session->replica), &session->identity, err);
}

static Status ask_sync(Session *session, const Json *args, Err *err) {
    (void)args, (void)err;
    session_start_over(session);
    session->status_wanted = true;
    try_at_once(session);
    return OK;
}

static Status ask_check(Session *session, const Json *args, Err *err) {
    bool damaged = false;
    (void)args;
    TRY(replica_check(session->replica, &damaged, err));
    if (!damaged) return OK;
    session_say(session, true, "replica.db was damaged and is loaded anew: %s",
                replica_mended(session->replica));
    session->caught_up = false;
    session_start_over(session);
    return session->identity.token.at ? replica_paired(session->replica, session->identity.device, err) : OK;
}

static const struct Verb {
    const char *name;
    Status (*run)(Session *session, const Json *args, Err *err);
} verbs[] = {
    {"pair", ask_pair}, {"hub", ask_hub}, {"unpair", ask_unpair}, {"check", ask_check}, {"sync", ask_sync}};

static Status run_verb(Session *session, const ReplicaRequest *request, Err *err) {
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (str_is(request->verb, verbs[i].name)) return verbs[i].run(session, request->args, err);
    return err_set(err, E_INVALID, "\"%.*s\" is nothing that can be asked for", STR_FORMAT(request->verb));
}

void requests_answer(Session *session) {
    for (;;) {
        AUTO(arena_close_auto) Arena *arena = arena_open();
        ReplicaRequest request = {0};
        bool found = false;
        Err err = {0}, told = {0};
        if (session->options.pair_only) return;
        if (replica_next_request(session->replica, arena, &request, &found, &err) != OK || !found) return;
        Status status = run_verb(session, &request, &err);
        if (status != OK) session_say(session, true, "%.*s: %s", STR_FORMAT(request.verb), err.text);
        if (replica_answer(session->replica, request.id, status == OK ? "done" : "failed", err.text, &told) !=
            OK)
            return;
    }
}

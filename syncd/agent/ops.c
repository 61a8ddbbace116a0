/* POST ops: what the hub has not decided goes up, in order, until a receipt says what became of it (PROTOCOL
 * 4). */
#include "syncd/agent/inside.h"

#include <string.h>

Status ops_write(Session *session, Lane *lane, SessionRequest *out, Err *err) {
    PushBody body = {0};
    TRY(replica_push_body(session->replica, str_of(session->epoch), session->push_from, session->push_max,
                          lane->arena, &body, err));
    if (body.count == 0) {
        session->push_from =
            INT64_MAX; /* what is missing in the outbox shows when it is gone through as a whole */
        session->hello_wanted = true;
        return err_set(err, E_INTERNAL, "operation %lld cannot be read from the outbox",
                       (long long)body.first_n);
    }
    out->post = true;
    out->url = session_url(session, lane, "ops");
    out->content_type = "application/x-ndjson";
    out->body = body.text;
    session->pushed_at = session->now;
    return OK;
}

/* `accepted` at the hub, `stored` at a relay: no need to push these again, for now. */
Status ops_done(Session *session, Lane *lane, Err *err) {
    Json *answer = NULL;
    TRY(answer_json(lane, &answer, err));
    int64_t taken = json_get_int(answer, "accepted", json_get_int(answer, "stored", -1));
    if (taken < session->push_from)
        return err_set(err, E_INVALID, "the hub took none of the operations from %lld on",
                       (long long)session->push_from);
    session->push_from = taken + 1;
    session->push_max = PUSH_OPS_MAX;
    if (session->epoch[0] && !str_is(json_get_text(answer, "epoch"), session->epoch))
        session_start_over(session);
    return replica_note_contact(session->replica, INT64_MIN, err);
}

static Status fill_gap(Session *session, Lane *lane, Err *err) {
    Json *problem = NULL;
    OpsPosition position = {0};
    bool rekeyed = false;
    TRY(answer_json(lane, &problem, err));
    position.decided = json_get_int(problem, "expected", 1) - 1;
    TRY(replica_take_position(session->replica, &position, &rekeyed, &session->push_from, err));
    if (rekeyed) session->hello_wanted = true;
    return session_read_counts(session, err);
}

static Status become_another(Session *session, Err *err) {
    session_say(session, true,
                "the hub knows another operation under this number: this disk is a copy, or was copied");
    TRY(replica_rekey(session->replica,
                      "the hub knows other operations under this incarnation: a copied disk", err));
    session_start_over(session);
    return session_read_counts(session, err);
}

/* A gap that does not close is tried with back-off, like any failure. */
Status ops_refused(Session *session, Lane *lane, Err *err) {
    if (lane->http_status == 413 && session->push_max > 1) {
        session->push_max /= 2;
        return OK;
    }
    if (lane->http_status == 409 && strcmp(err->code, "clone") == 0) return become_another(session, err);
    if (lane->http_status == 409 && strcmp(err->code, "gap") == 0) {
        int64_t before = session->push_from;
        TRY(fill_gap(session, lane, err));
        return before == session->push_from ? err_set(err, E_LIMIT, "the hub waits for other operations")
                                            : OK;
    }
    return err->status;
}

/* GET blob: images and files that documents name, resumed where a cut left them, checked before they take
 * their name. */
#include "syncd/agent/inside.h"

#include <string.h>

/* The name waits in lane->arena, at the front of everything the request needs. */
static Str wanted_of(Session *session, Lane *lane) {
    Str wanted = {0};
    Err err = {0};
    return replica_next_blob(session->replica, lane->arena, &wanted, &err) == OK ? wanted : (Str){0};
}

Status blob_write(Session *session, Lane *lane, SessionRequest *out, Err *err) {
    Str wanted = wanted_of(session, lane);
    if (!wanted.at) return err_set(err, E_NOTFOUND, "no blob is wanted");
    session->blob = wanted;
    session->blob_begun = false;
    TRY(replica_blob_size(session->replica, wanted, &session->blob_at, err));
    out->url = session_url(session, lane, "blob/%.*s", STR_FORMAT(wanted));
    out->range_from = session->blob_at;
    return OK;
}

Status blob_part(Session *session, Lane *lane, Str bytes, Err *err) {
    if (lane->http_status != 206 && !session->blob_begun) session->blob_at = 0; /* it sends the whole */
    session->blob_begun = true;
    TRY(replica_blob_append(session->replica, session->blob, session->blob_at, bytes, err));
    session->blob_at += (int64_t)bytes.len;
    return OK;
}

Status blob_done(Session *session, Lane *lane, Err *err) {
    (void)lane;
    return replica_blob_finish(session->replica, session->blob, err);
}

/* 416: the part is as long as the blob, or longer: it is looked at. Not there: others come first. */
Status blob_refused(Session *session, Lane *lane, Err *err) {
    Err local = {0};
    if (lane->http_status == 416) return replica_blob_finish(session->replica, session->blob, err);
    if (replica_blob_state(session->replica, session->blob, false, &local) != OK)
        session_say(session, true, "%s", local.text);
    return err->status;
}

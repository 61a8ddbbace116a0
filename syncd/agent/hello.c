/* GET hello, POST status. */
#include "syncd/agent/inside.h"

#include <stdio.h>
#include <string.h>

Status hello_write(Session *session, Lane *lane, SessionRequest *out, Err *err) {
    ReplicaFacts facts = {0};
    TRY(replica_number_ops(session->replica, err));
    TRY(replica_facts(session->replica, lane->arena, &facts, err));
    out->url = session_url(session, lane, "hello?incarnation=%.*s&last=%lld", STR_FORMAT(facts.incarnation),
                           (long long)facts.last_n);
    return OK;
}

static Status check_protocol(const Json *hello, Err *err) {
    const Json *protocol = json_get(hello, "protocol");
    if (json_get_int(protocol, "min", 1) <= 1 && json_get_int(protocol, "max", 1) >= 1) return OK;
    return err_set_code(err, E_VERSION, "protocol",
                        "the hub no longer speaks version 1 of the protocol: update syncd");
}

static Status check_epoch(Session *session, Lane *lane, Str epoch, Err *err) {
    ReplicaFacts facts = {0};
    TRY(replica_facts(session->replica, lane->arena, &facts, err));
    if (!epoch_is_valid(epoch)) return err_set(err, E_INVALID, "the hub's epoch is no epoch");
    if (facts.fresh || !facts.epoch.at || epoch_generation(epoch) >= epoch_generation(facts.epoch)) return OK;
    return err_set_code(err, E_VERSION, "old_epoch", "the server lives in epoch %.*s, older than %.*s",
                        STR_FORMAT(epoch), STR_FORMAT(facts.epoch));
}

static Status take_position(Session *session, const Json *hello, Err *err) {
    bool rekeyed = false;
    OpsPosition position = {.decided = json_get_int(hello, "decided", 0),
                            .durable = json_get_int(hello, "durable", 0),
                            .last = json_get_text(hello, "last")};
    TRY(replica_take_position(session->replica, &position, &rekeyed, &session->push_from, err));
    if (rekeyed)
        session_say(session, true,
                    "all operations are numbered anew: the hub knows others under this incarnation");
    session->hello_wanted = rekeyed; /* the hub is asked about the new incarnation too */
    return session_read_counts(session, err);
}

Status hello_done(Session *session, Lane *lane, Err *err) {
    Json *hello = NULL;
    TRY(answer_json(lane, &hello, err));
    Str epoch = json_get_text(hello, "epoch");
    TRY(check_protocol(hello, err));
    TRY(check_epoch(session, lane, epoch, err));
    snprintf(session->epoch, sizeof(session->epoch), "%.*s", STR_FORMAT(epoch));
    TRY(replica_note_contact(session->replica, json_get_int(hello, "time", INT64_MIN), err));
    TRY(replica_note_hub_key(session->replica, json_get_text(hello, "hub_key"), err));
    session->pushed_at = session->hello_at = session->now;
    return take_position(session, hello, err);
}

/* ---- status ---- */
static void put_facts(const Session *session, Arena *arena, Json *map, const ReplicaFacts *facts) {
    json_put_text(arena, map, "version", str_of(session->options.version));
    json_put_int(arena, map, "uptime_s", session->local.uptime_ms / SECOND_MS);
    json_put_int(arena, map, "disk_free_bytes", session->local.disk_free_bytes);
    json_put_int(arena, map, "pending", facts->undecided);
    json_put_int(arena, map, "unreadable", facts->unreadable);
    json_put_int(arena, map, "not_durable", facts->last_n - facts->durable);
    json_put_int(arena, map, "clock_offset_ms", facts->clock_offset_ms);
    json_put_bool(arena, map, "caught_up", session->caught_up);
    json_put_text(arena, map, "last_error", str_of(session->last_error));
    if (facts->epoch.at) json_put_text(arena, map, "epoch", facts->epoch);
}

Status status_write(Session *session, Lane *lane, SessionRequest *out, Err *err) {
    AUTO(buf_free) Buf text = buf_new(ANSWER_MAX);
    ReplicaFacts facts = {0};
    TRY(replica_facts(session->replica, lane->arena, &facts, err));
    Json *map = json_new_map(lane->arena);
    put_facts(session, lane->arena, map, &facts);
    if (replica_mended(session->replica))
        json_put_text(lane->arena, map, "set_aside", str_of(replica_mended(session->replica)));
    json_write(&text, map);
    out->post = true;
    out->url = session_url(session, lane, "status");
    out->content_type = "application/json";
    out->body = str_copy(lane->arena, buf_str(&text));
    session->status_wanted = false;
    session->status_at = session->now;
    return OK;
}

Status status_done(Session *session, Lane *lane, Err *err) {
    (void)lane;
    return replica_note_contact(session->replica, INT64_MIN, err);
}

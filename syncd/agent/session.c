#include "syncd/agent/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const Talk talks[TALK_COUNT] = {
    [TALK_HELLO] = {"hello", hello_write, NULL, hello_done, NULL},
    [TALK_OPS] = {"ops", ops_write, NULL, ops_done, ops_refused},
    [TALK_STATUS] = {"status", status_write, NULL, status_done, NULL},
    [TALK_FEED] = {"feed", feed_write, feed_part, feed_done, feed_refused},
    [TALK_BLOB] = {"blob", blob_write, blob_part, blob_done, blob_refused},
    [TALK_CODE] = {"device/code", code_write, NULL, code_done, NULL},
    [TALK_TOKEN] = {"device/token", token_write, NULL, token_done, token_refused},
};

/* ---- telling ---- */
void session_say(Session *session, bool trouble, const char *format, ...) {
    char text[ERR_TEXT_MAX];
    va_list args;
    if (!session->options.tell) return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    session->options.tell(session->options.tell_to, trouble, text);
}

/* Kept in memory whatever the disk says, and shown to the kiosk if it can be written. */
void session_note_error(Session *session, const char *text) {
    Err err = {0};
    if (strcmp(session->last_error, text) != 0) {
        snprintf(session->last_error, sizeof(session->last_error), "%s", text);
        session->status_wanted = true;
        if (text[0]) session_say(session, true, "%s", text);
    }
    if (replica_note_error(session->replica, text, &err) != OK && err.status != E_FULL &&
        err.status != E_READONLY)
        session_say(session, true, "%s", err.text);
}

void session_note_hubs(Session *session) {
    AUTO(buf_free) Buf hubs = buf_new(64 * 1024);
    Err err = {0};
    for (size_t i = 0; i < session->identity.hub_count; i++) {
        if (i) buf_add_cstr(&hubs, ", ");
        buf_add_cstr(&hubs, session->identity.hubs[i]);
    }
    if (replica_note_hubs(session->replica, buf_str(&hubs), &err) != OK)
        session_say(session, true, "%s", err.text);
}

const char *session_url(Session *session, Lane *lane, const char *format, ...) {
    AUTO(buf_free) Buf url = buf_new(2 * 1024 * 1024);
    va_list args;
    buf_add_cstr(&url, session->identity.hubs[lane->address]);
    buf_add_cstr(&url, "/v1/");
    va_start(args, format);
    buf_print_list(&url, format, args);
    va_end(args);
    return str_cstr(lane->arena, buf_str(&url));
}

/* ---- opening ---- */
/* Identity and replica.db are written one after the other: a crash between them, or a replica.db that was set
 * aside, is made good here. */
static Status agree_on_device(Session *session, Arena *arena, Err *err) {
    ReplicaFacts facts = {0};
    TRY(replica_facts(session->replica, arena, &facts, err));
    session->standing = facts.standing;
    const Identity *identity = &session->identity;
    if (!identity->token.at || str_equal(identity->device, facts.device)) return OK;
    TRY(replica_paired(session->replica, identity->device, err));
    session->standing = STANDING_PAIRED;
    return OK;
}

Status session_read_counts(Session *session, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    ReplicaFacts facts = {0};
    TRY(replica_facts(session->replica, arena, &facts, err));
    session->last_n = facts.last_n;
    session->undecided = facts.undecided;
    if (facts.unreadable > session->unreadable)
        session_say(session, true, "%lld operations in the outbox cannot be read and will never be sent",
                    (long long)facts.unreadable);
    session->unreadable = facts.unreadable;
    return OK;
}

static Status load(Session *session, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    arena_reset(session->identity_arena);
    TRY(identity_read(replica_dir(session->replica), session->identity_arena, &session->identity, err));
    session_note_hubs(session);
    TRY(agree_on_device(session, arena, err));
    return session_read_counts(session, err);
}

void session_start_over(Session *session) {
    session->hello_wanted = true;
    session->epoch[0] = session->etag[0] = '\0';
    session->push_from = INT64_MAX; /* until hello tells */
}

static Session *session_new(Replica *replica, const SessionOptions *options) {
    Session *session = calloc(1, sizeof(*session));
    if (!session) abort();
    session->replica = replica;
    session->options = *options;
    session->rng = rng_seeded(options->seed);
    session->identity_arena = arena_open();
    session->push_max = PUSH_OPS_MAX;
    session->status_wanted = true;
    session->looked_at = INT64_MIN;
    session->status_at = session->preferred_at = session->pushed_at = INT64_MIN / 2;
    for (int i = 0; i < LANE_COUNT; i++) {
        session->lanes[i] = (Lane){.which = (SessionLane)i, .arena = arena_open(), .not_before = INT64_MIN};
        session->lanes[i].body = buf_new(i == LANE_FEED ? LINE_MAX_BYTES : ANSWER_MAX);
    }
    session_start_over(session);
    return session;
}

Status session_open(Session **out, Replica *replica, const SessionOptions *options, Err *err) {
    Session *session = session_new(replica, options);
    Status status = load(session, err);
    if (status != OK) {
        session_close(session);
        return status;
    }
    *out = session;
    return OK;
}

void session_close(Session *session) {
    if (!session) return;
    for (int i = 0; i < LANE_COUNT; i++) {
        arena_close(session->lanes[i].arena);
        buf_free(&session->lanes[i].body);
    }
    arena_close(session->identity_arena);
    free(session);
}

void session_close_auto(Session **session) {
    session_close(*session);
}

/* ---- what is next ---- */
static bool push_is_due(const Session *session) {
    return session->push_from <= session->last_n;
}

/* Still undecided after ten minutes of contact: what was said to be stored may be lost. */
static bool push_again_is_due(const Session *session) {
    return session->undecided > 0 && session->pushed_at > INT64_MIN / 2 &&
           session->now - session->pushed_at >= PUSH_AGAIN_MS;
}

static bool hello_is_due(const Session *session) {
    return !session->options.once && session->now - session->hello_at >= HELLO_EVERY_MS;
}

static bool status_is_due(const Session *session) {
    if (session->options.once) return false;
    return session->status_wanted || session->now - session->status_at >= STATUS_EVERY_MS;
}

static TalkKind next_push(Session *session) {
    if (pairing_is_wanted(session)) return pairing_next(session);
    if (session->standing != STANDING_PAIRED || session->options.pair_only) return TALK_NONE;
    if (session->hello_wanted || push_again_is_due(session) || hello_is_due(session)) return TALK_HELLO;
    if (push_is_due(session)) return TALK_OPS;
    return status_is_due(session) ? TALK_STATUS : TALK_NONE;
}

static TalkKind next_blob(Session *session) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str wanted = {0};
    Err err = {0};
    if (!session->caught_up) return TALK_NONE;
    Status status = replica_next_blob(session->replica, arena, &wanted, &err);
    return status == OK && wanted.at ? TALK_BLOB : TALK_NONE;
}

static TalkKind next_talk(Session *session, SessionLane lane) {
    if (session->identity.hub_count == 0) return TALK_NONE;
    if (lane == LANE_PUSH) return next_push(session);
    if (session->standing != STANDING_PAIRED || session->options.pair_only) return TALK_NONE;
    return lane == LANE_FEED ? TALK_FEED : next_blob(session);
}

/* After a while with another address, the first one is tried again. */
static void prefer_first_address(Session *session) {
    if (session->address == 0 || session->now - session->preferred_at < PREFER_AGAIN_MS) return;
    session->address = 0;
    session->preferred_at = session->now;
    session_start_over(session);
}

static bool write_request(Session *session, Lane *lane, SessionRequest *out) {
    Err err = {0};
    arena_reset(lane->arena);
    buf_clear(&lane->body);
    lane->address = session->address;
    lane->pairing = session->pairing_count;
    lane->failed = (Err){0};
    lane->http_status = 0;
    lane->retry_after_ms = -1;
    *out = (SessionRequest){.silence_ms = SILENCE_MS};
    if (session->identity.token.at && session->standing == STANDING_PAIRED)
        out->token = str_cstr(lane->arena, session->identity.token);
    Status status = talks[lane->talk].write(session, lane, out, &err);
    if (status != OK) lane_failed(session, lane, &err);
    return status == OK && out->url;
}

bool session_ask(Session *session, SessionLane which, Millis now, SessionRequest *out) {
    Lane *lane = &session->lanes[which];
    session->now = now;
    if (session->looked_at == INT64_MIN || now - session->looked_at >= LOOK_EVERY_MS) session_look(session);
    if (lane->state != LANE_IDLE || now < lane->not_before) return false;
    prefer_first_address(session);
    lane->talk = next_talk(session, which);
    if (lane->talk == TALK_NONE || !write_request(session, lane, out)) return false;
    lane->state = LANE_SENT;
    return true;
}

/* ---- what came back ---- */
static bool is_good(int http_status) {
    return (http_status >= 200 && http_status < 300) || http_status == 304;
}

bool session_head(Session *session, SessionLane which, Millis now, const SessionHead *head) {
    Lane *lane = &session->lanes[which];
    session->now = now;
    lane->state = LANE_ANSWERED;
    lane->http_status = head->http_status;
    lane->retry_after_ms = head->retry_after_ms;
    if (lane->talk == TALK_FEED && is_good(head->http_status))
        snprintf(session->etag, sizeof(session->etag), "%s", head->etag ? head->etag : "");
    return true;
}

bool session_body(Session *session, SessionLane which, Millis now, Str bytes) {
    Lane *lane = &session->lanes[which];
    session->now = now;
    if (lane->failed.status != OK || lane->pairing != session->pairing_count) return false;
    if (is_good(lane->http_status) && talks[lane->talk].part)
        return talks[lane->talk].part(session, lane, bytes, &lane->failed) == OK;
    buf_add(&lane->body, bytes);
    if (lane->body.over)
        err_set(&lane->failed, E_TOOBIG, "the answer to %s is too long", talks[lane->talk].name);
    return !lane->body.over;
}

Status answer_json(Lane *lane, Json **out, Err *err) {
    Status status = json_parse(lane->arena, lane->body.at ? buf_str(&lane->body) : STR(""), out, err);
    if (status != OK) return err_wrap(err, status, "the answer to %s", talks[lane->talk].name);
    return (*out)->type == JSON_MAP_T
               ? OK
               : err_set(err, E_INVALID, "the answer to %s is no map", talks[lane->talk].name);
}

/* problem+json (RFC 9457): its code decides, its text is told. */
static void read_problem(Lane *lane, Err *out) {
    Json *problem = NULL;
    Str code = {0}, detail = {0};
    if (json_parse(lane->arena, lane->body.at ? buf_str(&lane->body) : STR(""), &problem, NULL) == OK) {
        code = json_get_text(problem, "code");
        detail = json_get_text(problem, "detail");
        if (!code.at) code = json_get_text(problem, "error");
        if (!detail.at) detail = json_get_text(problem, "title");
    }
    Status status = status_from_http(lane->http_status);
    err_set_code(out, status == OK ? E_NETWORK : status,
                 str_cstr(lane->arena, str_first(code, ERR_CODE_MAX - 1)), "the hub answers %d to %s%s%.*s",
                 lane->http_status, talks[lane->talk].name, detail.at ? ": " : "",
                 STR_FORMAT(str_first(detail, 200)));
}

static Status take_answer(Session *session, Lane *lane, Err *err) {
    const Talk *talk = &talks[lane->talk];
    if (lane->failed.status != OK) {
        *err = lane->failed;
        return err->status;
    }
    if (is_good(lane->http_status)) return talk->done(session, lane, err);
    read_problem(lane, err);
    return talk->refused ? talk->refused(session, lane, err) : err->status;
}

/* What was read before a cut is kept, whatever ended it. */
static void end_page(Session *session, Lane *lane) {
    Err err = {0};
    if (lane->which != LANE_FEED) return;
    if (replica_page_flush(session->replica, &err) != OK) session_say(session, true, "%s", err.text);
    replica_page_cut(session->replica);
}

void session_end(Session *session, SessionLane which, Millis now, Status status, const char *text) {
    Lane *lane = &session->lanes[which];
    Err err = {0};
    session->now = now;
    lane->state = LANE_IDLE;
    bool old_token = lane->pairing != session->pairing_count;
    if (old_token)
        status = OK; /* whatever became of it */
    else if (status == OK || lane->failed.status != OK)
        status = take_answer(session, lane, &err);
    else
        err_set(&err, E_NETWORK, "%s: %s", session->identity.hubs[lane->address], text);
    end_page(session, lane);
    if (status != OK)
        lane_failed(session, lane, &err);
    else if (!old_token)
        lane_succeeded(session, lane);
    arena_reset(lane->arena);
    buf_clear(&lane->body);
}

/* ---- what happens here ---- */
void session_look(Session *session) {
    Err err = {0};
    session->looked_at = session->now;
    Status status = replica_number_ops(session->replica, &err);
    if (status == OK) status = session_read_counts(session, &err);
    if (status != OK) storage_failed(session, &err);
    requests_answer(session);
    replica_erased_from_wal(session->replica);
}

void session_poke(Session *session, Millis now) {
    session->now = now;
    session_look(session);
}

void session_tell_local(Session *session, const SessionLocal *local) {
    session->local = *local;
}

static Millis earlier(Millis a, Millis b) {
    return a < b ? a : b;
}

Millis session_next_at(Session *session, Millis now) {
    Millis at = session->looked_at == INT64_MIN ? now : session->looked_at + LOOK_EVERY_MS;
    for (int i = 0; i < LANE_COUNT; i++) {
        const Lane *lane = &session->lanes[i];
        if (lane->state == LANE_IDLE && lane->not_before > now) at = earlier(at, lane->not_before);
    }
    if (session->pairing.active) at = earlier(at, session->pairing.next_at);
    if (!replica_erased_from_wal(session->replica)) at = earlier(at, now + SECOND_MS);
    return at;
}

void session_state(Session *session, SessionState *out) {
    bool decided = session->undecided == 0 && !session->hello_wanted && session->push_from > session->last_n;
    *out = (SessionState){.standing = session->standing,
                          .settled = session->standing == STANDING_PAIRED && session->caught_up && decided,
                          .gave_up_once = session->gave_up_once,
                          .pairing_over = session->pairing_over,
                          .undecided = session->undecided,
                          .unreadable = session->unreadable,
                          .code = session->pairing.active ? session->pairing.code : "",
                          .uri = session->pairing.active ? session->pairing.uri : "",
                          .last_error = session->last_error};
}
